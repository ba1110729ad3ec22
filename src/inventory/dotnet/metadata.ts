import type { Entry } from "../../model/artifact.ts";
import { Fields, fixedText } from "../binary/fields.ts";
import type { Program } from "../binary/form.ts";
import { peDirectory } from "../binary/pe.ts";
import { bytesAt } from "../binary/program.ts";
import { bytesBeforeAssembly, TABLE } from "./metadata-tables.ts";

/** What an assembly says it is. */
export interface AssemblyName {
  readonly name: string;
  /** Four numbers, which many leave alone from one release to the next. */
  readonly version: string;
}

const CLI_HEADER = 14;
const SIGNATURE = 0x424a_5342;
const MAX_STREAMS = 16;
const MAX_NAME = 512;

/** Where the streams of an assembly's metadata begin, by name (ECMA-335, II.24.2). */
function streamsOf(root: Uint8Array): ReadonlyMap<string, number> {
  const fields = new Fields(root, true);
  const streams = new Map<string, number>();
  if (fields.u32(0) !== SIGNATURE) return streams;
  let at = 16 + (fields.u32(12) ?? 0);
  const count = Math.min(fields.u16(at + 2) ?? 0, MAX_STREAMS);
  at += 4;
  for (let stream = 0; stream < count; stream += 1) {
    const offset = fields.u32(at);
    if (offset === undefined) break;
    const name = fixedText(root, at + 8, 32);
    streams.set(name, offset);
    at += 8 + 4 * Math.ceil((name.length + 1) / 4);
  }
  return streams;
}

/** The assembly that a PE file is (ECMA-335, II.22.2); undefined for programs that are none, and for modules without a manifest. */
export function assemblyOf(entry: Entry, program: Program): AssemblyName | undefined {
  const directory = peDirectory(entry, CLI_HEADER);
  if (directory === undefined) return undefined;
  const at = (address: number, length: number): Uint8Array => bytesAt(entry, program, address, length);
  const root = directory.base + (new Fields(at(directory.address, 16), true).u32(8) ?? 0);
  const streams = streamsOf(at(root, 4096));
  const [tables, strings] = [streams.get("#~") ?? streams.get("#-"), streams.get("#Strings")];
  if (tables === undefined || strings === undefined) return undefined;
  const head = new Fields(at(root + tables, 24 + 64 * 4), true);
  const present = [head.u32(8) ?? 0, head.u32(12) ?? 0];
  const rows: number[] = [];
  let next = 24;
  for (let table = 0; table < 64; table += 1) {
    const there = ((present[table >> 5] ?? 0) >>> (table & 31)) & 1;
    rows.push(there === 1 ? (head.u32(next) ?? 0) : 0);
    next += there * 4;
  }
  if (rows[TABLE.Assembly] !== 1) return undefined;
  const heaps = (head.u32(4) ?? 0) >>> 16;
  const [string, guid, blob] = [1, 2, 4].map((bit) => ((heaps & bit) === 0 ? 2 : 4) as 2 | 4);
  if (string === undefined || guid === undefined || blob === undefined) return undefined;
  const place = root + tables + next + bytesBeforeAssembly({ string, guid, blob, rows });
  const row = new Fields(at(place, 16 + blob + string), true);
  const name = string === 4 ? row.u32(16 + blob) : row.u16(16 + blob);
  const numbers = [4, 6, 8, 10].map((field) => row.u16(field));
  if (name === undefined || numbers.includes(undefined)) return undefined;
  const text = at(root + strings + name, MAX_NAME);
  const end = text.indexOf(0);
  return { name: Buffer.from(text.subarray(0, Math.max(end, 0))).toString("utf8"), version: numbers.join(".") };
}
