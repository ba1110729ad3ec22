import { decodeBase64 } from "../format/base64.ts";
import { preAuthEncoding } from "../format/dsse.ts";
import { BUNDLE_MEDIA_TYPE, type Bundle } from "../model/bundle.ts";
import type { DigestHex } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { IN_TOTO_PAYLOAD_TYPE } from "../model/statement.ts";
import type { TrustEntry } from "../model/trust.ts";
import { type NamedCheck, refused, verified } from "./checks.ts";
import { type PublicKey, readPublicKey } from "./keys.ts";

/** A payload that a known key signed, and the trust entries that hold this key. `payload` is absent unless all checks hold. */
export interface SignedPayload {
  readonly checks: readonly NamedCheck[];
  readonly payload?: Uint8Array;
  readonly entries: readonly TrustEntry[];
}

interface Opened {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** A bundle may come from code as well as from `parseBundle`, so its form is looked at again. */
function openEnvelope(bundle: Bundle): Opened | string {
  const { mediaType, dsseEnvelope: envelope } = bundle;
  if (mediaType !== BUNDLE_MEDIA_TYPE) return `media type ${String(mediaType)}`;
  const [first, second] = envelope.signatures;
  // Several signatures are several bundles (DESIGN, rule 10).
  if (first === undefined || second !== undefined) return `${envelope.signatures.length} signatures`;
  const payload = decodeBase64(envelope.payload);
  const signature = decodeBase64(first.sig);
  if (payload === undefined || signature === undefined) return "a payload or signature that is not strict base64";
  return { payload, signature };
}

/** The key id that a hint names: SHA-256 of the SPKI DER in base64 (as cosign writes it) or in hex. */
function hintedKeyId(hint: string): DigestHex | undefined {
  if (/^[0-9a-f]{64}$/.test(hint)) return hint;
  const bytes = decodeBase64(hint);
  return bytes?.length === 32 ? Buffer.from(bytes).toString("hex") : undefined;
}

/** The trusted key of this id. The id is computed from the key itself: what an entry says of its key proves nothing. */
function findKey(keyId: DigestHex | undefined, entries: readonly TrustEntry[]): PublicKey | undefined {
  const [entry] = entries.filter(({ identity }) => identity.keyId === keyId);
  if (entry === undefined) return undefined;
  try {
    const key = readPublicKey(entry.identity.publicKeyPem, entry.name);
    return key.keyId === keyId ? key : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/**
 * The checks `bundle-form`, `payload-type`, `key-known` and `signature` (secure-systems-lab/dsse, protocol.md, "Verifying
 * signatures"). The hint selects a key among the trusted ones; only a signature of that very key verifies. Codes:
 * WB-VERIFY-BUNDLE-FORM, WB-VERIFY-PAYLOAD-TYPE, WB-VERIFY-KEY-UNKNOWN, WB-VERIFY-SIGNATURE.
 */
export function checkSignature(bundle: Bundle, entries: readonly TrustEntry[]): SignedPayload {
  const opened = openEnvelope(bundle);
  if (typeof opened === "string") {
    const expected = "a bundle v0.3 with one DSSE signature";
    return { checks: [refused("bundle-form", "WB-VERIFY-BUNDLE-FORM", { expected, found: opened })], entries: [] };
  }
  const { payloadType } = bundle.dsseEnvelope;
  const isStatement = payloadType === IN_TOTO_PAYLOAD_TYPE;
  const seenType = { expected: IN_TOTO_PAYLOAD_TYPE, found: payloadType };
  const checks: NamedCheck[] = [
    verified("bundle-form"),
    isStatement ? verified("payload-type") : refused("payload-type", "WB-VERIFY-PAYLOAD-TYPE", seenType),
  ];
  const { hint } = bundle.verificationMaterial.publicKey;
  const key = findKey(hintedKeyId(hint), entries);
  if (key === undefined) {
    const expected = entries.length === 0 ? "a key of the trust, which is empty" : "a key of the trust";
    checks.push(
      refused("key-known", "WB-VERIFY-KEY-UNKNOWN", { expected, found: hint === "" ? "no hint" : `hint ${hint}` }),
    );
    return { checks, entries: [] };
  }
  const held = entries.filter(({ identity }) => identity.keyId === key.keyId);
  checks.push(verified("key-known", { found: held.map(({ name }) => name).join(", ") }));
  const good = key.verify(preAuthEncoding(payloadType, opened.payload), opened.signature);
  if (!good) {
    const seen = { expected: `a signature by ${held[0]?.name ?? "the key"} over this payload`, found: "another" };
    return { checks: [...checks, refused("signature", "WB-VERIFY-SIGNATURE", seen)], entries: held };
  }
  checks.push(verified("signature"));
  return { checks, entries: held, ...(isStatement ? { payload: opened.payload } : {}) };
}
