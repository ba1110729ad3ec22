import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { oneDigest } from "./archives.ts";
import { type Document, formFault, lockfile, nameLines, readToml, tablesAt } from "./documents.ts";
import { isFields, valuesAt, type Fields, fieldsAt, textAt } from "../fields.ts";
import { lockedExtraction } from "./lock-extraction.ts";
import { graphOf, type Resolved, type Need } from "./graph.ts";
import { ALL_EXTRAS, NO_EXTRAS, textHolds } from "./marker.ts";
import { commitDigest, isName, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import { projectNeeds } from "./poetry-lock.ts";
import { joined, subjectOf } from "./project.ts";
import { projectBeside } from "./pyproject.ts";

const KIND = lockfile("write it anew with the tool that created it");

interface PyPackage extends Resolved {
  readonly table: Fields;
}

interface From {
  readonly origin?: Origin;
  readonly commit?: string;
  readonly folder?: string;
}

/** PEP 751, "packages.vcs", "packages.directory", "packages.archive". */
function fromOf(table: Fields): From {
  const vcs = fieldsAt(table, "vcs");
  const repository = textAt(vcs, "url") ?? textAt(vcs, "path");
  if (repository !== undefined) {
    const commit = textAt(vcs, "commit-id");
    return {
      origin: vcsOrigin(textAt(vcs, "type") ?? "git", repository, commit),
      ...(commit !== undefined && { commit }),
    };
  }
  const archive = fieldsAt(table, "archive");
  const url =
    textAt(archive, "url") ?? (textAt(archive, "path") === undefined ? undefined : `file:${textAt(archive, "path")}`);
  if (url !== undefined) return { origin: { key: "download_url", url: withoutCredentials(url) } };
  const path = textAt(fieldsAt(table, "directory"), "path");
  return path === undefined ? {} : { folder: joined("", path) ?? path };
}

function hashesOf(table: Fields): readonly string[] {
  const files = [fieldsAt(table, "sdist"), fieldsAt(table, "archive"), ...valuesAt(table, "wheels")].filter(isFields);
  return files
    .map((file) => fieldsAt(file, "hashes"))
    .filter((hashes) => Object.keys(hashes).length > 0)
    .map((hashes) => {
      const algorithm = Object.hasOwn(hashes, "sha256") ? "sha256" : (Object.keys(hashes)[0] ?? "");
      return `${algorithm}:${textAt(hashes, algorithm) ?? ""}`;
    });
}

/** A package that only an extra or a group brings says so in its marker (PEP 751, "packages.marker"). */
function scopeOf(marker: string | undefined): Scope | undefined {
  if (textHolds(marker, NO_EXTRAS) !== false) return undefined;
  return textHolds(marker, ALL_EXTRAS) === false ? "dev" : "optional";
}

/** A dependency holds the least members that identify a package: all that are there must be the same. */
function identifies(wanted: Fields, found: Fields): boolean {
  return Object.keys(wanted).every((key) => {
    const [a, b] = [wanted[key], Object.hasOwn(found, key) ? found[key] : undefined];
    if (key === "name") return typeof a === "string" && typeof b === "string" && normaliseName(a) === normaliseName(b);
    return isFields(a) && isFields(b) ? identifiesTable(a, b) : !isFields(a) && String(a) === String(b);
  });
}

const identifiesTable = (a: Fields, b: Fields): boolean =>
  Object.keys(a).every((key) => Object.hasOwn(b, key) && !isFields(a[key]) && String(a[key]) === String(b[key]));

function needsOf(table: Fields, document: Document): Need[] {
  return valuesAt(table, "dependencies").map((item) => {
    const name = isFields(item) ? textAt(item, "name") : undefined;
    if (!isFields(item) || name === undefined)
      throw formFault(document, "packages.dependencies", "tables with a name", item);
    return {
      name: normaliseName(name),
      extras: [],
      scope: "runtime" as Scope,
      isMeant: (locked: Resolved) => identifies(item, (locked as PyPackage).table),
    };
  });
}

function packageOf(table: Fields, index: number, document: Document, line: number | undefined): PyPackage {
  const name = textAt(table, "name");
  if (name === undefined || !isName(name))
    throw formFault(document, `packages[${index}].name`, "a name", table["name"]);
  const { origin, commit, folder } = fromOf(table);
  return {
    name: normaliseName(name),
    version: textAt(table, "version"),
    origin,
    digests: { ...oneDigest(hashesOf(table)), ...commitDigest(commit) },
    line,
    folder,
    needs: needsOf(table, document),
    extras: new Map(),
    scope: scopeOf(textAt(table, "marker")),
    table,
  };
}

/** Reads `pylock.toml` and `pylock.NAME.toml` (PEP 751). Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`. */
export function readPylock(entry: Entry, source: Source): Extraction {
  const document = readToml(entry, KIND);
  const tables = tablesAt(document, "packages");
  const lines = nameLines(
    document.text,
    "packages",
    tables.map((table) => textAt(table, "name")),
  );
  const packages = tables.map((table, index) => packageOf(table, index, document, lines[index]));
  const own = packages.find(({ folder }) => folder === "");
  const project = projectBeside(entry.path, source);
  const subject = subjectOf(project ?? own, entry.path, source);
  // A tool need not say what needs what: where none does, nothing is known of edges (PEP 751, "packages.dependencies").
  const edgesKnown = tables.some((table) => Object.hasOwn(table, "dependencies"));
  const needs = projectNeeds(project) ?? (own === undefined || own.needs.length === 0 ? undefined : own.needs);
  const graph = graphOf({
    file: entry.path,
    root: subject.purl ?? subject.name,
    called: subject.name,
    packages: packages.filter((each) => each !== own),
    needs,
  });
  const version = textAt(document.table, "lock-version");
  const unknowns: Unknown[] =
    version === undefined || version.startsWith("1.")
      ? []
      : [{ where: cleanText(entry.path, 300), what: `is of version ${cleanText(version, 20)}, which may say more` }];
  return lockedExtraction({
    file: entry.path,
    subject,
    project: project ?? (needs === undefined ? undefined : { licences: [] }),
    graph,
    edgesKnown,
    unknowns,
  });
}
