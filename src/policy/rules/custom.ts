import { cleanText } from "../../artifact/clean-text.ts";
import type { Facts } from "../../model/policy.ts";
import { PREDICATE_TYPES } from "../../model/statement.ts";
import { type CelExpression, compileCel, type CelVariables } from "../cel.ts";
import { fails, passes, unchecked } from "../papers.ts";
import type { PlaceOf, RuleFile } from "../rule.ts";
import { badValue, Keys, policyFault } from "../values.ts";

interface CustomCheck {
  readonly id: string;
  readonly cel: CelExpression;
  readonly message: string;
}

const VARIABLES: CelVariables = {
  artifact: "dyn",
  subject: "string",
  components: "dyn",
  findings: "dyn",
  signers: "dyn",
  predicates: "dyn",
  // The configuration of an image: not known for files, so an expression on it is unchecked.
  config: "dyn",
};
const ID = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** What an expression sees: names and counts, no bytes. */
function summary(facts: Facts): Readonly<Record<string, unknown>> {
  const { artifact, inspected, declared, matched, stated } = facts;
  const names = new Map<string, string>(Object.entries(PREDICATE_TYPES).map(([name, type]) => [type, name]));
  const sbom = inspected ?? declared;
  return {
    artifact: { name: artifact.name, kind: artifact.kind, digests: { ...artifact.digests } },
    ...(stated !== undefined && { subject: stated }),
    ...(sbom !== undefined && {
      components: sbom.components.map((one) => ({
        name: one.name,
        version: one.version ?? "",
        purl: one.purl ?? "",
        ecosystem: one.ecosystem,
        scope: one.scope,
        direct: one.direct,
        licenses: one.licences.map(({ expression }) => expression),
      })),
    }),
    ...(matched.known && {
      findings: matched.value.findings.map(({ id, kind, severity, name, version }) => ({
        id,
        kind,
        severity,
        name,
        version,
      })),
    }),
    signers: [...new Set(facts.evidence.map(({ signer }) => signer.principal))].sort(),
    predicates: [
      ...new Set(facts.evidence.map(({ statement }) => names.get(statement.predicateType) ?? statement.predicateType)),
    ].sort(),
  };
}

function parseCheck(value: unknown, place: PlaceOf): CustomCheck {
  const keys = new Keys(value, place, "a custom check", ["id", "cel", "message", "rego"]);
  if (keys.get("rego") !== undefined) {
    throw policyFault("WB-POLICY-REGO", keys.at("rego"), "Rego is not evaluated yet", {
      expected: "id, cel and message",
      fix: "write the check as a CEL expression",
    });
  }
  const needed = (key: string): string => {
    const text = keys.text(key);
    if (text === undefined) throw keys.fault(key, "given, and every custom check needs it");
    return text;
  };
  const id = needed("id");
  if (!ID.test(id)) throw keys.fault("id", "a name of small letters, digits, dots and hyphens");
  return { id, cel: compileCel(needed("cel"), VARIABLES, {}, keys.at("cel")), message: needed("message") };
}

export const custom: RuleFile<readonly CustomCheck[]> = {
  id: "install.custom",
  title: "Checks of this organisation, written in CEL: each must be true",
  stations: ["install"],
  parse(value, place) {
    const short = Array.isArray(value);
    const list: unknown = short ? value : new Keys(value, place, "install.custom", ["checks"]).get("checks");
    if (!Array.isArray(list)) throw badValue(place([]), "install.custom", "a list of checks", list);
    const root = short ? [] : ["checks"];
    const checks = list.map((item: unknown, index) => parseCheck(item, (path) => place([...root, index, ...path])));
    const twice = checks.findIndex(({ id }, index) => checks.findIndex((other) => other.id === id) !== index);
    if (twice >= 0) throw badValue(place([...root, twice]), "id", "an id that no other check has", checks[twice]?.id);
    return checks;
  },
  evaluate(checks, facts) {
    const values = summary(facts);
    const outcomes = checks.map(({ id, cel, message }) => {
      const expected = `${id}: ${cleanText(cel.source, 120)}`;
      const result = cel.evaluate(values);
      if (!result.known) return unchecked(expected, result.why);
      return result.value ? passes(expected, "true") : fails(expected, cleanText(message));
    });
    return outcomes.length > 0 ? outcomes : [passes("custom checks", "none is written")];
  },
  explain(checks) {
    return (
      checks
        .map(({ id, cel, message }) => `${id}: ${cleanText(cel.source)} (else: ${cleanText(message)})`)
        .join("; ") || "no custom checks"
    );
  },
  atLeastAsStrict: (pinned, project) =>
    pinned.every((one) => project.some((other) => other.id === one.id && other.cel.source === one.cel.source)),
};
