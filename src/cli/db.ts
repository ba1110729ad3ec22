import { join, resolve } from "node:path";
import { type BuiltIndex, buildIndex, updateIndex } from "../advisory/build.ts";
import { isUrl } from "../advisory/bucket-open.ts";
import { listRevisions } from "../advisory/index-file.ts";
import { verifyIndex } from "../advisory/index-verify.ts";
import { Fault } from "../model/fault.ts";
import type { Fetch } from "../model/world.ts";
import { RECORD_OPTIONS } from "./record-options.ts";
import { builtJson, builtText, statusJson, statusText } from "./db-print.ts";
import { type Call, type Command, formatOf } from "./shell/command.ts";
import { PASSPHRASE_OPTIONS } from "./shell/passphrase.ts";
import { documentTime, homeFolder, now } from "./shell/places.ts";
import { give } from "./shell/result.ts";

const VERBS = ["build", "update", "status", "verify", "export", "import"] as const;

function usage(what: string, expected: string, found?: string): Fault {
  return new Fault({
    code: "WB-USAGE-WORD",
    kind: "input",
    what,
    expected,
    ...(found !== undefined && { found }),
    fix: "waybill db --help",
  });
}

/** What is remembered is found from any folder. */
const absolute = (place: string | undefined): string | undefined =>
  place === undefined || isUrl(place) ? place : resolve(place);

function kept(call: Call): number | undefined {
  const asked = call.flag("keep");
  if (asked === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(asked)) return Number(asked);
  throw new Fault({
    code: "WB-USAGE-OPTION",
    kind: "input",
    what: "--keep takes a count of revisions",
    expected: "1 to 99999",
    found: asked,
  });
}

/** Builds or updates by the flags of a call. */
async function bring(call: Call, verb: "build" | "update", index: string): Promise<BuiltIndex> {
  const from = absolute(call.flag("from"));
  const ecosystems = call.flags("ecosystem");
  const asked = ecosystems.length === 0 ? undefined : ecosystems;
  const options = {
    ecosystems: asked,
    kev: absolute(call.flag("kev")),
    epss: absolute(call.flag("epss")),
    keep: kept(call),
    at: documentTime() ?? now(),
    fetch: call.has("offline") ? undefined : (fetch as Fetch),
    progress: call.terminal.progress,
  };
  if (verb === "update") return updateIndex(index, from, options);
  if (from === undefined) throw usage("--from DIR is missing", "a folder or URL in the layout of OSV's bucket");
  return buildIndex(from, index, asked, options);
}

export const db: Command = {
  name: "db",
  summary: "Builds, updates and inspects the advisory index.",
  usage: [
    "waybill db build --from DIR|URL [--ecosystem NAME]… [--kev FILE|URL] [--epss FILE|URL] [--output FILE]",
    "waybill db update [--from DIR|URL] [--ecosystem NAME]… [--kev FILE|URL] [--epss FILE|URL] [--keep N] [--db FILE]",
    "waybill db status|verify [--db FILE]",
    "waybill db export --output FILE --key KEY [--ecosystem NAME]… [--as-of DIGEST] [--db FILE]",
    "waybill db import FILE --trust FILE [--db FILE]",
    "waybill db lint FILE|DIR… [--strict] [--names ECO=FILE]…",
    "waybill db convert FILE [--complete] [--output FILE] · convert FILE|DIR… --into DIR [--complete]",
  ],
  network: "only `build` and `update`, and only where --from, --kev or --epss name a URL",
  options: {
    from: {
      value: "DIR|URL",
      does: "advisories in the layout of the OSV bucket (ECO/all.zip or ECO/*.json); update: default as the last time",
    },
    db: { value: "FILE", does: "the index file; default WAYBILL_DB, else advisories.db of WAYBILL_HOME" },
    ecosystem: { value: "NAME", many: true, does: "only these ecosystems; update: default as the last time" },
    kev: { value: "FILE|URL", does: "CISA's catalog of known exploited vulnerabilities, JSON or CSV" },
    epss: { value: "FILE|URL", does: "FIRST's EPSS scores, CSV or CSV in gzip" },
    keep: { value: "N", does: "how many revisions stay readable by their digests; default as the last time, else 30" },
    output: {
      value: "FILE",
      short: "o",
      does: "build: the index file, where --db does not name it; export: the file to carry",
    },
    "as-of": { value: "DIGEST", does: "export: this revision; default the newest" },
    key: { value: "FILE", does: "export: the key that signs" },
    ...PASSPHRASE_OPTIONS,
    trust: {
      value: "FILE",
      many: true,
      does: "import: whom to believe, a trust file or a public key; default the pinned one",
    },
    ...RECORD_OPTIONS,
  },
  examples: [
    ["waybill db build --from osv-mirror --ecosystem npm --output advisories.db", "an index of npm alone"],
    ["waybill db update --db advisories.db", "read what has changed since"],
    ["waybill db status --db advisories.db", "what is in it, how old it is, and the revisions that it keeps"],
  ],
  async run(call) {
    if (call.words[0] === "lint") return (await import("./db-lint.ts")).lintRecords(call);
    if (call.words[0] === "convert") return (await import("./db-convert.ts")).convert(call);
    const verb = VERBS.find((one) => one === call.words[0]);
    if (verb === undefined)
      throw usage("what to do with the index?", [...VERBS, "lint", "convert"].join(", "), call.words[0] ?? "nothing");
    const form = formatOf(call, ["table", "json"]);
    // What `build` writes is the index; of the other calls `--output` takes what they tell.
    const made = verb === "build" ? call.flag("output") : undefined;
    const index = made ?? call.flag("db") ?? process.env["WAYBILL_DB"] ?? join(homeFolder(), "advisories.db");
    if (verb === "build" || verb === "update") {
      const built = await bring(call, verb, index);
      call.terminal.done();
      const told = form === "json" ? builtJson(index, built) : builtText(index, built);
      if (verb === "build") call.terminal.result(told);
      else give(call, told);
      return 0;
    }
    if (verb === "export" || verb === "import") {
      const carry = await import("./db-carry.ts");
      return verb === "export" ? carry.exportIndex(call, index) : carry.importIndex(call, index);
    }
    const verified = verb === "verify" ? verifyIndex(index) : undefined;
    const revisions = listRevisions(index);
    give(call, (form === "json" ? statusJson : statusText)(index, revisions, verified !== undefined));
    return 0;
  },
};
