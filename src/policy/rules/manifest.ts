import { judgeManifest } from "../../evidence/manifest.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { evidenceOf, fails, passes, readPredicate, requiredEvidence } from "../papers.ts";
import type { RuleFile } from "../rule.ts";
import { Keys } from "../values.ts";

const SHOWN = 3;

export const manifest: RuleFile<object> = {
  id: "package.manifest",
  title: "A signed list of papers is there, and every paper on it is",
  stations: ["package"],
  parse(value, place) {
    return { keys: new Keys(value, place, "package.manifest", []) };
  },
  evaluate(params, facts) {
    const expected = this.explain(params);
    const papers = requiredEvidence(facts, "manifest", expected, "ask the producer for the whole papers file");
    if ("outcome" in papers) return [papers.outcome];
    const [first] = papers.evidence;
    if (first === undefined) return [];
    const manifests = evidenceOf(facts, ["manifest"]);
    const read = readPredicate(first, expected, () => judgeManifest(manifests, facts.papers));
    if ("outcome" in read) return [read.outcome];
    const { missing, unlisted, signer } = read.value;
    const evidence = papers.evidence.map(({ paper }) => paper);
    if (missing.length > 0) {
      const named = missing.slice(0, SHOWN).map((digest) => `sha256:${cleanText(digest, 80)}`);
      const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : "";
      return [
        fails(expected, `stripped: ${named.join(", ")}${more}`, evidence, "ask the producer for the whole papers file"),
      ];
    }
    const added = unlisted.length === 0 ? "" : `, ${unlisted.length} added later`;
    return [
      passes(expected, `all listed papers are there${added}; listed by ${cleanText(signer ?? "", 80)}`, evidence),
      ...papers.beside,
    ];
  },
  explain: () => "a signed manifest, and every paper that it lists",
  atLeastAsStrict: () => true,
};
