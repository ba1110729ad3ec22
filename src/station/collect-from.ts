import { openSource } from "../artifact/open.ts";
import { collect } from "../inventory/collect.ts";
import { inspect } from "../inventory/inspect.ts";
import type { Sbom } from "../model/sbom.ts";

/** Collects what a source holds: lockfiles of a project, the bytes of a package. Throws the faults of `openSource`. */
export async function collectFrom(reference: string): Promise<Sbom> {
  const source = openSource(reference);
  try {
    return source.artifact.kind === "npm-package" ? inspect(source) : await collect(source);
  } finally {
    source.close();
  }
}
