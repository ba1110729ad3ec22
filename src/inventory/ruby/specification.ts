import { normalize } from "node:path/posix";
import type { Entry, Source } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import type { LicenceClaim, Technique } from "../../model/sbom.ts";
import { folderOf, inFolder } from "../folders.ts";
import { licenceClaims } from "../../artifact/licence.ts";

const MAX_BYTES = 2 * 1024 * 1024;
const MAX_LINE = 4000;
const MAX_REQUIRED = 64;
/** A value put into a value put into a value would double each time. */
const MAX_VALUE = 1000;
/** `%q<text>`, `"text"` or `'text'`, perhaps frozen; what is interpolated is put in by the constants that are known. */
const STRING = /%q<([^<>]*)>|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/gu;
const ASSIGNED = /^\s*([a-z_]\w*)\.([a-z_]+)\s*=\s*(.+)$/u;
const NEED = /^\s*([a-z_]\w*)\.add_(runtime_|development_)?dependency[\s(]+(.+)$/u;
const CONSTANT = /^\s*([A-Z]\w*)\s*=\s*(.+)$/u;
const VARIABLE = /^\s*([a-z_]\w*)\s*=\s*(.+)$/u;

/** What a gem says it needs. */
export interface GemNeed {
  readonly name: string;
  readonly clauses: readonly string[];
  readonly development: boolean;
  readonly line: number;
}

/** What is read of a gem's specification without running it. */
export interface Specification {
  readonly name?: string;
  readonly version?: string;
  /** A version is given by an expression that would have to be run. */
  readonly computed: boolean;
  readonly platform?: string;
  readonly line?: number;
  readonly licences: readonly LicenceClaim[];
  readonly needs: readonly GemNeed[];
}

type Values = Map<string, string>;

/** The texts in an expression, `#{…}` replaced; one with something unknown in it is left out. */
function textsIn(expression: string, values: Values): readonly string[] {
  const found: string[] = [];
  for (const [, quoted, double, single] of expression.slice(0, MAX_LINE).matchAll(STRING)) {
    const text = quoted ?? double ?? single ?? "";
    const filled = double === undefined ? text : fill(text, values);
    if (filled !== undefined) found.push(filled);
  }
  return found;
}

function fill(text: string, values: Values): string | undefined {
  let known = true;
  const filled = text.replace(/#\{\s*([\w:.]+)\s*\}/gu, (_, name: string) => {
    const value = values.get(name) ?? values.get(name.slice(name.lastIndexOf(":") + 1));
    known &&= value !== undefined;
    return value ?? "";
  });
  return known && filled.length <= MAX_VALUE && !filled.includes("#{") ? filled : undefined;
}

/** The value of an expression that is one text or a constant; undefined for anything that would have to be run. */
function valueOf(expression: string, values: Values): string | undefined {
  const text = expression.trim();
  if (/^(?:["']|%q<|Gem::Version\.new)/u.test(text)) return textsIn(text, values)[0];
  const name = /^((?:::)?[A-Za-z_]\w*(?:(?:::|\.)[A-Za-z_]\w*)*)(?:\.(?:dup|freeze|to_s))?\s*(?:#.*)?$/u.exec(
    text,
  )?.[1];
  if (name === undefined) return undefined;
  const bare = name.replace(/\.(?:dup|freeze|to_s)$/u, "");
  return values.get(bare) ?? values.get(bare.slice(bare.lastIndexOf(":") + 1));
}

/** Constants of the files that a specification requires, by their last names: where a gem keeps its version. */
function addRequired(text: string, entry: Entry, source: Source, values: Values): void {
  const folder = folderOf(entry.path);
  const asked = text.matchAll(
    /^[ \t]*require(?:_relative)?\b([^\n(]{0,200}\([ \t]*\n(?:[^\n)]{0,500}\n){0,20}|[^\n]{0,500})/gmu,
  );
  let count = 0;
  for (const [, expression = ""] of asked) {
    const joined = [...expression.matchAll(STRING)].map(([, a, b, c]) => a ?? b ?? c ?? "").join("/");
    count += 1;
    if (count > MAX_REQUIRED) return;
    const file = joined.endsWith(".rb") ? joined : `${joined}.rb`;
    // `require "acme/version"` is looked for in `lib`, too; in an expand_path the file's own name takes one `..`.
    for (const place of [file, `lib/${file}`, file.replace(/^\.\.\//u, "")]) {
      const path = normalize(inFolder(folder, `./${place}`));
      const found = path.startsWith("..") ? undefined : source.find(path);
      if (found?.kind !== "file" || found.sizeBytes > MAX_BYTES) continue;
      for (const line of readLines(found)) addValue(line, CONSTANT, values);
      break;
    }
  }
}

function addValue(line: string, pattern: RegExp, values: Values): void {
  const [, name, expression] = pattern.exec(line) ?? [];
  if (name === undefined || expression === undefined || values.has(name)) return;
  const value = valueOf(expression, values);
  if (value !== undefined) values.set(name, value);
}

function readLines(entry: Entry): readonly string[] {
  return Buffer.from(entry.bytes(MAX_BYTES))
    .toString("utf8")
    .split("\n")
    .map((line) => line.slice(0, MAX_LINE));
}

/**
 * A gem's specification read as text, line by line, and never run: name, version (a text, or a constant of a file that it requires),
 * platform, licences and needs. What is computed is not known.
 */
export function readSpecification(entry: Entry, source: Source, technique: Technique): Specification {
  const lines = readLines(entry);
  const values: Values = new Map();
  try {
    addRequired(lines.join("\n"), entry, source, values);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  const fields = new Map<string, { readonly expression: string; readonly line: number }>();
  const needs: GemNeed[] = [];
  let variable: string | undefined;
  for (const [index, line] of lines.entries()) {
    addValue(line, CONSTANT, values);
    addValue(line, VARIABLE, values);
    variable ??= /Gem::Specification\.new\b[^|]{0,200}\|\s*([a-z_]\w*)\s*\|/u.exec(line)?.[1];
    const [, owner, field, expression] = ASSIGNED.exec(line) ?? [];
    if (field !== undefined && expression !== undefined && owner === variable && !fields.has(field)) {
      fields.set(field, { expression, line: index + 1 });
      const value = valueOf(expression, values);
      if (value !== undefined) values.set(`${owner}.${field}`, value);
    }
    const [, needing, kind, given] = NEED.exec(line) ?? [];
    if (given === undefined || needing !== variable) continue;
    const [name, ...clauses] = textsIn(given, values);
    if (name !== undefined && name !== "")
      needs.push({ name, clauses, development: kind === "development_", line: index + 1 });
  }
  const told = (field: string): string | undefined => {
    const found = fields.get(field);
    const value = found === undefined ? undefined : valueOf(found.expression, values);
    return value === undefined || value === "" || value.length > 200 ? undefined : value;
  };
  const [name, version, platform, line] = [told("name"), told("version"), told("platform"), fields.get("name")?.line];
  const licences = textsIn(fields.get("licenses")?.expression ?? fields.get("license")?.expression ?? "", values);
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    computed: version === undefined && fields.has("version"),
    ...(platform !== undefined && platform !== "ruby" && { platform }),
    ...(line !== undefined && { line }),
    licences: licenceClaims(licences, technique),
    needs,
  };
}
