import * as fc from "fast-check";
import type {
  Author,
  Component,
  Dependency,
  LicenceClaim,
  Occurrence,
  Sbom,
  Scope,
  Technique,
} from "../../../src/model/sbom.ts";
import type { DigestSet } from "../../../src/model/digest.ts";

const SCOPES: readonly Scope[] = ["runtime", "optional", "peer", "dev", "build", "test"];
const TECHNIQUES: readonly Technique[] = [
  "archive-verified",
  "content-match",
  "source-map",
  "manifest",
  "lockfile",
  "installed",
  "declared",
];
const COMPLETENESS = ["complete", "incomplete", "unknown"] as const;

export const META = { timestamp: "2026-01-02T03:04:05Z", tool: { name: "waybill", version: "0.1.0" } } as const;

/** Digests in the order in which the reader gives them: deepEqual does not mind, canonical texts do. */
const digests: fc.Arbitrary<DigestSet> = fc.record(
  { sha256: hex(64), sha512: hex(128), sha1: hex(40), dirHash: hex(64), gitCommit: hex(40) },
  { requiredKeys: [] },
);

function hex(length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
}

const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/),
  fc.stringMatching(/^@[a-z]{1,5}\/[a-z]{1,5}$/),
  fc.constantFrom("__proto__", "constructor", "a\u202eb", "ünï", "toString"),
);
const version = fc.stringMatching(/^[0-9]\.[0-9]\.[0-9](-[a-z]{1,4})?$/);

const licence: fc.Arbitrary<LicenceClaim> = fc.oneof(
  fc.record({
    expression: fc.constant("MIT OR Apache-2.0"),
    spdx: fc.constant(true),
    technique: fc.constantFrom(...TECHNIQUES),
    written: fc.constantFrom("mit or Apache 2.0", 'a "b" \\ c'),
  }),
  fc.record({
    expression: fc.constantFrom(
      "MIT",
      "(MIT OR Apache-2.0)",
      "GPL-2.0-only WITH Classpath-exception-2.0",
      "LicenseRef-own",
    ),
    spdx: fc.constant(true),
    technique: fc.constantFrom(...TECHNIQUES),
  }),
  fc.record({
    expression: fc.string({ minLength: 1 }),
    spdx: fc.constant(false),
    technique: fc.constantFrom(...TECHNIQUES),
  }),
);

const occurrence: fc.Arbitrary<Occurrence> = fc.record(
  {
    path: fc.constantFrom("package-lock.json", "a b/package-lock.json", "dist/x.js"),
    technique: fc.constantFrom(...TECHNIQUES),
    line: fc.integer({ min: 1, max: 1e6 }),
    position: fc.constantFrom("node_modules/a", "node_modules/a b/node_modules/@c/d", ""),
  },
  { requiredKeys: ["path", "technique"] },
);

const author: fc.Arbitrary<Author> = fc.record(
  { name: fc.constantFrom("Ann", "Acme GmbH", "Ünï Ex"), email: fc.constantFrom("ann@acme.example") },
  { requiredKeys: ["name"] },
);

const component: fc.Arbitrary<Omit<Component, "ref">> = fc
  .record({
    name,
    version: fc.option(version, { nil: undefined }),
    ecosystem: fc.constantFrom("npm", "npm", "Maven", ""),
    scope: fc.constantFrom(...SCOPES),
    direct: fc.boolean(),
    digests,
    licences: fc.array(licence, { maxLength: 2 }),
    occurrences: fc.array(occurrence, { maxLength: 3 }),
    own: fc.boolean(),
    author: fc.option(author, { nil: undefined }),
    filename: fc.option(fc.constantFrom("left-1.2.3.tgz", "a b.zip"), { nil: undefined }),
    located: fc.boolean(),
  })
  .map(({ version: given, located, author: by, filename, ...rest }) => ({
    ...rest,
    ...(by !== undefined && { author: by }),
    ...(filename !== undefined && { filename }),
    ...(given !== undefined && { version: given }),
    ...(located && rest.ecosystem === "npm" && { purl: `pkg:npm/${encodeURIComponent(rest.name)}@${given ?? "0"}` }),
  }));

/** SBOMs as collectors make them: unique refs, sorted, edges between what is there. */
export const anySbom: fc.Arbitrary<Sbom> = fc
  .record({
    lifecycle: fc.constantFrom("source", "build", "analyzed"),
    subject: fc.record({ name: fc.constantFrom("app", "@acme/app"), digests }),
    rooted: fc.boolean(),
    list: fc.array(component, { maxLength: 6 }),
    edges: fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.constantFrom(...SCOPES)), { maxLength: 12 }),
    components: fc.constantFrom(...COMPLETENESS),
    dependencies: fc.constantFrom(...COMPLETENESS),
    method: fc.constantFrom("locked", "observed", "declared", "missing"),
    unknowns: fc.array(fc.record({ where: fc.constantFrom("a.json:3", ""), what: fc.string() }), { maxLength: 2 }),
    licences: fc.array(licence, { maxLength: 2 }),
  })
  .map(({ lifecycle, subject, rooted, list, edges, components, dependencies, method, unknowns, licences }) => {
    const root = "root";
    const all = list
      .map((one, index) => ({ ref: `${one.purl ?? one.name}#${index}`, ...one }))
      .sort((a, b) => (a.ref < b.ref ? -1 : 1));
    const refs = [root, ...all.map(({ ref }) => ref)];
    const purl = rooted ? { version: "1.0.0", purl: "pkg:npm/app@1.0.0" } : {};
    return {
      lifecycle,
      subject: { ...subject, ...purl },
      root,
      components: all,
      dependencies: edgesOf(refs, edges),
      completeness: { components, dependencies, method },
      unknowns,
      licences,
    } satisfies Sbom;
  })
  // fast-check makes records without a prototype, which no parser gives.
  .map((sbom) => structuredClone(sbom));

function edgesOf(refs: readonly string[], pairs: readonly (readonly [number, number, Scope])[]): readonly Dependency[] {
  const byKey = new Map<string, Dependency>();
  for (const [a, b, scope] of pairs) {
    const from = refs[a % refs.length] ?? "root";
    const to = refs[b % refs.length] ?? "root";
    if (from !== to) byKey.set(`${from}\n${to}`, { from, to, scope });
  }
  return [...byKey.values()].sort((a, b) => order(a.from, b.from) || order(a.to, b.to));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A small project with one of everything. */
export const SAMPLE: Sbom = {
  lifecycle: "source",
  subject: {
    name: "@acme/app",
    version: "1.0.0",
    purl: "pkg:npm/%40acme/app@1.0.0",
    digests: { gitCommit: "a".repeat(40) },
    author: { name: "Acme" },
  },
  root: "pkg:npm/%40acme/app@1.0.0",
  components: [
    {
      ref: "pkg:npm/%40acme/part@1.0.0",
      name: "@acme/part",
      version: "1.0.0",
      purl: "pkg:npm/%40acme/part@1.0.0",
      ecosystem: "npm",
      scope: "runtime",
      direct: true,
      digests: {},
      licences: [],
      occurrences: [{ path: "packages/part/package.json", technique: "manifest" }],
      own: true,
    },
    {
      ref: "pkg:npm/left@1.2.3",
      name: "left",
      version: "1.2.3",
      purl: "pkg:npm/left@1.2.3",
      ecosystem: "npm",
      scope: "runtime",
      direct: true,
      digests: { sha512: "b".repeat(128) },
      author: { name: "Ann Example", email: "ann@left.example" },
      filename: "left-1.2.3.tgz",
      licences: [{ expression: "MIT", spdx: true, technique: "archive-verified" }],
      occurrences: [{ path: "package-lock.json", line: 12, position: "node_modules/left", technique: "lockfile" }],
      own: false,
    },
    {
      ref: "pkg:npm/right@2.0.0",
      name: "right",
      version: "2.0.0",
      purl: "pkg:npm/right@2.0.0",
      ecosystem: "npm",
      scope: "dev",
      direct: true,
      digests: { sha1: "c".repeat(40) },
      licences: [{ expression: "see the file COPYING", spdx: false, technique: "lockfile" }],
      occurrences: [{ path: "package-lock.json", line: 20, position: "node_modules/right", technique: "lockfile" }],
      own: false,
    },
  ],
  dependencies: [
    { from: "pkg:npm/%40acme/app@1.0.0", to: "pkg:npm/%40acme/part@1.0.0", scope: "runtime" },
    { from: "pkg:npm/%40acme/app@1.0.0", to: "pkg:npm/left@1.2.3", scope: "runtime" },
    { from: "pkg:npm/%40acme/app@1.0.0", to: "pkg:npm/right@2.0.0", scope: "dev" },
    { from: "pkg:npm/right@2.0.0", to: "pkg:npm/left@1.2.3", scope: "optional" },
  ],
  completeness: { components: "complete", dependencies: "complete", method: "locked" },
  unknowns: [{ where: "package-lock.json:30", what: "a link that leads nowhere" }],
  licences: [{ expression: "Apache-2.0", spdx: true, technique: "manifest" }],
};
