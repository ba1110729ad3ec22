import { isPlainDeflate } from "../../../artifact/deflate-scan.ts";
import type { Gzip, GzipMember } from "../../../artifact/gzip.ts";
import { equalBytes, type Pair, type Walk } from "./pair.ts";

/** Systems of RFC 1952 (0 to 13), unknown, and what zlib writes on macOS. */
const SYSTEMS: ReadonlySet<number> = new Set([...Array(14).keys(), 19, 255]);
/** Marks of the level: none, best, fastest. */
const LEVELS: ReadonlySet<number> = new Set([0, 2, 4]);
const NAME_FLAG = 8;

/**
 * Compares two gzip files and then what they hold. Forgives header fields that hold what they are for, and another
 * compression of the same bytes; extra fields, comments, several members and trailing bytes never.
 */
export function compareGzip(a: Gzip, b: Gzip, pair: Pair, walk: Walk): void {
  const { found } = walk;
  const { path } = pair;
  const [first, second] = [a.members[0], b.members[0]];
  if (!equalBytes(a.trailing, b.trailing)) {
    found.differ("gzip-trailing", path, path, `${a.trailing.length} bytes behind the end against ${b.trailing.length}`);
  }
  if (first === undefined || second === undefined || a.members.length > 1 || b.members.length > 1) {
    found.differ("gzip-members", path, path, `${a.members.length} members against ${b.members.length}`);
    return;
  }
  compareHeader(first, second, pair, walk);
  const sameContent = equalBytes(first.content, second.content);
  if (!equalBytes(first.compressed, second.compressed)) {
    // Also where the contents differ: a payload between blocks must not hide behind another difference.
    if (!isPlainDeflate(first.compressed) || !isPlainDeflate(second.compressed)) {
      found.differ(
        "deflate-hidden",
        path,
        path,
        "the compressed data has empty blocks or bits that no content is made of",
      );
    } else if (sameContent) {
      const sizes = `${first.compressed.length} bytes against ${second.compressed.length}`;
      found.forgive("gzip-compression", path, path, `the same content compressed to ${sizes}`);
    }
  }
  // A lone compressed file keeps its path: there is no entry to name.
  if (!sameContent) walk.inner({ ...pair, a: first.content, b: second.content, layers: pair.layers + 1 });
}

function compareHeader(a: GzipMember, b: GzipMember, { path }: Pair, { found }: Walk): void {
  if ((a.flags | NAME_FLAG) !== (b.flags | NAME_FLAG)) {
    found.differ("gzip-flags", path, path, `flags ${a.flags} against ${b.flags}`);
  }
  if (!equalBytes(a.extra ?? new Uint8Array(), b.extra ?? new Uint8Array()) || a.comment !== b.comment) {
    found.differ("gzip-extra", path, path, "another extra field or comment in the gzip header");
  }
  const fields = [
    ["time", a.mtime, b.mtime],
    ["system", a.operatingSystem, b.operatingSystem],
    ["level", a.extraFlags, b.extraFlags],
    ["name", a.name ?? "", b.name ?? ""],
  ] as const;
  const different = fields.filter(([, x, y]) => x !== y);
  if (different.length === 0) return;
  const names = different.map(([field]) => field).join(", ");
  if (isOrdinary(a) && isOrdinary(b)) {
    const shown = different.map(([field, x, y]) => `${field} ${x || "none"} against ${y || "none"}`).join(", ");
    found.forgive("gzip-header", path, path, `in the header: ${shown}`);
  } else {
    found.differ("gzip-flags", path, path, `${names} in the header, with values that no compression program writes`);
  }
}

function isOrdinary(member: GzipMember): boolean {
  return (
    SYSTEMS.has(member.operatingSystem) &&
    LEVELS.has(member.extraFlags) &&
    (member.name === undefined || /^[A-Za-z0-9_][A-Za-z0-9._+@-]{0,99}$/.test(member.name))
  );
}
