import type { Facts } from "../../model/policy.ts";
import { unchecked } from "../papers.ts";
import type { Outcome, PlaceOf, RuleFile } from "../rule.ts";
import { badValue, isMapping, Keys } from "../values.ts";
import { knownMalware } from "./known-malware.ts";
import { licenses } from "./licenses.ts";

type Parameters = Readonly<Record<string, unknown>>;

/** A rule of the gate as this version knows it: its form is frozen before the gate is there to ask it. */
interface GateRule {
  readonly name: string;
  readonly title: string;
  /** Reads the parameters into what `explain` prints. */
  readonly read: (value: unknown, place: PlaceOf, id: string) => Parameters;
}

function present(values: Parameters): Parameters {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function readMinAge(value: unknown, place: PlaceOf, id: string): Parameters {
  const keys = new Keys(value, place, id, ["days", "release-early"]);
  const days = keys.count("days", 0);
  if (days === undefined) throw keys.fault("days", "given: the age in days that a version must have");
  const inner: PlaceOf = (path) => place(["release-early", ...path]);
  const early = new Keys(keys.get("release-early"), inner, "release-early", ["advisory-fix", "rebuilt"]);
  const released = {
    "advisory-fix": early.word("advisory-fix", ["never", "reviewed"]),
    rebuilt: early.flag("rebuilt"),
  };
  return present({ days, "release-early": keys.get("release-early") === undefined ? undefined : present(released) });
}

/** Keys are npm scopes or package URL patterns of internal names. */
function readNamespace(value: unknown, place: PlaceOf, id: string): Parameters {
  if (value !== undefined && !isMapping(value)) throw badValue(place([]), id, "a mapping of name patterns", value);
  const patterns = Object.keys(value ?? {});
  const keys = new Keys(value, place, id, patterns);
  for (const pattern of patterns) {
    if (pattern.startsWith("@") || pattern.startsWith("pkg:")) continue;
    throw badValue(keys.at(pattern), id, "a mapping of npm scopes (@acme/*) or package URL patterns", pattern);
  }
  return Object.fromEntries(patterns.map((pattern) => [pattern, keys.word(pattern, ["internal-only"])]));
}

function readDowngrade(value: unknown, place: PlaceOf, id: string): Parameters {
  return { within: new Keys(value, place, id, ["within"]).word("within", ["major", "minor", "any"]) ?? "major" };
}

/** `deny: [pkg:npm/left-pad@1.0.0]` or `deny: { packages: […] }`. */
function readDeny(value: unknown, place: PlaceOf, id: string): Parameters {
  const short = Array.isArray(value);
  const inner: PlaceOf = short ? (path) => place(path.slice(1)) : place;
  const keys = new Keys(short ? { packages: value as unknown } : value, inner, id, ["packages"]);
  const packages = keys.texts("packages") ?? [];
  const strange = packages.findIndex((pattern) => !pattern.startsWith("pkg:"));
  if (strange >= 0)
    throw badValue(keys.at("packages", strange), "packages", "a list of package URLs", packages[strange]);
  return { packages };
}

const GATE: readonly GateRule[] = [
  { name: "min-age", title: "No version younger than a cooldown", read: readMinAge },
  {
    name: "known-malware",
    title: "No version known as malicious",
    read: (value, place) => ({ ...knownMalware("ingest").parse(value, place) }),
  },
  { name: "namespace", title: "Internal names resolve inside only", read: readNamespace },
  { name: "trust-downgrade", title: "No release with weaker provenance than the ones before", read: readDowngrade },
  {
    name: "licenses",
    title: "Only licences that the policy allows",
    read: (value, place) => ({ ...licenses("ingest").parse(value, place) }),
  },
  { name: "deny", title: "No package that the policy names", read: readDeny },
];

/**
 * Rules of the gate. They are read and explained; no station of this version asks them, and nowhere do they pass unseen: asked
 * anyway, they are unchecked.
 */
export const ingestRules: readonly RuleFile[] = GATE.map(({ name, title, read }): RuleFile => {
  const id = `ingest.${name}` as const;
  return {
    id,
    title,
    stations: ["ingest"],
    parse: (value, place) => read(value, place, id),
    evaluate: (_: unknown, facts: Facts): readonly Outcome[] => [
      unchecked(title, `the ${facts.station} station does not ask the gate`),
    ],
    explain: (params) => `${title.toLowerCase()} ${JSON.stringify(params)} (not asked by this version)`,
  };
});
