import type { DigestSet } from "../model/digest.ts";
import type { Author, Component, Dependency, LicenceClaim, Occurrence, Sbom, Scope, Technique } from "../model/sbom.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import {
  ecosystemOf,
  FILENAME_PROPERTY,
  HASH_NAMES,
  LIFECYCLE_PHASES,
  PROPERTY_DIGESTS,
  splitName,
  TECHNIQUES,
} from "./cyclonedx-names.ts";
import type { DocumentMeta } from "./document.ts";
import { uuidOfContent } from "./uuid.ts";

type Property = { readonly name: string; readonly value: string };

/** Edges of one component: target → scope, `runtime` where several scopes lead there. */
type Edges = ReadonlyMap<string, Scope>;
const NO_EDGES: Edges = new Map();

const SCOPES: Readonly<Record<Scope, string>> = {
  runtime: "required",
  peer: "required",
  optional: "optional",
  dev: "excluded",
  build: "excluded",
  test: "excluded",
};

/**
 * A CycloneDX 1.6 document (bom-1.6.schema.json, ECMA-424) as JSON. The serial number is a UUID version 5 of the content, so
 * the same SBOM and meta give the same bytes. What the form has no place for is a property `waybill:…` (docs/schemas.md).
 * `vulnerabilities`: what is known about the components, by their references.
 */
export function cyclonedxDocument(sbom: Sbom, meta: DocumentMeta, vulnerabilities?: readonly JsonObject[]): JsonObject {
  const edges = edgesByComponent(sbom.dependencies);
  const content = {
    metadata: metadata(sbom, meta, edges.get(sbom.root) ?? NO_EDGES),
    components: sbom.components.map((component) => componentJson(component, sbom, edges)),
    dependencies: dependencies(sbom, edges),
    compositions: compositions(sbom),
    ...(vulnerabilities !== undefined && { vulnerabilities }),
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOfContent(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
}

function edgesByComponent(all: readonly Dependency[]): Map<string, Map<string, Scope>> {
  const byComponent = new Map<string, Map<string, Scope>>();
  for (const { from, to, scope } of all) {
    let edges = byComponent.get(from);
    if (edges === undefined) byComponent.set(from, (edges = new Map()));
    if (edges.get(to) !== "runtime") edges.set(to, scope);
  }
  return byComponent;
}

function metadata(sbom: Sbom, meta: DocumentMeta, edges: Edges): JsonObject {
  const { subject } = sbom;
  const hashes = hashList(subject.digests);
  const licences = licenceList(sbom.licences);
  const properties = [
    ...filenameProperty(subject.filename),
    ...digestProperties(subject.digests),
    ...licenceProperties(sbom.licences),
    ...edgeProperties(edges),
  ];
  return {
    ...(meta.timestamp !== null && { timestamp: meta.timestamp }),
    lifecycles: [{ phase: LIFECYCLE_PHASES[sbom.lifecycle] }],
    ...(meta.author !== undefined && { authors: [authorJson(meta.author)] }),
    tools: { components: [{ type: "application", name: meta.tool.name, version: meta.tool.version }] },
    component: {
      type: "application",
      "bom-ref": sbom.root,
      ...(subject.author !== undefined && { authors: [authorJson(subject.author)] }),
      ...splitName(ecosystemOf(subject.purl), subject.name),
      ...(subject.version !== undefined && { version: subject.version }),
      ...(hashes.length > 0 && { hashes }),
      ...(licences.length > 0 && { licenses: licences }),
      ...(subject.purl !== undefined && { purl: subject.purl }),
      ...(properties.length > 0 && { properties }),
    },
    properties: [
      { name: "waybill:method", value: sbom.completeness.method },
      ...sbom.unknowns.map(({ where, what }) => ({ name: "waybill:unknown", value: `${where}: ${what}` })),
    ],
  };
}

/** Assigned field by field: spreading conditional parts took half of the time of a document of 1,800 components. */
function componentJson(component: Component, sbom: Sbom, edges: ReadonlyMap<string, Edges>): JsonObject {
  const { ref, purl } = component;
  const { group, name } = splitName(component.ecosystem, component.name);
  const namedByRoot = edges.get(sbom.root)?.has(ref) ?? false;
  const properties = componentProperties(component, namedByRoot, edges.get(ref) ?? NO_EDGES);
  const json: Record<string, Json> = {
    type: component.kind ?? (component.own ? "application" : "library"),
    "bom-ref": ref,
  };
  if (component.author !== undefined) json["authors"] = [authorJson(component.author)];
  if (group !== undefined) json["group"] = group;
  json["name"] = name;
  if (component.version !== undefined) json["version"] = component.version;
  json["scope"] = SCOPES[component.scope];
  const hashes = hashList(component.digests);
  if (hashes.length > 0) json["hashes"] = hashes;
  const licences = licenceList(component.licences);
  if (licences.length > 0) json["licenses"] = licences;
  if (purl !== undefined) json["purl"] = purl;
  if (component.occurrences.length > 0) json["evidence"] = evidence(component.occurrences, purl);
  if (properties.length > 0) json["properties"] = properties;
  return json;
}

/** The layers of an image that brought a component's files; mostly there are none, or one. */
function layersOf({ occurrences }: Component): readonly string[] {
  const layers = occurrences.flatMap(({ layer }) => (layer === undefined ? [] : [layer]));
  return layers.length < 2 ? layers : [...new Set(layers)].sort();
}

/** Only what the other fields do not imply: most components need none. */
function componentProperties(component: Component, namedByRoot: boolean, edges: Edges): Property[] {
  const { scope, ecosystem } = component;
  const properties: Property[] = [];
  if (scope === "dev" && ecosystem === "npm") properties.push({ name: "cdx:npm:package:development", value: "true" });
  if (scope === "peer" || scope === "build" || scope === "test")
    properties.push({ name: "waybill:scope", value: scope });
  if (component.direct !== namedByRoot) properties.push({ name: "waybill:direct", value: String(component.direct) });
  if (component.own) properties.push({ name: "waybill:own", value: "true" });
  if (ecosystem !== ecosystemOf(component.purl)) properties.push({ name: "waybill:ecosystem", value: ecosystem });
  if (component.ownedBy !== undefined) properties.push({ name: "waybill:owned-by", value: component.ownedBy });
  for (const { kind, text } of component.notes ?? []) properties.push({ name: `waybill:${kind}`, value: text });
  properties.push(...filenameProperty(component.filename));
  for (const layer of layersOf(component)) properties.push({ name: "waybill:layer", value: layer });
  for (const property of digestProperties(component.digests)) properties.push(property);
  for (const property of licenceProperties(component.licences)) properties.push(property);
  // Not `push(...)`: a hostile document may give one component more edges than a call takes arguments.
  if (edges.size > 0) for (const property of edgeProperties(edges)) properties.push(property);
  return properties;
}

function authorJson({ name, email }: Author): JsonObject {
  return { name, ...(email !== undefined && { email }) };
}

/** By the name of the BSI's taxonomy: CycloneDX 1.6 has no member for it. */
function filenameProperty(filename: string | undefined): Property[] {
  return filename === undefined ? [] : [{ name: FILENAME_PROPERTY, value: filename }];
}

/** CycloneDX has no scope on an edge. */
function edgeProperties(edges: Edges): Property[] {
  const properties: Property[] = [];
  for (const [to, scope] of edges) {
    if (scope !== "runtime") properties.push({ name: `waybill:edge:${scope}`, value: to });
  }
  return properties;
}

function hashList(digests: DigestSet): JsonObject[] {
  const hashes: JsonObject[] = [];
  for (const [algorithm, alg] of HASH_NAMES) {
    const content = digests[algorithm];
    if (content !== undefined) hashes.push({ alg, content });
  }
  return hashes;
}

function digestProperties(digests: DigestSet): Property[] {
  const properties: Property[] = [];
  for (const algorithm of PROPERTY_DIGESTS) {
    const value = digests[algorithm];
    if (value !== undefined) properties.push({ name: `waybill:digest:${algorithm}`, value });
  }
  return properties;
}

/** The form takes one expression, or licences by name; several claims are names, with what is known of them as properties. */
function licenceList(claims: readonly LicenceClaim[]): JsonObject[] {
  const [only] = claims;
  if (only !== undefined && claims.length === 1 && only.spdx) {
    return [{ expression: only.expression, acknowledgement: "declared" }];
  }
  return claims.map((claim) => ({
    license: {
      name: claim.expression,
      acknowledgement: "declared",
      properties: [
        { name: "waybill:spdx", value: String(claim.spdx) },
        { name: "waybill:technique", value: claim.technique },
        ...(claim.written === undefined ? [] : [{ name: "waybill:written", value: claim.written }]),
      ],
    },
  }));
}

function licenceProperties(claims: readonly LicenceClaim[]): Property[] {
  const [only] = claims;
  if (only === undefined || claims.length > 1 || !only.spdx) return [];
  return [
    { name: "waybill:licence-technique", value: only.technique },
    ...(only.written === undefined ? [] : [{ name: "waybill:licence-written", value: only.written }]),
  ];
}

function evidence(occurrences: readonly Occurrence[], purl: string | undefined): JsonObject {
  const techniques = new Set<Technique>();
  const places = occurrences.map(({ path, line, position, technique }) => {
    techniques.add(technique);
    const place: Record<string, Json> = { location: path };
    if (line !== undefined) place["line"] = line;
    place["additionalContext"] = position === undefined ? technique : `${technique} ${position}`;
    return place;
  });
  return { identity: identityBy([...techniques].sort(), purl === undefined ? "name" : "purl"), occurrences: places };
}

/** A document says the same few things of thousands of components. */
const IDENTITIES = new Map<string, readonly JsonObject[]>();

function identityBy(techniques: readonly Technique[], field: "name" | "purl"): readonly JsonObject[] {
  const key = `${field} ${techniques.join(" ")}`;
  let identity = IDENTITIES.get(key);
  if (identity === undefined) {
    const methods = techniques.map((technique) => ({ ...TECHNIQUES[technique], value: technique }));
    identity = [{ field, confidence: Math.max(...methods.map(({ confidence }) => confidence)), methods }];
    IDENTITIES.set(key, identity);
  }
  return identity;
}

/** An empty list says "needs nothing"; it is said only where the edges are known to be all. */
function dependencies(sbom: Sbom, edges: ReadonlyMap<string, Edges>): JsonObject[] {
  const complete = sbom.completeness.dependencies === "complete";
  const refs = [sbom.root, ...sbom.components.map((component) => component.ref)].sort();
  return refs.flatMap((ref) => {
    const targets = edges.get(ref);
    if (targets === undefined && !complete) return [];
    return [{ ref, dependsOn: [...(targets?.keys() ?? [])].sort() }];
  });
}

function compositions(sbom: Sbom): JsonObject[] {
  const { components, dependencies: edges } = sbom.completeness;
  const refs = [sbom.root];
  if (components === edges) return [{ aggregate: components, assemblies: refs, dependencies: refs }];
  return [
    { aggregate: components, assemblies: refs },
    { aggregate: edges, dependencies: refs },
  ];
}
