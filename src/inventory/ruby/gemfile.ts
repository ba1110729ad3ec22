import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { type DeclaredNeed, declaredNeeds } from "../declared-needs.ts";
import { manifestKind, readText } from "../document.ts";
import { calledAfter, folderOf, inFolder } from "../folders.ts";
import { readGemspec } from "./gemspec.ts";
import { gemPurl } from "./names.ts";

const GEMFILE = manifestKind("the Gemfile");
const MAX_BYTES = 1024 * 1024;
const MAX_LINE = 4000;
const MAX_NEEDS = 10_000;
const CALL = /^\s*gem[\s(]\s*(?:(["'])([A-Za-z0-9][\w.-]{0,199})\1(.*)|(.*))$/u;
const CLAUSE = /^\s*,\s*(["'])((?:[<>=!~]{1,2}\s*)?[0-9A-Za-z][\w.-]*)\1/u;
const EXACT = /^(?:=\s*)?([0-9][\w.-]*)$/u;
const OPTIONS = /^(?:$|if\b|unless\b|,\s*(?:\w+:(?!:)|:\w+\s*=>|["']\w+["']\s*=>|\*\*))/u;
const GROUPS = /(?:^|[\s,(])(?:groups?:|:groups?\s*=>)\s*(\[[^\]]*\]|:\w+|%i\[[^\]]*\])/u;
const FROM = /(?:^|[\s,])(?:(git|github|path):|:(git|github|path)\s*=>)\s*(["'])([^"']{1,500})\3/u;
const BLOCK = /\bdo(?:\s*\|[^|]*\|)?\s*$|^\s*(?:if|unless|case|begin|while|until|def)\b/u;

/** Groups of a block with `optional: true`, which are installed only where they are asked for. */
const OPTIONAL = "optional:";

/** Bundler installs all other groups; those of these names are not there for running. */
function scopeOf(groups: readonly string[]): Scope {
  if (groups.includes(OPTIONAL)) return "optional";
  const scopes = groups.map((group): Scope =>
    group === "test" ? "test" : group === "development" ? "dev" : "runtime",
  );
  return (["runtime", "dev", "test"] as const).find((scope) => scopes.includes(scope)) ?? "runtime";
}

/** `:a`, `[:a, :b]` and `%i[a b]`. */
const symbols = (text: string): readonly string[] =>
  [...text.replace(/^%i/u, "").matchAll(/\w+/gu)].map(([name]) => name);

/** The groups of a block that a line begins; none of any other block. */
function groupsOf(statement: string): readonly string[] {
  const named = /^\s*group[\s(](.*)$/u.exec(statement)?.[1];
  if (named === undefined) return [];
  const groups = [...named.matchAll(/:(\w+)/gu)].map(([, group = ""]) => group).filter((group) => group !== "optional");
  return /\boptional(?::|\s*=>)\s*true\b/u.test(named) ? [...groups, OPTIONAL] : groups;
}

/** Lines with what goes on behind a comma, without comments, each with its number. */
function* statements(text: string): Iterable<readonly [line: number, statement: string]> {
  let begun: readonly [number, string] | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = (raw.length > MAX_LINE ? "" : raw).replace(/(?:^|\s)#(?!\{).*$/u, "").trimEnd();
    const whole: readonly [number, string] =
      begun === undefined ? [index + 1, line] : [begun[0], `${begun[1]} ${line.trim()}`];
    begun = line.endsWith(",") && whole[1].length < MAX_LINE ? whole : undefined;
    if (begun === undefined) yield whole;
  }
  if (begun !== undefined) yield begun;
}

/** `gem NAME, CLAUSES…, OPTIONS`; undefined where the name or a version is computed. */
function needOf(
  name: string,
  rest: string,
  entry: Entry,
  line: number,
  inherited: readonly string[],
): DeclaredNeed | undefined {
  const clauses: string[] = [];
  let left = rest;
  for (let match = CLAUSE.exec(left); match !== null && clauses.length < 10; match = CLAUSE.exec(left)) {
    clauses.push(match[2] ?? "");
    left = left.slice(match[0].length);
  }
  // What follows is options, whose names come first, or the end; all else is computed.
  if (!OPTIONS.test(left.replace(/^[\s)]+/u, ""))) return undefined;
  const groups = GROUPS.exec(left)?.[1];
  const scope = scopeOf([...inherited, ...(groups === undefined ? [] : symbols(groups))]);
  const [, one, other, , place = ""] = FROM.exec(left) ?? [];
  const from = one ?? other;
  const exact = clauses.length === 1 && from === undefined ? EXACT.exec(clauses[0] ?? "")?.[1] : undefined;
  // `github: "OWNER/NAME"` is short for its repository, and one name for both (Bundler, gemfile(5)).
  const repository = `https://github.com/${place.includes("/") ? place : `${place}/${place}`}.git`;
  const url = from === "git" ? place.replace(/^(https?:\/\/)[^/@]*@/u, "$1") : repository;
  const written = [name, ...clauses, ...(from === undefined ? [] : [`from ${from}`])].join(" ");
  const purl = from === "path" ? undefined : gemPurl(name, exact, from === undefined ? {} : { vcs_url: `git+${url}` });
  const occurrence = { path: entry.path, line, technique: "declared" } as const;
  return {
    met: { name, version: exact, purl, ecosystem: "RubyGems", scope, own: from === "path", occurrence },
    written,
  };
}

function parse(
  text: string,
  entry: Entry,
): { readonly needs: readonly DeclaredNeed[]; readonly computed: readonly number[] } {
  const needs: DeclaredNeed[] = [];
  const computed: number[] = [];
  const blocks: (readonly string[])[] = [];
  for (const [line, statement] of statements(text)) {
    if (/^\s*end\b/u.test(statement)) blocks.pop();
    const match = CALL.exec(statement);
    if (match !== null && needs.length < MAX_NEEDS) {
      const [, , name, rest = ""] = match;
      const need = name === undefined ? undefined : needOf(name, rest, entry, line, blocks.flat());
      if (need === undefined) computed.push(line);
      else needs.push(need);
    } else if (/\bgem[\s(]\s*["']/u.test(statement)) computed.push(line);
    else if (BLOCK.test(statement) && !/\bend\s*$/u.test(statement)) blocks.push(groupsOf(statement));
  }
  return { needs, computed };
}

/** The gems that are written in the Gemfile's folder. */
function specificationsIn(folder: string, source: Source): readonly Entry[] {
  const outside = (directory: string): boolean => directory !== folder && !folder.startsWith(`${directory}/`);
  const here = inFolder(folder, "");
  return [...source.entries(outside)].filter(
    ({ kind, path }) =>
      kind === "file" && path.endsWith(".gemspec") && path.startsWith(here) && folderOf(path) === folder,
  );
}

/**
 * A `Gemfile` without its lockfile (Bundler, gemfile(5)), read as text and never run: `gem` with a name and versions that are written
 * out, groups, and the gem that is written beside it. What is computed is told. Throws `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM`.
 */
export function readGemfile(entry: Entry, source: Source): Extraction {
  const folder = folderOf(entry.path);
  const { needs, computed } = parse(readText(entry, GEMFILE, MAX_BYTES), entry);
  const unknowns = computed.slice(0, 20).map((line): Unknown => ({
    where: `${cleanText(entry.path, 300)}:${line}`,
    what: "which gem is asked for here is computed: it is not known without running the Gemfile",
  }));
  const [specification] = specificationsIn(folder, source);
  const written = specification === undefined ? undefined : readGemspec(specification, source);
  const subject = written?.subject ?? { name: calledAfter(folder, source), digests: {} };
  const own = declaredNeeds(entry.path, subject, needs, unknowns);
  if (written === undefined) return own;
  const known = new Set(written.components.map(({ ref }) => ref));
  return {
    ...own,
    ...(written.licences !== undefined && { licences: written.licences }),
    components: [...written.components, ...own.components.filter(({ ref }) => !known.has(ref))],
    dependencies: [...written.dependencies, ...own.dependencies.filter(({ to }) => !known.has(to))],
    unknowns: [...written.unknowns, ...own.unknowns],
  };
}
