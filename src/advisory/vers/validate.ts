import { cleanText } from "../../artifact/clean-text.ts";
import type { VersionOrder } from "../../model/advisory.ts";
import { simplifyVers } from "./contains.ts";
import { schemeOrder } from "./schemes.ts";
import { parseVers, printVers, type VersConstraint } from "./vers.ts";

function orderProblems(constraints: readonly VersConstraint[], order: VersionOrder): readonly string[] {
  const problems: string[] = [];
  for (const [at, { version }] of constraints.entries()) {
    const next = constraints[at + 1];
    const difference = next === undefined ? -1 : order.compare(version, next.version);
    if (difference === 0) problems.push(`"${cleanText(version, 60)}" is named twice`);
    if (difference > 0) problems.push(`"${cleanText(next?.version ?? "", 60)}" stands after a later version`);
  }
  return problems;
}

/** How the text differs from the way its own parts are written. */
function spellingProblems(text: string, written: readonly VersConstraint[], type: string): readonly string[] {
  const problems: string[] = [];
  if (/[ \t\r\n]/.test(text)) problems.push("it has blanks");
  const plain = text.replaceAll(/[ \t\r\n]+/g, "");
  if (!plain.startsWith(`vers:${type}/`)) problems.push("the scheme or the type is not in lower case");
  const list = plain.slice(plain.indexOf("/") + 1);
  if (list.startsWith("|") || list.endsWith("|")) problems.push("it begins or ends with `|`");
  if (/(?:^|\|)=/.test(list)) problems.push("a single version is written with `=`");
  const canonical = printVers({ type, constraints: written });
  if (problems.length === 0 && plain !== canonical) problems.push("a version is not percent-encoded as VERS does it");
  return problems;
}

/**
 * Why a text is no canonical VERS (vers-spec, "Normalized, canonical representation and validation"), each in one line; empty: it is
 * one. Of a type whose order is not known here, order and redundancy are not looked at. Fault: WB-VERS-INVALID.
 */
export function versProblems(text: string): readonly string[] {
  const { type, constraints } = parseVers(text);
  const list = text
    .replaceAll(/[ \t\r\n]+/g, "")
    .split("/")
    .slice(1)
    .join("/");
  if (constraints === "*") return text === `vers:${type}/*` ? [] : ["it is not written `vers:TYPE/*`"];
  const order = schemeOrder(type);
  // `parseVers` sorts; by a type of no order it cannot, and gives them as they stand.
  const written = parseVers(`vers:unsorted/${list}`).constraints as readonly VersConstraint[];
  const problems = [...spellingProblems(text, written, type)];
  if (order === undefined) return problems;
  const wrong = orderProblems(written, order);
  const simple = simplifyVers({ type, constraints }).constraints;
  if (wrong.length === 0 && simple.length < constraints.length) problems.push("it has redundant constraints");
  return [...problems, ...wrong];
}
