import { type CsafFacts, inStatus, STATUS_GROUPS, type Vulnerability } from "../facts.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** What is said of products in a vulnerability: their status, flags and remediations. */

function contradictingStatus({ node }: Vulnerability): readonly TestProblem[] {
  const groups = new Map<string, string>();
  return Object.keys(STATUS_GROUPS)
    .filter((group) => group !== "recommended")
    .flatMap((group) =>
      inStatus(node, group).flatMap((place) => {
        const id = place.text ?? "";
        const before = groups.get(id) ?? group;
        groups.set(id, before);
        return before === group ? [] : [problem(place, `the product ${id} is ${group}, and ${before} above`)];
      }),
    );
}

/** Each product once. VEX justifications: all labels of 2.0 and 2.1 are (3.2.4.6). */
function flaggedTwice(facts: CsafFacts, { node }: Vulnerability): readonly TestProblem[] {
  const flagged = new Set<string>();
  const told = new Set<string>();
  return node
    .at("flags")
    .items()
    .flatMap((flag) => {
      const ids = [...facts.productsOf(flag)];
      const again = ids.filter((id) => flagged.has(id) && !told.has(id));
      for (const id of ids) flagged.add(id);
      for (const id of again) told.add(id);
      return again.map((id) => problem(flag, `the product ${id} has a flag before this one`));
    });
}

/** Remediations that cannot stand together for one product (3.2.4.14.1 in 2.1, table 1); each pair once. */
const EXCLUSIVE: Readonly<Record<string, readonly string[]>> = {
  optional_patch: ["workaround", "mitigation", "vendor_fix", "none_available", "fix_planned", "no_fix_planned"],
  none_available: ["workaround", "mitigation", "vendor_fix", "fix_planned", "no_fix_planned"],
  vendor_fix: ["fix_planned", "no_fix_planned"],
  fix_planned: ["no_fix_planned"],
};

function exclude(one: string, other: string): boolean {
  return (EXCLUSIVE[one]?.includes(other) ?? false) || (EXCLUSIVE[other]?.includes(one) ?? false);
}

function contradictingRemediations(facts: CsafFacts, { node }: Vulnerability): readonly TestProblem[] {
  const said = new Map<string, Set<string>>();
  const told = new Set<string>();
  return node
    .at("remediations")
    .items()
    .flatMap((item) => {
      const category = item.at("category").text ?? "";
      return [...facts.productsOf(item)].flatMap((id) => {
        const before = said.get(id) ?? new Set();
        said.set(id, before);
        const other = told.has(id) ? undefined : [...before].find((one) => exclude(one, category));
        before.add(category);
        if (other !== undefined) told.add(id);
        return other === undefined ? [] : [problem(item, `the product ${id} has ${other}, which excludes ${category}`)];
      });
    });
}

/** Status groups that a remediation contradicts, and those beside which it is discouraged (3.2.4.14.1 in 2.1, table 2). */
const PROHIBITED: Readonly<Record<string, readonly string[]>> = {
  workaround: ["not affected", "fixed"],
  mitigation: ["not affected", "fixed"],
  vendor_fix: ["not affected", "fixed"],
  optional_patch: ["affected"],
  none_available: ["not affected", "fixed"],
  fix_planned: ["fixed"],
  no_fix_planned: ["fixed"],
};
const DISCOURAGED: Readonly<Record<string, readonly string[]>> = {
  workaround: ["under investigation", "unknown"],
  mitigation: ["under investigation", "unknown"],
  vendor_fix: ["under investigation", "unknown"],
  optional_patch: ["fixed"],
  fix_planned: ["not affected", "under investigation", "unknown"],
  no_fix_planned: ["not affected"],
};

function beside(table: typeof PROHIBITED, facts: CsafFacts, { node }: Vulnerability): readonly TestProblem[] {
  const statuses = new Map<string, string[]>();
  for (const group of Object.keys(STATUS_GROUPS)) {
    for (const { text } of inStatus(node, group)) {
      if (text !== undefined) statuses.set(text, [...(statuses.get(text) ?? []), group]);
    }
  }
  const told = new Set<string>();
  return node
    .at("remediations")
    .items()
    .flatMap((item) => {
      const category = item.at("category").text ?? "";
      const groups = table[category] ?? [];
      return [...facts.productsOf(item)].flatMap((id) => {
        if (told.has(id)) return [];
        // Recommended may be in any other group, and a remediation of what is recommended is never wrong.
        const own = statuses.get(id) ?? [];
        const group = own.includes("recommended") ? undefined : own.find((one) => groups.includes(one));
        if (group !== undefined) told.add(id);
        return group === undefined
          ? []
          : [problem(item, `${category} is given for the product ${id}, which is ${group}`)];
      });
    });
}

const perVulnerability =
  (run: (facts: CsafFacts, vulnerability: Vulnerability) => readonly TestProblem[]): CsafTest["run"] =>
  (facts) =>
    facts.vulnerabilities().flatMap((vulnerability) => run(facts, vulnerability));

/** Items that say for which products they are in no way. */
const withoutProducts = (list: string): CsafTest["run"] =>
  perVulnerability((_, { node }) =>
    node
      .at(list)
      .items()
      .filter((item) => !item.has("product_ids") && !item.has("group_ids"))
      .map((item) => problem(item, "names neither products nor product groups")),
  );

export const productStatusTests: readonly CsafTest[] = [
  {
    id: "6.1.6",
    title: "Contradicting Product Status",
    run: perVulnerability((_, vulnerability) => contradictingStatus(vulnerability)),
  },
  { id: "6.1.29", title: "Remediation without Product Reference", run: withoutProducts("remediations") },
  { id: "6.1.32", title: "Flag without Product Reference", run: withoutProducts("flags") },
  {
    id: "6.1.33",
    title: "Multiple Flags with VEX Justification Codes per Product",
    run: perVulnerability(flaggedTwice),
  },
];

export const productStatusTests21: readonly CsafTest[] = [
  { id: "6.1.35", title: "Contradicting Remediations", run: perVulnerability(contradictingRemediations) },
  {
    id: "6.1.36",
    title: "Contradicting Product Status Remediation Combination",
    run: perVulnerability((facts, vulnerability) => beside(PROHIBITED, facts, vulnerability)),
  },
  {
    id: "6.2.27",
    title: "Discouraged Product Status Remediation Combination",
    run: perVulnerability((facts, vulnerability) => beside(DISCOURAGED, facts, vulnerability)),
  },
];
