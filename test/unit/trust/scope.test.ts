import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrustEntry, TrustScope } from "../../../src/model/trust.ts";
import {
  alice,
  assertVerified,
  BUILDER,
  type Case,
  complaints,
  entryOf,
  good,
  provenance,
  run,
  summary,
  verdictBy,
  VERIFIER,
} from "./signed.ts";

const scoped = (change: Partial<TrustScope>, rest: Partial<TrustEntry> = {}): TrustEntry =>
  entryOf(alice, { ...rest, scope: { ...entryOf(alice).scope, ...change } });
const judged = (change: Partial<TrustScope>, asked: Case = good()): readonly string[] =>
  complaints(run({ ...asked, entries: [scoped(change)] }));
const named = (...names: string[]): Case => ({ ...good(), expectation: { ...good().expectation, names } });

test("predicates: short names, URIs and patterns; an empty list allows nothing", () => {
  for (const word of ["provenance", "https://slsa.dev/provenance/v1", "https://slsa.dev/*", "*"]) {
    assert.deepEqual(judged({ predicates: [word] }), [], word);
  }
  for (const word of ["cyclonedx", "https://slsa.dev/provenance", "PROVENANCE", "constructor"]) {
    assert.deepEqual(judged({ predicates: [word] }), ["scope-predicate WB-SCOPE-PREDICATE"], word);
  }
  assert.deepEqual(judged({ predicates: [] }), ["scope-predicate WB-SCOPE-PREDICATE"]);
});

test("subjects are judged by the names that the verifier knows, not by those that the signer wrote", () => {
  const signersName = {
    ...provenance(),
    subject: [{ name: "widget-1.0.0.tgz", digest: provenance().subject[0]?.digest ?? {} }],
  };
  const renamed = { ...good(signersName), expectation: { ...good().expectation, names: ["other-1.0.0.tgz"] } };
  assert.deepEqual(judged({ subjects: ["widget-*"] }, renamed), ["scope-subject WB-SCOPE-SUBJECT"]);
  assert.deepEqual(judged({ subjects: ["other-*"] }, renamed), []);
  assert.deepEqual(judged({ subjects: [] }), ["scope-subject WB-SCOPE-SUBJECT"]);
});

test("a subject asked by digest alone is unchecked where the scope names subjects, and allowed by *", () => {
  const result = run({ ...named(), entries: [scoped({ subjects: ["widget-*"] })] });
  assert.deepEqual(complaints(result), ["scope-subject WB-SCOPE-SUBJECT-UNNAMED"]);
  assert.equal(result.outcome, "unchecked");
  assert.deepEqual(judged({ subjects: ["*"] }, named()), []);
  assert.deepEqual(judged({ subjects: [] }, named()), ["scope-subject WB-SCOPE-SUBJECT"]);
});

test("where a package URL is known and the scope speaks of them, the file's name does not decide", () => {
  const evil = named("widget-1.0.0.tgz", "pkg:npm/evil@1.0.0");
  assert.deepEqual(judged({ subjects: ["widget-*", "pkg:npm/widget"] }, evil), ["scope-subject WB-SCOPE-SUBJECT"]);
  assert.deepEqual(judged({ subjects: ["widget-*", "pkg:npm/widget"] }, named("x.tgz", "pkg:npm/widget@1.0.0")), []);
  assert.deepEqual(judged({ subjects: ["pkg:npm/%40acme/*"] }, named("x.tgz", "pkg:npm/%40acme/widget@1.0.0")), []);
  assert.deepEqual(judged({ subjects: ["pkg:npm/widget@1.*"] }, named("pkg:npm/widget@2.0.0")), [
    "scope-subject WB-SCOPE-SUBJECT",
  ]);
});

test("builders: the exact id, else the longest pattern; the level is the one of the scope", () => {
  const level = (builders: TrustScope["builders"]): string | undefined =>
    assertVerified(run({ ...good(), entries: [scoped({ builders })] })).evidence.buildLevel;
  assert.equal(level({ "*": "SLSA_BUILD_LEVEL_3", [BUILDER]: "SLSA_BUILD_LEVEL_1" }), "SLSA_BUILD_LEVEL_1");
  assert.equal(
    level({ "*": "SLSA_BUILD_LEVEL_1", "https://waybill.dev/*": "SLSA_BUILD_LEVEL_2" }),
    "SLSA_BUILD_LEVEL_2",
  );
  const tie = {
    "https://waybill.dev/builder/*n": "SLSA_BUILD_LEVEL_3",
    "https://waybill.dev/builder/w*": "SLSA_BUILD_LEVEL_1",
  } as const;
  assert.equal(level(tie), "SLSA_BUILD_LEVEL_1");
  assert.deepEqual(judged({ builders: {} }), ["scope-builder WB-SCOPE-BUILDER"]);
  assert.deepEqual(judged({ builders: {} }, good(provenance({ builder: "toString" }))), [
    "scope-builder WB-SCOPE-BUILDER",
  ]);
  assert.deepEqual(judged({ builders: {} }, good(summary())), [], "builders are judged only for provenance");
});

test("verifiers are judged only for verification summaries and verdicts", () => {
  assert.deepEqual(judged({ verifiers: [] }), []);
  for (const statement of [summary(), verdictBy(VERIFIER)]) {
    assert.deepEqual(judged({ verifiers: [] }, good(statement)), ["scope-verifier WB-SCOPE-VERIFIER"]);
    assert.deepEqual(judged({ verifiers: ["https://waybill.dev/verifier/*"] }, good(statement)), []);
  }
});

test("a verdict by a verifier outside its signer's scope is refused for that alone, as a summary is", () => {
  const verifiers = ["https://waybill.dev/verifier/ship"];
  assert.deepEqual(judged({ verifiers }, good(verdictBy("https://waybill.dev/verifier/ship"))), []);
  for (const id of ["https://acme.example/verifier", "https://waybill.dev/verifier/ship2", "toString"]) {
    assert.deepEqual(judged({ verifiers }, good(verdictBy(id))), ["scope-verifier WB-SCOPE-VERIFIER"], id);
  }
  const nobody = verdictBy("x");
  const { verifier: _, ...predicate } = nobody.predicate;
  assert.deepEqual(judged({ verifiers: ["*"] }, good({ ...nobody, predicate })), [
    "predicate-form WB-VERIFY-PREDICATE-FORM",
  ]);
});

test("of several entries of one key the one that permits speaks; else the nearest refusal is told", () => {
  const narrow = scoped({ predicates: [], subjects: [] }, { name: "narrow" });
  const wide = scoped({}, { name: "wide" });
  const expired = scoped({}, { name: "expired", validUntil: "2026-01-01T00:00:00Z" });
  assert.equal(assertVerified(run({ ...good(), entries: [narrow, expired, wide] })).evidence.signer.name, "wide");
  assert.deepEqual(complaints(run({ ...good(), entries: [narrow, expired] })), ["key-validity WB-KEY-EXPIRED"]);
  assert.deepEqual(complaints(run({ ...good(), entries: [narrow] })), [
    "scope-predicate WB-SCOPE-PREDICATE",
    "scope-subject WB-SCOPE-SUBJECT",
  ]);
  const half = [scoped({ predicates: [] }), scoped({ subjects: [] })];
  assert.equal(run({ ...good(), entries: half }).outcome, "refused", "the scopes of two entries do not add up");
});
