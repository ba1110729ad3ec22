import { createHash } from "node:crypto";
import type { Artifact, Source } from "../model/artifact.ts";
import type { DigestHex, SizeBytes } from "../model/digest.ts";
import type { Unknown } from "../model/sbom.ts";
import { Budget } from "./budget.ts";
import { cleanText } from "./clean-text.ts";
import { type Content, sha256Of } from "./content.ts";
import { decompress } from "./decompress.ts";
import { imageFault } from "./image-fault.ts";
import { compressionOf } from "./recognise.ts";
import type { Spool } from "./spool.ts";
import { isTar } from "./tar-header.ts";
import { tarMembers } from "./tar-index.ts";
import { Tree } from "./tree.ts";
import { TreeSource } from "./tree-source.ts";

/** One layer as the image names it. */
export interface LayerBlob {
  /** For messages: its digest, or its path in the archive. */
  readonly name: string;
  /** As it lies there, mostly compressed. */
  readonly blob: Content;
  /** Of the blob; a docker archive has none. */
  readonly digest?: DigestHex;
  /** Of the uncompressed layer, as the image's configuration states it. */
  readonly diffId: DigestHex;
}

/** An image whose manifest and configuration were read and verified; the layers are not yet. */
export interface ImageDescription {
  readonly name: string;
  /** SHA-256 of the manifest; of a docker archive, which has none, the image's id. */
  readonly digest: DigestHex;
  readonly layers: readonly LayerBlob[];
  readonly unread: readonly Unknown[];
}

/** An image as a source; `below(n)` is what its lowest `n` layers alone give. */
export interface ImageSource extends Source {
  readonly layers: readonly DigestHex[];
  below(count: number): Source;
}

/** The layers of a source that is an image, by their diff ids, the lowest first. */
export function layersOf(source: Source): readonly DigestHex[] {
  return isImageSource(source) ? source.layers : [];
}

/** Whether a source is an image. */
export function isImageSource(source: Source): source is ImageSource {
  return source.artifact.kind === "image" && "layers" in source;
}

/**
 * Unpacks the layers of an image (OCI image-spec 1.1, layer.md), each verified while it is read: the blob against its descriptor and
 * the uncompressed tar against the configuration's diff id. They lie one after another in the spool, so that the tree needs
 * no more memory than names. Throws `WB-IMAGE-DIGEST`, `WB-ARCHIVE-…`.
 */
export async function openImage(
  reference: string,
  image: ImageDescription,
  spool: Spool,
  budget: Budget,
  opened: DisposableStack,
): Promise<ImageSource> {
  const layers: Content[] = [];
  for (const layer of image.layers) layers.push(await unpackLayer(layer, spool, budget));
  const treeTo = (count: number): Tree => {
    const tree = new Tree(image.name, "layered", new Budget(budget.limits));
    for (const [index, content] of layers.slice(0, count).entries()) {
      const { name, diffId } = image.layers[index] as LayerBlob;
      if (content.sizeBytes === 0) continue;
      for (const member of tarMembers(content, name)) tree.add(member, { digest: diffId, index });
    }
    return tree;
  };
  const artifact: Artifact = { name: image.name, kind: "image", digests: { sha256: image.digest } };
  const { fileBytes } = budget.limits;
  return Object.assign(new TreeSource(reference, artifact, treeTo(layers.length), image.unread, fileBytes, opened), {
    layers: image.layers.map(({ diffId }) => diffId),
    below: (count: number) => new TreeSource(reference, artifact, treeTo(count), [], fileBytes, new DisposableStack()),
  });
}

async function unpackLayer(layer: LayerBlob, spool: Spool, budget: Budget): Promise<Content> {
  const { blob, name } = layer;
  const compression = compressionOf(blob.read(0, 512));
  if (compression === undefined) {
    const found = sha256Of(blob);
    if (layer.digest !== undefined) verify(found, layer.digest, name, "a layer");
    verify(found, layer.diffId, name, "an unpacked layer");
    return plainTar(blob, name);
  }
  const packed = createHash("sha256");
  const unpacked = createHash("sha256");
  const hashes = layer.digest === undefined ? { unpacked } : { packed, unpacked };
  const content = await decompress(blob, compression, name, spool, budget, hashes);
  if (layer.digest !== undefined) verify(packed.digest("hex"), layer.digest, name, "a layer");
  verify(unpacked.digest("hex"), layer.diffId, name, "an unpacked layer");
  return plainTar(content, name);
}

function plainTar(content: Content, name: string): Content {
  const head = content.read(0, 512);
  if (content.sizeBytes > 0 && !isTar(head) && head.some((byte) => byte !== 0)) {
    throw imageFault("WB-IMAGE-FORM", "a layer is no tar archive", name);
  }
  return content;
}

/** Refuses what has another digest than it should. */
export function verify(found: DigestHex, expected: DigestHex, name: string, what: string): void {
  if (found === expected) return;
  throw imageFault("WB-IMAGE-DIGEST", `${what} has another digest than the image says`, name, expected, found);
}

/** Refuses a blob that is not what its descriptor says. */
export function verifyBlob(blob: Content, digest: DigestHex, size: SizeBytes, name: string): void {
  verifySize(blob, size, name);
  verify(sha256Of(blob), digest, name, "a part of the image");
}

/** Before anything of a blob is read: its size is known at once. */
export function verifySize(blob: Content, size: SizeBytes, name: string): void {
  if (blob.sizeBytes === size) return;
  const what = "a part of the image has another size than the image says";
  throw imageFault("WB-IMAGE-DIGEST", what, cleanText(name), `${size} bytes`, `${blob.sizeBytes} bytes`);
}
