import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type Ran, waybill } from "../support/command.ts";
import { makeTar } from "../unit/artifact/make-archive.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/advisories.md"), "utf8");
const SECTION = /^## Matching\n([\s\S]*?)(?=^## |(?![\s\S]))/mu.exec(PAGE)?.[1] ?? "";
const blocks = (language: string): readonly string[] =>
  Array.from(SECTION.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "gu")), ([, block = ""]) => block);
const COMMANDS = blocks("sh")
  .flatMap((block) => block.split("\n"))
  .filter((line) => line.startsWith("waybill "));

const MANIFEST = { name: "app", version: "1.0.0", dependencies: { "never-used": "1.0.0" } };
const LOCK = {
  ...MANIFEST,
  lockfileVersion: 3,
  packages: { "": MANIFEST, "node_modules/never-used": { version: "1.0.0", deprecated: "use something else" } },
};
const RECORD = {
  id: "GHSA-fake-fake-fake",
  modified: "2026-11-20T00:00:00Z",
  summary: "it is never used",
  affected: [
    { package: { ecosystem: "npm", name: "never-used" }, ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }] },
  ],
};

interface Scan {
  readonly findings: readonly {
    readonly advisory: { readonly id: string };
    readonly reachability?: { readonly found: string };
  }[];
  readonly overruled?: readonly { readonly id: string; readonly component?: string; readonly expired: boolean }[];
}

let folder: string;
const run = (line: string): Ran => waybill(line.split(/\s+/u).slice(1), folder, join(folder, "home"));
const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
const scan = (more = ""): Scan => {
  const ran = run(`waybill scan package-lock.json --db advisories.db --format json --at 2026-11-24${more}`);
  assert.equal(ran.status, 0, ran.stderr);
  return JSON.parse(ran.stdout) as Scan;
};
const ids = ({ findings }: Scan): readonly string[] => findings.map(({ advisory }) => advisory.id);

describe("matching", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-matching-"));
    for (const path of ["home", "osv/npm"]) mkdirSync(join(folder, path), { recursive: true });
    write("osv/npm/1.json", JSON.stringify(RECORD));
    write("package.json", JSON.stringify(MANIFEST));
    write("package-lock.json", JSON.stringify(LOCK));
    write("overrules.yaml", blocks("yaml")[0] ?? "");
    const members = [
      { path: "package/package.json", content: JSON.stringify({ name: "app", version: "1.0.0" }) },
      { path: "package/index.js", content: "module.exports = 42;\n" },
    ];
    write("dist.tgz", gzipSync(makeTar(members)));
    const built = run("waybill db build --from osv --output advisories.db");
    assert.equal(built.status, 0, built.stderr);
    const sbom = run("waybill sbom . --output sbom.cdx.json");
    assert.equal(sbom.status, 0, sbom.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("every command of the page runs", () => {
    assert.ok(COMMANDS.length >= 7, `${COMMANDS.length} commands`);
    for (const command of COMMANDS) {
      const { status, stderr } = run(command);
      assert.equal(status, 0, `${command}: ${stderr}`);
    }
  });

  test("a finding is explained in words and as JSON of its schema", () => {
    const text = run("waybill scan explain GHSA-fake-fake-fake . --db advisories.db").stdout;
    assert.match(text, /^never-used 1\.0\.0 \(npm\): finding$/mu);
    assert.match(text, /affected: the first version <= 1\.0\.0, by npm's order/u);
    assert.match(text, /in package-lock\.json:1/u);
    const json = run("waybill scan explain pkg:npm/never-used . --db advisories.db --format json");
    const { schema, explanations } = JSON.parse(json.stdout) as { schema: string; explanations: { outcome: string }[] };
    assert.deepEqual([schema, explanations[0]?.outcome], ["waybill.explain/1", "finding"]);
    const nothing = run("waybill scan explain CVE-1999-0001 . --db advisories.db");
    assert.equal(nothing.status, 0);
    assert.match(nothing.stdout, /nothing in \. is about it/u);
    const bare = run("waybill scan explain --db advisories.db");
    assert.deepEqual([bare.status, bare.stderr.includes("WB-USAGE-WORD")], [2, true]);
  });

  test("what registries say is a finding beside those of records", () => {
    assert.deepEqual(ids(scan()), ["GHSA-fake-fake-fake", "deprecated"]);
  });

  test("an overrule by flag or home folder drops a record until it expires; one in the project has no say", () => {
    assert.deepEqual(ids(scan()), ["GHSA-fake-fake-fake", "deprecated"], "overrules.yaml of the project is not read");
    const by = scan(" --overrules overrules.yaml");
    assert.deepEqual(ids(by), ["deprecated"]);
    assert.deepEqual(
      by.overruled?.map(({ id, component, expired }) => [id, component, expired]),
      [["GHSA-fake-fake-fake", "pkg:npm/never-used@1.0.0", false]],
    );
    const late = run(
      "waybill scan package-lock.json --db advisories.db --format json --at 2027-02-01 --overrules overrules.yaml",
    );
    const after = JSON.parse(late.stdout) as Scan;
    assert.deepEqual(ids(after), ["GHSA-fake-fake-fake", "deprecated"]);
    assert.equal(after.overruled?.filter(({ expired }) => expired).length, 3);
    write("home/overrules.yaml", readFileSync(join(folder, "overrules.yaml")));
    try {
      assert.deepEqual(ids(scan()), ["deprecated"]);
      const verdict = run("waybill check . --db advisories.db --format json --at 2026-11-24");
      const { inputs } = JSON.parse(verdict.stdout) as { inputs: { overrules?: { digest: string } } };
      assert.match(inputs.overrules?.digest ?? "", /^[0-9a-f]{64}$/u);
    } finally {
      rmSync(join(folder, "home/overrules.yaml"));
    }
  });

  test("whether the package's bytes are in the artifact is told, and leaves nothing out", () => {
    const told = scan(" --artifact dist.tgz");
    assert.deepEqual(ids(told), ids(scan()));
    assert.ok(told.findings.every(({ reachability }) => reachability !== undefined));
  });
});
