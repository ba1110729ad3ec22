import { checksumKey, type LockedPackage, type MutablePackage } from "./lock-package.ts";

/** No line of TOML has these outside of escapes; a carriage return stands before a line feed only. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/;
const TEXT_FIELDS = new Set(["name", "version", "source", "checksum"]);

/** A value as cargo writes it: a basic string without escapes, which is the text between the quotes. */
function plain(written: string): string | undefined {
  if (written.length < 2 || !written.startsWith('"') || !written.endsWith('"')) return undefined;
  const text = written.slice(1, -1);
  return text.includes('"') || text.includes("\\") ? undefined : text;
}

/** The reader of lines: a state for each table that cargo writes. */
class Lines {
  readonly packages: MutablePackage[] = [];
  readonly checksums = new Map<string, string>();
  #table: "top" | "package" | "metadata" | "unused" = "top";
  #list: string[] | undefined;
  #fields = new Set<string>();

  /** Whether the line is one that cargo writes. */
  read(line: string, number: number): boolean {
    if (this.#list !== undefined) return this.#item(line);
    if (line === "" || line.startsWith("#")) return true;
    if (line.startsWith("[")) return this.#open(line);
    const equals = line.indexOf(line.startsWith('"') ? '" = ' : " = ");
    if (equals < 0) return false;
    const quoted = line.startsWith('"');
    const key = quoted ? line.slice(1, equals) : line.slice(0, equals);
    const value = line.slice(equals + (quoted ? 4 : 3));
    if (this.#table === "top") return !quoted && key === "version" && /^\d{1,9}$/.test(value) && this.#once(key);
    if (!this.#once(key)) return false;
    if (this.#table === "metadata") {
      const text = plain(value);
      if (text === undefined || key.includes("\\")) return false;
      this.checksums.set(key, text);
      return true;
    }
    return !quoted && this.#field(key, value, number);
  }

  /** Whether the text may end here. */
  get closed(): boolean {
    return this.#list === undefined;
  }

  #once(key: string): boolean {
    if (this.#fields.has(key)) return false;
    this.#fields.add(key);
    return true;
  }

  #open(line: string): boolean {
    this.#fields = new Set();
    if (line === "[[package]]") {
      this.#table = "package";
      this.packages.push({});
    } else if (line === "[[patch.unused]]") this.#table = "unused";
    else if (line === "[metadata]" && this.checksums.size === 0) this.#table = "metadata";
    else return false;
    return true;
  }

  #field(key: string, value: string, number: number): boolean {
    if (key === "dependencies" && value === "[") {
      this.#list = [];
      return true;
    }
    const text = plain(value);
    const open = this.packages.at(-1);
    if (text === undefined || !TEXT_FIELDS.has(key)) return false;
    if (this.#table === "unused" || open === undefined) return true;
    open[key as "name"] = text;
    if (key === "name") open.line = number;
    return true;
  }

  #item(line: string): boolean {
    if (line === "]") {
      const open = this.packages.at(-1);
      if (this.#table === "package" && open !== undefined) open.dependencies = this.#list ?? [];
      this.#list = undefined;
      return true;
    }
    const text = line.startsWith(" ") && line.endsWith(",") ? plain(line.slice(1, -1)) : undefined;
    if (text === undefined) return false;
    this.#list?.push(text);
    return true;
  }
}

/**
 * The packages of a lockfile that is written as cargo itself writes it, line by line and several times faster than TOML is read.
 * Undefined for any other text, also such as is no TOML: it is then read by the whole grammar.
 */
export function readLockLines(text: string): readonly LockedPackage[] | undefined {
  if (CONTROL.test(text)) return undefined;
  const lines = new Lines();
  let number = 0;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    number += 1;
    const line = text.charCodeAt(end - 1) === 13 ? text.slice(start, end - 1) : text.slice(start, end);
    if (!lines.read(line, number)) return undefined;
    start = end + 1;
  }
  if (!lines.closed) return undefined;
  const packages: LockedPackage[] = [];
  for (const { name, version, source, checksum, dependencies, line } of lines.packages) {
    if (name === undefined || version === undefined || line === undefined) return undefined;
    const sum = checksum ?? (source && lines.checksums.get(checksumKey(name, version, source)));
    packages.push({
      name,
      version,
      ...(source !== undefined && { source }),
      ...(sum !== undefined && { checksum: sum }),
      dependencies: dependencies ?? [],
      line,
    });
  }
  return packages;
}
