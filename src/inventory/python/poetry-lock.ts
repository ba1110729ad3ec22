import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope } from "../../model/sbom.ts";
import { oneDigest } from "./archives.ts";
import { type Document, formFault, lockfile, nameLines, readToml, tablesAt } from "./documents.ts";
import { isFields, valuesAt, type Fields, fieldsAt, textAt, textsAt } from "../fields.ts";
import { graphOf, type Resolved, type Need } from "./graph.ts";
import { push } from "./lists.ts";
import { lockedExtraction } from "./lock-extraction.ts";
import { ALL_EXTRAS, NO_EXTRAS, textHolds } from "./marker.ts";
import { commitDigest, isName, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import { type Constraint, poetryNeed } from "./poetry-constraint.ts";
import { type Declared, groupScope, joined, type Project, subjectOf } from "./project.ts";
import { projectBeside } from "./pyproject.ts";
import { parseRequirement } from "./requirement.ts";
import { meetsAll } from "./version.ts";

/** Ways in which one package needs another, each with a marker of its own. */
const MAX_WAYS = 64;
const KIND = lockfile("write it anew with poetry lock");

/** A package that the lockfile fixes at a version which the constraint allows; what has no version may be meant. */
export const allows =
  (constraint: Constraint) =>
  ({ version, origin }: Resolved): boolean =>
    version === undefined ||
    origin !== undefined ||
    constraint.length === 0 ||
    constraint.some((clauses) => meetsAll(version, clauses));

function filesOf(table: Fields, document: Document, name: string): readonly string[] {
  // Version 1 of the format had the files of all packages in one table.
  const files = Object.hasOwn(table, "files")
    ? valuesAt(table, "files")
    : valuesAt(fieldsAt(fieldsAt(document.table, "metadata"), "files"), name);
  return files.flatMap((file) => (isFields(file) ? [textAt(file, "hash") ?? ""] : []));
}

interface From {
  readonly origin: Origin | undefined;
  readonly commit: string | undefined;
  readonly folder: string | undefined;
}

function sourceOf(table: Fields): From {
  const source = fieldsAt(table, "source");
  const url = textAt(source, "url") ?? "";
  const type = textAt(source, "type");
  const none = { origin: undefined, commit: undefined, folder: undefined };
  if (type === "git") {
    const commit = textAt(source, "resolved_reference") ?? textAt(source, "reference");
    return { ...none, origin: vcsOrigin("git", url, commit), commit };
  }
  if (type === "url") return { ...none, origin: { key: "download_url", url: withoutCredentials(url) } };
  if (type === "file") return { ...none, origin: { key: "download_url", url: `file:${url}` } };
  // An index, the default one or another, is where the package of that name is looked up.
  return type === "directory" ? { ...none, folder: joined("", url) ?? url } : none;
}

/** Version 2 names groups, version 1.0 a category; between them nothing but the manifest tells. */
function scopeOf(table: Fields): Scope | undefined {
  const category = textAt(table, "category");
  const groups = Object.hasOwn(table, "groups") ? textsAt(table, "groups") : category === undefined ? [] : [category];
  if (groups.length === 0) return undefined;
  const scopes = groups.map(groupScope);
  if (scopes.includes("runtime")) return table["optional"] === true ? "optional" : "runtime";
  return scopes.includes("dev") ? "dev" : scopes[0];
}

function needsOf(table: Fields, document: Document): { readonly needs: Need[]; readonly extras: Map<string, Need[]> } {
  const dependencies = fieldsAt(table, "dependencies");
  const needs: Need[] = [];
  const all = new Map<string, Need[]>();
  for (const name of Object.keys(dependencies)) {
    if (!isName(name)) throw formFault(document, "package.dependencies", "names of packages", name);
    const written: unknown = dependencies[name];
    for (const one of Array.isArray(written) ? (written as unknown[]) : [written]) {
      const found = poetryNeed(name, one);
      if (found === undefined) continue;
      const { requirement, constraint } = found;
      const need = {
        name: requirement.name,
        extras: requirement.extras,
        scope: "runtime" as Scope,
        // A marker that never holds for the project's Pythons leaves its package out of the lockfile.
        ifPresent: requirement.marker !== undefined,
        isMeant: allows(constraint),
      };
      push(all, need.name, need);
      const byExtra = isFields(one) && one["optional"] === true;
      if (!byExtra && onlyByExtra(requirement.marker) !== true) needs.push(need);
    }
  }
  return { needs, extras: extrasOf(fieldsAt(table, "extras"), all) };
}

const onlyByExtra = (marker: string | undefined): boolean =>
  textHolds(marker, NO_EXTRAS) === false && textHolds(marker, ALL_EXTRAS) !== false;

/** An extra's list names needs of the package itself: what it does not list as one is not locked. */
function extrasOf(table: Fields, all: ReadonlyMap<string, readonly Need[]>): Map<string, Need[]> {
  return new Map(
    Object.keys(table).map((extra) => {
      const names = new Set(textsAt(table, extra).map((text) => parseRequirement(text)?.name ?? ""));
      return [normaliseName(extra), [...names].flatMap((name) => (all.get(name) ?? []).slice(0, MAX_WAYS))];
    }),
  );
}

function lockedOf(table: Fields, index: number, document: Document, line: number | undefined): Resolved {
  const name = textAt(table, "name");
  const version = textAt(table, "version");
  if (name === undefined || !isName(name)) throw formFault(document, `package[${index}].name`, "a name", table["name"]);
  if (version === undefined) throw formFault(document, `package[${index}].version`, "a version", table["version"]);
  const { origin, commit, folder } = sourceOf(table);
  return {
    name: normaliseName(name),
    version,
    origin,
    digests: { ...oneDigest(filesOf(table, document, name)), ...commitDigest(commit) },
    line,
    folder,
    ...needsOf(table, document),
    scope: scopeOf(table),
  };
}

/** What the manifest asks for, in the form of the lockfile's needs. */
export function projectNeeds(project: Project | undefined): readonly Need[] | undefined {
  return project?.needs.map(({ requirement, scope, constraint }: Declared): Need => {
    const { name, extras, clauses, url, marker } = requirement;
    return {
      name,
      extras,
      scope,
      ifPresent: marker !== undefined,
      isMeant: url === undefined ? allows(constraint ?? [clauses]) : () => true,
    };
  });
}

/** Reads `poetry.lock` of the formats 1.0 to 2.1. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`. */
export function readPoetryLock(entry: Entry, source: Source): Extraction {
  const document = readToml(entry, KIND);
  const tables = tablesAt(document, "package");
  const lines = nameLines(
    document.text,
    "package",
    tables.map((table) => textAt(table, "name")),
  );
  const packages = tables.map((table, index) => lockedOf(table, index, document, lines[index]));
  const project = projectBeside(entry.path, source);
  const subject = subjectOf(project, entry.path, source);
  const needs = projectNeeds(project);
  const graph = graphOf({
    file: entry.path,
    root: subject.purl ?? subject.name,
    called: subject.name,
    packages,
    needs,
  });
  return lockedExtraction({ file: entry.path, subject, project, graph, edgesKnown: true });
}
