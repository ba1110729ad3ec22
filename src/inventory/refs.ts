import type { ComponentRef } from "../model/sbom.ts";

/** Gives refs out: the first content of a key is called by it, the next ones `#2` and so on. */
export class Refs {
  readonly #given = new Map<string, number>();

  /** `taken`: a ref that is somebody else's, such as the root's. */
  constructor(taken?: ComponentRef) {
    if (taken !== undefined) this.#given.set(taken, 1);
  }

  next(key: string): ComponentRef {
    const nth = (this.#given.get(key) ?? 0) + 1;
    this.#given.set(key, nth);
    return nth === 1 ? key : `${key}#${nth}`;
  }
}
