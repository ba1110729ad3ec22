import { chainSection } from "./chain-picture.ts";
import { comparisonSection } from "./comparison.ts";
import { dependenciesSection } from "./dependencies.ts";
import { findingsSection } from "./findings.ts";
import { headSection } from "./head.ts";
import type { ReportInput } from "./input.ts";
import { makingSection } from "./making.ts";
import { attributes, markup, plainly, type Markup } from "./markup.ts";
import { checkingSection, inputsSection, papersSection } from "./papers.ts";
import { badge } from "./parts.ts";
import { reasonsSection } from "./reasons.ts";
import { STYLE } from "./style.ts";
import { DECISION } from "./words.ts";

/**
 * One verdict as a page for people: self-contained HTML, UTF-8, without script and without any reference that a browser
 * would load; a content security policy says so too (CSP Level 3). Everything that comes from the input is bounded and
 * escaped, with control and bidirectional characters made visible. The same input gives the same bytes.
 */
export function printReport(input: ReportInput): string {
  const { word, tone } = DECISION[input.verdict.decision];
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${plainly(`${word}: ${input.title}`)}</title>
<style>${STYLE}</style>
</head>
<body${attributes({ class: tone })}>
<main>
${headSection(input)}
${sections(input)}</main>
<footer><p>Written by waybill ${input.version}. This page runs no script and loads nothing.</p></footer>
</body>
</html>
`.source;
}

function sections(input: ReportInput): Markup {
  const sbom = input.declared ?? input.analyzed;
  const none = markup`<p>${badge("open", "unchecked")} This report holds no list of components.</p>`;
  const all: readonly (readonly [id: string, title: string, body: Markup])[] = [
    ["why", "Why", reasonsSection(input.verdict)],
    ["chain", "Chain of custody", chainSection(input)],
    ["dependencies", "Dependencies", sbom === undefined ? none : dependenciesSection(sbom, input.analyzed)],
    ["findings", "Findings", findingsSection(input.matched)],
    ["comparison", "Claimed and seen", comparisonSection(input)],
    ["making", "How it was made", makingSection(input)],
    ["papers", "Papers", papersSection(input)],
    ["inputs", "Judged by", inputsSection(input)],
    ["check", "Check it yourself", checkingSection(input)],
  ];
  return markup`<nav aria-label="Sections"><ol>${all.map(([id, title]) => markup`<li><a${attributes({ href: `#${id}` })}>${title}</a></li>`)}</ol></nav>
${all.map(
  ([
    id,
    title,
    body,
  ]) => markup`<section${attributes({ id, "aria-labelledby": `${id}-title` })}><h2${attributes({ id: `${id}-title` })}>${title}</h2>
${body}
</section>
`,
)}`;
}
