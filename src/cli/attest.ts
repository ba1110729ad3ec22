import { printBundle } from "../format/bundle.ts";
import { Fault } from "../model/fault.ts";
import { readInput } from "../station/inputs.ts";
import { attestFile } from "../station/package/attest.ts";
import { openKey } from "../trust/keys.ts";
import { type Command, oneWord } from "./shell/command.ts";
import { PASSPHRASE_OPTIONS, readPassphrase } from "./shell/passphrase.ts";
import { give } from "./shell/result.ts";

export const attest: Command = {
  name: "attest",
  summary: "Signs a statement about a file: a predicate of your own, as a Sigstore bundle.",
  usage: ["waybill attest FILE --predicate FILE --type PREDICATE --key FILE [--output BUNDLE | --add]"],
  network: "never",
  options: {
    predicate: { value: "FILE", does: "the predicate, JSON" },
    type: { value: "PREDICATE", does: "its type: a short name (provenance, cyclonedx, …) or a URI" },
    key: { value: "FILE", does: "the signing key" },
    add: { does: "add it to the papers beside the file" },
    ...PASSPHRASE_OPTIONS,
  },
  examples: [
    [
      "waybill attest app.tgz --predicate bom.json --type cyclonedx --key release.key --passphrase-file secret -o app.sigstore.json",
      "",
    ],
  ],
  async run(call) {
    const file = oneWord(call, "file");
    const [predicate, type, key] = [call.flag("predicate"), call.flag("type"), call.flag("key")];
    if (predicate === undefined || type === undefined || key === undefined) {
      throw new Fault({
        code: "WB-USAGE-WORD",
        kind: "input",
        what: "attest needs --predicate, --type and --key",
        fix: "waybill attest --help",
      });
    }
    const signer = await openKey(Buffer.from(readInput(key, "key")).toString("utf8"), await readPassphrase(call));
    const bundle = attestFile(file, readInput(predicate, "predicate"), predicate, type, signer, call.has("add"));
    if (call.has("add")) call.terminal.message(`added to ${file}.waybill.jsonl`);
    else give(call, printBundle(bundle));
    return 0;
  },
};
