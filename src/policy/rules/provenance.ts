import { cleanText } from "../../artifact/clean-text.ts";
import { matchPattern } from "../../artifact/pattern.ts";
import { parseProvenance, type Provenance } from "../../format/slsa.ts";
import { WAYBILL_URI } from "../../model/statement.ts";
import type { BuildLevel, Evidence } from "../../model/trust.ts";
import { nearestWord } from "../../trust/nearest-word.ts";
import { fails, passes, readPredicate, requiredEvidence } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { badValue, Keys } from "../values.ts";

interface ProvenanceParams {
  readonly level: number;
  /** Patterns over builder.id; absent: whichever builder the signer is trusted with. */
  readonly builders?: readonly string[];
  readonly source: "any" | "clean";
}

/** Builders that have a short name in a policy. */
const BUILDERS: Readonly<Record<string, string>> = {
  "github-hosted": "https://github.com/actions/runner/github-hosted",
  waybill: `${WAYBILL_URI}/*`,
};
const LEVEL = /^SLSA_BUILD_(?:L|LEVEL_)([0-3])$/;
const FIX = "waybill ship builds with provenance; waybill papers list FILE shows the papers that are there";

const levelOf = (level: BuildLevel | undefined): number => Number(level?.slice(-1) ?? 0);
const levelName = (level: number): string => `SLSA_BUILD_LEVEL_${level}`;

/** A builder on somebody's own machine can show level 1 and never more, whatever the trust file grants (SLSA v1.2, Build L2: hosted). */
function cap(evidence: Evidence, provenance: Provenance): number {
  const granted = levelOf(evidence.buildLevel);
  return provenance.builderId.startsWith(`${WAYBILL_URI}/`) ? Math.min(granted, 1) : granted;
}

function sourceOf(provenance: Provenance): { readonly dirty: boolean; readonly text: string } {
  const source = provenance.resolvedDependencies.find(({ annotations }) => annotations?.["role"] === "source");
  const dirty = source?.annotations?.["dirty"] === true;
  const uri = cleanText(source?.uri ?? "a source that is not named", 100);
  return { dirty, text: `from ${uri}${dirty ? " with uncommitted changes" : ""}` };
}

function judge(params: ProvenanceParams, evidence: Evidence, expected: string): Outcome {
  const read = readPredicate(evidence, expected, (where) => parseProvenance(evidence.statement.predicate, where));
  if ("outcome" in read) return read.outcome;
  const { builderId } = read.value;
  const level = cap(evidence, read.value);
  const source = sourceOf(read.value);
  const found = `${levelName(level)} by ${cleanText(builderId, 100)}, signed by ${cleanText(evidence.signer.name, 60)}, ${source.text}`;
  const papers = [evidence.paper];
  if (level < params.level)
    return fails(expected, found, papers, `build on a builder that reaches ${levelName(params.level)}`);
  if (params.builders?.some((pattern) => matchPattern(pattern, builderId)) === false) {
    return fails(expected, found, papers, "build on one of the builders that the policy names");
  }
  if (params.source === "clean" && source.dirty)
    return fails(expected, found, papers, "commit the changes and build again");
  return passes(expected, found, papers);
}

export const provenance: RuleFile<ProvenanceParams> = {
  id: "build.provenance",
  title: "Signed provenance says where, from what and by which builder the artifact was built",
  stations: ["build", "package"],
  parse(value, place) {
    const keys = new Keys(value, place, "build.provenance", ["level", "builders", "source"]);
    const level = keys.text("level");
    const digit = level === undefined ? "1" : LEVEL.exec(level)?.[1];
    if (digit === undefined) throw keys.fault("level", "SLSA_BUILD_L0 to SLSA_BUILD_L3 (or SLSA_BUILD_LEVEL_0 to 3)");
    const builders = keys.texts("builders")?.map((word, index) => {
      if (Object.hasOwn(BUILDERS, word)) return BUILDERS[word] ?? word;
      if (word.includes(":") || word.includes("*")) return word;
      const near = nearestWord(word, Object.keys(BUILDERS));
      const hint = near === undefined ? "write the builder.id, with * as you need" : `did you mean ${near}?`;
      const names = `a builder.id or one of ${Object.keys(BUILDERS).join(", ")}`;
      throw badValue(keys.at("builders", index), `builders[${index}]`, names, word, hint);
    });
    const source = keys.word("source", ["any", "clean"]) ?? "any";
    return { level: Number(digit), source, ...(builders !== undefined && { builders }) };
  },
  evaluate(params, facts) {
    const expected = this.explain(params);
    const papers = requiredEvidence(facts, "provenance", expected, FIX);
    if ("outcome" in papers) return [papers.outcome];
    const outcomes = papers.evidence.map((evidence) => judge(params, evidence, expected));
    const good = outcomes.find(({ outcome }) => outcome === "pass");
    return [...(good === undefined ? outcomes : [good]), ...papers.beside];
  },
  explain(params) {
    const by = params.builders === undefined ? "" : ` by ${params.builders.join(" or ")}`;
    const clean = params.source === "clean" ? ", from committed sources" : "";
    return `provenance of ${levelName(params.level)} or higher${by}${clean}`;
  },
  atLeastAsStrict(pinned, project) {
    const builders = pinned.builders;
    const narrower = builders === undefined || project.builders?.every((one) => builders.includes(one)) === true;
    return project.level >= pinned.level && narrower && (pinned.source === "any" || project.source === "clean");
  },
};
