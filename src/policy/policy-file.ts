import { cleanText } from "../artifact/clean-text.ts";
import { sha256 } from "../artifact/digest.ts";
import { canonicalJson } from "../format/json.ts";
import { readYaml, type YamlForm } from "../format/yaml.ts";
import type { Mode, Policy, RuleId, Station } from "../model/policy.ts";
import type { Json } from "../model/statement.ts";
import type { InputOrigin, TrustEntry } from "../model/trust.ts";
import { nearestWord } from "../trust/nearest-word.ts";
import { trustEntryFromValue } from "../trust/trust-entry.ts";
import { loadCel } from "./cel.ts";
import { parseException } from "./exceptions.ts";
import { PRESET_NAMES, PRESETS, type PresetName } from "./presets.ts";
import type { PlacedRule, PlaceOf, RuleFile } from "./rule.ts";
import { RULE_IDS, RULES } from "./rules.ts";
import { linkVerify } from "./rules/verify.ts";
import { isSeverityWord } from "./rules/vulnerabilities.ts";
import { isMapping, Keys, policyFault } from "./values.ts";

const FORM: YamlForm = { name: "the policy", code: "WB-POLICY-SYNTAX", maxBytes: 1024 * 1024, maxValues: 20_000 };
const STATIONS: readonly Station[] = ["ingest", "build", "package", "install"];
const TOP = ["version", "extends", "mode", "trust", ...STATIONS, "exceptions"];
const MODES: readonly Mode[] = ["observe", "warn", "enforce"];
const OWN_KEYS = ["mode", "enforceFrom"];

/** A policy with the line of every rule, so that `tighten` can name it. */
export interface PlacedPolicy extends Policy {
  readonly rules: readonly PlacedRule[];
}

/**
 * Reads a policy file (docs/policy.md). `where` names it in messages, `origin` in verdicts. Every complaint has file and line:
 * `WB-POLICY-SYNTAX`, `-UNKNOWN-RULE`, `-UNKNOWN-KEY`, `-VALUE`, `-CEL`.
 */
export async function parsePolicy(bytes: Uint8Array, where: string, origin: string): Promise<PlacedPolicy> {
  const { value, placeOf } = await readYaml(bytes, cleanText(where, 300), FORM);
  await loadCelFor(value);
  return policyOf(value, placeOf, { origin, digest: sha256(bytes) });
}

/** The built-in policy that judges where no other is given or pinned. */
export function baseline(): PlacedPolicy {
  return preset("waybill:baseline@1");
}

function preset(name: PresetName): PlacedPolicy {
  const value: unknown = PRESETS[name];
  const digest = sha256(canonicalJson(value as Json));
  return policyOf(value, () => ({ file: name, line: 1 }), { origin: name, digest });
}

/** The CEL engine is loaded only where the file holds an expression. */
async function loadCelFor(value: unknown): Promise<void> {
  if (!isMapping(value)) return;
  const blocks = STATIONS.map((station) => value[station]).filter(isMapping);
  const expressions = blocks.some(
    (block) =>
      block["custom"] !== undefined ||
      (isMapping(block["vulnerabilities"]) && !isSeverityWord(block["vulnerabilities"]["deny"])),
  );
  if (expressions) await loadCel();
}

function policyOf(value: unknown, place: PlaceOf, input: InputOrigin): PlacedPolicy {
  const top = new Keys(value, place, "the policy", TOP);
  if (top.get("version") !== 1) throw top.fault("version", "1");
  const mode = top.word("mode", MODES);
  const rules = new Map<RuleId, PlacedRule>();
  for (const name of top.words("extends", PRESET_NAMES) ?? []) {
    for (const rule of preset(name).rules) rules.set(rule.rule.id, rule);
  }
  for (const station of STATIONS) {
    for (const rule of stationRules(station, top.get(station), (path) => place([station, ...path]), mode, rules)) {
      rules.set(rule.rule.id, rule);
    }
  }
  return {
    rules: inOrder(rules),
    exceptions: exceptionsOf(top, place),
    trust: trustOf(top, place),
    input,
  };
}

/** Rules in the order of the stations; what `install.verify` requires has the parameters that these rules give it. */
export function inOrder(rules: ReadonlyMap<RuleId, PlacedRule>): readonly PlacedRule[] {
  const configured = new Map([...rules].map(([id, { params }]) => [id, params]));
  const linked = [...rules.values()].map((rule) =>
    rule.rule.id === "install.verify" ? { ...rule, params: linkVerify(rule.params, configured) } : rule,
  );
  return linked.toSorted((a, b) => RULE_IDS.indexOf(a.rule.id) - RULE_IDS.indexOf(b.rule.id));
}

function stationRules(
  station: Station,
  block: unknown,
  place: PlaceOf,
  mode: Mode | undefined,
  inherited: ReadonlyMap<RuleId, PlacedRule>,
): readonly PlacedRule[] {
  if (block === undefined || block === null) return [];
  if (!isMapping(block)) throw policyFault("WB-POLICY-VALUE", place([]), `${station} is not a mapping of rules`);
  return Object.entries(block).map(([name, value]) => {
    const rule = ruleOf(`${station}.${name}`, place([name]));
    return placedRule(rule, value, (path) => place([name, ...path]), mode, inherited.get(rule.id));
  });
}

/** The rule of this id. Throws `WB-POLICY-UNKNOWN-RULE`: a typo must not pass silently. */
function ruleOf(id: string, place: { readonly file: string; readonly line: number }): RuleFile {
  const rule = RULES.find((each) => each.id === id);
  if (rule !== undefined) return rule;
  const near = nearestWord(id, RULE_IDS);
  throw policyFault("WB-POLICY-UNKNOWN-RULE", place, `there is no rule ${JSON.stringify(cleanText(id, 60))}`, {
    expected: RULE_IDS.filter((each) => each.startsWith(`${id.split(".")[0]}.`)).join(", "),
    found: cleanText(id, 60),
    fix: near === undefined ? "waybill policy explain prints the rules" : `did you mean ${near}?`,
  });
}

/**
 * One rule of a file. Of what a preset says of the rule, mode, date and parameters (as a whole) each stay until the file says
 * otherwise: naming a rule to add a mode must not drop its parameters, nor adding parameters its mode.
 */
function placedRule(
  rule: RuleFile,
  value: unknown,
  place: PlaceOf,
  fallback: Mode | undefined,
  inherited: PlacedRule | undefined,
): PlacedRule {
  const shared = isMapping(value) ? new Keys(value, place, rule.id, Object.keys(value)) : undefined;
  const from = shared?.time("enforceFrom");
  const mode = shared?.word("mode", MODES);
  if (shared !== undefined && from !== undefined && mode !== undefined && mode !== "enforce") {
    throw shared.fault("mode", "enforce, which enforceFrom dates", "remove enforceFrom, or the mode");
  }
  const enforceFrom = from ?? inherited?.enforceFrom;
  // Without a prototype, as the reader gives it: `__proto__` stays an unknown key.
  const own: unknown = isMapping(value)
    ? Object.assign(
        Object.create(null),
        Object.fromEntries(Object.entries(value).filter(([key]) => !OWN_KEYS.includes(key))),
      )
    : value;
  const silent = own === null || (isMapping(own) && Object.keys(own).length === 0);
  return {
    rule,
    params: silent && inherited !== undefined ? inherited.params : rule.parse(own ?? undefined, place),
    // A date says by itself that the rule is enforced then, whatever the file's own mode is.
    mode: mode ?? (from === undefined ? fallback : "enforce") ?? inherited?.mode ?? "warn",
    ...(enforceFrom === undefined ? {} : { enforceFrom }),
    place: place([]),
  };
}

function exceptionsOf(top: Keys, place: PlaceOf): Policy["exceptions"] {
  const list = top.get("exceptions");
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw top.fault("exceptions", "a list");
  return list.map((value: unknown, index) =>
    parseException(
      value,
      (path) => place(["exceptions", index, ...path]),
      (id, at) => ruleOf(id, at([])).id,
    ),
  );
}

function trustOf(top: Keys, place: PlaceOf): readonly TrustEntry[] {
  const block = top.get("trust");
  if (block === undefined) return [];
  if (!isMapping(block)) throw top.fault("trust", "a mapping of names to trust entries");
  return Object.entries(block).map(([name, entry]) => {
    const at: PlaceOf = (path) => place(["trust", name, ...path]);
    if (!isMapping(entry)) return trustEntryFromValue(entry, at);
    for (const key of ["issuer", "subject"]) {
      if (!Object.hasOwn(entry, key)) continue;
      throw policyFault("WB-POLICY-VALUE", at([key]), "certificate identities are not verified yet", {
        expected: "key: the PEM of a public key, and may: what it may vouch for",
        found: key,
      });
    }
    if (Object.hasOwn(entry, "name")) {
      throw policyFault("WB-POLICY-UNKNOWN-KEY", at(["name"]), "a trust entry of a policy is named by its key", {
        fix: "remove name: here",
      });
    }
    return trustEntryFromValue({ ...entry, name }, at);
  });
}
