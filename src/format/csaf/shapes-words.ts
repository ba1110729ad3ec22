import type { CsafVersion } from "./document.ts";
import { EXTENSIONS } from "./extensions.ts";
import { LANGUAGE_FORM } from "./language.ts";
import { list, object, oneOf, type Shape, text } from "./shape.ts";

/** What the tables of CSAF's JSON schemas share: single values, and the types that stand in several places (3.1). */

export const URI = text({ format: "uri" });
export const TIME = text({ format: "time" });
export const TEXTS = list(text());
/** Of product, group and other identifiers: none twice. */
export const IDS = list(text(), { unique: true });
export const LANG = text({ pattern: LANGUAGE_FORM, says: "a language tag (RFC 5646)" });
export const WORDS = /^[^\s\-_.](?:.*[^\s\-_.])?$/;
export const VERSION = text({
  pattern:
    /^(?:(?:0|[1-9][0-9]*)|(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?)$/,
  says: "a version: a number, or three of them (Semantic Versioning 2.0.0)",
});

/** Members of an object, one of them for each version: what a version does not have is not in its table. */
export interface Dialect {
  readonly version: CsafVersion;
  readonly in20: (members: Readonly<Record<string, Shape>>) => Readonly<Record<string, Shape>>;
  readonly in21: (members: Readonly<Record<string, Shape>>) => Readonly<Record<string, Shape>>;
  /** A list that is a set in 2.1. */
  readonly set: (item: Shape) => Shape;
  /** The words of both versions, and those that one has alone. */
  readonly words: (both: string, only20: string, only21: string) => Shape;
  /** Objects that refer to products, in 2.1 more than in 2.0. */
  readonly products21: Readonly<Record<string, Shape>>;
  readonly extensions: Readonly<Record<string, Shape>>;
}

export const PRODUCTS: Readonly<Record<string, Shape>> = { group_ids: IDS, product_ids: IDS };

export function dialect(version: CsafVersion): Dialect {
  const old = version === "2.0";
  const in21: Dialect["in21"] = (members) => (old ? {} : members);
  return {
    version,
    in20: (members) => (old ? members : {}),
    in21,
    set: (item) => list(item, old ? {} : { unique: true }),
    words: (both, only20, only21) => oneOf(`${both} ${old ? only20 : only21}`),
    products21: in21(PRODUCTS),
    extensions: in21({ x_extensions: EXTENSIONS }),
  };
}

export function acknowledgments(): Shape {
  return list(object({ names: TEXTS, organization: text(), summary: text(), urls: list(URI) }, { min: 1 }));
}

export function notes({ products21 }: Dialect): Shape {
  return list(
    object({
      audience: text(),
      "category!": oneOf("description details faq general legal_disclaimer other summary"),
      ...products21,
      "text!": text(),
      title: text(),
    }),
  );
}

export function references(): Shape {
  return list(object({ category: oneOf("external self"), "summary!": text(), "url!": URI }));
}
