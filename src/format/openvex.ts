import { cleanText } from "../artifact/clean-text.ts";
import { sha256 } from "../artifact/digest.ts";
import type { VexStatus } from "../model/advisory.ts";
import type { DigestHex, Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";
import { parseJson } from "./json.ts";
import { asString, Fields, type Place, rootPlace } from "./shape.ts";

const CONTEXT = "https://openvex.dev/ns";
const CONTEXTS = [CONTEXT, `${CONTEXT}/v0.0.1`, `${CONTEXT}/v0.2.0`];
const STATUSES = ["not_affected", "affected", "fixed", "under_investigation"] as const;
const JUSTIFICATIONS = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
] as const;

/** A product, or a component in it, by everything that names it: `@id` and `identifiers`, package URLs among them. */
export interface VexProduct {
  readonly ids: readonly string[];
  /** Empty: the statement is about the product itself. */
  readonly subcomponents: readonly { readonly ids: readonly string[] }[];
}

export interface VexStatement {
  /** The vulnerability's name, `@id` and aliases. */
  readonly vulnerability: readonly string[];
  /** Empty: the statement names no product, so it is about none. */
  readonly products: readonly VexProduct[];
  readonly status: VexStatus;
  readonly justification?: string;
  /** Impact, action or status notes, for people. */
  readonly text?: string;
  /** The statement's own, else the document's. */
  readonly timestamp?: Timestamp;
}

/** An OpenVEX document. `digest` is SHA-256 of its bytes. */
export interface VexDocument {
  readonly author: string;
  readonly timestamp?: Timestamp;
  readonly digest: DigestHex;
  readonly statements: readonly VexStatement[];
}

/**
 * Reads OpenVEX 0.2.0 and 0.0.1 (openvex.dev, OPENVEX-SPEC.md): the older one, whose context has no version, names
 * vulnerabilities and products by bare texts and subcomponents once for all products. `not_affected` needs a justification or an impact statement, as the
 * specification demands. Faults: WB-VEX-FORM with the JSON pointer, WB-VEX-VERSION (unchecked) for another version of the
 * form; those of `parseJson`.
 */
export function parseOpenVex(bytes: Uint8Array, where: string): VexDocument {
  const root = new Fields(parseJson(bytes, where), rootPlace(where, "WB-VEX-FORM"));
  readContext(root);
  const timestamp = root.optionalTimestamp("timestamp");
  return {
    author: root.string("author"),
    ...(timestamp !== undefined && { timestamp }),
    digest: sha256(bytes),
    statements: root.list("statements", (value, place) => readStatement(value, place, timestamp)),
  };
}

function readContext(root: Fields): void {
  const context = root.string("@context");
  if (CONTEXTS.includes(context)) return;
  if (!context.startsWith(CONTEXT)) throw root.fault("@context", `${CONTEXT}/v0.2.0`);
  throw new Fault({
    code: "WB-VEX-VERSION",
    kind: "unchecked",
    what: "an OpenVEX document of a version that is not read here",
    where: root.place.where,
    expected: `${CONTEXT}/v0.2.0`,
    found: cleanText(context),
  });
}

function readStatement(value: Json, place: Place, documentTime: Timestamp | undefined): VexStatement {
  const fields = new Fields(value, place);
  const status = fields.oneOf("status", STATUSES);
  const justification = fields.has("justification") ? fields.oneOf("justification", JUSTIFICATIONS) : undefined;
  const impact = fields.optionalString("impact_statement");
  if (status === "not_affected" && justification === undefined && !impact) {
    throw fields.fault("justification", "a justification, or an impact_statement, for not_affected");
  }
  const shared = fields.optionalList("subcomponents", readComponent);
  const text = impact ?? fields.optionalString("action_statement") ?? fields.optionalString("status_notes");
  const timestamp = fields.optionalTimestamp("timestamp") ?? documentTime;
  return {
    vulnerability: readVulnerability(fields),
    products: fields.optionalList("products", (item, at) => readProduct(item, at, shared)),
    status,
    ...(justification !== undefined && { justification }),
    ...(text !== undefined && { text }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

function readVulnerability(statement: Fields): readonly string[] {
  const bare = statement.get("vulnerability");
  if (typeof bare === "string" && bare !== "") return [bare];
  const fields = statement.object("vulnerability");
  const id = fields.optionalString("@id");
  return [...new Set([fields.string("name"), ...(id ? [id] : []), ...fields.optionalList("aliases", asString)])];
}

function readProduct(value: Json, place: Place, shared: VexProduct["subcomponents"]): VexProduct {
  if (typeof value === "string" && value !== "") return { ids: [value], subcomponents: shared };
  const fields = new Fields(value, place);
  return { ids: readIds(fields), subcomponents: [...fields.optionalList("subcomponents", readComponent), ...shared] };
}

function readComponent(value: Json, place: Place): VexProduct["subcomponents"][number] {
  if (typeof value === "string" && value !== "") return { ids: [value] };
  return { ids: readIds(new Fields(value, place)) };
}

/** A thing that nothing names would match nothing, silently: an error. */
function readIds(fields: Fields): readonly string[] {
  const id = fields.optionalString("@id");
  const identifiers = fields.optionalObject("identifiers");
  const named = identifiers === undefined ? [] : Object.keys(identifiers.raw).map((name) => identifiers.string(name));
  const ids = [...new Set([...(id ? [id] : []), ...named])];
  if (ids.length === 0 && !fields.has("hashes")) throw fields.fault("@id", "an @id, identifiers or hashes");
  return ids;
}
