/** Writes whole numbers from 0 on, seven bits a byte, the low ones first (LEB128). */
export function writeVarints(numbers: Iterable<number>): Buffer {
  const bytes: number[] = [];
  for (const number of numbers) {
    let rest = number;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

/** Reads them back; throws RangeError where the last one is cut off or one is no safe integer. */
export function* readVarints(bytes: Uint8Array): Generator<number, void> {
  for (let at = 0; at < bytes.length;) {
    let [value, scale, byte] = [0, 1, 0x80];
    for (; byte >= 0x80; scale *= 0x80) {
      byte = bytes[at++] ?? 0x80;
      value += (byte & 0x7f) * scale;
      if (at > bytes.length || !Number.isSafeInteger(value)) throw new RangeError("a damaged number");
    }
    yield value;
  }
}

/** A sorted list as its steps: most are small. */
export function writeSteps(sorted: readonly number[]): Buffer {
  return writeVarints(sorted.map((number, index) => number - (sorted[index - 1] ?? 0)));
}

export function readSteps(bytes: Uint8Array): readonly number[] {
  let at = 0;
  return Array.from(readVarints(bytes), (step) => (at += step));
}
