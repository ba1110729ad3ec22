import type { Tar, TarMember } from "../../../artifact/tar.ts";
import { compareExtensions } from "./tar-extensions.ts";
import { compareHeaders } from "./tar-header.ts";
import { equalBytes, inside, isZeros, type Pair, type Walk } from "./pair.ts";

/** Compares two tar files member by member, paired by path; a path that comes twice is never forgiven an order. */
export function compareTar(a: Tar, b: Tar, pair: Pair, walk: Walk): void {
  const { found } = walk;
  const { path } = pair;
  const [first, second] = [byPath(a.members), byPath(b.members)];
  for (const [name, member] of first) {
    const other = second.get(name);
    if (other === undefined) found.differ("only-in-first", path, inside(pair, name), sizeOf(member));
    else compareMember(member, other, name, pair, walk);
  }
  for (const [name, member] of second) {
    if (!first.has(name)) found.differ("only-in-second", path, inside(pair, name), sizeOf(member));
  }
  compareOrder(a, b, first, second, pair, walk);
  const loose = a.loose.length !== b.loose.length || a.loose.some((x, at) => !sameRaw(x, b.loose[at]));
  if (loose || !equalBytes(a.tail, b.tail)) {
    const detail = `${a.tail.length} bytes from the end mark on against ${b.tail.length}`;
    found.differ("tar-trailing", path, path, isZeros(a.tail) && isZeros(b.tail) ? detail : `${detail}, not all zero`);
  }
}

function sameRaw(a: Tar["loose"][number], b: Tar["loose"][number] | undefined): boolean {
  return (
    b !== undefined &&
    equalBytes(a.header, b.header) &&
    equalBytes(a.content, b.content) &&
    equalBytes(a.padding, b.padding)
  );
}

/** A path that comes again gets a number, so that each member has its pair. */
function byPath(members: readonly TarMember[]): Map<string, TarMember> {
  const paths = new Map<string, TarMember>();
  const times = new Map<string, number>();
  for (const member of members) {
    const time = (times.get(member.path) ?? 0) + 1;
    times.set(member.path, time);
    paths.set(time === 1 ? member.path : `${member.path}\0#${time}`, member);
  }
  return paths;
}

function sizeOf(member: TarMember): string {
  return member.type === "0" ? `a file of ${member.content.length} bytes` : `an entry of type ${member.type}`;
}

function compareOrder(
  a: Tar,
  b: Tar,
  first: ReadonlyMap<string, TarMember>,
  second: ReadonlyMap<string, TarMember>,
  { path }: Pair,
  { found }: Walk,
): void {
  const order = [...first.keys()].filter((name) => second.has(name));
  const other = [...second.keys()].filter((name) => first.has(name));
  const at = order.findIndex((name, index) => name !== other[index]);
  if (at < 0) return;
  const detail = `entry ${at + 1} is ${order[at]} against ${other[at]}`;
  // With global headers, links to earlier members or repeated paths, the order has a meaning.
  const members = [...a.members, ...b.members];
  const matters =
    [...order, ...other].some((name) => name.includes("\0")) ||
    members.some(({ type, extensions }) => type === "1" || extensions.some((extension) => extension.type === "g"));
  if (matters) found.differ("order", path, path, `the order differs, and it decides what is unpacked: ${detail}`);
  else found.forgive("tar-order", path, path, detail);
}

function compareMember(a: TarMember, b: TarMember, name: string, pair: Pair, walk: Walk): void {
  const { found } = walk;
  const archive = pair.path;
  const path = inside(pair, name);
  if (a.type !== b.type) found.differ("type", archive, path, `type ${a.type} against ${b.type}`);
  if (a.linkPath !== b.linkPath) found.differ("link-target", archive, path, `${a.linkPath} against ${b.linkPath}`);
  compareHeaders(a.header, b.header, archive, path, walk, a.content.length !== b.content.length);
  compareExtensions(a, b, archive, path, walk);
  const padded =
    a.content.length === b.content.length ? equalBytes(a.padding, b.padding) : isZeros(a.padding) && isZeros(b.padding);
  if (!padded) found.differ("tar-padding", archive, path, "bytes in the padding behind the content");
  if (!equalBytes(a.content, b.content)) {
    walk.inner({ a: a.content, b: b.content, path, archive, root: false, layers: pair.layers + 1 });
  }
}
