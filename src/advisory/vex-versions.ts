import { parsePurl } from "../artifact/purl.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { Fault } from "../model/fault.ts";
import type { CarryOver } from "../model/vex.ts";
import { targetOf } from "./ecosystem.ts";
import { versionOrder } from "./order.ts";
import { versContains } from "./vers/contains.ts";
import { parseVers } from "./vers/vers.ts";

/** Whether a statement reaches a version: yes, no, or nobody can tell and why. */
export type Reaches = "yes" | "no" | { readonly why: string };

/** Whether a version lies in a range as statements write it (VERS). Any other text cannot be judged, and then it excuses nothing. */
export function isInRange(range: string, version: string): Reaches {
  const shown = cleanText(range, 80);
  if (!/^vers:/iu.test(range)) return { why: `the range ${shown} is no VERS range` };
  try {
    const contains = versContains(parseVers(range), version);
    if (contains === undefined) return { why: `nobody can say whether ${cleanText(version, 40)} is in ${shown}` };
    return contains ? "yes" : "no";
  } catch (error) {
    if (error instanceof Fault) return { why: `the range ${shown} is no VERS range` };
    throw error;
  }
}

/** The leading numbers of a version: `v1.2.3-rc.1` → 1, 2. An epoch stays with the first. */
function leading(version: string, count: number): string | undefined {
  const numbers = /^v?((?:\d+[!:])?\d+)(?:\.(\d+))?/u.exec(version);
  if (numbers === null) return undefined;
  return count === 1 ? numbers[1] : `${numbers[1]}.${numbers[2] ?? "0"}`;
}

/** The order of the versions of a package URL's type. */
function orderOfPurl(purl: string, version: string): ReturnType<typeof versionOrder> {
  const target = targetOf({
    ref: purl,
    name: "",
    version,
    purl,
    ecosystem: "",
    scope: "runtime",
    direct: false,
    digests: {},
    licences: [],
    occurrences: [],
    own: false,
  });
  return typeof target === "string" ? undefined : versionOrder(target.ecosystems[0] ?? "");
}

/**
 * Whether a statement about one version reaches a later one of the same package by the rule that its author gave. An earlier version
 * is never reached, nor one of a package whose version order is not known.
 */
export function isCarriedOver(purl: string, from: string, to: string, rule: CarryOver): Reaches {
  if (rule === "none") return "no";
  const order = orderOfPurl(purl, to);
  if (order === undefined) return { why: `made for ${cleanText(from, 40)}, and the order of versions is not known` };
  if (!order.valid(from) || !order.valid(to)) return "no";
  if (order.compare(from, to) > 0) return "no";
  if (rule === "until fixed") return "yes";
  const count = rule === "major" ? 1 : 2;
  const series = leading(from, count);
  return series !== undefined && series === leading(to, count) ? "yes" : "no";
}

/** Parts of a package URL of somebody else; undefined for what is none. */
export function purlParts(purl: string): ReturnType<typeof parsePurl> | undefined {
  try {
    return parsePurl(purl, true);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
