import { cleanText } from "../../artifact/clean-text.ts";
import type { Finding } from "../../model/advisory.ts";
import type { JsonObject } from "../../model/statement.ts";
import { codeMarkdown, linkMarkdown, plainMarkdown } from "./markdown-text.ts";
import { messageMarkdown, messageText } from "./sarif-text.ts";
import { marksOf, otherIds } from "./scanned.ts";

/** GitHub shows these many characters of a name and a description, and these many tags. */
const MOST_NAME = 255;
const MOST_DESCRIPTION = 1024;
const MOST_TAGS = 10;
/** What GitHub makes a severity of: over 9.0 critical, 7.0 high, 4.0 medium, else low. The middles of CVSS 3.1's spans. */
const SCORE_OF = { critical: 9.5, high: 8, medium: 5.5, low: 2 } as const;
const LEVEL = { critical: "error", high: "error", medium: "warning", low: "note", unknown: "warning", none: "note" };

/** SARIF's level of a finding. */
export function levelOf({ kind, severity }: Finding): string {
  return kind === "malicious" ? "error" : LEVEL[severity];
}

/** The rule of one advisory: what all findings of it have in common, and the most that is said of one of them. */
export function sarifRule(findings: readonly Finding[]): JsonObject {
  const first = findings[0] as Finding;
  const { id, kind, summary, url, severity } = first;
  const title = summary === "" ? `${id} in ${first.name}` : summary;
  const help = helpOf(first, findings);
  const score = securitySeverity(findings);
  return {
    id: cleanText(id, MOST_NAME),
    name: cleanText(id, MOST_NAME),
    shortDescription: { text: messageText(title, MOST_DESCRIPTION) },
    fullDescription: { text: messageText(`${title} (${first.ids.join(", ")})`, MOST_DESCRIPTION) },
    help: { text: messageText(help.text, 4000), markdown: messageMarkdown(help.markdown) },
    ...(url !== undefined && URL.canParse(url) && { helpUri: new URL(url).href }),
    defaultConfiguration: { level: levelOf(first) },
    properties: {
      ...(score !== undefined && { "security-severity": score }),
      precision: "very-high",
      tags: ["security", "supply-chain", kind, first.ecosystem, ...(kind === "vulnerable" ? [severity] : [])]
        .map((tag) => cleanText(tag, 100))
        .slice(0, MOST_TAGS),
    },
  };
}

/** Undefined where nobody rated it: a guess would be shown as a fact. */
function securitySeverity(findings: readonly Finding[]): string | undefined {
  let most = 0;
  for (const { kind, severity, rating } of findings) {
    const word = severity === "unknown" || severity === "none" ? 0 : SCORE_OF[severity];
    most = Math.max(most, kind === "malicious" ? 10 : (rating.cvss?.score ?? word));
  }
  return most === 0 ? undefined : most.toFixed(1);
}

function helpOf(first: Finding, findings: readonly Finding[]): { readonly text: string; readonly markdown: string } {
  const { id, summary, url, rating, kind } = first;
  const fixes = [...new Set(findings.flatMap(({ fixed }) => fixed.slice(0, 1)))].slice(0, 8);
  const facts: readonly (readonly [name: string, text: string, markdown: string])[] = [
    [
      "Also known as",
      otherIds(first).slice(0, 20).join(", "),
      otherIds(first)
        .slice(0, 20)
        .map((one) => codeMarkdown(one))
        .join(", "),
    ],
    ["Kind", kind, kind],
    [
      "CVSS",
      rating.cvss === undefined ? "" : `${rating.cvss.score.toFixed(1)} ${rating.cvss.vector}`,
      rating.cvss === undefined ? "" : `${rating.cvss.score.toFixed(1)} ${codeMarkdown(rating.cvss.vector)}`,
    ],
    ["Exploitation", marksOf(first).join(", "), marksOf(first).join(", ")],
    ["Fixed in", fixes.join(", "), fixes.map((one) => codeMarkdown(one)).join(", ")],
  ];
  const told = facts.filter(([, text]) => text !== "");
  return {
    text: [summary, ...told.map(([name, text]) => `${name}: ${text}`), url ?? ""]
      .filter((part) => part !== "")
      .join(". "),
    markdown: [
      `**${linkMarkdown(url, id)}** ${plainMarkdown(summary)}`.trim(),
      "",
      ...told.map(([name, , markdown]) => `- ${name}: ${markdown}`),
    ].join("\n"),
  };
}
