import { basename } from "node:path";
import { printPurl, parsePurl } from "../../artifact/purl.ts";
import { openSource } from "../../artifact/open.ts";
import { openPapers } from "../../evidence/papers.ts";
import { type Agreement, compareSboms } from "../../inventory/agreement.ts";
import { inspect } from "../../inventory/inspect.ts";
import type { MatchResult } from "../../model/advisory.ts";
import type { Artifact } from "../../model/artifact.ts";
import type { Paper } from "../../model/bundle.ts";
import type { Known, Purl, Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Verdict } from "../../model/policy.ts";
import type { Sbom } from "../../model/sbom.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { claimedContents, withClaimed } from "../claimed.ts";
import type { Inputs } from "../inputs.ts";
import { matched } from "../judge.ts";
import { signedVex } from "../vex-papers.ts";
import { verifyPapers, type VerifiedPapers } from "../verify-papers.ts";

/** What the receiver asks about one file. */
export interface ReceiveRequest {
  readonly file: string;
  /** The papers file; default `FILE.waybill.jsonl`. */
  readonly papers: string | undefined;
  /** `--expect`: name and version that the receiver asked for. */
  readonly expect: string | undefined;
  readonly at: Timestamp;
}

/** What the receiver found: its own look at the bytes beside what the papers claim. */
export interface Received {
  readonly artifact: Artifact;
  readonly papers: readonly Paper[];
  readonly verified: VerifiedPapers;
  readonly inspected: Sbom;
  readonly claimed: Sbom | undefined;
  readonly agreement: Agreement | undefined;
  readonly matched: Known<MatchResult>;
  readonly verdict: Verdict;
}

/** `--expect` as a canonical package URL. Throws `WB-USAGE-PURL` (input). */
function expectedPurl(text: string | undefined): Purl | undefined {
  if (text === undefined) return undefined;
  try {
    return printPurl(parsePurl(text));
  } catch {
    throw new Fault({
      code: "WB-USAGE-PURL",
      kind: "input",
      what: "--expect takes a package URL",
      expected: "pkg:npm/name@1.0.0",
      found: text.slice(0, 100),
    });
  }
}

/**
 * The main job of a consumer, off line: open → read papers → verify → inspect the bytes → compare with the claim → match with the
 * receiver's own index → evaluate the `install` rules. Nothing inside or beside the artifact judges it (DESIGN, rule 3); VEX statements
 * among the papers count where the receiver trusts their signer with that.
 */
export async function receive(request: ReceiveRequest, inputs: Inputs): Promise<Received> {
  const { file, at } = request;
  const expected = expectedPurl(request.expect);
  const source = await openSource(file);
  try {
    const { artifact } = source;
    const inspected = inspect(source);
    const stated = inspected.subject.purl;
    const papers = openPapers(request.papers ?? `${file}.waybill.jsonl`).read();
    const names = [basename(file), ...(stated === undefined ? [] : [stated])];
    const verified = verifyPapers(papers, artifact, names, inputs.trust, at);
    const claimed = claimedContents(verified.evidence);
    const signed = signedVex(verified.evidence);
    const vex = [...inputs.vex, ...signed.vex];
    const found = matched(withClaimed(inspected, claimed), { ...inputs, vex }, at);
    const verdict = evaluate(inputs.policy, {
      station: "install",
      artifact,
      ...(stated === undefined ? {} : { stated }),
      ...(expected === undefined ? {} : { expected }),
      evidence: verified.evidence,
      refusals: verified.refusals,
      papers: papers.map(({ digest }) => digest),
      inspected,
      matched: found,
      trust: inputs.trust,
      vex: [...inputs.vexOrigins, ...signed.origins],
      ...(inputs.overrules !== undefined && { overrules: inputs.overrules.input }),
      at,
    });
    const agreement = claimed === undefined ? undefined : compareSboms(claimed, inspected);
    return { artifact, papers, verified, inspected, claimed, agreement, matched: found, verdict };
  } finally {
    source.close();
  }
}
