import type { ComponentRef } from "../../model/sbom.ts";

/** More files has no system; a list beyond is not read on. */
const MAX_PATHS = 5_000_000;

/** Which package a file belongs to, by its path in the source. Read when first asked: most sources never ask. */
export class Owners {
  readonly #read: (add: (path: string, ref: ComponentRef) => void) => void;
  readonly #root: string;
  #byPath: Map<string, ComponentRef> | undefined;

  /** `root`: "" or a folder with a final `/`; `read` adds paths with or without a first `/`. */
  constructor(root: string, read: (add: (path: string, ref: ComponentRef) => void) => void) {
    this.#root = root;
    this.#read = read;
  }

  ownerOf(path: string): ComponentRef | undefined {
    if (!path.startsWith(this.#root)) return undefined;
    if (this.#byPath === undefined) {
      const byPath = new Map<string, ComponentRef>();
      this.#byPath = byPath;
      this.#read((each, ref) => {
        // Nearly all begin with one `/`.
        const plain = each.startsWith("/") && each.charCodeAt(1) !== 0x2f;
        const relative = plain ? each.slice(1) : each.replace(/^\.?\/+/u, "");
        if (byPath.size < MAX_PATHS) byPath.set(relative, ref);
      });
    }
    const relative = path.slice(this.#root.length);
    // `/lib` and others are links into `/usr` since systems were merged, and lists still say `/lib/…`.
    return (
      this.#byPath.get(relative) ?? (relative.startsWith("usr/") ? this.#byPath.get(relative.slice(4)) : undefined)
    );
  }
}
