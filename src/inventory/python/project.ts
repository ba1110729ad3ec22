import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, LicenceClaim, Scope, Subject, Unknown } from "../../model/sbom.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { entryPath } from "../../artifact/entry-path.ts";
import { parentOf } from "./paths.ts";
import { isName, normaliseName, type Origin, pypiPurl } from "./names.ts";
import type { Requirement } from "./requirement.ts";
import { type Clause, pinOf } from "./version.ts";

/** A need as a manifest declares it. */
export interface Declared {
  readonly requirement: Requirement;
  readonly scope: Scope;
  readonly line?: number | undefined;
  /** The file that has the line; default: the manifest. */
  readonly file?: string | undefined;
  /** Where poetry's form allows several ranges. */
  readonly constraint?: readonly (readonly Clause[])[] | undefined;
  /** The range as it was written, for messages. */
  readonly written: string;
  /** The extra of the project, or the group, that has it; undefined: the project itself. */
  readonly group?: string | undefined;
  readonly origin?: Origin | undefined;
  /** A folder of the project, relative to the manifest's. */
  readonly folder?: string | undefined;
}

/** What a project says of itself. */
export interface Project {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly licences: readonly LicenceClaim[];
  readonly needs: readonly Declared[];
  /** What could not be read in it. */
  readonly unknowns: readonly Unknown[];
}

/** Needs that one manifest may declare; groups that include each other could be endless. */
export const MAX_NEEDS = 20_000;

/** The file of that name in the same folder. */
export function beside(path: string, name: string, source: Source): Entry | undefined {
  const folder = parentOf(path);
  const entry = source.find(folder === "" ? name : `${folder}/${name}`);
  return entry?.kind === "file" ? entry : undefined;
}

/** A path relative to a folder as a path of the source; undefined for what leads out. */
export function joined(folder: string, relative: string): string | undefined {
  if (relative.startsWith("/") || relative.includes("\\")) return undefined;
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return entryPath(parts.join("/"));
}

/** The project as it names itself; where it does not, as its folder is called. */
export function subjectOf(
  project: Pick<Project, "name" | "version"> | undefined,
  path: string,
  source: Source,
): Subject {
  const folder = parentOf(path);
  const called = folder === "" ? source.artifact.name : folder.slice(folder.lastIndexOf("/") + 1);
  const name = project?.name;
  if (name === undefined || !isName(name)) return { name: called, digests: {} };
  const version = project?.version;
  const purl = pypiPurl(normaliseName(name), version);
  return {
    name: normaliseName(name),
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    digests: {},
  };
}

const STRENGTH: readonly Scope[] = ["runtime", "optional", "peer", "build", "dev", "test"];
const MAX_TOLD = 20;

/** Names of groups that say what they are for. */
export function groupScope(group: string): Scope {
  const name = normaliseName(group);
  if (/^(?:main|default|runtime|prod|production)$/.test(name)) return "runtime";
  if (/(?:^|-)(?:tests?|testing|pytest)(?:-|$)/.test(name)) return "test";
  return /^build(?:-|$)/.test(name) ? "build" : "dev";
}

/** Declared needs as components: with a version only where exactly one is allowed. The strongest scope counts. */
function componentsOf(project: Project, file: string): Component[] {
  const byRef = new Map<string, Component>();
  for (const { requirement, scope, file: elsewhere, line, origin, folder } of project.needs) {
    const version = pinOf(requirement.clauses);
    const purl = pypiPurl(requirement.name, version, origin);
    const ref = purl ?? requirement.name;
    const before = byRef.get(ref);
    byRef.set(ref, {
      ref,
      name: requirement.name,
      ...(version !== undefined && { version }),
      ...(purl !== undefined && { purl }),
      ecosystem: "PyPI",
      scope: before === undefined || STRENGTH.indexOf(scope) < STRENGTH.indexOf(before.scope) ? scope : before.scope,
      direct: true,
      digests: {},
      licences: [],
      occurrences: before?.occurrences ?? [
        {
          path: elsewhere ?? file,
          ...(line !== undefined && { line }),
          ...(folder !== undefined && { position: folder }),
          technique: "declared",
        },
      ],
      own: folder !== undefined,
    });
  }
  return [...byRef.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

/** A project told by two files: what the first leaves out is the second's. */
export function completed(first: Project, second: Project): Project {
  return {
    name: first.name ?? second.name,
    version: first.version ?? second.version,
    licences: first.licences.length > 0 ? first.licences : second.licences,
    needs: [...first.needs, ...second.needs],
    unknowns: [...first.unknowns, ...second.unknowns],
  };
}

/** A file that holds the settings of tools only: it makes no project of its folder. */
export function nothingDeclared(): Extraction {
  return {
    components: [],
    dependencies: [],
    completeness: { components: "complete", dependencies: "complete", method: "declared" },
    unknowns: [],
  };
}

/** A manifest without a lockfile: what it declares, and that no more is known. */
export function declaredExtraction(project: Project, file: string, source: Source): Extraction {
  const subject = subjectOf(project, file, source);
  const own = subject.purl ?? subject.name;
  const components = componentsOf(project, file).filter(({ ref }) => ref !== own);
  const ranges = project.needs
    .filter(({ requirement }) => pinOf(requirement.clauses) === undefined)
    .map(({ written }) => cleanText(written, 80));
  const shown = ranges.slice(0, MAX_TOLD).join(", ");
  const more = ranges.length > MAX_TOLD ? ` and ${ranges.length - MAX_TOLD} more` : "";
  const told = shown === "" ? "" : `; declared are ${shown}${more}`;
  return {
    subject,
    licences: project.licences,
    components,
    dependencies: components.map(({ ref, scope }) => ({ from: own, to: ref, scope })),
    completeness: { components: "incomplete", dependencies: "incomplete", method: "missing" },
    unknowns: [
      {
        where: cleanText(file, 300),
        what: `no lockfile: which versions an installation brings, and what those need in turn, is not known${told}`,
      },
      ...project.unknowns,
    ],
  };
}
