import { expressionProblem } from "../../artifact/licence.ts";
import type { SpdxDocument, SpdxPackage } from "../spdx/model.ts";
import { EDGES } from "../spdx/to-sbom.ts";
import {
  type ComponentFact,
  type DocumentFact,
  factsOf,
  isContact,
  isSaid,
  isTime,
  type StatedSbom,
} from "./stated.ts";

/** SPDX 2.3 has no field for these; its comments are no place that others would look at. */
const CANNOT: readonly (DocumentFact | ComponentFact)[] = [
  "generation-context",
  "completeness",
  "executable",
  "archive",
  "structured",
  "effective-licence",
  "source-uri",
  "source-sha512",
  "security-txt",
];
/** Types of external references that identify the package (SPDX 2.3, annex F), as far as they name it and no report on it. */
const IDENTIFIERS = /^(?:purl|cpe2[23]Type|swid|swh|gitoid|maven-central|npm|nuget|bower)$/;
const MAKER = /^(?:Person|Organization): ?(?<name>.*)$/;

/** What an SPDX 2.2 or 2.3 document states, in whatever encoding it was. Each package is a component. */
export function statedBySpdx2(document: SpdxDocument): StatedSbom {
  const { spdxVersion, creationInfo, packages } = document;
  const makers = creationInfo.creators.filter((one) => isMaker(one));
  const graph = graphOf(document);
  return {
    form: spdxVersion.replace("-", " "),
    facts: factsOf<DocumentFact>({
      format: false,
      author: makers.length > 0,
      "author-contact": makers.some(isContact),
      tool: creationInfo.creators.some((one) => one.startsWith("Tool:") && isSaid(one.slice(5))),
      timestamp: isTime(creationInfo.created),
      "generation-context": false,
      uri: isSaid(document.documentNamespace),
      completeness: false,
    }),
    components: packages.map((one) => ({
      path: `/packages/${one.SPDXID}`,
      name: one.name,
      ...purlOf(one),
      facts: packageFacts(one, graph),
    })),
    cannot: new Set(CANNOT),
  };
}

function isMaker(text: string | undefined): boolean {
  return text !== undefined && isSaid(MAKER.exec(text)?.groups?.["name"]);
}

function purlOf({ externalRefs }: SpdxPackage): { readonly purl?: string } {
  const purl = externalRefs.find(({ referenceType }) => referenceType === "purl")?.referenceLocator;
  return purl === undefined ? {} : { purl };
}

interface Graph {
  /** Packages whose needs are told, be it that there are none (`DEPENDS_ON NONE`). */
  readonly needing: ReadonlySet<string>;
  /** Packages at either end of an edge. */
  readonly joined: ReadonlySet<string>;
}

function graphOf({ relationships, SPDXID }: SpdxDocument): Graph {
  const needing = new Set<string>();
  const joined = new Set<string>();
  for (const { spdxElementId, relationshipType, relatedSpdxElement } of relationships) {
    const edge = Object.hasOwn(EDGES, relationshipType) ? EDGES[relationshipType] : undefined;
    if (edge === undefined || relatedSpdxElement === "NOASSERTION" || spdxElementId === SPDXID) continue;
    needing.add(edge[1] ? relatedSpdxElement : spdxElementId);
    joined.add(spdxElementId).add(relatedSpdxElement);
  }
  return { needing, joined };
}

function packageFacts(one: SpdxPackage, { needing, joined }: Graph): ReadonlySet<ComponentFact> {
  const { SPDXID, licenseConcluded, licenseDeclared, downloadLocation } = one;
  return factsOf<ComponentFact>({
    name: isSaid(one.name),
    version: isSaid(one.versionInfo),
    supplier: isMaker(one.supplier) || isMaker(one.originator),
    "creator-contact": isMaker(one.originator) && isContact(one.originator),
    identifier: one.externalRefs.some(({ referenceType }) => IDENTIFIERS.test(referenceType)),
    relationship: joined.has(SPDXID),
    dependencies: needing.has(SPDXID),
    hash: one.checksums.length > 0,
    sha512: one.checksums.some(({ algorithm }) => algorithm === "SHA512"),
    licence: isSaid(licenseConcluded) || isSaid(licenseDeclared),
    "distribution-licence": isExpression(licenseConcluded),
    "original-licence": isExpression(licenseDeclared),
    "effective-licence": false,
    filename: isSaid(one.packageFileName),
    executable: false,
    archive: false,
    structured: false,
    "source-uri": false,
    "source-sha512": false,
    "deployable-uri": isSaid(downloadLocation) && downloadLocation !== "NONE",
    "security-txt": false,
  });
}

function isExpression(text: string | undefined): boolean {
  return text !== undefined && isSaid(text) && expressionProblem(text) === undefined;
}
