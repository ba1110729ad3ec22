import { sha256 } from "../../artifact/digest.ts";
import type { DigestSet } from "../../model/digest.ts";
import type { Author, Component, LicenceClaim, Sbom, Scope, Subject } from "../../model/sbom.ts";
import { type Json, type JsonObject, WAYBILL_URI } from "../../model/statement.ts";
import { ecosystemOf, FILENAME_PROPERTY, PROPERTY_DIGESTS } from "../cyclonedx-names.ts";
import type { DocumentMeta } from "../document.ts";
import { documentName, NO_TIME, packageIds } from "../spdx.ts";
import { uuidOfContent } from "../uuid.ts";

const CREATION = "_:creationInfo";
const COMPLETENESS = { complete: "complete", incomplete: "incomplete", unknown: "noAssertion" } as const;
const SCOPE_NAMES: Readonly<Partial<Record<Scope, string>>> = {
  runtime: "runtime",
  dev: "development",
  build: "build",
  test: "test",
};

type Property = readonly [name: string, value: string];

/**
 * An SPDX 3.0.1 document as JSON-LD: one `SpdxDocument`, one `software_Sbom` with its lifecycle, a `software_Package` for the
 * subject and each component, relationships by scope, licence expressions, hashes, package URLs. What the model has no place
 * for stands in the extension profile's CycloneDX properties under the names of docs/schemas.md, so that reading gives back
 * the whole inventory. Identifiers hold a UUID version 5 of the content: the same SBOM and meta give the same bytes.
 */
export function spdx3Document(sbom: Sbom, meta: DocumentMeta): JsonObject {
  const draft = new Writer(sbom, meta, "urn:waybill:draft").graph();
  const namespace = `${WAYBILL_URI}/spdx3/${uuidOfContent(JSON.stringify(draft))}`;
  return {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": new Writer(sbom, meta, namespace).graph(),
  };
}

class Writer {
  readonly #sbom: Sbom;
  readonly #meta: DocumentMeta;
  readonly #namespace: string;
  readonly #ids: ReadonlyMap<string, string>;
  readonly #elements = new Map<string, JsonObject>();

  constructor(sbom: Sbom, meta: DocumentMeta, namespace: string) {
    this.#sbom = sbom;
    this.#meta = meta;
    this.#namespace = namespace;
    this.#ids = packageIds(sbom);
  }

  graph(): readonly JsonObject[] {
    const { root, subject, licences, components } = this.#sbom;
    const named = new Set(this.#sbom.dependencies.filter(({ from }) => from === root).map(({ to }) => to));
    const properties = refProperty(root, subject.purl);
    this.#package(root, subject, licences, "application", properties);
    for (const component of components) {
      const own = componentProperties(component, named.has(component.ref));
      this.#package(component.ref, component, component.licences, component.own ? "application" : "library", own);
    }
    this.#edges();
    const { tool, timestamp, author } = this.#meta;
    const agent =
      author === undefined
        ? this.#add("agent", "SoftwareAgent", { name: `${tool.name}-${tool.version}` })
        : this.#author(author);
    const used = this.#add("tool", "Tool", { name: `${tool.name}-${tool.version}` });
    const dataLicense = this.#licence({ expression: "CC0-1.0", spdx: true });
    const inner = [...this.#elements.keys()].sort();
    const bill = this.#bill(inner);
    this.#add("document", "SpdxDocument", {
      name: documentName(this.#sbom),
      dataLicense,
      profileConformance: ["core", "software", "simpleLicensing", "extension"],
      rootElement: [bill],
      element: [...inner, bill].sort(),
    });
    const creation = {
      type: "CreationInfo",
      "@id": CREATION,
      specVersion: "3.0.1",
      created: (timestamp ?? NO_TIME).replace(/\.\d+Z$/, "Z"),
      createdBy: [agent],
      createdUsing: [used],
    };
    return [creation, ...[...this.#elements].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, element]) => element)];
  }

  #add(name: string, type: string, members: JsonObject): string {
    const spdxId = `${this.#namespace}#${name}`;
    this.#elements.set(spdxId, { type, spdxId, creationInfo: CREATION, ...members });
    return spdxId;
  }

  #idOf(ref: string): string {
    return `${this.#namespace}#${this.#ids.get(ref) ?? ref}`;
  }

  #bill(element: readonly string[]): string {
    const { root, lifecycle, completeness, unknowns } = this.#sbom;
    const properties: Property[] = [
      ["waybill:method", completeness.method],
      ["waybill:components", completeness.components],
      ["waybill:dependencies", completeness.dependencies],
      ...unknowns.map(({ where, what }): Property => ["waybill:unknown", JSON.stringify([where, what])]),
    ];
    return this.#add("sbom", "software_Sbom", {
      software_sbomType: [lifecycle],
      rootElement: [this.#idOf(root)],
      element,
      ...extension(properties),
    });
  }

  #package(
    ref: string,
    what: Subject,
    licences: readonly LicenceClaim[],
    purpose: string,
    properties: readonly Property[],
  ): void {
    const { name, version, purl, digests, author, filename } = what;
    const file: Property[] = filename === undefined ? [] : [[FILENAME_PROPERTY, filename]];
    const all = [...properties, ...file, ...digestProperties(digests), ...licences.map(licenceProperty)];
    const id = this.#add(this.#ids.get(ref) ?? ref, "software_Package", {
      name,
      ...(version !== undefined && { software_packageVersion: version }),
      ...(purl !== undefined && {
        software_packageUrl: purl,
        externalIdentifier: [{ type: "ExternalIdentifier", externalIdentifierType: "packageUrl", identifier: purl }],
      }),
      ...(author !== undefined && { originatedBy: [this.#author(author)] }),
      ...hashes(digests),
      software_primaryPurpose: purpose,
      ...(all.length > 0 && extension(all)),
    });
    const licenceIds = [...new Set(licences.map((claim) => this.#licence(claim)))].sort();
    if (licenceIds.length === 0) return;
    this.#add(`${id.slice(this.#namespace.length + 1)}-licence`, "Relationship", {
      relationshipType: "hasDeclaredLicense",
      from: id,
      to: licenceIds,
    });
  }

  /** An `Agent`: a manifest does not tell whether it is a person. */
  #author({ name, email }: Author): string {
    const identifier = { type: "ExternalIdentifier", externalIdentifierType: "email", identifier: email ?? "" };
    return this.#add(`author-${sha256(JSON.stringify([name, email])).slice(0, 16)}`, "Agent", {
      name,
      ...(email !== undefined && { externalIdentifier: [identifier] }),
    });
  }

  /** A text that is no expression becomes a licence text, and an expression that refers to it. */
  #licence({ expression, spdx }: Omit<LicenceClaim, "technique">): string {
    const digest = sha256(expression).slice(0, 16);
    if (spdx) {
      return this.#add(`licence-${digest}`, "simplelicensing_LicenseExpression", {
        simplelicensing_licenseExpression: expression,
      });
    }
    const text = this.#add(`licence-text-${digest}`, "simplelicensing_SimpleLicensingText", {
      simplelicensing_licenseText: expression,
    });
    const reference = `LicenseRef-${digest}`;
    return this.#add(`licence-${reference}`, "simplelicensing_LicenseExpression", {
      simplelicensing_licenseExpression: reference,
      simplelicensing_customIdToUri: [{ type: "DictionaryEntry", key: reference, value: text }],
    });
  }

  /** One relationship for all edges of one component in one scope. */
  #edges(): void {
    const { dependencies, completeness } = this.#sbom;
    const groups = Map.groupBy(dependencies, ({ from, scope }) => `${scope} ${from}`);
    for (const edges of groups.values()) {
      const [first] = edges;
      if (first === undefined) continue;
      const { from, scope } = first;
      const relationshipType =
        scope === "optional" ? "hasOptionalDependency" : scope === "peer" ? "hasProvidedDependency" : "dependsOn";
      const name = SCOPE_NAMES[scope];
      this.#add(`${this.#ids.get(from) ?? from}-${scope}`, "LifecycleScopedRelationship", {
        relationshipType,
        ...(name !== undefined && { scope: name }),
        completeness: COMPLETENESS[completeness.dependencies],
        from: this.#idOf(from),
        to: edges.map(({ to }) => this.#idOf(to)).sort(),
      });
    }
  }
}

function refProperty(ref: string, purl: string | undefined): Property[] {
  return ref === purl ? [] : [["waybill:ref", ref]];
}

function componentProperties(component: Component, namedByRoot: boolean): Property[] {
  const { ref, purl, scope, direct, ecosystem, own, occurrences } = component;
  const properties = refProperty(ref, purl);
  if (scope !== "runtime") properties.push(["waybill:scope", scope]);
  if (direct !== namedByRoot) properties.push(["waybill:direct", String(direct)]);
  if (own) properties.push(["waybill:own", "true"]);
  if (ecosystem !== ecosystemOf(purl)) properties.push(["waybill:ecosystem", ecosystem]);
  for (const { path, line, position, technique } of occurrences) {
    const value = { path, ...(line !== undefined && { line }), ...(position !== undefined && { position }), technique };
    properties.push(["waybill:occurrence", JSON.stringify(value)]);
  }
  return properties;
}

function licenceProperty({ expression, spdx, technique, written }: LicenceClaim): Property {
  return ["waybill:licence", JSON.stringify({ expression, spdx, technique, written })];
}

function digestProperties(digests: DigestSet): Property[] {
  return PROPERTY_DIGESTS.flatMap((algorithm): Property[] => {
    const hex = digests[algorithm];
    return hex === undefined ? [] : [[`waybill:digest:${algorithm}`, hex]];
  });
}

function hashes(digests: DigestSet): JsonObject {
  const list = (["md5", "sha1", "sha256", "sha384", "sha512"] as const).flatMap((algorithm): Json[] => {
    const hashValue = digests[algorithm];
    return hashValue === undefined ? [] : [{ type: "Hash", algorithm, hashValue }];
  });
  return list.length > 0 ? { verifiedUsing: list } : {};
}

function extension(properties: readonly Property[]): JsonObject {
  const entries = properties.map(([name, value]) => ({
    type: "extension_CdxPropertyEntry",
    extension_cdxPropName: name,
    extension_cdxPropValue: value,
  }));
  return { extension: [{ type: "extension_CdxPropertiesExtension", extension_cdxProperty: entries }] };
}
