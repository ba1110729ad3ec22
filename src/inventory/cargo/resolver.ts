import type { LockedPackage } from "./lock-package.ts";

/** Looks needs of a lockfile up in its packages. */
export class Resolver<N extends { readonly locked: LockedPackage }> {
  readonly #byName = new Map<string, N[]>();

  constructor(nodes: readonly N[]) {
    for (const node of nodes) {
      const list = this.#byName.get(node.locked.name);
      if (list === undefined) this.#byName.set(node.locked.name, [node]);
      else list.push(node);
    }
  }

  /** The one package that `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)` means; undefined where there is none, or several. */
  find(written: string): N | undefined {
    const alone = this.#byName.get(written);
    if (alone?.length === 1) return alone[0];
    const [name = "", version, ...rest] = written.split(" ");
    const source = rest.length === 0 ? undefined : rest.join(" ").replace(/^\(|\)$/gu, "");
    let candidates = this.#byName.get(name) ?? [];
    if (version !== undefined) candidates = candidates.filter(({ locked }) => locked.version === version);
    if (source !== undefined) candidates = candidates.filter(({ locked }) => sameSource(locked.source, source));
    // Without a source a folder of the project is meant, where there is one (Cargo, lockfile encoding).
    if (candidates.length > 1) candidates = candidates.filter(({ locked }) => locked.source === undefined);
    return candidates.length === 1 ? candidates[0] : undefined;
  }
}

/** A need names a repository without the commit, in lockfiles of version 1 with it. */
function sameSource(source: string | undefined, asked: string): boolean {
  return source === asked || source?.split("#")[0] === asked.split("#")[0];
}
