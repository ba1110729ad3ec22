import { basename, resolve } from "node:path";
import type { Artifact, ArtifactKind, Source } from "../model/artifact.ts";
import { archiveFault } from "./archive-fault.ts";
import { openArchive } from "./archive-source.ts";
import { Budget } from "./budget.ts";
import { type Content, fileContent } from "./content.ts";
import { unpackedHead } from "./decompress.ts";
import { digestFile } from "./digest.ts";
import { openFile } from "./file-source.ts";
import { openImage } from "./image.ts";
import { describeImage, treeFiles } from "./image-files.ts";
import type { SourceLimits } from "./limits.ts";
import { readRegular } from "./read-file.ts";
import { compressionOf, formatOf, HEAD_BYTES } from "./recognise.ts";
import { Spool } from "./spool.ts";
import type { Tree } from "./tree.ts";
import { contentOf, TreeSource } from "./tree-source.ts";
import { enterInner, membersOf, treeOf, type Unpacking, uncompressed } from "./unpack.ts";

/** A root file system has one of these. */
const ROOT_FILES = ["etc/os-release", "usr/lib/os-release", "lib/apk/db/installed", "var/lib/dpkg/status"];
/** So much of a list of images is looked at to know it. */
const MANIFEST_BYTES = 1 << 16;

/**
 * Opens what begins as an archive or is compressed: an image in an OCI or docker archive, an npm package (in memory, by the strict rules of
 * `openArchive`), a root file system as a tar file, any other archive with the archives inside it, or a plain file. `rooted`: a tar
 * file is a root file system whatever is in it. Throws what they throw.
 */
export async function openPacked(
  reference: string,
  path: string,
  limits: SourceLimits,
  rooted = false,
): Promise<Source> {
  const opened = new DisposableStack();
  try {
    return await open(reference, path, limits, rooted, opened);
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

async function open(
  reference: string,
  path: string,
  limits: SourceLimits,
  rooted: boolean,
  opened: DisposableStack,
): Promise<Source> {
  const name = basename(resolve(path));
  const content = fileContent(path, reference, opened);
  if (!(await isArchive(content, name))) {
    opened.dispose();
    return openFile(reference, path, name, limits);
  }
  const budget = new Budget(limits);
  const unpacking: Unpacking = { spool: new Spool(opened), budget, unread: [] };
  const [inner] = await uncompressed(content, name, name, unpacking);
  const members = membersOf(inner, name, budget);
  if (members === undefined) {
    throw archiveFault(
      "WB-ARCHIVE-CORRUPT",
      "the archive is damaged",
      name,
      undefined,
      "no archive after decompression",
    );
  }
  const tree = treeOf(members, name, rooted ? "layered" : "undecided", budget);
  const isTarFile = formatOf(inner.read(0, HEAD_BYTES)) === "tar";
  const kind = rooted ? "root-file-system" : isTarFile ? kindOf(tree) : "archive";
  if (kind === "npm-package") {
    opened.dispose();
    if (content.sizeBytes > limits.archiveBytes) {
      const found = `${content.sizeBytes} bytes`;
      throw archiveFault("WB-ARCHIVE-TOO-LARGE", "the archive is too large", reference, undefined, found);
    }
    return openArchive(reference, name, readRegular(path, reference, limits.archiveBytes, true), limits);
  }
  tree.decide(kind === "archive" ? "strict" : "layered");
  if (kind === "image") {
    return await openImage(reference, describeImage(treeFiles(tree), name), unpacking.spool, budget, opened);
  }
  if (kind === "archive") await enterInner(tree, "", limits.innerDepth, unpacking);
  const artifact = artifactOf(path, name, kind, content);
  const source = new TreeSource(reference, artifact, tree, unpacking.unread, limits.fileBytes, opened);
  const self = kind === "archive" ? openFile(reference, path, name, limits).find(name) : undefined;
  return self === undefined ? source : Object.assign(source, { self });
}

function artifactOf(path: string, name: string, kind: ArtifactKind, { sizeBytes }: Content): Artifact {
  let digests: Artifact["digests"] | undefined;
  return {
    name,
    kind,
    sizeBytes,
    get digests() {
      return (digests ??= digestFile(path).digests);
    },
  };
}

/** What a tar file holds. */
function kindOf(tree: Tree): ArtifactKind {
  const has = (path: string): boolean => tree.find(path)?.[0].kind === "file";
  if (has("package/package.json")) return "npm-package";
  const [list] = tree.find("manifest.json") ?? [];
  const isDocker =
    list?.kind === "file" && /^\s*\[[^]*"Layers"/u.test(contentOf(list).read(0, MANIFEST_BYTES).toString("latin1"));
  if (isDocker || (has("oci-layout") && has("index.json"))) return "image";
  return ROOT_FILES.some(has) ? "root-file-system" : "archive";
}

/** By content, looking through compressions; only where a file is damaged at its very start, its name says what it was meant to be. */
async function isArchive(content: Content, name: string): Promise<boolean> {
  const head = content.read(0, HEAD_BYTES);
  const compression = compressionOf(head);
  if (compression === undefined) return formatOf(head) !== undefined;
  const inner = await unpackedHead(content, compression, HEAD_BYTES);
  return (
    formatOf(inner) !== undefined || compressionOf(inner) !== undefined || /\.(?:tgz|tar\.\w+|apk|crate)$/u.test(name)
  );
}
