import { statSync } from "node:fs";
import type { Artifact, Entry, Source } from "../model/artifact.ts";
import type { DigestHex, SizeBytes } from "../model/digest.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "./limits.ts";
import { readRange, readRegular, sha256Regular } from "./read-file.ts";

/** A single file that is no known archive, as a source with one entry: itself. */
export function openFile(
  reference: string,
  path: string,
  name: string,
  limits: SourceLimits = DEFAULT_LIMITS,
  kind: "file" | "sbom" = "file",
): Source {
  let known: DigestHex | undefined;
  // SHA-256 alone: of a program of 100 MB a second digest costs more than all that is read of it.
  const digest = (): DigestHex => (known ??= sha256Regular(path, name, true));
  const size = (): SizeBytes => statSync(path).size;
  const artifact: Artifact = {
    name,
    kind,
    get digests() {
      return { sha256: digest() };
    },
    get sizeBytes() {
      return size();
    },
  };
  const entry: Entry = {
    path: name,
    kind: "file",
    get sizeBytes() {
      return size();
    },
    get mode() {
      return statSync(path).mode & 0o7777;
    },
    bytes: (limit = limits.fileBytes) => readRegular(path, name, limit, true),
    range: (offset, length) => readRange(path, name, offset, length, true),
    sha256: digest,
  };
  return {
    reference,
    artifact,
    entries: () => [entry],
    find: (wanted) => (wanted === name ? entry : undefined),
    close: () => {},
  };
}
