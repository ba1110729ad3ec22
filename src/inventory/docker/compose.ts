import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { manifestKind, readText } from "../document.ts";
import { fieldsAt, isFields, textAt } from "../fields.ts";
import { calledAfter, folderOf, inFolder } from "../folders.ts";
import { TextLines } from "../text-lines.ts";
import { parseYaml } from "../yaml.ts";
import { type ImageUse, imagesUsed } from "./images.ts";
import { filled, type Variables } from "./variables.ts";

const COMPOSE = manifestKind("the Compose file");
const ENVIRONMENT = manifestKind("the file of variables");
const MAX_BYTES = 1024 * 1024;
const MAX_SERVICES = 1000;
const VALUE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n]*?))\s*(?:#.*)?$/u;
const MAX_LINE = 2000;

/** Variables of the file `.env` beside it, which Compose reads; the surroundings of the one who runs it are not known. */
function variablesBeside(folder: string, source: Source): Variables {
  const entry = source.find(inFolder(folder, ".env"));
  const values = new Map<string, string>();
  if (entry?.kind !== "file" || entry.sizeBytes > MAX_BYTES) return values;
  for (const line of readText(entry, ENVIRONMENT, MAX_BYTES).split("\n")) {
    const match = line.length > MAX_LINE ? null : VALUE.exec(line.trimEnd());
    if (match !== null) values.set(match[1] ?? "", match[2] ?? match[3] ?? match[4] ?? "");
  }
  return values;
}

/**
 * A Compose file: the images of its services, variables by their defaults and by `.env` beside it. An image of a service that is built
 * here (`build`) is only what the result is called. Throws `WB-MANIFEST-SYNTAX`.
 */
export function readCompose(entry: Entry, source: Source): Extraction {
  const text = readText(entry, COMPOSE, MAX_BYTES);
  const document = parseYaml(text, entry.path, COMPOSE);
  const folder = folderOf(entry.path);
  const values = variablesBeside(folder, source);
  const lines = new TextLines(text);
  const services = isFields(document) ? Object.values(fieldsAt(document, "services")) : [];
  const uses: ImageUse[] = [];
  for (const service of services.slice(0, MAX_SERVICES)) {
    const written = isFields(service) && !Object.hasOwn(service, "build") ? textAt(service, "image") : undefined;
    if (written === undefined) continue;
    const line = lines.next(`image: ${written}`, `image: "${written}"`, `image: '${written}'`);
    // `$$` is a dollar sign, which no image has.
    const image = written.includes("$$") ? undefined : filled(written, values);
    uses.push({ written, image, line, scope: "runtime" });
  }
  return imagesUsed(entry.path, calledAfter(folder, source), uses);
}
