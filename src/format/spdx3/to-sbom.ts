import { cleanText } from "../../artifact/clean-text.ts";
import type { DigestAlgorithm, DigestHex, DigestSet } from "../../model/digest.ts";
import type {
  Author,
  Completeness,
  LicenceClaim,
  Lifecycle,
  Occurrence,
  Scope,
  Technique,
  Unknown,
} from "../../model/sbom.ts";
import type { JsonObject } from "../../model/statement.ts";
import { assemble, type Part, type PartEdge, readPurl, type ReadSbom } from "../assemble.ts";
import { FILENAME_PROPERTY, PROPERTY_DIGESTS, TECHNIQUES } from "../cyclonedx-names.ts";
import { isDigest } from "../digest-set.ts";
import { licenceReader } from "./licence.ts";
import { objectsOf, textOf, textsOf } from "../members.ts";
import { idsOf, KNOWN_CLASSES, PACKAGE_CLASSES, type Spdx3Document, type Spdx3Element } from "./model.ts";

const LIFECYCLES: readonly (readonly [string, Lifecycle])[] = [
  ["build", "build"],
  ["analyzed", "analyzed"],
  ["deployed", "analyzed"],
  ["runtime", "analyzed"],
  ["source", "source"],
  ["design", "source"],
];
export const EDGES: Readonly<Record<string, Scope>> = {
  dependsOn: "runtime",
  contains: "runtime",
  hasPrerequisite: "runtime",
  hasDynamicLink: "runtime",
  hasStaticLink: "runtime",
  hasOptionalDependency: "optional",
  hasOptionalComponent: "optional",
  hasProvidedDependency: "peer",
};
const LIFECYCLE_SCOPES: Readonly<Record<string, Scope>> = { development: "dev", build: "build", test: "test" };
const SCOPES: readonly Scope[] = ["runtime", "optional", "peer", "dev", "build", "test"];
const METHODS = ["locked", "observed", "declared", "missing"] as const;
const COMPLETENESS: readonly Completeness[] = ["complete", "incomplete", "unknown"];

/**
 * The SBOM that an SPDX 3.0 document holds: packages (also of the profiles AI and dataset), relationships between them as
 * edges with their lifecycle scope, declared licences, the root of the bill of materials. What `spdx3Document` wrote comes back whole.
 */
export function sbomOfSpdx3(document: Spdx3Document, where: string): ReadSbom {
  const byId = new Map(document.elements.map((element) => [element.id, element]));
  const lost = new Map<string, number>();
  const lose = (what: string): unknown => lost.set(what, (lost.get(what) ?? 0) + 1);
  const unknowns: Unknown[] = [];
  const bill = document.elements.find(({ type }) => type === "software_Sbom");
  const properties = propertiesOf(bill?.json ?? {});
  const value = (name: string): string | undefined => properties.find(([key]) => key === name)?.[1];
  const method = METHODS.find((one) => one === value("waybill:method"));
  const lifecycle = lifecycleOf(bill);
  if (lifecycle === undefined) unknowns.push({ where, what: "the document does not say its lifecycle" });
  for (const [name, text] of properties) if (name === "waybill:unknown") unknowns.push(...readUnknown(text));
  const licences = declaredLicences(document, byId, lose);
  const packages = document.elements.filter(({ type }) => PACKAGE_CLASSES.has(type));
  const head = document.elements.find(({ type }) => type === "SpdxDocument");
  for (const { type } of document.elements) {
    if (!KNOWN_CLASSES.has(type)) lose(`element ${cleanText(type, 80)}`);
    else if (/^(?:software_(?:File|Snippet)|Annotation)$/.test(type)) lose(`element ${type}`);
  }
  const completeness = (name: string): Completeness => COMPLETENESS.find((one) => one === value(name)) ?? "unknown";
  const sbom = assemble({
    where,
    parts: packages.map((one) =>
      partOf(one, licences.get(one.id) ?? [], authorOf(one.json, byId), method !== undefined, unknowns, lose),
    ),
    edges: edges(document, byId, lose),
    described: described(document, byId),
    document: { id: head?.id ?? where, name: textOf(head?.json ?? {}, "name") ?? "unnamed" },
    rest: {
      lifecycle: lifecycle ?? "source",
      completeness: {
        components: completeness("waybill:components"),
        dependencies: completeness("waybill:dependencies"),
        method: method ?? (lifecycle === undefined || lifecycle === "source" ? "declared" : "observed"),
      },
      unknowns,
    },
  });
  return { sbom, lost: [...lost].map(([what, count]) => `${what}: ${count}`).sort() };
}

function lifecycleOf(bill: Spdx3Element | undefined): Lifecycle | undefined {
  const types = textsOf(bill?.json ?? {}, "software_sbomType");
  return LIFECYCLES.find(([type]) => types.includes(type))?.[1];
}

function readUnknown(text: string): Unknown[] {
  const value = readJson(text);
  if (!Array.isArray(value)) return [];
  const [where, what] = value as unknown[];
  return typeof where === "string" && typeof what === "string" ? [{ where, what }] : [];
}

/** The bill's own root where there is a bill; else what the document has as root or describes. */
function described({ elements }: Spdx3Document, byId: ReadonlyMap<string, Spdx3Element>): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const queue = elements.filter(({ type }) => type === "SpdxDocument").map(({ id }) => id);
  const from = Map.groupBy(
    elements.filter(({ json }) => textOf(json, "relationshipType") === "describes"),
    ({ json }) => idsOf(json, "from")[0],
  );
  if (queue.length === 0) queue.push(...elements.filter(({ type }) => type === "software_Sbom").map(({ id }) => id));
  for (const id of queue) {
    if (seen.has(id)) continue;
    seen.add(id);
    const element = byId.get(id);
    if (element === undefined) continue;
    if (PACKAGE_CLASSES.has(element.type)) found.push(id);
    else
      queue.push(
        ...idsOf(element.json, "rootElement"),
        ...(from.get(id) ?? []).flatMap(({ json }) => idsOf(json, "to")),
      );
  }
  return found;
}

function edges(
  { elements }: Spdx3Document,
  byId: ReadonlyMap<string, Spdx3Element>,
  lose: (what: string) => unknown,
): PartEdge[] {
  const isPackage = (id: string): boolean => PACKAGE_CLASSES.has(byId.get(id)?.type ?? "");
  return elements.flatMap(({ type, json }) => {
    if (type !== "Relationship" && type !== "LifecycleScopedRelationship") return [];
    const kind = textOf(json, "relationshipType") ?? "";
    if (kind === "describes" || kind === "hasDeclaredLicense" || kind === "hasConcludedLicense") return [];
    const byType = Object.hasOwn(EDGES, kind) ? EDGES[kind] : undefined;
    const [from] = idsOf(json, "from");
    if (byType === undefined || from === undefined || !isPackage(from)) {
      lose(`relationship ${cleanText(kind, 60)}`);
      return [];
    }
    const written = textOf(json, "scope") ?? "";
    const scope = byType === "runtime" && Object.hasOwn(LIFECYCLE_SCOPES, written) ? LIFECYCLE_SCOPES[written] : byType;
    return idsOf(json, "to").flatMap((to) => {
      // Files are no components, and "none" and "no assertion" no elements; what is nowhere is told.
      const outside = byId.has(to) ? !isPackage(to) : to.startsWith("https://spdx.org/rdf/");
      if (outside) lose(`relationship ${kind}`);
      return outside ? [] : [{ from, to, scope: scope ?? byType }];
    });
  });
}

function declaredLicences(
  { elements }: Spdx3Document,
  byId: ReadonlyMap<string, Spdx3Element>,
  lose: (what: string) => unknown,
): ReadonlyMap<string, readonly LicenceClaim[]> {
  const found = new Map<string, LicenceClaim[]>();
  const concluded = new Map<string, LicenceClaim[]>();
  const licenceOf = licenceReader(byId);
  for (const { json } of elements) {
    const kind = textOf(json, "relationshipType");
    if (kind !== "hasDeclaredLicense" && kind !== "hasConcludedLicense") continue;
    const [from = ""] = idsOf(json, "from");
    const into = kind === "hasDeclaredLicense" ? found : concluded;
    const claims = into.get(from) ?? [];
    into.set(from, claims);
    for (const to of idsOf(json, "to")) {
      const licence = licenceOf(to);
      if (licence !== undefined) claims.push({ ...licence, technique: "manifest" });
    }
  }
  for (const [id, claims] of concluded) {
    if (!PACKAGE_CLASSES.has(byId.get(id)?.type ?? "")) continue;
    if ((found.get(id) ?? []).length === 0) found.set(id, claims);
    else if (JSON.stringify(found.get(id)) !== JSON.stringify(claims)) lose("package concluded licence");
  }
  return found;
}

function partOf(
  { id, type, json }: Spdx3Element,
  licences: readonly LicenceClaim[],
  author: Author | undefined,
  ours: boolean,
  unknowns: Unknown[],
  lose: (what: string) => unknown,
): Part {
  const properties = propertiesOf(json);
  const value = (name: string): string | undefined => properties.find(([key]) => key === name)?.[1];
  const written = textOf(json, "software_packageUrl") ?? identifier(json);
  const purl = written === undefined ? undefined : readPurl(written);
  if (written !== undefined && purl === undefined)
    unknowns.push({ where: id, what: `${cleanText(written, 200)} is no package URL` });
  for (const name of [
    "suppliedBy",
    ...(author === undefined ? ["originatedBy"] : []),
    "software_copyrightText",
    "software_homePage",
    "summary",
    "description",
  ]) {
    if (json[name] !== undefined) lose(`package ${name}`);
  }
  for (const one of objectsOf(json, "externalIdentifier")) {
    const kind = textOf(one, "externalIdentifierType") ?? "other";
    if (kind !== "packageUrl") lose(`package externalIdentifier ${cleanText(kind, 60)}`);
  }
  for (const name of Object.keys(json)) if (/^(?:ai|dataset)_/.test(name)) lose(`package ${cleanText(name, 80)}`);
  const version = textOf(json, "software_packageVersion");
  const ref = value("waybill:ref");
  const filename = value(FILENAME_PROPERTY);
  const ecosystem = value("waybill:ecosystem");
  const direct = value("waybill:direct");
  const scope = SCOPES.find((one) => one === value("waybill:scope"));
  const claims = properties.flatMap(([name, text]) => (name === "waybill:licence" ? readClaim(text) : []));
  return {
    id,
    name: textOf(json, "name") ?? (type === "software_Package" ? id.replace(/^.*[/#]/s, "") : id),
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    digests: digestsOf(json, value, lose),
    licences: claims.length > 0 ? claims : licences,
    occurrences: properties.flatMap(([name, text]) => (name === "waybill:occurrence" ? readOccurrence(text) : [])),
    ...(ref !== undefined && { ref }),
    ...(ecosystem !== undefined && { ecosystem }),
    ...(direct !== undefined && { direct: direct === "true" }),
    ...((ours || scope !== undefined) && { scope: scope ?? "runtime" }),
    own: value("waybill:own") === "true",
    ...(author !== undefined && { author }),
    ...(filename !== undefined && { filename }),
  };
}

/** The first originator of a name. */
function authorOf(json: JsonObject, byId: ReadonlyMap<string, Spdx3Element>): Author | undefined {
  const agents = [
    ...textsOf(json, "originatedBy").map((id) => byId.get(id)?.json ?? {}),
    ...objectsOf(json, "originatedBy"),
  ];
  const agent = agents.find((one) => (textOf(one, "name") ?? "") !== "");
  if (agent === undefined) return undefined;
  const email = objectsOf(agent, "externalIdentifier").find((one) => textOf(one, "externalIdentifierType") === "email");
  const address = email && textOf(email, "identifier");
  return { name: textOf(agent, "name") ?? "", ...(address !== undefined && { email: address }) };
}

function identifier(json: JsonObject): string | undefined {
  const one = objectsOf(json, "externalIdentifier").find(
    (each) => textOf(each, "externalIdentifierType") === "packageUrl",
  );
  return one && textOf(one, "identifier");
}

function digestsOf(
  json: JsonObject,
  value: (name: string) => string | undefined,
  lose: (what: string) => unknown,
): DigestSet {
  const digests: Partial<Record<DigestAlgorithm, DigestHex>> = {};
  for (const hash of objectsOf(json, "verifiedUsing")) {
    const algorithm = (["md5", "sha1", "sha256", "sha384", "sha512"] as const).find(
      (one) => one === textOf(hash, "algorithm"),
    );
    const hex = (textOf(hash, "hashValue") ?? "").toLowerCase();
    if (algorithm !== undefined && isDigest(algorithm, hex)) digests[algorithm] = hex;
    else lose(`package verifiedUsing ${cleanText(textOf(hash, "algorithm") ?? textOf(hash, "type") ?? "", 40)}`);
  }
  for (const algorithm of PROPERTY_DIGESTS) {
    const hex = value(`waybill:digest:${algorithm}`);
    if (hex !== undefined && isDigest(algorithm, hex)) digests[algorithm] = hex;
  }
  return digests;
}

/** Names and values of the extension profile's CycloneDX properties. */
function propertiesOf(json: JsonObject): readonly (readonly [string, string])[] {
  return objectsOf(json, "extension").flatMap((extension) =>
    objectsOf(extension, "extension_cdxProperty").map(
      (entry) => [textOf(entry, "extension_cdxPropName") ?? "", textOf(entry, "extension_cdxPropValue") ?? ""] as const,
    ),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asTechnique(value: unknown): Technique {
  return (Object.keys(TECHNIQUES) as Technique[]).find((one) => one === value) ?? "manifest";
}

function readClaim(text: string): LicenceClaim[] {
  const value = readJson(text) as {
    readonly expression?: unknown;
    readonly spdx?: unknown;
    readonly technique?: unknown;
    readonly written?: unknown;
  } | null;
  const written = value?.written;
  const expression = value?.expression;
  if (typeof expression !== "string") return [];
  return [
    {
      expression,
      spdx: value?.spdx === true,
      technique: asTechnique(value?.technique),
      ...(typeof written === "string" && { written }),
    },
  ];
}

function readOccurrence(text: string): Occurrence[] {
  const value = readJson(text) as { readonly [Name in keyof Occurrence]?: unknown } | null;
  if (typeof value?.path !== "string") return [];
  const { path, line, position } = value;
  return [
    {
      path,
      ...(typeof line === "number" && { line }),
      ...(typeof position === "string" && { position }),
      technique: asTechnique(value.technique),
    },
  ];
}
