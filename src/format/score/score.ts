import type { StatedComponent, StatedSbom } from "./stated.ts";
import { type Element, RULE_SET_NAMES, RULE_SETS, type RuleSetName } from "./rule-sets.ts";

/** How far a document has one element. */
export interface ElementScore {
  readonly element: Element;
  /** Where it stands, of `asked` places: one for the document, else one for each component, the subject included. */
  readonly have: number;
  readonly asked: number;
  /** `have / asked`, 0 to 1; 1 where nothing is asked. */
  readonly share: number;
  /** False: the document's form and version has no place for it. */
  readonly carried: boolean;
  /** The components that lack it; empty for an element of the document. */
  readonly missing: readonly StatedComponent[];
}

/** How far a document has the elements of a rule set. */
export interface RuleSetScore {
  readonly set: RuleSetName;
  readonly title: string;
  /** The mean of the shares of the required elements, each counted alike. */
  readonly share: number;
  /** Every required element stands wherever it is asked. */
  readonly met: boolean;
  readonly elements: readonly ElementScore[];
}

/** What a document has of the elements of a rule set. Pure: what is stated is compared with the list, nothing is weighed. */
export function scoreBy(set: RuleSetName, stated: StatedSbom): RuleSetScore {
  const { title, elements } = RULE_SETS[set];
  const scores = elements.map((element) => scoreElement(element, stated));
  const required = scores.filter(({ element }) => element.level === "required");
  return {
    set,
    title,
    share: required.reduce((sum, { share }) => sum + share, 0) / required.length,
    met: required.every(({ have, asked }) => have === asked),
    elements: scores,
  };
}

/** As `scoreBy`, for each rule set. */
export function scoreByAll(stated: StatedSbom): readonly RuleSetScore[] {
  return RULE_SET_NAMES.map((set) => scoreBy(set, stated));
}

function scoreElement(element: Element, { facts, components, cannot }: StatedSbom): ElementScore {
  const carried = !cannot.has(element.fact);
  if (element.of === "document") {
    const have = facts.has(element.fact) ? 1 : 0;
    return { element, have, asked: 1, share: have, carried, missing: [] };
  }
  // One component alone has nothing that it could be related to.
  const all = element.fact === "relationship" && components.length < 2 ? [] : components;
  const missing = all.filter((one) => !one.facts.has(element.fact));
  const asked = all.length;
  const have = asked - missing.length;
  return { element, have, asked, share: asked === 0 ? 1 : have / asked, carried, missing };
}
