/** ECMA-182's polynomial, reflected, in two halves. */
const POLYNOMIAL = [0xd7870f42, 0xc96c5795] as const;

/** For each byte its effect, low and high half apart: JavaScript has no fast 64-bit integers. */
const [LOW, HIGH] = tables();

function tables(): [Int32Array, Int32Array] {
  const [low, high] = [new Int32Array(256), new Int32Array(256)];
  for (let byte = 0; byte < 256; byte += 1) {
    let [a, b] = [byte, 0];
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = (a & 1) !== 0;
      a = (a >>> 1) | (b << 31);
      b >>>= 1;
      if (carry) [a, b] = [a ^ POLYNOMIAL[0], b ^ POLYNOMIAL[1]];
    }
    [low[byte], high[byte]] = [a, b];
  }
  return [low, high];
}

/** CRC-64 as .xz uses it (section 6): little-endian bytes of the checksum. */
export function crc64(): { update(bytes: Uint8Array): void; digest(): Buffer } {
  let [low, high] = [-1, -1];
  return {
    update: (bytes) => {
      let [a, b] = [low, high];
      for (let at = 0; at < bytes.length; at += 1) {
        const index = (a ^ (bytes[at] ?? 0)) & 0xff;
        a = ((a >>> 8) | (b << 24)) ^ (LOW[index] ?? 0);
        b = (b >>> 8) ^ (HIGH[index] ?? 0);
      }
      [low, high] = [a, b];
    },
    digest: () => {
      const digest = Buffer.alloc(8);
      digest.writeInt32LE(~low, 0);
      digest.writeInt32LE(~high, 4);
      return digest;
    },
  };
}
