import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { sha256 } from "../../../src/artifact/digest.ts";
import { encodeBase64 } from "../../../src/format/base64.ts";
import { preAuthEncoding } from "../../../src/format/dsse.ts";
import { verdictPredicate } from "../../../src/format/predicates.ts";
import { type Bundle, BUNDLE_MEDIA_TYPE } from "../../../src/model/bundle.ts";
import type { Verdict } from "../../../src/model/policy.ts";
import { IN_TOTO_PAYLOAD_TYPE, PREDICATE_TYPES, STATEMENT_TYPE, type Statement } from "../../../src/model/statement.ts";
import type { Expectation, Signer, Trust, TrustEntry, Verification } from "../../../src/model/trust.ts";
import { openKey } from "../../../src/trust/keys.ts";
import { signStatement } from "../../../src/trust/sign.ts";
import { verify } from "../../../src/trust/verify.ts";

export const AT = "2026-11-23T10:00:00Z";
export const DIGEST = sha256("the artifact");
export const BUILDER = "https://waybill.dev/builder/workstation";
export const VERIFIER = "https://waybill.dev/verifier/receive";

async function makeSigner(kind: "ec" | "ed25519"): Promise<Signer> {
  const { privateKey } =
    kind === "ec" ? generateKeyPairSync("ec", { namedCurve: "prime256v1" }) : generateKeyPairSync("ed25519");
  return openKey(privateKey.export({ format: "pem", type: "pkcs8" }).toString(), new Uint8Array());
}

export const [alice, bob, carol] = await Promise.all([makeSigner("ec"), makeSigner("ed25519"), makeSigner("ec")]);

export function provenance(
  change: { builder?: string; finishedOn?: string; digest?: Record<string, string> } = {},
): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: "widget-1.0.0.tgz", digest: change.digest ?? { sha256: DIGEST } }],
    predicateType: PREDICATE_TYPES.provenance,
    predicate: {
      buildDefinition: { buildType: "https://waybill.dev/build/v1", externalParameters: {} },
      runDetails: {
        builder: { id: change.builder ?? BUILDER },
        metadata: { finishedOn: change.finishedOn ?? "2026-11-23T09:00:00Z" },
      },
    },
  };
}

export function summary(): Statement {
  return {
    ...provenance(),
    predicateType: PREDICATE_TYPES.vsa,
    predicate: {
      verifier: { id: VERIFIER },
      timeVerified: "2026-11-23T09:00:00Z",
      resourceUri: "pkg:npm/widget@1.0.0",
      policy: { uri: "waybill.policy.yaml", digest: { sha256: sha256("policy") } },
      verificationResult: "PASSED",
      verifiedLevels: ["SLSA_BUILD_LEVEL_1"],
    },
  };
}

/** Somebody's verdict about the artifact, by the verifier of this id. */
export function verdictBy(verifierId: string): Statement {
  const verdict: Verdict = {
    station: "package",
    subject: { name: "widget-1.0.0.tgz", digest: DIGEST },
    decision: "allow",
    reasons: [],
    inputs: { policy: { origin: "p", digest: sha256("policy") }, trust: null, advisories: null, vex: [] },
    at: "2026-11-23T09:00:00Z",
  };
  const predicate = verdictPredicate(verdict, verifierId);
  return { ...provenance(), predicateType: PREDICATE_TYPES.verdict, predicate };
}

export function entryOf(signer: Signer, change: Partial<TrustEntry> = {}): TrustEntry {
  return {
    name: "release",
    principal: "release",
    identity: { kind: "key", keyId: signer.keyId, publicKeyPem: signer.publicKeyPem },
    scope: {
      predicates: ["provenance", "vsa", "verdict"],
      subjects: ["widget-*.tgz"],
      builders: { [BUILDER]: "SLSA_BUILD_LEVEL_1" },
      verifiers: [VERIFIER],
    },
    ...change,
  };
}

export function trustIn(...entries: readonly TrustEntry[]): Trust {
  return { entries, input: { origin: "test", digest: sha256("trust") } };
}

/** Signs whatever bytes, under whatever type: what a signer with a broken or hostile tool could make. */
export function signBytes(payload: Uint8Array, signer: Signer, payloadType = IN_TOTO_PAYLOAD_TYPE): Bundle {
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: encodeBase64(Buffer.from(signer.keyId, "hex")) } },
    dsseEnvelope: {
      payload: encodeBase64(payload),
      payloadType,
      signatures: [{ sig: encodeBase64(signer.sign(preAuthEncoding(payloadType, payload))) }],
    },
  };
}

export interface Case {
  bundle: Bundle;
  entries: readonly TrustEntry[];
  expectation: Expectation;
  at: string;
}

/** A verification in which every check holds. */
export function good(statement: Statement = provenance(), signer: Signer = alice): Case {
  return {
    bundle: signStatement(statement, signer),
    entries: [entryOf(signer)],
    expectation: { subject: { sha256: DIGEST }, names: ["widget-1.0.0.tgz"], predicateType: statement.predicateType },
    at: AT,
  };
}

export function run(asked: Case): Verification {
  return verify(asked.bundle, sha256("paper"), asked.expectation, trustIn(...asked.entries), asked.at);
}

/** The checks that say no, as `name code`. */
export function complaints(result: Verification): readonly string[] {
  return result.checks
    .filter(({ outcome, code }) => outcome !== "verified" && code !== "WB-CHECK-NOT-REACHED")
    .map(({ name, code }) => `${name} ${code}`);
}

export function assertVerified(result: Verification): Extract<Verification, { outcome: "verified" }> {
  assert.deepEqual(complaints(result), []);
  assert.equal(result.outcome, "verified");
  return result as Extract<Verification, { outcome: "verified" }>;
}
