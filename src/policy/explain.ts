import { cleanText } from "../artifact/clean-text.ts";
import type { Policy, PolicyRule, Station } from "../model/policy.ts";
import { exceptionText } from "./exceptions.ts";

const STATIONS: readonly Station[] = ["ingest", "build", "package", "install"];
const EFFECT = { observe: "is noted", warn: "is warned of", enforce: "is refused" } as const;

/** Room for the longest CEL expression and its message. */
const MAX_SENTENCE = 6000;

function sentence({ rule, params, mode, enforceFrom }: PolicyRule): string {
  const from = enforceFrom === undefined ? "" : ` (only from ${enforceFrom.slice(0, 10)}; until then it is warned of)`;
  return `- ${rule.id}: ${cleanText(rule.explain(params), MAX_SENTENCE)}. What does not hold ${EFFECT[mode]}${from}.`;
}

/** A whole policy as prose: what is asked at each station, what happens where it does not hold, and who is excepted. */
export function explainPolicy(policy: Policy): string {
  const stations = STATIONS.flatMap((station) => {
    const rules = policy.rules.filter(({ rule }) => rule.id.startsWith(`${station}.`));
    return rules.length === 0 ? [] : [`At the ${station} station:`, ...rules.map(sentence), ""];
  });
  const exceptions = policy.exceptions.map((exception) => `- ${exception.rule}: ${exceptionText(exception)}`);
  return [
    `Policy ${cleanText(policy.input.origin, 200)}, sha256:${policy.input.digest}`,
    "",
    ...stations,
    ...(exceptions.length === 0 ? ["No exceptions."] : ["Exceptions:", ...exceptions]),
    "",
  ].join("\n");
}
