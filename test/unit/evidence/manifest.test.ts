import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { judgeManifest } from "../../../src/evidence/manifest.ts";
import { paperOf } from "../../../src/evidence/papers.ts";
import { manifestStatement } from "../../../src/evidence/statements.ts";
import type { Bundle } from "../../../src/model/bundle.ts";
import { PREDICATE_TYPES } from "../../../src/model/statement.ts";
import type { Evidence, Signer, TrustEntry } from "../../../src/model/trust.ts";
import { signStatement } from "../../../src/trust/sign.ts";
import { verify } from "../../../src/trust/verify.ts";
import { alice, assertVerified, AT, bob, DIGEST, entryOf, provenance, trustIn } from "../trust/signed.ts";

const artifact = { name: "widget-1.0.0.tgz", digests: { sha256: DIGEST } };
const [a, b, c] = ["a", "b", "c"].map((name) => sha256(name)) as [string, string, string];

function evidenceOf(bundle: Bundle, signer: Signer, change: Partial<TrustEntry> = {}): Evidence {
  const scope = { ...entryOf(signer).scope, predicates: ["*"] };
  const trust = trustIn(entryOf(signer, { scope, ...change }));
  const asked = { subject: artifact.digests, names: [artifact.name] };
  return assertVerified(verify(bundle, paperOf(bundle).digest, asked, trust, AT)).evidence;
}

function manifest(papers: readonly string[], signer: Signer = alice, name = "release"): Evidence {
  const listed = papers.map((digest) => ({ digest, predicateType: PREDICATE_TYPES.provenance }));
  return evidenceOf(signStatement(manifestStatement(artifact, listed, "2026-11-20T10:00:00Z"), signer), signer, {
    name,
  });
}

test("all listed papers are there: nothing missing, and the manifest itself need not be listed", () => {
  const evidence = manifest([a, b]);
  assert.deepEqual(judgeManifest([evidence], [b, a, evidence.paper]), {
    present: true,
    missing: [],
    unlisted: [],
    manifests: [evidence.paper],
    signer: "release",
  });
});

test("a stripped paper is missing, an added one is unlisted", () => {
  const evidence = manifest([a, b]);
  const { missing, unlisted } = judgeManifest([evidence], [c, a, evidence.paper]);
  assert.deepEqual({ missing, unlisted }, { missing: [b], unlisted: [c] });
});

test("without a manifest nothing is said to be complete", () => {
  const other = evidenceOf(signStatement(provenance(), alice), alice);
  const expected = { present: false, missing: [], unlisted: [], manifests: [], signer: null };
  assert.deepEqual(judgeManifest([other], [a, other.paper]), expected);
  assert.deepEqual(judgeManifest([], []), expected);
});

test("several manifests must all be fulfilled: a shorter one excuses nothing", () => {
  const [long, short] = [manifest([a, b]), manifest([a])];
  for (const order of [
    [long, short],
    [short, long],
  ]) {
    const { missing, unlisted } = judgeManifest(order, [a, long.paper, short.paper]);
    assert.deepEqual({ missing, unlisted }, { missing: [b], unlisted: [] });
  }
});

test("signers are told, each once", () => {
  const evidence = [manifest([a]), manifest([b], bob, "audit"), manifest([c])];
  assert.equal(judgeManifest(evidence, []).signer, "audit, release");
});
