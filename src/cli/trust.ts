import { parseTrust } from "../trust/trust-file.ts";
import { readInput } from "../station/inputs.ts";
import { type Command, formatOf, oneWord } from "./shell/command.ts";
import { give, giveJson } from "./shell/result.ts";

export const trust: Command = {
  name: "trust",
  summary: "Shows whom a trust file trusts, and for what.",
  usage: ["waybill trust show FILE"],
  network: "never",
  options: {},
  examples: [["waybill trust show app-1.0.0.trust.yaml", "each identity with its scope and validity"]],
  async run(call) {
    const [, ...words] = call.words;
    const path = oneWord({ ...call, words }, "trust file");
    const { entries, input } = await parseTrust(readInput(path, "trust file"), path);
    const told = entries.map(({ name, principal, identity, scope, validFrom, validUntil, revoked }) => ({
      name,
      principal,
      keyId: identity.keyId,
      may: {
        predicates: [...scope.predicates],
        subjects: [...scope.subjects],
        builders: { ...scope.builders },
        verifiers: [...scope.verifiers],
      },
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
      ...(revoked === undefined ? {} : { revoked: { ...revoked } }),
    }));
    if (formatOf(call, ["text", "json"]) === "json") {
      giveJson(call, { schema: "waybill.trust/1", origin: input.origin, digest: input.digest, entries: told });
      return 0;
    }
    const lines = told.map((entry) =>
      [
        `${entry.name} (${entry.principal}) key ${entry.keyId}`,
        `  may state  ${entry.may.predicates.join(", ") || "nothing"}`,
        `  about      ${entry.may.subjects.join(", ") || "nothing"}`,
        `  builders   ${
          Object.entries(entry.may.builders)
            .map(([id, level]) => `${id} up to ${level}`)
            .join(", ") || "none"
        }`,
        `  verifiers  ${entry.may.verifiers.join(", ") || "none"}`,
        ...(entry.validUntil === undefined ? [] : [`  until      ${entry.validUntil}`]),
        ...(entry.revoked === undefined ? [] : [`  revoked    ${entry.revoked.at} (${entry.revoked.reason})`]),
      ].join("\n"),
    );
    give(call, lines.join("\n"));
    return 0;
  },
};
