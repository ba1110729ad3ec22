import { extractors } from "../../src/inventory/extractors.ts";
import type { Extraction } from "../../src/model/extractor.ts";
import { memorySource } from "./memory-source.ts";

/** What one of our extractors says of a file of a source in memory; a group is given all files that it claims. */
export async function extract(
  id: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  path: string = Object.keys(files)[0] ?? "",
): Promise<Extraction> {
  const extractor = extractors.find((one) => one.id === id);
  if (extractor === undefined) throw new Error(`there is no extractor ${id}`);
  const source = memorySource(files);
  const entry = source.find(path);
  if (entry === undefined) throw new Error(`there is no file ${path}`);
  return extractor.kind === "group"
    ? extractor.extract([...source.entries()], source)
    : extractor.extract(entry, source);
}

/** Components as `ref scope`, the package URL's type left out. */
export const told = ({ components }: Extraction): readonly string[] =>
  components.map(({ ref, scope }) => `${ref.replace(/^pkg:\w+\//, "")} ${scope}`);

/** Edges as `from → to scope`. */
export const edges = ({ dependencies }: Extraction): readonly string[] =>
  dependencies.map(({ from, to, scope }) => `${from} → ${to} ${scope}`.replaceAll(/pkg:\w+\//g, ""));

/** Unknowns as `where: what`. */
export const unknown = ({ unknowns }: Extraction): string =>
  unknowns.map(({ where, what }) => `${where}: ${what}`).join("\n");
