import { checksumKey, type LockedPackage } from "./lock-package.ts";

/** No line of TOML has these outside of escapes; a carriage return stands before a line feed only. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/;
const COMMENTS = /#.*\n|\n+/y;
const VERSION = /version = \d{1,9}\n/y;
/** One table as cargo writes it: basic strings without escapes, and fields in one order. */
const TABLE =
  /\n*\[\[(package|patch\.unused)\]\]\nname = "([^"\\\n]*)"\nversion = "([^"\\\n]*)"\n(?:source = "([^"\\\n]*)"\n)?(?:checksum = "([^"\\\n]*)"\n)?/y;
const NEEDS = "dependencies = [\n";
const METADATA = /\n*\[metadata\]\n/y;
const CHECKSUM = /"([^"\\\n]*)" = "([^"\\\n]*)"\n/y;

/** Reads a text from its beginning on, each time where the last match ended. */
class Matcher {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#text) ?? undefined;
    if (match !== undefined) this.#at = sticky.lastIndex;
    return match;
  }

  /** The lines of a list of needs, without the first and the last; undefined where no list is next. */
  needs(): string | undefined {
    if (!this.#text.startsWith(NEEDS, this.#at)) return undefined;
    const start = this.#at + NEEDS.length;
    const end = this.#text.startsWith("]\n", start) ? start : this.#text.indexOf("\n]\n", start) + 1;
    if (end === 0) return undefined;
    this.#at = end + 2;
    return this.#text.slice(start, end);
  }

  /** Whether nothing but line feeds is left. */
  get ended(): boolean {
    return this.#text.slice(this.#at).trim() === "";
  }
}

type Open = { -readonly [K in keyof LockedPackage]: LockedPackage[K] };

/** Each need is a basic string without escapes on a line of its own. */
function listed(needs: string | undefined): readonly string[] | undefined {
  if (needs === undefined || needs === "") return [];
  if (!needs.startsWith(' "') || !needs.endsWith('",\n')) return undefined;
  const all = needs.slice(2, -3).split('",\n "');
  return all.every((one) => !/["\\\n]/.test(one)) ? all : undefined;
}

/**
 * The packages of a lockfile that is written as cargo itself writes it, a table at a time and many times faster than TOML is read.
 * Undefined for any other text, also such as is no TOML: it is then read by the whole grammar.
 */
export function readLockLines(written: string): readonly LockedPackage[] | undefined {
  if (CONTROL.test(written)) return undefined;
  const text = new Matcher(written.includes("\r") ? written.replaceAll("\r\n", "\n") : written);
  let line = 1;
  for (let match = text.next(COMMENTS); match !== undefined; match = text.next(COMMENTS)) line += linesIn(match[0]);
  if (text.next(VERSION) !== undefined) line += 1;
  const packages: Open[] = [];
  for (let match = text.next(TABLE); match !== undefined; match = text.next(TABLE)) {
    const [whole, table, name = "", version = "", source, checksum] = match;
    const needs = text.needs();
    const dependencies = listed(needs);
    if (dependencies === undefined) return undefined;
    if (table === "package") {
      packages.push({
        name,
        version,
        ...(source !== undefined && { source }),
        ...(checksum !== undefined && { checksum }),
        dependencies,
        line: line + whole.indexOf("[") + 1,
      });
    }
    line += linesIn(whole) + (needs === undefined ? 0 : linesIn(needs) + 2);
  }
  if (text.next(METADATA) !== undefined && !addChecksums(text, packages)) return undefined;
  return text.ended ? packages : undefined;
}

/** Checksums of version 1. Whether each stands there once, as TOML wants it. */
function addChecksums(text: Matcher, packages: readonly Open[]): boolean {
  const sums = new Map<string, string>();
  for (let match = text.next(CHECKSUM); match !== undefined; match = text.next(CHECKSUM)) {
    const [, key = "", sum = ""] = match;
    if (sums.has(key)) return false;
    sums.set(key, sum);
  }
  for (const one of packages) {
    const sum = one.checksum ?? (one.source && sums.get(checksumKey(one.name, one.version, one.source)));
    if (sum !== undefined) one.checksum = sum;
  }
  return true;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1)) lines += 1;
  return lines;
}
