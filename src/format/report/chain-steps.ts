import type { Reason } from "../../model/policy.ts";
import type { ReportInput, Told } from "./input.ts";
import { bearingOf } from "./reason-groups.ts";
import { count, DECISION, shortDigest, type Tone } from "./words.ts";

/** One stop of the chain of custody. */
export interface ChainStep {
  readonly title: string;
  readonly tone: Tone;
  /** Good only by the word of a signer whose paper verified: nobody here saw it. */
  readonly claimed: boolean;
  /** The state in one word: verified, claimed, refused, unchecked, warning. */
  readonly state: string;
  /** Two lines at most, each short; the picture cuts what is longer. */
  readonly lines: readonly string[];
  /** Short digest. */
  readonly digest?: string;
}

/** A state and what is said for it. */
type Finding = Pick<ChainStep, "tone" | "lines" | "digest"> & { readonly told?: Told };

const STATE: Readonly<Record<Tone, string>> = { good: "verified", bad: "refused", open: "unchecked", warn: "warning" };
const WORST: readonly Tone[] = ["good", "warn", "open", "bad"];

/** The stop that a rule speaks about, by its id without the station; other rules speak about the verdict only. */
const STOP_OF_RULE = new Map<string, string>([
  ["sbom", "Dependencies"],
  ["licenses", "Dependencies"],
  ["vulnerabilities", "Dependencies"],
  ["known-malware", "Dependencies"],
  ["provenance", "Build"],
  ["hermetic", "Build"],
  ["identity", "Artifact"],
  ["reproducible", "Rebuild"],
  ["manifest", "Papers"],
  ["signed-by", "Papers"],
  ["verify", "Papers"],
  ["freshness", "Papers"],
]);

/**
 * The stops from source to verdict. A stop is verified only by a fact in the input; a reason of the verdict that speaks
 * about it can make it worse, never better.
 */
export function chainSteps(input: ReportInput): readonly ChainStep[] {
  const stops: readonly (readonly [string, Finding])[] = [
    ["Source", source(input)],
    ["Dependencies", dependencies(input)],
    ["Build", build(input)],
    ["Artifact", artifact(input)],
    ["Rebuild", rebuild(input)],
    ["Papers", papers(input)],
  ];
  const steps = stops.map(([title, { told, ...finding }]): ChainStep => {
    const tone = worst([finding.tone, ...tonesAbout(title, input.verdict.reasons)]);
    if (told === undefined || told.kind === "seen")
      return { title, ...finding, tone, claimed: false, state: STATE[tone] };
    const lines = [...finding.lines.slice(0, 1), `says ${told.by}`];
    return {
      title,
      ...finding,
      lines,
      tone,
      claimed: tone === "good",
      state: tone === "good" ? "claimed" : STATE[tone],
    };
  });
  return [...steps, verdict(input)];
}

function tonesAbout(title: string, reasons: readonly Reason[]): Tone[] {
  const tones = { failed: "bad", unchecked: "open", warned: "warn", excepted: "warn", passed: "good" } as const;
  return reasons
    .filter(({ rule }) => STOP_OF_RULE.get(rule.slice(rule.indexOf(".") + 1)) === title)
    .map((reason) => tones[bearingOf(reason)]);
}

function worst(tones: readonly Tone[]): Tone {
  return tones.reduce((a, b) => (WORST.indexOf(b) > WORST.indexOf(a) ? b : a));
}

function source({ build: made }: ReportInput): Finding {
  if (made === undefined) return { tone: "open", lines: ["no record of a build", "in this report"] };
  const { told } = made;
  const { digests, dirty, ref } = made.source;
  const algorithm = (["gitCommit", "gitTree", "dirHash"] as const).find((each) => digests[each] !== undefined);
  if (algorithm === undefined) return { tone: "open", lines: ["without a digest"], told };
  const digest = shortDigest(digests[algorithm] ?? "", algorithm === "dirHash" ? "dir" : "git");
  if (dirty) return { tone: "open", lines: ["with uncommitted changes"], digest, told };
  const name = ref?.replace(/^refs\/(?:heads|tags)\//, "");
  return { tone: "good", lines: [name ?? "sources as recorded", "no uncommitted changes"], digest, told };
}

function dependencies({ declared, analyzed, matched }: ReportInput): Finding {
  const sbom = declared ?? analyzed;
  if (sbom === undefined) return { tone: "open", lines: ["no list of components"] };
  const listed = count(sbom.components.length, "component");
  if (!matched.known) return { tone: "open", lines: [listed, "no advisories asked"] };
  const findings = count(matched.value.findings.length, "finding");
  const complete = sbom.completeness.components === "complete" && matched.value.unknown.length === 0;
  return complete
    ? { tone: "good", lines: [listed, findings] }
    : { tone: "open", lines: [listed, `${findings}, incomplete`] };
}

function build({ build: made }: ReportInput): Finding {
  if (made === undefined) return { tone: "open", lines: ["no record of a build", "in this report"] };
  const { told, run } = made;
  if (run === undefined) return { tone: "good", lines: [made.builderId.replace(/^https:\/\//, "")], told };
  const recorded = `${count(run.exchanges, "download")} recorded`;
  if (run.mode === "none") return { tone: "open", lines: ["without a sandbox", recorded], told };
  return { tone: "good", lines: ["in a sandbox", recorded], told };
}

function artifact({ artifact: it, verdict: judged, build: made }: ReportInput): Finding {
  const { sha256 } = it.digests;
  if (sha256 === undefined) return { tone: "open", lines: ["without a SHA-256"] };
  const digest = shortDigest(sha256);
  if (sha256 !== judged.subject.digest) return { tone: "bad", lines: ["not the bytes of", "the verdict"], digest };
  if (made === undefined) return { tone: "good", lines: ["these are the bytes", "that were judged"], digest };
  // The bytes were compared here, whoever says what the build put out.
  const whose = made.told.kind === "seen" ? "build put out" : "provenance is about";
  return made.outputs.some((output) => output.digests.sha256 === sha256)
    ? { tone: "good", lines: ["the bytes that the", whose], digest }
    : { tone: "bad", lines: ["not what the build", "put out"], digest };
}

function rebuild({ rebuild: again, artifact: it }: ReportInput): Finding {
  if (again === undefined) return { tone: "open", lines: ["not built again", "in this report"] };
  const { told, outcome, first, second } = again;
  const digest = shortDigest(second);
  const varied = `${count(again.factors.length, "factor")} varied`;
  const found = (tone: Tone, line: string): Finding => ({ tone, lines: [line, varied], digest, told });
  if (it.digests.sha256 !== first && it.digests.sha256 !== second) return found("bad", "of another artifact");
  if (outcome === "identical") return found("good", "identical bytes");
  if (outcome === "different") return found("bad", count(again.differences.length, "difference"));
  return found("good", `equal after ${count(again.normalised.length, "normaliser")}`);
}

function papers({ papers: all, verdict: judged }: ReportInput): Finding {
  if (all.length === 0) return { tone: "open", lines: ["there are none"] };
  const of = (outcome: string): number => all.filter((paper) => paper.outcome === outcome).length;
  const total = count(all.length, "paper");
  // A refused paper that the verdict passes over, such as a stranger's, is warned of here as there.
  const tone = judged.decision === "deny" ? "bad" : "warn";
  if (of("refused") > 0) return { tone, lines: [`${of("refused")} of ${total}`, "refused"] };
  if (of("unchecked") > 0) return { tone: "open", lines: [`${of("unchecked")} of ${total}`, "not checked"] };
  const signers = new Set(all.map((paper) => paper.signer));
  return { tone: "good", lines: [total, `by ${count(signers.size, "signer")}`] };
}

function verdict({ verdict: { decision, reasons, inputs } }: ReportInput): ChainStep {
  const states = { allow: "allowed", warn: "allowed, with warnings", deny: "refused" } as const;
  const { tone } = DECISION[decision];
  return {
    title: "Verdict",
    tone,
    claimed: false,
    state: states[decision],
    lines: [count(reasons.length, "check"), "by the policy"],
    digest: shortDigest(inputs.policy.digest),
  };
}
