import { sha256 } from "../artifact/digest.ts";
import { parseOsv } from "../format/osv.ts";
import { asString, Fields, formFault, type Place, rootPlace } from "../format/shape.ts";
import { parseTimestamp } from "../format/timestamp.ts";
import { parseYaml } from "../format/yaml-data.ts";
import type { Advisory, AffectedRange, RangeEvent } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";
import type { InputOrigin } from "../model/trust.ts";
import { parseVers, type Vers } from "./vers/vers.ts";

/** Whose word it is, why, and how long it counts. All of it must be given. */
interface Term {
  readonly reason: string;
  readonly owner: string;
  readonly expires: Timestamp;
}

/** Which components it is about; absent: all. */
interface About {
  /** A package URL in which `*` stands for any characters. */
  readonly purl?: string;
  readonly versions?: Vers;
}

/** What a local overrule does with the records of a feed. */
export type Overrule = Term & { readonly id: string } & (
    | ({ readonly action: "withdraw" } & About)
    | ({ readonly action: "change"; readonly ranges: readonly AffectedRange[] } & About)
    | { readonly action: "add"; readonly advisories: readonly Advisory[] }
  );

/** A file of overrules, as it was read. */
export interface OverruleFile {
  readonly overrules: readonly Overrule[];
  readonly input: InputOrigin;
}

const CODE = "WB-OVERRULES-FORM";
const SCHEMA = "waybill.overrules/1";
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_OVERRULES = 10_000;
const TERM = ["reason", "owner", "expires"];
const DATE = /^\d{4}-\d\d-\d\d$/u;

/**
 * Reads a file of local overrules (YAML or JSON, docs/schemas.md `waybill.overrules/1`): records of a feed to be taken as withdrawn, or
 * with other ranges, and records of one's own in OSV's form; each with reason, owner and expiry. Scalars stay texts, so that a
 * version `1.10` is what it is. Throws `WB-OVERRULES-FORM` with the place, and the faults of YAML.
 */
export async function parseOverrules(bytes: Uint8Array, where: string): Promise<OverruleFile> {
  if (bytes.byteLength > MAX_BYTES) {
    throw new Fault({
      code: CODE,
      kind: "input",
      what: "the file of overrules is too large",
      where,
      expected: "at most 8 MiB",
    });
  }
  const root = new Fields(await parseYaml(bytes, where), rootPlace(where, CODE)).only(["schema", "overrules"]);
  if (root.get("schema") !== SCHEMA) throw root.fault("schema", SCHEMA);
  const list = root.get("overrules");
  if (Array.isArray(list) && list.length > MAX_OVERRULES)
    throw root.fault("overrules", `a list of at most ${MAX_OVERRULES}`);
  return { overrules: root.list("overrules", readOverrule), input: { origin: where, digest: sha256(bytes) } };
}

function readOverrule(value: Json, place: Place): Overrule {
  const fields = new Fields(value, place);
  if (fields.has("add")) return readAddition(fields.only(["add", ...TERM]), readTerm(fields));
  if (fields.has("withdraw")) {
    const term = readTerm(fields.only(["withdraw", "package", "versions", ...TERM]));
    return { ...term, action: "withdraw", id: fields.string("withdraw"), ...readAbout(fields) };
  }
  if (!fields.has("change")) throw formFault(place, "an overrule with one of withdraw, change, add", value);
  const term = readTerm(fields.only(["change", "package", "versions", "affected", ...TERM]));
  const events = fields.list("affected", readEvents).flat();
  if (events.length === 0) throw fields.fault("affected", "a list of ranges that is not empty");
  return {
    ...term,
    action: "change",
    id: fields.string("change"),
    ...readAbout(fields),
    ranges: [{ type: "ECOSYSTEM", events }],
  };
}

function readTerm(fields: Fields): Term {
  const written = fields.string("expires");
  const expires = parseTimestamp(DATE.test(written) ? `${written}T00:00:00Z` : written);
  if (expires === undefined) throw fields.fault("expires", "a date such as 2027-01-15, or a time (RFC 3339)");
  return { reason: fields.string("reason"), owner: fields.string("owner"), expires };
}

function readAbout(fields: Fields): About {
  const purl = fields.optionalString("package");
  if (purl !== undefined && !/^pkg:[a-z0-9.+-]+\/./iu.test(purl)) {
    throw fields.fault("package", "a package URL; * stands for any characters");
  }
  const range = fields.optionalString("versions");
  return { ...(purl !== undefined && { purl }), ...(range !== undefined && { versions: readRange(range, fields) }) };
}

function readRange(text: string, fields: Fields): Vers {
  try {
    return parseVers(text);
  } catch (error) {
    if (error instanceof Fault) throw fields.fault("versions", "a VERS, such as vers:npm/>=1.0.0|<1.2.3");
    throw error;
  }
}

/** One range of versions: from `introduced` on (default: from the first) until before `fixed` or with `last_affected`. */
function readEvents(value: Json, place: Place): readonly RangeEvent[] {
  const fields = new Fields(value, place).only(["introduced", "fixed", "last_affected"]);
  const introduced = fields.optionalString("introduced") ?? "0";
  if (fields.has("fixed") && fields.has("last_affected")) throw formFault(place, "a range with one end", value);
  if (fields.has("fixed")) return [{ introduced }, { fixed: fields.string("fixed") }];
  return fields.has("last_affected")
    ? [{ introduced }, { last_affected: fields.string("last_affected") }]
    : [{ introduced }];
}

function readAddition(fields: Fields, term: Term): Overrule {
  const record = fields.object("add");
  const id = asString(record.get("id") ?? null, record.at("id"));
  let advisories: readonly Advisory[];
  try {
    advisories = parseOsv(record.raw, fields.place.where);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault({ ...error.facts, code: CODE });
  }
  if (advisories.length === 0) throw fields.fault("add", "a record in OSV's form that is about a package");
  return { ...term, action: "add", id, advisories };
}
