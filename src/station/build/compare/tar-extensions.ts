import type { TarExtension, TarMember } from "../../../artifact/tar.ts";
import { compareHeaders } from "./tar-header.ts";
import { equalBytes, isZeros, type Walk } from "./pair.ts";

/** Keys that `tar-pax` forgives, each with the form of its value (IEEE Std 1003.1, pax Extended Header Keywords). */
const FORGIVEN: ReadonlyMap<string, RegExp> = new Map([
  ...["mtime", "atime", "ctime"].map((key) => [key, /^-?\d{1,12}(?:\.\d{1,9})?$/] as const),
  ...["uid", "gid"].map((key) => [key, /^\d{1,12}$/] as const),
  ...["uname", "gname"].map((key) => [key, /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/] as const),
]);

/** Compares the extended headers before two members: only records of time and owner are forgiven. */
export function compareExtensions(a: TarMember, b: TarMember, archive: string, path: string, walk: Walk): void {
  if (a.extensions.length === b.extensions.length) {
    for (const [index, extension] of a.extensions.entries()) {
      const other = b.extensions[index];
      if (other !== undefined) compareExtension(extension, other, archive, path, walk);
    }
    return;
  }
  // One side has a header that the other lacks. Its own block could carry anything, so it must be all ordinary.
  const optional = (extension: TarExtension): boolean => isTimesOnly(extension) && isOrdinary(extension, path);
  const [needed, others] = [a, b].map(({ extensions }) => extensions.filter((extension) => !optional(extension)));
  if (needed?.length === 0 && others?.length === 0) {
    const keys = [...a.extensions, ...b.extensions].flatMap(({ records }) => [...records.keys()]);
    walk.found.forgive("tar-pax", archive, path, `${[...new Set(keys)].join(", ")} on one side only`);
  } else {
    const detail = `${a.extensions.length} extended headers against ${b.extensions.length}`;
    walk.found.differ("tar-records", archive, path, detail);
  }
}

function compareExtension(a: TarExtension, b: TarExtension, archive: string, path: string, walk: Walk): void {
  compareHeaders(a.header, b.header, archive, path, walk, a.content.length !== b.content.length);
  if (!isZeros(a.padding) || !isZeros(b.padding)) {
    if (!equalBytes(a.padding, b.padding)) {
      walk.found.differ("tar-padding", archive, path, "bytes in the padding behind an extended header");
    }
  }
  if (equalBytes(a.content, b.content)) return;
  const [left, right] = [lasting(a), lasting(b)];
  if (a.type !== b.type || left === undefined || right === undefined || left !== right) {
    walk.found.differ("tar-records", archive, path, "another record in an extended header than time and owner");
    return;
  }
  const keys = [...FORGIVEN.keys()].filter((key) => a.records.get(key) !== b.records.get(key));
  const first = keys[0] ?? "";
  const detail = `${a.records.get(first) ?? "none"} against ${b.records.get(first) ?? "none"}`;
  walk.found.forgive(
    "tar-pax",
    archive,
    path,
    keys.length === 0 ? "the order of records" : `${keys.join(", ")}: ${detail}`,
  );
}

/** All records but the forgivable ones, as text in their order; undefined where a forgivable one has no such value. */
function lasting({ type, records, content }: TarExtension): string | undefined {
  if (type !== "x" && type !== "g") return Buffer.from(content).toString("latin1");
  const kept: [string, string][] = [];
  for (const [key, value] of records) {
    const form = FORGIVEN.get(key);
    if (form === undefined) kept.push([key, value]);
    else if (!form.test(value)) return undefined;
  }
  return JSON.stringify(kept);
}

function isTimesOnly(extension: TarExtension): boolean {
  return extension.type === "x" && extension.records.size > 0 && lasting(extension) === "[]";
}

/** The block of an extended header as tar programs write it: named after its member, no link, nothing in unused bytes. */
function isOrdinary({ header, padding }: TarExtension, path: string): boolean {
  const bytes = Buffer.from(header);
  const field = (from: number, length: number): string | undefined => {
    const end = bytes.subarray(from, from + length).indexOf(0);
    const used = end < 0 ? length : end;
    return isZeros(bytes.subarray(from + used, from + length)) ? bytes.toString("utf8", from, from + used) : undefined;
  };
  const [name, prefix] = [field(0, 100), field(345, 155)];
  if (name === undefined || prefix === undefined || field(157, 100) !== "") return false;
  const own = path.slice(path.lastIndexOf("!/") + 1).replace(/^\//, "");
  const whole = `${prefix === "" ? "" : `${prefix}/`}${name}`;
  const stated = whole.replace(/(?:^|\/)PaxHeaders?(?:\.\d{1,10})?\//, (match) => (match.startsWith("/") ? "/" : ""));
  const base = own.slice(own.lastIndexOf("/") + 1);
  const named = whole === "././@PaxHeader" || (stated !== whole && [own, base].some((text) => text.startsWith(stated)));
  return named && stated !== "" && isZeros(bytes.subarray(500)) && isZeros(padding) && hasPlainRest(bytes);
}

/** Numbers in the number fields, a magic, and names of an owner. */
function hasPlainRest(bytes: Buffer): boolean {
  const numbers = [
    [100, 8],
    [108, 8],
    [116, 8],
    [124, 12],
    [136, 12],
    [329, 8],
    [337, 8],
  ] as const;
  const names = [bytes.toString("latin1", 265, 297), bytes.toString("latin1", 297, 329)];
  return (
    numbers.every(([from, length]) => /^[0-7 \0]*$/.test(bytes.toString("latin1", from, from + length))) &&
    /^(?:ustar\x0000|ustar {2}\0)$/.test(bytes.toString("latin1", 257, 265)) &&
    names.every((name) => /^(?:[A-Za-z_][A-Za-z0-9_.-]*)?\0*$/.test(name))
  );
}
