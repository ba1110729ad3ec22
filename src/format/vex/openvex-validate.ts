import { cleanText } from "../../artifact/clean-text.ts";
import { canonicalJson, isArray } from "../json.ts";
import { parseTimestamp } from "../timestamp.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { OPENVEX_CONTEXT } from "./openvex.ts";
import { JUSTIFICATIONS, STATUSES } from "./words.ts";

/** Something that a document does against its form: where, as JSON pointer, and what. */
export interface VexProblem {
  readonly path: string;
  readonly what: string;
}

type Kind = "text" | "iri" | "time" | "count" | "texts" | "list" | "object";
interface Form {
  readonly members: Readonly<Record<string, Kind>>;
  readonly required: readonly string[];
}

/** OpenVEX 0.2.0 (openvex_json_schema_0.2.0.json): no member is allowed that is not listed. */
const FORMS: Readonly<Record<"document" | "statement" | "vulnerability" | "component" | "subcomponent", Form>> = {
  document: {
    members: {
      "@context": "iri",
      "@id": "iri",
      author: "text",
      role: "text",
      timestamp: "time",
      last_updated: "time",
      version: "count",
      tooling: "text",
      statements: "list",
    },
    required: ["@context", "@id", "author", "timestamp", "version", "statements"],
  },
  statement: {
    members: {
      "@id": "iri",
      version: "count",
      vulnerability: "object",
      timestamp: "time",
      last_updated: "time",
      products: "list",
      status: "text",
      supplier: "text",
      status_notes: "text",
      justification: "text",
      impact_statement: "text",
      action_statement: "text",
      action_statement_timestamp: "time",
    },
    required: ["vulnerability", "status"],
  },
  vulnerability: {
    members: { "@id": "iri", name: "text", description: "text", aliases: "texts" },
    required: ["name"],
  },
  component: {
    members: { "@id": "iri", identifiers: "object", hashes: "object", subcomponents: "list" },
    required: [],
  },
  subcomponent: { members: { "@id": "iri", identifiers: "object", hashes: "object" }, required: [] },
};
const IDENTIFIERS = ["purl", "cpe22", "cpe23"];
const HASHES = `md5 sha1 sha-256 sha-384 sha-512 sha3-224 sha3-256 sha3-384 sha3-512 blake2s-256 blake2b-256 blake2b-512`;
const MAX_PROBLEMS = 1000;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !isArray(value);

function fits(kind: Kind, value: Json): boolean {
  if (kind === "text") return typeof value === "string";
  // An IRI has a scheme (RFC 3987); what follows is the scheme's.
  if (kind === "iri") return typeof value === "string" && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/iu.test(value);
  if (kind === "time") return typeof value === "string" && parseTimestamp(value) !== undefined;
  if (kind === "count") return typeof value === "number" && Number.isInteger(value) && value >= 1;
  if (kind === "object") return isObject(value);
  return isArray(value) && (kind === "list" || value.every((item) => typeof item === "string"));
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  text: "a text",
  iri: "an IRI, with its scheme",
  time: "a time (RFC 3339)",
  count: "a whole number from 1",
  texts: "a list of texts",
  list: "a list",
  object: "an object",
};

/** Checks one document, and gathers what is wrong. */
class Check {
  readonly problems: VexProblem[] = [];

  tell(path: string, what: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ path, what });
  }

  form(name: keyof typeof FORMS, value: Json | undefined, path: string): JsonObject | undefined {
    if (!isObject(value)) {
      this.tell(path, "is not an object");
      return undefined;
    }
    const { members, required } = FORMS[name];
    for (const member of required) if (!Object.hasOwn(value, member)) this.tell(`${path}/${member}`, "is missing");
    for (const [member, content] of Object.entries(value)) {
      const kind = Object.hasOwn(members, member) ? members[member] : undefined;
      if (kind === undefined) this.tell(`${path}/${cleanText(member, 60)}`, "is no member of the form");
      else if (!fits(kind, content)) this.tell(`${path}/${member}`, `is not ${EXPECTED[kind]}`);
    }
    return value;
  }

  each(value: Json | undefined, path: string, check: (item: Json, path: string) => void): void {
    if (value === undefined || !isArray(value)) return;
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      check(item, `${path}/${index}`);
      const text = canonicalJson(item);
      if (seen.has(text)) this.tell(`${path}/${index}`, "is there twice");
      seen.add(text);
    }
  }

  keys(value: Json | undefined, allowed: readonly string[], path: string): void {
    if (!isObject(value)) return;
    for (const [key, content] of Object.entries(value)) {
      if (!allowed.includes(key)) this.tell(`${path}/${cleanText(key, 60)}`, `is none of ${allowed.join(", ")}`);
      else if (typeof content !== "string") this.tell(`${path}/${key}`, "is not a text");
    }
  }

  component(name: "component" | "subcomponent", value: Json, path: string): void {
    const one = this.form(name, value, path);
    if (one === undefined) return;
    const { identifiers } = one;
    if (!Object.hasOwn(one, "@id") && !Object.hasOwn(one, "identifiers"))
      this.tell(path, "has no @id and no identifiers");
    this.keys(identifiers, IDENTIFIERS, `${path}/identifiers`);
    if (isObject(identifiers) && !IDENTIFIERS.some((key) => Object.hasOwn(identifiers, key)))
      this.tell(`${path}/identifiers`, "is empty");
    this.keys(one["hashes"], HASHES.split(" "), `${path}/hashes`);
    this.each(one["subcomponents"], `${path}/subcomponents`, (item, at) => this.component("subcomponent", item, at));
  }

  statement(value: Json, path: string): void {
    const one = this.form("statement", value, path);
    if (one === undefined) return;
    const { status, justification } = one;
    if (status !== undefined && !STATUSES.some((word) => word === status))
      this.tell(`${path}/status`, `is none of ${STATUSES.join(", ")}`);
    if (justification !== undefined && !JUSTIFICATIONS.some((word) => word === justification))
      this.tell(`${path}/justification`, `is none of ${JUSTIFICATIONS.join(", ")}`);
    if (status === "not_affected" && justification === undefined && !one["impact_statement"])
      this.tell(path, "says not_affected without a justification or an impact_statement");
    if (status === "affected" && !one["action_statement"]) this.tell(path, "says affected without an action_statement");
    const { products, vulnerability } = one;
    // Allowed by the schema, and about nothing (OPENVEX-SPEC 0.2.0, "Minimum Requirements": product identification).
    if (products === undefined || (isArray(products) && products.length === 0)) this.tell(path, "names no product");
    if (isObject(vulnerability)) this.form("vulnerability", vulnerability, `${path}/vulnerability`);
    this.each(products, `${path}/products`, (item, at) => this.component("component", item, at));
  }
}

/** All that an OpenVEX 0.2.0 document does against its schema and the minimum requirements of its specification, at most 1000 things. */
export function validateOpenVex(document: Json): readonly VexProblem[] {
  const check = new Check();
  const root = check.form("document", document, "");
  if (root === undefined) return check.problems;
  if (root["@context"] !== `${OPENVEX_CONTEXT}/v0.2.0`) check.tell("/@context", `is not ${OPENVEX_CONTEXT}/v0.2.0`);
  const { statements } = root;
  if (statements !== undefined && isArray(statements) && statements.length === 0) check.tell("/statements", "is empty");
  check.each(statements, "/statements", (item, path) => check.statement(item, path));
  return check.problems;
}
