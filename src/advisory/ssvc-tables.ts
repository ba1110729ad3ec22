import type { SsvcDecision } from "../model/advisory.ts";

/** Least urgent first. */
export const SSVC_DECISIONS: readonly SsvcDecision[] = ["defer", "scheduled", "out-of-cycle", "immediate"];

/** A decision point of SSVC 2 (CERT/CC; certcc.github.io/SSVC/reference/decision_points): values with their keys, least first. */
export interface DecisionPoint<V extends string = string> {
  readonly name: string;
  readonly key: string;
  readonly version: string;
  readonly values: Readonly<Record<V, string>>;
}

function point<V extends string>(
  key: string,
  version: string,
  name: string,
  values: Readonly<Record<V, string>>,
): DecisionPoint<V> {
  return { name, key, version, values };
}

export const EXPLOITATION = point("E", "1.1.0", "Exploitation", { none: "N", "public poc": "P", active: "A" });
export const EXPOSURE = point("EXP", "1.0.1", "System Exposure", { small: "S", controlled: "C", open: "O" });
export const AUTOMATABLE = point("A", "2.0.0", "Automatable", { no: "N", yes: "Y" });
export const TECHNICAL_IMPACT = point("TI", "1.0.0", "Technical Impact", { partial: "P", total: "T" });
export const VALUE_DENSITY = point("VD", "1.0.0", "Value Density", { diffuse: "D", concentrated: "C" });
export const MISSION_IMPACT = point("MI", "2.0.0", "Mission Impact", {
  degraded: "D",
  "mef support crippled": "MSC",
  "mef failure": "MEF",
  "mission failure": "MF",
});
export const SAFETY_IMPACT = point("SI", "2.0.1", "Safety Impact", {
  negligible: "N",
  marginal: "M",
  critical: "R",
  catastrophic: "C",
});
const HUMAN_IMPACT = point("HI", "2.0.2", "Human Impact", { low: "L", medium: "M", high: "H", "very high": "VH" });
const UTILITY = point("U", "1.0.1", "Utility", { laborious: "L", efficient: "E", "super effective": "S" });
const PUBLIC_SAFETY = point("PSI", "2.0.1", "Public Safety Impact", { minimal: "M", significant: "S" });
/** The outcome of the deployer's and the supplier's table. */
export const DECISION = point("DSOI", "1.0.0", "Decision", {
  defer: "D",
  scheduled: "S",
  "out-of-cycle": "O",
  immediate: "I",
});

/** A decision table: its points and outcome, and the outcome of each combination as the place of its value, the last point fastest. */
export interface DecisionTable<O extends string = string> {
  readonly inputs: readonly DecisionPoint[];
  readonly outcome: DecisionPoint<O>;
  readonly rows: string;
}

/** Rows are one letter an outcome: D(efer), S(cheduled), O(ut-of-cycle), I(mmediate), or the first letter of the value. */
function table<O extends string>(
  outcome: DecisionPoint<O>,
  inputs: readonly DecisionPoint[],
  rows: string,
): DecisionTable<O> {
  return { inputs, outcome, rows: rows.replaceAll(" ", "") };
}

/** Mission and situated safety impact together (version 1.0.0). */
export const HUMAN_IMPACT_TABLE = table(HUMAN_IMPACT, [SAFETY_IMPACT, MISSION_IMPACT], "LLMV LLMV MHHV VVVV");
/** Utility (version 1.0.0). */
export const UTILITY_TABLE = table(UTILITY, [AUTOMATABLE, VALUE_DENSITY], "LE ES");
/** Public safety impact (version 1.0.0). */
export const PUBLIC_SAFETY_TABLE = table(PUBLIC_SAFETY, [SAFETY_IMPACT], "MSSS");
/** Deployer Patch Application Priority, version 1.0.0: 72 rows. */
export const DEPLOYER_TABLE = table(
  DECISION,
  [EXPLOITATION, EXPOSURE, AUTOMATABLE, HUMAN_IMPACT],
  "DDSS DSSS DSSS SSSS DSSS SSSO  DSSS SSSS DSSS SSSO SSSO SSOO  SSOO SOOO SSOO OOOO SOOI OOII",
);
/** Supplier Patch Development Priority, version 1.0.0: 36 rows. */
export const SUPPLIER_TABLE = table(
  DECISION,
  [EXPLOITATION, UTILITY, TECHNICAL_IMPACT, PUBLIC_SAFETY],
  "DSSO SOSO SOOO  SOSI SIOI OIOI  OIOI OIOI IIII",
);

/** The outcome for values of the table's points, in their order. */
export function decide<O extends string>({ inputs, outcome, rows }: DecisionTable<O>, values: readonly string[]): O {
  let row = 0;
  for (const [index, { values: names, name }] of inputs.entries()) {
    const place = Object.keys(names).indexOf(values[index] ?? "");
    if (place < 0) throw new Error(`${name} has no value ${values[index] ?? "(none)"}`);
    row = row * Object.keys(names).length + place;
  }
  const letter = rows[row]?.toLowerCase() ?? "";
  const found = (Object.keys(outcome.values) as O[]).find((value) => value.startsWith(letter));
  if (found === undefined) throw new Error(`${outcome.name} has no value ${letter}`);
  return found;
}
