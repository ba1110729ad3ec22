import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { DigestSet } from "../../model/digest.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, ComponentRef, Dependency, Scope, Subject, Unknown } from "../../model/sbom.ts";
import { readText } from "../document.ts";
import { strongerScope } from "../join-components.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { Refs } from "../refs.ts";
import { reachedScopes } from "../scopes.ts";
import { CARGO_LOCK, readLockTable } from "./lock-form.ts";
import { readLockLines } from "./lock-lines.ts";
import type { LockedPackage } from "./lock-package.ts";
import type { CargoManifest } from "./manifest.ts";
import { type OwnCrate, ownCrates } from "./members.ts";
import { cratePurl } from "./package-url.ts";
import { Resolver } from "./resolver.ts";

/** A locked package, what it is called in the SBOM, and its manifest where it is one of the project's own. */
interface Node {
  readonly locked: LockedPackage;
  readonly ref: ComponentRef;
  readonly own: OwnCrate | undefined;
}

const SHA256 = /^[0-9a-f]{64}$/;

/** `MIT/Apache-2.0` is how crates said OR before cargo took SPDX expressions (Cargo reference, `license`). */
export function crateLicence(written: string | undefined): string | undefined {
  return written?.replaceAll("/", " OR ");
}

/** The project of a manifest; a workspace without a package of its own is called as its folder. */
export function crateSubject(manifest: CargoManifest | undefined, called: string): Subject {
  if (manifest?.name === undefined) return { name: called, digests: {} };
  const { name, version } = manifest;
  const purl = cratePurl(name, version);
  return { name, ...(version !== undefined && { version }), ...(purl !== undefined && { purl }), digests: {} };
}

/** The folder's name, for a project that has none. */
export function calledAfter(folder: string, source: Source): string {
  return folder === "" ? source.artifact.name : folder.slice(folder.lastIndexOf("/") + 1);
}

/**
 * Reads `Cargo.lock` of versions 1 to 4. Edges are the lockfile's own, told apart by version and source; which of a crate's own
 * needs are for building or testing is told by the manifests beside it. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`, and the
 * faults of the manifests.
 */
export function readCargoLock(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 0));
  const text = readText(entry, CARGO_LOCK);
  const packages = readLockLines(text) ?? readLockTable(text, file);
  const crates = ownCrates(folder, source);
  const subject = crateSubject(crates[0]?.manifest, calledAfter(folder, source));
  const root: ComponentRef = subject.purl ?? subject.name;
  const unknowns: Unknown[] = [];
  const nodes = nodesOf(packages, crates, root);
  const members = crates.length === 0 || subject.purl === undefined || crates[0]?.manifest.members.length !== 0;
  const edges = edgesOf(nodes, { ref: root, hasMembers: members }, file, unknowns);
  const scopes = reachedScopes(edges, [root]);
  const direct = new Set(edges.filter(({ from }) => from === root || isOwn(nodes.get(from))).map(({ to }) => to));
  const components = [...nodes.values()]
    .filter(({ ref }) => ref !== root)
    .map((node) => componentOf(node, file, scopes.get(node.ref) ?? "runtime", direct.has(node.ref)))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  const broken = unknowns.length > 0;
  if (crates.length === 0 && packages.length > 0) {
    unknowns.push({ where: file, what: "no Cargo.toml beside it: what is only for building or testing is not known" });
  }
  unknowns.push(...lost(components, scopes, file));
  return {
    subject,
    licences: licenceClaims(crateLicence(crates[0]?.manifest.licence), "manifest"),
    components,
    dependencies: edges,
    completeness: { components: "complete", dependencies: broken ? "incomplete" : "complete", method: "locked" },
    unknowns,
  };
}

const isOwn = (node: Node | undefined): boolean => node !== undefined && node.locked.source === undefined;

function nodesOf(
  packages: readonly LockedPackage[],
  crates: readonly OwnCrate[],
  root: ComponentRef,
): ReadonlyMap<ComponentRef, Node> {
  const manifests = new Map(crates.map((crate) => [crate.manifest.name, crate]));
  const nodes = new Map<ComponentRef, Node>();
  const refs = new Refs(root);
  for (const locked of packages) {
    const { name, version, source } = locked;
    const own = source === undefined ? manifests.get(name) : undefined;
    const key = cratePurl(name, version, source) ?? `${name}@${version}`;
    const isRoot = key === root && own !== undefined && own === crates[0] && !nodes.has(root);
    const ref = isRoot ? root : refs.next(key);
    nodes.set(ref, { locked, ref, own });
  }
  return nodes;
}

/** Edges sorted by (from, to), each pair once; the root of a workspace has each of its members. */
function edgesOf(
  nodes: ReadonlyMap<ComponentRef, Node>,
  root: { readonly ref: ComponentRef; readonly hasMembers: boolean },
  file: string,
  unknowns: Unknown[],
): readonly Dependency[] {
  const resolver = new Resolver([...nodes.values()]);
  const needs = new Map<ComponentRef, Map<ComponentRef, Scope>>([[root.ref, new Map()]]);
  const needed = new Set<ComponentRef>();
  for (const node of nodes.values()) {
    const own = needsOf(node, resolver, file, unknowns);
    needs.set(node.ref, own);
    for (const to of own.keys()) needed.add(to);
    if (node.own !== undefined) unknowns.push(...unlocked(node.own, node.locked, resolver));
  }
  for (const node of nodes.values()) {
    if (isOwn(node) && (root.hasMembers || !needed.has(node.ref))) needs.get(root.ref)?.set(node.ref, "runtime");
  }
  // The default order of texts is that of their code units, and far faster than a function's.
  return [...needs.keys()].sort().flatMap((from) => {
    const own = needs.get(from) ?? new Map<ComponentRef, Scope>();
    own.delete(from);
    return [...own.keys()].sort().map((to) => ({ from, to, scope: own.get(to) ?? "runtime" }));
  });
}

/** What one package needs, by the strongest scope. */
function needsOf(node: Node, resolver: Resolver<Node>, file: string, unknowns: Unknown[]): Map<ComponentRef, Scope> {
  const { name, line, dependencies } = node.locked;
  const kinds = kindsOf(node.own);
  const needs = new Map<ComponentRef, Scope>();
  const doubt = (what: string): void => {
    unknowns.push({ where: line === undefined ? file : `${file}:${line}`, what: `${cleanText(name, 80)} ${what}` });
  };
  for (const written of dependencies) {
    const found = resolver.find(written);
    if (found === undefined) {
      doubt(`needs ${cleanText(written, 120)}, which the lockfile has not or has twice`);
      continue;
    }
    const scope = kinds?.get(found.locked.name);
    if (kinds !== undefined && scope === undefined) {
      doubt(`needs ${cleanText(found.locked.name, 80)} by the lockfile, and not by its manifest`);
    }
    needs.set(found.ref, strongerScope(needs.get(found.ref) ?? "test", scope ?? "runtime"));
  }
  return needs;
}

/** The strongest kind of each crate that a manifest names. */
function kindsOf(own: OwnCrate | undefined): Map<string, Scope> | undefined {
  if (own === undefined) return undefined;
  const kinds = new Map<string, Scope>();
  for (const { name, scope } of own.manifest.needs) {
    const before = kinds.get(name);
    kinds.set(name, before === undefined ? scope : strongerScope(before, scope));
  }
  return kinds;
}

/** Needs of a manifest that the lockfile has not: cargo would change it. */
function unlocked(own: OwnCrate, locked: LockedPackage, resolver: Resolver<Node>): Unknown[] {
  const present = new Set(locked.dependencies.map((written) => resolver.find(written)?.locked.name));
  const missing = [...new Set(own.manifest.needs.map(({ name }) => name))].filter(
    // A crate that needs itself for its own tests is not written down.
    (name) => !present.has(name) && name !== locked.name,
  );
  if (missing.length === 0) return [];
  const names = missing.slice(0, 5).map((name) => cleanText(name, 80));
  const what = `the manifest and the lockfile differ: ${missing.length} needs are not locked: ${names.join(", ")}`;
  return [{ where: own.file, what }];
}

function componentOf({ locked, ref, own }: Node, file: string, scope: Scope, direct: boolean): Component {
  const { name, version, source, checksum, line } = locked;
  const purl = ref.replace(/#\d+$/u, "");
  return {
    ref,
    name,
    version,
    ...(purl.startsWith("pkg:") && { purl }),
    ecosystem: "crates.io",
    scope,
    direct,
    digests: digestsOf(source, checksum),
    licences: own === undefined ? [] : licenceClaims(crateLicence(own.manifest.licence), "manifest"),
    occurrences: [
      {
        path: file,
        ...(line !== undefined && { line }),
        ...(own !== undefined && { position: own.position }),
        technique: "lockfile",
      },
    ],
    own: source === undefined,
  };
}

/** The SHA-256 of the `.crate` file, or the commit of a repository. */
function digestsOf(source: string | undefined, checksum: string | undefined): DigestSet {
  if (checksum !== undefined && SHA256.test(checksum)) return { sha256: checksum };
  const commit = source?.startsWith("git+") === true ? source.split("#")[1] : undefined;
  return commit !== undefined && /^[0-9a-f]{40}$/.test(commit) ? { gitCommit: commit } : {};
}

function lost(components: readonly Component[], scopes: ReadonlyMap<ComponentRef, Scope>, file: string): Unknown[] {
  const all = components.filter(({ ref }) => !scopes.has(ref));
  const [first] = all;
  if (first === undefined) return [];
  const what = `nothing in the lockfile needs ${all.length} of its packages, such as ${cleanText(first.name, 80)}`;
  return [{ where: file, what }];
}
