import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { LicenceClaim, Scope, Unknown } from "../../model/sbom.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { readDistributions } from "./distributions.ts";
import { type Document, MANIFEST, readToml } from "./documents.ts";
import { isFields, valuesAt, type Fields, fieldsAt, textAt, textsAt } from "../fields.ts";
import { isName, normaliseName } from "./names.ts";
import { poetryNeed } from "./poetry-constraint.ts";
import {
  beside,
  completed,
  type Declared,
  declaredExtraction,
  groupScope,
  MAX_NEEDS,
  nothingDeclared,
  type Project,
} from "./project.ts";
import { setupCfgProject, withSetupPy } from "./setup-cfg.ts";
import { parseRequirement } from "./requirement.ts";

/** Needs and what could not be read, while a manifest is gone through. */
class Needs {
  readonly needs: Declared[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #document: Document;
  readonly #lines: readonly string[];
  #toldFull = false;

  constructor(document: Document) {
    this.#document = document;
    this.#lines = document.text.split("\n");
  }

  /** Texts in the form of PEP 508. */
  standard(written: readonly string[], scope: Scope, group?: string): void {
    for (const text of written) {
      if (this.isFull()) return;
      const requirement = parseRequirement(text);
      if (requirement === undefined) this.#unread(text);
      else this.needs.push({ requirement, scope, group, written: text, line: this.#lineOf(text) });
    }
  }

  /** Poetry's table of names to constraints. */
  poetry(table: Fields, scope: Scope, group?: string): void {
    for (const name of Object.keys(table)) {
      if (normaliseName(name) === "python") continue;
      for (const one of Array.isArray(table[name]) ? (table[name] as unknown[]) : [table[name]]) {
        if (this.isFull()) return;
        const need = isName(name) ? poetryNeed(name, one) : undefined;
        if (need === undefined) this.#unread(name);
        else {
          const optional = isFields(one) && one["optional"] === true;
          const written = `${name} ${need.written}`.trim();
          this.needs.push({ ...need, written, scope: optional ? "optional" : scope, group, line: this.#keyLine(name) });
        }
      }
    }
  }

  /** Past the bound; told once. */
  isFull(): boolean {
    const full = this.needs.length + this.unknowns.length >= MAX_NEEDS;
    if (full && !this.#toldFull) {
      this.#toldFull = true;
      const what = `is not read from here on: more than ${MAX_NEEDS} needs`;
      this.unknowns.push({ where: cleanText(this.#document.file, 300), what });
    }
    return full;
  }

  #unread(text: string): void {
    const what = `${cleanText(text, 100)} is no requirement that can be read`;
    this.unknowns.push({ where: cleanText(this.#document.file, 300), what });
  }

  /** The one line that holds the text in quotes; none where two do. */
  #lineOf(text: string): number | undefined {
    return this.#only((line) => line.includes(`"${text}"`) || line.includes(`'${text}'`));
  }

  #keyLine(name: string): number | undefined {
    return this.#only((line) => {
      const at = line.startsWith('"') ? 1 : 0;
      return line.startsWith(name, at) && /^"?\s*=/.test(line.slice(at + name.length, at + name.length + 20));
    });
  }

  #only(matches: (line: string) => boolean): number | undefined {
    // Quadratic in lines and needs: hand-written files are short, others go without lines.
    if (this.#lines.length > 2000 || this.#document.text.length > 128 * 1024 || this.needs.length > 2000)
      return undefined;
    const first = this.#lines.findIndex(matches);
    return first < 0 || this.#lines.findLastIndex(matches) !== first ? undefined : first + 1;
  }
}

/** Includes that are followed from one group; real ones are two or three. */
const MAX_INCLUDED = 64;

/** PEP 735: groups may include each other; circles end, for each is entered once. `lists` is by normalised name. */
function groupTexts(lists: ReadonlyMap<string, readonly unknown[]>, name: string): string[] {
  const open = new Set([name]);
  const texts: string[] = [];
  for (const group of open) {
    for (const item of lists.get(group) ?? []) {
      const included = isFields(item) ? textAt(item, "include-group") : undefined;
      if (typeof item === "string") texts.push(item);
      else if (included !== undefined && open.size < MAX_INCLUDED) open.add(normaliseName(included));
    }
  }
  return texts;
}

function licencesOf(project: Fields, poetry: Fields): readonly LicenceClaim[] {
  const licence = project["license"] ?? poetry["license"];
  // PEP 621 had a table with the text or a file; PEP 639 an expression.
  return licenceClaims(isFields(licence) ? textAt(licence, "text") : licence, "manifest");
}

/** Reads a `pyproject.toml` (PEP 621, 735, and the tables of poetry, pdm and uv). Throws `WB-MANIFEST-SYNTAX`. */
export function readProject(entry: Entry): Project {
  const document = readToml(entry, MANIFEST);
  const project = fieldsAt(document.table, "project");
  const tool = fieldsAt(document.table, "tool");
  const poetry = fieldsAt(tool, "poetry");
  const needs = new Needs(document);
  needs.standard(textsAt(project, "dependencies"), "runtime");
  const extras = fieldsAt(project, "optional-dependencies");
  for (const extra of Object.keys(extras)) needs.standard(textsAt(extras, extra), "optional", extra);
  const groups = fieldsAt(document.table, "dependency-groups");
  const lists = new Map(Object.keys(groups).map((group) => [normaliseName(group), valuesAt(groups, group)]));
  for (const group of lists.keys()) {
    if (needs.isFull()) break;
    needs.standard(groupTexts(lists, group), groupScope(group), group);
  }
  needs.poetry(fieldsAt(poetry, "dependencies"), "runtime");
  needs.poetry(fieldsAt(poetry, "dev-dependencies"), "dev", "dev");
  const poetryGroups = fieldsAt(poetry, "group");
  for (const group of Object.keys(poetryGroups)) {
    needs.poetry(fieldsAt(fieldsAt(poetryGroups, group), "dependencies"), groupScope(group), group);
  }
  const pdm = fieldsAt(fieldsAt(tool, "pdm"), "dev-dependencies");
  for (const group of Object.keys(pdm))
    needs.standard(
      textsAt(pdm, group).filter((text) => !text.startsWith("-e")),
      groupScope(group),
      group,
    );
  needs.standard(textsAt(fieldsAt(tool, "uv"), "dev-dependencies"), "dev", "dev");
  const name = textAt(project, "name") ?? textAt(poetry, "name");
  return {
    name: name !== undefined && isName(name) ? name : undefined,
    version: textAt(project, "version") ?? textAt(poetry, "version"),
    licences: licencesOf(project, poetry),
    needs: needs.needs,
    unknowns: needs.unknowns,
  };
}

/** The manifest in the folder of a lockfile. */
export function projectBeside(path: string, source: Source): Project | undefined {
  const entry = beside(path, "pyproject.toml", source);
  return entry === undefined ? undefined : readProject(entry);
}

/**
 * In a source distribution the metadata that was built stands beside the project (`PKG-INFO`, Python Packaging User Guide, "Source
 * distribution format"): the version that the project itself leaves to be computed.
 */
function packed(project: Project, path: string, source: Source): Project {
  const metadata = project.version === undefined ? beside(path, "PKG-INFO", source) : undefined;
  if (metadata === undefined) return project;
  const [found] = readDistributions([metadata]).distributions;
  if (found === undefined || (project.name !== undefined && normaliseName(found.name) !== normaliseName(project.name)))
    return project;
  const licences = project.licences.length > 0 ? project.licences : found.licences;
  return { ...project, name: project.name ?? found.name, version: found.version, licences };
}

/** `pyproject.toml` without a lockfile. Of a project that setuptools builds the needs may stand in its own files beside it. */
export function readDeclared(entry: Entry, source: Source): Extraction {
  let project = readProject(entry);
  if (project.needs.length === 0) {
    const setup = beside(entry.path, "setup.cfg", source);
    if (setup !== undefined) project = completed(project, setupCfgProject(setup));
    project = withSetupPy(project, entry.path, source);
  }
  project = packed(project, entry.path, source);
  if (project.name === undefined && project.needs.length + project.unknowns.length === 0) return nothingDeclared();
  return declaredExtraction(project, entry.path, source);
}
