/** The name space of every version is this and the version. */
export const CYCLONEDX_NAMESPACE = "http://cyclonedx.org/schema/bom/";

/** Whether this is meant to be a CycloneDX document, whatever its name: by what such a document cannot do without. */
export function looksLikeCycloneDx(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isXml(bytes)
    ? text.subarray(0, 65_536).includes(CYCLONEDX_NAMESPACE)
    : /^(?:\xef\xbb\xbf)?\s*\{/.test(text.subarray(0, 256).toString("latin1")) &&
        /"bomFormat"\s*:\s*"CycloneDX"/.test(text.toString("latin1"));
}

/** Whether a text is XML rather than JSON: its first character that is no blank is `<`, in any encoding that is read. */
export function isXml(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 256)).toString("latin1");
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\s]*</.test(head);
}
