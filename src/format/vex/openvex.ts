import { cleanText } from "../../artifact/clean-text.ts";
import { sha256 } from "../../artifact/digest.ts";
import type { Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import type {
  VexAction,
  VexComponent,
  VexDocument,
  VexProduct,
  VexStatement,
  VexVulnerability,
} from "../../model/vex.ts";
import { parseJson } from "../json.ts";
import { asString, Fields, formFault, type Place, rootPlace } from "../shape.ts";
import { vexComponent } from "./component.ts";
import { splitTrailers } from "./trailers.ts";
import { JUSTIFICATIONS, NOT_STATED, STATUSES } from "./words.ts";

export const OPENVEX_CONTEXT = "https://openvex.dev/ns";
const CONTEXTS = [OPENVEX_CONTEXT, `${OPENVEX_CONTEXT}/v0.0.1`, `${OPENVEX_CONTEXT}/v0.2.0`];

/**
 * Reads OpenVEX 0.2.0 and 0.0.1 (openvex.dev, OPENVEX-SPEC.md): the older one, whose context has no version, names
 * vulnerabilities and products by bare texts and subcomponents once for all products. `not_affected` needs a justification or
 * an impact statement, as the specification demands. Trailers in `status_notes` are read (docs/advisories.md, "Triage with
 * VEX"). Faults: WB-VEX-FORM with the JSON pointer, WB-VEX-VERSION (unchecked) for another version of the form; those of
 * `parseJson`.
 */
export function parseOpenVex(bytes: Uint8Array, where: string): VexDocument {
  const root = new Fields(parseJson(bytes, where), rootPlace(where, "WB-VEX-FORM"));
  readContext(root);
  return readOpenVex(root, sha256(bytes));
}

/** Reads the predicate of a signed statement; `digest` is the paper's. Faults: as `parseOpenVex`. */
export function readOpenVexPredicate(predicate: JsonObject, digest: string, where: string): VexDocument {
  const root = new Fields(predicate, rootPlace(where, "WB-VEX-FORM"));
  readContext(root);
  return readOpenVex(root, digest);
}

/** Reads what was parsed before: JSON, or the YAML of the form's first days, which has no context. */
export function readOpenVex(root: Fields, digest: string): VexDocument {
  const timestamp = root.optionalTimestamp("timestamp");
  const lastUpdated = root.optionalTimestamp("last_updated");
  return {
    form: "openvex",
    ...texts(root, { id: "@id", role: "role", tooling: "tooling" }),
    author: root.string("author"),
    ...version(root),
    ...(timestamp !== undefined && { timestamp }),
    ...(lastUpdated !== undefined && { lastUpdated }),
    digest,
    statements: root.list("statements", (value, place) => readStatement(value, place, timestamp)),
    unheeded: [],
  };
}

function readContext(root: Fields): void {
  const context = root.string("@context");
  if (CONTEXTS.includes(context)) return;
  if (!context.startsWith(OPENVEX_CONTEXT)) throw root.fault("@context", `${OPENVEX_CONTEXT}/v0.2.0`);
  throw new Fault({
    code: "WB-VEX-VERSION",
    kind: "unchecked",
    what: "an OpenVEX document of a version that is not read here",
    where: root.place.where,
    expected: `${OPENVEX_CONTEXT}/v0.2.0`,
    found: cleanText(context),
  });
}

/** The members that are there and not empty, under the model's names. */
function texts<const K extends string>(fields: Fields, names: Record<K, string>): { readonly [P in K]?: string } {
  const found: Partial<Record<K, string>> = {};
  for (const [key, name] of Object.entries(names) as [K, string][]) {
    const text = fields.optionalString(name);
    if (text !== undefined && text !== "") found[key] = text;
  }
  return found;
}

/** A number since 0.2.0, a text before. */
function version(root: Fields): { readonly version?: string } {
  const value = root.get("version");
  if (value === undefined || value === null || value === "") return {};
  if (typeof value === "number" || typeof value === "string") return { version: String(value) };
  throw root.fault("version", "a number");
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
  const { notes, extras } = splitTrailers(fields.optionalString("status_notes"));
  const { issued, updated, statementId, evidence = [], supplier, ...more } = extras;
  const timestamp = fields.optionalTimestamp("timestamp") ?? issued ?? documentTime;
  const lastUpdated = fields.optionalTimestamp("last_updated") ?? updated;
  const number = fields.get("version");
  return {
    ...(statementId !== undefined && { id: statementId }),
    ...(supplier !== undefined && { supplier }),
    ...texts(fields, { id: "@id", supplier: "supplier" }),
    ...(typeof number === "number" && { version: number }),
    vulnerability: readVulnerability(fields),
    products: fields.optionalList("products", (item, at) => readProduct(item, at, shared)),
    status,
    ...(justification !== undefined && { justification }),
    ...(impact && impact !== NOT_STATED && { impact }),
    actions: readActions(fields),
    ...(notes !== undefined && { notes }),
    ...(timestamp !== undefined && { timestamp }),
    ...(lastUpdated !== undefined && { lastUpdated }),
    evidence,
    ...more,
  };
}

function readActions(fields: Fields): readonly VexAction[] {
  const text = fields.optionalString("action_statement");
  const at = fields.optionalTimestamp("action_statement_timestamp");
  return text && text !== NOT_STATED ? [{ text, ...(at !== undefined && { at }) }] : [];
}

function readVulnerability(statement: Fields): VexVulnerability {
  const bare = statement.get("vulnerability");
  if (typeof bare === "string" && bare !== "") return { name: bare, aliases: [] };
  const fields = statement.object("vulnerability");
  const name = fields.string("name");
  const aliases = fields.optionalList("aliases", asString).filter((alias) => alias !== "" && alias !== name);
  return { name, ...texts(fields, { id: "@id", description: "description" }), aliases: [...new Set(aliases)] };
}

function readProduct(value: Json, place: Place, shared: readonly VexComponent[]): VexProduct {
  const parts = typeof value === "string" ? [] : new Fields(value, place).optionalList("subcomponents", readComponent);
  // The older form's list is shared, not copied: a document of many products and many parts must not grow by their product.
  return { ...readComponent(value, place), subcomponents: parts.length > 0 ? parts : shared };
}

/** A thing that nothing names would match nothing, silently: an error. */
function readComponent(value: Json, place: Place): VexComponent {
  if (typeof value === "string") {
    if (value === "") throw formFault(place, "a text that is not empty", value);
    return vexComponent({ names: [value] });
  }
  const fields = new Fields(value, place);
  const id = fields.optionalString("@id");
  const named = members(fields.optionalObject("identifiers"));
  const cpes = named.filter(([name]) => name.startsWith("cpe")).map(([, text]) => text);
  const others = named.filter(([name]) => !name.startsWith("cpe")).map(([, text]) => text);
  const hashes = members(fields.optionalObject("hashes")).map(([algorithm, hash]) => ({ algorithm, value: hash }));
  if (!id && named.length + hashes.length === 0) throw fields.fault("@id", "an @id, identifiers or hashes");
  return vexComponent({ names: [...(id ? [id] : []), ...others], cpes, hashes });
}

const members = (fields: Fields | undefined): readonly (readonly [string, string])[] =>
  fields === undefined ? [] : Object.keys(fields.raw).map((name) => [name, fields.string(name)] as const);
