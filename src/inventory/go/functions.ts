import type { Entry } from "../../model/artifact.ts";
import { Fields, rangeOf } from "../binary/fields.ts";
import type { Program, Section, Segment } from "../binary/form.ts";
import { readProgram } from "../binary/program.ts";
import { readBuildInfo } from "./build-info.ts";

/** Kubernetes' largest program has 12 MB of names. */
const MAX_NAMES_BYTES = 128 * 1024 * 1024;
const CHUNK_BYTES = 1 << 20;
const MAX_SEARCH_BYTES = 256 * CHUNK_BYTES;
const SECTIONS = /(?:^|\.)(?:__)?gopclntab$/u;

/** First bytes of the table (runtime/symtab.go, `pcHeader`), and which word holds the offsets of the names and of what follows them. */
const LAYOUTS: ReadonlyMap<number, readonly [names: number, after: number]> = new Map([
  [0xfffffff1, [3, 4]], // Go 1.20
  [0xfffffff0, [3, 4]], // Go 1.18
  [0xfffffffa, [2, 3]], // Go 1.16
]);

/** The packages and functions that the linker left in a Go program. */
export interface GoFunctions {
  /** GOOS and GOARCH that it was built for, where it says so. */
  readonly system?: string;
  readonly architecture?: string;
  /** Whether any function of the package is there. */
  hasPackage(path: string): boolean;
  /** Whether a function is there, by its name in records: `Parse`, or `Type.Method` whatever the receiver. */
  has(path: string, symbol: string): boolean;
}

interface Names {
  readonly start: number;
  readonly end: number;
}

/** Where the names lie, by the header at this offset; undefined for what is no header. */
function namesAt(entry: Entry, at: number, littleEndian: boolean): Names | undefined {
  const head = rangeOf(entry, at, 8 + 8 * 8);
  const fields = new Fields(head, littleEndian);
  const layout = LAYOUTS.get(fields.u32(0) ?? 0);
  const width = head[7];
  // Two zero bytes, the least length of an instruction, the width of an address.
  if (layout === undefined || head[4] !== 0 || head[5] !== 0 || (width !== 4 && width !== 8)) return undefined;
  const word = (nth: number): number | undefined => fields.word(8 + nth * width, width === 8);
  const [start, end] = [word(layout[0]), word(layout[1])];
  if (start === undefined || end === undefined || end <= start || end - start > MAX_NAMES_BYTES) return undefined;
  return at + end > entry.sizeBytes ? undefined : { start: at + start, end: at + end };
}

/** The section where the linker gives it one; else, as in PE, it is looked for: its header is aligned. */
function findNames(entry: Entry, program: Program): Names | undefined {
  const { littleEndian, sections, segments } = program;
  const named = sections.find(({ name }) => SECTIONS.test(name));
  if (named !== undefined) return namesAt(entry, named.offset, littleEndian);
  let left = MAX_SEARCH_BYTES;
  for (const part of segments) {
    const found = search(entry, part, Math.min(part.size, left), littleEndian);
    if (found !== undefined) return found;
    left -= Math.min(part.size, left);
  }
  return undefined;
}

function search(entry: Entry, part: Section | Segment, size: number, littleEndian: boolean): Names | undefined {
  const marks = [...LAYOUTS.keys()].map((magic) => {
    const mark = Buffer.alloc(6);
    if (littleEndian) mark.writeUInt32LE(magic);
    else mark.writeUInt32BE(magic);
    return mark;
  });
  for (let start = 0; start < size; start += CHUNK_BYTES) {
    const chunk = Buffer.from(rangeOf(entry, part.offset + start, Math.min(CHUNK_BYTES + 8, size - start)));
    for (const mark of marks) {
      for (let at = chunk.indexOf(mark); at >= 0; at = chunk.indexOf(mark, at + 1)) {
        const offset = part.offset + start + at;
        const found = at % 4 === 0 ? namesAt(entry, offset, littleEndian) : undefined;
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

/** `golang.org/x/text/language.(*Tag).Parent` → package and `Tag.Parent`; what is inside of a function counts as it. */
function partsOf(name: string): readonly [path: string, symbol: string] | undefined {
  // The linker writes a dot behind the last slash as `%2e` (cmd/internal/objabi, PathToPrefix).
  const bracket = name.indexOf("[");
  const plain = bracket < 0 ? name : name.slice(0, bracket);
  const dot = plain.indexOf(".", plain.lastIndexOf("/") + 1);
  if (dot <= 0) return undefined;
  const path = plain.slice(0, dot).replaceAll("%2e", ".");
  const rest = plain.slice(dot + 1).replace(/^\(\*([^)]*)\)/u, "$1");
  const [first = "", second] = rest.split(/[.-]/u);
  const nested = second === undefined || /^(?:func\d+|gowrap\d+|deferwrap\d+|fm|\d+)$/u.test(second);
  return [path, nested ? first : `${first}.${second}`];
}

/**
 * The functions of a Go program, those that were made part of others among them, by the table that the runtime needs for its stack
 * traces: stripping leaves it in (Go 1.16 and later). Of packages other than `paths` nothing is kept. Undefined where there is no such
 * table, or an older one. Reads at most 128 MiB of names; lying offsets give undefined.
 */
export function readGoFunctions(entry: Entry, paths: ReadonlySet<string>): GoFunctions | undefined {
  const program = readProgram(entry);
  const place = program === undefined ? undefined : findNames(entry, program);
  if (place === undefined) return undefined;
  const found = new Map<string, Set<string>>();
  let rest = "";
  for (let at = place.start; at < place.end; at += CHUNK_BYTES) {
    const bytes = rangeOf(entry, at, Math.min(CHUNK_BYTES, place.end - at));
    const names = (rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")).split("\0");
    // No name is longer than a piece; one that is cut goes on in the next.
    rest = (names.pop() ?? "").slice(-CHUNK_BYTES);
    for (const name of names) {
      const parts = partsOf(name);
      if (parts === undefined || !paths.has(parts[0])) continue;
      const symbols = found.get(parts[0]);
      if (symbols === undefined) found.set(parts[0], new Set([parts[1]]));
      else symbols.add(parts[1]);
    }
  }
  const modules = readBuildInfo(entry)?.modules ?? "";
  const system = /^build\tGOOS=(\w{1,30})$/mu.exec(modules)?.[1];
  const architecture = /^build\tGOARCH=(\w{1,30})$/mu.exec(modules)?.[1];
  return {
    ...(system !== undefined && { system }),
    ...(architecture !== undefined && { architecture }),
    hasPackage: (path) => found.has(path),
    has: (path, symbol) => found.get(path)?.has(symbol) === true,
  };
}
