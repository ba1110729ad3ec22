import { parsePurl, printPurl } from "../artifact/purl.ts";
import { cleanText } from "../artifact/clean-text.ts";
import type { Purl } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Component, ComponentRef, Dependency, Sbom, Scope, Unknown } from "../model/sbom.ts";
import { ecosystemOf } from "./cyclonedx-names.ts";

/** An SBOM from a document of another form. */
export interface ReadSbom {
  readonly sbom: Sbom;
  /** What the document holds and an `Sbom` has no place for, one line each. */
  readonly lost: readonly string[];
}

/** A component as a document of another form gives it; `id` names it inside that document. */
export interface Part extends Omit<Component, "ref" | "ecosystem" | "scope" | "direct" | "own"> {
  readonly id: string;
  /** Where the document says so; else it follows from package URL and edges. */
  readonly ref?: ComponentRef;
  readonly ecosystem?: string;
  readonly scope?: Scope;
  readonly direct?: boolean;
  readonly own?: boolean;
}

/** An edge between identifiers of the document. */
export interface PartEdge {
  readonly from: string;
  readonly to: string;
  readonly scope: Scope;
}

export interface Parts {
  readonly where: string;
  readonly parts: readonly Part[];
  readonly edges: readonly PartEdge[];
  /** What the document is about. One part is the subject itself; of several, the document is, and needs them. */
  readonly described: readonly string[];
  /** The document as a subject. */
  readonly document: { readonly id: string; readonly name: string };
  readonly rest: Pick<Sbom, "lifecycle" | "completeness" | "unknowns">;
}

/** Strongest first: what is needed at run time through one path is needed at run time. */
const SCOPES: readonly Scope[] = ["runtime", "optional", "peer", "dev", "build", "test"];

/**
 * Puts an SBOM together from the parts of a document: references (the package URL where there is one; `#2`, `#3` … where it
 * stands twice), the root, edges sorted and each once, scope and directness from the edges where the document does not say
 * them. An edge to what is not there, and a document that describes nothing, are told in `unknowns`.
 */
export function assemble({ where, parts, edges, described, document, rest }: Parts): Sbom {
  const unknowns: Unknown[] = [...rest.unknowns];
  const byId = new Map(parts.map((part) => [part.id, part]));
  const subjects = [...new Set(described)].filter((id) => byId.has(id));
  const [only] = subjects;
  const rootPart = subjects.length === 1 && only !== undefined ? byId.get(only) : undefined;
  if (subjects.length === 0) unknowns.push({ where, what: "the document does not say what it is about" });
  const refs = references(rootPart?.id ?? document.id, rootPart, document.id, parts);
  const root = refs.get(rootPart?.id ?? document.id) ?? document.id;
  const all = rootPart === undefined ? [...edges, ...needs(document.id, subjects)] : edges;
  const dependencies = joinEdges(all, refs, where, unknowns);
  const scopes = scopesFrom(root, dependencies);
  const named = new Set(dependencies.filter(({ from }) => from === root).map(({ to }) => to));
  const components = parts
    .filter((part) => part !== rootPart)
    .map((part) => component(part, refs.get(part.id) ?? part.id, scopes, named))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
  return {
    lifecycle: rest.lifecycle,
    subject: {
      name: rootPart?.name ?? document.name,
      ...(rootPart?.version !== undefined && { version: rootPart.version }),
      ...(rootPart?.purl !== undefined && { purl: rootPart.purl }),
      digests: rootPart?.digests ?? {},
      ...(rootPart?.author !== undefined && { author: rootPart.author }),
      ...(rootPart?.filename !== undefined && { filename: rootPart.filename }),
    },
    root,
    components,
    dependencies,
    completeness: rest.completeness,
    unknowns,
    licences: rootPart?.licences ?? [],
  };
}

function needs(from: string, ids: readonly string[]): PartEdge[] {
  return ids.map((to) => ({ from, to, scope: "runtime" }));
}

function references(
  rootId: string,
  rootPart: Part | undefined,
  documentId: string,
  parts: readonly Part[],
): ReadonlyMap<string, ComponentRef> {
  const refs = new Map<string, ComponentRef>();
  const numbers = new Map<string, number>();
  const taken = new Set<string>();
  const give = (id: string, wanted: string): void => {
    let ref = wanted;
    let number = numbers.get(wanted) ?? 1;
    while (taken.has(ref)) ref = `${wanted}#${(number += 1)}`;
    numbers.set(wanted, number);
    taken.add(ref);
    refs.set(id, ref);
  };
  give(rootId, rootPart?.ref ?? rootPart?.purl ?? rootPart?.id ?? documentId);
  for (const part of parts) if (!refs.has(part.id)) give(part.id, part.ref ?? part.purl ?? part.id);
  return refs;
}

function joinEdges(
  edges: readonly PartEdge[],
  refs: ReadonlyMap<string, ComponentRef>,
  where: string,
  unknowns: Unknown[],
): readonly Dependency[] {
  const byKey = new Map<string, Dependency>();
  const lost = new Set<string>();
  for (const { from: fromId, to: toId, scope } of edges) {
    const from = refs.get(fromId);
    const to = refs.get(toId);
    if (from === undefined) lost.add(fromId);
    else if (to === undefined) lost.add(toId);
    else if (from !== to) {
      const key = `${from}\n${to}`;
      const known = byKey.get(key);
      if (known === undefined || SCOPES.indexOf(scope) < SCOPES.indexOf(known.scope))
        byKey.set(key, { from, to, scope });
    }
  }
  for (const id of [...lost].sort().slice(0, 100)) {
    unknowns.push({ where, what: `an edge names ${cleanText(id, 200)}, which is not in the document` });
  }
  return [...byKey.values()].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
}

function component(
  { id: _id, ...part }: Part,
  ref: ComponentRef,
  scopes: ReadonlyMap<ComponentRef, Scope>,
  named: ReadonlySet<ComponentRef>,
): Component {
  return {
    ...part,
    ref,
    ecosystem: part.ecosystem ?? ecosystemOf(part.purl),
    // What no edge from the root reaches counts as needed: nothing says that it is not.
    scope: part.scope ?? scopes.get(ref) ?? "runtime",
    direct: part.direct ?? named.has(ref),
    own: part.own ?? false,
  };
}

/** The strongest scope by which each component is reached: the first edge of a path that is not `runtime` decides. */
function scopesFrom(root: ComponentRef, dependencies: readonly Dependency[]): ReadonlyMap<ComponentRef, Scope> {
  const edges = Map.groupBy(dependencies, ({ from }) => from);
  const found = new Map<ComponentRef, Scope>([[root, "runtime"]]);
  const runtime: ComponentRef[] = [root];
  for (const from of runtime) {
    for (const { to, scope } of edges.get(from) ?? []) {
      if (scope !== "runtime" || found.has(to)) continue;
      found.set(to, "runtime");
      runtime.push(to);
    }
  }
  for (const weaker of SCOPES.slice(1)) {
    const queue: ComponentRef[] = [];
    const reach = (to: ComponentRef): void => {
      if (found.has(to)) return;
      found.set(to, weaker);
      queue.push(to);
    };
    for (const from of runtime) for (const { to, scope } of edges.get(from) ?? []) if (scope === weaker) reach(to);
    for (const from of queue) for (const { to } of edges.get(from) ?? []) reach(to);
  }
  return found;
}

/** The canonical package URL, or undefined where the text is none. */
export function readPurl(text: string): Purl | undefined {
  try {
    return printPurl(parsePurl(text, true));
  } catch (error) {
    if (error instanceof Fault) return cleanPurl(text);
    throw error;
  }
}

/** One that is well formed but lacks what its type demands is kept as it is: it still names the package. */
function cleanPurl(text: string): Purl | undefined {
  try {
    parsePurl(text, true);
    return text;
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
