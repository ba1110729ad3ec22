import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { DigestSet } from "../../model/digest.ts";
import type { Scope } from "../../model/sbom.ts";
import { oneDigest } from "./archives.ts";
import { type Document, formFault, lockfile, nameLines, readToml, tablesAt } from "./documents.ts";
import { isFields, valuesAt, type Fields, fieldsAt, textAt, textsAt } from "../fields.ts";
import { lockedExtraction } from "./lock-extraction.ts";
import { graphOf, type Resolved, type Need } from "./graph.ts";
import { push } from "./lists.ts";
import { commitDigest, isName, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import { allows, projectNeeds } from "./poetry-lock.ts";
import { groupScope, joined, type Project, subjectOf } from "./project.ts";
import { projectBeside } from "./pyproject.ts";
import { parseRequirement } from "./requirement.ts";

const KIND = lockfile("write it anew with pdm lock");

interface From {
  readonly origin?: Origin;
  readonly commit?: string;
  readonly folder?: string;
}

function fromOf(table: Fields): From {
  const git = textAt(table, "git");
  const commit = textAt(table, "revision");
  if (git !== undefined) return { origin: vcsOrigin("git", git, commit), ...(commit !== undefined && { commit }) };
  const url = textAt(table, "url");
  if (url !== undefined) return { origin: { key: "download_url", url: withoutCredentials(url) } };
  const path = textAt(table, "path");
  if (path === undefined) return {};
  if (/\.(?:whl|zip|tar\.\w+|tgz)$/.test(path)) return { origin: { key: "download_url", url: `file:${path}` } };
  return { folder: joined("", path) ?? path };
}

function digestsOf(table: Fields, document: Document): DigestSet {
  // Format 4.4 and earlier without static URLs kept the files of all packages in one table, by "name version".
  const key = `${textAt(table, "name") ?? ""} ${textAt(table, "version") ?? ""}`;
  const files = Object.hasOwn(table, "files")
    ? valuesAt(table, "files")
    : valuesAt(fieldsAt(fieldsAt(document.table, "metadata"), "files"), key);
  return oneDigest(files.flatMap((file) => (isFields(file) ? [textAt(file, "hash") ?? ""] : [])));
}

/** `default` is the project's own list; of another group the manifest tells whether it is an extra of the project. */
function scopeOf(groups: readonly string[], project: Project | undefined): Scope | undefined {
  if (groups.length === 0) return undefined;
  if (groups.includes("default")) return "runtime";
  const known = new Map(project?.needs.map(({ group, scope }) => [normaliseName(group ?? "default"), scope]));
  const scopes = groups.map((group) => {
    const scope = groupScope(group);
    // Without the manifest only a name can tell: what names no stage of development is an extra.
    const plain = /^(?:dev|lint|docs?|ci|type|types|typing|format|release)/.test(group) || scope !== "dev";
    return known.get(normaliseName(group)) ?? (plain ? scope : "optional");
  });
  return (["runtime", "optional", "build", "dev", "test"] as const).find((scope) => scopes.includes(scope));
}

interface Written {
  readonly locked: Resolved;
  readonly extras: readonly string[];
}

function packageOf(
  table: Fields,
  index: number,
  document: Document,
  line: number | undefined,
  project: Project | undefined,
): Written {
  const name = textAt(table, "name");
  if (name === undefined || !isName(name)) throw formFault(document, `package[${index}].name`, "a name", table["name"]);
  const { origin, commit, folder } = fromOf(table);
  const needs = textsAt(table, "dependencies").flatMap((text): Need[] => {
    const requirement = parseRequirement(text);
    if (requirement === undefined) return [];
    const { extras, clauses } = requirement;
    // A marker that never holds for the project's Pythons leaves its package out of the lockfile.
    const ifPresent = requirement.marker !== undefined;
    return [{ name: requirement.name, extras, scope: "runtime", ifPresent, isMeant: allows([clauses]) }];
  });
  return {
    locked: {
      name: normaliseName(name),
      version: textAt(table, "version"),
      origin,
      digests: { ...digestsOf(table, document), ...commitDigest(commit) },
      line,
      folder,
      needs,
      extras: new Map(),
      scope: scopeOf(textsAt(table, "groups"), project),
    },
    extras: textsAt(table, "extras").map(normaliseName),
  };
}

/** pdm writes a package once more for each set of extras that is asked for, with what they add: one package here. */
function withExtras(written: readonly Written[]): Resolved[] {
  const plain = written.filter(({ extras }) => extras.length === 0).map(({ locked }) => locked);
  const byKey = new Map(plain.map((locked) => [`${locked.name}\0${locked.version ?? ""}`, locked]));
  for (const { locked, extras } of written) {
    if (extras.length === 0) continue;
    const key = `${locked.name}\0${locked.version ?? ""}`;
    const before = byKey.get(key) ?? { ...locked, needs: [] };
    const added = locked.needs.filter(({ name }) => name !== locked.name);
    const all = new Map([...before.extras].map(([extra, needs]) => [extra, [...needs]]));
    for (const extra of extras) for (const need of added) push(all, extra, need);
    byKey.set(key, { ...before, extras: all });
  }
  return [...byKey.values()];
}

/** Of the manifest's groups those that are locked: pdm locks some of them on demand (`metadata.groups`). */
function lockedPart(project: Project | undefined, document: Document): Project | undefined {
  const groups = new Set(textsAt(fieldsAt(document.table, "metadata"), "groups").map(normaliseName));
  if (project === undefined || groups.size === 0) return project;
  return { ...project, needs: project.needs.filter(({ group = "default" }) => groups.has(normaliseName(group))) };
}

/** Reads `pdm.lock` of the formats 3 and 4. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`. */
export function readPdmLock(entry: Entry, source: Source): Extraction {
  const document = readToml(entry, KIND);
  const project = projectBeside(entry.path, source);
  const tables = tablesAt(document, "package");
  const lines = nameLines(
    document.text,
    "package",
    tables.map((table) => textAt(table, "name")),
  );
  const written = tables.map((table, index) => packageOf(table, index, document, lines[index], project));
  const subject = subjectOf(project, entry.path, source);
  const graph = graphOf({
    file: entry.path,
    root: subject.purl ?? subject.name,
    called: subject.name,
    packages: withExtras(written),
    needs: projectNeeds(lockedPart(project, document)),
  });
  return lockedExtraction({ file: entry.path, subject, project, graph, edgesKnown: true });
}
