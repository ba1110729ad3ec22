import { cleanText } from "../../artifact/clean-text.ts";
import { matchPurl } from "../../artifact/purl.ts";
import type { Facts } from "../../model/policy.ts";
import { fails, passes, unchecked } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { Keys } from "../values.ts";

interface IdentityParams {
  /** A package URL pattern that everything installed must be of, asked for or not. */
  readonly expect?: string;
  /** The receiver must say what it asks for. */
  readonly mustAsk: boolean;
}

const FIX = "waybill receive --expect pkg:TYPE/NAME@VERSION asks for one";

function compare(pattern: string, facts: Facts): Outcome {
  const expected = cleanText(pattern, 200);
  if (facts.stated === undefined) return unchecked(expected, "the bytes state no name and version");
  const found = `the bytes state ${cleanText(facts.stated, 200)}`;
  return matchPurl(pattern, facts.stated)
    ? passes(expected, found)
    : fails(expected, found, [], "this is another package or version than was asked for: do not install it");
}

export const identity: RuleFile<IdentityParams> = {
  id: "install.identity",
  title: "The artifact is the package and version that was asked for",
  stations: ["install"],
  parse(value, place) {
    const keys = new Keys(value, place, "install.identity", ["expect"]);
    const expect = keys.text("expect");
    if (expect === undefined || expect === "required") return { mustAsk: expect === "required" };
    if (!expect.startsWith("pkg:")) throw keys.fault("expect", "required, or a package URL with * as you need");
    return { expect, mustAsk: false };
  },
  evaluate(params, facts) {
    const always = params.expect === undefined ? [] : [compare(params.expect, facts)];
    if (facts.expected !== undefined) return [...always, compare(facts.expected, facts)];
    const judge = params.mustAsk ? fails : passes;
    return [...always, { ...judge("the package that was asked for", "name and version not asked"), fix: FIX }];
  },
  explain({ expect, mustAsk }) {
    const more = mustAsk ? ", which must be given" : expect === undefined ? "" : `, and of ${expect}`;
    return `name and version as asked with --expect${more}`;
  },
};
