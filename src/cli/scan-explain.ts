import { explain, type Question } from "../advisory/explain.ts";
import { withSsvc } from "../advisory/ssvc.ts";
import { explainOutput, explainText } from "../format/explain.ts";
import { Fault } from "../model/fault.ts";
import { readScanInputs } from "../station/inputs.ts";
import { scanSource } from "../station/scan.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { readSsvcContext } from "./shell/fail-on.ts";
import { inputPlaces, judgedAt, surroundings } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";

/** `GHSA-…`, `CVE-…`, `RHSA-2021:1234`, and what registries say of a release. A source called so is written `./GHSA-1`. */
const ID = /^(?:[A-Z][A-Za-z0-9]*(?:[-:][A-Za-z0-9.:_-]+)+|deprecated|unmaintained|yanked)$/u;

/** `explain ID [SOURCE]`, `explain PURL [ID] [SOURCE]`. Throws `WB-USAGE-WORD` (input). */
function asked(call: Call): { readonly question: Question; readonly source: string } {
  const words = call.words.slice(1);
  const purl = words[0]?.startsWith("pkg:") === true ? words.shift() : undefined;
  const id = words[0] !== undefined && ID.test(words[0]) ? words.shift() : undefined;
  const [source = ".", extra] = words;
  if ((purl === undefined && id === undefined) || extra !== undefined) {
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: purl === undefined && id === undefined ? "what to explain is missing" : "one source at a time",
      expected: "the id of an advisory, a package URL, or both; then the source",
      ...(words.length > 0 && { found: words.join(" ") }),
      fix: "waybill scan explain GHSA-… . --db FILE, or waybill scan explain pkg:npm/NAME . --db FILE",
    });
  }
  return { question: { ...(id !== undefined && { id }), ...(purl !== undefined && { purl }) }, source };
}

/** `scan explain FINDING [SOURCE]`: why there is a finding, or none. Exit code 0 whatever the answer is. */
export async function explainFinding(call: Call): Promise<number> {
  const form = formatOf(call, ["table", "json"]);
  const { question, source } = asked(call);
  const context = readSsvcContext(call);
  const at = judgedAt(call);
  const inputs = await readScanInputs(inputPlaces(call));
  const { index, overrules } = inputs;
  const options = { around: surroundings(), base: call.flag("base"), artifact: call.flag("artifact") };
  const { sbom, matched } = await scanSource(source, inputs, at, options);
  if (index === undefined || !matched.known) {
    const fix = matched.known ? undefined : matched.why;
    throw new Fault({ code: "WB-INDEX-MISSING", kind: "unchecked", what: "no advisory index", ...(fix && { fix }) });
  }
  const by = { overrules: overrules?.overrules ?? [], at };
  const explanations = explain({ sbom, index, result: withSsvc(matched.value, context) }, question, by);
  index.close();
  const told = { source, asked: question, sbom, database: matched.value.database, explanations };
  if (form === "json") giveJson(call, explainOutput(told));
  else give(call, explainText(told));
  return 0;
}
