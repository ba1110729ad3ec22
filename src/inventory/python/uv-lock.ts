import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Subject } from "../../model/sbom.ts";
import { oneDigest } from "./archives.ts";
import { type Document, formFault, lockfile, nameLines, readToml, tablesAt } from "./documents.ts";
import { isFields, valuesAt, type Fields, fieldsAt, textAt, textsAt } from "../fields.ts";
import { lockedExtraction } from "./lock-extraction.ts";
import { graphOf, type Resolved, type Need } from "./graph.ts";
import { commitDigest, isName, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import { groupScope, joined, subjectOf } from "./project.ts";
import { projectBeside } from "./pyproject.ts";

const KIND = lockfile("write it anew with uv lock");

/** A package of a lock with what identifies it beside its name. */
interface UvPackage {
  readonly locked: Resolved;
  readonly source: string;
  readonly root: boolean;
}

/** The one form of a `source` table that others compare by. */
function sourceKey(table: Fields): string {
  const keys = Object.keys(table).toSorted();
  return keys.map((key) => `${key}=${typeof table[key] === "string" ? table[key] : ""}`).join("\0");
}

interface From {
  readonly origin?: Origin;
  readonly commit?: string;
  /** Of a project's own folder. */
  readonly folder?: string;
}

/** uv's documentation, "Lockfile": registry, git, url, path, directory, editable, virtual. */
function fromOf(source: Fields): From {
  const git = textAt(source, "git");
  if (git !== undefined) {
    const hash = git.lastIndexOf("#");
    const commit = hash < 0 ? undefined : git.slice(hash + 1);
    const url = (hash < 0 ? git : git.slice(0, hash)).replace(/\?.*$/s, "");
    return { origin: vcsOrigin("git", url, commit), ...(commit !== undefined && { commit }) };
  }
  const url = textAt(source, "url");
  if (url !== undefined) return { origin: { key: "download_url", url: withoutCredentials(url) } };
  const path = textAt(source, "path");
  if (path !== undefined) return { origin: { key: "download_url", url: `file:${path}` } };
  const folder = textAt(source, "virtual") ?? textAt(source, "editable") ?? textAt(source, "directory");
  return folder === undefined ? {} : { folder: joined("", folder) ?? folder };
}

function needOf(item: unknown, scope: Scope, document: Document): Need {
  const name = isFields(item) ? textAt(item, "name") : undefined;
  if (!isFields(item) || name === undefined || !isName(name))
    throw formFault(document, "package.dependencies", "tables with a name", item);
  const version = textAt(item, "version");
  const source = Object.hasOwn(item, "source") ? sourceKey(fieldsAt(item, "source")) : undefined;
  const extras = [...textsAt(item, "extra"), ...textsAt(item, "extras")].map(normaliseName);
  return {
    name: normaliseName(name),
    extras,
    scope,
    // uv writes version and source only where the name alone would not tell.
    isMeant: (locked) =>
      (version === undefined || locked.version === version) &&
      (source === undefined || (locked as UvResolved).source === source),
  };
}

interface UvResolved extends Resolved {
  readonly source: string;
}

function hashesOf(table: Fields): readonly string[] {
  const sdist = fieldsAt(table, "sdist");
  return [sdist, ...valuesAt(table, "wheels")].flatMap((file) => (isFields(file) ? (textAt(file, "hash") ?? []) : []));
}

function packageOf(table: Fields, index: number, document: Document, line: number | undefined): UvPackage {
  const name = textAt(table, "name");
  if (name === undefined || !isName(name)) throw formFault(document, `package[${index}].name`, "a name", table["name"]);
  const source = fieldsAt(table, "source");
  const { origin, commit, folder } = fromOf(source);
  const listed = (key: string, scopeFor: (group: string) => Scope): [string, Need[]][] => {
    const groups = fieldsAt(table, key);
    return Object.keys(groups).map((group) => [
      normaliseName(group),
      valuesAt(groups, group).map((item) => needOf(item, scopeFor(group), document)),
    ]);
  };
  const own = folder !== undefined;
  // An extra of the project's own is a choice; of another package it is followed only where somebody asks for it.
  const extras = listed("optional-dependencies", () => (own ? "optional" : "runtime"));
  // Only the project's own folders have groups; they are installed by default or by name.
  const groups = [...listed("dev-dependencies", groupScope), ...listed("dependency-groups", groupScope)];
  const locked: UvResolved = {
    name: normaliseName(name),
    version: textAt(table, "version"),
    origin,
    digests: { ...oneDigest(hashesOf(table)), ...commitDigest(commit) },
    line,
    folder,
    needs: [
      ...valuesAt(table, "dependencies").map((item) => needOf(item, "runtime", document)),
      ...(own ? [...groups, ...extras].flatMap(([, needs]) => needs) : []),
    ],
    extras: new Map(extras),
    source: sourceKey(source),
  };
  return { locked, source: locked.source, root: folder === "" };
}

/** uv writes the project, or the members of a workspace, or for a script what it asks for. */
function refuseRootless(packages: readonly UvPackage[], document: Document): void {
  const own = packages.some(({ locked }) => locked.folder !== undefined);
  if (own || packages.length === 0 || Object.hasOwn(document.table, "manifest")) return;
  throw formFault(document, "package", "the project itself among the packages", undefined);
}

/** What the lockfile says of the workspace: its members, and what is asked for beside them. */
function manifestNeeds(document: Document, packages: readonly UvPackage[], root: UvPackage | undefined): Need[] {
  const manifest = fieldsAt(document.table, "manifest");
  const asked = valuesAt(manifest, "requirements");
  const members = packages
    .filter((each) => each !== root && each.locked.folder !== undefined)
    .map(({ locked }): Need => ({
      name: locked.name,
      extras: [],
      scope: "runtime",
      isMeant: (one) => one.folder === locked.folder,
    }));
  const groups = fieldsAt(manifest, "dependency-groups");
  return [
    ...asked.map((item) => needOf(item, "runtime", document)),
    ...Object.keys(groups).flatMap((group) =>
      valuesAt(groups, group).map((item) => needOf(item, groupScope(group), document)),
    ),
    ...members,
  ];
}

/** Reads `uv.lock` (version 1). Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`. */
export function readUvLock(entry: Entry, source: Source): Extraction {
  const document = readToml(entry, KIND);
  const tables = tablesAt(document, "package");
  const lines = nameLines(
    document.text,
    "package",
    tables.map((table) => textAt(table, "name")),
  );
  const packages = tables.map((table, index) => packageOf(table, index, document, lines[index]));
  refuseRootless(packages, document);
  const root = packages.find((each) => each.root);
  const project = projectBeside(entry.path, source);
  const called = root === undefined ? project : { name: root.locked.name, version: root.locked.version };
  const subject: Subject = subjectOf(called, entry.path, source);
  const needs = [...(root?.locked.needs ?? []), ...manifestNeeds(document, packages, root)];
  const graph = graphOf({
    file: entry.path,
    root: subject.purl ?? subject.name,
    called: subject.name,
    packages: packages.filter((each) => each !== root).map(({ locked }) => locked),
    needs,
  });
  const version = document.table["version"];
  const newer = typeof version === "number" && version > 1;
  return lockedExtraction({
    file: entry.path,
    subject,
    project: project ?? { licences: [] },
    graph,
    edgesKnown: true,
    unknowns: newer
      ? [{ where: cleanText(entry.path, 300), what: `is of version ${version}, which may say more` }]
      : [],
  });
}
