import type { Component, ComponentRef, Dependency, Sbom, Subject } from "../../model/sbom.ts";
import { joinComponents } from "../join-components.ts";
import { mergeEdges, weakestOf } from "../join-edges.ts";
import { packageRefs } from "./package-refs.ts";

/** The root of one of several SBOMs as a component of the whole. */
function rootOf(sbom: Sbom): Component {
  const { subject, root, licences } = sbom;
  return {
    ref: root,
    name: subject.name,
    ...(subject.version !== undefined && { version: subject.version }),
    ...(subject.purl !== undefined && { purl: subject.purl }),
    ...(subject.author !== undefined && { author: subject.author }),
    ...(subject.filename !== undefined && { filename: subject.filename }),
    ecosystem: sbom.components.find(({ own }) => own)?.ecosystem ?? sbom.components[0]?.ecosystem ?? "",
    scope: "runtime",
    direct: true,
    digests: subject.digests,
    licences,
    occurrences: [],
    own: true,
  };
}

/**
 * One SBOM of several: each root is a component below the new subject and keeps its edges; a package that several have is one
 * component with the proofs of all, and edges are kept once. Of what is said of the whole the weakest holds; the lifecycle is theirs
 * where all agree, else `analyzed` is never claimed: `source`. Two contents under one name stay two (`#2`).
 */
export function mergeSboms(subject: Subject, sboms: readonly Sbom[]): Sbom {
  const root: ComponentRef = subject.purl ?? subject.name;
  const joined = joinComponents(
    root,
    sboms.map((sbom) => [rootOf(sbom), ...sbom.components]),
  );
  const edges = sboms.flatMap((sbom, index): Dependency[] => {
    const refs = joined.refs[index];
    const named = (ref: ComponentRef): ComponentRef => refs?.get(ref) ?? ref;
    return [
      { from: root, to: named(sbom.root), scope: "runtime" },
      ...sbom.dependencies.map(({ from, to, scope }) => ({ from: named(from), to: named(to), scope })),
    ];
  });
  const lifecycles = new Set(sboms.map(({ lifecycle }) => lifecycle));
  const [only] = lifecycles;
  return {
    lifecycle: lifecycles.size === 1 && only !== undefined ? only : "source",
    subject,
    root,
    components: joined.components,
    dependencies: mergeEdges(edges),
    completeness: weakestOf(sboms.map(({ completeness }) => completeness)),
    unknowns: sboms.flatMap(({ unknowns }) => unknowns),
    licences: [],
  };
}

/**
 * An SBOM without what another has (a base image, a platform): components by package, whatever each document calls them. What only a removed component needed hangs on the
 * nearest that is left above it, so that nothing that stays loses its way to the root.
 */
export function subtractSbom(sbom: Sbom, base: Sbom): Sbom {
  const [names, theirs] = [packageRefs(sbom), packageRefs(base)];
  const bases = new Set(base.components.map(({ ref }) => theirs.get(ref)));
  const gone = new Set(sbom.components.map(({ ref }) => ref).filter((ref) => bases.has(names.get(ref))));
  const needs = Map.groupBy(sbom.dependencies, ({ from }) => from);
  const left = sbom.components.filter(({ ref }) => !gone.has(ref));
  const edges: Dependency[] = [];
  for (const from of [sbom.root, ...left.map(({ ref }) => ref)]) {
    const seen = new Set<ComponentRef>();
    const open = [...(needs.get(from) ?? [])];
    for (let edge = open.pop(); edge !== undefined; edge = open.pop()) {
      if (!gone.has(edge.to)) edges.push({ ...edge, from });
      else if (!seen.has(edge.to)) {
        seen.add(edge.to);
        open.push(...(needs.get(edge.to) ?? []));
      }
    }
  }
  return { ...sbom, components: left, dependencies: mergeEdges(edges) };
}
