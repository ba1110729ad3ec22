import { parsePurl, printPurl } from "../artifact/purl.ts";
import { cyclonedxDocument } from "../format/cyclonedx.ts";
import { sbomDiffOutput, sbomListOutput, sbomTreeOutput, sbomWhyOutput } from "../format/sbom-output.ts";
import { printTable } from "../format/report/table.ts";
import { diffSboms } from "../inventory/documents/diff.ts";
import { mergeSboms, subtractSbom } from "../inventory/documents/merge.ts";
import { printBranch, treeOf } from "../inventory/documents/tree.ts";
import { reasonPaths } from "../inventory/paths.ts";
import { Fault } from "../model/fault.ts";
import type { ComponentRef, Sbom } from "../model/sbom.ts";
import { collectFrom } from "../station/package/check.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { documentTime } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";
import { VERSION } from "./version.ts";

const MAX_PATHS = 20;

function usage(what: string, fix: string): Fault {
  return new Fault({ code: "WB-USAGE-WORD", kind: "input", what, fix });
}

/** So many sources; where one is enough, this folder unless another is named. */
async function sources(call: Call, least: number, most: number, fix: string): Promise<readonly Sbom[]> {
  const words = call.words.length === 1 && least === 1 ? ["."] : call.words.slice(1);
  if (words.length < least || words.length > most) throw usage("another number of sources is needed", fix);
  const read: Sbom[] = [];
  for (const word of words) read.push(await collectFrom(word));
  return read;
}

function giveSbom(call: Call, sbom: Sbom): void {
  giveJson(call, cyclonedxDocument(sbom, { timestamp: documentTime(), tool: { name: "waybill", version: VERSION } }));
}

async function list(call: Call): Promise<number> {
  const form = formatOf(call, ["table", "json"]);
  const [sbom] = await sources(call, 1, 1, "waybill sbom list SOURCE");
  if (sbom === undefined) return 2;
  if (form === "json") giveJson(call, sbomListOutput(sbom));
  else {
    const rows = sbom.components.map(({ name, version, ecosystem, scope, direct, licences }) => [
      name,
      version ?? "unknown",
      ecosystem,
      scope,
      direct ? "direct" : "",
      licences.map(({ expression }) => expression).join(", "),
    ]);
    const head = ["package", "version", "ecosystem", "scope", "", "licence"];
    give(call, `${printTable(head, rows, call.terminal.columns)}\n${rows.length} components`);
  }
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
  const sbom = await collectFrom(source);
  const found = meant(sbom, wanted).map((ref) => ({ ref, paths: reasonPaths(sbom, ref, MAX_PATHS) }));
  if (form === "json") giveJson(call, sbomWhyOutput(sbom, found));
  else if (found.length === 0) give(call, `${wanted} is not in it`);
  else {
    const plain = (ref: ComponentRef): string => ref.replace(/^pkg:/u, "");
    const lines = found.flatMap(({ ref, paths }) =>
      paths.length === 0
        ? [`${plain(ref)}: nothing that is known needs it`]
        : paths.map((path) => path.map(plain).join(" → ")),
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
  formatOf(call, ["cyclonedx-json", "json"]);
  const sboms = await sources(call, 2, 1000, "waybill sbom merge SOURCE SOURCE… --name NAME");
  const name = call.flag("name");
  if (name === undefined) throw usage("the whole needs a name", "waybill sbom merge SOURCE SOURCE… --name NAME");
  giveSbom(call, mergeSboms({ name, digests: {} }, sboms));
  return 0;
}

async function subtract(call: Call): Promise<number> {
  formatOf(call, ["cyclonedx-json", "json"]);
  const [sbom, base] = await sources(call, 2, 2, "waybill sbom subtract SOURCE BASE");
  if (sbom === undefined || base === undefined) return 2;
  giveSbom(call, subtractSbom(sbom, base));
  return 0;
}

const WORK: Readonly<Record<string, (call: Call) => Promise<number>>> = { diff, list, merge, subtract, tree, why };

/** `sbom diff|list|merge|subtract|tree|why`: work on SBOMs, each of a document or of whatever a source holds. */
export async function workOnSboms(call: Call): Promise<number> {
  const work = WORK[call.words[0] ?? ""];
  if (work === undefined) throw new TypeError("a word that is no work on SBOMs");
  return work(call);
}
