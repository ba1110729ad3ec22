import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { lineOfKey } from "./lines.ts";
import { oneDigest } from "./archives.ts";
import { type Document, formFault, lockfile, MANIFEST, readJson, readToml } from "./documents.ts";
import { isFields, type Fields, fieldsAt, textAt, textsAt } from "../fields.ts";
import { lockedExtraction } from "./lock-extraction.ts";
import { graphOf, type Resolved } from "./graph.ts";
import { commitDigest, isName, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import { poetryNeed } from "./poetry-constraint.ts";
import { beside, type Declared, declaredExtraction, groupScope, joined, type Project, subjectOf } from "./project.ts";
import { parseSpecifier, pinOf } from "./version.ts";

const KIND = lockfile("write it anew with pipenv lock");
/** Members of a Pipfile that are no category of packages (Pipfile's specification). */
const NO_CATEGORY = new Set(["_meta", "source", "requires", "scripts", "pipenv"]);

const scopeOf = (category: string): Scope =>
  category === "default" || category === "packages"
    ? "runtime"
    : category === "develop" || category === "dev-packages"
      ? "dev"
      : groupScope(category) === "runtime"
        ? "optional"
        : groupScope(category);

interface From {
  readonly origin?: Origin;
  readonly commit?: string;
  readonly folder?: string;
}

function fromOf(table: Fields): From {
  const vcs = ["git", "hg", "svn", "bzr"].find((name) => Object.hasOwn(table, name));
  if (vcs !== undefined) {
    const commit = textAt(table, "ref");
    return { origin: vcsOrigin(vcs, textAt(table, vcs) ?? "", commit), ...(commit !== undefined && { commit }) };
  }
  const file = textAt(table, "file") ?? textAt(table, "path");
  if (file === undefined) return {};
  if (file.includes("://") || /\.(?:whl|zip|tar\.\w+|tgz)$/.test(file)) {
    return { origin: { key: "download_url", url: file.includes("://") ? withoutCredentials(file) : `file:${file}` } };
  }
  return { folder: joined("", file) ?? file };
}

function lockedOf(
  name: string,
  value: unknown,
  category: string,
  document: Document,
  line: number | undefined,
): Resolved {
  if (!isFields(value)) throw formFault(document, `${category}.${name}`, "an object", value);
  const { origin, commit, folder } = fromOf(value);
  const clauses = parseSpecifier(textAt(value, "version") ?? "");
  const version = clauses === undefined ? undefined : pinOf(clauses);
  return {
    name: normaliseName(name),
    version,
    origin,
    digests: { ...oneDigest(textsAt(value, "hashes")), ...commitDigest(commit) },
    line,
    folder,
    needs: [],
    extras: new Map(),
    scope: scopeOf(category),
  };
}

/** Reads `Pipfile.lock`: packages by category, and no word of what needs what. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`. */
export function readPipfileLock(entry: Entry, source: Source): Extraction {
  const document = entry.sizeBytes === 0 ? emptyDocument(entry) : readJson(entry, KIND);
  const lineOf = lineOfKey(document.text);
  const manifest = beside(entry.path, "Pipfile", source);
  const project = manifest === undefined ? undefined : readPipfileProject(manifest);
  const subject = subjectOf(undefined, entry.path, source);
  const packages: Resolved[] = [];
  const unknowns: Unknown[] = [];
  for (const category of Object.keys(document.table)) {
    if (NO_CATEGORY.has(category)) continue;
    const listed = fieldsAt(document.table, category);
    for (const name of Object.keys(listed)) {
      if (!isName(name)) throw formFault(document, category, "names of packages", name);
      const locked = lockedOf(name, listed[name], category, document, lineOf(category, name));
      if (locked.folder !== "") packages.push(locked);
      if (locked.version === undefined && locked.origin === undefined && locked.folder === undefined) {
        const where = `${cleanText(entry.path, 300)}${locked.line === undefined ? "" : `:${locked.line}`}`;
        unknowns.push({ where, what: `${cleanText(name, 100)} has no exact version` });
      }
    }
  }
  const needs = project?.needs
    .filter(({ folder }) => folder === undefined || joined("", folder) !== "")
    .map(({ requirement: { name, extras }, scope }: Declared) => ({ name, extras, scope }));
  const graph = graphOf({ file: entry.path, root: subject.purl ?? subject.name, packages, needs });
  return lockedExtraction({ file: entry.path, subject, project, graph, edgesKnown: false, unknowns });
}

/** pipenv leaves an empty file where it was stopped; there is nothing in it, and nothing wrong with it. */
function emptyDocument(entry: Entry): Document {
  return { file: entry.path, text: "", table: {}, kind: KIND };
}

function readPipfileProject(entry: Entry): Project {
  const document = readToml(entry, MANIFEST);
  const needs: Declared[] = [];
  const unknowns: Unknown[] = [];
  for (const category of Object.keys(document.table)) {
    const listed = document.table[category];
    if (NO_CATEGORY.has(category) || !isFields(listed)) continue;
    for (const name of Object.keys(listed)) {
      const need = isName(name) ? poetryNeed(name, pipenvForm(listed[name])) : undefined;
      if (need === undefined) {
        unknowns.push({
          where: cleanText(entry.path, 300),
          what: `${cleanText(name, 100)} is no need that can be read`,
        });
      } else needs.push({ ...need, written: `${name} ${need.written}`.trim(), scope: scopeOf(category) });
    }
  }
  return { name: undefined, version: undefined, licences: [], needs, unknowns };
}

/** Pipenv's tables are poetry's but for the name of a commit. */
function pipenvForm(value: unknown): unknown {
  return isFields(value) && Object.hasOwn(value, "ref") ? { ...value, rev: value["ref"] } : value;
}

/** `Pipfile` without a lockfile. Throws `WB-MANIFEST-SYNTAX`. */
export function readPipfile(entry: Entry, source: Source): Extraction {
  return declaredExtraction(readPipfileProject(entry), entry.path, source);
}
