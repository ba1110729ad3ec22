/**
 * The bytes that a DSSE signature is over (secure-systems-lab/dsse, protocol.md, "Signature Definition"):
 * `"DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload`, lengths in bytes as ASCII decimals.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, "utf8");
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.byteLength} `, "ascii"),
    type,
    Buffer.from(` ${payload.byteLength} `, "ascii"),
    payload,
  ]);
}
