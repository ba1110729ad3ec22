import { join } from "node:path";
import { Fault } from "../model/fault.ts";
import { exportAdvisories, importAdvisories } from "../station/advisories.ts";
import { readInput, readTrust } from "../station/inputs.ts";
import { openKey } from "../trust/keys.ts";
import { carriedText, identityText } from "./db-print.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { readPassphrase } from "./shell/passphrase.ts";
import { documentTime, homeFolder, inputPlaces, judgedAt, now } from "./shell/places.ts";
import { give } from "./shell/result.ts";

/** `db export`: the result tells what the file holds. */
export async function exportIndex(call: Call, index: string): Promise<number> {
  const [output, key] = [call.flag("output"), call.flag("key")];
  if (output === undefined || key === undefined) {
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "db export needs --output and --key: the other site verifies whom it comes from",
      fix: "waybill keys generate --output NAME makes a key",
    });
  }
  const form = formatOf(call, ["table", "json"]);
  const signer = await openKey(Buffer.from(readInput(key, "key")).toString("utf8"), await readPassphrase(call));
  const ecosystems = call.flags("ecosystem");
  const identity = await exportAdvisories({
    index,
    output,
    asOf: call.flag("as-of"),
    ecosystems: ecosystems.length === 0 ? undefined : ecosystems,
    signer,
    at: documentTime() ?? now(),
  });
  call.terminal.result(identityText(form, output, identity));
  return 0;
}

/** `db import`: exit code 1 where signature, scope or digest are refused. */
export async function importIndex(call: Call, index: string): Promise<number> {
  const [, file, extra] = call.words;
  if (file === undefined || extra !== undefined) {
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "db import takes one file",
      fix: "waybill db --help",
    });
  }
  const form = formatOf(call, ["table", "json"]);
  const trust = await readTrust(inputPlaces(call));
  if (trust.entries.length === 0) {
    throw new Fault({
      code: "WB-TRUST-NONE",
      kind: "input",
      what: "nobody is trusted to give advisories",
      fix: `--trust FILE, or a pinned ${join(homeFolder(), "trust.yaml")}`,
    });
  }
  const joined = await importAdvisories({ file, index, trust, at: judgedAt(call) });
  give(call, carriedText(form, index, joined));
  return 0;
}
