import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import type { Purl } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
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
import { readComponent, readDigests, readLicences, type Read, readProperties } from "./cyclonedx-component.ts";
import { ecosystemOf, joinName, LIFECYCLE_PHASES } from "./cyclonedx-names.ts";
import { parseJson } from "./json.ts";
import { asString, Fields, type Place, rootPlace } from "./shape.ts";

const VERSIONS = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];
const METHODS = ["locked", "observed", "declared", "missing"] as const;
const EDGE = "waybill:edge:";
const EDGE_SCOPES: readonly Scope[] = ["optional", "peer", "dev", "build", "test"];
/** Components lie in components at most this deep. */
const MAX_NESTING = 50;

/** What is gathered while a document is read. */
interface Reading {
  readonly reads: Read[];
  readonly unknowns: Unknown[];
  readonly refs: Set<string>;
  /** The last number given to a reference that is taken. */
  readonly numbers: Map<string, number>;
  /** `from\nto` → scope, of edges that are not `runtime`. */
  readonly edgeScopes: Map<string, Scope>;
}

/**
 * Reads CycloneDX JSON 1.2 to 1.7 as far as an `Sbom` holds it: subject, components (nested ones flattened), edges, hashes,
 * licences, evidence, completeness, lifecycle; what `cyclonedxDocument` wrote comes back whole. A document without a subject
 * or lifecycle, or with edges to nowhere, says so in `unknowns`; without a lifecycle it counts as `source`, the weakest.
 *
 * Faults: WB-CYCLONEDX-FORM with the JSON pointer, WB-CYCLONEDX-VERSION (unchecked); those of `parseJson`.
 */
export function parseCycloneDx(bytes: Uint8Array, where: string): Sbom {
  const root = new Fields(parseJson(bytes, where), rootPlace(where, "WB-CYCLONEDX-FORM"));
  root.oneOf("bomFormat", ["CycloneDX"]);
  readVersion(root);
  const metadata = root.optionalObject("metadata");
  const reading: Reading = { reads: [], unknowns: [], refs: new Set(), numbers: new Map(), edgeScopes: new Map() };
  const properties = metadata === undefined ? [] : readProperties(metadata);
  for (const { name, value } of properties) if (name === "waybill:unknown") reading.unknowns.push(readUnknown(value));
  const subject = readSubject(root, metadata?.optionalObject("component"), reading);
  const lifecycle = readLifecycle(metadata, where, reading);
  gather(root, "components", reading, 0);
  const dependencies = readDependencies(root, reading);
  const method = properties.find(({ name }) => name === "waybill:method")?.value;
  return {
    lifecycle,
    ...subject,
    components: components(reading, subject.root, dependencies),
    dependencies,
    completeness: {
      ...readCompleteness(root, subject.root),
      method: METHODS.find((one) => one === method) ?? (lifecycle === "source" ? "declared" : "observed"),
    },
    unknowns: reading.unknowns,
  };
}

function readVersion(root: Fields): void {
  const version = root.string("specVersion");
  if (VERSIONS.includes(version)) return;
  throw new Fault({
    code: "WB-CYCLONEDX-VERSION",
    kind: "unchecked",
    what: "a CycloneDX document of a version that is not read here",
    where: root.place.where,
    expected: `one of ${VERSIONS.join(", ")}`,
    found: cleanText(version),
  });
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
  gather(component, "components", reading, 0);
  return {
    subject: {
      name,
      ...(version !== undefined && { version }),
      ...(purl !== undefined && { purl }),
      digests: readDigests(component, properties),
    },
    root: ref,
    licences: readLicences(component, properties),
  };
}

function readLifecycle(metadata: Fields | undefined, where: string, reading: Reading): Lifecycle {
  const phases = metadata?.optionalList("lifecycles", (value, place) => new Fields(value, place).get("phase")) ?? [];
  const found = (Object.keys(LIFECYCLE_PHASES) as Lifecycle[]).find((one) => phases.includes(LIFECYCLE_PHASES[one]));
  if (found !== undefined) return found;
  if (phases.includes("operations") || phases.includes("discovery")) return "analyzed";
  reading.unknowns.push({ where, what: "the document does not say its lifecycle" });
  return "source";
}

function gather(holder: Fields, name: string, reading: Reading, depth: number): void {
  if (depth > MAX_NESTING) throw holder.fault(name, `components nested at most ${MAX_NESTING} deep`);
  holder.optionalList(name, (value, place) => {
    const read = readComponent(value, place, (ref) => freeRef(ref, reading));
    reading.reads.push(read);
    noteEdges(read.component.ref, read.properties, reading);
    gather(read.fields, "components", reading, depth + 1);
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

function readCompleteness(root: Fields, ref: string): { components: Completeness; dependencies: Completeness } {
  const found: { components: Completeness; dependencies: Completeness } = {
    components: "unknown",
    dependencies: "unknown",
  };
  root.optionalList("compositions", (value, place) => {
    const composition = new Fields(value, place);
    const aggregate = composition.string("aggregate");
    const completeness =
      aggregate === "complete" ? "complete" : aggregate.startsWith("incomplete") ? "incomplete" : "unknown";
    if (composition.optionalList("assemblies", asString).includes(ref)) found.components = completeness;
    if (composition.optionalList("dependencies", asString).includes(ref)) found.dependencies = completeness;
  });
  return found;
}
