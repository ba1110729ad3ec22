import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import type { Json } from "../../model/statement.ts";
import { asString, Fields, type Place, rootPlace } from "../shape.ts";
import type {
  SpdxDocument,
  SpdxExternalDocumentRef,
  SpdxExtractedLicence,
  SpdxRelationship,
  SpdxReview,
} from "./model.ts";
import { upperName } from "./names.ts";
import { readFile, readPackage, readSnippet } from "./read-elements.ts";
import { readAnnotations, readChecksum, type Reading, seen, sorted, texts } from "./read-parts.ts";

const VERSIONS = ["SPDX-2.2", "SPDX-2.3"] as const;
const MEMBERS =
  `$schema spdxVersion SPDXID name dataLicense documentNamespace comment creationInfo externalDocumentRefs packages
  files snippets hasExtractedLicensingInfos revieweds annotations documentDescribes relationships`.split(/\s+/);

/**
 * Reads the JSON form of an SPDX 2.2 or 2.3 document (schemas/spdx-schema.json of the specification) into the model. YAML is
 * the same form; the other encodings are brought into it first, so that here alone is said what must be there: the version,
 * the identifier of each element, names, both ends of a relationship, and when the document was created. Everything else
 * that the specification demands is said by `spdxProblems`.
 *
 * Faults: WB-SPDX-FORM with the JSON pointer, WB-SPDX-VERSION (unchecked).
 */
export function readSpdxJson(json: Json, where: string): SpdxDocument {
  const root = new Fields(json, rootPlace(where, "WB-SPDX-FORM"));
  const spdxVersion = readVersion(root);
  const SPDXID = root.string("SPDXID");
  const namespace = root.optionalString("documentNamespace");
  const reading: Reading = { namespace, annotations: [], relationships: [], unread: [] };
  const document = {
    spdxVersion,
    SPDXID,
    name: root.string("name"),
    ...texts(root, ["dataLicense", "documentNamespace", "comment"]),
    creationInfo: readCreationInfo(root.object("creationInfo"), reading),
    externalDocumentRefs: list(root, "externalDocumentRefs", reading, readExternalDocument),
    packages: list(root, "packages", reading, readPackage),
    files: list(root, "files", reading, readFile),
    snippets: list(root, "snippets", reading, readSnippet),
    hasExtractedLicensingInfos: list(root, "hasExtractedLicensingInfos", reading, readExtracted),
    revieweds: list(root, "revieweds", reading, readReview),
  };
  readAnnotations(root, SPDXID, reading);
  for (const described of root.optionalList("documentDescribes", asString)) {
    reading.relationships.push({ spdxElementId: SPDXID, relationshipType: "DESCRIBES", relatedSpdxElement: described });
  }
  const explicit = root.optionalList("relationships", (value, place) => readRelationship(value, place, reading));
  seen(root, MEMBERS, reading);
  return {
    ...document,
    relationships: sorted([...explicit, ...implied(explicit, reading.relationships)]),
    annotations: sorted(reading.annotations),
    unread: reading.unread,
  };
}

function readVersion(root: Fields): (typeof VERSIONS)[number] {
  const written = root.string("spdxVersion");
  const version = VERSIONS.find((one) => one === written);
  if (version !== undefined) return version;
  throw new Fault({
    code: "WB-SPDX-VERSION",
    kind: "unchecked",
    what: "an SPDX document of a version that is not read here",
    where: root.place.where,
    expected: `one of ${VERSIONS.join(", ")}, or SPDX 3.0.1 in JSON-LD`,
    found: cleanText(written, 60),
  });
}

/** What `documentDescribes` and `hasFiles` say, unless a relationship says it already, perhaps with a comment. */
function implied(explicit: readonly SpdxRelationship[], more: readonly SpdxRelationship[]): SpdxRelationship[] {
  const keyOf = (one: SpdxRelationship): string =>
    [one.spdxElementId, one.relationshipType, one.relatedSpdxElement].join("\n");
  const said = new Set(explicit.map(keyOf));
  return more.filter((one) => !said.has(keyOf(one)));
}

function list<T extends object>(
  fields: Fields,
  name: string,
  reading: Reading,
  read: (fields: Fields, reading: Reading) => T,
): readonly T[] {
  return sorted(fields.optionalList(name, (value, place) => read(new Fields(value, place), reading)));
}

function readCreationInfo(fields: Fields, reading: Reading): SpdxDocument["creationInfo"] {
  seen(fields, ["created", "creators", "licenseListVersion", "comment"], reading);
  return {
    created: fields.string("created"),
    creators: sorted(fields.optionalList("creators", asString)),
    ...texts(fields, ["licenseListVersion", "comment"]),
  };
}

function readExternalDocument(fields: Fields, reading: Reading): SpdxExternalDocumentRef {
  seen(fields, ["externalDocumentId", "spdxDocument", "checksum"], reading);
  const checksum = fields.optionalObject("checksum");
  return {
    externalDocumentId: fields.string("externalDocumentId"),
    spdxDocument: fields.string("spdxDocument"),
    ...(checksum !== undefined && { checksum: readChecksum(checksum, reading) }),
  };
}

/** `crossRefs` is what the licence list knows about links: not a statement of this document, passed over. */
function readExtracted(fields: Fields, reading: Reading): SpdxExtractedLicence {
  seen(fields, ["licenseId", "extractedText", "name", "seeAlsos", "comment", "crossRefs"], reading);
  return {
    licenseId: fields.string("licenseId"),
    ...texts(fields, ["extractedText", "name", "comment"]),
    seeAlsos: sorted(fields.optionalList("seeAlsos", asString)),
  };
}

function readReview(fields: Fields, reading: Reading): SpdxReview {
  seen(fields, ["reviewer", "reviewDate", "comment"], reading);
  return { ...texts(fields, ["reviewer", "comment"]), reviewDate: fields.string("reviewDate") };
}

function readRelationship(value: Json, place: Place, reading: Reading): SpdxRelationship {
  const fields = new Fields(value, place);
  seen(fields, ["spdxElementId", "relationshipType", "relatedSpdxElement", "comment"], reading);
  return {
    spdxElementId: fields.string("spdxElementId"),
    relationshipType: upperName(fields.string("relationshipType")),
    relatedSpdxElement: fields.string("relatedSpdxElement"),
    ...texts(fields, ["comment"]),
  };
}
