/** A start or end tag of a page: `div`, `/div`, with the names and values of its attributes. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const TAG = /^<(!doctype html|\/?[a-z][a-z0-9]*)((?: [A-Za-z-]+(?:="[^"<>]*"|=[a-z]+)?)*)\/?>/;
const ATTRIBUTE = / ([A-Za-z-]+)(?:="([^"]*)"|=([a-z]+))?/g;
const TEXT = /^(?:[^<>&"']|&(?:amp|lt|gt|quot|#39);)*$/;

/**
 * The tags of a page in the strict form in which the report writes it; throws for anything else: a stray `<`, `>`, `&` or
 * quote in text or in an attribute. The style element's content is passed over.
 */
export function tagsOf(page: string): readonly Tag[] {
  const tags: Tag[] = [];
  let at = 0;
  while (at < page.length) {
    const next = page.indexOf("<", at);
    const text = page.slice(at, next < 0 ? page.length : next);
    if (!TEXT.test(text)) throw new Error(`text that is not escaped: ${JSON.stringify(text.slice(0, 200))}`);
    if (next < 0) break;
    const match = TAG.exec(page.slice(next, next + 20_000));
    if (match === null) throw new Error(`no tag: ${JSON.stringify(page.slice(next, next + 200))}`);
    const attributes = new Map<string, string>();
    for (const [, name, quoted, bare] of (match[2] as string).matchAll(ATTRIBUTE)) {
      attributes.set(name as string, quoted ?? bare ?? "");
    }
    tags.push({ name: match[1] as string, attributes });
    at = next + match[0].length;
    if (match[1] === "style") at = page.indexOf("</style>", at);
  }
  return tags;
}

/** What a reader sees: the text without tags, entities resolved. */
export function textOf(page: string): string {
  const body = page.slice(page.indexOf("<body"));
  return body
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");
}
