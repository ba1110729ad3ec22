import { cleanText } from "../artifact/clean-text.ts";
import { Fault } from "../model/fault.ts";
import { EXPOSURE, MISSION_IMPACT, SAFETY_IMPACT, VALUE_DENSITY, type DecisionPoint } from "../format/ssvc-points.ts";
import { parseSsvcVector } from "../format/ssvc-vector.ts";

/** What only the user knows of where the product runs. What is absent is assumed, as CERT/CC advises. */
export interface SsvcContext {
  readonly role: "deployer" | "supplier";
  /** Value by name of the setting. */
  readonly stated: Readonly<Partial<Record<SsvcSetting, string>>>;
}

export type SsvcSetting = "exposure" | "mission" | "safety" | "density";

/** The points that the user states. */
export const SETTINGS: Readonly<Record<SsvcSetting, DecisionPoint>> = {
  exposure: EXPOSURE,
  mission: MISSION_IMPACT,
  safety: SAFETY_IMPACT,
  density: VALUE_DENSITY,
};

const ROLES = ["deployer", "supplier"] as const;
const MAX_LENGTH = 4_000;

function settingFault(where: string, expected: string, found: string): Fault {
  return new Fault({
    code: "WB-SSVC-CONTEXT",
    kind: "input",
    what: "this says nothing that SSVC asks for",
    where: cleanText(where, 300),
    expected,
    found: `"${cleanText(found, 60)}"`,
  });
}

/** Values are written with hyphens (`mef-support-crippled`), as SSVC names them, or by their keys (`MSC`). */
export function ssvcValue(setting: SsvcSetting, text: string): string | undefined {
  const wanted = text.toLowerCase().replace(/[-_]/g, " ");
  const { values } = SETTINGS[setting];
  return Object.keys(values).find((value) => value === wanted || values[value]?.toLowerCase() === wanted);
}

/** Names of a setting's values, as they are written. */
export const ssvcValueNames = (setting: SsvcSetting): string =>
  Object.keys(SETTINGS[setting].values)
    .map((value) => value.replaceAll(" ", "-"))
    .join(", ");

/** What a vector of an earlier decision says of the user's own points. */
function contextOfVector(text: string, where: string): SsvcContext {
  const read = parseSsvcVector(text.trim());
  if (!read.known) throw settingFault(where, `an SSVC vector (${read.why})`, text);
  const { values } = read.value;
  const stated = (Object.keys(SETTINGS) as SsvcSetting[]).flatMap((name) => {
    const value = values.get(SETTINGS[name].key);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { role: values.has("TI") ? "supplier" : "deployer", stated: Object.fromEntries(stated) };
}

/**
 * Reads settings, `name=value` or `name: value`, joined by commas or one a line (so that a small YAML file is one); what
 * follows a `#` is a remark. Names: role, exposure, mission, safety, density. An SSVC vector (`SSVCv2/…/`) states the
 * same; what it says of the flaw itself is passed over. Faults: WB-SSVC-CONTEXT with what there is.
 */
export function parseSsvcContext(text: string, where: string): SsvcContext {
  if (text.length > MAX_LENGTH) throw settingFault(where, `at most ${MAX_LENGTH} characters`, text);
  if (text.startsWith("SSVCv2/")) return contextOfVector(text, where);
  const stated: Partial<Record<SsvcSetting, string>> = {};
  let role: SsvcContext["role"] | undefined;
  for (const line of text.split(/[\n,]/)) {
    const setting = line.replace(/#.*/, "").trim();
    if (setting === "") continue;
    const [, name = "", value = ""] = /^([a-z]+) *[=:] *(\S.*)$/i.exec(setting) ?? [];
    if (name === "role") {
      if (role !== undefined) throw settingFault(where, "role given once", setting);
      role = ROLES.find((one) => one === value);
      if (role === undefined) throw settingFault(where, `role: ${ROLES.join(", ")}`, setting);
      continue;
    }
    const known = (Object.keys(SETTINGS) as SsvcSetting[]).find((one) => one === name);
    if (known === undefined) throw settingFault(where, `role, ${Object.keys(SETTINGS).join(", ")}`, setting);
    if (stated[known] !== undefined) throw settingFault(where, `${known} given once`, setting);
    const found = ssvcValue(known, value);
    if (found === undefined) throw settingFault(where, `${known}: ${ssvcValueNames(known)}`, setting);
    stated[known] = found;
  }
  return { role: role ?? "deployer", stated };
}
