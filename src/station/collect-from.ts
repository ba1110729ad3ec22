import { baseLayers, openSource } from "../artifact/open.ts";
import { collect } from "../inventory/collect.ts";
import type { Source } from "../model/artifact.ts";
import type { Surroundings } from "../model/extractor.ts";
import type { Sbom } from "../model/sbom.ts";

/**
 * Collects what a source holds: lockfiles of a project, the bytes of a package, what is installed in an image; of an image without
 * what `base`, a reference to another one or its layers' digests, brought. `around` helps to read it. Throws the faults of `openSource` and `collectAbove`.
 */
export async function collectFrom(reference: string, around: Surroundings = {}, base?: string): Promise<Sbom> {
  return withSource(reference, { around, base }, async (sbom) => sbom);
}

/** As `collectFrom`, and gives the SBOM to `use` while the source is still open. */
export async function withSource<T>(
  reference: string,
  { around = {}, base }: { readonly around?: Surroundings; readonly base?: string | undefined },
  use: (sbom: Sbom, source: Source) => Promise<T>,
): Promise<T> {
  const layers = base === undefined ? undefined : await baseLayers(base);
  const source = await openSource(reference);
  try {
    return await use(await collectOpen(source, around, layers), source);
  } finally {
    source.close();
  }
}

async function collectOpen(source: Source, around: Surroundings, layers: readonly string[] | undefined): Promise<Sbom> {
  // Most sources are folders and files, which need neither.
  if (layers !== undefined) return (await import("../inventory/base.ts")).collectAbove(source, layers);
  if (source.artifact.kind === "npm-package") return (await import("../inventory/inspect.ts")).inspect(source);
  return collect(source, around);
}
