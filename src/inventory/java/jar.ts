import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, ComponentRef, Dependency, Subject } from "../../model/sbom.ts";
import { archiveFiles, type FoundArtifact, type JavaArchive, newBudget, readArchive } from "./archive.ts";
import { artifactComponent } from "./coordinates.ts";

const MAX_BYTES = 512 * 1024 * 1024;

/** A component with the archive that it was seen in; a name alone, where no group is stated. */
function componentOf(found: FoundArtifact, archive: JavaArchive, outer: string, own: boolean): Component {
  const { coordinates, licences, statedBy, byName } = found;
  const inner = archive.path === outer ? "" : archive.path.slice(outer.length + 2);
  const position = own ? inner : inner === "" ? statedBy : `${inner}!/${statedBy}`;
  const component = artifactComponent(
    coordinates,
    [
      {
        path: outer,
        ...(position !== "" && { position }),
        technique: byName ? "file-name" : "manifest",
      },
    ],
    { licences, ...(own && archive.sha256 !== undefined && { digests: { sha256: archive.sha256 } }) },
  );
  return coordinates.group === "" ? { ...component, name: coordinates.artifact, ref: nameOf(coordinates) } : component;
}

const nameOf = ({ artifact, version }: FoundArtifact["coordinates"]): ComponentRef =>
  version === undefined ? artifact : `${artifact}@${version}`;

function subjectOf({ name, version, purl }: Component): Subject {
  return { name, ...(version !== undefined && { version }), ...(purl !== undefined && { purl }), digests: {} };
}

const refOf = ({ purl, name }: Subject): ComponentRef => purl ?? name;

/**
 * Reads a Java archive (jar, war, ear and their kin): what it is, what was copied into it, and the archives inside. An archive has
 * what is inside of it; which of these need each other it does not say. The archive that is the source itself is the subject.
 * Throws `WB-ARCHIVE-…`.
 */
export function readJar(entry: Entry, source: Source): Extraction {
  const budget = newBudget();
  const archive = readArchive(entry.path, undefined, archiveFiles(entry.bytes(MAX_BYTES), entry.path), budget);
  const byRef = new Map<ComponentRef, Component>();
  const dependencies = new Map<string, Dependency>();
  const add = (component: Component, holder: ComponentRef | undefined): ComponentRef => {
    const before = byRef.get(component.ref);
    byRef.set(
      component.ref,
      before === undefined
        ? component
        : { ...before, occurrences: [...before.occurrences, ...component.occurrences].slice(0, 1000) },
    );
    if (holder !== undefined && holder !== component.ref) {
      dependencies.set(`${holder}\0${component.ref}`, { from: holder, to: component.ref, scope: "runtime" });
    }
    return component.ref;
  };
  const walk = (one: JavaArchive, holder: ComponentRef | undefined): void => {
    const own = one.own && add(componentOf(one.own, one, entry.path, true), holder);
    for (const found of one.copied) add(componentOf(found, one, entry.path, false), own ?? holder);
    for (const inner of one.nested) walk(inner, own ?? holder);
  };
  const itself = entry === source.self && archive.own !== undefined;
  const subject = itself ? subjectOf(componentOf(archive.own, archive, entry.path, true)) : undefined;
  if (subject === undefined) walk(archive, undefined);
  else {
    for (const found of archive.copied) add(componentOf(found, archive, entry.path, false), refOf(subject));
    for (const inner of archive.nested) walk(inner, refOf(subject));
  }
  return {
    ...(subject !== undefined && { subject, licences: archive.own?.licences ?? [] }),
    components: [...byRef.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: [...dependencies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge),
    completeness: {
      components: budget.unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: "unknown",
      method: "observed",
    },
    unknowns: budget.unknowns.slice(0, 100),
  };
}
