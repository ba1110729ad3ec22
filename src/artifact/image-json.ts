import type { DigestHex, SizeBytes } from "../model/digest.ts";
import type { Content } from "./content.ts";
import { imageFault } from "./image-fault.ts";

/** OCI distribution-spec: registries need not take a larger manifest. */
const MAX_BYTES: SizeBytes = 4 << 20;

/** A JSON object of an image, and where it stands, for messages. */
export interface Part {
  readonly where: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What a manifest or index points to (OCI image-spec 1.1, descriptor.md). */
export interface Descriptor {
  readonly where: string;
  readonly mediaType: string;
  readonly digest: DigestHex;
  readonly sizeBytes: SizeBytes;
  readonly value: Readonly<Record<string, unknown>>;
}

export function parseJson(content: Content, where: string): unknown {
  if (content.sizeBytes > MAX_BYTES) throw form(where, "at most 4 MiB", `${content.sizeBytes} bytes`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content.read(0, content.sizeBytes)));
  } catch {
    throw form(where, "JSON", "something else");
  }
}

export function objectPart(value: unknown, where: string): Part {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw form(where, "an object", kindOf(value));
  return { where, value: value as Readonly<Record<string, unknown>> };
}

/** A list of objects; `absent` where there may be none. */
export function listIn({ value, where }: Part, name: string): readonly unknown[] {
  const list = value[name];
  if (!Array.isArray(list)) throw form(`${where}/${name}`, "a list", kindOf(list));
  if (list.length > 10_000) throw form(`${where}/${name}`, "at most 10000", `${list.length}`);
  return list as readonly unknown[];
}

export function textIn({ value, where }: Part, name: string): string {
  const text = value[name];
  if (typeof text !== "string") throw form(`${where}/${name}`, "a text", kindOf(text));
  return text;
}

export function descriptorOf(value: unknown, where: string): Descriptor {
  const part = objectPart(value, where);
  const { size, mediaType } = part.value;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    throw form(`${where}/size`, "a size", kindOf(size));
  const digest = sha256In(textIn(part, "digest"), `${where}/digest`);
  return {
    where,
    mediaType: typeof mediaType === "string" ? mediaType : "",
    digest,
    sizeBytes: size,
    value: part.value,
  };
}

/** `sha256:HEX`, as every tool writes it; other algorithms are not read. */
export function sha256In(text: string, where: string): DigestHex {
  const hex = /^sha256:([\da-f]{64})$/u.exec(text)?.[1];
  if (hex === undefined) throw form(where, "sha256: and 64 hexadecimal digits", text);
  return hex;
}

/** The diff ids of an image's configuration (OCI image-spec 1.1, config.md). */
export function diffIdsOf(configuration: unknown, where: string): readonly DigestHex[] {
  const rootfs = objectPart(objectPart(configuration, where).value["rootfs"], `${where}/rootfs`);
  return listIn(rootfs, "diff_ids").map((id, index) =>
    sha256In(typeof id === "string" ? id : "", `${where}/rootfs/diff_ids/${index}`),
  );
}

export function form(where: string, expected: string, found: string): Error {
  return imageFault("WB-IMAGE-FORM", "a part of the image has the wrong form", where, expected, found);
}

function kindOf(value: unknown): string {
  return value === undefined
    ? "nothing"
    : value === null
      ? "null"
      : Array.isArray(value)
        ? "a list"
        : `a ${typeof value}`;
}
