import { digestBytes, sha256 } from "../../src/artifact/digest.ts";
import type { ArtifactKind, Entry, Source } from "../../src/model/artifact.ts";
import { Fault } from "../../src/model/fault.ts";

/** A source in memory: paths to contents. `kind` tells what it pretends to be. */
export function memorySource(
  files: Readonly<Record<string, string | Uint8Array>>,
  kind: ArtifactKind = "directory",
  name = "memory",
): Source {
  const entries = Object.keys(files)
    .sort()
    .map((path): Entry => {
      const content = files[path] ?? "";
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      return {
        path,
        kind: "file",
        sizeBytes: bytes.length,
        mode: 0o644,
        bytes: (limit = Number.MAX_SAFE_INTEGER) => {
          if (bytes.length <= limit) return bytes;
          throw new Fault({ code: "WB-SOURCE-TOO-LARGE", kind: "input", what: "too large", where: path });
        },
        range: (offset, length) => bytes.subarray(offset, offset + length),
        sha256: () => sha256(bytes),
      };
    });
  const folders = (path: string): string[] => {
    const parts = path.split("/");
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
  };
  return {
    reference: name,
    artifact: { name, digests: digestBytes(Buffer.from(name)), kind },
    entries: (skip) => entries.filter((entry) => !folders(entry.path).some((folder) => skip?.(folder) === true)),
    find: (path) => entries.find((entry) => entry.path === path),
    close: () => {},
  };
}
