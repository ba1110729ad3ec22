import { PREDICATE_TYPES, type PredicateName } from "../../model/statement.ts";
import type { InputOrigin, Outcome } from "../../model/trust.ts";
import type { ReportInput } from "./input.ts";
import { commandLine } from "./making.ts";
import { markup, type Markup } from "./markup.ts";
import { badge, digest, table } from "./parts.ts";
import type { Tone } from "./words.ts";

const TONE: Readonly<Record<Outcome, Tone>> = { verified: "good", refused: "bad", unchecked: "open" };
const SHORT_NAMES = new Map(
  Object.entries(PREDICATE_TYPES).map(([name, uri]) => [uri as string, name as PredicateName]),
);
const SAYS: Readonly<Record<PredicateName, string>> = {
  provenance: "How it was built",
  vsa: "Verification summary",
  cyclonedx: "What is in it (CycloneDX)",
  spdx: "What is in it (SPDX)",
  vulns: "What is known about it",
  openvex: "What its findings mean (VEX)",
  manifest: "Which papers there are",
  rebuild: "That it was built again",
  verdict: "How it was judged",
  advisories: "Which advisories there are",
};

/** The papers that were there, each with its signer and what became of it. */
export function papersSection({ papers }: ReportInput): Markup {
  if (papers.length === 0)
    return markup`<p>${badge("open", "none")} No paper came with this artifact: nobody vouches for it.</p>`;
  const rows = papers.map(
    ({
      predicateType,
      signer,
      outcome,
      code,
      digest: paper,
    }) => markup`<tr><th scope="row">${says(predicateType)}<p class="quiet">${predicateType}</p></th><td>${signer}</td><td>${badge(TONE[outcome], outcome)}${
      code === undefined ? undefined : markup`<br><code>${code}</code>`
    }</td><td>${digest(paper)}</td></tr>
`,
  );
  return table("Papers", ["Says", "Signed by", "Outcome", "Paper"], rows, "papers");
}

/** By what it was judged: the same inputs give the same verdict. */
export function inputsSection({ verdict }: ReportInput): Markup {
  const { policy, trust, advisories, vex, overrules } = verdict.inputs;
  const row = (name: string, input: InputOrigin | null): Markup =>
    markup`<tr><th scope="row">${name}</th>${
      input === null
        ? markup`<td>none was given</td><td>–</td>`
        : markup`<td>${input.origin}</td><td>${digest(input.digest)}</td>`
    }</tr>
`;
  const claims = vex.length === 0 ? [row("VEX", null)] : vex.map((input) => row("VEX", input));
  const rows = [row("Policy", policy), row("Trust", trust), row("Advisories", advisories), ...claims];
  if (overrules !== undefined) rows.push(row("Overrules", overrules));
  return markup`<p>The same artifact, papers and inputs give the same verdict at the same time.</p>
${table("Inputs of the judgement", ["Input", "From", "Digest"], rows)}`;
}

/** The commands by which a reader need not believe this page. */
export function checkingSection(input: ReportInput): Markup {
  const { title, papers } = input;
  const purl = (input.declared ?? input.analyzed)?.subject.purl;
  const { sha256 } = input.artifact.digests;
  // A leading dash would be read as a flag.
  const file = title.startsWith("-") ? `./${title}` : title;
  const receive = [
    "waybill",
    "receive",
    file,
    "--trust",
    "trusted.pub",
    ...(purl === undefined ? [] : ["--expect", purl]),
  ];
  return markup`<p>This page is not signed and proves nothing by itself. Check the artifact and its papers with a public key that you have from elsewhere than this delivery, here <code>trusted.pub</code>.</p>
${sha256 === undefined ? undefined : command("That these are the bytes of this report:", `echo ${commandLine([`${sha256}  ${file}`])} | sha256sum --check`)}
${command("That the papers hold, and that your own policy allows it:", commandLine(receive))}
${papers.length === 0 ? undefined : command("The same with cosign, paper by paper:", cosign(file, input))}`;
}

function says(predicateType: string): string {
  const name = SHORT_NAMES.get(predicateType);
  return name === undefined ? "Another statement" : SAYS[name];
}

function cosign(file: string, { papers }: ReportInput): string {
  const paper = papers.find(({ predicateType }) => predicateType === PREDICATE_TYPES.provenance) ?? papers[0];
  const type = paper?.predicateType ?? "";
  const name = SHORT_NAMES.get(type);
  // A pattern for the shell, so that the number in the exported file's name need not be known here.
  const bundle = name === undefined ? "papers/PAPER.sigstore.json" : `papers/*-${name}.sigstore.json`;
  const words = ["cosign", "verify-blob-attestation", "--key", "trusted.pub", "--insecure-ignore-tlog", "--type", type];
  return `${commandLine(["waybill", "papers", "export", file, "--to", "papers"])} && ${commandLine(words)} --bundle ${bundle} ${commandLine([file])}`;
}

function command(what: string, line: string): Markup {
  return markup`<p class="what">${what}</p><pre><code>${line}</code></pre>
`;
}
