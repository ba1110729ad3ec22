import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import * as stated from "../../../src/evidence/statements.ts";
import { parseStatement, printStatement } from "../../../src/format/intoto.ts";
import type { BuildRecord, RebuildResult } from "../../../src/model/build.ts";
import type { MatchResult } from "../../../src/model/advisory.ts";
import type { Verdict } from "../../../src/model/policy.ts";
import { PREDICATE_TYPES, type PredicateName, STATEMENT_TYPE, type Statement } from "../../../src/model/statement.ts";
import { signStatement } from "../../../src/trust/sign.ts";
import { verify } from "../../../src/trust/verify.ts";
import { alice, AT, complaints, entryOf, trustIn } from "../trust/signed.ts";

const digest = sha256("artifact");
const subject = { name: "widget-1.0.0.tgz", digests: { sha256: digest, sha512: "b".repeat(128) } };
const builder = { id: "https://waybill.dev/builder/workstation", version: "0.1.0" };

const record: BuildRecord = {
  source: { uri: "git+https://git.example/widget", digests: { gitCommit: "a".repeat(40) }, dirty: false },
  commands: [["npm", "ci"]],
  locked: true,
  mode: "bwrap",
  profileDigest: sha256("profile"),
  network: "recorded",
  exchanges: [],
  toolchain: [],
  environment: {},
  limits: { timeSeconds: 1, memoryBytes: 1, processes: 1, outputBytes: 1, fileBytes: 1 },
  outputs: [],
  log: { digests: { sha256: sha256("log") }, sizeBytes: 3 },
  invocationId: "1",
  startedOn: "2026-11-23T08:00:00Z",
  finishedOn: "2026-11-23T09:00:00Z",
};
const matched: MatchResult = {
  database: { digest: sha256("db"), modified: AT, sources: [] },
  components: 0,
  findings: [],
  unknown: [],
};
const rebuilt: RebuildResult = {
  outcome: "identical",
  normalised: [],
  differences: [],
  factors: ["path"],
  first: digest,
  second: digest,
};
const verdict: Verdict = {
  station: "package",
  subject: { name: subject.name, digest },
  decision: "warn",
  reasons: [],
  inputs: { policy: { origin: "builtin", digest: sha256("policy") }, trust: null, advisories: null, vex: [] },
  at: AT,
};
const all: Readonly<Partial<Record<PredicateName, Statement>>> = {
  provenance: stated.provenanceStatement(subject, record, builder),
  cyclonedx: stated.sbomStatement(subject, { bomFormat: "CycloneDX", specVersion: "1.6" }),
  spdx: stated.spdxStatement(subject, { spdxVersion: "SPDX-2.3", creationInfo: { created: AT } }),
  vulns: stated.vulnsStatement(subject, matched, AT),
  rebuild: stated.rebuildStatement(subject, rebuilt, builder.id),
  manifest: stated.manifestStatement(
    subject,
    [{ digest: sha256("paper"), predicateType: PREDICATE_TYPES.spdx }],
    "2026-11-20T10:00:00Z",
  ),
  verdict: stated.verdictStatement(subject, verdict, "https://waybill.dev/verifier/ship"),
  vsa: stated.vsaStatement(
    subject,
    verdict,
    builder,
    "pkg:npm/widget@1.0.0",
    [sha256("paper")],
    ["SLSA_BUILD_LEVEL_1"],
  ),
};

test("each statement is about the subject, under its predicate type, and reads back the same", () => {
  for (const [name, statement] of Object.entries(all)) {
    assert.equal(statement._type, STATEMENT_TYPE);
    assert.equal(statement.predicateType, PREDICATE_TYPES[name as PredicateName]);
    assert.deepEqual(statement.subject, [{ name: subject.name, digest: subject.digests }]);
    const bytes = printStatement(statement);
    assert.deepEqual(Buffer.from(printStatement(parseStatement(bytes, "x"))), Buffer.from(bytes));
  }
});

test("each statement, signed, verifies for a signer who may state it, with the time that it states", () => {
  const scope = {
    predicates: ["*"],
    subjects: ["*"],
    builders: { "*": "SLSA_BUILD_LEVEL_1" },
    verifiers: ["*"],
  } as const;
  const trust = trustIn(entryOf(alice, { scope }));
  const untimed = new Set(["rebuild", "cyclonedx"]);
  for (const [name, statement] of Object.entries(all)) {
    const result = verify(
      signStatement(statement, alice),
      sha256(name),
      { subject: subject.digests, names: [] },
      trust,
      AT,
    );
    assert.deepEqual(complaints(result), [], name);
    assert.equal(
      result.outcome === "verified" && result.evidence.time.source,
      untimed.has(name) ? "none" : "signer",
      name,
    );
  }
});
