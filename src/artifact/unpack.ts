import { cleanText } from "./clean-text.ts";
import { Fault } from "../model/fault.ts";
import type { Unknown } from "../model/sbom.ts";
import { arMembers } from "./ar.ts";
import type { Budget } from "./budget.ts";
import { chunksOf, type Content } from "./content.ts";
import { cpioMembers } from "./cpio.ts";
import { decompress } from "./decompress.ts";
import type { Member } from "./member.ts";
import { rpmMembers } from "./rpm.ts";
import { compressionOf, formatOf, HEAD_BYTES } from "./recognise.ts";
import type { Spool } from "./spool.ts";
import { tarMembers } from "./tar-index.ts";
import { type TreeFile, type TreeFolder, Tree, type TreeRules } from "./tree.ts";
import { contentOf } from "./tree-source.ts";
import { zipMembers } from "./zip-members.ts";

const MAX_UNREAD = 100;
/** Names of what may be an archive; its first bytes decide. Of single compressed files, which are many, only those of gems. */
const NAMES =
  /(?:^(?:payload|metadata\.gz|checksums\.yaml\.gz)|\.tar(?:\.\w+)?|\.(?:jar|war|ear|aar|sar|par|jmod|hpi|jpi|zip|whl|egg|nupkg|vsix|gem|crate|deb|udeb|ipk|rpm|apk|cpio|tgz|txz|tbz2?|tzst))$/u;

/** What the parts of one archive share. */
export interface Unpacking {
  readonly spool: Spool;
  readonly budget: Budget;
  /** Archives inside that could not be entered. */
  readonly unread: Unknown[];
}

/** Takes compressions off, at most two: of what was compressed, `name` loses its ending. */
export async function uncompressed(
  content: Content,
  name: string,
  where: string,
  { spool, budget }: Unpacking,
): Promise<readonly [Content, string]> {
  let [inner, innerName] = [content, name];
  for (let times = 0; times < 2; times += 1) {
    const compression = compressionOf(inner.read(0, HEAD_BYTES));
    if (compression === undefined) break;
    inner = await decompress(inner, compression, where, spool, budget);
    innerName = innerName.replace(/\.(?:tgz|txz|tbz2?|tzst)$/u, ".tar").replace(/\.(?:gz|xz|bz2|zst)$/u, "");
  }
  return [inner, innerName];
}

/** The members of an archive, recognised by its first bytes; undefined for anything else. */
export function membersOf(content: Content, where: string, budget: Budget): Iterable<Member> | undefined {
  switch (formatOf(content.read(0, HEAD_BYTES))) {
    case "tar":
      return tarMembers(content, where);
    case "zip":
      return zipMembers(content, where, budget.limits);
    case "ar":
      return arMembers(content, where);
    case "cpio":
      return cpioMembers(content, where);
    case "rpm":
      return rpmMembers(content, where);
    case undefined:
      return undefined;
  }
}

/** Lays members as a tree. */
export function treeOf(members: Iterable<Member>, where: string, rules: TreeRules, budget: Budget): Tree {
  const tree = new Tree(where, rules, budget);
  for (const member of members) tree.add(member);
  return tree;
}

/**
 * Enters the archives inside an archive, and those inside them (`limits.innerDepth`, `limits.innerArchives`). One that is damaged or
 * too large is told in `unread`, and the rest is read.
 */
export async function enterInner(tree: Tree, prefix: string, depth: number, unpacking: Unpacking): Promise<void> {
  for (const [path, file] of archivesOf(tree.root, "")) {
    const where = `${prefix}${path}`;
    try {
      if (depth === 0) throw tooDeep();
      unpacking.budget.inner(file.base.packedBytes ?? file.sizeBytes, file.sizeBytes, where);
      const inner = await enter(file, path.slice(path.lastIndexOf("/") + 1), where, unpacking);
      if (inner === undefined) continue;
      file.inner = inner;
      await enterInner(inner, `${where}!/`, depth - 1, unpacking);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code, what } = error.facts;
      if (unpacking.unread.length < MAX_UNREAD) {
        unpacking.unread.push({ where: cleanText(where, 300), what: `is not entered: ${what} (${code})` });
      }
    }
  }
}

async function enter(file: TreeFile, name: string, where: string, unpacking: Unpacking): Promise<Tree | undefined> {
  const content = contentOf(file);
  const isZipped = file.base.packedBytes !== undefined && formatOf(content.read(0, HEAD_BYTES)) !== undefined;
  const outer = isZipped ? spooled(content, where, unpacking) : content;
  const [inner, innerName] = await uncompressed(outer, name, where, unpacking);
  const members = membersOf(inner, where, unpacking.budget);
  if (members !== undefined) return treeOf(members, where, "strict", unpacking.budget);
  if (inner === outer) return undefined;
  // One compressed file, as the metadata of a gem.
  const only = {
    kind: "file",
    path: innerName,
    mode: 0o644,
    sizeBytes: inner.sizeBytes,
    base: inner,
    offset: 0,
  } as const;
  return treeOf([only], where, "strict", unpacking.budget);
}

/** An archive inside a zip file, inflated once: each of its parts would be inflated with all that stands before it. */
function spooled(content: Content, where: string, { spool, budget }: Unpacking): Content {
  const piece = spool.piece(where);
  for (const chunk of chunksOf(content)) {
    budget.spend(chunk.length, content.sizeBytes, content.sizeBytes, where);
    piece.write(chunk);
  }
  return piece.done();
}

function* archivesOf(folder: TreeFolder, prefix: string): Generator<readonly [string, TreeFile]> {
  for (const [name, node] of folder.children) {
    if (node.kind === "directory") yield* archivesOf(node, `${prefix}${name}/`);
    else if (node.kind === "file" && node.sizeBytes > 0 && NAMES.test(name)) yield [prefix + name, node];
  }
}

function tooDeep(): Fault {
  return new Fault({ code: "WB-ARCHIVE-TOO-LARGE", kind: "unchecked", what: "archives lie too deep in one another" });
}
