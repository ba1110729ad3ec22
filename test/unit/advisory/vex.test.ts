import assert from "node:assert/strict";
import { test } from "node:test";
import { VexStatements } from "../../../src/advisory/vex.ts";
import { vexComponent } from "../../../src/format/vex/component.ts";
import type { Component, Dependency, Sbom } from "../../../src/model/sbom.ts";
import type { VexComponent, VexDocument, VexProduct, VexStatement } from "../../../src/model/vex.ts";

const AT = "2026-06-01T00:00:00Z";

function component(purl: string, more: Partial<Component> = {}): Component {
  const [, name = "", version = ""] = /([^/@]+)@(.+)$/u.exec(purl) ?? [];
  return {
    ref: purl,
    name,
    version,
    purl,
    ecosystem: "npm",
    scope: "runtime",
    direct: false,
    digests: {},
    licences: [],
    occurrences: [{ path: "package-lock.json", technique: "lockfile" }],
    own: false,
    ...more,
  };
}

const LEFT = component("pkg:npm/left@1.2.3");
const APP = "pkg:npm/app@1.0.0";

/** app → web → left, and more edges. */
function sbom(extra: readonly (readonly [string, string])[] = [], digests: Sbom["subject"]["digests"] = {}): Sbom {
  const edges: (readonly [string, string])[] = [[APP, "pkg:npm/web@2.0.0"], ["pkg:npm/web@2.0.0", LEFT.ref], ...extra];
  const refs = [...new Set(edges.flat())].filter((ref) => ref !== APP);
  return {
    lifecycle: "source",
    subject: { name: "app", version: "1.0.0", purl: APP, digests },
    root: APP,
    components: refs.map((ref) => component(ref)),
    dependencies: edges.map(([from, to]): Dependency => ({ from, to, scope: "runtime" })),
    completeness: { components: "complete", dependencies: "complete", method: "locked" },
    unknowns: [],
    licences: [],
  };
}

const product = (
  names: readonly string[],
  parts: readonly string[] = [],
  more: Partial<VexComponent> = {},
): VexProduct => ({
  ...vexComponent({ names }),
  ...more,
  subcomponents: parts.map((part) => vexComponent({ names: [part] })),
});

function statement(products: readonly VexProduct[], more: Partial<VexStatement> = {}): VexStatement {
  return {
    vulnerability: { name: "CVE-2026-1", aliases: [] },
    products,
    status: "not_affected",
    justification: "vulnerable_code_not_in_execute_path",
    actions: [],
    timestamp: "2026-01-01T00:00:00Z",
    evidence: [],
    ...more,
  };
}

function document(statements: readonly VexStatement[], more: Partial<VexDocument> = {}): VexDocument {
  return { form: "openvex", author: "us", digest: "d".repeat(64), statements, unheeded: [], ...more };
}

function about(statements: readonly VexStatement[], of: Sbom = sbom(), at = AT, asked: Component = LEFT) {
  return new VexStatements([document(statements)], of, at).about(["GHSA-1", "CVE-2026-1"], asked);
}

const status = (statements: readonly VexStatement[], of?: Sbom): string => about(statements, of).vex?.status ?? "none";

const WHOLE: readonly (readonly [string, readonly VexProduct[], string])[] = [
  ["the component itself", [product(["pkg:npm/left@1.2.3"])], "not_affected"],
  ["the component in any version", [product(["pkg:npm/left"])], "not_affected"],
  ["another version", [product(["pkg:npm/left@1.2.4"])], "none"],
  ["a qualifier that the component has not", [product(["pkg:npm/left@1.2.3?arch=x"])], "none"],
  ["a pattern, which OpenVEX does not know", [product(["pkg:npm/*"])], "none"],
  ["the subject as a whole", [product([APP])], "not_affected"],
  ["the subject with the component in it", [product([APP], ["pkg:npm/left@1.2.3"])], "not_affected"],
  ["the subject with another component in it", [product([APP], ["pkg:npm/right"])], "none"],
  ["another product with the component in it", [product(["pkg:npm/other"], ["pkg:npm/left"])], "none"],
  ["one of several products", [product(["pkg:npm/other"]), product([APP])], "not_affected"],
  ["no product", [], "none"],
  ["the reference of the component", [product(["pkg:npm/left@1.2.3"])], "not_affected"],
  [
    "a range that holds the version",
    [product(["pkg:npm/left?vers=vers:npm%2F%3E%3D1.0.0%7C%3C1.3.0"])],
    "not_affected",
  ],
  ["a range that does not hold it", [product(["pkg:npm/left"], [], { versions: "vers:npm/>=1.3.0" })], "none"],
  [
    "a range of an order that is not known",
    [product(["pkg:npm/left"], [], { versions: "vers:generic/>=1.0.0" })],
    "none",
  ],
  ["a range that nobody can judge", [product(["pkg:npm/left"], [], { versions: ">= 1, < 2" })], "none"],
];
for (const [name, products, expected] of WHOLE) {
  test(`a statement about ${name}: ${expected}`, () => {
    assert.equal(status([statement(products)]), expected);
  });
}

test("a statement of a library about its own dependency counts where every path leads through it", () => {
  const claim = [statement([product(["pkg:npm/web"], ["pkg:npm/left"])])];
  assert.equal(status(claim), "not_affected");
  const other = sbom([
    [APP, "pkg:npm/cli@1.0.0"],
    ["pkg:npm/cli@1.0.0", LEFT.ref],
  ]);
  const partly = about(claim, other);
  assert.equal(partly.vex, undefined);
  assert.match(partly.passedOver?.[0]?.why ?? "", /about pkg:npm\/web@2\.0\.0, and other paths lead here, too/u);
  // Below it on every way, if not right below it.
  const deep = sbom([[LEFT.ref, "pkg:npm/deep@1.0.0"]]);
  const below = [statement([product(["pkg:npm/web"], ["pkg:npm/deep"])])];
  assert.equal(about(below, deep, AT, component("pkg:npm/deep@1.0.0")).vex?.status, "not_affected");
  const flat: Sbom = { ...sbom(), dependencies: [] };
  assert.match(about(claim, flat).passedOver?.[0]?.why ?? "", /no path is known/u);
});

test("any id of the group of aliases names the weakness, an IRI by its last part", () => {
  const by = (vulnerability: VexStatement["vulnerability"]): string =>
    status([statement([product([APP])], { vulnerability })]);
  assert.equal(by({ name: "GHSA-1", aliases: [] }), "not_affected");
  assert.equal(by({ name: "SNYK-1", aliases: ["CVE-2026-1"] }), "not_affected");
  assert.equal(by({ name: "x", id: "https://nvd.example/vuln/detail/CVE-2026-1", aliases: [] }), "not_affected");
  assert.equal(by({ name: "CVE-2026-11", aliases: [] }), "none");
});

test("an image by the digest in its package URL or reference; a strong hash decides either way", () => {
  const digest = "a".repeat(64);
  const image = sbom([], { sha256: digest });
  assert.equal(
    status([statement([product([`pkg:oci/app@sha256%3A${digest}?repository_url=r.example`])])], image),
    "not_affected",
  );
  assert.equal(status([statement([product([`r.example/app@sha256:${digest}`])])], image), "not_affected");
  assert.equal(status([statement([product([`pkg:oci/app@sha256%3A${"b".repeat(64)}`])])], image), "none");
  const hashed = (value: string) => [statement([product([APP], [], { hashes: [{ algorithm: "sha-256", value }] })])];
  assert.equal(status(hashed(digest), image), "not_affected");
  assert.equal(status(hashed("b".repeat(64)), image), "none", "the same name, other bytes");
});

test("one author's newest counts over his older ones, also when it has expired", () => {
  const safe = statement([product([APP])]);
  const affected = statement([product([APP])], {
    status: "affected",
    actions: [{ text: "Take 2.0.0." }],
    timestamp: "2026-02-01T00:00:00Z",
    expires: "2026-07-01T00:00:00Z",
  });
  assert.equal(status([safe, affected]), "affected");
  assert.equal(status([affected, safe]), "affected", "the order in the document decides nothing");
  const later = about([safe, affected], sbom(), "2026-07-01T00:00:00Z");
  assert.equal(later.vex, undefined);
  assert.match(later.passedOver?.[0]?.why ?? "", /^expired 2026-07-01: counts again$/u);
});

test("without a time nothing that expires is in force", () => {
  const safe = [statement([product([APP])], { expires: "2027-01-01T00:00:00Z" })];
  assert.equal(about(safe, sbom(), "").vex, undefined);
});

test("the judge's own documents come first, then signed ones, then the project's; conflicts are shown", () => {
  const words = [
    document([statement([product([APP])], { timestamp: "2026-05-03T00:00:00Z" })], {
      basis: "project",
      author: "team",
    }),
    document([statement([product([APP])], { timestamp: "2026-05-02T00:00:00Z" })], {
      basis: "signed",
      author: "vendor",
    }),
    document(
      [
        statement([product([APP])], {
          status: "affected",
          timestamp: "2026-05-01T00:00:00Z",
          actions: [{ text: "x" }],
        }),
      ],
      { basis: "named", author: "judge" },
    ),
  ];
  const claim = (documents: readonly VexDocument[]) =>
    new VexStatements(documents, sbom(), AT).about(["CVE-2026-1"], LEFT).vex;
  assert.deepEqual([claim(words)?.author, claim(words)?.status], ["judge", "affected"]);
  assert.deepEqual(
    claim(words)?.conflicts?.map(({ author, status: said }) => [author, said]),
    [
      ["vendor", "not_affected"],
      ["team", "not_affected"],
    ],
  );
  assert.equal(claim(words.slice(0, 2))?.author, "vendor");
  assert.equal(claim(words.slice(0, 2))?.conflicts, undefined, "they agree");
});

test("a statement about one version is carried over as its author allows, and never backwards", () => {
  const reached = (rule: VexStatement["carryOver"], made: string): string | undefined => {
    const { vex } = about([
      statement([product([APP], [`pkg:npm/left@${made}`])], rule === undefined ? {} : { carryOver: rule }),
    ]);
    return vex === undefined ? "no" : (vex.carriedFrom ?? "same");
  };
  assert.equal(reached(undefined, "1.2.3"), "same");
  assert.equal(reached(undefined, "1.2.0"), "no");
  assert.equal(reached("none", "1.2.0"), "no");
  assert.equal(reached("minor", "1.2.0"), "1.2.0");
  assert.equal(reached("minor", "1.1.9"), "no");
  assert.equal(reached("major", "1.1.9"), "1.1.9");
  assert.equal(reached("major", "0.9.0"), "no");
  assert.equal(reached("until fixed", "0.9.0"), "0.9.0");
  assert.equal(reached("until fixed", "1.2.4"), "no", "backwards");
});

test("an ignore file's entry is about everything, or the places and packages that it names", () => {
  const ignored = (ignore: VexStatement["ignore"], more: Partial<VexStatement> = {}) =>
    about([statement([], { ...(ignore !== undefined && { ignore }), ...more })]);
  assert.equal(ignored({ paths: [] }).vex?.status, "not_affected");
  assert.equal(ignored({ paths: ["package-lock.json"] }).vex?.status, "not_affected");
  assert.equal(ignored({ paths: ["sub/*"] }).vex, undefined);
  assert.equal(ignored({ paths: [], folder: "" }).vex?.status, "not_affected");
  assert.equal(ignored({ paths: [], folder: "sub" }).vex, undefined);
  assert.equal(ignored({ paths: [], name: "left", version: "1.2.3", ecosystem: "npm" }).vex?.status, "not_affected");
  assert.equal(ignored({ paths: [], name: "left", version: "1.2.4" }).vex, undefined);
  assert.equal(ignored({ paths: [], name: "left" }, { vulnerability: undefined }).vex?.status, "not_affected");
  assert.equal(ignored({ paths: [], name: "right" }, { vulnerability: undefined }).vex, undefined);
  const both = (path: string) =>
    about([statement([product(["pkg:npm/left"])], { ignore: { paths: [path] } })]).vex?.status;
  assert.deepEqual([both("package-lock.json"), both("other")], ["not_affected", undefined]);
});

test("many statements about products in between are bounded", () => {
  const edges = Array.from({ length: 800 }, (_, index) => [APP, `pkg:npm/m${index}@1.0.0`] as const);
  const wide = sbom([...edges, ...edges.map(([, ref]) => [ref, LEFT.ref] as const)]);
  const claims = edges.map(([, ref]) => statement([product([ref], ["pkg:npm/left"])]));
  const found = about(claims, wide);
  assert.equal(found.vex, undefined);
  assert.ok((found.passedOver?.length ?? 0) <= 10);
});

test("of a record about several CVEs a statement about one of them excuses nothing, unless it names the record or all are named", () => {
  const ids = ["CVE-2026-1", "CVE-2026-2", "GHSA-1"];
  const judged = (statements: readonly VexStatement[], of = ids) =>
    new VexStatements([document(statements)], sbom(), AT).about(of, LEFT);
  const left = [product(["pkg:npm/left"])];
  const first = statement(left);
  const second = statement(left, { vulnerability: { name: "CVE-2026-2", aliases: [] } });
  assert.equal(judged([first]).vex, undefined);
  assert.match(judged([first]).passedOver?.[0]?.why ?? "", /about CVE-2026-1 alone/u);
  assert.equal(judged([first, second]).vex?.status, "not_affected");
  assert.equal(judged([first, { ...second, expires: "2026-01-02T00:00:00Z" }]).vex, undefined);
  assert.equal(judged([first], ["CVE-2026-1", "GHSA-1"]).vex?.status, "not_affected");
  const whole = statement(left, { vulnerability: { name: "GHSA-1", aliases: [] } });
  assert.equal(judged([whole]).vex?.status, "not_affected");
  // What does not excuse counts whichever of them it is about.
  const open = statement(left, { vulnerability: { name: "CVE-2026-2", aliases: [] }, status: "affected" });
  assert.equal(judged([open]).vex?.status, "affected");
});
