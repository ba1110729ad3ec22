import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { DigestHex } from "../model/digest.ts";
import { Budget } from "./budget.ts";
import { type Content, fileContent } from "./content.ts";
import { type ImageDescription, type ImageSource, openImage } from "./image.ts";
import { readDockerArchive } from "./image-docker.ts";
import { imageFault } from "./image-fault.ts";
import { type ImageFiles, readLayout } from "./image-layout.ts";
import type { SourceLimits } from "./limits.ts";
import { resolveInRoot } from "./root-source.ts";
import { Spool } from "./spool.ts";
import type { Tree } from "./tree.ts";
import { contentOf } from "./tree-source.ts";
import { membersOf, treeOf, uncompressed } from "./unpack.ts";

/** How an image lies there; `either` is decided by what is in it, the layout first, for `docker save` writes both. */
export type ImageForm = "oci" | "docker" | "either";

/**
 * Opens an image: a folder, or a tar file that may be compressed. `tag` names one of several images of a layout. Throws what
 * `readLayout`, `readDockerArchive` and `openImage` throw.
 */
export async function openImageAt(
  reference: string,
  path: string,
  form: ImageForm,
  limits: SourceLimits,
  tag?: string,
): Promise<ImageSource> {
  const opened = new DisposableStack();
  try {
    const budget = new Budget(limits);
    const spool = new Spool(opened);
    const files = await imageFiles(path, reference, spool, budget, opened);
    const image = describeImage(files, basename(resolve(path)), form, tag);
    return await openImage(reference, image, spool, budget, opened);
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

/** The layers of an image by their diff ids, the lowest first; none is unpacked. */
export async function readLayers(
  path: string,
  reference: string,
  form: ImageForm,
  limits: SourceLimits,
  tag?: string,
): Promise<readonly DigestHex[]> {
  using opened = new DisposableStack();
  const files = await imageFiles(path, reference, new Spool(opened), new Budget(limits), opened);
  return describeImage(files, basename(resolve(path)), form, tag).layers.map(({ diffId }) => diffId);
}

/** Reads and verifies manifest and configuration, whichever form they have. */
export function describeImage(
  files: ImageFiles,
  name: string,
  form: ImageForm = "either",
  tag?: string,
): ImageDescription {
  const isLayout =
    form === "oci" || (form === "either" && files("index.json") !== undefined && files("oci-layout") !== undefined);
  return isLayout ? readLayout(files, name, tag) : readDockerArchive(files, name);
}

/** The files of an image in an archive that was read as a tree. */
export function treeFiles(tree: Tree): ImageFiles {
  return (path) => {
    const [node] = tree.find(path) ?? [];
    return node?.kind === "file" ? contentOf(node) : undefined;
  };
}

async function imageFiles(
  path: string,
  reference: string,
  spool: Spool,
  budget: Budget,
  opened: DisposableStack,
): Promise<ImageFiles> {
  if (statSync(path).isDirectory()) return folderFiles(path, opened);
  const name = basename(resolve(path));
  const [inner] = await uncompressed(fileContent(path, reference, opened), name, name, { spool, budget, unread: [] });
  const members = membersOf(inner, name, budget);
  if (members === undefined) throw imageFault("WB-IMAGE-FORM", "this is no archive of an image", name);
  return treeFiles(treeOf(members, name, "layered", budget));
}

/** Links are followed inside the folder; each file is opened once. */
function folderFiles(root: string, opened: DisposableStack): ImageFiles {
  const known = new Map<string, Content>();
  return (path) => {
    const real = resolveInRoot(root, path);
    if (real === undefined || real === "") return undefined;
    const content = known.get(real) ?? fileContent(join(root, real), path, opened);
    known.set(real, content);
    return content;
  };
}
