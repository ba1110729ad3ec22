import { basename } from "node:path";
import { cleanText } from "../artifact/clean-text.ts";
import { verifyOutput } from "../format/output.ts";
import type { JsonObject } from "../model/statement.ts";
import type { Verification } from "../model/trust.ts";
import { verifyFile } from "../station/install/verify-file.ts";
import { type Call, type Command, formatOf, oneWord } from "./shell/command.ts";
import { homeFolder, judgedAt } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";

function told(call: Call, verification: Verification): string {
  const { color } = call.terminal;
  const lines = verification.checks.map(({ name, outcome, code, expected, found }) => {
    const role = outcome === "verified" ? "good" : outcome === "refused" ? "bad" : "warn";
    const detail = [
      code,
      expected === undefined ? undefined : `expected ${expected}`,
      found === undefined ? undefined : `found ${found}`,
    ];
    return `  ${color(role, outcome.padEnd(9))} ${name.padEnd(18)} ${detail.filter((part) => part !== undefined).join("; ")}`.trimEnd();
  });
  return [
    `${verification.outcome}${verification.outcome === "verified" ? ` by ${cleanText(verification.evidence.signer.name)}` : ""}`,
    ...lines,
  ].join("\n");
}

/** One result as it is; of several the worst, with all of them under `papers`. */
function document(results: readonly Verification[]): JsonObject {
  const worst =
    results.find(({ outcome }) => outcome === "refused") ??
    results.find(({ outcome }) => outcome === "unchecked") ??
    results[0];
  const whole = worst === undefined ? {} : verifyOutput(worst);
  return results.length > 1 ? { ...whole, papers: results.map(verifyOutput) } : whole;
}

export const verify: Command = {
  name: "verify",
  summary: "Verifies one bundle for an artifact, or the artifact's papers: every check by name.",
  usage: [
    "waybill verify FILE|sha256:HEX --bundle FILE --key FILE",
    "waybill verify FILE --trust FILE [--type PREDICATE]",
  ],
  network: "never",
  options: {
    bundle: { value: "FILE", does: "a Sigstore bundle (JSON); default: the papers beside the file" },
    key: { value: "FILE", does: "a public key, trusted for what this one command asks" },
    trust: { value: "FILE", many: true, does: "whom to trust: a trust file or a public key" },
    type: { value: "PREDICATE", does: "demand this predicate type: a short name (provenance, cyclonedx, …) or a URI" },
  },
  examples: [
    ["waybill verify app-1.0.0.tgz --trust app-1.0.0.pub --type provenance", "one of the papers beside it"],
    ["waybill verify app-1.0.0.tgz --bundle app.sigstore.json --key cosign.pub", "a bundle that cosign made"],
  ],
  async run(call) {
    const form = formatOf(call, ["text", "json"]);
    const subject = oneWord(call, "artifact");
    const results = await verifyFile({
      subject,
      bundle: call.flag("bundle"),
      key: call.flag("key"),
      trust: call.flags("trust"),
      type: call.flag("type"),
      home: homeFolder(),
      at: judgedAt(call),
    });
    if (form === "json") giveJson(call, document(results));
    else give(call, results.map((result) => `${cleanText(basename(subject))}: ${told(call, result)}`).join("\n"));
    if (results.every(({ outcome }) => outcome === "verified")) return 0;
    return results.some(({ outcome }) => outcome === "refused") ? 1 : 3;
  },
};
