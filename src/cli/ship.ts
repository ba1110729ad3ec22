import { join, resolve } from "node:path";
import { refuseUnwritable } from "../artifact/write-together.ts";
import { verdictOutput } from "../format/output.ts";
import { printVerdictText } from "../format/report/verdict-text.ts";
import { Fault } from "../model/fault.ts";
import { exitCodeOf } from "../policy/exit-code.ts";
import { leave } from "../station/package/outputs.ts";
import { buildAndShip } from "../station/package/ship.ts";
import { readInput, readInputs } from "../station/inputs.ts";
import { openKey } from "../trust/keys.ts";
import { type Command, formatOf, oneWord } from "./shell/command.ts";
import { interruptible } from "./shell/interrupt.ts";
import { PASSPHRASE_OPTIONS, passphraseFiles, readPassphrase } from "./shell/passphrase.ts";
import { homeFolder, INPUT_OPTIONS, inputPlaces, now } from "./shell/places.ts";
import { tellUnheeded } from "./shell/result.ts";
import { VERSION } from "./version.ts";

export const ship: Command = {
  name: "ship",
  summary: "Builds a project in the sandbox, builds it again, states and signs what was seen, judges it.",
  usage: ["waybill ship [DIR] --key FILE [--output FOLDER] [--policy FILE] [--db FILE]"],
  network: "the registries of the project's own npm configuration, through the recording proxy, during the build",
  options: {
    key: { value: "FILE", does: "the signing key, made by `waybill keys generate` or cosign" },
    ...PASSPHRASE_OPTIONS,
    policy: INPUT_OPTIONS["policy"] as (typeof INPUT_OPTIONS)[string],
    db: INPUT_OPTIONS["db"] as (typeof INPUT_OPTIONS)[string],
    "as-of": INPUT_OPTIONS["as-of"] as (typeof INPUT_OPTIONS)[string],
    vex: INPUT_OPTIONS["vex"] as (typeof INPUT_OPTIONS)[string],
    output: {
      value: "FOLDER",
      short: "o",
      does: "where the artifact and its papers are left; default out in the project",
    },
    "no-sandbox": { does: "build without isolation: recorded, and another builder.id" },
  },
  examples: [
    [
      "waybill ship . --key release.key --passphrase-file secret --db advisories.db",
      "leaves out/NAME.tgz with its papers",
    ],
  ],
  async run(call) {
    const form = formatOf(call, ["text", "json"]);
    const directory = resolve(oneWord(call, "project", ".").replace(/^dir:/u, ""));
    const keyFile = call.flag("key");
    if (keyFile === undefined) {
      throw new Fault({
        code: "WB-KEY-MISSING",
        kind: "input",
        what: "ship needs a signing key",
        fix: "waybill keys generate --output release, then --key release.key",
      });
    }
    if (call.has("offline")) {
      throw new Fault({
        code: "WB-USAGE-OFFLINE",
        kind: "input",
        what: "ship builds with the project's registries, which --offline forbids",
        fix: "leave --offline away",
      });
    }
    const signer = await openKey(Buffer.from(readInput(keyFile, "key")).toString("utf8"), await readPassphrase(call));
    const inputs = await readInputs({ ...inputPlaces(call, directory), trust: [] });
    tellUnheeded(call, inputs.unheeded);
    const folder = call.flag("output") ?? join(directory, "out");
    refuseUnwritable(folder);
    const { shipment, files } = await interruptible((stop) =>
      buildAndShip(
        directory,
        {
          signer,
          inputs,
          mode: call.has("no-sandbox") ? "none" : "auto",
          cache: join(homeFolder(), "cache"),
          version: VERSION,
          clock: now,
          progress: call.terminal.progress,
          stop,
          withheld: [keyFile, ...passphraseFiles(call)],
          output: folder,
        },
        (shipment, built) => {
          call.terminal.progress("leave", folder);
          return { shipment, files: leave(folder, shipment, built, VERSION) };
        },
      ),
    );
    inputs.index?.close();
    call.terminal.done();
    const { verdict } = shipment;
    if (form === "json") call.terminal.result(JSON.stringify(verdictOutput(verdict), null, 2));
    else {
      call.terminal.result(printVerdictText(verdict, { color: call.terminal.color, verbose: call.terminal.verbose }));
      call.terminal.message(`left ${files.artifact} with its papers, and ${files.report}`);
      call.terminal.message(`a receiver runs: waybill receive ${files.artifact} --trust ${files.trust}`);
    }
    return exitCodeOf(verdict);
  },
};
