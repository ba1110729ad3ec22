import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { cyclonedxDocument } from "../../src/format/cyclonedx.ts";
import { parseCycloneDx } from "../../src/format/cyclonedx-read.ts";
import type { DocumentMeta } from "../../src/format/document.ts";
import { prettyJson } from "../../src/format/json.ts";
import { parseSbomDocument } from "../../src/format/sbom-document.ts";
import { printSbom, SBOM_FORMS } from "../../src/format/sbom-forms.ts";
import { readStated } from "../../src/format/score/read.ts";
import { scoreBy } from "../../src/format/score/score.ts";
import { spdxDocument } from "../../src/format/spdx.ts";
import { collect } from "../../src/inventory/collect.ts";
import { diffSboms } from "../../src/inventory/documents/diff.ts";
import { mergeSboms, subtractSbom } from "../../src/inventory/documents/merge.ts";
import type { Sbom } from "../../src/model/sbom.ts";
import { collectFrom } from "../../src/station/collect-from.ts";
import { memorySource } from "../support/memory-source.ts";
import { shared } from "../support/shared.ts";
import { waybill } from "../support/command.ts";

// What users of other tools asked for, each as one behaviour; the names say where.

const META: DocumentMeta = { timestamp: "2026-01-02T03:04:05Z", tool: { name: "waybill", version: "1" } };

type Entries = Readonly<Record<string, object>>;

/** An npm lockfile: what the root needs, and packages by install position. */
function lockOf(name: string, needed: readonly string[], packages: Entries): string {
  const root = { name, version: "1.0.0", dependencies: Object.fromEntries(needed.map((need) => [need, "*"])) };
  const positions = Object.entries(packages).map(([at, entry]) => [`node_modules/${at}`, entry]);
  return JSON.stringify({ name, lockfileVersion: 3, packages: { "": root, ...Object.fromEntries(positions) } });
}

const project = (name: string, needed: readonly string[], packages: Entries): Promise<Sbom> =>
  collect(memorySource({ "package-lock.json": lockOf(name, needed, packages) }));

const needs = (version: string, ...names: readonly string[]): object => ({
  version,
  dependencies: Object.fromEntries(names.map((name) => [name, "*"])),
});

const short = (text: string): string => text.replaceAll("pkg:npm/", "");
const edgesOf = ({ dependencies }: Sbom): readonly string[] =>
  dependencies.map(({ from, to }) => short(`${from} ${to}`));

/** Everything that the root leads to, itself included. */
function reached({ root, dependencies }: Sbom): ReadonlySet<string> {
  const from = Map.groupBy(dependencies, (edge) => edge.from);
  const found = new Set([root]);
  for (const ref of found) for (const { to } of from.get(ref) ?? []) found.add(to);
  return found;
}

/** The SBOM in every form that is written: its name and content. */
async function inAllForms(sbom: Sbom, meta = META): Promise<readonly (readonly [string, Uint8Array])[]> {
  const all: [string, Uint8Array][] = [
    ["cyclonedx-json", Buffer.from(prettyJson(cyclonedxDocument(sbom, meta)))],
    ["spdx-json", Buffer.from(prettyJson(spdxDocument(sbom, meta)))],
  ];
  for (const form of SBOM_FORMS) {
    const { content } = await printSbom(form, sbom, meta);
    all.push([form, typeof content === "string" ? Buffer.from(content) : content]);
  }
  return all;
}

/** A small graph with everything that is easily lost: a shared need, a cycle, two versions of one name. */
const SMALL: Entries = {
  web: needs("1.0.0", "debug", "shared"),
  shared: needs("1.0.0", "web"),
  debug: needs("2.6.9", "ms"),
  "debug/node_modules/ms": needs("2.0.0"),
  ms: needs("1.0.0"),
};
const SMALL_EDGES = [
  "debug@2.6.9 ms@2.0.0",
  "shared@1.0.0 web@1.0.0",
  "web@1.0.0 debug@2.6.9",
  "web@1.0.0 shared@1.0.0",
  "app@1.0.0 ms@1.0.0",
  "app@1.0.0 web@1.0.0",
].sort();

describe("no graph", () => {
  test("anchore/syft#572: an SBOM says which package needs which", async (t) => {
    const bench = shared(t, "bench");
    if (bench === undefined) return;
    for (const name of ["npm-lock", "cargo", "lib"]) {
      const sbom = await collectFrom(join(bench, name));
      const inner = sbom.dependencies.filter(({ from }) => from !== sbom.root);
      assert.ok(inner.length > sbom.components.length / 2, `${name}: ${inner.length} edges between packages`);
    }
  });

  test("anchore/syft#3109: with several versions of a name, each edge goes to the copy at its install position", async () => {
    const sbom = await project("app", ["web", "ms"], SMALL);
    assert.deepEqual(edgesOf(sbom).toSorted(), SMALL_EDGES);
  });

  test("microsoft/sbom-tool#585: the graph is no flat list under the root; what only others need is not the root's", async () => {
    const sbom = await project("app", ["web", "ms"], SMALL);
    const ofRoot = sbom.dependencies.filter(({ from }) => from === sbom.root).map(({ to }) => short(to));
    assert.deepEqual(ofRoot, ["ms@1.0.0", "web@1.0.0"]);
    assert.deepEqual(
      sbom.components.filter(({ direct }) => direct).map(({ ref }) => short(ref)),
      ofRoot,
    );
  });

  test("anchore/syft#3071: the document has a root, and the root has an entry in the graph from which all is reached", async () => {
    const sbom = await project("app", ["web", "ms"], SMALL);
    const { metadata, dependencies } = cyclonedxDocument(sbom, META) as unknown as {
      metadata: { component: { "bom-ref": string } };
      dependencies: readonly { ref: string; dependsOn: readonly string[] }[];
    };
    const root = metadata.component["bom-ref"];
    assert.deepEqual(dependencies.find(({ ref }) => ref === root)?.dependsOn, [
      "pkg:npm/ms@1.0.0",
      "pkg:npm/web@1.0.0",
    ]);
    assert.equal(reached(sbom).size, sbom.components.length + 1);
  });

  test("DependencyTrack/dependency-track#2464 docker/scout-cli#172 temporalio/deputy#342: the graph is in every form, and comes back", async () => {
    const sbom = await project("app", ["web", "ms"], SMALL);
    for (const [form, content] of await inAllForms(sbom)) {
      const read = await parseSbomDocument(content, form);
      assert.deepEqual(edgesOf(read?.sbom as Sbom).toSorted(), SMALL_EDGES, form);
      assert.equal(reached(read?.sbom as Sbom).size, sbom.components.length + 1, form);
    }
  });

  test("OWASP/cve-lite-cli#1132: every package of a yarn.lock has a parent, whatever it is asked for by", async () => {
    const count = 400;
    // Ranges, a scope, aliases and several descriptors of one entry: where a name alone finds nothing.
    const entry = (at: number): string => {
      const next =
        at + 1 < count
          ? `  dependencies:\n    "@s/p${at + 1}" "^1.${at % 3}.0"\n    alias${at} "npm:@s/p${at + 1}@^1.0.0"\n`
          : "";
      const asked = `"@s/p${at}@^1.0.0", "@s/p${at}@^1.1.0", "@s/p${at}@^1.2.0"`;
      const aliased =
        at === 0
          ? ""
          : `"alias${at - 1}@npm:@s/p${at}@^1.0.0":\n  version "1.2.${at}"\n  resolved "https://r.example/p${at}.tgz#${"a1".repeat(20)}"\n${next}\n`;
      return `${asked}:\n  version "1.2.${at}"\n  resolved "https://r.example/p${at}.tgz#${"a1".repeat(20)}"\n${next}\n${aliased}`;
    };
    const lock = `# yarn lockfile v1\n\n${Array.from({ length: count }, (_, at) => entry(at)).join("\n")}`;
    const manifest = JSON.stringify({ name: "app", version: "1.0.0", dependencies: { "@s/p0": "^1.0.0" } });
    const sbom = await collect(memorySource({ "yarn.lock": lock, "package.json": manifest }));
    const needed = new Set(sbom.dependencies.map(({ to }) => to));
    assert.ok(sbom.components.length >= count);
    assert.deepEqual(
      sbom.components.filter(({ ref }) => !needed.has(ref)).map(({ ref }) => ref),
      [],
    );
  });
});

describe("not reproducible", () => {
  const folders = (t: TestContext): readonly [string, string] => {
    const folder = mkdtempSync(join(tmpdir(), "waybill-complaints-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const both = [join(folder, "a"), join(folder, "somewhere/else/a")] as const;
    for (const each of both) {
      mkdirSync(each, { recursive: true });
      writeFileSync(join(each, "package-lock.json"), lockOf("app", ["web", "ms"], SMALL));
    }
    return both;
  };

  test("anchore/syft#3931: the same project gives the same bytes in every form, at any path; the time is SOURCE_DATE_EPOCH", async (t) => {
    const [here, there] = folders(t);
    const [first, second] = [await collectFrom(here), await collectFrom(there)];
    assert.deepEqual(await inAllForms(first), await inAllForms(second));
    const before = process.env["SOURCE_DATE_EPOCH"];
    process.env["SOURCE_DATE_EPOCH"] = "1700000000";
    try {
      const [one, two] = [here, there].map((folder) => waybill(["sbom", "."], folder, folder).stdout);
      assert.equal(one, two);
      const { serialNumber, metadata } = JSON.parse(one as string) as {
        serialNumber: string;
        metadata: { timestamp: string };
      };
      assert.equal(metadata.timestamp, "2023-11-14T22:13:20Z");
      assert.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/u);
    } finally {
      if (before === undefined) delete process.env["SOURCE_DATE_EPOCH"];
      else process.env["SOURCE_DATE_EPOCH"] = before;
    }
  });

  test("CycloneDX/cyclonedx-maven-plugin#84 #603 cyclonedx-gradle-plugin#292: the serial number is one of the content", async () => {
    const serial = (sbom: Sbom): unknown => cyclonedxDocument(sbom, META)["serialNumber"];
    const sbom = await project("app", ["web", "ms"], SMALL);
    assert.equal(serial(sbom), serial(await project("app", ["web", "ms"], SMALL)));
    assert.notEqual(serial(sbom), serial(await project("app", ["web"], SMALL)));
  });

  test("CycloneDX/cyclonedx-gomod#648 quarkusio/quarkus#56044: the order in which files list things changes nothing", async () => {
    const reversed = Object.fromEntries(Object.entries(SMALL).toReversed());
    const [first, second] = [await project("app", ["web", "ms"], SMALL), await project("app", ["ms", "web"], reversed)];
    // The line of an entry is a fact of the file, and differs.
    const bare = (sbom: Sbom): Sbom => ({
      ...sbom,
      components: sbom.components.map((one) => ({
        ...one,
        occurrences: one.occurrences.map(({ line: _line, ...rest }) => rest),
      })),
    });
    assert.deepEqual(await inAllForms(bare(first)), await inAllForms(bare(second)));
  });

  test("OWASP SCVS#31: anybody can make the document again from the sources and compare", (t) => {
    const [here] = folders(t);
    assert.equal(waybill(["sbom", ".", "--output", "app.cdx.json"], here, here).status, 0);
    assert.equal(waybill(["sbom", "validate", "app.cdx.json", "--regenerate", "."], here, here).status, 0);
    writeFileSync(join(here, "package-lock.json"), lockOf("app", ["web"], SMALL));
    assert.equal(waybill(["sbom", "validate", "app.cdx.json", "--regenerate", "."], here, here).status, 1);
  });
});

/** A CycloneDX document of a tool that numbers its components: `1` is the first in each document. */
function numbered(name: string, packages: readonly string[]): Sbom {
  const components = packages.map((one, at) => {
    const [called, version] = one.split("@");
    return { type: "library", "bom-ref": String(at + 1), name: called, version, purl: `pkg:npm/${one}` };
  });
  const chain = packages.map((_, at) => ({
    ref: String(at),
    dependsOn: [String(at + 1)],
  }));
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { type: "application", "bom-ref": "0", name, version: "1.0.0" } },
    components,
    dependencies: chain,
  };
  return parseCycloneDx(Buffer.from(JSON.stringify(document)), `${name}.json`);
}

describe("merge, subtract, diff", () => {
  test("CycloneDX/cyclonedx-cli#179 #356 #480: a merge keeps roots and edges, and has nothing twice", async () => {
    const web = await project("web", ["a"], { a: needs("1.0.0", "c"), c: needs("1.0.0") });
    const api = await project("api", ["a"], { a: needs("1.0.0", "c"), c: needs("1.0.0") });
    const whole = mergeSboms({ name: "product", digests: {} }, [web, api]);
    assert.deepEqual(
      whole.components.map(({ ref, own, occurrences }) => [short(ref), own, occurrences.length]),
      [
        ["a@1.0.0", false, 1],
        ["api@1.0.0", true, 0],
        ["c@1.0.0", false, 1],
        ["web@1.0.0", true, 0],
      ],
    );
    assert.deepEqual(edgesOf(whole), [
      "a@1.0.0 c@1.0.0",
      "api@1.0.0 a@1.0.0",
      "web@1.0.0 a@1.0.0",
      "product api@1.0.0",
      "product web@1.0.0",
    ]);
    // The merged document is one that others can rely on: read again it is the same graph, all of it reached.
    for (const [form, content] of await inAllForms(whole)) {
      const read = (await parseSbomDocument(content, form))?.sbom as Sbom;
      assert.deepEqual([read.components.length, reached(read).size], [4, 5], form);
    }
  });

  test("CycloneDX/cyclonedx-cli#179 #356 #480: documents that use one reference for two packages keep both, with their own edges", () => {
    const whole = mergeSboms({ name: "product", digests: {} }, [
      numbered("web", ["a@1.0.0", "b@1.0.0"]),
      numbered("api", ["b@1.0.0", "c@1.0.0"]),
    ]);
    assert.deepEqual(
      whole.components.map(({ name }) => name),
      ["api", "a", "b", "c", "web"],
    );
    assert.deepEqual(edgesOf(whole).toSorted(), [
      "a@1.0.0 b@1.0.0",
      "api@1.0.0 b@1.0.0",
      "b@1.0.0 c@1.0.0",
      "product api@1.0.0",
      "product web@1.0.0",
      "web@1.0.0 a@1.0.0",
    ]);
  });

  test("CycloneDX/cyclonedx-cli#217: an SBOM without what another has; what only a removed component needed keeps a way to the root", async () => {
    const whole = await project("app", ["base"], {
      base: needs("1.0.0", "mine", "theirs"),
      theirs: needs("1.0.0", "deep"),
      deep: needs("1.0.0"),
      mine: needs("1.0.0"),
    });
    const base = await project("base-image", ["base", "theirs"], { base: needs("1.0.0"), theirs: needs("1.0.0") });
    const wanted = ["app@1.0.0 deep@1.0.0", "app@1.0.0 mine@1.0.0"];
    assert.deepEqual(edgesOf(subtractSbom(whole, base)), wanted);
    // Another tool's document of the same base has other references, and one of ours for another package.
    assert.deepEqual(edgesOf(subtractSbom(whole, numbered("base-image", ["base@1.0.0", "theirs@1.0.0"]))), wanted);
    const left = subtractSbom(numbered("app", ["a@1.0.0", "b@1.0.0"]), numbered("base", ["b@1.0.0"]));
    assert.deepEqual(
      left.components.map(({ name }) => name),
      ["a"],
    );
  });

  test("documents of two tools about one thing do not differ by what the tools call the packages", async () => {
    const ours = await project("app", ["a"], { a: needs("1.0.0", "b"), b: needs("1.0.0") });
    const { added, removed, changed, edgesAdded, edgesRemoved } = diffSboms(
      ours,
      numbered("app", ["a@1.0.0", "b@1.0.0"]),
    );
    assert.deepEqual([added, removed, changed, edgesAdded, edgesRemoved], [[], [], [], [], []]);
    const other = diffSboms(numbered("app", ["a@1.0.0", "b@1.0.0"]), numbered("app", ["a@1.0.0", "b@2.0.0"]));
    assert.deepEqual(other.changed, [{ name: "pkg:npm/b", before: ["1.0.0"], after: ["2.0.0"] }]);
  });
});

test("CycloneDX/cdxgen#3811 cyclonedx-node-npm#196: without a lockfile it is said, no version is guessed, and nothing is called complete", async () => {
  const manifest = JSON.stringify({ name: "app", version: "1.0.0", dependencies: { left: "^1.2.0" } });
  const sbom = await collect(memorySource({ "package.json": manifest }));
  assert.deepEqual(sbom.completeness, { components: "incomplete", dependencies: "incomplete", method: "missing" });
  assert.ok(sbom.unknowns.some(({ what }) => /lockfile/u.test(what)));
  assert.deepEqual(
    sbom.components.map(({ name, version }) => [name, version]),
    [["left", undefined]],
  );
  const { compositions, metadata } = cyclonedxDocument(sbom, META) as unknown as {
    compositions: readonly { aggregate: string }[];
    metadata: { properties: readonly { name: string; value: string }[] };
  };
  assert.deepEqual(
    compositions.map(({ aggregate }) => aggregate),
    ["incomplete"],
  );
  assert.equal(metadata.properties.find(({ name }) => name === "waybill:method")?.value, "missing");
});

test("anchore/syft#4250: the formats that the BSI demands are written, and their version is told", async () => {
  const sbom = await project("app", ["web", "ms"], SMALL);
  const formats: Record<string, boolean> = {};
  for (const [form, content] of await inAllForms(sbom)) {
    const { elements } = scoreBy("bsi", await readStated(content, form));
    formats[form] = elements.some(({ element, have }) => element.fact === "format" && have === 1);
  }
  assert.deepEqual(formats, {
    "cyclonedx-json": true,
    "spdx-json": false,
    "spdx-tv": false,
    "spdx3-json": true,
    swid: false,
    coswid: false,
  });
});

test("anchore/grype#2752: an SPDX 3 document is read like any other: the same packages, versions and edges", async () => {
  const sbom = await project("app", ["web", "ms"], SMALL);
  const { content } = await printSbom("spdx3-json", sbom, META);
  const read = await collect(memorySource({ "app.json": content as string }, "file"));
  assert.deepEqual(edgesOf(read).toSorted(), SMALL_EDGES);
  assert.deepEqual(
    read.components.map(({ purl }) => purl),
    sbom.components.map(({ purl }) => purl),
  );
});
