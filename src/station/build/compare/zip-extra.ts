/** Extended time stamp (Info-ZIP), old Info-ZIP times, NTFS times (APPNOTE 4.5.5). */
const UNIX_TIME = 0x5455;
const OLD_UNIX = 0x5855;
const NTFS = 0x000a;

/**
 * The extra fields of a header as text, without those that hold times only; undefined where the region is not made of whole
 * fields. A time field of another length than its form asks for is kept: the rest could carry anything.
 */
export function timeExtras(extra: Uint8Array, local: boolean): string | undefined {
  const bytes = Buffer.from(extra);
  const kept: string[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined;
    const id = bytes.readUInt16LE(at);
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (end > bytes.length) return undefined;
    const data = bytes.subarray(at + 4, end);
    if (!isTimes(id, data, local)) kept.push(`${id}:${data.toString("hex")}`);
    at = end;
  }
  return kept.join(",");
}

function isTimes(id: number, data: Buffer, local: boolean): boolean {
  if (id === OLD_UNIX) return data.length === 8;
  if (id === NTFS) {
    // Four reserved bytes, tag 1, its size, three times of eight bytes.
    return (
      data.length === 32 && data.readUInt32LE(0) === 0 && data.readUInt16LE(4) === 1 && data.readUInt16LE(6) === 24
    );
  }
  if (id !== UNIX_TIME) return false;
  const flags = data[0] ?? 0xff;
  // Modified, accessed, created; the central header has the first only, with the flags of the local one.
  const times = local ? [1, 2, 4].filter((bit) => (flags & bit) !== 0).length : flags & 1;
  return flags <= 7 && data.length === 1 + 4 * times;
}
