import { tarNumber } from "../../../artifact/tar-header.ts";
import { sameButUmask } from "./mode.ts";
import { equalBytes, isZeros, type Walk } from "./pair.ts";

type Field = readonly [offset: number, length: number];

/** Offsets of IEEE Std 1003.1, "ustar Interchange Format". */
const MODE: Field = [100, 8];
const SIZE: Field = [124, 12];
const MTIME: Field = [136, 12];
const CHECKSUM: Field = [148, 8];
const IDS: readonly Field[] = [
  [108, 8],
  [116, 8],
];
const NAMES: readonly Field[] = [
  [265, 32],
  [297, 32],
];

/**
 * Compares two header blocks. Time, umask bits and owner are forgiven where both sides hold a value of the field's form;
 * the checksum follows from the rest. Every other byte must be equal, unused ones included: they could carry anything.
 */
export function compareHeaders(
  a: Uint8Array,
  b: Uint8Array,
  archive: string,
  path: string,
  { found }: Walk,
  sizeDiffers: boolean,
): void {
  const [left, right] = [Uint8Array.from(a), Uint8Array.from(b)];
  const blank = (field: Field): void => {
    for (const side of [left, right]) side.fill(0, field[0], field[0] + field[1]);
  };
  if (shapeOf(a, CHECKSUM) === shapeOf(b, CHECKSUM)) blank(CHECKSUM);
  // Contents of other length are told as such.
  if (sizeDiffers && shapeOf(a, SIZE) === shapeOf(b, SIZE)) blank(SIZE);
  const [timeA, timeB] = [valueOf(a, MTIME), valueOf(b, MTIME)];
  if (!sameField(a, b, MTIME) && timeA !== undefined && timeB !== undefined) {
    blank(MTIME);
    found.forgive("tar-mtime", archive, path, `${timeA} against ${timeB}`);
  }
  const [modeA, modeB] = [valueOf(a, MODE), valueOf(b, MODE)];
  if (!sameField(a, b, MODE) && modeA !== undefined && modeB !== undefined && shapeOf(a, MODE) === shapeOf(b, MODE)) {
    blank(MODE);
    const detail = `${modeA.toString(8)} against ${modeB.toString(8)}`;
    if (sameButUmask(modeA, modeB)) found.forgive("tar-mode", archive, path, detail);
    else found.differ("mode", archive, path, `${detail}: more than a umask decides`);
  }
  const owners = [
    ...IDS.filter((field) => valueOf(a, field) !== undefined && valueOf(b, field) !== undefined),
    ...NAMES.filter((field) => isOwnerName(a, field) && isOwnerName(b, field)),
  ].filter((field) => !sameField(a, b, field));
  if (owners.length > 0) {
    const shown = [a, b].map((side) => `${valueOf(side, IDS[0] ?? MODE)}:${valueOf(side, IDS[1] ?? MODE)}`);
    found.forgive("tar-owner", archive, path, `${shown[0]} against ${shown[1]}`);
    for (const field of owners) blank(field);
  }
  if (!equalBytes(left, right)) {
    const at = left.findIndex((byte, index) => byte !== right[index]);
    found.differ("tar-header", archive, path, `byte ${at} of the header`);
  }
}

function sameField(a: Uint8Array, b: Uint8Array, [from, length]: Field): boolean {
  return equalBytes(a.subarray(from, from + length), b.subarray(from, from + length));
}

function valueOf(header: Uint8Array, [from, length]: Field): number | undefined {
  return tarNumber(header, from, length);
}

/** The form of a field without its digits, so that blanks and NULs carry nothing. */
function shapeOf(header: Uint8Array, [from, length]: Field): string {
  return Buffer.from(header.subarray(from, from + length))
    .toString("latin1")
    .replace(/[0-7]/g, "0");
}

/** A user's or group's name, or none, and nothing behind its end. */
function isOwnerName(header: Uint8Array, [from, length]: Field): boolean {
  const field = Buffer.from(header.subarray(from, from + length));
  const end = field.indexOf(0);
  const name = field.toString("latin1", 0, end < 0 ? length : end);
  return /^(?:[A-Za-z_][A-Za-z0-9_.-]*)?$/.test(name) && (end < 0 || isZeros(field.subarray(end)));
}
