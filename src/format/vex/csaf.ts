import { sha256 } from "../../artifact/digest.ts";
import type { VexStatus } from "../../model/advisory.ts";
import type { Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Json } from "../../model/statement.ts";
import type {
  ExactStatus,
  VexAction,
  VexDocument,
  VexJustification,
  VexStatement,
  VexVulnerability,
} from "../../model/vex.ts";
import { parseJson } from "../json.ts";
import { Fields, type Place, rootPlace } from "../shape.ts";
import { type ProductTree, productsOf, readProductTree } from "./csaf-products.ts";
import { type Extras, splitTrailers } from "./trailers.ts";
import { CSAF_RESPONSES, JUSTIFICATIONS, NOT_STATED } from "./words.ts";

/** Lists of `product_status` (3.2.3.9) and what each comes to. `recommended` says what to take, not whether it is affected. */
export const PRODUCT_STATUS: Readonly<Record<string, { readonly status: VexStatus; readonly exact?: ExactStatus }>> = {
  known_not_affected: { status: "not_affected" },
  known_affected: { status: "affected" },
  first_affected: { status: "affected", exact: "first_affected" },
  last_affected: { status: "affected", exact: "last_affected" },
  fixed: { status: "fixed" },
  first_fixed: { status: "fixed", exact: "first_fixed" },
  under_investigation: { status: "under_investigation" },
  unknown: { status: "under_investigation", exact: "unknown" },
};

/** The note that profile 5 asks for where there is nothing to note (6.1.27.5); read as none. */
export const NOTE_TITLE = "About this vulnerability";
/** The title of a document that has none. */
export const defaultTitle = (author: string): string => `VEX statements of ${author}`;
/** The text of an action of which only the kind is known: CSAF wants one. */
export const spokenResponse = (response: string): string => response.replaceAll("_", " ");
/** Titles of the notes that carry a statement's notes; in 2.0 a note has no products, so that they stand in the title. */
export const STATUS_NOTES = "Status notes";

/**
 * Reads CSAF 2.0 and 2.1 (OASIS) of any category as statements: one for all products of a vulnerability of which the same is said.
 * Flags are justifications, threats of category `impact` the impact, remediations the actions. Faults: WB-VEX-FORM with the
 * JSON pointer, WB-VEX-VERSION (unchecked) for another version; those of `parseJson`.
 */
export function parseCsaf(bytes: Uint8Array, where: string): VexDocument {
  const root = new Fields(parseJson(bytes, where), rootPlace(where, "WB-VEX-FORM"));
  const document = root.object("document");
  const version = document.string("csaf_version");
  if (version !== "2.0" && version !== "2.1") {
    throw new Fault({
      code: "WB-VEX-VERSION",
      kind: "unchecked",
      what: "a CSAF document of a version that is not read here",
      where,
      expected: "2.0 or 2.1",
      found: version.slice(0, 20),
    });
  }
  const publisher = document.object("publisher");
  const tracking = document.object("tracking");
  const first = tracking.timestamp("initial_release_date");
  const current = tracking.timestamp("current_release_date");
  const tree = readProductTree(root);
  const unheeded: string[] = [];
  const author = publisher.string("name");
  const title = document.string("title");
  const generator = tracking.optionalObject("generator")?.optionalObject("engine")?.optionalString("name");
  const namespace = publisher.optionalString("namespace");
  return {
    form: "csaf",
    id: tracking.string("id"),
    author,
    role: publisher.string("category"),
    ...(namespace !== undefined && { namespace }),
    ...(title !== defaultTitle(author) && { title }),
    ...(generator !== undefined && { tooling: generator }),
    version: tracking.string("version"),
    timestamp: first,
    ...(current !== first && { lastUpdated: current }),
    digest: sha256(bytes),
    statements: root
      .optionalList("vulnerabilities", (item, place) => readVulnerability(item, place, tree, current, unheeded))
      .flat(),
    unheeded,
  };
}

/** What is said about one product of a vulnerability. */
interface Said {
  status: VexStatus;
  exact?: ExactStatus;
  justification?: VexJustification;
  readonly impacts: string[];
  readonly actions: VexAction[];
  notes?: string;
  at?: Timestamp;
  extras?: Extras;
}

function readVulnerability(
  item: Json,
  place: Place,
  tree: ProductTree,
  documentTime: Timestamp,
  unheeded: string[],
): readonly VexStatement[] {
  const fields = new Fields(item, place);
  const vulnerability = readIdentity(fields);
  const said = readStatuses(fields, unheeded, vulnerability.name);
  if (said.size === 0) return [];
  readFlags(fields, tree, said);
  readThreats(fields, tree, said);
  readRemediations(fields, tree, said);
  readNotes(fields, tree, said);
  const grouped = new Map<string, { one: Said; ids: string[] }>();
  // A long text that is about many products is one text, and must not be in the key of each.
  const texts = new Map<string, number>();
  const short = (_name: string, value: unknown): unknown => {
    if (typeof value !== "string" || value.length < 40) return value;
    const number = texts.get(value) ?? texts.size;
    texts.set(value, number);
    return `#${number}`;
  };
  for (const [id, one] of said) {
    const key = JSON.stringify(one, short);
    const group = grouped.get(key);
    if (group === undefined) grouped.set(key, { one, ids: [id] });
    else group.ids.push(id);
  }
  return [...grouped.values()].map(({ one, ids }) => statementOf(vulnerability, one, ids, tree, documentTime));
}

function statementOf(
  vulnerability: VexVulnerability,
  { at, extras = {}, impacts, ...one }: Said,
  ids: readonly string[],
  tree: ProductTree,
  documentTime: Timestamp,
): VexStatement {
  const { issued, updated, statementId, evidence = [], ...more } = extras;
  return {
    ...(statementId !== undefined && { id: statementId }),
    vulnerability,
    products: productsOf(tree, ids),
    timestamp: issued ?? at ?? documentTime,
    ...(updated !== undefined && { lastUpdated: updated }),
    evidence,
    ...(impacts.length > 0 && { impact: impacts.join("\n\n") }),
    ...one,
    ...more,
  };
}

/** `title` says which of the ids is the name, where it is one of them; else the CVE is. */
function readIdentity(fields: Fields): VexVulnerability {
  const cve = fields.optionalString("cve");
  const ids = [...(cve ? [cve] : []), ...fields.optionalList("ids", (item, at) => new Fields(item, at).string("text"))];
  const title = fields.optionalString("title");
  const name = ids.find((id) => id === title) ?? ids[0] ?? title;
  if (!name) throw fields.fault("cve", "a CVE or another id");
  const [url] = fields.optionalList("references", (item, at) => {
    const reference = new Fields(item, at);
    return reference.optionalString("summary") === name ? reference.string("url") : undefined;
  });
  const notes = fields.optionalList("notes", (item, at) => new Fields(item, at));
  const description = notes.find((note) => note.get("category") === "description")?.optionalString("text");
  return {
    name,
    ...(url !== undefined && { id: url }),
    aliases: [...new Set(ids.filter((id) => id !== name))],
    ...(description && { description }),
  };
}

function readStatuses(fields: Fields, unheeded: string[], name: string): Map<string, Said> {
  const said = new Map<string, Said>();
  const lists = fields.optionalObject("product_status");
  if (lists === undefined) return said;
  for (const [list, meaning] of Object.entries(PRODUCT_STATUS)) {
    lists.optionalList(list, (item) => {
      // A product in `fixed` and `first_fixed` is in the more exact one; contradictions are the validator's (6.1.6).
      if (typeof item === "string" && (meaning.exact !== undefined || !said.has(item))) {
        said.set(item, { ...meaning, impacts: [], actions: [] });
      }
    });
  }
  if (lists.has("recommended")) unheeded.push(`${name}: product_status.recommended says nothing about who is affected`);
  return said;
}

/** The products that a part names; one that names none is about all of the given status. */
function about(part: Fields, tree: ProductTree, said: Map<string, Said>, status: VexStatus): readonly Said[] {
  const ids = tree.named(part);
  if (ids.length > 0) return ids.flatMap((id) => said.get(id) ?? []);
  tree.spend(said.size, part);
  return [...said.values()].filter((one) => one.status === status);
}

function readFlags(fields: Fields, tree: ProductTree, said: Map<string, Said>): void {
  fields.optionalList("flags", (item, place) => {
    const flag = new Fields(item, place);
    const label = flag.oneOf("label", JUSTIFICATIONS);
    const at = flag.optionalTimestamp("date");
    for (const one of about(flag, tree, said, "not_affected")) {
      one.justification ??= label;
      if (at !== undefined) one.at ??= at;
    }
  });
}

function readThreats(fields: Fields, tree: ProductTree, said: Map<string, Said>): void {
  fields.optionalList("threats", (item, place) => {
    const threat = new Fields(item, place);
    if (threat.get("category") !== "impact") return;
    const details = threat.string("details");
    const at = threat.optionalTimestamp("date");
    for (const one of about(threat, tree, said, "not_affected")) {
      if (at !== undefined) one.at ??= at;
      if (details === NOT_STATED) continue;
      one.impacts.push(details);
    }
  });
}

function readRemediations(fields: Fields, tree: ProductTree, said: Map<string, Said>): void {
  fields.optionalList("remediations", (item, place) => {
    const remediation = new Fields(item, place);
    const details = remediation.string("details");
    const response = CSAF_RESPONSES.find((word) => word === remediation.get("category"));
    const url = remediation.optionalString("url");
    const at = remediation.optionalTimestamp("date");
    for (const one of about(remediation, tree, said, "affected")) {
      if (details === NOT_STATED) {
        if (at !== undefined) one.at ??= at;
        continue;
      }
      one.actions.push({
        ...(response !== undefined && { response }),
        text: response !== undefined && details === spokenResponse(response) ? "" : details,
        ...(url !== undefined && { url }),
        ...(at !== undefined && { at }),
      });
    }
  });
}

/** Notes of a statement: by `product_ids` in 2.1, by their title in 2.0. */
function readNotes(fields: Fields, tree: ProductTree, said: Map<string, Said>): void {
  fields.optionalList("notes", (item, place) => {
    const note = new Fields(item, place);
    const title = note.optionalString("title") ?? "";
    if (!title.startsWith(STATUS_NOTES)) return;
    const titled = title.slice(STATUS_NOTES.length).replace(/^ of /u, "");
    const ids = tree.named(note);
    const { notes, extras } = splitTrailers(note.string("text"));
    for (const id of ids.length > 0 ? ids : titled.split(", ")) {
      const one = said.get(id);
      if (one === undefined) continue;
      if (notes !== undefined) one.notes = notes;
      one.extras = extras;
    }
  });
}
