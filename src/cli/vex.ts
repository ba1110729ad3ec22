import { VEX_FORMS } from "../format/vex/write.ts";
import { Fault } from "../model/fault.ts";
import type { Call, Command } from "./shell/command.ts";
import { INPUT_OPTIONS } from "./shell/places.ts";

/** Loaded by verb: who converts needs no index, who creates no report. */
const VERBS: Readonly<Record<string, () => Promise<(call: Call) => Promise<number>>>> = {
  create: async () => (await import("./vex-create.ts")).createVex,
  merge: async () => (await import("./vex-documents.ts")).mergeDocuments,
  convert: async () => (await import("./vex-documents.ts")).convertDocument,
  validate: async () => (await import("./vex-documents.ts")).validateDocuments,
  apply: async () => (await import("./vex-apply.ts")).applyVex,
};

export const vex: Command = {
  name: "vex",
  summary: "Statements about findings: makes, joins, converts, checks and applies them.",
  usage: [
    "waybill vex create [FINDING [SOURCE] --db FILE] --status STATUS … [--into FILE] [--format FORM]",
    "waybill vex merge FILE FILE… [--author NAME] [--format FORM]",
    "waybill vex convert FILE --format FORM [--spec-version VERSION] [--strict]",
    "waybill vex apply REPORT --vex FILE… [--suppress] [--product PURL]",
    "waybill vex validate FILE…",
    `  FORM is one of ${VEX_FORMS.join(", ")}`,
  ],
  network: "never",
  options: {
    vulnerability: { value: "ID", does: "create: which weakness the statement is about" },
    alias: { value: "ID", many: true, does: "create: another id of it" },
    product: { value: "PURL", many: true, does: "create: which product; apply: only statements about this one" },
    subcomponent: { value: "PURL", many: true, does: "create: the component in the product" },
    versions: { value: "VERS", does: "create: which versions, e.g. vers:npm/>=1.0.0|<2.0.0" },
    status: { value: "STATUS", does: "create: not_affected, affected, fixed or under_investigation" },
    justification: { value: "WORD", does: "create: why not affected, by OpenVEX's five words" },
    impact: { value: "TEXT", does: "create: why not affected, in a sentence" },
    action: { value: "TEXT", does: "create: what those who are affected should do" },
    note: { value: "TEXT", does: "create: how that was found out" },
    "carry-over": { value: "RULE", does: 'create: to which later versions: none, minor, major, "until fixed"' },
    expires: { value: "TIME", does: "create: from then on it excuses nothing" },
    evidence: { value: "URL", many: true, does: "create: what it rests on: a URL, or sha256:HEX of a file" },
    author: { value: "NAME", does: "create, merge: who says so" },
    role: { value: "TEXT", does: "create: the author's role" },
    supplier: { value: "NAME", does: "create: who supplies the product" },
    id: { value: "IRI", does: "create, merge: the document's id; default: one that its content decides" },
    into: { value: "FILE", does: "create: give this document with the statement added" },
    db: INPUT_OPTIONS["db"] as (typeof INPUT_OPTIONS)[string],
    vex: { value: "FILE", many: true, does: "apply: the statements, in any form, or an ignore file" },
    sarif: { value: "FILE", does: "apply: the report, where it is SARIF" },
    suppress: { does: "apply: mark what statements settle in SARIF instead of taking it out" },
    "spec-version": { value: "VERSION", does: "of CSAF 2.0 or 2.1, of CycloneDX 1.4 to 1.7" },
    namespace: { value: "URL", does: "CSAF's publisher, where the document names none" },
    strict: { does: "refuse to write a document that loses something" },
  },
  examples: [
    [
      "waybill vex create --vulnerability CVE-2026-0001 --product pkg:npm/app --status not_affected --justification vulnerable_code_not_in_execute_path --author us",
      "a statement about every version of a product",
    ],
    ["waybill vex convert app.openvex.json --format csaf --namespace https://psirt.example", "the same in CSAF 2.0"],
    ["waybill vex apply report.sarif --vex app.openvex.json --output rest.sarif", "what is left to look at"],
  ],
  async run(call) {
    const [verb] = call.words;
    const load = verb !== undefined && Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (load === undefined) {
      throw new Fault({
        code: "WB-USAGE-WORD",
        kind: "input",
        what: "what to do with statements?",
        expected: Object.keys(VERBS).join(", "),
        found: verb ?? "nothing",
      });
    }
    return (await load())(call);
  },
};
