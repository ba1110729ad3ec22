import type { DigestHex } from "./digest.ts";

export const BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** DSSE envelope (secure-systems-lab/dsse, envelope.md). `payload` and `sig` are standard base64 of the bytes. */
export interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly sig: string; readonly keyid?: string }[];
}

/**
 * A Sigstore bundle v0.3 (sigstore/protobuf-specs, sigstore_bundle.proto), as far as it is used here: a DSSE envelope and a
 * public-key hint. Later forms (certificate, log entries, time stamps) join `verificationMaterial`.
 */
export interface Bundle {
  readonly mediaType: typeof BUNDLE_MEDIA_TYPE;
  readonly verificationMaterial: {
    readonly publicKey: { readonly hint: string };
    readonly tlogEntries?: readonly never[];
    readonly timestampVerificationData?: { readonly rfc3161Timestamps: readonly never[] };
  };
  readonly dsseEnvelope: Envelope;
}

/** A bundle as it lies in a papers file. */
export interface Paper {
  /** SHA-256 of the line's bytes, without the line feed. */
  readonly digest: DigestHex;
  /** 1-based line in the papers file. */
  readonly line: number;
  readonly bundle: Bundle;
}

/** Papers of artifacts: beside a file (`FILE.waybill.jsonl`), later also in a registry or a server's store. */
export interface PaperStore {
  /** Throws `WB-PAPERS-LINE` naming file and line for a line that is no bundle. */
  read(): readonly Paper[];
  /** Appends atomically; a bundle that is there already is not added twice. */
  put(bundles: readonly Bundle[]): readonly Paper[];
}
