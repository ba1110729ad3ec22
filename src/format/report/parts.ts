import type { Timestamp } from "../../model/digest.ts";
import { attributes, markup, type Markup } from "./markup.ts";
import { grouped, shortDigest, type Tone } from "./words.ts";

const SIGN: Readonly<Record<Tone, string>> = { good: "✓", warn: "!", bad: "✗", open: "?" };

/** A word with its sign, in the colour of its tone. */
export function badge(tone: Tone, word: string): Markup {
  return markup`<span${attributes({ class: `badge ${tone}` })}><span aria-hidden="true">${SIGN[tone]}</span> ${word}</span>`;
}

/** That something is another's word: the sign is the one that the chain of custody has for it. */
export const CLAIMED_BADGE: Markup = markup`<span class="badge open"><span aria-hidden="true">“</span> claimed</span>`;

/** A digest cut for the eye; the whole one as tooltip, and instead of the short one in print. */
export function digest(hex: string, algorithm = "sha256"): Markup {
  const whole = attributes({ class: "digest", title: `${algorithm}:${hex}` });
  return markup`<code${whole}><span>${shortDigest(hex, algorithm)}</span></code>`;
}

/** `2026-11-23T10:00:00Z` as `2026-11-23 10:00:00 UTC`; anything else as it is. */
export function time(at: Timestamp): Markup {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?Z$/.exec(at);
  if (match === null) return markup`${at}`;
  return markup`<time${attributes({ datetime: at })}>${`${match[1]} ${match[2]} UTC`}</time>`;
}

/**
 * A table with its head. `rows` are `<tr>` elements. On narrow screens it scrolls by itself, by keyboard too. The caption is
 * for screen readers: a heading above says it to the eye.
 */
export function table(caption: string, heads: readonly string[], rows: readonly Markup[], kind?: string): Markup {
  return markup`<div${attributes({ class: "scroll", tabindex: 0, role: "region", "aria-label": caption })}><table${attributes({ class: kind })}><caption class="hidden">${caption}</caption>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}

/** A heading with the number of what follows. */
export function heading(title: string, n: number): Markup {
  return markup`<h3>${title} <span class="n">${grouped(n)}</span></h3>`;
}

/** `content` as it is, or folded where it is long. */
export function folded(long: boolean, summary: string, content: Markup): Markup {
  return long ? markup`<details><summary>${summary}</summary>${content}</details>` : content;
}
