import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { oneDigest } from "./archives.ts";
import { lockedExtraction } from "./lock-extraction.ts";
import { graphOf, type Resolved, type Need } from "./graph.ts";
import { push } from "./lists.ts";
import { NO_EXTRAS, textHolds } from "./marker.ts";
import { commitDigest } from "./names.ts";
import { parentOf } from "./paths.ts";
import { groupScope, joined, subjectOf } from "./project.ts";
import { projectBeside } from "./pyproject.ts";
import { type Asked, decodeRequirements, readLine, splitRequirements } from "./requirement-lines.ts";
import { readTarget, type Target } from "./requirement-target.ts";
import { needersOf } from "./via.ts";
import { type Clause, meetsAll, pinOf } from "./version.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_REQUIREMENTS = 50_000;
/** Files that one file includes, in all; real ones are under ten. */
const MAX_INCLUDED = 256;

/** A requirement where it stands. */
interface Listed {
  readonly target: Target;
  readonly hashes: readonly string[];
  readonly file: string;
  readonly line: number;
  /** Who needs it, by `# via` comments; undefined: the file itself lists it. */
  readonly via: readonly string[] | undefined;
}

/** Everything that a file and what it includes ask for. */
class Reading {
  readonly listed: Listed[] = [];
  readonly constraints = new Map<string, Clause[]>();
  readonly unknowns: Unknown[] = [];
  readonly #source: Source;
  readonly #seen = new Set<string>();
  #full = false;

  constructor(source: Source) {
    this.#source = source;
  }

  read(entry: Entry, constraining: boolean): void {
    const open: [Entry, boolean][] = [[entry, constraining]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [file, constrains] = next;
      const key = `${constrains ? "c" : "r"} ${file.path}`;
      if (this.#seen.has(key)) continue;
      if (this.#seen.size >= MAX_INCLUDED) {
        this.#tell(file.path, undefined, `is not read: more than ${MAX_INCLUDED} files are included`);
        return;
      }
      this.#seen.add(key);
      this.#file(file, constrains, open);
    }
  }

  #file(entry: Entry, constrains: boolean, open: [Entry, boolean][]): void {
    const { lines, comments } = splitRequirements(decodeRequirements(entry.bytes(MAX_BYTES), entry.path));
    const needers = needersOf(lines, comments);
    for (const [index, { line, text }] of lines.entries()) {
      const asked = readLine(text);
      if (asked.kind === "include" || asked.kind === "constraint") {
        const included = this.#include(asked.path, entry.path, line);
        if (included !== undefined) open.push([included, constrains || asked.kind === "constraint"]);
      } else if (asked.kind !== "option") this.#requirement(asked, entry.path, line, constrains, needers?.[index]);
    }
  }

  #include(path: string, file: string, line: number): Entry | undefined {
    const inside = path.includes("://") ? undefined : joined(parentOf(file), path);
    const entry = inside === undefined || inside === "" ? undefined : this.#source.find(inside);
    if (entry?.kind === "file") return entry;
    const why = path.includes("://")
      ? "lies on a server, which is not asked"
      : inside === undefined
        ? "leads out of the source"
        : "is not in the source";
    this.#tell(file, line, `${cleanText(path, 100)} is included and ${why}`);
    return undefined;
  }

  #requirement(
    asked: Extract<Asked, { kind: "requirement" | "editable" }>,
    file: string,
    line: number,
    constrains: boolean,
    via: readonly string[] | undefined,
  ): void {
    const target = readTarget(asked.text, parentOf(file));
    if (target === undefined || /\$\{[A-Z0-9_]+\}/.test(asked.text)) {
      const why =
        target === undefined ? "is no requirement that names a package" : "depends on an environment variable";
      // An address may hold an account: nothing of it is told.
      this.#tell(
        file,
        line,
        asked.text.includes("://") ? `the address ${why}` : `${cleanText(asked.text, 100)} ${why}`,
      );
      if (target === undefined) return;
    }
    const { name, clauses } = target.requirement;
    if (this.listed.length >= MAX_REQUIREMENTS) {
      if (this.#full) return;
      this.#full = true;
      this.#tell(file, line, `is not read from here on: more than ${MAX_REQUIREMENTS} requirements`);
    } else if (constrains) this.#constrain(name, clauses);
    // The project itself, installed for work on it.
    else if (target.folder !== "") {
      this.listed.push({ target, hashes: asked.kind === "requirement" ? asked.hashes : [], file, line, via });
    }
  }

  #constrain(name: string, clauses: readonly Clause[]): void {
    const before = this.constraints.get(name);
    if (before === undefined) this.constraints.set(name, [...clauses]);
    else if (before.length < 64) before.push(...clauses);
  }

  #tell(file: string, line: number | undefined, what: string): void {
    this.unknowns.push({ where: `${cleanText(file, 300)}${line === undefined ? "" : `:${line}`}`, what });
  }
}

/** The version that is exactly asked for; a constraint on the same package may be what fixes it. */
function versionOf(
  { version, requirement, origin }: Target,
  constraints: ReadonlyMap<string, readonly Clause[]>,
): string | undefined {
  const pinned = version ?? pinOf(requirement.clauses);
  if (pinned !== undefined || origin !== undefined) return pinned;
  const constrained = pinOf(constraints.get(requirement.name) ?? []);
  return constrained !== undefined && meetsAll(constrained, requirement.clauses) ? constrained : undefined;
}

/** What a file's name says of what it is for: `requirements-dev.txt`, `requirements/test.txt`. */
export function fileScope(path: string): Scope {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.(?:txt|in|pip)$/, "");
  const word = name.replace(/requirements?|^reqs?|[-_.]?(?:lock|pinned|frozen)/g, "").replace(/^[-_.]+|[-_.]+$/g, "");
  const development =
    /(?:^|[-_.])(?:dev|develop|development|local|lint|linting|docs?|ci|typing|types|mypy|tools?|tests?|testing|build)(?:[-_.]|$)/;
  return development.test(word) ? groupScope(word) : "runtime";
}

function lockedOf(one: Listed, scope: Scope, constraints: ReadonlyMap<string, readonly Clause[]>): Resolved {
  const { requirement, origin, commit, folder } = one.target;
  const marker = textHolds(requirement.marker, NO_EXTRAS);
  return {
    name: requirement.name,
    version: versionOf(one.target, constraints),
    origin,
    digests: { ...oneDigest(one.hashes), ...commitDigest(commit) },
    line: one.line,
    file: one.file,
    folder,
    needs: [],
    extras: new Map(),
    // A marker that can never hold is an optional need at most; one that depends on the place is a need.
    scope: marker === false ? "optional" : scope,
  };
}

/**
 * Reads a requirements file with what it includes (`-r`, `-c`), as pip does. Exact pins are versions; a range is declared and has none.
 * Throws `WB-LOCKFILE-SYNTAX` for a file that is no text.
 */
export function readRequirements(entry: Entry, source: Source): Extraction {
  const reading = new Reading(source);
  reading.read(entry, false);
  const { listed, constraints, unknowns } = reading;
  const scope = fileScope(entry.path);
  const packages = listed.map((one) => lockedOf(one, scope, constraints));
  const byName = Map.groupBy(packages.entries(), ([, { name }]) => name);
  const needs: Need[] = [];
  const needed = new Map<number, Need[]>();
  for (const [index, { via }] of listed.entries()) {
    const { name } = packages[index] ?? { name: "" };
    const { file, line } = listed[index] ?? {};
    const need: Need = { name, extras: [], scope, isMeant: (one) => one.line === line && one.file === file };
    for (const needer of via ?? [""]) {
      // A needer that is no package of the file is an input of it: the project asks.
      const sources = byName.get(needer) ?? [];
      if (sources.length === 0) needs.push(need);
      for (const [from] of sources.slice(0, 16)) push(needed, from, need);
    }
  }
  const all: readonly Resolved[] = packages.map((locked, index) => ({ ...locked, needs: needed.get(index) ?? [] }));
  const project = projectBeside(entry.path, source);
  const subject = subjectOf(project, entry.path, source);
  const graph = graphOf({ file: entry.path, root: subject.purl ?? subject.name, packages: all, needs });
  const ranged = all.filter(
    ({ version, origin, folder }) => version === undefined && origin === undefined && folder === undefined,
  );
  const told = ranged.slice(0, 20).map(({ name, file, line }) => ({
    where: `${cleanText(file ?? entry.path, 300)}:${line ?? 1}`,
    what: `${cleanText(name, 100)} is asked for without an exact version`,
  }));
  const extraction = lockedExtraction({
    file: entry.path,
    subject,
    project: project ?? { licences: [] },
    graph,
    edgesKnown: listed.length > 0 && listed.every(({ via }) => via !== undefined),
    unknowns: [...unknowns, ...told],
  });
  const method = ranged.length === 0 ? "locked" : "declared";
  return { ...extraction, completeness: { ...extraction.completeness, method } };
}
