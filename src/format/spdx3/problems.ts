import { cleanText } from "../../artifact/clean-text.ts";
import { expressionProblem } from "../../artifact/licence.ts";
import type { JsonObject } from "../../model/statement.ts";
import type { SpdxProblem } from "../spdx/problems.ts";
import { objectsOf, textOf } from "../members.ts";
import { AGENT_CLASSES, idsOf, LICENCE_URI, type Spdx3Document, type Spdx3Element } from "./model.ts";

/** Core/Vocabularies/RelationshipType. */
const RELATIONSHIP_TYPES = new Set(
  `affects amendedBy ancestorOf availableFrom configures contains coordinatedBy copiedTo delegatedTo dependsOn descendantOf
  describes doesNotAffect expandsTo exploitCreatedBy fixedBy fixedIn foundBy generates hasAddedFile hasAssessmentFor
  hasAssociatedVulnerability hasConcludedLicense hasDataFile hasDeclaredLicense hasDeletedFile hasDependencyManifest
  hasDistributionArtifact hasDocumentation hasDynamicLink hasEvidence hasExample hasHost hasInput hasMetadata
  hasOptionalComponent hasOptionalDependency hasOutput hasPrerequisite hasProvidedDependency hasRequirement
  hasSpecification hasStaticLink hasTest hasTestCase hasVariant invokedBy modifiedBy other packagedBy patchedBy publishedBy
  reportedBy republishedBy serializedInArtifact testedOn trainedOn underInvestigationFor usesTool`.split(/\s+/),
);

/** Core/Vocabularies/HashAlgorithm, with the length of the value in hex digits where it is fixed. */
const HASH_LENGTHS: Readonly<Record<string, number>> = {
  adler32: 8,
  blake2b256: 64,
  blake2b384: 96,
  blake2b512: 128,
  blake3: 0,
  crystalsDilithium: 0,
  crystalsKyber: 0,
  falcon: 0,
  md2: 32,
  md4: 32,
  md5: 32,
  md6: 0,
  other: 0,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha3_224: 56,
  sha3_256: 64,
  sha3_384: 96,
  sha3_512: 128,
  sha512: 128,
};

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
/** Members of elements that name other elements. */
const REFERENCES = [
  "from",
  "to",
  "rootElement",
  "element",
  "createdBy",
  "createdUsing",
  "suppliedBy",
  "originatedBy",
  "subject",
];
/** Classes that are values inside of elements or stand for themselves: without creation info. */
const NO_ELEMENT = new Set([
  "CreationInfo",
  "ExternalMap",
  "Hash",
  "ExternalIdentifier",
  "ExternalRef",
  "DictionaryEntry",
]);
const MAX_PROBLEMS = 1000;

/**
 * What the model of SPDX 3.0.1 demands beyond the form, for the profiles core, software and simple licensing: identifiers
 * once, creation info that is there and complete, agents that made it, references that resolve (in the graph, in `import` of
 * the document, or the terms of SPDX itself), relationships with both ends and a known type, hashes, expressions. At most 1000.
 */
export function spdx3Problems(document: Spdx3Document): readonly SpdxProblem[] {
  const problems: SpdxProblem[] = [];
  const say = (path: string, what: string, clause: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path: cleanText(path, 200), what, clause });
  };
  const byId = new Map<string, Spdx3Element>();
  for (const element of document.elements) {
    if (byId.has(element.id)) say(element.id, "stands twice in the document", "Core/Element");
    byId.set(element.id, element);
  }
  const documents = document.elements.filter(({ type }) => type === "SpdxDocument");
  if (documents.length !== 1) say("@graph", `has ${documents.length} SpdxDocument, not one`, "Core/SpdxDocument");
  const imported = new Set(
    documents.flatMap(({ json }) => objectsOf(json, "import").flatMap((one) => textOf(one, "externalSpdxId") ?? [])),
  );
  const resolves = (id: string): boolean =>
    byId.has(id) ||
    imported.has(id) ||
    id.startsWith(LICENCE_URI) ||
    /^https:\/\/spdx\.org\/rdf\/3\.0\.\d+\/terms\//.test(id);
  for (const { id, type, json } of document.elements) {
    if (type === "CreationInfo") checkCreation(id, json, byId, say);
    else if (!NO_ELEMENT.has(type)) checkElement(id, json, byId, say);
    for (const name of REFERENCES) {
      for (const other of idsOf(json, name)) {
        if (!resolves(other)) say(`${id} ${name}`, `${cleanText(other, 120)} is not in the document`, `Core/${name}`);
      }
    }
    if (type === "Relationship" || type === "LifecycleScopedRelationship") checkRelationship(id, json, say);
    for (const hash of objectsOf(json, "verifiedUsing")) if (textOf(hash, "type") === "Hash") checkHash(id, hash, say);
    const expression = textOf(json, "simplelicensing_licenseExpression");
    const problem =
      expression === undefined || /^(?:NONE|NOASSERTION)$/.test(expression) ? undefined : expressionProblem(expression);
    if (problem !== undefined) say(id, problem, "SimpleLicensing/licenseExpression");
  }
  return problems;
}

type Say = (path: string, what: string, clause: string) => void;

function checkElement(id: string, json: JsonObject, byId: ReadonlyMap<string, Spdx3Element>, say: Say): void {
  if (!URL.canParse(id)) say(id, "is no IRI", "Core/spdxId");
  const named = textOf(json, "creationInfo");
  if (named === undefined) {
    if (objectsOf(json, "creationInfo").length === 0) say(`${id} creationInfo`, "is missing", "Core/creationInfo");
  } else if (byId.get(named)?.type !== "CreationInfo") {
    say(`${id} creationInfo`, `${cleanText(named, 120)} is not in the document`, "Core/creationInfo");
  }
}

function checkCreation(id: string, json: JsonObject, byId: ReadonlyMap<string, Spdx3Element>, say: Say): void {
  if (!/^3\.0\.\d+$/.test(textOf(json, "specVersion") ?? ""))
    say(`${id} specVersion`, "is not 3.0.1", "Core/specVersion");
  if (!DATE.test(textOf(json, "created") ?? ""))
    say(`${id} created`, "is not of the form YYYY-MM-DDThh:mm:ssZ", "Core/created");
  const agents = idsOf(json, "createdBy");
  if (agents.length === 0) say(`${id} createdBy`, "is missing", "Core/createdBy");
  for (const agent of agents) {
    const type = byId.get(agent)?.type;
    if (type !== undefined && !AGENT_CLASSES.has(type))
      say(`${id} createdBy`, `names a ${cleanText(type, 60)}`, "Core/createdBy");
  }
}

function checkRelationship(id: string, json: JsonObject, say: Say): void {
  const type = textOf(json, "relationshipType");
  if (type === undefined || !RELATIONSHIP_TYPES.has(type)) {
    say(`${id} relationshipType`, "is no type of relationship", "Core/RelationshipType");
  }
  if (idsOf(json, "from").length !== 1) say(`${id} from`, "is not one element", "Core/from");
  if (idsOf(json, "to").length === 0) say(`${id} to`, "is empty", "Core/to");
}

function checkHash(id: string, hash: JsonObject, say: Say): void {
  const algorithm = textOf(hash, "algorithm") ?? "";
  const value = textOf(hash, "hashValue") ?? "";
  const length = Object.hasOwn(HASH_LENGTHS, algorithm) ? HASH_LENGTHS[algorithm] : undefined;
  if (length === undefined)
    say(`${id} verifiedUsing`, `${cleanText(algorithm, 40)} is no algorithm of SPDX`, "Core/HashAlgorithm");
  else if (value === "" || (length > 0 && (value.length !== length || !/^[0-9a-f]+$/i.test(value)))) {
    say(`${id} verifiedUsing`, `the ${algorithm} value is not ${length || "some"} digits in hex`, "Core/hashValue");
  }
}
