import { cleanText } from "../artifact/clean-text.ts";
import { parseStatement } from "../format/intoto.ts";
import type { ReportPaper } from "../format/report/input.ts";
import type { Paper } from "../model/bundle.ts";
import type { VerifiedPapers } from "./verify-papers.ts";

function typeOf(paper: Paper): string {
  try {
    return parseStatement(Buffer.from(paper.bundle.dsseEnvelope.payload, "base64"), `line ${paper.line}`).predicateType;
  } catch {
    return "unreadable";
  }
}

/** Of an unverified paper only the hint of a key is known, which anybody can write. */
function claimedKey(paper: Paper): string {
  const { hint } = paper.bundle.verificationMaterial.publicKey;
  return hint === "" ? "nobody is named" : `not verified; names the key ${cleanText(hint, 13)}`;
}

/** Each paper with what became of its verification. A paper that was not judged yet is `unchecked`, never verified. */
export function reportPapers(papers: readonly Paper[], verified: VerifiedPapers): readonly ReportPaper[] {
  return papers.map((paper): ReportPaper => {
    const proof = verified.evidence.find((evidence) => evidence.paper === paper.digest);
    const predicateType = typeOf(paper);
    if (proof !== undefined)
      return { predicateType, digest: paper.digest, signer: proof.signer.name, outcome: "verified" };
    const refusal = verified.refusals.find((each) => each.paper === paper.digest);
    const broken = refusal?.checks.find(({ outcome }) => outcome === "refused");
    const signer = claimedKey(paper);
    if (broken?.code === undefined) return { predicateType, digest: paper.digest, signer, outcome: "unchecked" };
    return { predicateType, digest: paper.digest, signer, outcome: "refused", code: broken.code };
  });
}
