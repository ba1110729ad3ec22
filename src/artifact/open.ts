import { lstatSync, statSync, type Stats } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Source } from "../model/artifact.ts";
import type { DigestHex } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";
import { openDirectory } from "./directory-source.ts";
import { openFile } from "./file-source.ts";
import type { ImageForm } from "./image-files.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "./limits.ts";
import { readRange } from "./read-file.ts";
import { compressionOf, formatOf } from "./recognise.ts";
import { openRoot } from "./root-source.ts";
import { sourceFault } from "./source-fault.ts";

type Prefix =
  | "dir"
  | "file"
  | "oci-layout"
  | "oci-archive"
  | "docker-archive"
  | "rootfs"
  | "registry"
  | "sbom"
  | "purl";

const PREFIX = /^(dir|file|oci-layout|oci-archive|docker-archive|rootfs|registry|sbom|purl):/u;
const FORMS: Readonly<Partial<Record<Prefix, ImageForm>>> = {
  "oci-layout": "oci",
  "oci-archive": "oci",
  "docker-archive": "docker",
};

/** A CycloneDX document in JSON says at its beginning what it is. */
const CYCLONEDX = /^(?:\xef\xbb\xbf)?\s*\{[^]*?"bomFormat"\s*:\s*"CycloneDX"/u;
const HEAD_BYTES = 4096;

/**
 * Opens what a reference names (CLI.md): `dir:`, `file:`, `oci-layout:`, `oci-archive:`, `docker-archive:` (each as a folder or a tar
 * file; `:TAG` behind the path names one image of a layout), `rootfs:` (a folder, or a tar file), `sbom:`, or a bare path, recognised
 * by its content. Folders are read when they are walked; archives and images are unpacked here, into a private temporary file
 * once they are large (see `Spool`), which `close` gives back. Throws `WB-SOURCE-…`, `WB-ARCHIVE-…`, `WB-IMAGE-…`.
 */
export async function openSource(reference: string, limits: SourceLimits = DEFAULT_LIMITS): Promise<Source> {
  const { prefix, path } = taken(reference);
  const form = prefix === undefined ? undefined : FORMS[prefix];
  if (form !== undefined) {
    const [file, tag] = withTag(path);
    statOf(file, reference);
    return (await import("./image-files.ts")).openImageAt(reference, file, form, limits, tag);
  }
  const status = statOf(path, reference);
  if (status.isDirectory() && prefix !== "file" && prefix !== "sbom")
    return openFolder(reference, path, prefix, limits);
  if (!status.isFile() || prefix === "dir") {
    const found = status.isDirectory() ? "a folder" : status.isFile() ? "a file" : "a pipe, socket or device";
    throw wrongKind(reference, prefix === "dir" ? "a folder" : "a file", found);
  }
  const name = basename(resolve(path));
  if (prefix === "sbom") return openFile(reference, path, name, limits, "sbom");
  const head = readRange(path, reference, 0, HEAD_BYTES, true);
  // Whoever names a lockfile does not wait for the readers of archives.
  if (formatOf(head) === undefined && compressionOf(head) === undefined && prefix !== "rootfs") {
    return openFile(reference, path, name, limits, CYCLONEDX.test(head.toString("latin1")) ? "sbom" : "file");
  }
  return (await import("./open-archive.ts")).openPacked(reference, path, limits, prefix === "rootfs");
}

/**
 * The layers of a base image, by their diff ids, the lowest first: of an image that `reference` names as `openSource` does, or
 * written out, `sha256:HEX,sha256:HEX…`. Throws what `openSource` throws.
 */
export async function baseLayers(
  reference: string,
  limits: SourceLimits = DEFAULT_LIMITS,
): Promise<readonly DigestHex[]> {
  if (/^sha256:[\da-f]{64}(?:,sha256:[\da-f]{64})*$/u.test(reference)) {
    return reference.split(",").map((digest) => digest.slice("sha256:".length));
  }
  const { prefix, path } = taken(reference);
  const form = prefix === undefined ? "either" : FORMS[prefix];
  if (form === undefined) throw wrongKind(reference, "an image", `${prefix ?? ""}:`);
  const [file, tag] = withTag(path);
  statOf(file, reference);
  return (await import("./image-files.ts")).readLayers(file, reference, form, limits, tag);
}

function taken(reference: string): { readonly prefix: Prefix | undefined; readonly path: string } {
  const prefix = PREFIX.exec(reference)?.[1] as Prefix | undefined;
  if (prefix === "registry" || prefix === "purl") throw notYet(reference, `${prefix}:`);
  return { prefix, path: prefix === undefined ? reference : reference.slice(prefix.length + 1) };
}

/** A path may hold colons itself, so that only what is not there as a whole ends in a tag. */
function withTag(path: string): readonly [file: string, tag: string | undefined] {
  const colon = path.lastIndexOf(":");
  if (colon <= 0 || isThere(path) || !isThere(path.slice(0, colon))) return [path, undefined];
  return [path.slice(0, colon), path.slice(colon + 1)];
}

async function openFolder(
  reference: string,
  path: string,
  prefix: Prefix | undefined,
  limits: SourceLimits,
): Promise<Source> {
  const has = (file: string): boolean => isThere(join(path, file));
  if (prefix === undefined && has("oci-layout") && has("index.json")) {
    return (await import("./image-files.ts")).openImageAt(reference, path, "oci", limits);
  }
  // A root is known by its description, which merged roots keep below `usr`, beside a folder that projects do not have.
  const isRoot = has("usr") && (has("etc/os-release") || has("usr/lib/os-release"));
  if (prefix === "rootfs" || (prefix === undefined && isRoot)) return openRoot(reference, path, limits);
  return openDirectory(reference, path, limits);
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function statOf(path: string, reference: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw sourceFault(error, reference);
  }
}

function wrongKind(reference: string, expected: string, found: string): Fault {
  return new Fault({
    code: "WB-SOURCE-KIND",
    kind: "input",
    what: "the source is of another kind",
    where: cleanText(reference, 300),
    expected,
    found,
    fix: "name it without a prefix, or name a folder or file",
  });
}

function notYet(reference: string, prefix: string): Fault {
  return new Fault({
    code: "WB-SOURCE-KIND",
    kind: "input",
    what: "this kind of source cannot be read",
    where: cleanText(reference, 300),
    expected: "a path, or dir:, file:, oci-layout:, oci-archive:, docker-archive:, rootfs: or sbom: before it",
    found: prefix,
    fix: "export it to a file or folder first, and name that",
  });
}
