import { cleanText } from "../../artifact/clean-text.ts";

const MAX_LOST = 1000;
/** What becomes of an ignore file's entries: they name no product, and perhaps no vulnerability. */
export const IGNORED = "an entry of an ignore file: a statement names a vulnerability and a product";

/** Gathers what a form cannot say, each once: for the report of a conversion. */
export class Losses {
  readonly #told = new Set<string>();

  tell(what: string): void {
    if (this.#told.size < MAX_LOST) this.#told.add(cleanText(what, 300));
  }

  get all(): readonly string[] {
    return [...this.#told];
  }
}

/** A document as it was written, and what it could not say. */
export interface Written {
  readonly text: string;
  readonly lost: readonly string[];
}
