import { encodeBase64 } from "../format/base64.ts";
import { preAuthEncoding } from "../format/dsse.ts";
import { printStatement } from "../format/intoto.ts";
import { BUNDLE_MEDIA_TYPE, type Bundle } from "../model/bundle.ts";
import { IN_TOTO_PAYLOAD_TYPE, type Statement } from "../model/statement.ts";
import type { Signer } from "../model/trust.ts";

/**
 * Signs a statement: canonical JSON in a DSSE envelope in a Sigstore bundle v0.3, over DSSE's pre-authentication encoding. The
 * hint is base64 of the SHA-256 of the key's SPKI DER, as cosign 3.1.3 writes and sigstore-conformance has it (measured); no
 * `keyid`, as there. A second signature is a second bundle (DESIGN, rule 10).
 */
export function signStatement(statement: Statement, signer: Signer): Bundle {
  const payload = printStatement(statement);
  const signature = signer.sign(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, payload));
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: encodeBase64(Buffer.from(signer.keyId, "hex")) } },
    dsseEnvelope: {
      payload: encodeBase64(payload),
      payloadType: IN_TOTO_PAYLOAD_TYPE,
      signatures: [{ sig: encodeBase64(signature) }],
    },
  };
}
