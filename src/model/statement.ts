import type { DigestSet } from "./digest.ts";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const IN_TOTO_PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** The one place that names our own URI space: build types, builder ids and predicate types lie under it. */
export const WAYBILL_URI = "https://waybill.dev";

/** Predicate types that this product writes or judges, by the short names of flags, policy and trust files. */
export const PREDICATE_TYPES = {
  provenance: "https://slsa.dev/provenance/v1",
  vsa: "https://slsa.dev/verification_summary/v1",
  cyclonedx: "https://cyclonedx.org/bom",
  spdx: "https://spdx.dev/Document/v2.3",
  vulns: "https://in-toto.io/attestation/vulns/v0.2",
  openvex: "https://openvex.dev/ns/v0.2.0",
  manifest: `${WAYBILL_URI}/manifest/v1`,
  rebuild: `${WAYBILL_URI}/rebuild/v1`,
  verdict: `${WAYBILL_URI}/verdict/v1`,
  advisories: `${WAYBILL_URI}/advisories/v1`,
} as const;

/** Predicate types under which OpenVEX documents are signed: vexctl writes the name space without a version. */
export const OPENVEX_TYPES: readonly string[] = [
  PREDICATE_TYPES.openvex,
  "https://openvex.dev/ns",
  "https://openvex.dev/ns/v0.0.1",
];

export type PredicateName = keyof typeof PREDICATE_TYPES;

/** A JSON value as parsed: nothing is known of it yet. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** in-toto attestation spec/v1/resource_descriptor.md */
export interface ResourceDescriptor {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: DigestSet;
  readonly mediaType?: string;
  readonly downloadLocation?: string;
  readonly annotations?: JsonObject;
}

/** in-toto attestation spec/v1/statement.md. Each subject has a digest. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly (ResourceDescriptor & { readonly digest: DigestSet })[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}
