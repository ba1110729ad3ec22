import { cleanText } from "../../artifact/clean-text.ts";
import { parseLicence } from "../../artifact/licence.ts";
import type { Facts, Station } from "../../model/policy.ts";
import type { Component, Sbom } from "../../model/sbom.ts";
import { judgeLicence, type LicenceJudgement, type LicenceLists } from "../licence-choice.ts";
import { fails, passes, unchecked } from "../papers.ts";
import type { Outcome, PlaceOf, RuleFile } from "../rule.ts";
import { badValue, Keys } from "../values.ts";

interface LicenceParams extends LicenceLists {
  readonly unknown: "allow" | "warn" | "deny";
}

/** Scopes of components that reach the receiver. */
const SHIPPED = new Set(["runtime", "optional", "peer"]);
const SHOWN = 8;

/** What lies in the bytes where somebody looked, with licences that only the sources tell; else what the sources declare. */
function componentsOf({ inspected, declared }: Facts): readonly Component[] | undefined {
  const base: Sbom | undefined = inspected ?? declared;
  if (base === undefined) return undefined;
  const told = new Map((declared?.components ?? []).map((component) => [component.purl, component.licences]));
  return base.components
    .filter(({ own, scope }) => !own && SHIPPED.has(scope))
    .map((component) => {
      const licences =
        component.licences.length > 0 || component.purl === undefined ? component.licences : told.get(component.purl);
      return { ...component, licences: licences ?? [] };
    });
}

/** Several claims about one component were never defined to mean "or", so each must be allowed. */
function judge(component: Component, lists: LicenceLists): LicenceJudgement {
  const judged = component.licences.map(({ expression, spdx }) => (spdx ? judgeLicence(expression, lists) : "unknown"));
  if (judged.includes("denied")) return "denied";
  return judged.length === 0 || judged.includes("unknown") ? "unknown" : "allowed";
}

const named = ({ name, version }: Component): string =>
  `${cleanText(name, 80)}${version === undefined ? "" : `@${cleanText(version, 40)}`}`;
const licencesOf = ({ licences }: Component): string =>
  licences.map(({ expression }) => cleanText(expression, 60)).join("; ") || "none stated";

function about(component: Component, outcome: Outcome): Outcome {
  return component.purl === undefined ? outcome : { ...outcome, about: { purl: component.purl } };
}

function unknownOutcomes(params: LicenceParams, unknown: readonly Component[], expected: string): readonly Outcome[] {
  if (unknown.length === 0 || params.unknown === "allow") return [];
  if (params.unknown === "deny") {
    return unknown.map((one) =>
      about(
        one,
        fails(
          expected,
          `${named(one)}: licence not known (${licencesOf(one)})`,
          [],
          "find out its licence, or except it",
        ),
      ),
    );
  }
  const more = unknown.length > SHOWN ? ` and ${unknown.length - SHOWN} more` : "";
  const names = unknown.slice(0, SHOWN).map(named).join(", ");
  return [{ ...fails(expected, `licence not known of ${names}${more}`), atMost: "warn" }];
}

function evaluate(params: LicenceParams, facts: Facts, expected: string): readonly Outcome[] {
  const components = componentsOf(facts);
  if (components === undefined) return [unchecked(expected, "nothing was inventoried")];
  const judged = components.map((component) => ({ component, judgement: judge(component, params) }));
  const denied = judged.filter(({ judgement }) => judgement === "denied");
  const unknown = judged.filter(({ judgement }) => judgement === "unknown").map(({ component }) => component);
  const failed = denied.map(({ component }) =>
    about(
      component,
      fails(
        expected,
        `${named(component)}: ${licencesOf(component)}`,
        [],
        "replace the component, or except it with a reason",
      ),
    ),
  );
  const outcomes = [...failed, ...unknownOutcomes(params, unknown, expected)];
  if (outcomes.length > 0) return outcomes;
  const tail = unknown.length > 0 ? `, ${unknown.length} of unknown licence` : "";
  return [passes(expected, `${components.length} components${tail}`)];
}

function readList(keys: Keys, key: "allow" | "deny"): readonly string[] | undefined {
  return keys.texts(key)?.map((text, index) => {
    // A mistyped identifier in a list would silently decide nothing.
    if (text.includes("*")) return text;
    const { expression, spdx } = parseLicence(text);
    if (spdx && !/ (?:AND|OR) /.test(expression)) return expression;
    throw badValue(keys.at(key, index), `${key}[${index}]`, "an SPDX licence identifier, or a pattern with *", text);
  });
}

function parse(id: string, value: unknown, place: PlaceOf): LicenceParams {
  const keys = new Keys(value, place, id, ["allow", "deny", "unknown"]);
  const allow = readList(keys, "allow");
  return {
    deny: readList(keys, "deny") ?? [],
    ...(allow !== undefined && { allow }),
    unknown: keys.word("unknown", ["allow", "warn", "deny"]) ?? "warn",
  };
}

function explain({ allow, deny, unknown }: LicenceParams): string {
  const parts = [
    ...(allow === undefined ? [] : [`only ${allow.join(", ")}`]),
    ...(deny.length === 0 ? [] : [`not ${deny.join(", ")}`]),
  ];
  return `licences of shipped components: ${parts.join(", ") || "any that is known"}; unknown ones: ${unknown}`;
}

/** Whether what the project's list allows, the pinned policy allows too. */
function narrowsAllowed({ allow, unknown }: LicenceParams, project: LicenceParams): boolean {
  if (project.allow === undefined) return allow === undefined;
  if (allow !== undefined) return project.allow.every((one) => allow.includes(one));
  // A list where there was none narrows, but for licences of one's own: without a list they are unknown, and could be listed.
  return unknown === "allow" || project.allow.every((one) => !/\*|licenseref-/i.test(one));
}

const STRICTNESS = ["allow", "warn", "deny"];

/** The licence rule of one station. */
export function licenses(station: Station): RuleFile<LicenceParams> {
  const id = `${station}.licenses` as const;
  return {
    id,
    title: "Licences of the components that reach the receiver",
    stations: [station],
    judgesSources: true,
    parse: (value, place) => parse(id, value, place),
    evaluate: (params, facts) => evaluate(params, facts, explain(params)),
    explain,
    atLeastAsStrict(pinned, project) {
      return (
        pinned.deny.every((one) => project.deny.includes(one)) &&
        narrowsAllowed(pinned, project) &&
        STRICTNESS.indexOf(project.unknown) >= STRICTNESS.indexOf(pinned.unknown)
      );
    },
  };
}
