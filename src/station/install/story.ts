import { basename } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import { openSource } from "../../artifact/open.ts";
import { openPapers } from "../../evidence/papers.ts";
import { parseCycloneDx } from "../../format/cyclonedx-read.ts";
import { parseStatement } from "../../format/intoto.ts";
import { canonicalJson } from "../../format/json.ts";
import { parseRebuild, parseVerdict } from "../../format/predicates.ts";
import { parseProvenance, parseVsa } from "../../format/slsa.ts";
import { inspect } from "../../inventory/inspect.ts";
import type { Artifact } from "../../model/artifact.ts";
import type { Paper } from "../../model/bundle.ts";
import type { Timestamp } from "../../model/digest.ts";
import { PREDICATE_TYPES, type Statement } from "../../model/statement.ts";
import type { Outcome, Trust } from "../../model/trust.ts";
import { verifyPapers } from "../verify-papers.ts";

/** One line of an artifact's story: what a paper says, and whether it may be believed. */
export interface Chapter {
  readonly question: "built" | "contents" | "known" | "rebuilt" | "judged" | "papers" | "other";
  readonly says: string;
  readonly outcome: Outcome;
  /** Who signed it, or why it is not verified. */
  readonly by: string;
  readonly paper: string;
}

export interface Story {
  readonly artifact: Artifact;
  readonly stated: string | undefined;
  readonly chapters: readonly Chapter[];
}

type Teller = (statement: Statement, where: string) => readonly [Chapter["question"], string];

const TELLERS: Readonly<Record<string, Teller>> = {
  [PREDICATE_TYPES.provenance]: ({ predicate }, where) => {
    const { builderId, resolvedDependencies, finishedOn } = parseProvenance(predicate, where);
    const [source, ...inputs] = resolvedDependencies;
    const commit = source?.digest?.gitCommit ?? source?.digest?.dirHash ?? "no digest";
    return [
      "built",
      `from ${source?.uri ?? "an unnamed source"} at ${commit.slice(0, 12)}, with ${inputs.length} inputs, by ${builderId}, finished ${finishedOn ?? "at no stated time"}`,
    ];
  },
  [PREDICATE_TYPES.cyclonedx]: ({ predicate }, where) => {
    const { lifecycle, components, completeness } = parseCycloneDx(Buffer.from(canonicalJson(predicate)), where);
    return ["contents", `${lifecycle} SBOM: ${components.length} components (${completeness.components})`];
  },
  [PREDICATE_TYPES.spdx]: () => ["contents", "the same in SPDX"],
  [PREDICATE_TYPES.vulns]: () => ["known", "findings as the producer saw them then: never taken as current"],
  [PREDICATE_TYPES.rebuild]: ({ predicate }, where) => {
    const { outcome, factors } = parseRebuild(predicate, where);
    return ["rebuilt", `${outcome} by the same signer (self-reproduced), varied: ${factors.join(", ")}`];
  },
  [PREDICATE_TYPES.verdict]: ({ predicate }, where) => {
    const { station, decision, at, verifierId } = parseVerdict(predicate, where);
    return ["judged", `${decision} at the ${station} station of ${verifierId}, ${at}`];
  },
  [PREDICATE_TYPES.vsa]: ({ predicate }, where) => {
    const { verificationResult, verifierId, verifiedLevels } = parseVsa(predicate, where);
    return ["judged", `${verificationResult} by ${verifierId} (${verifiedLevels.join(", ")})`];
  },
  [PREDICATE_TYPES.manifest]: ({ predicate }) => {
    const { papers } = predicate;
    return ["papers", `a list of ${Array.isArray(papers) ? papers.length : 0} papers that must be there`];
  },
};

/** Longest text of a chapter, in UTF-16 units: papers are anybody's, and what they say goes to a terminal. */
const LONGEST = 400;

function tell(paper: Paper, file: string): readonly [Chapter["question"], string] {
  const where = `${file}.waybill.jsonl:${paper.line}`;
  try {
    const statement = parseStatement(Buffer.from(paper.bundle.dsseEnvelope.payload, "base64"), where);
    return (
      TELLERS[statement.predicateType]?.(statement, where) ?? [
        "other",
        `a statement of type ${statement.predicateType}`,
      ]
    );
  } catch (error) {
    return ["other", error instanceof Error ? error.message : "unreadable"];
  }
}

const ORDER: readonly Chapter["question"][] = ["built", "contents", "known", "rebuilt", "judged", "papers", "other"];

/** The story of a file: each paper's claim with whether it verified, in the order of DESIGN's flow. */
export async function story(file: string, trust: Trust, at: Timestamp): Promise<Story> {
  const source = await openSource(file);
  try {
    const { artifact } = source;
    const stated = artifact.kind === "npm-package" ? inspect(source).subject.purl : undefined;
    const papers = openPapers(`${file}.waybill.jsonl`).read();
    const { evidence, refusals } = verifyPapers(
      papers,
      artifact,
      [basename(file), ...(stated === undefined ? [] : [stated])],
      trust,
      at,
    );
    const proofs = new Map(evidence.map((each) => [each.paper, each]));
    const refused = new Map(refusals.map((each) => [each.paper, each]));
    const chapters = papers.map((paper): Chapter => {
      const [question, says] = tell(paper, file);
      const proof = proofs.get(paper.digest);
      const checks = refused.get(paper.digest)?.checks ?? [];
      const broken =
        checks.find(({ outcome }) => outcome === "refused") ?? checks.find(({ outcome }) => outcome !== "verified");
      return {
        question,
        says: cleanText(says, LONGEST),
        outcome: proof === undefined ? (broken?.outcome ?? "unchecked") : "verified",
        by:
          proof === undefined
            ? `${broken?.code ?? "unchecked"}: ${broken?.name ?? "not verified"}`
            : cleanText(proof.signer.name, LONGEST),
        paper: paper.digest,
      };
    });
    return {
      artifact,
      stated,
      chapters: chapters.toSorted((a, b) => ORDER.indexOf(a.question) - ORDER.indexOf(b.question)),
    };
  } finally {
    source.close();
  }
}
