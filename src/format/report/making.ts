import type { RebuildResult } from "../../model/build.ts";
import type { ReportBuild, ReportInput, ReportRebuild, Told } from "./input.ts";
import { markup, type Markup } from "./markup.ts";
import { badge, CLAIMED_BADGE, digest, table } from "./parts.ts";
import { count, grouped, size, type Tone } from "./words.ts";

/** Differences of two builds that are listed; more are counted. */
const MOST_DIFFERENCES = 200;

const OUTCOME: Readonly<Record<RebuildResult["outcome"], readonly [Tone, string]>> = {
  identical: ["good", "identical"],
  equivalent: ["good", "equivalent"],
  different: ["bad", "different"],
};

/** How it was made: source, commands, what came in over the network, outputs; and what building it again gave. */
export function makingSection({ build, rebuild }: ReportInput): Markup {
  return markup`${
    build === undefined
      ? markup`<p>${badge("open", "unchecked")} This report holds no record of a build.</p>`
      : markup`${whose(build.told)}${recorded(build)}`
  }
<h3>Built again</h3>
${
  rebuild === undefined
    ? markup`<p>${badge("open", "unchecked")} This report holds no second build.</p>`
    : markup`${whose(rebuild.told)}${again(rebuild)}`
}`;
}

/** Says so where what follows is another's word. */
function whose(told: Told): Markup | undefined {
  if (told.kind === "seen") return undefined;
  return markup`<p>${CLAIMED_BADGE} What follows is the word of <strong>${told.by}</strong>, in the paper ${digest(told.paper)}, whose signature and scope were verified here. Whoever wrote this report did not see the build.</p>
`;
}

/** A command for reading and pasting: a word with anything unusual is quoted for a POSIX shell. */
export function commandLine(words: readonly string[]): string {
  const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;
  return words.map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}

function recorded({ source, builderId, run, outputs }: ReportBuild): Markup {
  const digests = Object.entries(source.digests).map(([algorithm, hex]) => markup`${digest(hex, algorithm)} `);
  const put = outputs.map(
    ({ name, sizeBytes, digests: { sha256 } }) =>
      markup`<li>${name}${sizeBytes === undefined ? "" : `, ${size(sizeBytes)}`} ${sha256 === undefined ? undefined : digest(sha256)}</li>`,
  );
  return markup`<dl class="facts">
<dt>Source</dt><dd>${source.uri}${source.ref === undefined ? "" : ` at ${source.ref}`}<br>${digests}${
    source.dirty
      ? markup`<br>${badge("warn", "with uncommitted changes, which the commit does not describe")}`
      : undefined
  }</dd>
<dt>Builder</dt><dd><code>${builderId}</code></dd>
${run === undefined ? markup`<dt>The rest</dt><dd>not said in a form that is read here</dd>` : recordedRun(run)}
<dt>Put out</dt><dd>${put.length === 0 ? "nothing" : markup`<ul class="plain">${put}</ul>`}</dd>
</dl>`;
}

function recordedRun({ mode, commands, exchanges, exchangesBytes }: NonNullable<ReportBuild["run"]>): Markup {
  return markup`<dt>Sandbox</dt><dd>${
    mode === "none"
      ? badge("warn", "none: the build could reach everything on its machine")
      : `${mode}, without any network but the recording proxy`
  }</dd>
<dt>Commands</dt><dd><ol class="commands">${commands.map((command) => markup`<li><code>${commandLine(command)}</code></li>`)}</ol></dd>
<dt>Came in</dt><dd>${count(exchanges, "recorded download")}${exchangesBytes === undefined ? "" : `, ${size(exchangesBytes)}`}</dd>`;
}

/** Who the second builder is, to whom "reproduced" means something (DESIGN, rule 9). */
const PARTY: Readonly<Record<ReportRebuild["party"], string>> = {
  same: "Both builds are of the same party: this shows that the build repeats, not that somebody else confirms it.",
  other: "The second build is by another party than the one that signed the provenance.",
  unknown:
    "No verified provenance says who built first, so nobody can tell whether the second build is by somebody else.",
};

function again({ outcome, first, second, factors, normalised, differences, party }: ReportRebuild): Markup {
  const [tone, word] = OUTCOME[outcome];
  const rows = differences.slice(0, MOST_DIFFERENCES).map(
    ({
      path,
      cause,
      detail,
      fix,
    }) => markup`<tr><th scope="row"><code>${path}</code></th><td>${cause}</td><td>${detail}</td><td>${fix}</td></tr>
`,
  );
  const more = differences.length - rows.length;
  return markup`<dl class="facts">
<dt>Outcome</dt><dd>${badge(tone, word)}${normalised.length === 0 ? "" : ` after ${normalised.join(", ")}`}</dd>
<dt>First, second</dt><dd>${digest(first)} ${digest(second)}</dd>
<dt>Varied</dt><dd>${factors.join(", ") || "nothing"}</dd>
</dl>
${rows.length === 0 ? undefined : table("Differences of the two builds", ["File", "Cause", "Detail", "What to do"], rows)}${
    more > 0 ? markup`<p>and ${grouped(more)} more</p>` : undefined
  }
<p class="quiet">${PARTY[party]}</p>`;
}
