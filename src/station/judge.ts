import { match } from "../advisory/match.ts";
import { withBytes } from "../advisory/reachability.ts";
import type { MatchResult } from "../model/advisory.ts";
import type { Known, Timestamp } from "../model/digest.ts";
import type { Sbom } from "../model/sbom.ts";
import type { Inputs } from "./inputs.ts";

/** Findings of an SBOM at a time, or why there are none to be had: without an index nothing is "clean". */
export function matched(
  sbom: Sbom,
  inputs: Pick<Inputs, "index" | "vex" | "overrules">,
  at: Timestamp,
): Known<MatchResult> {
  if (inputs.index === undefined) {
    return { known: false, why: "no advisory index: waybill db build --from DIR --output FILE, then --db FILE" };
  }
  return {
    known: true,
    value: match(sbom, inputs.index, { vex: inputs.vex, overrules: inputs.overrules?.overrules ?? [], at }),
  };
}

/** Findings of what is declared, each with the evidence whether the package's bytes are in what was made of it. */
export function withShippedBytes(found: Known<MatchResult>, analyzed: Sbom): Known<MatchResult> {
  if (!found.known) return found;
  return { known: true, value: { ...found.value, findings: withBytes(found.value.findings, analyzed) } };
}
