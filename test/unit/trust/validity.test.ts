import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrustEntry } from "../../../src/model/trust.ts";
import { alice, assertVerified, AT, complaints, entryOf, good, provenance, run } from "./signed.ts";

const judged = (change: Partial<TrustEntry>, at = AT): readonly string[] =>
  complaints(run({ ...good(), entries: [entryOf(alice, change)], at }));

test("validity is judged at the time asked, both ends included", () => {
  assert.deepEqual(judged({ validFrom: AT, validUntil: AT }), []);
  assert.deepEqual(judged({ validFrom: "2026-11-23T10:00:01Z" }), ["key-validity WB-KEY-NOT-YET-VALID"]);
  assert.deepEqual(judged({ validUntil: "2026-11-23T09:59:59Z" }), ["key-validity WB-KEY-EXPIRED"]);
  const { checks } = run(good());
  assert.equal(checks.find(({ name }) => name === "key-validity")?.found, `judged at ${AT}`);
});

test("the signer's own time does not bring an expired key back", () => {
  const asked = good(provenance({ finishedOn: "2026-06-01T00:00:00Z" }));
  const entries = [entryOf(alice, { validUntil: "2026-07-01T00:00:00Z" })];
  assert.deepEqual(complaints(run({ ...asked, entries })), ["key-validity WB-KEY-EXPIRED"]);
});

test("a compromised key is refused whatever time is asked or claimed", () => {
  const revoked = { at: "2026-12-01T00:00:00Z", reason: "compromise" } as const;
  assert.deepEqual(judged({ revoked }), ["key-validity WB-KEY-REVOKED"]);
  assert.deepEqual(judged({ revoked }, "2030-01-01T00:00:00Z"), ["key-validity WB-KEY-REVOKED"]);
  const beside = [entryOf(alice, { name: "unaware" }), entryOf(alice, { revoked })];
  assert.deepEqual(
    complaints(run({ ...good(), entries: beside })),
    ["key-validity WB-KEY-REVOKED"],
    "one entry that knows is enough",
  );
});

test("a superseded key is good until it was superseded", () => {
  const revoked = { at: AT, reason: "superseded" } as const;
  assert.deepEqual(judged({ revoked }), []);
  assert.deepEqual(judged({ revoked }, "2026-11-23T10:00:01Z"), ["key-validity WB-KEY-SUPERSEDED"]);
});

test("a limit that cannot be read refuses", () => {
  for (const change of [
    { validFrom: "soon" },
    { validUntil: "never" },
    { revoked: { at: "x", reason: "superseded" as const } },
  ]) {
    assert.equal(judged(change).length, 1);
  }
});

test("the signing time is the signer's word, none where none is stated, and never in the future", () => {
  const time = (finishedOn: string): unknown => assertVerified(run(good(provenance({ finishedOn })))).evidence.time;
  assert.deepEqual(
    time("2026-11-23T11:05:00+01:00"),
    { value: "2026-11-23T10:05:00Z", source: "signer" },
    "five minutes of skew",
  );
  assert.deepEqual(
    time("1999-01-01T00:00:00Z"),
    { value: "1999-01-01T00:00:00Z", source: "signer" },
    "age is a matter of policy",
  );
  assert.deepEqual(complaints(run(good(provenance({ finishedOn: "2026-11-23T10:05:01Z" })))), [
    "signing-time WB-TIME-FUTURE",
  ]);
  const untimed = {
    ...provenance(),
    predicateType: "https://cyclonedx.org/bom",
    predicate: { bomFormat: "CycloneDX", specVersion: "1.6" },
  };
  const entries = [entryOf(alice, { scope: { ...entryOf(alice).scope, predicates: ["cyclonedx"] } })];
  assert.deepEqual(assertVerified(run({ ...good(untimed), entries })).evidence.time, { value: null, source: "none" });
});
