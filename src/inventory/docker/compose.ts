import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { manifestKind, readText } from "../document.ts";
import { fieldOf, fieldsAt, isFields } from "../fields.ts";
import { linesOf } from "../actions/uses.ts";
import { calledAfter, folderOf, inFolder } from "../folders.ts";
import { parseYaml } from "../yaml.ts";
import { type ImageUse, imagesUsed } from "./images.ts";
import { filled, type Variables } from "./variables.ts";

const COMPOSE = manifestKind("the Compose file");
const ENVIRONMENT = manifestKind("the file of variables");
const MAX_BYTES = 1024 * 1024;
const MAX_SERVICES = 1000;
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/u;
const MAX_LINE = 2000;

/** A value as it is written: in quotes, else up to a comment (Compose, "Env file syntax"). */
function valueOf(written: string): string {
  const quote = written[0];
  const end = quote === '"' || quote === "'" ? written.indexOf(quote, 1) : -1;
  if (end > 0) return written.slice(1, end);
  const comment = written.startsWith("#") ? 0 : written.search(/\s#/u);
  return (comment < 0 ? written : written.slice(0, comment)).trim();
}

/** Variables of the file `.env` beside it, which Compose reads; the surroundings of the one who runs it are not known. */
function variablesBeside(folder: string, source: Source): Variables {
  const entry = source.find(inFolder(folder, ".env"));
  const values = new Map<string, string>();
  if (entry?.kind !== "file" || entry.sizeBytes > MAX_BYTES) return values;
  for (const line of readText(entry, ENVIRONMENT, MAX_BYTES).split("\n")) {
    const match = line.length > MAX_LINE ? null : ASSIGNMENT.exec(line);
    if (match !== null) values.set(match[1] ?? "", valueOf(match[2] ?? ""));
  }
  return values;
}

const MAX_MERGES = 4;

/** A setting of a service, its own or merged into it (`<<: *DEFAULTS`, YAML merge keys, which Compose reads). */
function settingOf(service: unknown, key: string, depth = 0): unknown {
  if (!isFields(service) || depth > MAX_MERGES) return undefined;
  if (Object.hasOwn(service, key)) return service[key];
  const merged = fieldOf(service, "<<");
  for (const part of (Array.isArray(merged) ? merged : [merged]).slice(0, MAX_MERGES)) {
    const found = settingOf(part, key, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
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
  const services = isFields(document) ? Object.values(fieldsAt(document, "services")) : [];
  const images = services.slice(0, MAX_SERVICES).flatMap((service) => {
    const image = settingOf(service, "build") === undefined ? settingOf(service, "image") : undefined;
    return typeof image !== "string" || image === "" ? [] : [{ kind: "image", text: image } as const];
  });
  const lineOf = linesOf(text, images);
  const uses = images.map((one): ImageUse => ({
    written: one.text,
    // `$$` is a dollar sign, which no image has.
    image: one.text.includes("$$") ? undefined : filled(one.text, values),
    line: lineOf(one)?.line,
    scope: "runtime",
  }));
  return imagesUsed(entry.path, calledAfter(folder, source), uses);
}
