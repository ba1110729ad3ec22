import { baseLayers, openSource } from "../artifact/open.ts";
import { collect } from "../inventory/collect.ts";
import type { Surroundings } from "../model/extractor.ts";
import type { Sbom } from "../model/sbom.ts";

/**
 * Collects what a source holds: lockfiles of a project, the bytes of a package, what is installed in an image; of an image without
 * what `base`, a reference to another one or its layers' digests, brought. `around` helps to read it. Throws the faults of `openSource` and `collectAbove`.
 */
export async function collectFrom(reference: string, around: Surroundings = {}, base?: string): Promise<Sbom> {
  const layers = base === undefined ? undefined : await baseLayers(base);
  const source = await openSource(reference);
  try {
    // Most sources are folders and files, which need neither.
    if (layers !== undefined) return await (await import("../inventory/base.ts")).collectAbove(source, layers);
    if (source.artifact.kind === "npm-package") return (await import("../inventory/inspect.ts")).inspect(source);
    return await collect(source, around);
  } finally {
    source.close();
  }
}
