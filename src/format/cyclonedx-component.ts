import { parseLicence } from "../artifact/licence.ts";
import type { DigestAlgorithm, DigestHex, DigestSet, Purl } from "../model/digest.ts";
import type {
  Author,
  Component,
  ComponentKind,
  ComponentRef,
  LicenceClaim,
  Note,
  Occurrence,
  Scope,
  Technique,
} from "../model/sbom.ts";
import type { Json } from "../model/statement.ts";
import {
  ecosystemOf,
  FILENAME_PROPERTY,
  HASH_NAMES,
  joinName,
  PROPERTY_DIGESTS,
  TECHNIQUES,
} from "./cyclonedx-names.ts";
import { isDigest } from "./digest-set.ts";
import { Fields, type Place } from "./shape.ts";

interface Property {
  readonly name: string;
  readonly value: string;
}

/** One component as read; `direct` only where the document says it beside the edges. */
export interface Read {
  readonly component: Omit<Component, "direct">;
  readonly direct: boolean | undefined;
  readonly properties: readonly Property[];
  readonly fields: Fields;
}

const TYPES = new Set([
  "application",
  "framework",
  "library",
  "container",
  "platform",
  "operating-system",
  "device",
  "device-driver",
  "firmware",
  "file",
  "machine-learning-model",
  "data",
  "cryptographic-asset",
]);
/** Algorithms that CycloneDX knows and a digest set does not. */
const OTHER_HASHES = /^(?:SHA3-(?:256|384|512)|BLAKE2b-(?:256|384|512)|BLAKE3|Streebog-(?:256|512))$/;
const SCOPES = { required: "runtime", optional: "optional", excluded: "dev" } as const;

const KINDS: readonly ComponentKind[] = ["application", "framework", "operating-system", "container", "file"];

/** Of several layers it is not told which brought which file. */
function inLayer(occurrences: readonly Occurrence[], properties: readonly Property[]): readonly Occurrence[] {
  const [layer, more] = properties.filter(({ name }) => name === "waybill:layer");
  return layer === undefined || more !== undefined
    ? occurrences
    : occurrences.map((occurrence) => ({ ...occurrence, layer: layer.value }));
}

/** Reads one component. `freeRef` gives it a reference that no other has. Throws the place's code. */
export function readComponent(
  value: Json,
  place: Place,
  freeRef: (wanted: { ref: string; given: boolean; place: Place }) => ComponentRef,
): Read {
  const fields = new Fields(value, place);
  const type = fields.string("type");
  if (!TYPES.has(type)) throw fields.fault("type", "a component type of CycloneDX");
  const properties = readProperties(fields);
  const purl: Purl | undefined = fields.optionalString("purl");
  const version = fields.optionalString("version");
  const ecosystem = valueOf(properties, "waybill:ecosystem") ?? ecosystemOf(purl);
  const name = joinName(ecosystem, fields.optionalString("group"), fields.string("name"));
  const given = fields.optionalString("bom-ref");
  const direct = valueOf(properties, "waybill:direct");
  const own = valueOf(properties, "waybill:own") === "true";
  const kind = KINDS.find((one) => one === type);
  const ownedBy = valueOf(properties, "waybill:owned-by");
  const notes = readNotes(properties);
  const component = {
    ref: freeRef({ ref: given || purl || `${name}@${version ?? ""}`, given: Boolean(given), place }),
    name,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    ecosystem,
    scope: readScope(fields, properties),
    digests: readDigests(fields, properties),
    licences: readLicences(fields, properties),
    occurrences: inLayer(readOccurrences(fields), properties),
    own,
    ...readMaker(fields, properties),
    ...(kind !== undefined && !(own && kind === "application") && { kind }),
    ...(ownedBy !== undefined && { ownedBy }),
    ...(notes.length > 0 && { notes }),
  };
  return { component, direct: direct === undefined ? undefined : direct === "true", properties, fields };
}

function readNotes(properties: readonly Property[]): readonly Note[] {
  return (["deprecated", "unmaintained", "yanked"] as const).flatMap((kind): Note[] => {
    const text = valueOf(properties, `waybill:${kind}`);
    return text === undefined ? [] : [{ kind, text }];
  });
}

/** Name-value pairs; a property without a value is passed over, as the form allows it. */
export function readProperties(fields: Fields): readonly Property[] {
  return fields
    .optionalList("properties", (value, place) => {
      const property = new Fields(value, place);
      return { name: property.optionalString("name") ?? "", value: property.optionalString("value") };
    })
    .flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
}

/** The first author; a `Component` has one. */
export function readMaker(fields: Fields, properties: readonly Property[]): Pick<Component, "author" | "filename"> {
  const [author] = fields.optionalList("authors", (value, place): Author | undefined => {
    const one = new Fields(value, place);
    const name = one.optionalString("name");
    const email = one.optionalString("email");
    return name === undefined ? undefined : { name, ...(email !== undefined && { email }) };
  });
  const filename = valueOf(properties, FILENAME_PROPERTY);
  return { ...(author !== undefined && { author }), ...(filename !== undefined && { filename }) };
}

export function readDigests(fields: Fields, properties: readonly Property[]): DigestSet {
  const digests: Partial<Record<DigestAlgorithm, DigestHex>> = {};
  fields.optionalList("hashes", (value, place) => {
    const hash = new Fields(value, place);
    const alg = hash.string("alg");
    const content = hash.string("content").toLowerCase();
    const algorithm = HASH_NAMES.find(([, name]) => name === alg)?.[0];
    if (algorithm === undefined) {
      if (!OTHER_HASHES.test(alg)) throw hash.fault("alg", "a hash algorithm of CycloneDX");
    } else if (isDigest(algorithm, content)) digests[algorithm] = content;
    else throw hash.fault("content", `a ${alg} digest in hex`);
  });
  for (const algorithm of PROPERTY_DIGESTS) {
    const hex = valueOf(properties, `waybill:digest:${algorithm}`);
    if (hex !== undefined && isDigest(algorithm, hex)) digests[algorithm] = hex;
  }
  return digests;
}

export function readLicences(fields: Fields, properties: readonly Property[]): readonly LicenceClaim[] {
  const technique = readTechnique(valueOf(properties, "waybill:licence-technique"));
  return fields.optionalList("licenses", (value, place) => {
    const choice = new Fields(value, place);
    const expression = choice.optionalString("expression");
    if (expression !== undefined)
      return { ...parseLicence(expression), ...writtenAs(valueOf(properties, "waybill:licence-written")), technique };
    const licence = choice.object("license");
    const id = licence.optionalString("id");
    if (id !== undefined) return { expression: id, spdx: true, technique };
    const own = readProperties(licence);
    return {
      expression: licence.string("name"),
      spdx: valueOf(own, "waybill:spdx") === "true",
      technique: readTechnique(valueOf(own, "waybill:technique")),
      ...writtenAs(valueOf(own, "waybill:written")),
    };
  });
}

function writtenAs(written: string | undefined): Pick<LicenceClaim, "written"> {
  return written === undefined ? {} : { written };
}

function readScope(fields: Fields, properties: readonly Property[]): Scope {
  const written = valueOf(properties, "waybill:scope");
  const exact = (["peer", "build", "test"] as const).find((one) => one === written);
  const scope = fields.has("scope") ? fields.oneOf("scope", ["required", "optional", "excluded"]) : "required";
  return exact ?? SCOPES[scope];
}

/** Evidence of other tools says where, seldom how: then `manifest`. */
function readOccurrences(fields: Fields): readonly Occurrence[] {
  const evidence = fields.optionalObject("evidence");
  if (evidence === undefined) return [];
  return evidence.optionalList("occurrences", (value, place) => {
    const occurrence = new Fields(value, place);
    const line = occurrence.get("line");
    const context = occurrence.optionalString("additionalContext") ?? "";
    const at = context.indexOf(" ");
    const word = at === -1 ? context : context.slice(0, at);
    const ours = Object.hasOwn(TECHNIQUES, word);
    return {
      path: occurrence.string("location"),
      ...(typeof line === "number" && line > 0 && { line }),
      ...(ours && at !== -1 && { position: context.slice(at + 1) }),
      technique: readTechnique(word),
    };
  });
}

function readTechnique(text: string | undefined): Technique {
  return (Object.keys(TECHNIQUES) as Technique[]).find((one) => one === text) ?? "manifest";
}

function valueOf(properties: readonly Property[], name: string): string | undefined {
  return properties.find((property) => property.name === name)?.value;
}
