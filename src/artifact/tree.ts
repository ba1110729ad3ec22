import type { DigestHex, SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import type { Budget } from "./budget.ts";
import type { Content } from "./content.ts";
import { entryPath } from "./entry-path.ts";
import type { Fault } from "../model/fault.ts";
import type { LinkMember, Member } from "./member.ts";

/** A layer of an image, counted from the lowest on. */
export interface Layer {
  readonly digest: DigestHex;
  readonly index: number;
}

interface NodeFacts {
  mode: number;
  layer: Layer | undefined;
}

export interface TreeFile extends NodeFacts {
  readonly kind: "file";
  readonly sizeBytes: SizeBytes;
  readonly base: Content;
  readonly offset: SizeBytes;
  /** What the file holds where it is an archive that was entered. */
  inner?: Tree;
}

export interface TreeLink extends NodeFacts {
  readonly kind: "symlink";
  readonly target: string;
}

export interface TreeFolder extends NodeFacts {
  readonly kind: "directory";
  readonly children: Map<string, TreeNode>;
}

export type TreeNode = TreeFile | TreeLink | TreeFolder;

/**
 * How members become a tree. `strict`: as one archive that every tool should unpack alike; what tools do differently is refused.
 * `layered`: as a root file system is laid by a container runtime: later members win, symlinked folders are followed inside the
 * root, devices and pipes are passed over. `undecided`: as `layered` until `decide` says which; where nothing was refused, both
 * give the same tree.
 */
export type TreeRules = "strict" | "layered" | "undecided";

const MAX_LINKS = 40;
const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

/**
 * The members of an archive, or of an image's layers one upon the other, as a tree; contents stay where they are. Absolute paths
 * are meant from the root on, as tar and container runtimes have them; a `..` part is refused always. Throws `WB-ARCHIVE-PATH`,
 * `WB-ARCHIVE-DUPLICATE`, `WB-ARCHIVE-KIND`, `WB-ARCHIVE-TOO-LARGE`.
 */
export class Tree {
  readonly root: TreeFolder = { kind: "directory", mode: 0o755, layer: undefined, children: new Map() };
  readonly #where: string;
  #rules: TreeRules;
  #refused: Fault | undefined;
  readonly #budget: Budget;
  /** The folder that was found last: members come folder by folder. */
  #lastPath = "";
  #lastFolder: TreeFolder = this.root;

  constructor(where: string, rules: TreeRules, budget: Budget) {
    this.#where = where;
    this.#rules = rules;
    this.#budget = budget;
  }

  /** Lays one member, of an image as part of `layer`, where names that begin with `.wh.` take away what lies below (OCI image-spec, layer.md). */
  add(member: Member, layer?: Layer): void {
    const path = this.#pathOf(member);
    if (path === "") return;
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    const folder = this.#folder(slash < 0 ? "" : path.slice(0, slash), layer, member.path);
    if (layer !== undefined && name.startsWith(WHITEOUT)) {
      this.#lastPath = "";
      this.#lastFolder = this.root;
      return whiteOut(folder, name, layer);
    }
    const before = folder.children.get(name);
    if (member.kind === "directory" && before?.kind === "directory") {
      before.mode = member.mode;
      before.layer = layer;
      return;
    }
    if (before !== undefined) this.#refuse("WB-ARCHIVE-DUPLICATE", "two entries have the same path", member.path);
    if (before?.kind === "directory") [this.#lastPath, this.#lastFolder] = ["", this.root];
    const node = this.#nodeOf(member, layer);
    if (node === undefined) folder.children.delete(name);
    else folder.children.set(name, node);
  }

  /** Throws what strict rules would have refused on the way. */
  decide(rules: "strict" | "layered"): void {
    if (rules === "strict" && this.#refused !== undefined) throw this.#refused;
    this.#rules = rules;
  }

  /** What only strict rules refuse. */
  #refuse(
    code: "WB-ARCHIVE-DUPLICATE" | "WB-ARCHIVE-KIND" | "WB-ARCHIVE-PATH",
    what: string,
    path: string,
    found?: string,
  ): void {
    if (this.#rules === "layered" || this.#refused !== undefined) return;
    this.#refused = archiveFault(code, what, this.#where, path, found);
    if (this.#rules === "strict") throw this.#refused;
  }

  /** What lies at a path, with the path where it really lies: layered links are followed inside the root, strict ones never. */
  find(path: string): readonly [TreeNode, string] | undefined {
    const normal = entryPath(path);
    return normal === undefined ? undefined : this.#resolve(normal, true, undefined);
  }

  #pathOf(member: Member): string {
    const { path, kind } = member;
    const large = kind === "directory" || (kind === "file" && member.base.packedBytes !== undefined);
    this.#budget.entry(path.length, this.#where, large);
    const normal = entryPath(path.startsWith("/") ? path.replace(/^\/+/u, "") : path);
    if (normal === undefined || (normal === "" && kind !== "directory")) {
      throw archiveFault("WB-ARCHIVE-PATH", "an entry leads out of the archive", this.#where, path);
    }
    const { depth } = this.#budget.limits;
    if (normal.length > depth && normal.split("/", depth + 2).length > depth + 1) throw this.#tooDeep(path);
    return normal;
  }

  #tooDeep(path: string): Error {
    const what = `an entry lies more than ${this.#budget.limits.depth} folders deep`;
    return archiveFault("WB-ARCHIVE-TOO-LARGE", what, this.#where, path);
  }

  /** The folder at a path, made where it is not there yet. */
  #folder(path: string, layer: Layer | undefined, written: string): TreeFolder {
    if (path === "" || path === this.#lastPath) return path === "" ? this.root : this.#lastFolder;
    const [node] = this.#resolve(path, true, { layer, written }) ?? [];
    if (node?.kind !== "directory") {
      const what = node === undefined ? "an entry lies below links that lead nowhere" : "an entry lies below a file";
      throw archiveFault("WB-ARCHIVE-PATH", what, this.#where, written);
    }
    [this.#lastPath, this.#lastFolder] = [path, node];
    return node;
  }

  /** Walks a path part by part, as `chroot` would have it: `..` at the root stays there. Undefined for a loop or what is not there. */
  #resolve(
    path: string,
    followLast: boolean,
    make: { readonly layer: Layer | undefined; readonly written: string } | undefined,
  ): readonly [TreeNode, string] | undefined {
    const pending = path === "" ? [] : path.split("/").reverse();
    const above: (readonly [TreeFolder, string])[] = [];
    let at: TreeFolder = this.root;
    let links = 0;
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        at = above.pop()?.[0] ?? this.root;
        continue;
      }
      let node = at.children.get(part);
      if (node === undefined && make !== undefined) {
        if (above.length >= this.#budget.limits.depth) throw this.#tooDeep(make.written);
        node = { kind: "directory", mode: 0o755, layer: make.layer, children: new Map() };
        at.children.set(part, node);
        this.#budget.entry(part.length, this.#where, true);
      }
      if (node?.kind === "directory") {
        above.push([at, part]);
        at = node;
        continue;
      }
      if (node?.kind === "symlink" && (followLast || pending.length > 0)) {
        if (make !== undefined) this.#refuse("WB-ARCHIVE-PATH", "an entry lies below a symlink", make.written);
        else if (this.#rules === "strict") return pending.length > 0 ? undefined : [node, pathOf(above, part)];
        links += 1;
        if (links > MAX_LINKS) return undefined;
        if (node.target.startsWith("/")) [at, above.length] = [this.root, 0];
        pending.push(...node.target.split("/").reverse());
        continue;
      }
      if (node === undefined) return undefined;
      return pending.length > 0 && make === undefined ? undefined : [node, pathOf(above, part)];
    }
    return [at, pathOf(above)];
  }

  #nodeOf(member: Member, layer: Layer | undefined): TreeNode | undefined {
    const { mode } = member;
    switch (member.kind) {
      case "file":
        return { kind: "file", mode, layer, sizeBytes: member.sizeBytes, base: member.base, offset: member.offset };
      case "directory":
        return { kind: "directory", mode, layer, children: new Map() };
      case "symlink":
        if (!member.target.includes("\0")) return { kind: "symlink", mode, layer, target: member.target };
        throw archiveFault("WB-ARCHIVE-PATH", "a symlink's target holds a NUL", this.#where, member.path);
      case "hard-link":
        return this.#linked(member, layer);
      case "other":
        this.#refuse("WB-ARCHIVE-KIND", "an entry is no plain file, folder or symlink", member.path, member.found);
        return undefined;
    }
  }

  /** A hard link is the file itself under a second name. */
  #linked(member: LinkMember, layer: Layer | undefined): TreeNode {
    const target = entryPath(member.target.replace(/^\/+/u, ""));
    if (target === undefined || target === "") {
      throw archiveFault(
        "WB-ARCHIVE-PATH",
        "a hard link leads out of the archive",
        this.#where,
        member.path,
        member.target,
      );
    }
    const [node] = this.#resolve(target, false, undefined) ?? [];
    if (node === undefined || node.kind === "directory") {
      const what = "a hard link to nothing that stands before it";
      throw archiveFault("WB-ARCHIVE-PATH", what, this.#where, member.path, member.target);
    }
    return { ...node, layer };
  }
}

const pathOf = (above: readonly (readonly [TreeFolder, string])[], last?: string): string =>
  [...above.map(([, name]) => name), ...(last === undefined ? [] : [last])].join("/");

function whiteOut(folder: TreeFolder, name: string, layer: Layer): void {
  if (name === OPAQUE) {
    for (const [child, node] of folder.children) if (isBelow(node, layer)) folder.children.delete(child);
    return;
  }
  // `.wh..wh.` begins names that the file system aufs kept for itself.
  if (name.startsWith(WHITEOUT + WHITEOUT)) return;
  const hidden = name.slice(WHITEOUT.length);
  const node = folder.children.get(hidden);
  if (node !== undefined && isBelow(node, layer)) folder.children.delete(hidden);
}

/** Whether a node comes from a lower layer whole; of a folder that has something of this layer the lower parts are taken away. */
function isBelow(node: TreeNode, layer: Layer): boolean {
  if (node.kind === "directory") {
    for (const [name, child] of node.children) if (isBelow(child, layer)) node.children.delete(name);
    if (node.children.size > 0) return false;
  }
  return node.layer === undefined || node.layer.index < layer.index;
}
