import { CYCLONEDX_NAMESPACE, isXml } from "./recognise.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import type { JsonObject } from "../../model/statement.ts";
import { parseJson, prettyJson } from "../json.ts";
import { Fields, rootPlace } from "../shape.ts";
import { parseXml, type XmlElement } from "../xml.ts";
import { convert } from "./convert.ts";
import { CYCLONEDX_VERSIONS, type CycloneDxSyntax, type CycloneDxVersion, type Dialect } from "./form.ts";
import { type Lost, type Problem, type XmlPlace } from "./problem.ts";
import { readXml, type XmlExtension } from "./read-xml.ts";
import { checkDocument, MAX_PROBLEMS } from "./validate.ts";
import { writeXml } from "./write-xml.ts";

/** A CycloneDX document, whole: nothing of it is interpreted. */
export interface CycloneDxDocument extends Dialect {
  /** In the shape of the JSON document, whatever the syntax. */
  readonly document: JsonObject;
  /** Of an XML document: what the shape of JSON has no place for. */
  readonly extensions: readonly XmlExtension[];
  /** Of an XML document: its root, for the lines of messages. */
  readonly root?: XmlElement;
}

/**
 * Reads a CycloneDX document of 1.2 to 1.7, JSON or XML by its first character. It need not be valid (`validateCycloneDx`).
 * `where` names it in messages.
 *
 * Faults: WB-CYCLONEDX-FORM (not CycloneDX), WB-CYCLONEDX-VERSION (unchecked); those of `parseJson` and `parseXml`.
 */
export function parseCycloneDxDocument(bytes: Uint8Array, where: string): CycloneDxDocument {
  return isXml(bytes) ? fromXml(parseXml(bytes, where), where) : fromJson(bytes, where);
}

function fromJson(bytes: Uint8Array, where: string): CycloneDxDocument {
  const root = new Fields(parseJson(bytes, where), rootPlace(where, "WB-CYCLONEDX-FORM"));
  root.oneOf("bomFormat", ["CycloneDX"]);
  return {
    version: knownVersion(root.string("specVersion"), where),
    syntax: "json",
    document: root.raw,
    extensions: [],
  };
}

function fromXml(root: XmlElement, where: string): CycloneDxDocument {
  if (root.name !== "bom" || !root.namespace.startsWith(CYCLONEDX_NAMESPACE)) {
    throw new Fault({
      code: "WB-CYCLONEDX-FORM",
      kind: "input",
      what: "an XML document that is not CycloneDX",
      where: `${where}:${root.line}`,
      expected: `the element bom of ${CYCLONEDX_NAMESPACE}1.x`,
      found: `the element ${cleanText(root.name, 60)} of ${root.namespace === "" ? "no name space" : cleanText(root.namespace, 80)}`,
    });
  }
  const version = knownVersion(root.namespace.slice(CYCLONEDX_NAMESPACE.length), where);
  const { document, extensions } = readXml(root, { version, syntax: "xml" });
  return { version, syntax: "xml", document, extensions, root };
}

function knownVersion(text: string, where: string): CycloneDxVersion {
  const version = CYCLONEDX_VERSIONS.find((one) => one === text);
  if (version !== undefined) return version;
  throw new Fault({
    code: "WB-CYCLONEDX-VERSION",
    kind: "unchecked",
    what: "a CycloneDX document of a version that is not read here",
    where,
    expected: `one of ${CYCLONEDX_VERSIONS.join(", ")}`,
    found: cleanText(text),
  });
}

/**
 * What in a document is against its version's schema (code WB-CYCLONEDX-SCHEMA) or against the text of the specification
 * (WB-CYCLONEDX-RULE: references that are given twice or lead nowhere, package URLs, licence expressions, lengths of hashes), at
 * most 1000 each of what the syntax and what the content shows. Empty: the document is valid.
 */
export function validateCycloneDx(read: CycloneDxDocument): readonly Problem[] {
  const problems = checkDocument(read.document, read);
  if (read.root === undefined) return problems;
  const places = new Map<string, XmlPlace>();
  // Read once more: places are only worth their memory where there is something to say.
  const record = problems.length === 0 ? undefined : (at: string, place: XmlPlace) => void places.set(at, place);
  const reading = readXml(read.root, read, record);
  return [...reading.problems, ...problems.map((problem) => placed(problem, places))].slice(0, 2 * MAX_PROBLEMS);
}

/** The place in the XML of the value, or of what holds it. */
function placed(problem: Problem, places: ReadonlyMap<string, XmlPlace>): Problem {
  const place = places.get(problem.path);
  if (place !== undefined) return { ...problem, ...place };
  const cut = problem.path.lastIndexOf("/");
  const outer = cut === -1 ? undefined : places.get(problem.path.slice(0, cut));
  return outer === undefined ? problem : { ...problem, ...outer };
}

/**
 * Writes a document in a version and syntax, by default its own. The same document gives the same bytes. `lost` lists what the
 * target cannot hold, by the JSON pointer of the document given; it is empty where neither changes.
 */
export function printCycloneDxDocument(
  read: CycloneDxDocument,
  target: { readonly version?: CycloneDxVersion; readonly syntax?: CycloneDxSyntax } = {},
): { readonly bytes: Uint8Array; readonly lost: readonly Lost[] } {
  const from: Dialect = { version: read.version, syntax: read.syntax };
  const to: Dialect = { version: target.version ?? read.version, syntax: target.syntax ?? read.syntax };
  const same = from.version === to.version && from.syntax === to.syntax;
  const { document, extensions, lost } = same
    ? { ...read, lost: [] }
    : convert(read.document, read.extensions, from, to);
  const text = to.syntax === "json" ? prettyJson(document) : writeXml(document, to, extensions);
  return { bytes: Buffer.from(text, "utf8"), lost };
}
