import type { JsonObject } from "../../model/statement.ts";
import { canonicalExpression, joinExpressions, parseExpression } from "../spdx/expression.ts";
import { textOf } from "../members.ts";
import { idsOf, LICENCE_URI, type Spdx3Element } from "./model.ts";

const MAX_DEPTH = 30;
const MAX_LENGTH = 65_536;

/** What a licence element says: an expression, or a text that is none. */
export interface Spdx3Licence {
  readonly expression: string;
  readonly spdx: boolean;
}

/**
 * Gives the licence that an identifier names: an expression (simple licensing), sets and operators (expanded licensing), a
 * listed one by its URI, or a licence's own text. Undefined for no assertion, what is not there, sets that contain
 * themselves, and sets nested deeper than 30. Each is worked out once: sets that share members would double at each level.
 */
export function licenceReader(byId: ReadonlyMap<string, Spdx3Element>): (id: string) => Spdx3Licence | undefined {
  const known = new Map<string, Spdx3Licence | undefined>();
  const read = (id: string, depth: number): Spdx3Licence | undefined => {
    if (known.has(id)) return known.get(id);
    if (depth > MAX_DEPTH) return undefined;
    known.set(id, undefined);
    const licence = licenceOf(id, byId, (member) => read(member, depth + 1));
    known.set(id, licence);
    return licence;
  };
  return (id) => read(id, 0);
}

function licenceOf(
  id: string,
  byId: ReadonlyMap<string, Spdx3Element>,
  read: (member: string) => Spdx3Licence | undefined,
): Spdx3Licence | undefined {
  if (/(?:NoAssertion|None)License$/.test(id)) return undefined;
  const element = byId.get(id);
  if (element === undefined) {
    return id.startsWith(LICENCE_URI) ? { expression: id.slice(LICENCE_URI.length), spdx: true } : undefined;
  }
  const { type, json } = element;
  const written = textOf(json, "simplelicensing_licenseExpression");
  if (written !== undefined) return expressionOf(written, json, byId);
  const members = (name: string): readonly string[] =>
    idsOf(json, name).flatMap((member) => read(member)?.expression ?? []);
  switch (type) {
    case "expandedlicensing_ConjunctiveLicenseSet":
      return joined("AND", members("expandedlicensing_member"));
    case "expandedlicensing_DisjunctiveLicenseSet":
      return joined("OR", members("expandedlicensing_member"));
    case "expandedlicensing_OrLaterOperator":
      return asExpression(`${members("expandedlicensing_subjectLicense").join(" ")}+`);
    case "expandedlicensing_WithAdditionOperator": {
      const additions = idsOf(json, "expandedlicensing_subjectAddition").map(lastPart);
      return asExpression(
        `${members("expandedlicensing_subjectExtendableLicense").join(" ")} WITH ${additions.join(" ")}`,
      );
    }
    case "expandedlicensing_ListedLicense":
      return asExpression(lastPart(id));
    default: {
      const text = textOf(json, "name") ?? textOf(json, "simplelicensing_licenseText");
      return text === undefined ? undefined : { expression: text, spdx: false };
    }
  }
}

/** An expression that is only a reference to a text in the document is that text. */
function expressionOf(
  written: string,
  json: JsonObject,
  byId: ReadonlyMap<string, Spdx3Element>,
): Spdx3Licence | undefined {
  if (written === "NOASSERTION") return undefined;
  const entries = json["simplelicensing_customIdToUri"];
  for (const entry of Array.isArray(entries) ? (entries as readonly JsonObject[]) : []) {
    if (textOf(entry, "key") !== written) continue;
    const text = textOf(byId.get(textOf(entry, "value") ?? "")?.json ?? {}, "simplelicensing_licenseText");
    if (text !== undefined) return { expression: text, spdx: false };
  }
  return asExpression(written);
}

function asExpression(text: string): Spdx3Licence {
  return { expression: canonicalExpression(text), spdx: text !== "NONE" && parseExpression(text) !== undefined };
}

function joined(kind: "AND" | "OR", members: readonly string[]): Spdx3Licence | undefined {
  const length = members.reduce((sum, member) => sum + member.length, 0);
  return members.length === 0 || length > MAX_LENGTH ? undefined : asExpression(joinExpressions(kind, members));
}

function lastPart(id: string): string {
  return id.replace(/^.*[/#]/s, "");
}
