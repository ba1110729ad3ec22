import type { Bundle, Envelope } from "./bundle.ts";
import type { DigestHex, DigestSet, Timestamp } from "./digest.ts";
import type { FaultCode } from "./fault.ts";
import type { Statement } from "./statement.ts";

/** DESIGN, rule 1. */
export type Outcome = "verified" | "refused" | "unchecked";

/** One named check of a verification, with what was expected and found where it is not plain. */
export interface Check {
  readonly name: string;
  readonly outcome: Outcome;
  /** Present unless verified. */
  readonly code?: FaultCode;
  readonly expected?: string;
  readonly found?: string;
}

/** SLSA build track level, as `SLSA_BUILD_LEVEL_2` (SLSA v1.2, verified properties). */
export type BuildLevel = "SLSA_BUILD_LEVEL_0" | "SLSA_BUILD_LEVEL_1" | "SLSA_BUILD_LEVEL_2" | "SLSA_BUILD_LEVEL_3";

/** Signs bytes. Holds or reaches the private key; nothing else sees it. */
export interface Signer {
  /** Hex SHA-256 of the public key's SPKI DER. */
  readonly keyId: DigestHex;
  readonly publicKeyPem: string;
  /** ECDSA: DER signature over SHA-256; Ed25519: the 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** What a trusted identity may vouch for. Each list is a list of patterns with `*`; an absent list allows nothing. */
export interface TrustScope {
  /** Short names of `PREDICATE_TYPES`, or URIs. */
  readonly predicates: readonly string[];
  /** Names, package URLs or file names of subjects. */
  readonly subjects: readonly string[];
  /** builder.id → the highest build level that this identity may claim with it. Judged only for provenance. */
  readonly builders: Readonly<Record<string, BuildLevel>>;
  /** verifier.id patterns. Judged only for verification summaries and verdicts. */
  readonly verifiers: readonly string[];
}

/** Binds an identity to a scope (DESIGN, rule 2). Certificate identities and SPIFFE IDs become further variants of `identity`. */
export interface TrustEntry {
  readonly name: string;
  /** Who this is for thresholds: several keys of one principal count once (rule 10). Default: `name`. */
  readonly principal: string;
  readonly identity: { readonly kind: "key"; readonly keyId: DigestHex; readonly publicKeyPem: string };
  readonly scope: TrustScope;
  readonly validFrom?: Timestamp;
  readonly validUntil?: Timestamp;
  /** Revoked for compromise: all that lacks a trusted time before `at` is refused; superseded: as `validUntil` (rule 7). */
  readonly revoked?: { readonly at: Timestamp; readonly reason: "compromise" | "superseded" };
}

/** Where an input of a judgement came from. `builtin` is shipped with the program. */
export interface InputOrigin {
  readonly origin: string;
  readonly digest: DigestHex;
}

export interface Trust {
  readonly entries: readonly TrustEntry[];
  readonly input: InputOrigin;
}

/** When something was signed and who says so. `signer` = only the signer's own word (DESIGN, rule 7). */
export interface SigningTime {
  readonly value: Timestamp | null;
  readonly source: "signer" | "none" | "timestamp" | "log";
}

declare const verified: unique symbol;

/**
 * A statement of a known signer within its scope about this artifact. Only `verify()` in trust/ makes one: the brand has no
 * value that other code could write.
 */
export interface Evidence {
  readonly [verified]: true;
  readonly statement: Statement;
  readonly signer: TrustEntry;
  readonly time: SigningTime;
  /** Digest of the paper (the bundle's line). */
  readonly paper: DigestHex;
  /** The level that this signer may claim with this builder; provenance only. */
  readonly buildLevel?: BuildLevel;
}

/** What is asked of one verification. */
export interface Expectation {
  /** One of these digests must be a subject's; strong algorithms only. */
  readonly subject: DigestSet;
  /** Names that the subject is known by (file name, package URL), for subject scopes. */
  readonly names: readonly string[];
  /** Where given, the predicate type must be this URI. */
  readonly predicateType?: string;
}

export type Verification =
  | { readonly outcome: "verified"; readonly checks: readonly Check[]; readonly evidence: Evidence }
  | { readonly outcome: "refused" | "unchecked"; readonly checks: readonly Check[]; readonly paper: DigestHex };

/** Turns a bundle into evidence, or says which checks it failed; never throws for what the bundle holds. */
export type Verifier = (
  bundle: Bundle,
  paper: DigestHex,
  expectation: Expectation,
  trust: Trust,
  at: Timestamp,
) => Verification;

export type { Envelope };
