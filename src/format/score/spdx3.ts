import type { JsonObject } from "../../model/statement.ts";
import { objectsOf, textOf, textsOf } from "../members.ts";
import { licenceReader } from "../spdx3/licence.ts";
import { idsOf, PACKAGE_CLASSES, type Spdx3Document, type Spdx3Element } from "../spdx3/model.ts";
import { EDGES } from "../spdx3/to-sbom.ts";
import {
  type ComponentFact,
  type DocumentFact,
  factsOf,
  isContact,
  isSaid,
  isTime,
  type StatedSbom,
} from "./stated.ts";

/** Core/Agent and its classes but `SoftwareAgent`: a program is a tool, no author. */
const MAKERS = new Set(["Agent", "Person", "Organization"]);
const IDENTIFIERS = /^(?:packageUrl|cpe2[23]|swid|swhid|gitoid)$/;
const NOTHING = /(?:NoAssertion(?:Element|License)?|NoneElement|NoneLicense)$/;

/** What an SPDX 3.0 document states. Each package, also of the profiles AI and dataset, is a component. */
export function statedBySpdx3(document: Spdx3Document): StatedSbom {
  const reading = new Reading(document);
  return {
    form: `SPDX ${reading.specVersion() ?? "3.0"}`,
    facts: reading.documentFacts(),
    components: document.elements
      .filter(({ type }) => PACKAGE_CLASSES.has(type))
      .map((element) => {
        const purl = textOf(element.json, "software_packageUrl");
        return {
          path: element.id,
          name: textOf(element.json, "name") ?? "",
          ...(purl !== undefined && { purl }),
          facts: reading.packageFacts(element),
        };
      }),
    cannot: new Set(),
  };
}

class Reading {
  readonly #byId: ReadonlyMap<string, Spdx3Element>;
  readonly #head: JsonObject;
  readonly #sboms: readonly Spdx3Element[];
  readonly #creation: JsonObject;
  /** By relationship type: from → to. */
  readonly #relations = new Map<string, Map<string, string[]>>();
  /** What lies at an end of an edge between packages, and what has edges of its own. */
  readonly #joined = new Set<string>();
  readonly #needing = new Set<string>();
  /** What is generated → what it is generated from. */
  readonly #sources = new Map<string, string[]>();
  readonly #effective = new Set<string>();
  #completeness = false;
  readonly #licenceOf: ReturnType<typeof licenceReader>;

  constructor({ elements }: Spdx3Document) {
    this.#byId = new Map(elements.map((element) => [element.id, element]));
    this.#licenceOf = licenceReader(this.#byId);
    this.#sboms = elements.filter(({ type }) => type === "software_Sbom");
    this.#head = (elements.find(({ type }) => type === "SpdxDocument") ?? this.#sboms[0])?.json ?? {};
    this.#creation = this.#resolve(this.#head, "creationInfo")[0] ?? {};
    for (const { json } of elements) this.#relation(json);
  }

  #relation(json: JsonObject): void {
    const kind = textOf(json, "relationshipType");
    const [from] = idsOf(json, "from");
    if (kind === undefined || from === undefined) return;
    const to = idsOf(json, "to");
    const byFrom = this.#relations.get(kind) ?? new Map<string, string[]>();
    this.#relations.set(kind, byFrom);
    for (const one of to) push(byFrom, from, one);
    if (kind === "other" && (textOf(json, "comment") ?? "").includes("hasEffectiveLicense")) this.#effective.add(from);
    if (kind === "generates") for (const one of to) push(this.#sources, one, from);
    if (!Object.hasOwn(EDGES, kind)) return;
    if (/^(?:in)?complete$/.test(textOf(json, "completeness") ?? "")) this.#completeness = true;
    if (to.every((one) => one.endsWith("NoAssertionElement"))) return;
    this.#needing.add(from);
    for (const one of [from, ...to]) this.#joined.add(one);
  }

  /** The objects that a member names by identifier, or holds. */
  #resolve(json: JsonObject, name: string): readonly JsonObject[] {
    return [...this.#jsonOf(textsOf(json, name)), ...objectsOf(json, name)];
  }

  #jsonOf(ids: readonly string[]): readonly JsonObject[] {
    return ids.map((id) => this.#byId.get(id)?.json).filter((json) => json !== undefined);
  }

  specVersion(): string | undefined {
    return textOf(this.#creation, "specVersion");
  }

  documentFacts(): ReadonlySet<DocumentFact> {
    const agents = this.#resolve(this.#creation, "createdBy");
    const makers = agents.filter(isMaker);
    const tools = [
      ...this.#resolve(this.#creation, "createdUsing"),
      ...agents.filter((one) => textOf(one, "type") === "SoftwareAgent"),
    ];
    return factsOf<DocumentFact>({
      format: /^3\.0\.[1-9]\d*$|^3\.[1-9]/.test(this.specVersion() ?? ""),
      author: makers.length > 0,
      "author-contact": makers.some(hasContact),
      tool: tools.some((one) => isSaid(textOf(one, "name"))),
      timestamp: isTime(textOf(this.#creation, "created")),
      "generation-context": this.#sboms.some(({ json }) => textsOf(json, "software_sbomType").some(isSaid)),
      uri: isSaid(textOf(this.#head, "spdxId")),
      completeness: this.#completeness,
    });
  }

  packageFacts({ id, json }: Spdx3Element): ReadonlySet<ComponentFact> {
    const files = this.#related("hasDistributionArtifact", id);
    const sources = this.#jsonOf(this.#sources.get(id) ?? []);
    const originators = this.#resolve(json, "originatedBy");
    const hashes = [json, ...files].flatMap(hashesOf);
    const references = [json, ...files].flatMap((one) => objectsOf(one, "externalRef"));
    const ofType = (type: string): boolean => references.some((one) => textOf(one, "externalRefType") === type);
    const purposes = files.flatMap((one) => [
      ...textsOf(one, "software_primaryPurpose"),
      ...textsOf(one, "software_additionalPurpose"),
    ]);
    const declared = this.#licences("hasDeclaredLicense", id);
    const concluded = this.#licences("hasConcludedLicense", id);
    return factsOf<ComponentFact>({
      name: isSaid(textOf(json, "name")),
      version: isSaid(textOf(json, "software_packageVersion")),
      supplier: [...this.#resolve(json, "suppliedBy"), ...originators].some((one) => isSaid(textOf(one, "name"))),
      "creator-contact": originators.some((one) => isMaker(one) && hasContact(one)),
      identifier:
        isSaid(textOf(json, "software_packageUrl")) ||
        objectsOf(json, "externalIdentifier").some((one) =>
          IDENTIFIERS.test(textOf(one, "externalIdentifierType") ?? ""),
        ),
      relationship: this.#joined.has(id),
      dependencies: this.#needing.has(id),
      hash: hashes.length > 0,
      sha512: hashes.some(isSha512),
      licence: declared.length + concluded.length > 0,
      "distribution-licence": concluded.some(({ spdx }) => spdx),
      "original-licence": declared.some(({ spdx }) => spdx),
      // SPDX 3.0 has no word for it: a relationship `other` whose comment says it.
      "effective-licence": this.#effective.has(id),
      filename: files.some((one) => isSaid(textOf(one, "name"))),
      // Purposes of the distributed file: a purpose that does not stand there says no (TR-03183-2, SPDX mapping).
      executable: files.length > 0,
      archive: files.length > 0,
      structured: purposes.some((one) => one === "container" || one === "firmware"),
      "source-uri": ofType("sourceArtifact") || sources.some((one) => objectsOf(one, "externalRef").length > 0),
      "source-sha512": sources.flatMap(hashesOf).some(isSha512),
      "deployable-uri": isSaid(textOf(json, "software_downloadLocation")) || ofType("binaryArtifact"),
      "security-txt": ofType("securityOther"),
    });
  }

  #related(kind: string, from: string): readonly JsonObject[] {
    return this.#jsonOf(this.#relations.get(kind)?.get(from) ?? []);
  }

  #licences(kind: string, from: string): readonly { readonly spdx: boolean }[] {
    return (this.#relations.get(kind)?.get(from) ?? [])
      .filter((id) => !NOTHING.test(id))
      .flatMap((id) => this.#licenceOf(id) ?? []);
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function isMaker(agent: JsonObject): boolean {
  return MAKERS.has(textOf(agent, "type") ?? "") && isSaid(textOf(agent, "name"));
}

function hasContact(agent: JsonObject): boolean {
  return objectsOf(agent, "externalIdentifier").some((one) => isContact(textOf(one, "identifier")));
}

function hashesOf(element: JsonObject): readonly JsonObject[] {
  return objectsOf(element, "verifiedUsing").filter((one) => isSaid(textOf(one, "hashValue")));
}

function isSha512(hash: JsonObject): boolean {
  return textOf(hash, "algorithm") === "sha512";
}
