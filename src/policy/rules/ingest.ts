import type { Facts } from "../../model/policy.ts";
import { unchecked } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { isMapping, Keys } from "../values.ts";

/** What a rule of the ingest station is called and which keys it has; its form is frozen before the gate is there to ask it. */
interface GateRule {
  readonly name: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** Keys of any name, e.g. scopes and package URLs of `namespace`. */
  readonly open?: true;
}

const GATE: readonly GateRule[] = [
  { name: "min-age", title: "No version younger than a cooldown", keys: ["days", "release-early"] },
  { name: "known-malware", title: "No version known as malicious", keys: ["sources"] },
  { name: "namespace", title: "Internal names resolve inside only", keys: [], open: true },
  { name: "trust-downgrade", title: "No release with weaker provenance than the ones before", keys: ["within"] },
  { name: "licenses", title: "Only licences that the policy allows", keys: ["allow", "deny", "unknown"] },
  { name: "deny", title: "No package that the policy names", keys: ["packages"] },
];

/** Rules of the gate. They are read and explained; the gate evaluates them, so nowhere else do they pass unseen: asked anyway, they are unchecked. */
export const ingestRules: readonly RuleFile[] = GATE.map(({ name, title, keys, open }): RuleFile<unknown> => {
  const id = `ingest.${name}` as const;
  return {
    id,
    title,
    stations: ["ingest"],
    parse(value, place) {
      const short = Array.isArray(value);
      const known = open === true && isMapping(value) ? Object.keys(value) : keys;
      const read = new Keys(short ? { packages: value as unknown } : value, place, id, known);
      if (name === "min-age") read.count("days", 0);
      return Object.fromEntries(known.map((key) => [key, read.get(key)]).filter(([, found]) => found !== undefined));
    },
    evaluate: (_: unknown, facts: Facts): readonly Outcome[] => [
      unchecked(title, `the ${facts.station} station does not ask the gate`),
    ],
    explain: (params) => `${title.toLowerCase()} (${JSON.stringify(params)})`,
  };
});
