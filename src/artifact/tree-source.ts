import { createHash } from "node:crypto";
import type { Artifact, Entry, Source } from "../model/artifact.ts";
import type { DigestHex, SizeBytes } from "../model/digest.ts";
import type { Unknown } from "../model/sbom.ts";
import { byCodeUnit } from "./entry-path.ts";
import { chunksOf, type Content, sliceOf } from "./content.ts";
import { tooLarge } from "./read-file.ts";
import type { Tree, TreeFile, TreeFolder, TreeNode } from "./tree.ts";

type Skip = ((directory: string) => boolean) | undefined;

/** A tree as a source: of an archive with the archives inside it (`outer.zip!/inner.jar!/path`), or of an image. */
export class TreeSource implements Source {
  readonly reference: string;
  readonly artifact: Artifact;
  readonly unread: readonly Unknown[];
  readonly #tree: Tree;
  readonly #fileBytes: SizeBytes;
  readonly #opened: DisposableStack;

  constructor(
    reference: string,
    artifact: Artifact,
    tree: Tree,
    unread: readonly Unknown[],
    fileBytes: SizeBytes,
    opened: DisposableStack,
  ) {
    this.reference = reference;
    this.artifact = artifact;
    this.unread = unread;
    this.#tree = tree;
    this.#fileBytes = fileBytes;
    this.#opened = opened;
  }

  entries(skip?: (directory: string) => boolean): Iterable<Entry> {
    return this.#walk(this.#tree.root, "", skip);
  }

  find(path: string): Entry | undefined {
    return this.#find(this.#tree, path, "");
  }

  close(): void {
    this.#opened.dispose();
  }

  *#walk(folder: TreeFolder, prefix: string, skip: Skip): Iterable<Entry> {
    const pruned = new Set<string>();
    for (const [below, path, node] of sorted(folder, prefix)) {
      if (below !== undefined) {
        if (!pruned.has(path)) yield* this.#walk(below, `${path}/`, skip);
        continue;
      }
      if (node.kind === "directory" && skip?.(path) === true) pruned.add(path);
      else if (node.kind === "file" && node.inner !== undefined && skip?.(`${path}!`) === true) pruned.add(`${path}!`);
      if (!pruned.has(path)) yield new TreeEntry(path, node, this.#fileBytes);
    }
  }

  #find(tree: Tree, path: string, prefix: string): Entry | undefined {
    const found = tree.find(path);
    if (found !== undefined && found[1] !== "") return new TreeEntry(prefix + found[1], found[0], this.#fileBytes);
    for (let at = path.indexOf("!/"); at >= 0; at = path.indexOf("!/", at + 1)) {
      const [node, real] = tree.find(path.slice(0, at)) ?? [];
      if (node?.kind !== "file" || node.inner === undefined) continue;
      return this.#find(node.inner, path.slice(at + 2), `${prefix}${real}!/`);
    }
    return undefined;
  }
}

type Step = readonly [below: TreeFolder | undefined, path: string, node: TreeNode];

/** Children in the order of whole paths: as themselves, and again where the paths below them belong (see directory-source.ts). */
function sorted(folder: TreeFolder, prefix: string): Step[] {
  const steps: (readonly [string, Step])[] = [];
  for (const [name, node] of folder.children) {
    const path = prefix + name;
    steps.push([name, [undefined, path, node]]);
    if (node.kind === "directory") steps.push([`${name}/`, [node, path, node]]);
    else if (node.kind === "file" && node.inner !== undefined) {
      steps.push([`${name}!/`, [node.inner.root, `${path}!`, node]]);
    }
  }
  return steps.sort(([a], [b]) => byCodeUnit(a, b)).map(([, step]) => step);
}

class TreeEntry implements Entry {
  readonly path: string;
  readonly kind: Entry["kind"];
  readonly mode: number;
  readonly sizeBytes: SizeBytes;
  readonly target?: string;
  readonly layer?: DigestHex;
  readonly #node: TreeNode;
  readonly #limit: SizeBytes;

  constructor(path: string, node: TreeNode, limit: SizeBytes) {
    this.path = path;
    this.kind = node.kind;
    this.mode = node.mode;
    this.sizeBytes = node.kind === "file" ? node.sizeBytes : 0;
    if (node.kind === "symlink") this.target = node.target;
    if (node.layer !== undefined) this.layer = node.layer.digest;
    this.#node = node;
    this.#limit = limit;
  }

  bytes(limit: SizeBytes = this.#limit): Uint8Array {
    if (this.sizeBytes > limit) throw tooLarge(this.path, this.sizeBytes, limit);
    return this.range(0, this.sizeBytes);
  }

  range(offset: SizeBytes, length: SizeBytes): Uint8Array {
    return this.#node.kind === "file" ? contentOf(this.#node).read(offset, length) : new Uint8Array();
  }

  sha256(): DigestHex {
    const digest = createHash("sha256");
    if (this.#node.kind === "file") for (const chunk of chunksOf(contentOf(this.#node))) digest.update(chunk);
    return digest.digest("hex");
  }
}

/** The content of a file of a tree. */
export function contentOf({ base, offset, sizeBytes }: TreeFile): Content {
  return sliceOf(base, offset, sizeBytes);
}
