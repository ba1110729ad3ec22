import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, compareLists, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

type Items = readonly (Natural | string)[];

interface ConanVersion {
  readonly items: Items;
  readonly pre?: Items;
  readonly build?: Items;
}

/** Items between dots, without zeros at the end: `1.0` is `1`. */
function itemsOf(text: string): Items {
  const items = text.split(".").map((item) => (/^[0-9]+$/.test(item) ? natural(item) : item));
  return items.slice(0, items.findLastIndex((item) => item !== 0) + 1);
}

/** `VERSION[-PRE][+BUILD]`: the first hyphen and the last plus count. */
function parseVersion(text: string): ConanVersion | undefined {
  if (!/^[0-9A-Za-z_.+*-]+$/.test(text)) return undefined;
  const plus = text.lastIndexOf("+");
  const rest = plus === -1 ? text : text.slice(0, plus);
  const hyphen = rest.indexOf("-");
  return {
    items: itemsOf(hyphen === -1 ? rest : rest.slice(0, hyphen)),
    ...(hyphen !== -1 && { pre: itemsOf(rest.slice(hyphen + 1)) }),
    ...(plus !== -1 && { build: itemsOf(text.slice(plus + 1)) }),
  };
}

/** Numbers as numbers; where one is text, both as text (Conan 2, "Version ranges", "versions ordering"). */
function compareItem(a: Natural | string, b: Natural | string): number {
  return typeof a === "string" || typeof b === "string" ? byValue(String(a), String(b)) : byValue(a, b);
}

/**
 * Conan's order: as Semantic Versioning, with any number of items and letters in them; a build is later than none. Items that are
 * compared now as numbers and now as text make circles (`2`, `10`, `1w`): that is Conan's own.
 */
export const conanOrder: VersionOrder = orderOf({
  ecosystem: "Conan",
  parse: parseVersion,
  compare(a: ConanVersion, b: ConanVersion) {
    const order = compareLists(a.items, b.items, compareItem);
    if (order !== 0) return order;
    if (a.pre === undefined || b.pre === undefined) {
      if (a.pre !== b.pre) return a.pre === undefined ? 1 : -1;
    } else {
      const pre = compareLists(a.pre, b.pre, compareItem);
      if (pre !== 0) return pre;
    }
    if (a.build === undefined || b.build === undefined)
      return Number(a.build !== undefined) - Number(b.build !== undefined);
    return compareLists(a.build, b.build, compareItem);
  },
});
