import { join } from "node:path";
import { buildIndex } from "../advisory/build.ts";
import { openIndex, verifyIndex } from "../advisory/index-file.ts";
import { prettyJson } from "../format/json.ts";
import type { IndexIdentity } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import { RECORD_OPTIONS } from "./record-options.ts";
import { type Call, type Command, formatOf } from "./shell/command.ts";
import { homeFolder } from "./shell/places.ts";
import { give } from "./shell/result.ts";

function told(call: Call, path: string, identity: IndexIdentity, extra: Record<string, string> = {}): string {
  if (formatOf(call, ["table", "json"]) === "json") {
    return prettyJson({
      schema: "waybill.db/1",
      path,
      digest: identity.digest,
      modified: identity.modified,
      sources: identity.sources.map(({ name, records }) => ({ name, records })),
      ...extra,
    });
  }
  const records = identity.sources.reduce((sum, source) => sum + source.records, 0);
  return `${path}: ${records} records, newest ${identity.modified}, digest sha256:${identity.digest}${extra["state"] === undefined ? "" : `, ${extra["state"]}`}`;
}

export const db: Command = {
  name: "db",
  summary: "Builds and inspects the advisory index.",
  usage: [
    "waybill db build --from DIR [--ecosystem NAME]… [--output FILE]",
    "waybill db status|verify [--db FILE]",
    "waybill db lint FILE|DIR… [--strict] [--names ECO=FILE]…",
    "waybill db convert FILE [--complete] [--output FILE] · convert FILE|DIR… --into DIR [--complete]",
  ],
  network: "never",
  options: {
    from: { value: "DIR", does: "advisories in the layout of the OSV bucket (ECO/all.zip or ECO/*.json)" },
    db: { value: "FILE", does: "the index file; default WAYBILL_DB, else advisories.db of WAYBILL_HOME" },
    ecosystem: { value: "NAME", many: true, does: "only these ecosystems" },
    output: { value: "FILE", short: "o", does: "build: the index file, where --db does not name it" },
    ...RECORD_OPTIONS,
  },
  examples: [
    ["waybill db build --from osv-mirror --ecosystem npm --output advisories.db", "an index of npm alone"],
    ["waybill db status --db advisories.db", "what is in it and how old it is"],
  ],
  async run(call) {
    const [verb] = call.words;
    if (verb === "lint") return (await import("./db-lint.ts")).lintRecords(call);
    if (verb === "convert") return (await import("./db-convert.ts")).convert(call);
    // What `build` writes is the index; of the other calls `--output` takes what they tell.
    const made = verb === "build" ? call.flag("output") : undefined;
    const index = made ?? call.flag("db") ?? process.env["WAYBILL_DB"] ?? join(homeFolder(), "advisories.db");
    if (verb === "build") {
      const from = call.flag("from");
      if (from === undefined)
        throw new Fault({
          code: "WB-USAGE-WORD",
          kind: "input",
          what: "--from DIR is missing",
          fix: "waybill db --help",
        });
      const ecosystems = call.flags("ecosystem");
      call.terminal.progress("read advisories", from);
      const identity = await buildIndex(from, index, ecosystems.length === 0 ? undefined : ecosystems);
      call.terminal.done();
      call.terminal.result(told(call, index, identity));
      return 0;
    }
    if (verb === "status" || verb === "verify") {
      const opened = openIndex(index);
      const { identity } = opened;
      opened.close();
      if (verb === "verify") verifyIndex(index);
      give(call, told(call, index, identity, verb === "verify" ? { state: "verified" } : {}));
      return 0;
    }
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "what to do with the index?",
      expected: "build, status, verify, lint or convert",
      found: verb ?? "nothing",
    });
  },
};
