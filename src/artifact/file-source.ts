import { lstatSync } from "node:fs";
import type { Artifact, Entry, Source } from "../model/artifact.ts";
import { digestFile } from "./digest.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "./limits.ts";
import { readRange, readRegular } from "./read-file.ts";

/** A single file that is no known archive, as a source with one entry: itself. */
export function openFile(
  reference: string,
  path: string,
  name: string,
  limits: SourceLimits = DEFAULT_LIMITS,
  kind: "file" | "sbom" = "file",
): Source {
  let known: ReturnType<typeof digestFile> | undefined;
  const digested = (): ReturnType<typeof digestFile> => (known ??= digestFile(path));
  const artifact: Artifact = {
    name,
    kind,
    get digests() {
      return digested().digests;
    },
    get sizeBytes() {
      return digested().sizeBytes;
    },
  };
  const entry: Entry = {
    path: name,
    kind: "file",
    get sizeBytes() {
      return digested().sizeBytes;
    },
    get mode() {
      return lstatSync(path).mode & 0o7777;
    },
    bytes: (limit = limits.fileBytes) => readRegular(path, name, limit, true),
    range: (offset, length) => readRange(path, name, offset, length, true),
    sha256: () => digested().digests.sha256 ?? "",
  };
  return {
    reference,
    artifact,
    entries: () => [entry],
    find: (wanted) => (wanted === name ? entry : undefined),
    close: () => {},
  };
}
