import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** Texts and numbers in turn, a text first. */
type Runs = readonly (string | Natural)[];

/** What ends a text in its key: `~` sorts before it, letters and then all else after it. */
const END = "\u0002";

/** A text as one that sorts by code unit as Debian Policy 5.6.12 sorts it: `~`, the end, letters, the others. */
function textKey(text: string): string {
  if (text === "") return END;
  const weights = Array.from(text, (char) => {
    if (char === "~") return 1;
    return (char.codePointAt(0) ?? 0) + (/[A-Za-z]/.test(char) ? END.length + 1 : 0x100);
  });
  return String.fromCharCode(...weights) + END;
}

function runsOf(text: string): Runs {
  const parts = text.match(/[^0-9]+|[0-9]+/g) ?? [];
  const runs = parts.map((part) => (/^[0-9]/.test(part) ? natural(part) : textKey(part)));
  return typeof runs[0] === "string" ? runs : [END, ...runs];
}

function compareRuns(a: Runs, b: Runs): number {
  for (let at = 0; at < a.length || at < b.length; at += 1) {
    const nothing = at % 2 === 0 ? END : 0;
    const order = byValue<string | Natural>(a[at] ?? nothing, b[at] ?? nothing);
    if (order !== 0) return order;
  }
  return 0;
}

interface DebianVersion {
  readonly epoch: Natural;
  readonly upstream: Runs;
  readonly revision: Runs;
}

/** `[epoch:]upstream[-revision]` in the characters that the policy allows, colons only with an epoch. dpkg lets no version begin with a letter; old ones do. */
const VERSION = /^(?:([0-9]+):([0-9A-Za-z.+:~-]+)|([0-9A-Za-z.+~-]+))$/;

function parseVersion(text: string): DebianVersion | undefined {
  const match = VERSION.exec(text.trim());
  if (match === null) return undefined;
  const [, epoch = "", afterEpoch, alone = ""] = match;
  const rest = afterEpoch ?? alone;
  const hyphen = rest.lastIndexOf("-");
  const upstream = hyphen === -1 ? rest : rest.slice(0, hyphen);
  if (upstream === "") return undefined;
  return {
    epoch: natural(epoch),
    upstream: runsOf(upstream),
    // No revision is the revision 0.
    revision: hyphen === -1 ? [] : runsOf(rest.slice(hyphen + 1)),
  };
}

/** The order of Debian, Ubuntu and what else dpkg installs (Debian Policy 4.7, section 5.6.12; deb-version(7)). */
export const dpkgOrder: VersionOrder = orderOf({
  ecosystem: "dpkg",
  parse: parseVersion,
  compare: (a: DebianVersion, b: DebianVersion) =>
    byValue(a.epoch, b.epoch) || compareRuns(a.upstream, b.upstream) || compareRuns(a.revision, b.revision),
});

/** opam's order: Debian's comparison over the whole text, without epoch and revision (opam manual, "Version ordering"). */
export const opamOrder: VersionOrder = orderOf({
  ecosystem: "opam",
  parse: (text) => (/^[0-9A-Za-z.+_~-]+$/.test(text) ? runsOf(text) : undefined),
  compare: compareRuns,
});
