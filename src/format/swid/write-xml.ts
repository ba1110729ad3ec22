import type {
  SoftwareIdentity,
  SwidAttribute,
  SwidCollection,
  SwidDirectory,
  SwidEvidence,
  SwidFile,
  SwidWord,
} from "./model.ts";
import { HASHES, META_NAMES, XML_ROLES } from "./names.ts";
import { SWID_NAMESPACE, SWID_SET_NAMESPACE, XML_NAMESPACE } from "./read-xml.ts";

export interface SwidXml {
  readonly text: string;
  /** What XML cannot hold, one line each: characters that it does not allow, hashes that SWID has no name for. */
  readonly lost: readonly string[];
}

/**
 * SWID tags (ISO/IEC 19770-2:2015) as XML, deterministic. One tag is a document of its own; several stand in a set element of
 * ours, because ISO has none. What both forms hold is all written.
 */
export function printSwid(tags: readonly SoftwareIdentity[]): SwidXml {
  const writer = new Writer();
  const [only, second] = tags;
  if (only !== undefined && second === undefined) writer.tag(only, 0);
  else {
    writer.line(0, `<SoftwareIdentities xmlns="${SWID_SET_NAMESPACE}">`);
    for (const tag of tags) writer.tag(tag, 1);
    writer.line(0, "</SoftwareIdentities>");
  }
  return { text: `<?xml version="1.0" encoding="UTF-8"?>\n${writer.out.join("")}`, lost: writer.lost };
}

type Value = SwidWord | boolean | undefined;

class Writer {
  readonly out: string[] = [];
  readonly lost: string[] = [];

  line(depth: number, text: string): void {
    this.out.push(`${"  ".repeat(depth)}${text}\n`);
  }

  tag(tag: SoftwareIdentity, depth: number): void {
    const attributes: Record<string, Value> = {
      xmlns: SWID_NAMESPACE,
      "xml:lang": tag.lang,
      tagId: tag.tagId,
      tagVersion: tag.tagVersion,
      name: tag.name,
      version: tag.version,
      versionScheme: tag.versionScheme,
      media: tag.media,
      corpus: tag.corpus || undefined,
      patch: tag.patch || undefined,
      supplemental: tag.supplemental || undefined,
    };
    this.#element(depth, "SoftwareIdentity", attributes, tag.any, () => {
      for (const { name, regId, roles, thumbprint, any } of tag.entities) {
        const role = roles.map((one) => XML_ROLES.find(([role]) => role === one)?.[1] ?? one).join(" ");
        const print = thumbprint && `${thumbprint.algorithm}:${thumbprint.value}`;
        this.#element(depth + 1, "Entity", { name, regid: regId, role, thumbprint: print }, any);
      }
      for (const { texts, entitlementDataRequired, any } of tag.metas) {
        const named = Object.fromEntries(META_NAMES.map((name) => [name, texts[name]]));
        this.#element(depth + 1, "Meta", { ...named, entitlementDataRequired }, any);
      }
      for (const { href, rel, artifact, media, mediaType, ownership, use, any } of tag.links) {
        this.#element(depth + 1, "Link", { rel, href, artifact, media, type: mediaType, ownership, use }, any);
      }
      if (tag.payload !== undefined) this.#collection(depth + 1, "Payload", tag.payload, {});
      if (tag.evidence !== undefined) this.#evidence(depth + 1, tag.evidence);
    });
  }

  #evidence(depth: number, evidence: SwidEvidence): void {
    const { date, deviceId, location } = evidence;
    this.#collection(depth, "Evidence", evidence, { date, deviceId, location });
  }

  #collection(depth: number, name: string, collection: SwidCollection, attributes: Record<string, Value>): void {
    this.#element(depth, name, attributes, collection.any, () => {
      for (const directory of collection.directories) this.#directory(depth + 1, directory);
      for (const file of collection.files) this.#file(depth + 1, file);
      for (const { name: process, pid, any } of collection.processes) {
        this.#element(depth + 1, "Process", { name: process, pid }, any);
      }
      for (const { type, any } of collection.resources) this.#element(depth + 1, "Resource", { type }, any);
    });
  }

  #directory(depth: number, { name, location, root, key, files, directories, any }: SwidDirectory): void {
    this.#element(depth, "Directory", { root, location, name, key }, any, () => {
      for (const file of files) this.#file(depth + 1, file);
      for (const directory of directories) this.#directory(depth + 1, directory);
    });
  }

  #file(depth: number, { name, location, root, key, size, version, hashes, any }: SwidFile): void {
    const more: SwidAttribute[] = [];
    for (const { algorithm, value } of hashes) {
      const namespace = HASHES.find(([, known]) => known === algorithm)?.[3];
      if (namespace === undefined) this.lost.push(`the ${algorithm} hash of ${name}`);
      else more.push({ namespace, name: "hash", value });
    }
    this.#element(depth, "File", { root, location, name, key, size, version }, [...more, ...any]);
  }

  #element(
    depth: number,
    name: string,
    attributes: Readonly<Record<string, Value>>,
    any: readonly SwidAttribute[],
    inner?: () => void,
  ): void {
    const written = Object.entries(attributes).filter(([, value]) => value !== undefined);
    const texts = written.map(([key, value]) => `${key}="${this.#escape(String(value))}"`);
    const spaces = new Set(any.map(({ namespace }) => namespace).filter((one) => one !== "" && one !== XML_NAMESPACE));
    const prefixes = new Map([...spaces].map((namespace, index) => [namespace, `n${index}`]));
    for (const [namespace, prefix] of prefixes) texts.push(`xmlns:${prefix}="${this.#escape(namespace)}"`);
    prefixes.set(XML_NAMESPACE, "xml");
    for (const { namespace, name: key, value } of any) {
      if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(key)) {
        this.lost.push(`the attribute ${key} of ${name}`);
        continue;
      }
      texts.push(`${namespace === "" ? key : `${prefixes.get(namespace)}:${key}`}="${this.#escape(value)}"`);
    }
    const start = `<${name}${texts.map((text) => ` ${text}`).join("")}`;
    const at = this.out.length;
    inner?.();
    if (this.out.length === at) this.line(depth, `${start}/>`);
    else {
      this.out.splice(at, 0, `${"  ".repeat(depth)}${start}>\n`);
      this.line(depth, `</${name}>`);
    }
  }

  /** Blanks other than a space would come back as a space, characters that XML does not have not at all. */
  #escape(text: string): string {
    const clean = text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
    if (clean !== text) this.lost.push("a character that XML does not allow");
    return clean.replaceAll(/[&<>"\t\n\r]/g, (one) => `&#${one.charCodeAt(0)};`);
  }
}
