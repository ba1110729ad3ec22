import type { Source } from "../model/artifact.ts";
import type { DigestSet } from "../model/digest.ts";
import type { Extraction } from "../model/extractor.ts";
import type { Component, ComponentRef, Dependency, Sbom, Subject, Unknown } from "../model/sbom.ts";
import { installationUnknowns } from "./installation.ts";
import { joinComponents } from "./join-components.ts";
import { mergeEdges, weakestOf } from "./join-edges.ts";
import { withOwners } from "./owned.ts";
import type { Found } from "./found.ts";
import { projectOf } from "./select.ts";
import { isTrial } from "./trial.ts";

const refOf = (subject: Subject): ComponentRef => subject.purl ?? subject.name;

/** What a trial project needs is needed for trials. */
function asTrial({ unit, extraction }: Found): Found {
  if (unit.extractor.of === "installation" || !isTrial(projectOf(unit))) return { unit, extraction };
  const { components, dependencies } = extraction;
  return {
    unit,
    extraction: {
      ...extraction,
      components: components.map((component) => ({ ...component, scope: "test" })),
      dependencies: dependencies.map((edge) => ({ ...edge, scope: "test" })),
    },
  };
}

/** A project below the source's own: a part of it. */
function ownComponent(folder: string, subject: Subject, { unit, extraction }: Found): Component {
  return {
    ref: refOf(subject),
    name: subject.name,
    ...(subject.version !== undefined && { version: subject.version }),
    ...(subject.purl !== undefined && { purl: subject.purl }),
    ...(subject.author !== undefined && { author: subject.author }),
    ecosystem: unit.extractor.ecosystem,
    scope: isTrial(folder) ? "test" : "runtime",
    direct: true,
    digests: {},
    licences: extraction.licences ?? [],
    occurrences: [{ path: unit.path, position: folder, technique: "manifest" }],
    own: true,
  };
}

function subjectFor(folder: string, found: readonly Found[]): Subject {
  const named = found.find(({ extraction }) => extraction.subject?.purl !== undefined) ?? found[0];
  return named?.extraction.subject ?? { name: folder.slice(folder.lastIndexOf("/") + 1), digests: {} };
}

interface Projects {
  readonly subject: Subject;
  readonly own: readonly { readonly component: Component; readonly of: ReadonlySet<Found> }[];
}

/** The source's own subject, and one component for each folder with a project of its own. */
function projectsOf(source: Source, top: string, found: readonly Found[]): Projects {
  const speaking = found.filter(({ extraction }) => extraction.subject !== undefined);
  const byFolder = Map.groupBy(speaking, ({ unit }) => projectOf(unit));
  const atTop = byFolder.get(top) ?? [];
  byFolder.delete(top);
  return {
    subject: atTop.length > 0 ? subjectFor("", atTop) : { name: source.artifact.name, digests: {} },
    own: [...byFolder].map(([folder, all]) => ({
      component: ownComponent(folder, subjectFor(folder, all), all[0] as Found),
      of: new Set(all),
    })),
  };
}

/** Edges with their ends called as in the whole. */
function* renamed(
  extraction: Extraction,
  project: ComponentRef,
  refs: ReadonlyMap<ComponentRef, ComponentRef>,
): Iterable<Dependency> {
  const own = extraction.subject === undefined ? undefined : refOf(extraction.subject);
  for (const { from, to, scope } of extraction.dependencies) {
    yield { from: from === own ? project : (refs.get(from) ?? from), to: refs.get(to) ?? to, scope };
  }
}

/** The root has whatever is installed and needed by nothing else that is known. */
function orphans(
  root: ComponentRef,
  found: readonly Found[],
  reached: ReadonlySet<ComponentRef>,
  refs: readonly Refs[],
) {
  return found.flatMap(({ unit, extraction }, index) =>
    unit.extractor.of !== "installation"
      ? []
      : extraction.components
          .map(({ ref, scope }) => ({ from: root, to: refs[index]?.get(ref) ?? ref, scope }))
          .filter(({ to }) => !reached.has(to)),
  );
}

type Refs = ReadonlyMap<ComponentRef, ComponentRef>;

/**
 * A folder is a place that people work in: an SBOM that they write into it must not change what the next one says. Who builds from a
 * copy of it names the copy's digest.
 */
function digestsOf({ artifact }: Source): DigestSet {
  return artifact.kind === "directory" || artifact.kind === "root-file-system" ? {} : artifact.digests;
}

/**
 * Joins what the units of one source gave to one SBOM (lifecycle `source`): the project at the top (the folder `top`) is the root, each project below it
 * a component of its own with its own edges; a package found in several ways is one component with all its proofs.
 */
export function joinFound(source: Source, top: string, all: readonly Found[], unknowns: readonly Unknown[]): Sbom {
  const [first] = all;
  const found = all.map(asTrial);
  const { subject, own } = projectsOf(source, top, found);
  const root = refOf(subject);
  const single = all.length === 1 && first?.extraction.subject !== undefined && own.length === 0;
  const joined = single
    ? { components: first.extraction.components, refs: [] }
    : joinComponents(root, [
        own.map(({ component }) => component),
        ...found.map(({ extraction }) => extraction.components),
      ]);
  const [ownRefs, ...refs] = single ? [] : joined.refs;
  const projectRef = (one: Found): ComponentRef => {
    const project = own.find(({ of }) => of.has(one))?.component.ref;
    return project === undefined ? root : (ownRefs?.get(project) ?? project);
  };
  const edges = single
    ? first.extraction.dependencies
    : mergeEdges([
        ...own.map(({ component }) => ({
          from: root,
          to: ownRefs?.get(component.ref) ?? component.ref,
          scope: component.scope,
        })),
        ...found.flatMap((one, index) => [...renamed(one.extraction, projectRef(one), refs[index] ?? new Map())]),
      ]);
  const reached = new Set(edges.map(({ to }) => to));
  const more = orphans(root, found, reached, refs);
  const licences = found.find(
    ({ unit, extraction }) => projectOf(unit) === top && (extraction.licences ?? []).length > 0,
  );
  return {
    lifecycle: "source",
    subject: { ...subject, digests: digestsOf(source) },
    root,
    components: withOwners(joined.components, found),
    dependencies: more.length === 0 ? edges : mergeEdges([...edges, ...more]),
    completeness: weakestOf(found.map(({ extraction }) => extraction.completeness)),
    unknowns: [...found.flatMap(({ extraction }) => extraction.unknowns), ...installationUnknowns(found), ...unknowns],
    licences: licences?.extraction.licences ?? [],
  };
}
