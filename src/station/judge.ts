import { match } from "../advisory/match.ts";
import type { MatchResult } from "../model/advisory.ts";
import type { Known } from "../model/digest.ts";
import type { Sbom } from "../model/sbom.ts";
import type { Inputs } from "./inputs.ts";

/** Findings of an SBOM, or why there are none to be had: without an index nothing is "clean". */
export function matched(sbom: Sbom, inputs: Pick<Inputs, "index" | "vex">): Known<MatchResult> {
  if (inputs.index === undefined) {
    return { known: false, why: "no advisory index: waybill db build --from DIR --output FILE, then --db FILE" };
  }
  return { known: true, value: match(sbom, inputs.index, { vex: inputs.vex }) };
}
