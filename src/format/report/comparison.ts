import type { ReportInput } from "./input.ts";
import { markup, type Markup } from "./markup.ts";
import { badge, folded, heading, table } from "./parts.ts";
import { count, grouped } from "./words.ts";

/** Entries that stand open; a longer list folds. */
const OPEN_ENTRIES = 20;

/**
 * What was claimed against what the bytes of the artifact show. Only what is in the bytes and was not claimed, or with
 * another version, is a disagreement: most of a lockfile builds and tests and never reaches the artifact.
 */
export function comparisonSection({ declared, analyzed, agreement }: ReportInput): Markup {
  if (analyzed === undefined)
    return markup`<p>${badge("open", "unchecked")} The bytes of the artifact were not looked into.</p>`;
  const against = declared === undefined ? "" : `; the sources declare ${grouped(declared.components.length)}`;
  const seen = `Our own look at the bytes found ${count(analyzed.components.length, "component")} inside the artifact${against}.`;
  if (agreement === undefined) return markup`<p>${badge("open", "not compared")} ${seen}</p>`;
  const { onlyClaimed, onlySeen, versionDiffers = [] } = agreement;
  const agree = onlySeen.length === 0 && versionDiffers.length === 0;
  const rows = versionDiffers.map(
    ({ name, claimed, seen: there }) => markup`<tr><th scope="row">${name}</th><td>${claimed}</td><td>${there}</td></tr>
`,
  );
  return markup`<p>${agree ? badge("good", "they agree") : badge("warn", "they differ")} ${seen}${agree ? " Nothing is in it that was not claimed." : ""}</p>
${list("In the bytes, claimed nowhere", onlySeen)}
${rows.length === 0 ? undefined : markup`${heading("In the bytes with another version", rows.length)}${table("Versions that differ", ["Name", "Claimed", "In the bytes"], rows)}`}
${list("Claimed, not in the bytes", onlyClaimed)}`;
}

function list(title: string, entries: readonly string[]): Markup | undefined {
  if (entries.length === 0) return undefined;
  const items = markup`<ul class="columns">${entries.map((entry) => markup`<li><code>${entry}</code></li>`)}</ul>`;
  return markup`${heading(title, entries.length)}
${folded(entries.length > OPEN_ENTRIES, `Show all ${grouped(entries.length)}`, items)}`;
}
