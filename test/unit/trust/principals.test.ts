import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evidence, Signer, TrustEntry } from "../../../src/model/trust.ts";
import { distinctPrincipals } from "../../../src/trust/principals.ts";
import { alice, assertVerified, bob, carol, entryOf, good, provenance, run } from "./signed.ts";

function vouched(signer: Signer, change: Partial<TrustEntry>): Evidence {
  return assertVerified(run({ ...good(provenance(), signer), entries: [entryOf(signer, change)] })).evidence;
}

test("several keys of one principal, and copies of one statement, count once", () => {
  const first = vouched(alice, { principal: "acme" });
  const second = vouched(bob, { principal: "acme" });
  assert.deepEqual(distinctPrincipals([first, second, first]), ["acme"]);
  assert.deepEqual(distinctPrincipals([first, vouched(carol, { principal: "audit" })]), ["acme", "audit"]);
  assert.deepEqual(distinctPrincipals([]), []);
});

test("one key under two names is one principal, in whatever order", () => {
  const both = [vouched(alice, { principal: "acme" }), vouched(alice, { principal: "zeta" })];
  assert.deepEqual(distinctPrincipals(both), ["acme"]);
  assert.deepEqual(distinctPrincipals(both.toReversed()), ["acme"]);
});
