import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import type { Purl } from "../model/digest.ts";
import type {
  Completeness,
  Component,
  ComponentRef,
  Dependency,
  Lifecycle,
  Sbom,
  Scope,
  Unknown,
} from "../model/sbom.ts";
import type { Json } from "../model/statement.ts";
import {
  readComponent,
  readDigests,
  readLicences,
  readMaker,
  type Read,
  readProperties,
} from "./cyclonedx-component.ts";
import { ecosystemOf, joinName, LIFECYCLE_PHASES } from "./cyclonedx-names.ts";
import { parseCycloneDxDocument } from "./cyclonedx/document.ts";
import { asString, Fields, type Place, rootPlace } from "./shape.ts";

const METHODS = ["locked", "observed", "declared", "missing"] as const;
const EDGE = "waybill:edge:";
const EDGE_SCOPES: readonly Scope[] = ["optional", "peer", "dev", "build", "test"];
/** Components lie in components at most this deep. */
const MAX_NESTING = 50;
/** Parts of the document that it calls incomplete; more are counted. */
const MAX_TOLD = 20;

/** Phases in which what runs is looked at, not what is made. */
const LATE_PHASES = ["operations", "discovery", "decommission"];

/** What is gathered while a document is read. */
interface Reading {
  readonly reads: Read[];
  readonly unknowns: Unknown[];
  readonly refs: Set<string>;
  /** The last number given to a reference that is taken. */
  readonly numbers: Map<string, number>;
  /** `from\nto` → scope, of edges that are not `runtime`. */
  readonly edgeScopes: Map<string, Scope>;
  /** What lies inside what: an assembly needs its parts. */
  readonly parts: { readonly from: ComponentRef; readonly to: ComponentRef }[];
}

/**
 * Reads CycloneDX 1.2 to 1.7, JSON or XML, as far as an `Sbom` holds it: subject, components (nested ones flattened, with an
 * edge from what holds them), edges, hashes, licences, evidence, completeness, lifecycle; what `cyclonedxDocument` wrote comes
 * back whole. A document without a subject or lifecycle, with edges to nowhere or parts that it calls incomplete says so in
 * `unknowns`; without a lifecycle it counts as `source`, the weakest. What lies inside the subject is the project's own.
 *
 * Faults: WB-CYCLONEDX-FORM with the JSON pointer, those of `parseCycloneDxDocument`.
 */
export function parseCycloneDx(bytes: Uint8Array, where: string): Sbom {
  const root = new Fields(parseCycloneDxDocument(bytes, where).document, rootPlace(where, "WB-CYCLONEDX-FORM"));
  const metadata = root.optionalObject("metadata");
  const reading: Reading = {
    reads: [],
    unknowns: [],
    refs: new Set(),
    numbers: new Map(),
    edgeScopes: new Map(),
    parts: [],
  };
  const properties = metadata === undefined ? [] : readProperties(metadata);
  for (const { name, value } of properties) if (name === "waybill:unknown") reading.unknowns.push(readUnknown(value));
  const subject = readSubject(root, metadata?.optionalObject("component"), reading);
  const lifecycle = readLifecycle(metadata, where, reading);
  gather(root, reading, undefined, 0);
  const dependencies = readDependencies(root, reading);
  const method = properties.find(({ name }) => name === "waybill:method")?.value;
  return {
    lifecycle,
    ...subject,
    components: components(reading, subject.root, dependencies),
    dependencies,
    completeness: {
      ...readCompleteness(root, subject.root, reading),
      method: METHODS.find((one) => one === method) ?? (lifecycle === "source" ? "declared" : "observed"),
    },
    unknowns: reading.unknowns,
  };
}

function readUnknown(value: string): Unknown {
  const at = value.indexOf(": ");
  return at === -1 ? { where: "", what: value } : { where: value.slice(0, at), what: value.slice(at + 2) };
}

function readSubject(
  root: Fields,
  component: Fields | undefined,
  reading: Reading,
): Pick<Sbom, "subject" | "root" | "licences"> {
  if (component === undefined) {
    reading.unknowns.push({
      where: root.place.where,
      what: "the document does not say what it is about (metadata.component)",
    });
    const name = root.optionalString("serialNumber") ?? "unnamed";
    reading.refs.add(name);
    return { subject: { name, digests: {} }, root: name, licences: [] };
  }
  const purl: Purl | undefined = component.optionalString("purl");
  const version = component.optionalString("version");
  const name = joinName(ecosystemOf(purl), component.optionalString("group"), component.string("name"));
  const ref = component.optionalString("bom-ref") || purl || name;
  reading.refs.add(ref);
  const properties = readProperties(component);
  noteEdges(ref, properties, reading);
  gather(component, reading, ref, 0);
  return {
    subject: {
      name,
      ...(version !== undefined && { version }),
      ...(purl !== undefined && { purl }),
      digests: readDigests(component, properties),
      ...readMaker(component, properties),
    },
    root: ref,
    licences: readLicences(component, properties),
  };
}

function readLifecycle(metadata: Fields | undefined, where: string, reading: Reading): Lifecycle {
  const phases = metadata?.optionalList("lifecycles", (value, place) => new Fields(value, place).get("phase")) ?? [];
  const found = (Object.keys(LIFECYCLE_PHASES) as Lifecycle[]).find((one) => phases.includes(LIFECYCLE_PHASES[one]));
  if (found !== undefined) return found;
  if (phases.some((phase) => LATE_PHASES.some((late) => late === phase))) return "analyzed";
  if (phases.includes("design")) return "source";
  reading.unknowns.push({ where, what: "the document does not say its lifecycle" });
  return "source";
}

/** The components of a holder: of the document, of its subject (`parent` is then the root), or of another component. */
function gather(holder: Fields, reading: Reading, parent: ComponentRef | undefined, depth: number): void {
  if (depth > MAX_NESTING) throw holder.fault("components", `components nested at most ${MAX_NESTING} deep`);
  const ofSubject = parent !== undefined && depth === 0;
  holder.optionalList("components", (value, place) => {
    const read = readComponent(value, place, (ref) => freeRef(ref, reading));
    const { ref } = read.component;
    reading.reads.push(ofSubject ? { ...read, component: { ...read.component, own: true } } : read);
    if (parent !== undefined) reading.parts.push({ from: parent, to: ref });
    noteEdges(ref, read.properties, reading);
    gather(read.fields, reading, ref, depth + 1);
  });
}

/** Two components with one reference, or a component without: `#2`, `#3` … as in `ComponentRef`. */
function freeRef(
  wanted: { readonly ref: string; readonly given: boolean; readonly place: Place },
  reading: Reading,
): ComponentRef {
  let ref = wanted.ref;
  let number = reading.numbers.get(wanted.ref) ?? 1;
  while (reading.refs.has(ref)) ref = `${wanted.ref}#${(number += 1)}`;
  reading.numbers.set(wanted.ref, number);
  reading.refs.add(ref);
  if (wanted.given && ref !== wanted.ref) {
    reading.unknowns.push({ where: wanted.place.path, what: `the bom-ref ${cleanText(wanted.ref)} is given twice` });
  }
  return ref;
}

function noteEdges(from: string, properties: readonly { name: string; value: string }[], reading: Reading): void {
  for (const { name, value } of properties) {
    if (!name.startsWith(EDGE)) continue;
    const scope = EDGE_SCOPES.find((one) => one === name.slice(EDGE.length));
    if (scope !== undefined) reading.edgeScopes.set(`${from}\n${value}`, scope);
  }
}

function readDependencies(root: Fields, reading: Reading): readonly Dependency[] {
  const byKey = new Map<string, Dependency>();
  const lost = new Set<string>();
  for (const { from, to } of reading.parts) byKey.set(`${from}\n${to}`, { from, to, scope: "runtime" });
  root.optionalList("dependencies", (value: Json, place) => {
    const entry = new Fields(value, place);
    const from = entry.string("ref");
    for (const to of entry.optionalList("dependsOn", asString)) {
      const key = `${from}\n${to}`;
      if (!reading.refs.has(from)) lost.add(from);
      else if (!reading.refs.has(to)) lost.add(to);
      else byKey.set(key, { from, to, scope: reading.edgeScopes.get(key) ?? "runtime" });
    }
  });
  for (const ref of [...lost].sort()) {
    reading.unknowns.push({
      where: "/dependencies",
      what: `an edge names ${cleanText(ref)}, which is not in the document`,
    });
  }
  return [...byKey.values()].sort((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to));
}

function components(reading: Reading, root: string, dependencies: readonly Dependency[]): readonly Component[] {
  const named = new Set(dependencies.filter(({ from }) => from === root).map(({ to }) => to));
  return reading.reads
    .map(({ component, direct }) => ({ ...component, direct: direct ?? named.has(component.ref) }))
    .sort((a, b) => byCodeUnit(a.ref, b.ref));
}

function readCompleteness(
  root: Fields,
  ref: string,
  reading: Reading,
): { components: Completeness; dependencies: Completeness } {
  const found: { components: Completeness; dependencies: Completeness } = {
    components: "unknown",
    dependencies: "unknown",
  };
  const parts = new Set<string>();
  root.optionalList("compositions", (value, place) => {
    const composition = new Fields(value, place);
    // XML may leave it out: its default says as much.
    const aggregate = composition.has("aggregate") ? composition.string("aggregate") : "not_specified";
    const completeness =
      aggregate === "complete" ? "complete" : aggregate.startsWith("incomplete") ? "incomplete" : "unknown";
    const assemblies = composition.optionalList("assemblies", asString);
    const dependencies = composition.optionalList("dependencies", asString);
    if (assemblies.includes(ref)) found.components = completeness;
    if (dependencies.includes(ref)) found.dependencies = completeness;
    if (completeness !== "incomplete") return;
    for (const one of assemblies) if (one !== ref) parts.add(`says that the parts of ${cleanText(one)} are incomplete`);
    for (const one of dependencies)
      if (one !== ref) parts.add(`says that the edges of ${cleanText(one)} are incomplete`);
  });
  for (const what of [...parts].slice(0, MAX_TOLD)) reading.unknowns.push({ where: "/compositions", what });
  if (parts.size > MAX_TOLD) {
    reading.unknowns.push({ where: "/compositions", what: `${parts.size - MAX_TOLD} more parts are incomplete` });
  }
  return found;
}
