import { convertRecords } from "../advisory/convert.ts";
import { readRecordFiles } from "../advisory/record-files.ts";
import { prettyJson } from "../format/json.ts";
import { toOsv, type ToOsvOptions } from "../format/to-osv.ts";
import { Fault } from "../model/fault.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { judgedAt } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";

function usage(what: string, found: string): Fault {
  const expected = "waybill db convert FILE [--output FILE], or FILE|DIR… --into DIR";
  return new Fault({ code: "WB-USAGE-WORD", kind: "input", what, expected, found });
}

function optionsOf(call: Call): ToOsvOptions {
  return { complete: call.has("complete"), ...(call.has("at") && { at: judgedAt(call) }) };
}

/** `db convert FILE` gives the record in OSV's form; with `--into DIR` the records of files and folders go into a bucket. */
export async function convert(call: Call): Promise<number> {
  const paths = call.words.slice(1);
  const into = call.flag("into");
  const options = optionsOf(call);
  if (paths.length === 0) throw usage("which records?", "nothing");
  if (into !== undefined) return convertInto(call, paths, into, options);
  const [path = "", second] = paths;
  if (second !== undefined) throw usage("several records go --into a folder", paths.join(" "));
  for await (const file of readRecordFiles(path)) {
    if ("problem" in file) throw file.problem;
    if (file.where !== path) break;
    give(call, prettyJson(toOsv(file.value, file.where, options)));
    return 0;
  }
  throw usage("a folder goes --into another folder", path);
}

async function convertInto(call: Call, paths: readonly string[], into: string, options: ToOsvOptions): Promise<number> {
  const form = formatOf(call, ["table", "json"]);
  call.terminal.progress("convert records", into);
  const { records, ecosystems, older, failed, examples } = await convertRecords(paths, into, options);
  call.terminal.done();
  if (records + older + failed === 0) throw usage("there are no records", paths.join(" "));
  const counts = [...ecosystems].sort(([a], [b]) => (a < b ? -1 : 1));
  if (form === "json") {
    const list = examples.map(({ where, what }) => ({ where, what }));
    giveJson(call, {
      schema: "waybill.convert/1",
      into,
      records,
      ecosystems: Object.fromEntries(counts),
      older,
      failed,
      examples: list,
    });
    return 0;
  }
  for (const { where, what } of examples) call.terminal.message(`not converted: ${where}: ${what}`);
  const told = counts.map(([ecosystem, count]) => `${ecosystem} ${count}`).join(", ");
  give(call, `${into}: ${records} records (${told}), ${older} older than what is there, ${failed} not converted`);
  return 0;
}
