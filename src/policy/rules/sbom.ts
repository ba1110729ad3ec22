import { cleanText } from "../../artifact/clean-text.ts";
import { parseCycloneDx } from "../../format/cyclonedx-read.ts";
import { parseCycloneDxDocument } from "../../format/cyclonedx/document.ts";
import { canonicalJson } from "../../format/json.ts";
import { statedByCycloneDx } from "../../format/score/cyclonedx.ts";
import { scoreBy } from "../../format/score/score.ts";
import type { DocumentFact } from "../../format/score/stated.ts";
import { compareSboms } from "../../inventory/agreement.ts";
import type { Facts } from "../../model/policy.ts";
import type { Sbom } from "../../model/sbom.ts";
import type { Evidence } from "../../model/trust.ts";
import { fails, passes, readPredicate, requiredEvidence, unchecked } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { badValue, Keys } from "../values.ts";

const FORMATS = ["cyclonedx", "spdx"] as const;
const MINIMA = ["none", "ntia"] as const;
const SHOWN = 5;
const FIX = "waybill ship states what is in the artifact";

interface SbomParams {
  /** Each of these must be there; the contents are judged by the CycloneDX one. */
  readonly formats: readonly (typeof FORMATS)[number][];
  readonly minimum: (typeof MINIMA)[number];
  /** The document must say that its list of components is complete. */
  readonly complete: boolean;
}

interface Read {
  readonly evidence: Evidence;
  readonly sbom: Sbom;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => cleanText(name, 80));
  return `${shown.join(", ")}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ""}`;
}

/**
 * The elements of NTIA's list (format/score) that a paper lacks. A signed paper has an author, its signer, whatever the document
 * says, and where the time of signing is known it has a time.
 */
function missingMinimum({ evidence }: Read): readonly string[] {
  const bytes = Buffer.from(canonicalJson(evidence.statement.predicate));
  const stated = statedByCycloneDx(parseCycloneDxDocument(bytes, "sbom"));
  const signed: readonly DocumentFact[] = evidence.time.value === null ? ["author"] : ["author", "timestamp"];
  const { elements } = scoreBy("ntia", { ...stated, facts: new Set([...stated.facts, ...signed]) });
  return elements
    .filter(({ have, asked }) => have !== asked)
    .map(({ element, missing }) =>
      missing.length === 0 ? element.title : `${element.title} (${some(missing.map(({ name }) => name))})`,
    );
}

function judgeContents(params: SbomParams, facts: Facts, read: Read, expected: string): Outcome {
  const { sbom, evidence } = read;
  const papers = [evidence.paper];
  const { components, method } = sbom.completeness;
  if (params.complete && components !== "complete") {
    return fails(expected, `the list of components is ${components} (${method})`, papers, FIX);
  }
  const missing = params.minimum === "ntia" ? missingMinimum(read) : [];
  if (missing.length > 0) return fails(expected, `without ${missing.join("; ")}`, papers, FIX);
  if (facts.inspected === undefined)
    return unchecked(expected, "the bytes were not inventoried, so the claim was not compared", papers);
  const { onlySeen, versionDiffers } = compareSboms(sbom, facts.inspected);
  const other = versionDiffers.map(({ name, claimed, seen }) => `${name} ${seen} (claimed ${claimed})`);
  if (onlySeen.length + other.length > 0) {
    return fails(
      expected,
      `in the bytes and not in the SBOM: ${some([...onlySeen, ...other])}`,
      papers,
      "do not rely on this SBOM: ask the producer",
    );
  }
  return passes(
    expected,
    `${sbom.components.length} components, ${components}, by ${cleanText(evidence.signer.name, 60)}; it agrees with the bytes`,
    papers,
  );
}

function judgeCycloneDx(
  params: SbomParams,
  facts: Facts,
  papers: readonly Evidence[],
  expected: string,
): readonly Outcome[] {
  const reads = papers.map((evidence) => {
    const { predicate } = evidence.statement;
    const read = readPredicate(evidence, expected, (where) =>
      parseCycloneDx(Buffer.from(canonicalJson(predicate)), where),
    );
    return "outcome" in read ? read : { evidence, sbom: read.value };
  });
  const broken = reads.flatMap((read) => ("outcome" in read ? [read.outcome] : []));
  if (broken.length > 0) return broken;
  const analyzed = reads.filter((read): read is Read => "sbom" in read && read.sbom.lifecycle === "analyzed");
  if (analyzed.length === 0) {
    const seen = reads.map((read) => ("sbom" in read ? read.sbom.lifecycle : ""));
    return [
      fails(
        expected,
        `an SBOM of lifecycle ${seen.join(", ")} is not one of the bytes`,
        papers.map(({ paper }) => paper),
        FIX,
      ),
    ];
  }
  return analyzed.map((read) => judgeContents(params, facts, read, expected));
}

export const sbom: RuleFile<SbomParams> = {
  id: "package.sbom",
  title: "A signed SBOM says what is in the bytes, and agrees with them",
  stations: ["package"],
  parse(value, place) {
    const keys = new Keys(value, place, "package.sbom", ["formats", "minimum", "complete"]);
    const formats = keys.words("formats", FORMATS) ?? ["cyclonedx"];
    if (!formats.includes("cyclonedx"))
      throw badValue(keys.at("formats"), "formats", "a list with cyclonedx, which the contents are judged by", formats);
    return { formats, minimum: keys.word("minimum", MINIMA) ?? "none", complete: keys.flag("complete") ?? false };
  },
  evaluate(params, facts) {
    const expected = this.explain(params);
    return params.formats.flatMap((format) => {
      const name = `${expected} (${format})`;
      const papers = requiredEvidence(facts, format, name, FIX);
      if ("outcome" in papers) return [papers.outcome];
      if (format === "cyclonedx") return [...judgeCycloneDx(params, facts, papers.evidence, name), ...papers.beside];
      return [
        passes(
          name,
          `signed by ${cleanText(papers.evidence[0]?.signer.name ?? "", 60)}`,
          papers.evidence.map(({ paper }) => paper),
        ),
        ...papers.beside,
      ];
    });
  },
  explain({ formats, minimum, complete }) {
    const least = minimum === "none" ? "" : ", NTIA's minimum elements";
    return `a signed SBOM of the bytes as ${formats.join(" and ")}${least}${complete ? ", complete" : ""}, agreeing with what is seen in them`;
  },
  atLeastAsStrict: (pinned, project) =>
    pinned.formats.every((format) => project.formats.includes(format)) &&
    (pinned.minimum === "none" || project.minimum === "ntia") &&
    (!pinned.complete || project.complete),
};
