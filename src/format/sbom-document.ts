import type { ReadSbom } from "./assemble.ts";
import { looksLikeCycloneDx } from "./cyclonedx/recognise.ts";
import { Fault } from "../model/fault.ts";
import { parseJson } from "./json.ts";
import type { ReadTags } from "./swid/coswid-read.ts";

/** As far as one must look into a text that is no JSON to see what it is: behind comments and declarations. */
const HEAD = 16_384;
/** Text of a document begins with one of these, in UTF-8 or UTF-16. */
const TEXT_START = /^(?:[\t\n\r -~]|\ufeff)/;

/** Forms of SBOM documents, as far as their readers differ. */
type Form = "cyclonedx" | "spdx" | "swid" | "coswid";

/**
 * The SBOM of a document, whatever form it has, or undefined where the bytes are no SBOM document that is read here:
 * CycloneDX in JSON and XML, SPDX 2.2, 2.3 and 3.0.1 in all encodings, SWID, CoSWID. The form is seen by the content, the name does not
 * count; a text that is one of these and broken throws the faults of its reader.
 */
export async function parseSbomDocument(bytes: Uint8Array, where: string): Promise<ReadSbom | undefined> {
  switch (formOfSbom(bytes)) {
    case "cyclonedx":
      return { sbom: (await import("./cyclonedx-read.ts")).parseCycloneDx(bytes, where), lost: [] };
    case "spdx":
      return (await import("./spdx-read.ts")).parseSpdx(bytes, where);
    case "swid":
      return swid(async () => (await import("./swid/read-xml.ts")).parseSwid(bytes, where), where);
    case "coswid":
      return swid(async () => (await import("./swid/coswid-read.ts")).parseCoswid(bytes, where), where);
    case undefined:
      return undefined;
  }
}

async function swid(read: () => Promise<ReadTags>, where: string): Promise<ReadSbom> {
  return (await import("./swid/to-sbom.ts")).sbomOfSwid(await read(), where);
}

/** The fault for bytes that are no SBOM document where one is needed. */
export function noSbomDocument(where: string): Fault {
  return new Fault({
    code: "WB-SBOM-FORM",
    kind: "input",
    what: "this is no SBOM document",
    where,
    expected: "CycloneDX, SPDX, SWID or CoSWID",
    fix: "name a document; waybill sbom SOURCE writes one",
  });
}

/** Which form a document has, by its content. */
export function formOfSbom(bytes: Uint8Array): Form | undefined {
  // CBOR tag 1398229316, "SWID" (RFC 9393, section 8): made to be found like this.
  if (Buffer.from(bytes.subarray(0, 5)).toString("hex") === "da53574944") return "coswid";
  const head = headOf(bytes);
  if (head === undefined) return undefined;
  if (/^\ufeff?\s*\{/.test(head)) return jsonForm(bytes);
  if (/^\ufeff?\s*</.test(head)) {
    if (looksLikeCycloneDx(bytes)) return "cyclonedx";
    if (/http:\/\/standards\.iso\.org\/iso\/19770\/-2\/201[45]/.test(head)) return "swid";
    return /http:\/\/spdx\.org\/rdf\/terms#|<spdxVersion>|<SPDXID>/.test(head) ? "spdx" : undefined;
  }
  return /^\ufeff?["']?(?:spdxVersion["']?|SPDXVersion)[ \t]*:/m.test(head) ? "spdx" : undefined;
}

/** The first characters of a text; undefined for what is none. */
function headOf(bytes: Uint8Array): string | undefined {
  const [a, b] = bytes;
  const part = bytes.subarray(0, HEAD);
  const big = a === 0xfe && b === 0xff;
  const little = (a === 0xff && b === 0xfe) || (a !== 0 && b === 0);
  const text = new TextDecoder(big ? "utf-16be" : little ? "utf-16le" : "utf-8", { ignoreBOM: true }).decode(part);
  return TEXT_START.test(text) && !text.includes("\u0000") ? text : undefined;
}

/**
 * Members of JSON may stand anywhere, and a large lockfile should not be read twice to see that it is none: only a text that
 * has the name at all is looked at, and only its top level counts. In UTF-16 nothing else is written than documents.
 */
function jsonForm(bytes: Uint8Array): Form | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[0] === 0xff || bytes[0] === 0xfe || bytes[1] === 0 || bytes[0] === 0;
  if (wide) return "spdx";
  const has = (name: string): boolean => buffer.includes(`"${name}"`);
  if (has("bomFormat") && topLevel(buffer, "bomFormat") === "CycloneDX") return "cyclonedx";
  if (has("spdxVersion") && topLevel(buffer, "spdxVersion") !== undefined) return "spdx";
  const context = has("@context") ? JSON.stringify(topLevel(buffer, "@context") ?? "") : "";
  return context.includes("https://spdx.org/rdf/") ? "spdx" : undefined;
}

function topLevel(buffer: Buffer, name: string): unknown {
  try {
    const value: unknown = parseJson(buffer, "");
    return typeof value === "object" && value !== null && Object.hasOwn(value, name)
      ? Reflect.get(value, name)
      : undefined;
  } catch {
    return unread(name);
  }
}

/** JSON that has the name, and is broken or too large: its reader says what is wrong and where. */
const unread = (name: string): string => (name === "bomFormat" ? "CycloneDX" : "https://spdx.org/rdf/");
