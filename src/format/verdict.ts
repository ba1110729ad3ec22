import type { Reason, RuleId, Verdict } from "../model/policy.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import type { InputOrigin } from "../model/trust.ts";
import { isDigest, readDigest } from "./digest-set.ts";
import { Fields, formFault, type Place, rootPlace } from "./shape.ts";

const SCHEMA = "waybill.verdict/1";
const STATIONS = ["ingest", "build", "package", "install"] as const;

/** A verdict that is signed names who judged, so that its signer's scope can be held to it (DESIGN, rule 4). */
export type StatedVerdict = Verdict & { readonly verifierId: string };

/** The predicate of the verdict statement: `waybill.verdict/1` with the verifier (docs/schemas.md). */
export function verdictPredicate(verdict: Verdict, verifierId: string): JsonObject {
  return { ...verdictJson(verdict), verifier: { id: verifierId } };
}

/** A verdict in the form `waybill.verdict/1` (docs/schemas.md), as commands give it. */
export function verdictJson(verdict: Verdict): JsonObject {
  const { inputs } = verdict;
  return {
    schema: SCHEMA,
    station: verdict.station,
    subject: { name: verdict.subject.name, digest: verdict.subject.digest },
    decision: verdict.decision,
    reasons: verdict.reasons.map(reasonJson),
    inputs: {
      policy: originJson(inputs.policy),
      trust: inputs.trust && originJson(inputs.trust),
      advisories: inputs.advisories && originJson(inputs.advisories),
      vex: inputs.vex.map(originJson),
      ...(inputs.overrules !== undefined && { overrules: originJson(inputs.overrules) }),
    },
    at: verdict.at,
  };
}

function reasonJson(reason: Reason): JsonObject {
  return {
    rule: reason.rule,
    mode: reason.mode,
    outcome: reason.outcome,
    expected: reason.expected,
    found: reason.found,
    evidence: reason.evidence,
    ...(reason.fix !== undefined && { fix: reason.fix }),
    ...(reason.exception !== undefined && {
      exception: {
        owner: reason.exception.owner,
        reason: reason.exception.reason,
        expires: reason.exception.expires,
      },
    }),
  };
}

function originJson(input: InputOrigin): JsonObject {
  return { origin: input.origin, digest: input.digest };
}

/** Reads a verdict predicate; an unknown name is an error, for the form is ours. Faults: WB-VERDICT-FORM with the JSON pointer. */
export function parseVerdict(predicate: JsonObject, where: string): StatedVerdict {
  const root = new Fields(predicate, rootPlace(where, "WB-VERDICT-FORM"));
  root.only(["schema", "station", "subject", "decision", "reasons", "inputs", "at", "verifier"]);
  root.oneOf("schema", [SCHEMA]);
  const subject = root.object("subject").only(["name", "digest"]);
  const inputs = root.object("inputs").only(["policy", "trust", "advisories", "vex", "overrules"]);
  const overrules = optionalOrigin(inputs, "overrules");
  return {
    station: root.oneOf("station", STATIONS),
    subject: { name: subject.string("name"), digest: readDigest(subject, "digest") },
    decision: root.oneOf("decision", ["allow", "warn", "deny"]),
    reasons: root.list("reasons", readReason),
    inputs: {
      policy: readOrigin(inputs.get("policy") ?? null, inputs.at("policy")),
      trust: optionalOrigin(inputs, "trust"),
      advisories: optionalOrigin(inputs, "advisories"),
      vex: inputs.list("vex", readOrigin),
      ...(overrules !== null && { overrules }),
    },
    at: root.timestamp("at"),
    verifierId: root.object("verifier").only(["id"]).string("id"),
  };
}

function readReason(value: Json, place: Place): Reason {
  const fields = new Fields(value, place);
  fields.only(["rule", "mode", "outcome", "expected", "found", "evidence", "fix", "exception"]);
  const fix = fields.optionalString("fix");
  const exception = fields.optionalObject("exception")?.only(["owner", "reason", "expires"]);
  return {
    rule: readRule(fields),
    mode: fields.oneOf("mode", ["observe", "warn", "enforce"]),
    outcome: fields.oneOf("outcome", ["pass", "fail", "unchecked", "excepted"]),
    expected: fields.text("expected"),
    found: fields.text("found"),
    evidence: fields.list("evidence", (item, at) => {
      if (typeof item !== "string" || !isDigest("sha256", item)) throw formFault(at, "a sha256 digest", item);
      return item;
    }),
    ...(fix !== undefined && { fix }),
    ...(exception !== undefined && {
      exception: {
        owner: exception.string("owner"),
        reason: exception.string("reason"),
        expires: exception.timestamp("expires"),
      },
    }),
  };
}

function readRule(fields: Fields): RuleId {
  const rule = fields.string("rule");
  const station = STATIONS.find((one) => rule.startsWith(`${one}.`));
  if (station === undefined) throw fields.fault("rule", "a rule of a station, as `package.sbom`");
  return `${station}.${rule.slice(station.length + 1)}`;
}

function optionalOrigin(inputs: Fields, name: string): InputOrigin | null {
  return inputs.has(name) ? readOrigin(inputs.get(name) ?? null, inputs.at(name)) : null;
}

function readOrigin(value: Json, place: Place): InputOrigin {
  const fields = new Fields(value, place).only(["origin", "digest"]);
  return { origin: fields.string("origin"), digest: readDigest(fields, "digest") };
}
