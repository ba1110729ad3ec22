import {
  EXTLANGS,
  GRANDFATHERED,
  LANGUAGES_2,
  LANGUAGES_3,
  REGIONS,
  SCRIPTS,
  VARIANTS,
} from "./data/language-subtags.ts";

/** Language tags (RFC 5646) by the IANA Language Subtag Registry. */

interface Registry {
  readonly languages: ReadonlySet<string>;
  readonly extlangs: ReadonlyMap<string, string>;
  readonly scripts: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  readonly variants: ReadonlySet<string>;
  readonly grandfathered: ReadonlySet<string>;
}

let read: Registry | undefined;

const words = (text: string): readonly string[] => text.trim().toLowerCase().split(/\s+/);

function registry(): Registry {
  read ??= {
    languages: new Set([
      ...words(LANGUAGES_2),
      ...words(LANGUAGES_3).flatMap((group) => {
        const [start = "", ends = ""] = group.split(":");
        return [...ends].map((end) => start + end);
      }),
    ]),
    extlangs: new Map(words(EXTLANGS).map((pair) => pair.split("=") as [string, string])),
    scripts: new Set(words(SCRIPTS)),
    regions: new Set(words(REGIONS)),
    variants: new Set(words(VARIANTS)),
    grandfathered: new Set(words(GRANDFATHERED)),
  };
  return read;
}

/** Subtags reserved for private use (RFC 5646, 2.2.1 to 2.2.4). */
const PRIVATE_LANGUAGE = /^q[a-t][a-z]$/;
const PRIVATE_SCRIPT = /^qa(?:a[a-z]|b[a-x])$/;
const PRIVATE_REGION = /^(?:aa|q[m-z]|x[a-z]|zz)$/;
const MAX_LENGTH = 200;

/** What is wrong with a tag: its form, or a subtag that is not registered. Undefined for a valid one. */
export function checkLanguage(tag: string): string | undefined {
  const { languages, extlangs, scripts, regions, variants, grandfathered } = registry();
  if (tag.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  const lower = tag.toLowerCase();
  if (grandfathered.has(lower)) return undefined;
  const subtags = lower.split("-");
  if (subtags.some((subtag) => !/^[a-z0-9]{1,8}$/.test(subtag))) return "a subtag has 1 to 8 letters and digits";
  let at = 0;
  const take = (form: RegExp): string | undefined => (form.test(subtags[at] ?? "") ? subtags[at++] : undefined);
  if (subtags[0] !== "x") {
    const language = take(/^[a-z]{2,8}$/);
    if (language === undefined) return "it does not begin with a language";
    if (!languages.has(language) && !PRIVATE_LANGUAGE.test(language)) return `${language} is no language`;
    const extlang = take(/^[a-z]{3}$/);
    if (extlang !== undefined && extlangs.get(extlang) !== language) return `${extlang} does not extend ${language}`;
    const script = take(/^[a-z]{4}$/);
    if (script !== undefined && !scripts.has(script) && !PRIVATE_SCRIPT.test(script)) return `${script} is no script`;
    const region = take(/^(?:[a-z]{2}|[0-9]{3})$/);
    if (region !== undefined && !regions.has(region) && !PRIVATE_REGION.test(region)) return `${region} is no region`;
    const wrong = checkRest(() => take(/^(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})$/), variants);
    if (wrong !== undefined) return wrong;
    const singletons = new Set<string>();
    for (let single = take(/^[a-wy-z0-9]$/); single !== undefined; single = take(/^[a-wy-z0-9]$/)) {
      if (singletons.has(single)) return `the extension ${single} stands twice`;
      singletons.add(single);
      if (take(/^.{2,8}$/) === undefined) return `the extension ${single} is empty`;
      while (take(/^.{2,8}$/) !== undefined);
    }
  }
  if (take(/^x$/) !== undefined && at < subtags.length) return undefined;
  return at === subtags.length && subtags[at - 1] !== "x" ? undefined : `${subtags[at] ?? "x"} has no place in it`;
}

function checkRest(take: () => string | undefined, variants: ReadonlySet<string>): string | undefined {
  const seen = new Set<string>();
  for (let variant = take(); variant !== undefined; variant = take()) {
    if (!variants.has(variant)) return `${variant} is no variant`;
    if (seen.has(variant)) return `the variant ${variant} stands twice`;
    seen.add(variant);
  }
  return undefined;
}

/** The first subtag that is reserved for private use. */
export function privateSubtag(tag: string): string | undefined {
  const subtags = tag.slice(0, MAX_LENGTH).toLowerCase().split("-");
  return subtags.find(
    (subtag, index) =>
      subtag === "x" ||
      (index === 0 && PRIVATE_LANGUAGE.test(subtag)) ||
      (index > 0 && (PRIVATE_SCRIPT.test(subtag) || PRIVATE_REGION.test(subtag))),
  );
}

/** The form of a tag, without asking whether its subtags are registered (CSAF 2.0 and 2.1, `lang_t`). */
export const LANGUAGE_FORM =
  /^(?:(?:[a-z]{2,3}(?:-[a-z]{3}(?:-[a-z]{3}){0,2})?|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+|i-default|i-mingo)$/i;
