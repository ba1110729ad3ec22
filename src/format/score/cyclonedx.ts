import { expressionProblem } from "../../artifact/licence.ts";
import type { JsonObject } from "../../model/statement.ts";
import type { CycloneDxDocument } from "../cyclonedx/document.ts";
import type { CycloneDxVersion } from "../cyclonedx/form.ts";
import { pointer } from "../cyclonedx/problem.ts";
import { objectsOf, textOf, textsOf } from "../members.ts";
import {
  type ComponentFact,
  type DocumentFact,
  factsOf,
  isContact,
  isSaid,
  isTime,
  type StatedComponent,
  type StatedSbom,
} from "./stated.ts";

/** The version that brought the place in which a fact stands. */
const SINCE: readonly (readonly [CycloneDxVersion, readonly (DocumentFact | ComponentFact)[]])[] = [
  ["1.3", ["completeness", "filename", "executable", "archive", "structured", "effective-licence", "source-sha512"]],
  ["1.5", ["generation-context", "security-txt"]],
  ["1.6", ["distribution-licence", "original-licence", "source-uri", "source-sha512"]],
];
/** The BSI's names in the CycloneDX property taxonomy, with the values that it gives them. */
const BSI = "bsi:component:";
const EXECUTABLE = /^(?:non-)?executable$/;
const ARCHIVE = /^(?:no )?archive$/;
const STRUCTURED = /^(?:un)?structured$/;

/** What a CycloneDX document states (JSON reference of its version; properties: cyclonedx-property-taxonomy, `bsi`). */
export function statedByCycloneDx({ version, document }: CycloneDxDocument): StatedSbom {
  const [metadata = {}] = objectsOf(document, "metadata");
  const graph = graphOf(document);
  const components: StatedComponent[] = [];
  for (const subject of objectsOf(metadata, "component")) {
    const supplied = [...objectsOf(metadata, "supplier"), ...objectsOf(metadata, "manufacture")].some(isNamed);
    components.push(...componentsOf(subject, "/metadata/component", graph, false, supplied));
  }
  for (const [index, one] of objectsOf(document, "components").entries()) {
    components.push(...componentsOf(one, `/components/${index}`, graph, false, false));
  }
  return {
    form: `CycloneDX ${version}`,
    facts: documentFacts(version, document, metadata),
    components,
    cannot: new Set(SINCE.flatMap(([since, facts]) => (version < since ? facts : []))),
  };
}

function documentFacts(
  version: CycloneDxVersion,
  document: JsonObject,
  metadata: JsonObject,
): ReadonlySet<DocumentFact> {
  const authors = objectsOf(metadata, "authors");
  const makers = objectsOf(metadata, "manufacturer");
  const tools = objectsOf(metadata, "tools").flatMap((one) => [
    one,
    ...objectsOf(one, "components"),
    ...objectsOf(one, "services"),
  ]);
  return factsOf({
    format: version >= "1.6",
    author: [...authors, ...makers].some((one) => isNamed(one) || isContact(textOf(one, "email"))),
    "author-contact": [...authors, ...makers].some(hasContact),
    tool: tools.some(isNamed),
    timestamp: isTime(textOf(metadata, "timestamp")),
    "generation-context": objectsOf(metadata, "lifecycles").some((one) => isSaid(textOf(one, "phase")) || isNamed(one)),
    uri: isSaid(textOf(document, "serialNumber")),
    completeness: objectsOf(document, "compositions").some(
      (one) =>
        /^(?:complete|incomplete)/.test(textOf(one, "aggregate") ?? "") && textsOf(one, "dependencies").length > 0,
    ),
  });
}

function isNamed(one: JsonObject): boolean {
  return isSaid(textOf(one, "name"));
}

/** Of an organisation or a person. */
function hasContact(one: JsonObject): boolean {
  return [one, ...objectsOf(one, "contact")].some((each) =>
    [...textsOf(each, "email"), ...textsOf(each, "url")].some(isContact),
  );
}

interface Graph {
  /** References with an entry of their own, which may be empty: "needs nothing". */
  readonly from: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
}

function graphOf(document: JsonObject): Graph {
  const from = new Set<string>();
  const to = new Set<string>();
  for (const entry of objectsOf(document, "dependencies")) {
    const ref = textOf(entry, "ref");
    if (ref !== undefined) from.add(ref);
    for (const one of textsOf(entry, "dependsOn")) to.add(one);
  }
  return { from, to };
}

/** A component and those that lie in it: the reader bounds how deep that goes. */
function componentsOf(
  component: JsonObject,
  path: string,
  graph: Graph,
  inside: boolean,
  supplied: boolean,
): readonly StatedComponent[] {
  const parts = objectsOf(component, "components");
  const purl = textOf(component, "purl");
  const related = inside || parts.length > 0;
  const own: StatedComponent = {
    path,
    name: [textOf(component, "group"), textOf(component, "name")].filter(isSaid).join("/"),
    ...(purl !== undefined && { purl }),
    facts: componentFacts(component, graph, related, supplied),
  };
  const below = pointer(path, "components");
  return [own, ...parts.flatMap((one, index) => componentsOf(one, pointer(below, index), graph, true, false))];
}

function componentFacts(
  component: JsonObject,
  { from, to }: Graph,
  related: boolean,
  supplied: boolean,
): ReadonlySet<ComponentFact> {
  const ref = textOf(component, "bom-ref") ?? "";
  const says = (name: string): boolean => isSaid(textOf(component, name));
  const makers = objectsOf(component, "manufacturer");
  const authors = objectsOf(component, "authors");
  const references = objectsOf(component, "externalReferences");
  const ofType = (types: RegExp): readonly JsonObject[] =>
    references.filter((one) => types.test(textOf(one, "type") ?? ""));
  const deployed = ofType(/^distribution(?:-intake)?$/);
  const sources = ofType(/^source-distribution$/);
  const hashes = [component, ...deployed].flatMap((one) => objectsOf(one, "hashes")).filter(hasContent);
  const properties = new Map(
    objectsOf(component, "properties").map((one) => [textOf(one, "name") ?? "", textOf(one, "value") ?? ""]),
  );
  const bsi = (name: string): string => properties.get(`${BSI}${name}`) ?? "";
  const licences = objectsOf(component, "licenses");
  return factsOf({
    name: says("name"),
    version: says("version"),
    supplier:
      supplied ||
      says("publisher") ||
      says("author") ||
      [...objectsOf(component, "supplier"), ...makers, ...authors].some(
        (one) => isNamed(one) || isContact(textOf(one, "email")),
      ),
    "creator-contact": [...makers, ...authors].some(hasContact) || isContact(textOf(component, "author")),
    identifier:
      says("purl") ||
      says("cpe") ||
      says("swhid") ||
      says("omniborId") ||
      objectsOf(component, "swid").some((one) => isSaid(textOf(one, "tagId"))),
    relationship: related || from.has(ref) || to.has(ref),
    dependencies: from.has(ref),
    hash: hashes.length > 0,
    sha512: hashes.some(isSha512),
    licence: licences.some((one) => isSaid(textOf(one, "expression")) || namesLicence(one)),
    "distribution-licence": licences.some((one) => isAcknowledged(one, "concluded")),
    "original-licence": licences.some((one) => isAcknowledged(one, "declared")),
    "effective-licence": isSaid(bsi("effectiveLicense")) || isSaid(bsi("effectiveLicence")),
    filename: isSaid(bsi("filename")),
    executable: EXECUTABLE.test(bsi("executable")),
    archive: ARCHIVE.test(bsi("archive")),
    structured: STRUCTURED.test(bsi("structured")),
    "source-uri": sources.some((one) => isSaid(textOf(one, "url"))),
    "source-sha512": sources.flatMap((one) => objectsOf(one, "hashes")).some((one) => isSha512(one) && hasContent(one)),
    "deployable-uri": deployed.some((one) => isSaid(textOf(one, "url"))),
    "security-txt": ofType(/^rfc-9116$/).some((one) => isSaid(textOf(one, "url"))),
  });
}

function hasContent(hash: JsonObject): boolean {
  return isSaid(textOf(hash, "content"));
}

function isSha512(hash: JsonObject): boolean {
  return textOf(hash, "alg") === "SHA-512";
}

function namesLicence(choice: JsonObject): boolean {
  return objectsOf(choice, "license").some((one) => isSaid(textOf(one, "id")) || isNamed(one));
}

/** The BSI asks for identifiers or expressions of SPDX (TR-03183-2, section 6.1): a licence's name alone will not do. */
function isAcknowledged(choice: JsonObject, acknowledgement: "concluded" | "declared"): boolean {
  return [choice, ...objectsOf(choice, "license")].some((one) => {
    const text = textOf(one, "expression") ?? textOf(one, "id");
    return (
      textOf(one, "acknowledgement") === acknowledgement && text !== undefined && expressionProblem(text) === undefined
    );
  });
}
