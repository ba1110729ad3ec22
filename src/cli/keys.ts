import { writeKeyPair } from "../trust/key-files.ts";
import { generateKey } from "../trust/keys.ts";
import { Fault } from "../model/fault.ts";
import type { Command } from "./shell/command.ts";
import { PASSPHRASE_OPTIONS, readPassphrase } from "./shell/passphrase.ts";

const KINDS = { "ecdsa-p256": "ecdsa-p256", ed25519: "ed25519" } as const;

export const keys: Command = {
  name: "keys",
  summary: "Makes signing keys, in the file format that cosign reads as well.",
  usage: ["waybill keys generate --output NAME [--type ecdsa-p256|ed25519]"],
  network: "never",
  options: {
    output: { value: "NAME", short: "o", does: "writes NAME.key and NAME.pub" },
    type: { value: "TYPE", does: "ecdsa-p256 (default) or ed25519" },
    ...PASSPHRASE_OPTIONS,
  },
  examples: [
    ["waybill keys generate --output release --passphrase-file secret", "writes release.key (0600) and release.pub"],
  ],
  async run(call) {
    const output = call.flag("output");
    const kind = KINDS[(call.flag("type") ?? "ecdsa-p256") as keyof typeof KINDS];
    if (call.words[0] !== "generate" || output === undefined || kind === undefined) {
      throw new Fault({
        code: "WB-USAGE-WORD",
        kind: "input",
        what: "which key?",
        expected: "keys generate --output NAME --type ecdsa-p256|ed25519",
      });
    }
    const pair = await generateKey(kind, await readPassphrase(call, true));
    writeKeyPair(output, pair);
    call.terminal.message(`wrote ${output}.key (keep it) and ${output}.pub (give it)`);
    return 0;
  },
};
