import type { LockedPackage } from "./lock-package.ts";

/** What is known of one way to write a need. */
interface Candidates<N> {
  readonly first: N;
  count: number;
  /** Folders of the project among them. */
  own: N | undefined;
  owns: number;
}

/** Looks needs of a lockfile up in its packages. */
export class Resolver<N extends { readonly locked: LockedPackage }> {
  readonly #nodes: readonly N[];
  readonly #byName = new Map<string, Candidates<N>>();
  /** By name and version, and with the source: for the few names that are there several times. */
  #byWritten: Map<string, Candidates<N>> | undefined;

  constructor(nodes: readonly N[]) {
    this.#nodes = nodes;
    for (const node of nodes) add(this.#byName, node.locked.name, node);
  }

  /** The one package that `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)` means; undefined where there is none, or several. */
  find(written: string): N | undefined {
    const blank = written.indexOf(" ");
    const named = this.#byName.get(blank < 0 ? written : written.slice(0, blank));
    if (blank < 0 || named === undefined) return one(named);
    // A need names a repository without the commit, in lockfiles of version 1 with it.
    const key = written.endsWith(")") ? `${withoutCommit(written.slice(0, -1))})` : written;
    if (named.count === 1) return writtenAs(named.first.locked).includes(key) ? named.first : undefined;
    this.#byWritten ??= this.#written();
    return one(this.#byWritten.get(key));
  }

  #written(): Map<string, Candidates<N>> {
    const all = new Map<string, Candidates<N>>();
    for (const node of this.#nodes) {
      if (this.#byName.get(node.locked.name)?.count === 1) continue;
      for (const key of writtenAs(node.locked)) add(all, key, node);
    }
    return all;
  }
}

function add<N extends { readonly locked: LockedPackage }>(
  all: Map<string, Candidates<N>>,
  key: string,
  node: N,
): void {
  const own = node.locked.source === undefined;
  const before = all.get(key);
  if (before === undefined) {
    all.set(key, { first: node, count: 1, own: own ? node : undefined, owns: own ? 1 : 0 });
    return;
  }
  before.count += 1;
  if (!own) return;
  before.own ??= node;
  before.owns += 1;
}

function one<N>(found: Candidates<N> | undefined): N | undefined {
  if (found === undefined || found.count === 1) return found?.first;
  // Without a source a folder of the project is meant, where there is one (Cargo, lockfile encoding).
  return found.owns === 1 ? found.own : undefined;
}

function writtenAs({ name, version, source }: LockedPackage): readonly string[] {
  const plain = `${name} ${version}`;
  return source === undefined ? [plain] : [plain, `${plain} (${withoutCommit(source)})`];
}

function withoutCommit(source: string): string {
  const hash = source.indexOf("#");
  return hash < 0 ? source : source.slice(0, hash);
}
