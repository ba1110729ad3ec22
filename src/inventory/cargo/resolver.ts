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
  readonly #byWritten = new Map<string, Candidates<N>>();

  constructor(nodes: readonly N[]) {
    for (const node of nodes) {
      const { name, version, source } = node.locked;
      this.#add(name, node);
      this.#add(`${name} ${version}`, node);
      if (source !== undefined) this.#add(`${name} ${version} (${withoutCommit(source)})`, node);
    }
  }

  #add(written: string, node: N): void {
    const own = node.locked.source === undefined;
    const before = this.#byWritten.get(written);
    if (before === undefined) {
      this.#byWritten.set(written, { first: node, count: 1, own: own ? node : undefined, owns: own ? 1 : 0 });
      return;
    }
    before.count += 1;
    if (!own) return;
    before.own ??= node;
    before.owns += 1;
  }

  /** The one package that `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)` means; undefined where there is none, or several. */
  find(written: string): N | undefined {
    // A need names a repository without the commit, in lockfiles of version 1 with it.
    const key = written.endsWith(")") ? `${withoutCommit(written.slice(0, -1))})` : written;
    const found = this.#byWritten.get(key);
    if (found === undefined) return undefined;
    if (found.count === 1) return found.first;
    // Without a source a folder of the project is meant, where there is one (Cargo, lockfile encoding).
    return found.owns === 1 ? found.own : undefined;
  }
}

function withoutCommit(source: string): string {
  const hash = source.indexOf("#");
  return hash < 0 ? source : source.slice(0, hash);
}
