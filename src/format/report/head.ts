import type { Verdict } from "../../model/policy.ts";
import type { ReportInput } from "./input.ts";
import { markup, type Markup } from "./markup.ts";
import { digest, time } from "./parts.ts";
import { DECISION, inPlainWords, size } from "./words.ts";

/** The verdict in plain words, and the fields that name what was judged, by what, and when. */
export function headSection({ verdict, artifact, title }: ReportInput): Markup {
  const bytes = artifact.sizeBytes === undefined ? "" : `, ${size(artifact.sizeBytes)}`;
  const { sha256 } = artifact.digests;
  return markup`<header class="head">
<p class="kind">Waybill</p>
<div class="verdict">
<h1>${sign(verdict.decision)}<span>${DECISION[verdict.decision].word}</span></h1>
<p class="artifact">${title}</p>
<p class="lead">${inPlainWords(verdict)}</p>
</div>
<dl class="fields">
<div class="wide"><dt>Artifact judged, SHA-256</dt><dd><code>${verdict.subject.digest}</code></dd></div>
<div><dt>Kind</dt><dd>${artifact.kind.replaceAll("-", " ")}${bytes}</dd></div>
<div><dt>At the station</dt><dd>${verdict.station}</dd></div>
<div><dt>Judged as of</dt><dd>${time(verdict.at)}</dd></div>
<div><dt>By the policy</dt><dd>${verdict.inputs.policy.origin}<br>${digest(verdict.inputs.policy.digest)}</dd></div>
</dl>
${
  sha256 === undefined || sha256 === verdict.subject.digest
    ? undefined
    : markup`<p class="alarm">This verdict is about other bytes than the artifact of this report, which has ${digest(sha256)}.</p>`
}</header>`;
}

/** The decision's sign as a drawing, so that it does not hang on a font. */
function sign(decision: Verdict["decision"]): Markup {
  const paths = {
    allow: markup`<path d="M12 21l6 6 11-13"/>`,
    warn: markup`<path d="M20 10v13M20 29v.5"/>`,
    deny: markup`<path d="M13 13l14 14M27 13L13 27"/>`,
  };
  return markup`<svg class="sign" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true"><circle cx="20" cy="20" r="18"/>${paths[decision]}</svg>`;
}
