import type { DigestHex } from "../model/digest.ts";
import { cleanText } from "./clean-text.ts";
import { sha256Of } from "./content.ts";
import { type ImageDescription, type LayerBlob, verify } from "./image.ts";
import { imageFault } from "./image-fault.ts";
import type { ImageFiles } from "./image-layout.ts";
import { diffIdsOf, form, listIn, objectPart, parseJson, textIn } from "./image-json.ts";

/**
 * Reads what `docker save` writes (moby's image specification 1.2, "combined image JSON + filesystem changeset format"):
 * `manifest.json` names configuration and layers by their paths. The image's id is the digest of its configuration, whose diff ids
 * the layers are verified against. Of several images the first is taken, and the others are told. Throws `WB-IMAGE-FORM`, `WB-IMAGE-BLOB`.
 */
export function readDockerArchive(files: ImageFiles, name: string): ImageDescription {
  const list = files("manifest.json");
  const parsed = list === undefined ? undefined : parseJson(list, "manifest.json");
  if (!Array.isArray(parsed) || parsed.length === 0) throw form("manifest.json", "a list of images", "something else");
  const image = objectPart(parsed[0], "manifest.json/0");
  const file = (path: string) => {
    const content = files(path);
    if (content === undefined) throw imageFault("WB-IMAGE-BLOB", "a part of the image is not in the archive", path);
    return content;
  };
  const path = textIn(image, "Config");
  const configuration = file(path);
  const digest = sha256Of(configuration);
  const stated = /(?:^|\/)([\da-f]{64})(?:\.json)?$/u.exec(path)?.[1];
  if (stated !== undefined) verify(digest, stated, path, "the configuration");
  const diffIds = diffIdsOf(parseJson(configuration, path), path);
  const layers = listIn(image, "Layers");
  if (layers.length !== diffIds.length) throw form(image.where, `${diffIds.length} layers`, `${layers.length}`);
  const tags = image.value["RepoTags"];
  const [tag] = Array.isArray(tags) ? (tags as readonly unknown[]) : [];
  return {
    name: typeof tag === "string" ? cleanText(tag) : name,
    digest,
    layers: layers.map((layer, at): LayerBlob => {
      if (typeof layer !== "string") throw form(`manifest.json/0/Layers/${at}`, "a path", typeof layer);
      return { name: layer, blob: file(layer), diffId: diffIds[at] as DigestHex };
    }),
    unread: parsed.slice(1, 21).map((_, at) => ({
      where: `manifest.json/${at + 1}`,
      what: "another image of the archive is not read; the first is",
    })),
  };
}
