import type { Reason } from "../../model/policy.ts";
import type { ReportInput } from "./input.ts";
import { bearingOf } from "./reason-groups.ts";
import { count, DECISION, shortDigest, type Tone } from "./words.ts";

/** One stop of the chain of custody. */
export interface ChainStep {
  readonly title: string;
  readonly tone: Tone;
  /** The state in one word: verified, refused, unchecked, warning. */
  readonly state: string;
  /** Two lines at most, each short; the picture cuts what is longer. */
  readonly lines: readonly string[];
  /** Short digest. */
  readonly digest?: string;
}

/** A state and what is said for it. */
type Finding = Pick<ChainStep, "tone" | "lines" | "digest">;

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
  const steps = stops.map(([title, finding]) => {
    const tone = worst([finding.tone, ...tonesAbout(title, input.verdict.reasons)]);
    return { title, ...finding, tone, state: STATE[tone] };
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
  const { digests, dirty, ref } = made.source;
  const algorithm = (["gitCommit", "gitTree", "dirHash"] as const).find((each) => digests[each] !== undefined);
  if (algorithm === undefined) return { tone: "open", lines: ["without a digest"] };
  const digest = shortDigest(digests[algorithm] ?? "", algorithm === "dirHash" ? "dir" : "git");
  if (dirty) return { tone: "open", lines: ["with uncommitted", "changes"], digest };
  const name = ref?.replace(/^refs\/(?:heads|tags)\//, "");
  return { tone: "good", lines: [name ?? "sources as recorded", "no uncommitted changes"], digest };
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
  const recorded = `${count(made.exchanges, "download")} recorded`;
  if (made.mode === "none") return { tone: "open", lines: ["without a sandbox", recorded] };
  return { tone: "good", lines: ["in a sandbox", recorded] };
}

function artifact({ artifact: it, verdict: judged, build: made }: ReportInput): Finding {
  const { sha256 } = it.digests;
  if (sha256 === undefined) return { tone: "open", lines: ["without a SHA-256"] };
  const digest = shortDigest(sha256);
  if (sha256 !== judged.subject.digest) return { tone: "bad", lines: ["not the bytes of", "the verdict"], digest };
  if (made === undefined) return { tone: "good", lines: ["these are the bytes", "that were judged"], digest };
  return made.outputs.some((output) => output.digests.sha256 === sha256)
    ? { tone: "good", lines: ["the bytes that the", "build put out"], digest }
    : { tone: "bad", lines: ["not what the build", "put out"], digest };
}

function rebuild({ rebuild: again, artifact: it }: ReportInput): Finding {
  if (again === undefined) return { tone: "open", lines: ["not built again", "in this report"] };
  const digest = shortDigest(again.second);
  if (again.first !== it.digests.sha256) return { tone: "bad", lines: ["of another artifact"], digest };
  const varied = `${count(again.factors.length, "factor")} varied`;
  if (again.outcome === "identical") return { tone: "good", lines: ["identical bytes", varied], digest };
  if (again.outcome === "different")
    return { tone: "bad", lines: [count(again.differences.length, "difference"), varied], digest };
  return { tone: "good", lines: [`equal after ${count(again.normalised.length, "normaliser")}`, varied], digest };
}

function papers({ papers: all }: ReportInput): Finding {
  if (all.length === 0) return { tone: "open", lines: ["there are none"] };
  const of = (outcome: string): number => all.filter((paper) => paper.outcome === outcome).length;
  const total = count(all.length, "paper");
  if (of("refused") > 0) return { tone: "bad", lines: [`${of("refused")} of ${total}`, "refused"] };
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
    state: states[decision],
    lines: [count(reasons.length, "check"), "by the policy"],
    digest: shortDigest(inputs.policy.digest),
  };
}
