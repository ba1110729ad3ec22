import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import { type Cbor, type CborKey, CborTag, parseCbor } from "../cbor.ts";
import {
  MAX_DIRECTORIES,
  type SoftwareIdentity,
  type SwidAttribute,
  type SwidCollection,
  type SwidDirectory,
  type SwidEvidence,
  type SwidFile,
  type SwidHash,
  type SwidWord,
} from "./model.ts";
import {
  COSWID_TAG,
  HASHES,
  LABEL,
  META_LABELS,
  META_NAMES,
  OWNERSHIPS,
  type Registry,
  RELS,
  ROLES,
  USES,
  VERSION_SCHEMES,
  wordOf,
} from "./names.ts";

/** Tags, and what of them the model cannot hold, one line each. */
export interface ReadTags {
  readonly tags: readonly SoftwareIdentity[];
  readonly lost: readonly string[];
}

/**
 * Reads CoSWID tags (RFC 9393) from CBOR: one, or a sequence of them; tagged or not, also signed ones are refused, because a
 * signature is checked elsewhere. Faults: WB-COSWID-FORM with the label path, those of `parseCbor`.
 */
export function parseCoswid(bytes: Uint8Array, where: string): ReadTags {
  const lost: string[] = [];
  const tags = parseCbor(bytes, where).map((item, index) => {
    const value = item instanceof CborTag && item.tag === COSWID_TAG ? item.value : item;
    return readTag(new Entry(value, where, `/${index}`, lost));
  });
  if (tags.length === 0) throw new Entry(new Map(), where, "", lost).fault("", "a CoSWID tag");
  return { tags, lost };
}

/** A map whose labels are taken one by one; what is left is another's attribute, or lost. */
class Entry {
  readonly #map: Map<CborKey, Cbor>;
  readonly #where: string;
  readonly #path: string;
  readonly lost: string[];

  constructor(value: Cbor, where: string, path: string, lost: string[]) {
    this.#where = where;
    this.#path = path;
    this.lost = lost;
    this.#map = new Map();
    if (!(value instanceof Map)) throw this.fault("", "a map");
    this.#map = new Map(value as ReadonlyMap<CborKey, Cbor>);
  }

  fault(label: CborKey, expected: string): Fault {
    const path = `${this.#path}${label === "" ? "" : `/${label}`}`;
    return new Fault({
      code: "WB-COSWID-FORM",
      kind: "input",
      what: `${path === "" ? "the document" : path} is not ${expected}`,
      where: `${this.#where}${path === "" ? "" : `#${cleanText(path, 120)}`}`,
      expected: `${expected} (RFC 9393, section 2)`,
    });
  }

  take(label: number): Cbor | undefined {
    const value = this.#map.get(label);
    this.#map.delete(label);
    return value;
  }

  text(label: number): string {
    const value = this.take(label);
    if (typeof value !== "string") throw this.fault(label, "a text");
    return value;
  }

  optionalText<const N extends string>(name: N, label: number): { readonly [K in N]?: string } {
    return this.has(label) ? ({ [name]: this.text(label) } as { [K in N]?: string }) : {};
  }

  has(label: number): boolean {
    return this.#map.has(label);
  }

  flag(label: number): boolean | undefined {
    const value = this.take(label);
    if (value === undefined || typeof value === "boolean") return value;
    throw this.fault(label, "true or false");
  }

  integer(label: number): number {
    const value = this.take(label);
    if (typeof value !== "number") throw this.fault(label, "an integer");
    return value;
  }

  word(label: number, registry: Registry): SwidWord {
    const value = this.take(label);
    return this.#asWord(value, label, registry);
  }

  #asWord(value: Cbor | undefined, label: number, registry: Registry): SwidWord {
    if (typeof value !== "number" && typeof value !== "string") throw this.fault(label, "an index or a text");
    return wordOf(value, registry);
  }

  optionalWord<const N extends string>(name: N, label: number, registry: Registry): { readonly [K in N]?: SwidWord } {
    return this.has(label) ? ({ [name]: this.word(label, registry) } as { [K in N]?: SwidWord }) : {};
  }

  /** `one-or-more`: the item itself or a list of them. */
  words(label: number, registry: Registry): readonly SwidWord[] {
    const value = this.take(label);
    return (Array.isArray(value) ? (value as Cbor[]) : [value]).map((one) => this.#asWord(one, label, registry));
  }

  entries<T>(label: number, read: (entry: Entry) => T): readonly T[] {
    const value = this.take(label);
    if (value === undefined) return [];
    const list = Array.isArray(value) ? (value as Cbor[]) : [value as Cbor];
    return list.map((one, index) => read(new Entry(one, this.#where, `${this.#path}/${label}/${index}`, this.lost)));
  }

  hash(label: number): SwidHash | undefined {
    const value = this.take(label);
    if (value === undefined) return undefined;
    const [index, bytes] = Array.isArray(value) ? (value as Cbor[]) : [];
    if (typeof index !== "number" || !(bytes instanceof Uint8Array) || bytes.byteLength === 0) {
      throw this.fault(label, "a hash: algorithm and bytes");
    }
    const known = HASHES.find(([one]) => one === index);
    const hex = Buffer.from(bytes).toString("hex");
    if (known !== undefined && known[2] !== hex.length) throw this.fault(label, `a ${known[1]} value of its length`);
    return { algorithm: known?.[1] ?? index, value: hex };
  }

  /** What nobody took: texts under a text label; everything else is lost. */
  rest(): readonly SwidAttribute[] {
    const found: SwidAttribute[] = [];
    for (const [label, value] of this.#map) {
      const name = typeof label === "string" ? /^(?:\{([^{}]*)\})?([^{}]+)$/.exec(label) : null;
      if (typeof value === "string" && name !== null) {
        found.push({ namespace: name[1] ?? "", name: name[2] ?? "", value });
      } else if (this.lost.length < 100) this.lost.push(cleanText(`${this.#path}/${label}`, 120));
    }
    return sortedAttributes(found);
  }
}

/** A set in both forms: sorted. */
export function sortedAttributes(attributes: readonly SwidAttribute[]): readonly SwidAttribute[] {
  const keyOf = ({ namespace, name }: SwidAttribute): string => `${namespace}\n${name}`;
  return attributes.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function readTag(entry: Entry): SoftwareIdentity {
  const payload = entry.entries(LABEL.payload, readCollection);
  const evidence = entry.entries(LABEL.evidence, readEvidence);
  if (payload.length + evidence.length > 1) throw entry.fault(LABEL.payload, "one payload or one evidence");
  const entities = entry.entries(LABEL.entity, (one) => {
    const thumbprint = one.hash(LABEL.thumbprint);
    return {
      name: one.text(LABEL.entityName),
      ...one.optionalText("regId", LABEL.regId),
      roles: one.words(LABEL.role, ROLES),
      ...(thumbprint !== undefined && { thumbprint }),
      any: one.rest(),
    };
  });
  if (entities.length === 0) throw entry.fault(LABEL.entity, "at least one entity");
  return {
    tagId: readTagId(entry),
    tagVersion: entry.integer(LABEL.tagVersion),
    corpus: entry.flag(LABEL.corpus) ?? false,
    patch: entry.flag(LABEL.patch) ?? false,
    supplemental: entry.flag(LABEL.supplemental) ?? false,
    name: entry.text(LABEL.softwareName),
    ...entry.optionalText("version", LABEL.softwareVersion),
    ...entry.optionalWord("versionScheme", LABEL.versionScheme, VERSION_SCHEMES),
    ...entry.optionalText("media", LABEL.media),
    ...entry.optionalText("lang", LABEL.lang),
    entities,
    metas: entry.entries(LABEL.softwareMeta, readMeta),
    links: entry.entries(LABEL.link, (one) => ({
      href: one.text(LABEL.href),
      rel: one.word(LABEL.rel, RELS),
      ...one.optionalText("artifact", LABEL.artifact),
      ...one.optionalText("media", LABEL.media),
      ...one.optionalText("mediaType", LABEL.mediaType),
      ...one.optionalWord("ownership", LABEL.ownership, OWNERSHIPS),
      ...one.optionalWord("use", LABEL.use, USES),
      any: one.rest(),
    })),
    ...(payload[0] !== undefined && { payload: payload[0] }),
    ...(evidence[0] !== undefined && { evidence: evidence[0] }),
    any: entry.rest(),
  };
}

function readTagId(entry: Entry): string {
  const value = entry.take(LABEL.tagId);
  if (typeof value === "string" && value !== "") return value;
  if (value instanceof Uint8Array && value.byteLength === 16) return uuidText(value);
  throw entry.fault(LABEL.tagId, "a text or 16 bytes");
}

function uuidText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function readMeta(entry: Entry): SoftwareIdentity["metas"][number] {
  const texts: SoftwareIdentity["metas"][number]["texts"] = Object.assign(
    {},
    ...META_NAMES.filter((name) => entry.has(META_LABELS[name])).map((name) => {
      const label = META_LABELS[name];
      const value = entry.take(label);
      if (name === "generator" && value instanceof Uint8Array && value.byteLength === 16)
        return { [name]: uuidText(value) };
      if (typeof value !== "string") throw entry.fault(label, "a text");
      return { [name]: value };
    }),
  );
  const required = entry.flag(LABEL.entitlementDataRequired);
  return { texts, ...(required !== undefined && { entitlementDataRequired: required }), any: entry.rest() };
}

function readCollection(entry: Entry): SwidCollection {
  return {
    directories: entry.entries(LABEL.directory, (one) => readDirectory(one, 1)),
    files: readFiles(entry),
    processes: entry.entries(LABEL.process, (one) => ({
      name: one.text(LABEL.processName),
      ...(one.has(LABEL.pid) && { pid: one.integer(LABEL.pid) }),
      any: one.rest(),
    })),
    resources: entry.entries(LABEL.resource, (one) => ({ type: one.text(LABEL.type), any: one.rest() })),
    any: entry.rest(),
  };
}

function readEvidence(entry: Entry): SwidEvidence {
  const date = entry.take(LABEL.date);
  const seconds = date instanceof CborTag && date.tag === 1 ? date.value : date;
  const inRange = typeof seconds === "number" && seconds >= -62_167_219_200 && seconds < 253_402_300_800;
  if (date !== undefined && !inRange) throw entry.fault(LABEL.date, "a time in seconds");
  const head = {
    ...(inRange && { date: new Date(seconds * 1000).toISOString().replace(".000Z", "Z") }),
    ...entry.optionalText("deviceId", LABEL.deviceId),
    ...entry.optionalText("location", LABEL.location),
  };
  return { ...head, ...readCollection(entry) };
}

function pathItem(entry: Entry): Omit<SwidDirectory, "files" | "directories" | "any"> {
  const key = entry.flag(LABEL.key);
  return {
    name: entry.text(LABEL.fsName),
    ...entry.optionalText("location", LABEL.location),
    ...entry.optionalText("root", LABEL.root),
    ...(key !== undefined && { key }),
  };
}

function readDirectory(entry: Entry, depth: number): SwidDirectory {
  if (depth > MAX_DIRECTORIES) throw entry.fault(LABEL.pathElements, `directories at most ${MAX_DIRECTORIES} deep`);
  const item = pathItem(entry);
  const [inner] = entry.entries(LABEL.pathElements, (one) => ({
    files: readFiles(one),
    directories: one.entries(LABEL.directory, (each) => readDirectory(each, depth + 1)),
    rest: one.rest(),
  }));
  for (const { name } of inner?.rest ?? []) entry.lost.push(cleanText(`path-elements/${name}`, 120));
  return { ...item, files: inner?.files ?? [], directories: inner?.directories ?? [], any: entry.rest() };
}

/** Entries of one file that differ in their hash alone are that file with several hashes. */
function readFiles(entry: Entry): readonly SwidFile[] {
  const files = new Map<string, SwidFile>();
  for (const file of entry.entries(LABEL.file, readFile)) {
    const { hashes, ...rest } = file;
    const key = JSON.stringify(rest);
    const known = files.get(key);
    const more = hashes.filter(({ algorithm }) => !known?.hashes.some((one) => one.algorithm === algorithm));
    if (known === undefined) files.set(key, file);
    else if (more.length > 0) files.set(key, { ...known, hashes: sortedHashes([...known.hashes, ...more]) });
    else files.set(`${key}#${files.size}`, file);
  }
  return [...files.values()];
}

/** By the order of the registry. */
export function sortedHashes(hashes: readonly SwidHash[]): readonly SwidHash[] {
  const order = ({ algorithm }: SwidHash): number =>
    typeof algorithm === "number" ? algorithm : (HASHES.find(([, name]) => name === algorithm)?.[0] ?? 1000);
  return hashes.toSorted((a, b) => order(a) - order(b));
}

function readFile(entry: Entry): SwidFile {
  const hash = entry.hash(LABEL.hash);
  const size = entry.has(LABEL.size) ? entry.integer(LABEL.size) : undefined;
  if (size !== undefined && size < 0) throw entry.fault(LABEL.size, "a size in bytes");
  return {
    ...pathItem(entry),
    ...(size !== undefined && { size }),
    ...entry.optionalText("version", LABEL.fileVersion),
    hashes: hash === undefined ? [] : [hash],
    any: entry.rest(),
  };
}
