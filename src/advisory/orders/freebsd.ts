import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** Number, letter (its place in the alphabet, 0 for none), patch level. */
type Component = readonly [number: Natural, letter: number, patch: Natural];

interface PortVersion {
  readonly epoch: Natural;
  /** Lists between `+`, which sorts below every component. */
  readonly blocks: readonly (readonly Component[])[];
  readonly revision: Natural;
}

const STAGES: Readonly<Record<string, number>> = { pl: 0, alpha: 1, beta: 2, pre: 16, rc: 18 };
const NOTHING: Component = [0, 0, 0];

/** A stage in words begins a component of its own, so that it is left out of the first alternative. */
const COMPONENT = /([0-9]+)((?!(?:pl|alpha|beta|pre|rc)(?![a-z]))[a-z]+)?([0-9]*)|([a-z]+)([0-9]*)|\*.*/g;

function componentOf([whole, digits, letters, patch = "", word, wordPatch = ""]: RegExpExecArray): Component {
  if (whole.startsWith("*")) return [-2, 0, 0];
  const place = (text: string): number => text.charCodeAt(0) - "a".charCodeAt(0) + 1;
  const level = (text: string): Natural => (text === "" ? -1 : natural(text));
  if (word !== undefined) return [-1, STAGES[word] ?? place(word), level(wordPatch)];
  if (letters === undefined) return [natural(digits ?? ""), 0, 0];
  return [natural(digits ?? ""), place(letters), level(patch)];
}

function parseVersion(text: string): PortVersion | undefined {
  const match = /^([0-9a-z.+*:~-]+?)(?:_([0-9]+))?(?:,([0-9]+))?$/.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, version = "", revision = "", epoch = ""] = match;
  const blocks = version.split("+").map((block) => Array.from(block.matchAll(COMPONENT), componentOf));
  return { epoch: natural(epoch), blocks, revision: natural(revision) };
}

function compareBlocks(a: readonly Component[], b: readonly Component[]): number {
  for (let at = 0; at < a.length || at < b.length; at += 1) {
    const [left, right] = [a[at] ?? NOTHING, b[at] ?? NOTHING];
    const order = byValue(left[0], right[0]) || byValue(left[1], right[1]) || byValue(left[2], right[2]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareVersions(a: PortVersion, b: PortVersion): number {
  let order = byValue(a.epoch, b.epoch);
  for (let at = 0; order === 0 && (at < a.blocks.length || at < b.blocks.length); at += 1) {
    order = compareBlocks(a.blocks[at] ?? [], b.blocks[at] ?? []);
  }
  return order || byValue(a.revision, b.revision);
}

/** FreeBSD's ports: `VERSION[_REVISION][,EPOCH]` (Porter's Handbook, "Versions and Epochs"; pkg-version(8)). */
export const freebsdOrder: VersionOrder = orderOf({
  ecosystem: "FreeBSD",
  parse: parseVersion,
  compare: compareVersions,
});
