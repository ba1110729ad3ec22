import { parseJson } from "../../format/json.ts";
import type { Entry } from "../../model/artifact.ts";
import { positionOf } from "./position.ts";

const MAX_MAP_BYTES = 128 * 1024 * 1024;
const INLINE = /\/\/[#@] sourceMappingURL=data:application\/json[^,]{0,40};base64,([A-Za-z0-9+/=]+)\s*$/u;
const TAIL_BYTES = 16 * 1024 * 1024;

/** What a source map tells: the install positions of the packages whose files went into the bundle. */
export interface MapContents {
  readonly positions: readonly string[];
  readonly sources: number;
}

/** Source lists of a map, of its sections too (ECMA-426, "Source map format" and "Index map"). */
function sourcesOf(value: unknown, depth = 0): readonly string[] {
  if (typeof value !== "object" || value === null || depth > 4) return [];
  const { sources, sourceRoot, sections } = value as { sources?: unknown; sourceRoot?: unknown; sections?: unknown };
  const root = typeof sourceRoot === "string" && sourceRoot !== "" ? `${sourceRoot}/` : "";
  const own = Array.isArray(sources)
    ? sources.filter((source) => typeof source === "string").map((source) => root + source)
    : [];
  const inner = Array.isArray(sections)
    ? sections.flatMap((section: unknown) => sourcesOf((section as { map?: unknown } | null)?.map, depth + 1))
    : [];
  return [...own, ...inner];
}

function contentsOf(bytes: Uint8Array, where: string): MapContents {
  const sources = sourcesOf(parseJson(bytes, where, { maxBytes: MAX_MAP_BYTES, maxDepth: 20 }));
  const positions = new Set(sources.map(positionOf).filter((position) => position !== undefined));
  return { positions: [...positions].toSorted(), sources: sources.length };
}

/** Reads a map file. Throws the faults of `parseJson`; the caller says them as unknown. */
export function readSourceMap(entry: Entry): MapContents {
  return contentsOf(entry.bytes(MAX_MAP_BYTES), entry.path);
}

/** The map that a script carries in its last line as a data URL; undefined where there is none. */
export function readInlineMap(bytes: Uint8Array, where: string): MapContents | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-TAIL_BYTES).toString("latin1");
  const start = text.lastIndexOf("sourceMappingURL=data:");
  const encoded = start < 0 ? undefined : INLINE.exec(text.slice(Math.max(0, start - 4)))?.[1];
  return encoded === undefined ? undefined : contentsOf(Buffer.from(encoded, "base64"), where);
}
