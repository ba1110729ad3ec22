import { explainPolicy } from "../policy/explain.ts";
import { readPolicy } from "../station/inputs.ts";
import { Fault } from "../model/fault.ts";
import { type Command, formatOf } from "./shell/command.ts";
import { homeFolder } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";

export const policy: Command = {
  name: "policy",
  summary: "Validates a policy file, or tells in prose what it allows.",
  usage: ["waybill policy check [FILE]", "waybill policy explain [FILE]"],
  network: "never",
  options: {},
  examples: [
    ["waybill policy check waybill.policy.yaml", "every unknown rule or key with its line"],
    ["waybill policy explain", "the built-in baseline as prose, where none is pinned"],
  ],
  async run(call) {
    const [verb, file] = call.words;
    if (verb !== "check" && verb !== "explain") {
      throw new Fault({
        code: "WB-USAGE-WORD",
        kind: "input",
        what: "what to do with the policy?",
        expected: "check or explain",
        found: verb ?? "nothing",
      });
    }
    const read = await readPolicy({ home: homeFolder(), policy: file, project: undefined });
    if (formatOf(call, ["text", "json"]) === "json") {
      giveJson(call, {
        schema: "waybill.policy/1",
        origin: read.input.origin,
        digest: read.input.digest,
        rules: read.rules.map(({ rule, mode, enforceFrom, params }) => ({
          rule: rule.id,
          mode,
          does: rule.explain(params),
          ...(enforceFrom === undefined ? {} : { enforceFrom }),
        })),
        exceptions: read.exceptions.map(({ rule, subject, owner, reason, expires }) => ({
          rule,
          subject,
          owner,
          reason,
          expires,
        })),
      });
    } else if (verb === "explain") give(call, explainPolicy(read));
    else
      give(
        call,
        `${read.input.origin}: ${read.rules.length} rules, ${read.exceptions.length} exceptions, digest sha256:${read.input.digest}`,
      );
    return 0;
  },
};
