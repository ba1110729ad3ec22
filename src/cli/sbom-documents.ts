import { cleanText } from "../artifact/clean-text.ts";
import { parsePurl, printPurl, spokenPurl } from "../artifact/purl.ts";
import {
  sbomDiffOutput,
  sbomListOutput,
  sbomTreeOutput,
  sbomValidateOutput,
  sbomWhyOutput,
} from "../format/sbom-output.ts";
import { formOfSbom } from "../format/sbom-document.ts";
import { validateSbom } from "../format/sbom-validate.ts";
import { diffSboms } from "../inventory/documents/diff.ts";
import { mergeSboms, subtractSbom } from "../inventory/documents/merge.ts";
import { printBranch, treeOf } from "../inventory/documents/tree.ts";
import { reasonPaths } from "../inventory/paths.ts";
import { Fault } from "../model/fault.ts";
import type { ComponentRef, Sbom } from "../model/sbom.ts";
import { readInput } from "../station/inputs.ts";
import { collectFrom } from "../station/collect-from.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { surroundings } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";
import { convertCycloneDx, printSbomAs, sbomFormOf, sbomTable } from "./sbom-print.ts";

const MAX_PATHS = 20;
const MAX_TOLD = 20;
const MAX_PROBLEMS_SHOWN = 100;

function usage(what: string, fix: string): Fault {
  return new Fault({ code: "WB-USAGE-WORD", kind: "input", what, fix });
}

/** So many sources; where one is enough, this folder unless another is named. */
async function sources(call: Call, least: number, most: number, fix: string): Promise<readonly Sbom[]> {
  const words = call.words.length === 1 && least === 1 ? ["."] : call.words.slice(1);
  if (words.length < least || words.length > most) throw usage("another number of sources is needed", fix);
  const read: Sbom[] = [];
  for (const word of words) read.push(await collectFrom(word, surroundings()));
  return read;
}

async function giveSbom(call: Call, sbom: Sbom): Promise<number> {
  const { content, lost } = await printSbomAs(sbomFormOf(call), call, sbom);
  give(call, content);
  for (const line of lost.slice(0, MAX_TOLD)) call.terminal.message(`left out: ${line}`);
  return 0;
}

async function list(call: Call): Promise<number> {
  const form = formatOf(call, ["table", "json"]);
  const [sbom] = await sources(call, 1, 1, "waybill sbom list SOURCE");
  if (sbom === undefined) return 2;
  if (form === "json") giveJson(call, sbomListOutput(sbom));
  else give(call, await sbomTable(sbom, call.terminal.columns));
  return 0;
}

async function tree(call: Call): Promise<number> {
  const form = formatOf(call, ["text", "json"]);
  const [sbom] = await sources(call, 1, 1, "waybill sbom tree SOURCE [--depth N]");
  const depth = call.flag("depth") ?? "100";
  if (!/^\d{1,4}$/u.test(depth)) throw usage("--depth takes a number", "waybill sbom tree SOURCE --depth 2");
  if (sbom === undefined) return 2;
  const branches = [...treeOf(sbom, Number(depth))];
  if (form === "json") giveJson(call, sbomTreeOutput(sbom, branches));
  else give(call, branches.map(printBranch).join("\n"));
  return 0;
}

/** The refs that a person may mean by a package URL or a name. */
function meant(sbom: Sbom, word: string): readonly ComponentRef[] {
  const purl = word.startsWith("pkg:") ? printPurl(parsePurl(word)) : undefined;
  return sbom.components
    .filter((one) => (purl === undefined ? one.name === word : one.purl === purl || one.purl?.startsWith(`${purl}@`)))
    .map(({ ref }) => ref);
}

async function why(call: Call): Promise<number> {
  const form = formatOf(call, ["text", "json"]);
  const [, wanted, source = ".", extra] = call.words;
  if (wanted === undefined || extra !== undefined) {
    throw usage("a package is needed, and at most one source", "waybill sbom why pkg:npm/NAME [SOURCE]");
  }
  const sbom = await collectFrom(source, surroundings());
  const found = meant(sbom, wanted).map((ref) => ({ ref, paths: reasonPaths(sbom, ref, MAX_PATHS) }));
  if (form === "json") giveJson(call, sbomWhyOutput(sbom, found));
  else if (found.length === 0) give(call, `${wanted} is not in it`);
  else {
    const lines = found.flatMap(({ ref, paths }) =>
      paths.length === 0
        ? [`${spokenPurl(ref)}: nothing that is known needs it`]
        : paths.map((path) => path.map(spokenPurl).join(" → ")),
    );
    give(call, lines.join("\n"));
  }
  return found.length === 0 ? 1 : 0;
}

async function diff(call: Call): Promise<number> {
  const form = formatOf(call, ["text", "json"]);
  const [first, second] = await sources(call, 2, 2, "waybill sbom diff OLD NEW");
  if (first === undefined || second === undefined) return 2;
  const found = diffSboms(first, second);
  const same = Object.values(found).every((one: readonly unknown[]) => one.length === 0);
  if (form === "json") giveJson(call, sbomDiffOutput(found));
  else {
    const versions = (all: readonly string[]): string => all.map((one) => one || "unknown").join(", ");
    give(
      call,
      [
        ...found.changed.map(({ name, before, after }) => `~ ${name}  ${versions(before)} → ${versions(after)}`),
        ...found.added.map((ref) => `+ ${ref}`),
        ...found.removed.map((ref) => `- ${ref}`),
        ...found.details.map(({ component, what, before, after }) => `~ ${component}  ${what}: ${before} → ${after}`),
        ...found.edgesAdded.map(([from, to]) => `+ ${from} → ${to}`),
        ...found.edgesRemoved.map(([from, to]) => `- ${from} → ${to}`),
        ...(same ? ["no difference"] : []),
      ].join("\n"),
    );
  }
  return same ? 0 : 1;
}

async function merge(call: Call): Promise<number> {
  const sboms = await sources(call, 2, 1000, "waybill sbom merge SOURCE SOURCE… --name NAME");
  const name = call.flag("name");
  if (name === undefined) throw usage("the whole needs a name", "waybill sbom merge SOURCE SOURCE… --name NAME");
  return giveSbom(call, mergeSboms({ name, digests: {} }, sboms));
}

async function subtract(call: Call): Promise<number> {
  const [sbom, base] = await sources(call, 2, 2, "waybill sbom subtract SOURCE BASE");
  if (sbom === undefined || base === undefined) return 2;
  return giveSbom(call, subtractSbom(sbom, base));
}

/**
 * A document in another form. CycloneDX stays whole on the way to CycloneDX; other forms go by the inventory, and what that does not
 * hold is told.
 */
async function convert(call: Call): Promise<number> {
  const form = sbomFormOf(call);
  const [, file, extra] = call.words;
  if (file === undefined || extra !== undefined)
    throw usage("one document is needed", "waybill sbom convert FILE --format FORM");
  const bytes = readInput(file, "SBOM");
  if (formOfSbom(bytes) !== "cyclonedx" || !form.startsWith("cyclonedx"))
    return giveSbom(call, await collectFrom(file, surroundings()));
  const { content, lost } = await convertCycloneDx(
    bytes,
    file,
    form === "cyclonedx-xml" ? "xml" : "json",
    call.flag("spec-version"),
  );
  give(call, content);
  for (const line of lost.slice(0, MAX_TOLD)) call.terminal.message(`left out: ${line}`);
  return 0;
}

async function validate(call: Call): Promise<number> {
  const form = formatOf(call, ["text", "json"]);
  const [, file, extra] = call.words;
  if (file === undefined || extra !== undefined) throw usage("one document is needed", "waybill sbom validate FILE");
  const bytes = readInput(file, "SBOM");
  const { form: kind, problems } = await validateSbom(bytes, file);
  const source = call.flag("regenerate");
  const regenerated = source === undefined ? undefined : await isRegenerated(call, bytes, source);
  const bad = problems.length > 0 || regenerated === false;
  if (form === "json") giveJson(call, sbomValidateOutput(file, kind, problems, regenerated));
  else {
    const shown = problems.slice(0, MAX_PROBLEMS_SHOWN);
    give(
      call,
      [
        `${file}: ${kind}: ${problems.length === 0 ? "valid" : `${problems.length} problems`}`,
        ...shown.map(
          ({ path, line, what }) => `  ${cleanText(path, 300)}${line === undefined ? "" : ` (line ${line})`}: ${what}`,
        ),
        ...(shown.length < problems.length ? [`  and ${problems.length - shown.length} more`] : []),
        ...(regenerated === undefined
          ? []
          : [`  ${regenerated ? "is" : "is not"} what ${cleanText(source ?? "", 300)} gives`]),
      ].join("\n"),
    );
  }
  return bad ? 1 : 0;
}

/** Whether these bytes are one of the documents that a source gives, with the time that is asked for by SOURCE_DATE_EPOCH. */
async function isRegenerated(call: Call, bytes: Uint8Array, source: string): Promise<boolean> {
  const sbom = await collectFrom(source, surroundings());
  for (const form of [
    "cyclonedx-json",
    "cyclonedx-xml",
    "spdx-json",
    "spdx-tv",
    "spdx3-json",
    "swid",
    "coswid",
  ] as const) {
    const { content } = await printSbomAs(form, call, sbom);
    const text = typeof content === "string" && !content.endsWith("\n") ? `${content}\n` : content;
    if (Buffer.compare(Buffer.from(text), bytes) === 0) return true;
  }
  return false;
}

const WORK: Readonly<Record<string, (call: Call) => Promise<number>>> = {
  convert,
  diff,
  list,
  merge,
  score: async (call) => (await import("./sbom-score.ts")).scoreDocument(call),
  subtract,
  tree,
  validate,
  why,
};

/** `sbom convert|diff|list|merge|score|subtract|tree|validate|why`: work on SBOMs, each of a document or of whatever a source holds. */
export async function workOnSboms(call: Call): Promise<number> {
  const work = WORK[call.words[0] ?? ""];
  if (work === undefined) throw new TypeError("a word that is no work on SBOMs");
  return work(call);
}
