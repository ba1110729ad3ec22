import type { ComponentRef, Sbom } from "../model/sbom.ts";

/** Edges that all questions together may walk: a hostile document must not have a walk for each of its products. */
const MAX_STEPS = 20_000_000;

/** Which components are reached from the root of an SBOM when some are left out. */
export class ReachGraph {
  readonly #numbers = new Map<ComponentRef, number>();
  /** Edges of component n: `#targets` from `#starts[n]` up to `#starts[n + 1]`. */
  readonly #starts: Int32Array;
  readonly #targets: Int32Array;
  readonly #root: number;
  readonly #known = new Map<string, Uint8Array>();
  #steps = 0;

  constructor({ root, components, dependencies }: Pick<Sbom, "root" | "components" | "dependencies">) {
    const numbers = this.#numbers;
    const add = (ref: ComponentRef): number => {
      let number = numbers.get(ref);
      if (number === undefined) numbers.set(ref, (number = numbers.size));
      return number;
    };
    this.#root = add(root);
    for (const { ref } of components) add(ref);
    const from = dependencies.map((edge) => add(edge.from));
    const to = dependencies.map((edge) => add(edge.to));
    this.#starts = new Int32Array(numbers.size + 1);
    for (const number of from) this.#starts[number + 1] = (this.#starts[number + 1] ?? 0) + 1;
    for (let at = 1; at < this.#starts.length; at += 1)
      this.#starts[at] = (this.#starts[at] ?? 0) + (this.#starts[at - 1] ?? 0);
    this.#targets = new Int32Array(dependencies.length);
    const next = this.#starts.slice();
    for (const [edge, number] of from.entries()) {
      const place = next[number] ?? 0;
      this.#targets[place] = to[edge] ?? 0;
      next[number] = place + 1;
    }
  }

  /** Whether a component is reached when these are left out; undefined where too much was asked already. */
  isReached(ref: ComponentRef, without: readonly ComponentRef[]): boolean | undefined {
    const reached = this.#reached(without);
    const number = this.#numbers.get(ref);
    return reached === undefined ? undefined : number !== undefined && reached[number] === 1;
  }

  #reached(without: readonly ComponentRef[]): Uint8Array | undefined {
    const key = [...without].sort().join("\n");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#steps += this.#targets.length + this.#numbers.size;
    if (this.#steps > MAX_STEPS) return undefined;
    const seen = new Uint8Array(this.#numbers.size);
    for (const ref of without) {
      const number = this.#numbers.get(ref);
      // Closed, and not reached: 2.
      if (number !== undefined) seen[number] = 2;
    }
    const open = new Int32Array(this.#numbers.size);
    let count = 0;
    if (seen[this.#root] === 0) {
      seen[this.#root] = 1;
      open[count++] = this.#root;
    }
    while (count > 0) {
      const at = open[--count] ?? 0;
      for (let edge = this.#starts[at] ?? 0; edge < (this.#starts[at + 1] ?? 0); edge += 1) {
        const to = this.#targets[edge] ?? 0;
        if (seen[to] !== 0) continue;
        seen[to] = 1;
        open[count++] = to;
      }
    }
    this.#known.set(key, seen);
    return seen;
  }
}
