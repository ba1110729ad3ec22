import { openSource } from "../../artifact/open.ts";
import { collect } from "../../inventory/collect.ts";
import { inspect } from "../../inventory/inspect.ts";
import type { MatchResult } from "../../model/advisory.ts";
import type { Known, Timestamp } from "../../model/digest.ts";
import type { Surroundings } from "../../model/extractor.ts";
import type { Verdict } from "../../model/policy.ts";
import type { Sbom } from "../../model/sbom.ts";
import { evaluate } from "../../policy/evaluate.ts";
import type { Inputs } from "../inputs.ts";
import { matched } from "../judge.ts";

/** What `check` found out about a project or artifact as it stands. */
export interface Checked {
  readonly sbom: Sbom;
  readonly matched: Known<MatchResult>;
  readonly verdict: Verdict;
}

/** reference → collect → match → evaluate, with the `package` station's rules that need no build. Writes nothing. */
export async function check(
  reference: string,
  inputs: Inputs,
  at: Timestamp,
  around: Surroundings = {},
): Promise<Checked> {
  const source = await openSource(reference);
  try {
    const isPackage = source.artifact.kind === "npm-package";
    const sbom = isPackage ? inspect(source) : await collect(source, around);
    const found = matched(sbom, inputs, at);
    const verdict = evaluate(
      inputs.policy,
      {
        station: "package",
        artifact: source.artifact,
        ...(sbom.subject.purl === undefined ? {} : { stated: sbom.subject.purl }),
        evidence: [],
        refusals: [],
        papers: [],
        ...(isPackage ? { inspected: sbom } : { declared: sbom }),
        matched: found,
        trust: inputs.trust,
        vex: inputs.vexOrigins,
        ...(inputs.overrules !== undefined && { overrules: inputs.overrules.input }),
        at,
      },
      "sources",
    );
    return { sbom, matched: found, verdict };
  } finally {
    source.close();
  }
}
