import { mergeVex } from "../advisory/vex-merge.ts";
import { readStatements } from "../advisory/ignore/read.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { isXml } from "../format/cyclonedx/recognise.ts";
import { isArray, parseJson } from "../format/json.ts";
import { validateOpenVex, type VexProblem } from "../format/vex/openvex-validate.ts";
import { printVex, VEX_FORMS, type VexFormName } from "../format/vex/write.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { VexDocument } from "../model/vex.ts";
import { readInput } from "../station/inputs.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { documentTime, judgedAt } from "./shell/places.ts";
import { give, giveJson, tellUnheeded } from "./shell/result.ts";

const MAX_TOLD = 50;
const MAX_SHOWN = 100;

/** The time that a document gets which has none: `SOURCE_DATE_EPOCH`, else `--at`, else the clock. */
export function timeOf(call: Call): Timestamp {
  return call.has("at") ? judgedAt(call) : (documentTime() ?? judgedAt(call));
}

/** Reads one document of statements. Throws the faults of `readInput` and of its reader. */
export async function readDocument(call: Call, file: string): Promise<VexDocument> {
  const document = await readStatements(readInput(file, "VEX document"), file);
  tellUnheeded(call, document.unheeded);
  return document;
}

/** Prints a document by `--format`, `--spec-version` and `--namespace`, and tells what it lost; with `--strict` that is refused (1). */
export function giveVex(call: Call, document: VexDocument, fallback: VexFormName = "openvex"): number {
  const form = call.has("format") ? formatOf(call, VEX_FORMS) : fallback;
  const [specVersion, namespace] = [call.flag("spec-version"), call.flag("namespace")];
  const { text, lost } = printVex(document, form, {
    at: timeOf(call),
    ...(specVersion !== undefined && { specVersion }),
    ...(namespace !== undefined && { namespace }),
  });
  for (const line of lost.slice(0, MAX_TOLD)) call.terminal.message(`left out: ${line}`);
  if (lost.length > MAX_TOLD) call.terminal.message(`left out: ${lost.length - MAX_TOLD} things more`);
  if (lost.length > 0 && call.has("strict")) {
    call.terminal.message("nothing was written: --strict asks for a form that says all");
    return 1;
  }
  give(call, text);
  return 0;
}

function files(call: Call, least: number, most: number, fix: string): readonly string[] {
  const words = call.words.slice(1);
  if (words.length >= least && words.length <= most) return words;
  throw new Fault({ code: "WB-USAGE-WORD", kind: "input", what: "another number of files is needed", fix });
}

/** `vex convert FILE`. */
export async function convertDocument(call: Call): Promise<number> {
  const [file = ""] = files(call, 1, 1, "waybill vex convert FILE --format FORM");
  return giveVex(call, await readDocument(call, file));
}

/** `vex merge FILE FILE…`: conflicts are told on stderr, and what counts is decided where the document is used. */
export async function mergeDocuments(call: Call): Promise<number> {
  const documents: VexDocument[] = [];
  for (const file of files(call, 1, 1000, "waybill vex merge FILE FILE…"))
    documents.push(await readDocument(call, file));
  const { document, conflicts } = mergeVex(documents, {
    author: call.flag("author"),
    id: call.flag("id"),
    at: timeOf(call),
  });
  for (const line of conflicts.slice(0, MAX_TOLD)) call.terminal.message(`conflict: ${cleanText(line, 300)}`);
  if (conflicts.length > MAX_TOLD) call.terminal.message(`conflict: ${conflicts.length - MAX_TOLD} more`);
  return giveVex(call, document);
}

interface Validation {
  readonly form: string;
  /** What makes it invalid. */
  readonly problems: readonly VexProblem[];
  /** What the specification recommends otherwise. */
  readonly advice?: readonly VexProblem[];
  /** A test that decides could not be run. */
  readonly unchecked?: true;
}

/** The schema and the mandatory tests decide; the others advise. */
async function csafValidation(call: Call, bytes: Uint8Array, where: string): Promise<Validation> {
  const { validateCsaf } = await import("../format/csaf/validate.ts");
  const { schemeOrder } = await import("../advisory/vers/schemes.ts");
  const { version, problems, outcome } = validateCsaf(bytes, where, {
    now: new Date(timeOf(call)),
    compareVersions: (type, one, other) => {
      const order = schemeOrder(type);
      return order?.valid(one) === true && order.valid(other) ? order.compare(one, other) : undefined;
    },
  });
  const told = problems.map(({ test, group, path, message, fails }) => ({
    isFatal: fails && (group === "schema" || group === "mandatory"),
    path,
    what: `${message} (${test})`,
  }));
  const of = (fatal: boolean): VexProblem[] =>
    told.filter(({ isFatal }) => isFatal === fatal).map(({ path, what }) => ({ path, what }));
  return {
    form: `CSAF ${version}`,
    problems: of(true),
    advice: of(false),
    ...(outcome === "unchecked" && { unchecked: true as const }),
  };
}

async function validation(call: Call, bytes: Uint8Array, where: string): Promise<Validation> {
  const json =
    isXml(bytes) || !/^[\ufeff\s]*\{/u.test(Buffer.from(bytes.subarray(0, 64)).toString())
      ? undefined
      : parseJson(bytes, where);
  const object = json !== undefined && json !== null && typeof json === "object" && !isArray(json) ? json : undefined;
  if (object !== undefined && Object.hasOwn(object, "@context")) {
    // Of the form before it there is no schema: it is read, or it is not.
    if (["https://openvex.dev/ns", "https://openvex.dev/ns/v0.0.1"].includes(String(object["@context"])))
      return { form: "OpenVEX 0.0.1", problems: [] };
    return { form: "OpenVEX 0.2.0", problems: validateOpenVex(object) };
  }
  if (isXml(bytes) || (object !== undefined && Object.hasOwn(object, "bomFormat"))) {
    const { validateSbom } = await import("../format/sbom-validate.ts");
    return validateSbom(bytes, where);
  }
  if (object !== undefined && Object.hasOwn(object, "document")) return csafValidation(call, bytes, where);
  const document = await readStatements(bytes, where);
  return { form: document.form, problems: document.unheeded.map((what) => ({ path: "", what })) };
}

/** `vex validate FILE…`: everything wrong with each document, a line each; 1 where there is something, 3 where a test that decides could not be run. */
export async function validateDocuments(call: Call): Promise<number> {
  const form = formatOf(call, ["text", "json"]);
  const found: Validated[] = [];
  for (const file of files(call, 1, 1000, "waybill vex validate FILE…")) {
    const bytes = readInput(file, "VEX document");
    const { form: kind, problems, advice = [], unchecked = false } = await validation(call, bytes, file);
    // What no reader of ours reads is not valid either; the checks above may not see why.
    const unread = problems.length > 0 ? [] : await readingProblems(bytes, file);
    found.push({ file, form: kind, problems: [...problems, ...unread], advice, unchecked });
  }
  if (form === "json") {
    const documents = found.map((one) => ({
      file: one.file,
      form: one.form,
      valid: one.problems.length === 0 && !one.unchecked,
      problems: one.problems.map(({ path, what }) => ({ path, what })),
      advice: one.advice.map(({ path, what }) => ({ path, what })),
    }));
    giveJson(call, { schema: "waybill.vex.validate/1", documents });
  } else give(call, found.flatMap(lines).join("\n"));
  if (found.some(({ problems }) => problems.length > 0)) return 1;
  return found.some(({ unchecked }) => unchecked) ? 3 : 0;
}

async function readingProblems(bytes: Uint8Array, file: string): Promise<readonly VexProblem[]> {
  try {
    await readStatements(bytes, file);
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { where = "", what } = error.facts;
    return [{ path: where.includes("#") ? where.slice(where.indexOf("#") + 1) : "", what }];
  }
}

interface Validated {
  readonly file: string;
  readonly form: string;
  readonly problems: readonly VexProblem[];
  readonly advice: readonly VexProblem[];
  readonly unchecked: boolean;
}

function lines({ file, form, problems, advice, unchecked }: Validated): readonly string[] {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const more = advice.length === 0 ? "" : `, ${advice.length} recommendations not followed`;
  const told = (all: readonly VexProblem[], mark: string): readonly string[] => [
    ...all
      .slice(0, MAX_SHOWN)
      .map(({ path, what }) => `  ${mark}${path === "" ? "" : `${cleanText(path, 200)} `}${what}`),
    ...(all.length > MAX_SHOWN ? [`  ${mark}and ${all.length - MAX_SHOWN} more`] : []),
  ];
  return [
    `${file}: ${form}: ${problems.length > 0 ? count : unchecked ? "not checked whole" : "valid"}${more}`,
    ...told(problems, ""),
    ...told(advice, "recommended: "),
  ];
}
