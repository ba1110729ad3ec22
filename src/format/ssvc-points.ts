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
export const HUMAN_IMPACT = point("HI", "2.0.2", "Human Impact", {
  low: "L",
  medium: "M",
  high: "H",
  "very high": "VH",
});
export const UTILITY = point("U", "1.0.1", "Utility", { laborious: "L", efficient: "E", "super effective": "S" });
export const PUBLIC_SAFETY = point("PSI", "2.0.1", "Public Safety Impact", { minimal: "M", significant: "S" });
/** The outcome of the deployer's and the supplier's table. */
export const DECISION = point("DSOI", "1.0.0", "Decision", {
  defer: "D",
  scheduled: "S",
  "out-of-cycle": "O",
  immediate: "I",
});
