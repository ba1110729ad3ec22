import { statSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { byRisk } from "../advisory/risk.ts";
import { withSsvc } from "../advisory/ssvc.ts";
import type { SsvcContext } from "../advisory/ssvc-context.ts";
import { leastUpgrade } from "../advisory/upgrade.ts";
import { isOld } from "../format/findings/summary.ts";
import { isSettled, type Scanned, type ScanResult } from "../format/findings/scanned.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { readScanInputs, type ScanInputs } from "../station/inputs.ts";
import { scanSource } from "../station/scan.ts";
import { SCAN_FORMS } from "./scan-forms.ts";
import { type Call, type Command, formatOf, oneWord } from "./shell/command.ts";
import { exceededBy, exitCodeOf, FAIL_ON_OPTIONS, readSsvcContext, readThreshold } from "./shell/fail-on.ts";
import { BASE_OPTION, documentTime, INPUT_OPTIONS, inputPlaces, judgedAt, surroundings } from "./shell/places.ts";
import { give, tellUnheeded } from "./shell/result.ts";
import { VERSION } from "./version.ts";

const DAY_MILLISECONDS = 86_400_000;
/** A step that begins later than this after the start is told, so that nobody wonders what takes so long. */
const QUIET_MILLISECONDS = 1000;

/**
 * The source's folder as seen from the working directory, where it lies below it: forges and editors know files from there. Empty
 * for what lies elsewhere, and for archives and images, whose files are in them.
 */
function folderBelow(source: string): string {
  const path = source.replace(/^(?:dir|file|rootfs|sbom):/u, "");
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return "";
  const below = relative(process.cwd(), status.isDirectory() ? path : dirname(path));
  if (below === "" || below.startsWith("..")) return "";
  return `${below.split(sep).join("/")}/`;
}

async function scanOne(
  call: Call,
  source: string,
  inputs: ScanInputs,
  context: SsvcContext,
  slow: (step: string) => void,
): Promise<Scanned> {
  slow(`reading ${source}`);
  const options = { around: surroundings(), base: call.flag("base"), artifact: call.flag("artifact") };
  const { sbom, matched: found } = await scanSource(source, inputs, judgedAt(call), options);
  if (!found.known)
    throw new Fault({ code: "WB-INDEX-MISSING", kind: "unchecked", what: "no advisory index", fix: found.why });
  const rated = withSsvc(found.value, context);
  const matched = { ...rated, findings: rated.findings.toSorted(byRisk) };
  return { source, under: folderBelow(source), sbom, matched };
}

/** The time that a document carries: `SOURCE_DATE_EPOCH`, else `--at`, else that of the index, so that no clock changes its bytes. */
function carriedTime(call: Call, scans: readonly Scanned[]): Timestamp {
  const asked = documentTime() ?? (call.has("at") ? judgedAt(call) : undefined);
  return asked ?? (scans[0] as Scanned).matched.database.modified;
}

function sourcesOf(call: Call, form: string): readonly string[] {
  const one = SCAN_FORMS[form]?.oneSource === true;
  return one || call.words.length < 2 ? [oneWord(call, "source", ".")] : call.words;
}

export const scan: Command = {
  name: "scan",
  summary: "Tells what is known about the components of a source: vulnerable, malicious, unmaintained.",
  usage: [
    "waybill scan [SOURCE…] --db FILE [--format FORM] [--base IMAGE] [--fail-on CONDITIONS]",
    "waybill scan explain ID|PURL [ID] [SOURCE] --db FILE [--format table|json]",
    ...Object.entries(SCAN_FORMS).map(
      ([form, { does, oneSource }]) =>
        `  --format ${form.padEnd(16)}  ${does}${oneSource === true ? " (one SOURCE)" : ""}`,
    ),
  ],
  network: "never",
  options: {
    db: INPUT_OPTIONS["db"] as (typeof INPUT_OPTIONS)[string],
    "as-of": INPUT_OPTIONS["as-of"] as (typeof INPUT_OPTIONS)[string],
    vex: INPUT_OPTIONS["vex"] as (typeof INPUT_OPTIONS)[string],
    overrules: INPUT_OPTIONS["overrules"] as (typeof INPUT_OPTIONS)[string],
    base: BASE_OPTION,
    artifact: { value: "FILE", does: "what was made of the source: tell whether a package's bytes are in it" },
    baseline: { value: "FILE", does: "tell only what is new since this JSON of an earlier scan, or counts again" },
    all: { does: "show findings too that a statement has settled (not affected, fixed)" },
    author: { value: "NAME", does: "forms of VEX: whose statements they are" },
    namespace: { value: "URL", does: "CSAF: a URL of who publishes them" },
    ...FAIL_ON_OPTIONS,
  },
  examples: [
    ["waybill scan . --db advisories.db --fail-on high", "findings of this project's lockfile"],
    ["waybill scan explain pkg:npm/lodash . --db advisories.db", "why a package has findings, or none"],
    ["waybill scan . --db advisories.db --format json --output findings.json", "the same for programs"],
  ],
  async run(call) {
    if (call.words[0] === "explain") return (await import("./scan-explain.ts")).explainFinding(call);
    const asked = formatOf(call, Object.keys(SCAN_FORMS));
    const form = asked === "table" && call.has("quiet") ? "text" : asked;
    const sources = sourcesOf(call, form);
    const threshold = readThreshold(call);
    const context = readSsvcContext(call);
    const inputs = await readScanInputs(inputPlaces(call));
    const start = performance.now();
    const slow = (step: string): void => {
      if (performance.now() - start > QUIET_MILLISECONDS) call.terminal.progress(step);
    };
    const all: Scanned[] = [];
    for (const source of sources) all.push(await scanOne(call, source, inputs, context, slow));
    inputs.index?.close();
    tellUnheeded(call, inputs.unheeded);
    const scans = call.has("baseline") ? (await import("./scan-baseline.ts")).sinceBaseline(call, all) : all;
    const exceeded = exceededBy(
      threshold,
      scans.map(({ matched }) => matched),
    );
    const failing = new Set(exceeded?.met.flatMap(({ findings }) => findings));
    const result: ScanResult = {
      scans,
      tool: { name: "waybill", version: VERSION },
      author: call.flag("author"),
      namespace: call.flag("namespace"),
      at: carriedTime(call, scans),
      fails: (finding) => (exceeded === undefined ? !isSettled(finding) : failing.has(finding)),
      upgrade: leastUpgrade,
    };
    slow("writing the result");
    const days = (scanned: Scanned): number =>
      Math.floor((Date.parse(judgedAt(call)) - Date.parse(scanned.matched.database.modified)) / DAY_MILLISECONDS);
    const print = await (SCAN_FORMS[form] as (typeof SCAN_FORMS)[string]).load();
    const text = print(result, {
      columns: call.terminal.columns,
      all: call.has("all"),
      verbose: call.terminal.verbose,
      paint: call.flag("output") === undefined ? call.terminal.color : (_role, plain) => plain,
      indexDays: days,
    });
    give(call, text);
    const oldest = Math.max(...scans.map(days));
    if (form !== "table" && isOld(oldest)) {
      call.terminal.message(`the advisory index is ${oldest} days old: waybill db update brings it up to date`);
    }
    return exitCodeOf(call, exceeded);
  },
};
