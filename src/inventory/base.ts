import { isImageSource, layersOf } from "../artifact/image.ts";
import type { Source } from "../model/artifact.ts";
import type { DigestHex } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Component, ComponentRef, Sbom } from "../model/sbom.ts";
import { collect } from "./collect.ts";

/**
 * The SBOM of an image without what its base image brought: `base` are the base's layers (diff ids, the lowest first), which must be the
 * lowest layers of this image. What they give is inventoried by itself, so that a package list that a later layer wrote anew
 * still counts as the base's. Faults: `WB-IMAGE-BASE`, and those of `collect`.
 */
export async function collectAbove(source: Source, base: readonly DigestHex[]): Promise<Sbom> {
  const layers = layersOf(source);
  if (!isImageSource(source) || base.length === 0 || base.some((layer, index) => layer !== layers[index])) {
    throw notItsBase(source, layers, base);
  }
  const lower = source.below(base.length);
  return withoutBase(await collect(source), await collect(lower).catch(noneIfNothing));
}

function noneIfNothing(error: unknown): undefined {
  if (error instanceof Fault && error.facts.code === "WB-INVENTORY-NOTHING") return undefined;
  throw error;
}

/** Leaves out components that the base has at the same places; of others the places that are new stay. */
function withoutBase(sbom: Sbom, base: Sbom | undefined): Sbom {
  const known = new Map((base?.components ?? []).map((component) => [component.ref, placesOf(component)]));
  const components: Component[] = [];
  for (const component of sbom.components) {
    const places = known.get(component.ref) ?? new Set<string>();
    const occurrences = component.occurrences.filter(({ path, position }) => !places.has(placeOf(path, position)));
    if (places.size === 0) components.push(component);
    else if (occurrences.length > 0) components.push({ ...component, occurrences });
  }
  const kept = new Set<ComponentRef>([sbom.root, ...components.map(({ ref }) => ref)]);
  const left = sbom.components.length - components.length;
  const what = `${left} components of the base image are left out, as asked`;
  return {
    ...sbom,
    components,
    dependencies: sbom.dependencies.filter(({ from, to }) => kept.has(from) && kept.has(to)),
    completeness: { ...sbom.completeness, components: "incomplete" },
    unknowns: [...sbom.unknowns, { where: ".", what }],
  };
}

const placeOf = (path: string, position: string | undefined): string => `${path}\0${position ?? ""}`;

function placesOf({ occurrences }: Component): ReadonlySet<string> {
  return new Set(occurrences.map(({ path, position }) => placeOf(path, position)));
}

function notItsBase(source: Source, layers: readonly DigestHex[], base: readonly DigestHex[]): Fault {
  const at = base.findIndex((layer, index) => layer !== layers[index]);
  return new Fault({
    code: "WB-IMAGE-BASE",
    kind: "input",
    what: "the image is not built on this base",
    where: source.artifact.name,
    expected: layers.length === 0 ? "an image" : `layer ${at + 1} is sha256:${layers[at] ?? "(none)"}`,
    found: layers.length === 0 ? `of kind ${source.artifact.kind}` : `sha256:${base[at] ?? "(none)"}`,
    fix: "name the base image that its build named, in the same version",
  });
}
