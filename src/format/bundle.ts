import { BUNDLE_MEDIA_TYPE, type Bundle, type Envelope } from "../model/bundle.ts";
import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";
import { decodeBase64 } from "./base64.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { parseJson } from "./json.ts";
import { asString, Fields, formFault, type Place, rootPlace } from "./shape.ts";

/** A paper holds an SBOM of a large application at most; base64 makes it a third larger. */
const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;

/**
 * Reads a Sigstore bundle v0.3 (sigstore/protobuf-specs, sigstore_bundle.proto, in protobuf's JSON mapping): a DSSE envelope
 * with one signature and a public-key hint. `where` is `file:line`. Base64 is strict. Of a name given twice the last counts,
 * which changes nothing that is signed: the signature is over the payload's bytes.
 *
 * Faults: WB-BUNDLE-FORM (input) for what is broken; WB-BUNDLE-KIND (unchecked) for sound forms that are not read here, such
 * as certificates and log entries; those of `parseJson`.
 */
export function parseBundle(line: string | Uint8Array, where: string): Bundle {
  const json = parseJson(line, where, { maxBytes: MAX_BUNDLE_BYTES, maxDepth: 32 });
  const bundle = new Fields(json, rootPlace(where, "WB-BUNDLE-FORM"));
  if (bundle.has("verification_material") || bundle.has("media_type")) {
    throw bundle.fault("mediaType", "a bundle with the JSON names of protobuf's mapping (`verificationMaterial`)");
  }
  readMediaType(bundle);
  if (bundle.has("messageSignature")) throw otherKind(where, "a signature over a file, without a statement");
  bundle.only(["mediaType", "verificationMaterial", "dsseEnvelope"]);
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: readMaterial(bundle.object("verificationMaterial")),
    dsseEnvelope: readEnvelope(bundle.object("dsseEnvelope")),
  };
}

/** One line of JSON without a line feed, names in the order of the specification. */
export function printBundle(bundle: Bundle): string {
  const { verificationMaterial: material, dsseEnvelope: envelope } = bundle;
  return JSON.stringify({
    mediaType: bundle.mediaType,
    verificationMaterial: {
      publicKey: { hint: material.publicKey.hint },
      tlogEntries: material.tlogEntries,
      timestampVerificationData: material.timestampVerificationData,
    },
    dsseEnvelope: {
      payload: envelope.payload,
      payloadType: envelope.payloadType,
      signatures: envelope.signatures.map(({ sig, keyid }) => ({ sig, keyid })),
    },
  });
}

function readMediaType(bundle: Fields): void {
  const mediaType = bundle.string("mediaType");
  if (mediaType === BUNDLE_MEDIA_TYPE) return;
  if (mediaType.startsWith("application/vnd.dev.sigstore.bundle")) {
    throw otherKind(bundle.place.where, `a bundle of media type ${cleanText(mediaType)}`);
  }
  throw bundle.fault("mediaType", BUNDLE_MEDIA_TYPE);
}

function readMaterial(material: Fields): Bundle["verificationMaterial"] {
  const { where } = material.place;
  if (material.has("certificate")) throw otherKind(where, "a certificate as verification material");
  if (material.has("x509CertificateChain")) throw otherKind(where, "a certificate chain as verification material");
  material.only(["publicKey", "tlogEntries", "timestampVerificationData"]);
  const hint = material.object("publicKey").only(["hint"]).optionalString("hint") ?? "";
  material.optionalList("tlogEntries", () => {
    throw otherKind(where, "transparency log entries");
  });
  const times = material.optionalObject("timestampVerificationData")?.only(["rfc3161Timestamps"]);
  times?.optionalList("rfc3161Timestamps", () => {
    throw otherKind(where, "RFC 3161 time stamps");
  });
  return {
    publicKey: { hint },
    ...(material.has("tlogEntries") && { tlogEntries: [] }),
    ...(times !== undefined && { timestampVerificationData: { rfc3161Timestamps: [] } }),
  };
}

function readEnvelope(envelope: Fields): Envelope {
  envelope.only(["payload", "payloadType", "signatures"]);
  const signatures = envelope.list("signatures", readSignature);
  if (signatures.length !== 1) throw envelope.fault("signatures", "a list of exactly one signature");
  return {
    payload: base64(envelope.string("payload"), envelope.at("payload")),
    payloadType: envelope.string("payloadType"),
    signatures,
  };
}

function readSignature(value: Json, place: Place): Envelope["signatures"][number] {
  const signature = new Fields(value, place).only(["sig", "keyid"]);
  const keyid = signature.get("keyid");
  return {
    sig: base64(signature.string("sig"), signature.at("sig")),
    ...(keyid !== undefined && { keyid: asString(keyid, signature.at("keyid")) }),
  };
}

function base64(text: string, place: Place): string {
  if (decodeBase64(text) === undefined) throw formFault(place, "standard base64 with padding (RFC 4648)", text);
  return text;
}

function otherKind(where: string, found: string): Fault {
  return new Fault({
    code: "WB-BUNDLE-KIND",
    kind: "unchecked",
    what: `the bundle holds ${found}, which is not read here`,
    where,
    expected: "a bundle v0.3 with a DSSE envelope and a public-key hint",
    found,
    fix: "verify it with a tool that reads this kind, such as cosign",
  });
}
