import type { Reason, Verdict } from "../../model/policy.ts";
import { attributes, markup, type Markup } from "./markup.ts";
import { badge, digest, heading, table, time } from "./parts.ts";
import { groupReasons, type Bearing, type ReasonGroup } from "./reason-groups.ts";
import { outcomeWords, type Tone } from "./words.ts";

/** Papers that are named with one reason; more are counted. */
const MOST_EVIDENCE = 12;

const TONE: Readonly<Record<Bearing, Tone>> = {
  failed: "bad",
  unchecked: "open",
  warned: "warn",
  excepted: "warn",
  passed: "good",
};

/** Why: every reason of the verdict. What speaks against comes first and in full, what passed as a table. */
export function reasonsSection({ reasons }: Verdict): Markup {
  if (reasons.length === 0) return markup`<p>The policy has no rule for this station: nothing was asked.</p>`;
  return markup`${groupReasons(reasons).map(
    (group) => markup`${heading(group.title, group.reasons.length)}
${group.bearing === "passed" ? passedTable(group) : items(group)}
`,
  )}`;
}

function items({ bearing, reasons }: ReasonGroup): Markup {
  const tone = TONE[bearing];
  return markup`<ul class="reasons">
${reasons.map(
  (
    reason,
  ) => markup`<li${attributes({ class: tone })}><p class="rule"><code>${reason.rule}</code> ${badge(tone, outcomeWords(reason))}</p>
<dl><dt>Expected</dt><dd>${reason.expected}</dd><dt>Found</dt><dd>${reason.found}</dd>${fix(reason)}${exception(reason)}${evidence(reason)}</dl></li>
`,
)}</ul>`;
}

function fix({ fix: what }: Reason): Markup | undefined {
  return what === undefined ? undefined : markup`<dt>What to do</dt><dd class="fix">${what}</dd>`;
}

function exception({ exception: granted }: Reason): Markup | undefined {
  if (granted === undefined) return undefined;
  const { owner, reason, expires } = granted;
  return markup`<dt>Exception</dt><dd>${reason}<br>Granted by <strong>${owner}</strong>, expires ${time(expires)}</dd>`;
}

function evidence(reason: Reason): Markup | undefined {
  return reason.evidence.length === 0
    ? undefined
    : markup`<dt>Evidence</dt><dd class="digests">${digests(reason)}</dd>`;
}

function passedTable({ reasons }: ReasonGroup): Markup {
  const rows = reasons.map(
    (
      reason,
    ) => markup`<tr><th scope="row"><code>${reason.rule}</code><br>${badge("good", "met")}</th><td>${reason.expected}</td><td>${reason.found}</td><td class="digests">${
      reason.evidence.length === 0 ? "–" : digests(reason)
    }</td></tr>
`,
  );
  return table("Rules met", ["Rule", "Expected", "Found", "Evidence"], rows, "passed");
}

function digests({ evidence: papers }: Reason): Markup {
  const more = papers.length > MOST_EVIDENCE ? `and ${papers.length - MOST_EVIDENCE} more` : "";
  return markup`${papers.slice(0, MOST_EVIDENCE).map((paper) => markup`${digest(paper)} `)}${more}`;
}
