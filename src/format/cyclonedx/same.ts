import { sha256 } from "../../artifact/digest.ts";
import type { Json } from "../../model/statement.ts";

/** Whether items of a list are equal, in linear time however deep they are nested. */

/** Short texts for unequal items mostly differ: what an object says without its lists and objects. */
export function surfaceOf(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === null || typeof member !== "object") parts.push(JSON.stringify([name, member]));
  }
  return parts.sort().join();
}

/** Digests of values, each computed once: a list in a list would otherwise be read again at every level. */
export class Fingerprints {
  readonly #known = new WeakMap<object, string>();

  /** Equal for equal values, whatever the order of their members. */
  of(value: Json): string {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    let print = this.#known.get(value);
    if (print === undefined) {
      const parts = Array.isArray(value)
        ? value.map((item: Json) => this.of(item))
        : Object.entries(value)
            .map(([name, member]) => `${JSON.stringify(name)}:${this.of(member)}`)
            .sort();
      print = `${Array.isArray(value) ? "list" : "object"} ${sha256(parts.join("\n"))}`;
      this.#known.set(value, print);
    }
    return print;
  }
}
