import type { DigestHex } from "../model/digest.ts";
import type { Unknown } from "../model/sbom.ts";
import { cleanText } from "./clean-text.ts";
import type { Content } from "./content.ts";
import { type ImageDescription, type LayerBlob, verifyBlob, verifySize } from "./image.ts";
import { imageFault } from "./image-fault.ts";
import {
  type Descriptor,
  descriptorOf,
  diffIdsOf,
  form,
  listIn,
  objectPart,
  parseJson,
  type Part,
  textIn,
} from "./image-json.ts";

/** Files of an image's folder or archive, by their path in it. */
export type ImageFiles = (path: string) => Content | undefined;

const MAX_INDEX_DEPTH = 8;
const MAX_MANIFESTS = 1000;
const MAX_TOLD = 20;
const INDEX_TYPES = /^application\/vnd\.(?:oci\.image\.index|docker\.distribution\.manifest\.list)\./u;
const MANIFEST_TYPES = /^application\/vnd\.(?:oci\.image\.manifest|docker\.distribution\.manifest)\.v[12]\+json$/u;
const OLD_TYPES = /^application\/vnd\.docker\.distribution\.manifest\.v1/u;

/** A manifest that an index leads to. */
interface Candidate {
  readonly descriptor: Descriptor;
  readonly name: string | undefined;
  readonly platform: string | undefined;
}

/**
 * Reads what an OCI image layout holds (OCI image-spec 1.1, image-layout.md): index → manifest → configuration, each verified
 * against its descriptor before it is read. Of several images the first for linux/amd64 is taken on every machine, so that the same layout gives
 * the same inventory everywhere; else the first without a platform, else the first. The others are told in `unread`. `tag` asks for one by
 * its `org.opencontainers.image.ref.name`. Throws `WB-IMAGE-FORM`, `WB-IMAGE-DIGEST`, `WB-IMAGE-BLOB`.
 */
export function readLayout(files: ImageFiles, name: string, tag?: string): ImageDescription {
  const blobs = (descriptor: Descriptor): Content => {
    const blob = files(`blobs/sha256/${descriptor.digest}`);
    const path = `sha256:${descriptor.digest}`;
    if (blob === undefined) throw imageFault("WB-IMAGE-BLOB", "a part of the image is not in the layout", path);
    verifySize(blob, descriptor.sizeBytes, path);
    return blob;
  };
  const json = (descriptor: Descriptor): unknown => {
    const blob = blobs(descriptor);
    verifyBlob(blob, descriptor.digest, descriptor.sizeBytes, `sha256:${descriptor.digest}`);
    return parseJson(blob, `sha256:${descriptor.digest}`);
  };
  const index = files("index.json");
  if (index === undefined) throw imageFault("WB-IMAGE-BLOB", "the layout has no index.json", name);
  const candidates = [...manifestsOf(objectPart(parseJson(index, "index.json"), "index.json"), json)];
  const named = tag === undefined ? candidates : candidates.filter((one) => one.name === tag);
  const chosen =
    named.find(({ platform }) => platform === "linux/amd64") ??
    named.find(({ platform }) => platform === undefined) ??
    named[0];
  if (chosen === undefined) throw form("index.json", tag === undefined ? "an image" : `an image named ${tag}`, "none");
  const manifest = objectPart(json(chosen.descriptor), `sha256:${chosen.descriptor.digest}`);
  const configuration = descriptorOf(manifest.value["config"], `${manifest.where}/config`);
  const diffIds = diffIdsOf(json(configuration), `sha256:${configuration.digest}`);
  const layers = listIn(manifest, "layers").map((value, at) => descriptorOf(value, `${manifest.where}/layers/${at}`));
  if (layers.length !== diffIds.length) throw form(manifest.where, `${diffIds.length} layers`, `${layers.length}`);
  return {
    name: chosen.name === undefined ? name : refName(name, chosen.name),
    digest: chosen.descriptor.digest,
    layers: layers.map((descriptor, at): LayerBlob => ({
      name: `sha256:${descriptor.digest}`,
      blob: blobs(descriptor),
      digest: descriptor.digest,
      diffId: diffIds[at] as DigestHex,
    })),
    unread: passedOver(candidates, chosen),
  };
}

/** A tag alone says nothing of what it is a tag of. */
function refName(name: string, written: string): string {
  return cleanText(/[/:]/u.test(written) ? written : `${name}:${written}`);
}

function passedOver(candidates: readonly Candidate[], chosen: Candidate): readonly Unknown[] {
  const others = candidates.filter((one) => one.descriptor.digest !== chosen.descriptor.digest);
  const label = ({ name, platform }: Candidate): string =>
    [name, platform].filter((part) => part !== undefined).join(" ");
  return others.slice(0, MAX_TOLD).map((one) => ({
    where: `sha256:${one.descriptor.digest}`,
    what: cleanText(
      `another image of the layout (${label(one) || "no name"}) is not read; ${label(chosen) || "the first"} is`,
    ),
  }));
}

/** All manifests of images, indexes in an index followed. What describes another blob (attestations, signatures) is no image. */
function* manifestsOf(
  index: Part,
  json: (descriptor: Descriptor) => unknown,
  depth = 0,
  seen = new Set<DigestHex>(),
  above?: string,
): Generator<Candidate> {
  for (const [at, value] of listIn(index, "manifests").entries()) {
    const descriptor = descriptorOf(value, `${index.where}/manifests/${at}`);
    if (seen.has(descriptor.digest)) continue;
    seen.add(descriptor.digest);
    if (seen.size > MAX_MANIFESTS) throw form(index.where, `at most ${MAX_MANIFESTS} manifests`, "more");
    const name = annotation(descriptor, "org.opencontainers.image.ref.name") ?? above;
    if (OLD_TYPES.test(descriptor.mediaType))
      throw form(descriptor.where, "a manifest of schema 2", descriptor.mediaType);
    if (INDEX_TYPES.test(descriptor.mediaType)) {
      if (depth === MAX_INDEX_DEPTH)
        throw form(descriptor.where, `at most ${MAX_INDEX_DEPTH} indexes in one another`, "more");
      yield* manifestsOf(objectPart(json(descriptor), `sha256:${descriptor.digest}`), json, depth + 1, seen, name);
    } else if (MANIFEST_TYPES.test(descriptor.mediaType)) {
      const platform = platformOf(descriptor);
      if (platform !== "unknown/unknown") yield { descriptor, name, platform };
    }
  }
}

function annotation({ value, where }: Descriptor, name: string): string | undefined {
  const { annotations } = value;
  const found = annotations === undefined ? undefined : objectPart(annotations, `${where}/annotations`).value[name];
  return typeof found === "string" ? found : undefined;
}

function platformOf({ value, where }: Descriptor): string | undefined {
  if (value["platform"] === undefined) return undefined;
  const platform = objectPart(value["platform"], `${where}/platform`);
  return cleanText(`${textIn(platform, "os")}/${textIn(platform, "architecture")}`, 60);
}
