import { cleanText } from "../../artifact/clean-text.ts";
import type { DigestSet } from "../../model/digest.ts";
import type {
  Component,
  ComponentRef,
  Dependency,
  LicenceClaim,
  Occurrence,
  Scope,
  Unknown,
} from "../../model/sbom.ts";
import { push } from "./lists.ts";
import { type Origin, pypiPurl } from "./names.ts";

/** Scopes by strength: where several ways lead to a package the strongest counts. */
const STRENGTH: readonly Scope[] = ["runtime", "optional", "peer", "build", "dev", "test"];

/** What a package, an extra of it, or the project needs. */
export interface Need {
  /** Normalised. */
  readonly name: string;
  readonly extras: readonly string[];
  readonly scope: Scope;
  /** Not known to be needed here: that it is not there says nothing. */
  readonly ifPresent?: boolean;
  /** Of several packages of that name the ones that are meant; default all. */
  readonly isMeant?: (one: Resolved) => boolean;
}

/** A package as a lockfile fixes it, or as it is installed. */
export interface Resolved {
  /** Normalised. */
  readonly name: string;
  readonly version: string | undefined;
  readonly origin?: Origin | undefined;
  readonly digests: DigestSet;
  readonly line: number | undefined;
  /** The file that has the line; default: the lockfile. */
  readonly file?: string;
  /** A folder of the project: relative to the lockfile's. */
  readonly folder?: string | undefined;
  readonly needs: readonly Need[];
  /** What each extra (normalised) adds. */
  readonly extras: ReadonlyMap<string, readonly Need[]>;
  /** Why it is there, as the lockfile itself says. */
  readonly scope?: Scope | undefined;
  readonly licences?: readonly LicenceClaim[];
  /** Where a copy lies that another package carries. */
  readonly position?: string | undefined;
  /** Part of the project without being in its folder: installed for work on it. */
  readonly own?: boolean;
  /** Asked for by name, as the installer noted. */
  readonly requested?: boolean;
}

/** The packages of a lockfile or installation and what is known of who needs them. */
export interface GraphFacts {
  readonly file: string;
  readonly root: ComponentRef;
  /** The project's name, normalised: what needs it (a plugin, an extra of its own) needs no package. */
  readonly called?: string;
  readonly packages: readonly Resolved[];
  /** What the project itself needs; undefined where nothing tells. */
  readonly needs: readonly Need[] | undefined;
  /** Of an installation; default: of a lockfile. */
  readonly installed?: boolean;
}

export interface Graph {
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  readonly unknowns: readonly Unknown[];
}

const MAX_TOLD = 20;

/** Weaker than the weakest: not reached yet. */
const UNREACHED = STRENGTH.length;
const levelOf = (scope: Scope): number => STRENGTH.indexOf(scope);

interface Node {
  readonly package: Resolved;
  ref: ComponentRef;
  /** The strongest level that a way from the project has; `UNREACHED` at first. */
  reached: number;
  direct: boolean;
  /** The level at which each extra was asked for. */
  readonly extras: Map<string, number>;
}

/** Forks of one package for other environments are few; more would be a product that a file is too small to list. */
const MAX_FORKS = 32;

/** Follows needs from the project on. */
class Walk {
  readonly edges = new Map<string, Dependency>();
  readonly missing = new Map<string, string>();
  readonly #root: ComponentRef;
  readonly #called: string | undefined;
  readonly #installed: boolean;
  readonly #byName: ReadonlyMap<string, readonly Node[]>;
  readonly #queue: (readonly [from: Node | undefined, level: number, needs: readonly Need[]])[] = [];

  constructor({ root, called, installed = false }: GraphFacts, nodes: readonly Node[]) {
    this.#root = root;
    this.#called = called;
    this.#installed = installed;
    const byName = new Map<string, Node[]>();
    for (const node of nodes) {
      const named = byName.get(node.package.name);
      if (named === undefined) byName.set(node.package.name, [node]);
      else if (named.length < MAX_FORKS) named.push(node);
    }
    this.#byName = byName;
  }

  from(node: Node | undefined, level: number, needs: readonly Need[]): void {
    this.#queue.push([node, level, needs]);
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      for (const need of next[2]) this.#follow(next[0], need, next[1]);
    }
  }

  /** A package is needed at a level, with some of its extras. */
  reach(node: Node, level: number, extras: readonly string[]): void {
    if (level < node.reached) {
      node.reached = level;
      this.#queue.push([node, level, node.package.needs]);
    }
    for (const extra of extras) {
      if ((node.extras.get(extra) ?? UNREACHED) <= level) continue;
      node.extras.set(extra, level);
      this.#queue.push([node, level, node.package.extras.get(extra) ?? []]);
    }
  }

  #told(from: Node | undefined, name: string): string {
    const who = from === undefined ? "the project" : `${from.package.name} ${from.package.version ?? ""}`.trim();
    const why = this.#installed ? "is not installed" : "the lockfile does not have";
    return `${cleanText(who, 100)} needs ${cleanText(name, 100)}, which ${why}`;
  }

  #follow(from: Node | undefined, need: Need, level: number): void {
    const named = this.#byName.get(need.name) ?? [];
    const meant = named.filter((node) => need.isMeant?.(node.package) !== false);
    // The one package of a name in a lockfile is what its tool resolved the need to, however the range is written.
    const targets = meant.length === 0 && named.length === 1 && !this.#installed ? named : meant;
    const ref = from?.ref ?? this.#root;
    if (targets.length === 0 && need.ifPresent !== true && need.name !== this.#called)
      this.missing.set(`${ref}\0${need.name}`, this.#told(from, need.name));
    for (const target of targets) {
      addEdge(this.edges, { from: ref, to: target.ref, scope: need.scope });
      if (from === undefined || from.package.folder !== undefined) target.direct = true;
      this.reach(target, Math.max(level, levelOf(need.scope)), need.extras);
    }
  }
}

/**
 * Components and edges of a lockfile or an installation. A need leads to all packages that it may mean (several only where each has a marker of its own);
 * an extra's needs count where somebody asks for that extra. Linear in needs times scopes.
 */
export function graphOf(facts: GraphFacts): Graph {
  const nodes = facts.packages.map((each): Node => ({
    package: each,
    ref: "",
    reached: UNREACHED,
    direct: false,
    extras: new Map(),
  }));
  nameNodes(nodes, facts.root);
  const walk = new Walk(facts, nodes);
  walk.from(undefined, 0, facts.needs ?? []);
  // What nothing leads to is there all the same: by the lockfile's own word, else as if it were needed.
  for (const node of nodes) {
    if (node.reached !== UNREACHED) continue;
    walk.reach(node, node.package.scope === undefined ? 0 : levelOf(node.package.scope), []);
    walk.from(undefined, 0, []);
  }
  const where = cleanText(facts.file, 300);
  const told = [...walk.missing.values()].slice(0, MAX_TOLD).map((what) => ({ where, what }));
  const rest = walk.missing.size - told.length;
  return {
    components: componentsOf(nodes, facts),
    dependencies: [...walk.edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge),
    unknowns: rest > 0 ? [...told, { where, what: `${rest} more needs are not locked` }] : told,
  };
}

function addEdge(edges: Map<string, Dependency>, edge: Dependency): void {
  if (edge.from === edge.to) return;
  const key = `${edge.from}\0${edge.to}`;
  const before = edges.get(key);
  if (before === undefined || levelOf(edge.scope) < levelOf(before.scope)) edges.set(key, edge);
}

/** One ref for each package and content: `#2` where the same package URL has other digests. */
function nameNodes(nodes: readonly Node[], root: ComponentRef): void {
  const known = new Map<string, DigestSet[]>();
  for (const node of nodes) {
    const { name, version, origin, digests } = node.package;
    const key = pypiPurl(name, version, origin) ?? (version === undefined ? name : `${name}@${version}`);
    const contents = known.get(key) ?? (key === root ? [{}] : []);
    let nth = contents.findIndex((one, index) => !(key === root && index === 0) && !contradict(one, digests));
    if (nth < 0) nth = contents.length < MAX_FORKS ? contents.push(digests) - 1 : contents.length - 1;
    known.set(key, contents);
    node.ref = nth === 0 ? key : `${key}#${nth + 1}`;
  }
}

function contradict(a: DigestSet, b: DigestSet): boolean {
  return (["sha256", "sha512", "sha384", "sha1", "md5", "gitCommit"] as const).some(
    (name) => a[name] !== undefined && b[name] !== undefined && a[name] !== b[name],
  );
}

function componentsOf(nodes: readonly Node[], { file, installed = false }: GraphFacts): Component[] {
  const byRef = new Map<ComponentRef, Component>();
  const occurrences = new Map<ComponentRef, Occurrence[]>();
  for (const { package: one, ref, reached, direct } of nodes) {
    const { name, version, origin, line, folder } = one;
    const purl = pypiPurl(name, version, origin);
    const before = byRef.get(ref);
    const scope = one.scope ?? STRENGTH[reached] ?? "runtime";
    const position = folder ?? one.position;
    const occurrence: Occurrence = {
      path: one.file ?? file,
      ...(line !== undefined && { line }),
      ...(position !== undefined && { position }),
      technique: installed ? "installed" : "lockfile",
    };
    push(occurrences, ref, occurrence);
    byRef.set(ref, {
      ref,
      name,
      ...(version !== undefined && { version }),
      ...(purl !== undefined && { purl }),
      ecosystem: "PyPI",
      scope: before !== undefined && levelOf(before.scope) < levelOf(scope) ? before.scope : scope,
      direct: direct || before?.direct === true || one.requested === true,
      digests: { ...before?.digests, ...one.digests },
      licences: before === undefined || before.licences.length === 0 ? (one.licences ?? []) : before.licences,
      occurrences: occurrences.get(ref) ?? [],
      own: folder !== undefined || one.own === true,
    });
  }
  return [...byRef.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
}
