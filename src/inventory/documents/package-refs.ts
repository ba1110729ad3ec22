import type { ComponentRef, Sbom } from "../../model/sbom.ts";
import { keyOf } from "../join-components.ts";

/**
 * What each component (and the root) is called by its package URL, else by name and version, whatever the document calls it: tools
 * give references of their own, and two documents may use one reference for two packages. Several contents of one package are
 * numbered as in `ComponentRef`.
 */
export function packageRefs({ root, subject, components }: Sbom): ReadonlyMap<ComponentRef, ComponentRef> {
  const top: string = subject.purl ?? root;
  const names = new Map<ComponentRef, ComponentRef>([[root, top]]);
  const counts = new Map<string, number>([[top, 1]]);
  for (const component of components) {
    const key = keyOf(component);
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    names.set(component.ref, nth === 1 ? key : `${key}#${nth}`);
  }
  return names;
}
