import type { Source } from "../../model/artifact.ts";

/** A folder of a source as a source of its own, for look-ups by path only. */
export function under(source: Source, folder: string): Source {
  return {
    reference: `${source.reference}/${folder}`,
    artifact: source.artifact,
    entries: () => [],
    find: (path) => source.find(`${folder}/${path}`),
    close: () => {},
  };
}
