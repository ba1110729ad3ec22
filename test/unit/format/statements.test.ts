import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { readDigestSet } from "../../../src/format/digest-set.ts";
import { parseStatement, printStatement } from "../../../src/format/intoto.ts";
import {
  manifestPredicate,
  parseManifest,
  parseRebuild,
  parseVerdict,
  rebuildPredicate,
  verdictPredicate,
  vulnsPredicate,
} from "../../../src/format/predicates.ts";
import { Fields, rootPlace } from "../../../src/format/shape.ts";
import { parseProvenance, parseVsa, provenancePredicate, vsaPredicate } from "../../../src/format/slsa.ts";
import { parseTimestamp } from "../../../src/format/timestamp.ts";
import type { MatchResult } from "../../../src/model/advisory.ts";
import type { BuildRecord, Exchange, RebuildResult } from "../../../src/model/build.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Verdict } from "../../../src/model/policy.ts";
import type { Json, JsonObject, Statement } from "../../../src/model/statement.ts";
import { golden } from "../../support/golden.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const C = "c".repeat(64);

function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.kind} ${error.facts.where ?? ""}`;
    throw error;
  }
  return "read";
}

/** A copy with one member changed or, with undefined, left out. `path` is a JSON pointer. */
function changed(value: JsonObject, path: string, member: Json | undefined): JsonObject {
  const copy = structuredClone(value) as Record<string, Json>;
  const names = path.split("/").slice(1);
  const last = names.pop() ?? "";
  let holder: Record<string, Json> = copy;
  for (const name of names) holder = holder[name] as Record<string, Json>;
  if (member === undefined) delete holder[last];
  else holder[last] = member;
  return copy;
}

const statement: Statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "app.tgz", digest: { sha256: A } }],
  predicateType: "https://type.example/v1",
  predicate: { b: 1, a: "é" },
};
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

test("a statement is printed canonically and read back whole", () => {
  const bytes = printStatement(statement);
  assert.equal(
    Buffer.from(bytes).toString(),
    `{"_type":"https://in-toto.io/Statement/v1","predicate":{"a":"é","b":1},"predicateType":"https://type.example/v1","subject":[{"digest":{"sha256":"${A}"},"name":"app.tgz"}]}`,
  );
  assert.deepEqual(parseStatement(bytes, "x"), statement);
  assert.deepEqual(printStatement(parseStatement(bytes, "x")), bytes);
});

test("statements: names and algorithms that nobody knows are passed over", () => {
  const more = {
    ...statement,
    later: 1,
    subject: [{ ...statement.subject[0], digest: { sha256: A, gitBlob: "zz", blake3: "00" }, new: true }],
  };
  assert.deepEqual(parseStatement(bytesOf(more), "x"), statement);
});

test("statements of a wrong shape name the place", () => {
  const at = (path: string, member: Json | undefined): string =>
    faultOf(() => parseStatement(bytesOf(changed(statement as unknown as JsonObject, path, member)), "x"));
  assert.equal(at("/_type", "https://in-toto.io/Statement/v0.1"), "WB-STATEMENT-TYPE unchecked x");
  assert.equal(at("/_type", undefined), "WB-STATEMENT-FORM input x#/_type");
  assert.equal(at("/subject", []), "WB-STATEMENT-FORM input x#/subject");
  assert.equal(at("/subject/0/digest", undefined), "WB-STATEMENT-FORM input x#/subject/0/digest");
  assert.equal(at("/subject/0/digest", { blake3: "00" }), "WB-STATEMENT-FORM input x#/subject/0/digest");
  assert.equal(at("/subject/0/digest/sha256", "00"), "WB-STATEMENT-FORM input x#/subject/0/digest/sha256");
  assert.equal(at("/subject/0/digest/sha256", A.toUpperCase()), "WB-STATEMENT-FORM input x#/subject/0/digest/sha256");
  assert.equal(at("/subject/0/name", 1), "WB-STATEMENT-FORM input x#/subject/0/name");
  assert.equal(at("/predicateType", ""), "WB-STATEMENT-FORM input x#/predicateType");
  assert.equal(at("/predicate", []), "WB-STATEMENT-FORM input x#/predicate");
});

test("inherited names are no members, and messages hold no text that deceives", () => {
  const fields = new Fields(JSON.parse('{"__proto__":{"name":"x"}}') as Json, rootPlace("x"));
  assert.equal(fields.get("constructor"), undefined);
  assert.equal(fields.has("toString"), false);
  assert.equal(fields.optionalString("name"), undefined);
  const evil = new Fields({ "a\u202e/~\n": `${"z".repeat(10_000)}\u0007` }, rootPlace("x"));
  try {
    evil.object("a\u202e/~\n");
    assert.fail("it is no object");
  } catch (error) {
    assert.ok(error instanceof Fault);
    assert.equal(error.facts.where, "x#/a\ufffd~1~0\ufffd");
    assert.equal(error.facts.code, "WB-DOCUMENT-FORM");
    assert.ok((error.facts.found ?? "").length < 100);
  }
});

test("digest sets keep what is known, in one order", () => {
  const place = rootPlace("x");
  const set = readDigestSet({ gitCommit: "d".repeat(40), sha256: A, other: "x" }, place);
  assert.equal(JSON.stringify(set), `{"sha256":"${A}","gitCommit":"${"d".repeat(40)}"}`);
  assert.equal(
    faultOf(() => readDigestSet({ md5: A }, place)),
    "WB-DOCUMENT-FORM input x#/md5",
  );
});

test("times become UTC; days that no calendar has are none", () => {
  assert.equal(parseTimestamp("2026-01-02T03:04:05+02:00"), "2026-01-02T01:04:05Z");
  assert.equal(parseTimestamp("2022-12-22t16:36:43.340z"), "2022-12-22T16:36:43.34Z");
  assert.equal(parseTimestamp("2023-07-17T18:28:47.696004345-06:00"), "2023-07-18T00:28:47.696004345Z");
  assert.equal(parseTimestamp("2024-02-29T00:00:00.000Z"), "2024-02-29T00:00:00Z");
  for (const text of [
    "2023-02-30T00:00:00Z",
    "2023-02-29T00:00:00+01:00",
    "2023-13-01T00:00:00Z",
    "2023-01-01",
    "now",
    "",
  ]) {
    assert.equal(parseTimestamp(text), undefined, text);
  }
});

const exchange = (url: string, change: Partial<Exchange> = {}): Exchange => ({
  method: "GET",
  url,
  status: 200,
  digests: { sha256: B },
  sizeBytes: 3,
  cached: false,
  decision: "allowed",
  ...change,
});

const record: BuildRecord = {
  source: {
    uri: "git+https://git.example/app",
    digests: { gitCommit: "d".repeat(40) },
    dirty: true,
    ref: "refs/heads/main",
  },
  commands: [["npm", "ci"]],
  locked: true,
  mode: "bwrap",
  profileDigest: C,
  network: "recorded",
  exchanges: [exchange("https://registry.example/b"), exchange("https://registry.example/a")],
  toolchain: [{ name: "node", version: "26.10.0", digests: { sha256: A } }],
  environment: { LANG: "C.UTF-8" },
  limits: { timeSeconds: 60, memoryBytes: 1, processes: 2, outputBytes: 3, fileBytes: 4 },
  outputs: [{ name: "app.tgz", digests: { sha256: A }, sizeBytes: 1 }],
  log: { digests: { sha256: B }, sizeBytes: 1 },
  invocationId: "5f0f2f0e-0000-4000-8000-000000000000",
  startedOn: "2026-01-01T00:00:00Z",
  finishedOn: "2026-01-01T00:01:00Z",
};
const builder = { id: "https://waybill.dev/builders/local-bwrap", version: "0.1.0" };

test("provenance of a build", () => {
  const predicate = provenancePredicate(record, builder);
  golden("format/provenance.json", `${JSON.stringify(predicate, null, 2)}\n`);
  const parsed = parseProvenance(predicate, "x");
  assert.equal(parsed.buildType, "https://waybill.dev/build/v1");
  assert.equal(parsed.builderId, builder.id);
  assert.deepEqual(parsed.externalParameters, (predicate["buildDefinition"] as JsonObject)["externalParameters"]);
  assert.deepEqual(
    parsed.resolvedDependencies.map(({ uri, name }) => uri ?? name),
    [record.source.uri, "https://registry.example/a", "https://registry.example/b", "node"],
  );
  assert.deepEqual([parsed.startedOn, parsed.finishedOn], [record.startedOn, record.finishedOn]);
});

test("provenance does not depend on the order of requests, repeats or the cache; refused requests are no dependency", () => {
  const [b, a] = record.exchanges as [Exchange, Exchange];
  const predicate = (exchanges: readonly Exchange[]): JsonObject =>
    provenancePredicate({ ...record, exchanges }, builder);
  assert.deepEqual(predicate([a, b, { ...a, cached: true }]), predicate([b, a]));
  const refused = exchange("https://evil.example/", { decision: "refused", status: 403, digests: {} });
  const dependencies = parseProvenance(predicate([a, refused]), "x").resolvedDependencies;
  assert.ok(!JSON.stringify(dependencies).includes("evil"));
  assert.notDeepEqual(predicate([a, refused]), predicate([a]));
  const unrecorded = provenancePredicate(
    { ...record, network: "unrestricted", mode: "none", profileDigest: null },
    builder,
  );
  assert.match(JSON.stringify(unrecorded), /"completeness":\{"network":"unknown"/);
});

test("provenance of a wrong shape names the place", () => {
  const good = provenancePredicate(record, builder);
  const at = (path: string, member: Json | undefined): string =>
    faultOf(() => parseProvenance(changed(good, path, member), "x"));
  const where = (path: string): string => `WB-PROVENANCE-FORM input x#${path}`;
  for (const path of ["/buildDefinition", "/buildDefinition/buildType", "/buildDefinition/externalParameters"]) {
    assert.equal(at(path, undefined), where(path));
  }
  assert.equal(at("/runDetails/builder/id", 1), where("/runDetails/builder/id"));
  assert.equal(at("/runDetails/metadata/startedOn", "now"), where("/runDetails/metadata/startedOn"));
  const digest = "/buildDefinition/resolvedDependencies/0/digest/gitCommit";
  assert.equal(at(digest, "xyz"), where(digest));
});

const verdict: Verdict = {
  station: "install",
  subject: { name: "app.tgz", digest: A },
  decision: "warn",
  reasons: [
    {
      rule: "install.sbom",
      mode: "warn",
      outcome: "fail",
      expected: "an SBOM",
      found: "",
      evidence: [B],
      fix: "add one",
    },
    {
      rule: "install.vulnerabilities",
      mode: "enforce",
      outcome: "excepted",
      expected: "none",
      found: "GHSA-x",
      evidence: [],
      exception: { owner: "team", reason: "not reached", expires: "2026-02-01T00:00:00Z" },
    },
  ],
  inputs: {
    policy: { origin: "builtin", digest: C },
    trust: null,
    advisories: { origin: "advisories.db", digest: B },
    vex: [{ origin: "vex.json", digest: A }],
  },
  at: "2026-01-01T00:00:00Z",
};

const VERIFIER_ID = "https://verifier.example";

test("a verdict is read back whole", () => {
  const predicate = verdictPredicate(verdict, VERIFIER_ID);
  golden("format/verdict.json", `${JSON.stringify(predicate, null, 2)}\n`);
  const read = parseVerdict(JSON.parse(JSON.stringify(predicate)) as JsonObject, "x");
  assert.deepEqual(read, { ...verdict, verifierId: VERIFIER_ID });
});

test("each wrong field of a verdict is named", () => {
  const good = verdictPredicate(verdict, VERIFIER_ID);
  const cases: readonly (readonly [string, Json | undefined])[] = [
    ["/schema", "waybill.verdict/2"],
    ["/station", "port"],
    ["/subject/name", ""],
    ["/subject/digest", "00"],
    ["/decision", "maybe"],
    ["/reasons", {}],
    ["/reasons/0/rule", "sbom"],
    ["/reasons/0/mode", "strict"],
    ["/reasons/0/outcome", "ok"],
    ["/reasons/0/expected", 1],
    ["/reasons/0/found", undefined],
    ["/reasons/0/evidence/0", "x"],
    ["/reasons/0/fix", 1],
    ["/reasons/1/exception/expires", "soon"],
    ["/reasons/1/exception/owner", undefined],
    ["/inputs/policy", undefined],
    ["/inputs/policy/digest", null],
    ["/inputs/trust", "x"],
    ["/inputs/vex", undefined],
    ["/at", "later"],
    ["/verifier", undefined],
    ["/verifier/id", ""],
    ["/verifier/version", 1],
    ["/extra", 1],
    ["/inputs/time", 1],
    ["/reasons/0/extra", 1],
  ];
  for (const [path, member] of cases) {
    assert.equal(
      faultOf(() => parseVerdict(changed(good, path, member), "x")),
      `WB-VERDICT-FORM input x#${path}`,
    );
  }
});

const verifier = { id: VERIFIER_ID, version: "0.1.0" };
const vsaOf = (decision: Verdict["decision"]): JsonObject =>
  vsaPredicate({ ...verdict, decision }, verifier, "pkg:npm/app@1.0.0", [C, B], ["SLSA_BUILD_LEVEL_1"]);

test("a verification summary maps the verdict without loss: warn is PASSED and said, deny is FAILED", () => {
  assert.deepEqual(parseVsa(vsaOf("warn"), "x"), {
    verifierId: verifier.id,
    timeVerified: verdict.at,
    resourceUri: "pkg:npm/app@1.0.0",
    policyDigest: C,
    verificationResult: "PASSED",
    verifiedLevels: ["SLSA_BUILD_LEVEL_1"],
    decision: "warn",
  });
  const failed = parseVsa(vsaOf("deny"), "x");
  assert.deepEqual([failed.verificationResult, failed.verifiedLevels, failed.decision], ["FAILED", ["FAILED"], "deny"]);
  assert.equal(parseVsa(vsaOf("allow"), "x").decision, "allow");
  assert.deepEqual(vsaOf("allow")["inputAttestations"], [{ digest: { sha256: B } }, { digest: { sha256: C } }]);
  assert.ok(!("decision" in parseVsa(changed(vsaOf("allow"), "/waybill_decision", undefined), "x")));
});

test("each wrong field of a verification summary is named", () => {
  const cases: readonly (readonly [string, Json | undefined])[] = [
    ["/verifier", undefined],
    ["/verifier/id", ""],
    ["/timeVerified", "now"],
    ["/resourceUri", undefined],
    ["/policy/digest", undefined],
    ["/policy/digest/sha256", "x"],
    ["/verificationResult", "passed"],
    ["/verificationResult", "FAILED"],
    ["/verifiedLevels/0", 1],
    ["/waybill_decision", "deny"],
  ];
  for (const [path, member] of cases) {
    const found = faultOf(() => parseVsa(changed(vsaOf("warn"), path, member), "x"));
    const where = path === "/verificationResult" && member === "FAILED" ? "/waybill_decision" : path;
    assert.equal(found, `WB-VSA-FORM input x#${where}`);
  }
});

test("a manifest is sorted, read back, and refuses a paper named twice", () => {
  const entry = (digest: string) => ({ digest, predicateType: "https://type.example/v1" });
  const predicate = manifestPredicate([entry(B), entry(A)], "2026-11-20T10:00:00Z");
  assert.deepEqual(parseManifest(predicate, "x"), { at: "2026-11-20T10:00:00Z", papers: [entry(A), entry(B)] });
  assert.deepEqual(predicate, manifestPredicate([entry(A), entry(B)], "2026-11-20T10:00:00Z"));
  const at = (path: string, member: Json): string =>
    faultOf(() => parseManifest(changed(predicate, path, member), "x"));
  const where = (path: string): string => `WB-MANIFEST-FORM input x#${path}`;
  assert.equal(at("/papers/1/digest/sha256", A), where("/papers/1/digest"));
  assert.equal(at("/papers/1/digest/sha256", "A"), where("/papers/1/digest/sha256"));
  assert.equal(at("/papers/0/predicateType", ""), where("/papers/0/predicateType"));
  assert.equal(at("/papers", {}), where("/papers"));
  assert.equal(at("/at", "yesterday"), where("/at"));
  assert.equal(at("/optional", true), where("/optional"));
});

const rebuild: RebuildResult = {
  outcome: "equivalent",
  normalised: ["gzip-header"],
  differences: [{ path: "a!/b", cause: "mtime", detail: "", fix: "set SOURCE_DATE_EPOCH" }],
  factors: ["path", "cpus"],
  first: A,
  second: B,
};

test("a rebuild is read back; an outcome that its digests contradict is refused", () => {
  const predicate = rebuildPredicate({ ...rebuild, factors: ["cpus", "path"] }, builder.id);
  assert.deepEqual(parseRebuild(predicate, "x"), { ...rebuild, relation: "self-reproduced", builderId: builder.id });
  const cases: readonly (readonly [string, Json | undefined])[] = [
    ["/outcome", "same"],
    ["/outcome", "identical"],
    ["/relation", "reproduced"],
    ["/builder/id", undefined],
    ["/normalised/0", 1],
    ["/factors/0", "moon"],
    ["/first/digest/sha256", "x"],
    ["/differences/0/cause", ""],
    ["/differences/0/extra", 1],
    ["/extra", 1],
  ];
  for (const [path, member] of cases) {
    assert.equal(
      faultOf(() => parseRebuild(changed(predicate, path, member), "x")),
      `WB-REBUILD-FORM input x#${path}`,
    );
  }
  const equal = changed(predicate, "/second/digest/sha256", A);
  assert.equal(
    faultOf(() => parseRebuild(equal, "x")),
    "WB-REBUILD-FORM input x#/outcome",
  );
});

test("findings as an in-toto vulnerabilities predicate", () => {
  const matched: MatchResult = {
    database: { digest: C, modified: "2026-01-01T00:00:00Z", sources: [] },
    components: 2,
    findings: [
      {
        component: "pkg:npm/left@1.0.0",
        purl: "pkg:npm/left@1.0.0",
        name: "left",
        version: "1.0.0",
        ecosystem: "npm",
        scope: "runtime",
        locations: [],
        id: "GHSA-x",
        ids: ["CVE-1", "GHSA-x"],
        kind: "vulnerable",
        records: [],
        rating: { risk: 0 },
        severity: "high",
        summary: "s",
        fixed: ["1.0.1"],
        paths: [],
        vex: { status: "not_affected", author: "a", document: A },
      },
    ],
    unknown: [],
  };
  golden("format/vulns.json", `${JSON.stringify(vulnsPredicate(matched, "2026-01-02T00:00:00Z"), null, 2)}\n`);
});

test("hostile predicates: any JSON is read or refused with a code, never a crash", () => {
  const readers = [parseManifest, parseRebuild, parseVerdict, parseProvenance, parseVsa];
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(...readers), (value, read) => {
      assert.match(
        faultOf(() => read(value as JsonObject, "x")),
        /^WB-[A-Z]+-FORM input x/,
      );
    }),
  );
});
