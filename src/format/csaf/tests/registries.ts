import { cvssMembers } from "../cvss-form.ts";
import type { CsafFacts } from "../facts.ts";
import type { Node } from "../node.ts";
import { NO_MEMBER } from "../shape.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** The registry of vulnerability identifier systems (RVISC, version 1 of 2026-02-06), and members beyond the schema. */

const SYSTEMS: ReadonlyMap<string, RegExp> = new Map([
  ["https://github.com/oasis-tcs/csaf", /^#[1-9]\d*$/],
  ["https://euvd.enisa.europa.eu", /^EUVD-[1-9][0-9]{3}-[0-9]{4,}$/],
]);

const identifiers = (facts: CsafFacts): readonly Node[] =>
  facts.vulnerabilities().flatMap(({ node }) => node.at("ids").items());

/** Those of CVSS are told apart, for the schemas of 2 and 3 allow them. */
function additional(facts: CsafFacts): readonly TestProblem[] {
  const cvss = facts
    .metrics()
    .flatMap((metric) => metric.cvss)
    .flatMap((object) => object.members().filter(({ key }) => !cvssMembers(object.key).includes(key)));
  return [
    ...facts.schemaProblems().filter(({ message }) => message === NO_MEMBER),
    ...cvss.map((node) => problem(node, NO_MEMBER)),
  ];
}

export const registryTests: readonly CsafTest[] = [{ id: "6.2.20", title: "Additional Properties", run: additional }];

export const registryTests21: readonly CsafTest[] = [
  {
    id: "6.2.53",
    title: "Matching Text for Registered ID System",
    run: (facts) =>
      identifiers(facts)
        .filter((item) => {
          const pattern = SYSTEMS.get(item.at("system_name").text ?? "");
          const { text = "" } = item.at("text");
          return pattern !== undefined && (text.length > 1000 || !pattern.test(text));
        })
        .map((item) => problem(item.at("text"), "is no identifier of this system")),
  },
  {
    id: "6.3.20",
    title: "Use of Unregistered ID System",
    run: (facts) =>
      identifiers(facts)
        .map((item) => item.at("system_name"))
        .filter(({ text }) => text !== undefined && !SYSTEMS.has(text))
        .map((node) => problem(node, `${node.text ?? ""} is not in the registry of identifier systems`)),
  },
];
