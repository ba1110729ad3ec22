import type { JsonObject } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { isCommit, isKnownEcosystem, isKnownId, isOsvTime, isUri, SCORES } from "./osv-text.ts";

/** What OSV's JSON schema (1.7.5) demands, as a table that `osv-validate.ts` walks. */

/** What a problem is of: `introduced-event-exists` is the name that OSV's own linter gives to that part of the schema. */
export type SchemaCheck = "conforms-to-schema" | "introduced-event-exists";

export interface TextForm {
  readonly is: "text";
  readonly fits?: (text: string) => boolean;
  /** What `fits` demands, in words. */
  readonly says?: string;
  /** A text that does not fit is read all the same: databases and ecosystems come faster than schemas. */
  readonly tolerated?: true;
}
export interface ListForm {
  readonly is: "list";
  readonly item: Form;
  /** `null` stands for an empty list. */
  readonly orNull?: true;
}
export interface ObjectForm {
  readonly is: "object";
  readonly members: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  /** Members that are not named are refused. */
  readonly closed?: true;
  readonly rules?: readonly Rule[];
}
export type Form = TextForm | ListForm | ObjectForm;

/** What members alone cannot say: the member that is wrong, and what is expected of it; undefined where all is well. */
type Rule = (value: JsonObject) => Broken | undefined;
interface Broken {
  readonly at: readonly (string | number)[];
  readonly expected: string;
  readonly check?: SchemaCheck;
}

const TEXT: TextForm = { is: "text" };
const TIME: TextForm = { is: "text", fits: isOsvTime, says: "a time in UTC, as 2026-01-31T12:00:00Z" };
const list = (item: Form): ListForm => ({ is: "list", item });
const object = (
  members: ObjectForm["members"],
  required: readonly string[],
  ...rules: readonly Rule[]
): ObjectForm => ({
  is: "object",
  members,
  required,
  rules,
});
/** What a database or an ecosystem says in words of its own. */
const ANY = object({}, []);

function oneOf(...words: readonly string[]): TextForm {
  return { is: "text", fits: (text) => words.includes(text), says: `one of ${words.join(", ")}` };
}

const SEVERITY: ListForm = {
  ...list(
    object({ type: oneOf(...Object.keys(SCORES)), score: TEXT }, ["type", "score"], ({ type, score }) => {
      const fits = typeof type === "string" && Object.hasOwn(SCORES, type) ? SCORES[type] : undefined;
      if (fits === undefined || typeof score !== "string" || fits(score)) return undefined;
      return { at: ["score"], expected: type === "Ubuntu" ? "a priority of Ubuntu's" : `a vector of ${type}` };
    }),
  ),
  orNull: true,
};

const EVENTS = ["introduced", "fixed", "last_affected", "limit"];
const EVENT = object({}, [], (event) =>
  EVENTS.filter((name) => Object.hasOwn(event, name) && typeof event[name] === "string").length === 1
    ? undefined
    : { at: [], expected: `exactly one text of ${EVENTS.join(", ")}` },
);

/** The events of a range as objects; a list item of another kind is told by its own form. */
function eventsOf({ events }: JsonObject): readonly JsonObject[] | undefined {
  if (events === undefined || !isArray(events)) return undefined;
  return events.filter((event) => event !== null && typeof event === "object" && !isArray(event)) as JsonObject[];
}

const RANGE = object(
  { type: oneOf("GIT", "SEMVER", "ECOSYSTEM"), repo: TEXT, events: list(EVENT), database_specific: ANY },
  ["type", "events"],
  (range) => {
    const events = eventsOf(range);
    if (events === undefined || events.some((event) => Object.hasOwn(event, "introduced"))) return undefined;
    return { at: ["events"], expected: "an event that says what introduced it", check: "introduced-event-exists" };
  },
  ({ type, repo }) => (type === "GIT" && repo === undefined ? { at: ["repo"], expected: "the repository" } : undefined),
  (range) => {
    if (range["type"] !== "GIT") return undefined;
    const wrong = eventsOf(range)?.findIndex(
      (event) =>
        EVENTS.filter((name) => {
          const commit = Object.hasOwn(event, name) ? event[name] : undefined;
          return typeof commit === "string" && isCommit(commit);
        }).length !== 1,
    );
    return wrong === undefined || wrong === -1
      ? undefined
      : { at: ["events", wrong], expected: "the full hash of a commit" };
  },
  (range) => {
    const has = (name: string): boolean => eventsOf(range)?.some((event) => Object.hasOwn(event, name)) ?? false;
    return has("last_affected") && has("fixed")
      ? { at: ["events"], expected: "either fixed or last_affected, not both" }
      : undefined;
  },
);

const AFFECTED = object(
  {
    package: object(
      {
        ecosystem: { is: "text", fits: isKnownEcosystem, says: "an ecosystem of OSV's list", tolerated: true },
        name: TEXT,
        purl: TEXT,
      },
      ["ecosystem", "name"],
    ),
    severity: SEVERITY,
    ranges: list(RANGE),
    versions: list(TEXT),
    ecosystem_specific: ANY,
    database_specific: ANY,
  },
  [],
);

const REFERENCE = object(
  {
    type: oneOf(..."ADVISORY ARTICLE DETECTION DISCUSSION REPORT FIX INTRODUCED GIT PACKAGE EVIDENCE WEB".split(" ")),
    url: { is: "text", fits: isUri, says: "an absolute URI (RFC 3986)" },
  },
  ["type", "url"],
);

const CREDIT = object(
  {
    name: TEXT,
    contact: list(TEXT),
    type: oneOf(
      ..."FINDER REPORTER ANALYST COORDINATOR REMEDIATION_DEVELOPER REMEDIATION_REVIEWER REMEDIATION_VERIFIER TOOL SPONSOR OTHER".split(
        " ",
      ),
    ),
  },
  ["name"],
);

/** Severity stands either on the record or on its entries. */
function oneSeverity(record: JsonObject): Broken | undefined {
  const affected = record["affected"];
  if (!Object.hasOwn(record, "severity") || affected === undefined || !isArray(affected)) return undefined;
  const wrong = affected.findIndex(
    (entry) =>
      entry !== null &&
      typeof entry === "object" &&
      !isArray(entry) &&
      Object.hasOwn(entry, "severity") &&
      (entry as JsonObject)["severity"] !== null,
  );
  return wrong === -1
    ? undefined
    : { at: ["affected", wrong, "severity"], expected: "nothing, as the record has a severity" };
}

/** A whole record. */
export const RECORD: ObjectForm = {
  ...object(
    {
      schema_version: TEXT,
      id: { is: "text", fits: isKnownId, says: "an id with the prefix of a known database", tolerated: true },
      modified: TIME,
      published: TIME,
      withdrawn: TIME,
      aliases: { ...list(TEXT), orNull: true },
      related: list(TEXT),
      upstream: list(TEXT),
      summary: TEXT,
      details: TEXT,
      severity: SEVERITY,
      affected: { ...list(AFFECTED), orNull: true },
      references: { ...list(REFERENCE), orNull: true },
      credits: list(CREDIT),
      database_specific: ANY,
    },
    ["id", "modified"],
    oneSeverity,
  ),
  closed: true,
};
