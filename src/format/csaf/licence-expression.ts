import { SCANCODE_DEPRECATED, SCANCODE_IDS, SPDX_DEPRECATED } from "./data/licence-ids.ts";
import { SPDX_EXCEPTION_IDS, SPDX_LICENCE_IDS } from "../../artifact/spdx-ids.ts";

/** Licence expressions as CSAF 2.1 takes them: the grammar of SPDX 3.0.1, annex B, without `DocumentRef`. */

const MAX_LENGTH = 65_536;
const ID = "[A-Za-z0-9.-]+";
const REFERENCE = new RegExp(`^LicenseRef-${ID}$`);
const ADDITION = new RegExp(`^(?:${ID}|AdditionRef-${ID})$`);
const SIMPLE = new RegExp(`^${ID}\\+?$`);

/**
 * The names in an expression: licence and exception identifiers, `LicenseRef`s and `AdditionRef`s; undefined where it is none.
 * Operators stand in upper or in lower case.
 */
export function readExpression(text: string): readonly string[] | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const names: string[] = [];
  let depth = 0;
  let due: "licence" | "exception" | "operator" = "licence";
  // WITH follows one licence, not a group of them, and not an exception.
  let simple = false;
  for (const [token] of text.matchAll(/[()]|[^\s()]+/g)) {
    if (token === "(" && due === "licence") depth += 1;
    else if (token === ")" && due === "operator" && depth > 0) {
      depth -= 1;
      simple = false;
    } else if (due === "operator") {
      const operator = token === token.toUpperCase() ? token : token === token.toLowerCase() ? token.toUpperCase() : "";
      if (operator === "WITH" && simple) due = "exception";
      else if (operator === "AND" || operator === "OR") due = "licence";
      else return undefined;
    } else if (due === "exception" ? ADDITION.test(token) : isLicence(token)) {
      names.push(token);
      simple = due === "licence";
      due = "operator";
    } else return undefined;
  }
  return depth === 0 && due === "operator" ? names : undefined;
}

/** `licenseref-…` in other cases is an identifier that nobody may take for a reference. */
function isLicence(token: string): boolean {
  return token.toLowerCase().startsWith("licenseref-") ? REFERENCE.test(token) : SIMPLE.test(token);
}

const words = (text: string): readonly string[] => text.trim().toLowerCase().split(/\s+/);

let read: Readonly<Record<"spdx" | "deprecated" | "scancode" | "scancodeDeprecated", ReadonlySet<string>>> | undefined;

function lists(): NonNullable<typeof read> {
  read ??= {
    spdx: new Set(words(`${SPDX_LICENCE_IDS} ${SPDX_EXCEPTION_IDS}`)),
    deprecated: new Set(words(SPDX_DEPRECATED)),
    scancode: new Set(words(`${SCANCODE_IDS} ${SCANCODE_DEPRECATED}`)),
    scancodeDeprecated: new Set(words(SCANCODE_DEPRECATED)),
  };
  return read;
}

/** Whose list a name is of, by its form. */
function listOf(name: string): { readonly list: "spdx" | "scancode" | "other"; readonly id: string } {
  const id = name.toLowerCase();
  if (!/^(?:license|addition)ref-/.test(id)) return { list: "spdx", id };
  const scancode = /^(?:license|addition)ref-scancode-(.*)$/.exec(id)?.[1];
  return scancode === undefined ? { list: "other", id } : { list: "scancode", id: scancode };
}

/** Whether a licence or exception is in the SPDX License List or in ScanCode's LicenseDB. */
export function isListed(name: string): boolean {
  const { list, id } = listOf(name);
  if (list === "spdx") return lists().spdx.has(id) || lists().spdx.has(id.replace(/\+$/, ""));
  return list === "scancode" && lists().scancode.has(id);
}

/** Whether a name claims to be of one of the two lists, and is not. */
export function isMissing(name: string): boolean {
  return listOf(name).list !== "other" && !isListed(name);
}

/** Whether its list has deprecated it. */
export function isDeprecated(name: string): boolean {
  const { list, id } = listOf(name);
  if (list === "spdx") return lists().deprecated.has(id);
  return list === "scancode" && lists().scancodeDeprecated.has(id);
}
