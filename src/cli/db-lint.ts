import { readRecordFiles } from "../advisory/record-files.ts";
import { type KnownNames, type LintProblem, lintOsv } from "../advisory/lint.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { normaliseName } from "../artifact/pypi-name.ts";
import { readRegular } from "../artifact/read-file.ts";
import { decodeText } from "../format/text.ts";
import { Fault } from "../model/fault.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { giveJson, give } from "./shell/result.ts";

const MAX_NAMES_BYTES = 256 << 20;

/** A file of names: the first word of each line, `#` begins a comment. */
function readNames(call: Call): KnownNames {
  const known = new Map<string, ReadonlySet<string>>();
  for (const flag of call.flags("names")) {
    const [, ecosystem, path] = /^([^=]+)=(.+)$/.exec(flag) ?? [];
    if (ecosystem === undefined || path === undefined)
      throw new Fault({
        code: "WB-USAGE-OPTION",
        kind: "input",
        what: "--names takes ECOSYSTEM=FILE",
        found: cleanText(flag, 100),
      });
    const words = decodeText(readRegular(path, cleanText(path, 300), MAX_NAMES_BYTES, true), path)
      .split("\n")
      .map((line) => line.trim().split(/\s/, 1)[0] ?? "")
      .filter((word) => word !== "" && !word.startsWith("#"));
    known.set(ecosystem, new Set(ecosystem === "PyPI" ? words.map(normaliseName) : words));
  }
  return (ecosystem) => known.get(ecosystem);
}

interface Told extends Omit<LintProblem, "check"> {
  readonly where: string;
  readonly check: string;
}

/** What is wrong with one record, each with its file. A file that cannot be read at all does not have the form either. */
async function* problemsOf(call: Call, names: KnownNames, count: () => void): AsyncGenerator<Told> {
  for (const path of call.words.slice(1)) {
    for await (const file of readRecordFiles(path)) {
      count();
      if ("value" in file) for (const problem of lintOsv(file.value, names)) yield { where: file.where, ...problem };
      else {
        const { what, where = file.where } = file.problem.facts;
        yield { where, path: "", check: "conforms-to-schema", level: "error", what };
      }
    }
  }
}

/** More than anybody reads; the others are counted. */
const MAX_TOLD = 20_000;

interface Linted {
  readonly records: number;
  readonly errors: number;
  readonly warnings: number;
  /** The first 20,000. */
  readonly problems: readonly Told[];
}

async function lintAll(call: Call): Promise<Linted> {
  const problems: Told[] = [];
  let [records, errors, warnings] = [0, 0, 0];
  for await (const problem of problemsOf(call, readNames(call), () => (records += 1))) {
    if (problem.level === "error") errors += 1;
    else warnings += 1;
    if (problems.length < MAX_TOLD) problems.push(problem);
  }
  if (records > 0) return { records, errors, warnings, problems };
  throw new Fault({
    code: "WB-ADVISORIES-EMPTY",
    kind: "input",
    what: "there are no records to look at",
    where: cleanText(call.words.slice(1).join(" "), 300),
    expected: "files .json, .yaml, .yml or .zip",
  });
}

/** `db lint FILE|DIR…`: exit code 1 where a record has an error, with `--strict` also for a warning. */
export async function lintRecords(call: Call): Promise<number> {
  const form = formatOf(call, ["table", "json"]);
  if (call.words.length < 2)
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "which records?",
      expected: "waybill db lint FILE|DIR…",
      found: "nothing",
    });
  const { records, errors, warnings, problems } = await lintAll(call);
  if (form === "json") {
    const list = problems.map(({ where, path, check, level, what }) => ({ where, path, check, level, what }));
    giveJson(call, { schema: "waybill.lint/1", records, errors, warnings, problems: list });
  } else {
    const lines = problems.map(
      ({ where, path, check, level, what }) =>
        `${where}${path === "" ? "" : `#${cleanText(path, 120)}`}: ${level}: ${what} [${check}]`,
    );
    if (problems.length < errors + warnings) lines.push(`and ${errors + warnings - problems.length} more`);
    give(call, [...lines, `${records} records: ${errors} errors, ${warnings} warnings`].join("\n"));
  }
  return errors > 0 || (call.has("strict") && warnings > 0) ? 1 : 0;
}
