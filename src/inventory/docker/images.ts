import { cleanText } from "../../artifact/clean-text.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { Gathered } from "../packages.ts";
import { imageReference } from "./image.ts";

/** An image that a file names. */
export interface ImageUse {
  readonly written: string;
  /** With its variables filled in; undefined where one is not known. */
  readonly image: string | undefined;
  readonly line: number | undefined;
  readonly scope: Scope;
}

/** What a project runs or is built from; an image that cannot be told is an unknown. */
export function imagesUsed(path: string, project: string, uses: Iterable<ImageUse>): Extraction {
  const gathered = new Gathered();
  const unknowns: Unknown[] = [];
  let pinned = true;
  for (const { written, image, line, scope } of uses) {
    const reference = image === undefined ? undefined : imageReference(image);
    if (reference === undefined) {
      const where = `${cleanText(path, 300)}${line === undefined ? "" : `:${line}`}`;
      unknowns.push({ where, what: `which image this is cannot be told: ${cleanText(written, 100)}` });
      continue;
    }
    const { name, version, purl, digests } = reference;
    pinned &&= reference.pinned;
    const occurrence = { path, ...(line !== undefined && { line }), technique: "declared" } as const;
    const met = { name, version, purl, ecosystem: "docker", scope, direct: true, digests } as const;
    gathered.need(project, gathered.add({ ...met, kind: "container", occurrence }), scope);
  }
  return {
    subject: { name: project, digests: {} },
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      // What is inside of an image is not in its name.
      dependencies: "incomplete",
      method: pinned ? "locked" : "declared",
    },
    unknowns,
  };
}
