import {
  AUTOMATABLE,
  DECISION,
  type DecisionPoint,
  EXPLOITATION,
  EXPOSURE,
  HUMAN_IMPACT,
  MISSION_IMPACT,
  PUBLIC_SAFETY,
  SAFETY_IMPACT,
  TECHNICAL_IMPACT,
  UTILITY,
  VALUE_DENSITY,
} from "../format/ssvc-points.ts";
import type { SsvcDecision } from "../model/advisory.ts";

/** Least urgent first. */
export const SSVC_DECISIONS: readonly SsvcDecision[] = ["defer", "scheduled", "out-of-cycle", "immediate"];

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
