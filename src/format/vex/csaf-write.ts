import type { Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import type { VexDocument, VexStatement } from "../../model/vex.ts";
import { canonicalJson, prettyJson } from "../json.ts";
import { uuidOfContent } from "../uuid.ts";
import { defaultTitle, NOTE_TITLE, PRODUCT_STATUS, spokenResponse, STATUS_NOTES } from "./csaf.ts";
import { CsafProducts } from "./csaf-tree.ts";
import { IGNORED, Losses, type Written } from "./lost.ts";
import { withTrailers } from "./trailers.ts";
import { NOT_STATED } from "./words.ts";

/** What a CSAF document says and no other form has. */
export interface CsafSettings {
  readonly version: "2.0" | "2.1";
  /** The document's time where it has none. */
  readonly at: Timestamp;
  /** `publisher.namespace` where the document has none. */
  readonly namespace?: string;
}

const CATEGORIES = ["coordinator", "discoverer", "other", "translator", "user", "vendor"];
const CVE = /^CVE-[0-9]{4}-[0-9]{4,}$/u;
const VERSION = /^(?:0|[1-9]\d*)$/u;
const SEMVER = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/u;
/** Revisions of a document that another form numbers only are listed without their history, up to so many. */
const MAX_REVISIONS = 100;

/**
 * Prints a CSAF 2.0 or 2.1 document of profile 5 (VEX) that passes the mandatory tests: one vulnerability for each id with all
 * that is said about it. Of several statements about one product of one vulnerability only the newest is written (6.1.6).
 * Fault: WB-VEX-INCOMPLETE where nobody gives the publisher's name space.
 */
export function printCsaf(document: VexDocument, settings: CsafSettings): Written {
  const losses = new Losses();
  const namespace = document.namespace ?? settings.namespace ?? originOf(document.id);
  if (namespace === undefined) {
    throw new Fault({
      code: "WB-VEX-INCOMPLETE",
      kind: "input",
      what: "CSAF names its publisher by a URL",
      expected: "publisher.namespace",
      found: "nothing",
      fix: "--namespace https://psirt.example",
    });
  }
  const products = new CsafProducts(settings.version, losses);
  const groups = grouped(document.statements, losses);
  const time = document.lastUpdated ?? document.timestamp ?? settings.at;
  const vulnerabilities = groups.map((group) => vulnerabilityJson(group, products, settings.version, time, losses));
  const tree = products.tree();
  const body = { product_tree: tree, vulnerabilities: vulnerabilities as Json };
  if (vulnerabilities.length === 0) {
    throw new Fault({
      code: "WB-VEX-INCOMPLETE",
      kind: "input",
      what: "there is no statement that CSAF can say",
      expected: "a statement with a vulnerability and a product",
      found: losses.all[0] ?? "no statement",
    });
  }
  return {
    text: sortedJson({
      ...(settings.version === "2.1" && { $schema: "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json" }),
      document: documentJson(document, settings, namespace, body, losses),
      ...body,
    }),
    lost: losses.all,
  };
}

/** Members in the order of their names, as 6.2.13 asks. */
const sortedJson = (value: Json): string => prettyJson(JSON.parse(canonicalJson(value)) as Json);

function originOf(id: string | undefined): string | undefined {
  const url = id === undefined ? null : URL.parse(id);
  return url !== null && /^https?:$/u.test(url.protocol) ? url.origin : undefined;
}

function documentJson(
  document: VexDocument,
  { version, at }: CsafSettings,
  namespace: string,
  body: JsonObject,
  losses: Losses,
): JsonObject {
  const category = CATEGORIES.find((one) => one === document.role) ?? "other";
  if (document.role !== undefined && category !== document.role) {
    losses.tell(`the author's role ${document.role}: CSAF has ${CATEGORIES.join(", ")}`);
  }
  const first = document.timestamp ?? at;
  const last = document.lastUpdated ?? first;
  const id = document.id?.trim() || `urn:uuid:${uuidOfContent(canonicalJson(body))}`;
  return {
    category: "csaf_vex",
    csaf_version: version,
    ...(version === "2.1" && { distribution: { tlp: { label: "CLEAR" } } }),
    notes: [{ category: "summary", text: defaultTitle(document.author) }],
    publisher: { category, name: document.author, namespace },
    title: document.title ?? defaultTitle(document.author),
    tracking: {
      current_release_date: last,
      ...(document.tooling !== undefined && { generator: { engine: { name: document.tooling } } }),
      id,
      initial_release_date: first,
      ...revisions(document.version ?? "1", first, last, losses),
      status: "final",
    },
  };
}

/** No number between the first and the last may be missing (6.1.21), and the newest is the document's (6.1.16). */
function revisions(version: string, first: Timestamp, last: Timestamp, losses: Losses): JsonObject {
  const known = VERSION.test(version) || SEMVER.test(version);
  const major = Number(version.split(".")[0]);
  const good = known && major >= 1 && major <= MAX_REVISIONS;
  if (!good) losses.tell(`the document's version ${version}`);
  const current = good ? version : "1";
  const whole = SEMVER.test(current) ? (number: number): string => `${number}.0.0` : String;
  const count = good ? major : 1;
  const earlier = Array.from({ length: count }, (_, index) => whole(index + 1)).filter((one) => one !== current);
  return {
    revision_history: [
      ...earlier.map((number) => ({ date: first, number, summary: "Not recorded here." })),
      { date: earlier.length === 0 ? first : last, number: current, summary: "VEX statements." },
    ],
    version: current,
  };
}

/** Statements by the vulnerability that they are about; several with one CVE belong together (6.1.23). */
function grouped(statements: readonly VexStatement[], losses: Losses): readonly (readonly VexStatement[])[] {
  const groups = new Map<string, VexStatement[]>();
  for (const one of statements) {
    if (one.vulnerability === undefined || one.ignore !== undefined) {
      losses.tell(IGNORED);
      continue;
    }
    if (one.products.length === 0) {
      losses.tell(`${one.vulnerability.name}: a statement without a product`);
      continue;
    }
    const { name, aliases } = one.vulnerability;
    const key = [name, ...aliases].find((id) => CVE.test(id)) ?? name;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

interface Parts {
  readonly status: Record<string, string[]>;
  readonly flags: Json[];
  readonly threats: Json[];
  readonly remediations: Json[];
  readonly notes: Json[];
}

function vulnerabilityJson(
  group: readonly VexStatement[],
  products: CsafProducts,
  version: "2.0" | "2.1",
  documentTime: Timestamp,
  losses: Losses,
): JsonObject {
  const identity = identityJson(group);
  const parts: Parts = { status: {}, flags: [], threats: [], remediations: [], notes: [...identity.notes] };
  const taken = new Set<string>();
  const newest = group.toSorted((a, b) => ((a.timestamp ?? "") < (b.timestamp ?? "") ? 1 : -1));
  for (const one of newest) {
    const ids = products.idsOf(one.products).filter((id) => !taken.has(id));
    const name = one.vulnerability?.name ?? "";
    if (ids.length === 0) {
      losses.tell(`${name}: an older statement (${one.timestamp ?? "no time"}); CSAF has one status for a product`);
      continue;
    }
    for (const id of ids) taken.add(id);
    addStatement(one, ids, parts, version, documentTime, losses);
  }
  if (parts.notes.length === 0) {
    parts.notes.push({ category: "other", text: `Identified as ${identity.name}.`, title: NOTE_TITLE });
  }
  return {
    ...(identity.cve !== undefined && { cve: identity.cve }),
    ...(parts.flags.length > 0 && { flags: parts.flags }),
    ...(identity.ids.length > 0 && { ids: identity.ids }),
    notes: parts.notes,
    product_status: Object.fromEntries(Object.entries(parts.status).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(identity.url !== undefined && {
      references: [{ category: "external", summary: identity.name, url: identity.url }],
    }),
    ...(parts.remediations.length > 0 && { remediations: parts.remediations }),
    ...(parts.threats.length > 0 && { threats: parts.threats }),
    title: identity.name,
  };
}

function identityJson(group: readonly VexStatement[]): {
  readonly name: string;
  readonly cve?: string;
  readonly ids: readonly Json[];
  readonly url?: string;
  readonly notes: readonly Json[];
} {
  const all = group.flatMap(({ vulnerability }) => (vulnerability === undefined ? [] : [vulnerability]));
  const names = [...new Set(all.flatMap(({ name, aliases }) => [name, ...aliases]))];
  const cve = names.find((name) => CVE.test(name));
  const url = all.find(({ id }) => id !== undefined)?.id;
  const description = all.find((one) => one.description !== undefined)?.description;
  return {
    name: all[0]?.name ?? "",
    ...(cve !== undefined && { cve }),
    ids: names.filter((name) => name !== cve).map((text) => ({ system_name: systemOf(text), text })),
    ...(url !== undefined && { url }),
    notes: description === undefined ? [] : [{ category: "description", text: description }],
  };
}

/** Who numbers so: by the prefixes of the OSV schema ("id"), as far as they are in wide use. */
function systemOf(id: string): string {
  const prefix = /^[A-Za-z]+/u.exec(id)?.[0] ?? "";
  const known: Readonly<Record<string, string>> = {
    GHSA: "GitHub Security Advisory",
    CVE: "CVE",
    RUSTSEC: "RustSec Advisory Database",
    GO: "Go Vulnerability Database",
    PYSEC: "Python Packaging Advisory Database",
    DSA: "Debian Security Advisory",
    SNYK: "Snyk Vulnerability Database",
  };
  return known[prefix] ?? (prefix === "" ? "Vulnerability id" : prefix);
}

function addStatement(
  one: VexStatement,
  ids: readonly string[],
  parts: Parts,
  version: "2.0" | "2.1",
  documentTime: Timestamp,
  losses: Losses,
): void {
  const of = one.vulnerability?.name ?? "";
  const list = statusList(one, version);
  (parts.status[list] ??= []).push(...ids);
  const at = one.timestamp ?? documentTime;
  const dated = { date: at, product_ids: ids };
  if (one.justification !== undefined) parts.flags.push({ label: one.justification, ...dated });
  const reasonless = one.status === "not_affected" && one.justification === undefined && one.impact === undefined;
  if (reasonless) losses.tell(`${of}: not affected without a reason; "${NOT_STATED}" is written`);
  if (one.impact !== undefined || reasonless) {
    parts.threats.push({ category: "impact", details: one.impact ?? NOT_STATED, ...dated });
  }
  for (const { response, text, url, at: since } of one.actions) {
    if (text === "" && response === undefined) continue;
    // A remediation for what is not affected contradicts itself (2.1, 6.1.36); what was done is a note.
    if (one.status === "not_affected" || one.status === "fixed") {
      losses.tell(`${of}: an action for a product that is ${one.status.replace("_", " ")}`);
      continue;
    }
    let category: string = response ?? "mitigation";
    if (
      response === "rollback" ||
      (version === "2.0" && (response === "fix_planned" || response === "optional_patch"))
    ) {
      losses.tell(`${of}: the kind of an action, ${response}`);
      category =
        response === "optional_patch" ? "vendor_fix" : response === "fix_planned" ? "none_available" : "workaround";
    }
    const details = text || spokenResponse(response ?? category);
    parts.remediations.push({
      category,
      ...(since !== undefined && { date: since }),
      details,
      product_ids: ids,
      ...(url !== undefined && { url }),
    });
  }
  if (one.status === "affected" && one.actions.length === 0) {
    losses.tell(`${of}: affected without an action; CSAF asks for one, so "${NOT_STATED}" is written`);
    parts.remediations.push({ category: "none_available", date: at, details: NOT_STATED, product_ids: ids });
  }
  const hasTime = parts.flags.concat(parts.threats).some((part) => (part as JsonObject)["product_ids"] === ids);
  addNotes(one, ids, parts, version, hasTime ? undefined : documentTime);
}

function statusList({ status, exact }: VexStatement, version: "2.0" | "2.1"): string {
  const lists = Object.entries(PRODUCT_STATUS).filter(([, meaning]) => meaning.status === status);
  const exactly = lists.find(([, meaning]) => meaning.exact !== undefined && meaning.exact === exact);
  // `unknown` is new in 2.1 (3.2.4.11).
  const usable = exactly !== undefined && (version === "2.1" || exactly[0] !== "unknown") ? exactly : undefined;
  return (usable ?? lists.find(([, meaning]) => meaning.exact === undefined))?.[0] ?? "under_investigation";
}

/** `documentTime`: given where no dated part carries the statement's time. */
function addNotes(
  one: VexStatement,
  ids: readonly string[],
  parts: Parts,
  version: "2.0" | "2.1",
  documentTime: Timestamp | undefined,
): void {
  const issued = documentTime !== undefined && one.timestamp !== undefined && one.timestamp !== documentTime;
  const carried = Object.values(PRODUCT_STATUS).some(({ exact }) => exact !== undefined && exact === one.exact);
  const text = withTrailers(one.notes, {
    ...(one.expires !== undefined && { expires: one.expires }),
    ...(one.carryOver !== undefined && { carryOver: one.carryOver }),
    evidence: one.evidence,
    ...(one.author !== undefined && { author: one.author }),
    ...(one.supplier !== undefined && { supplier: one.supplier }),
    ...(one.id !== undefined && { statementId: one.id }),
    ...(issued && { issued: one.timestamp }),
    ...(one.lastUpdated !== undefined && { updated: one.lastUpdated }),
    ...(one.exact !== undefined &&
      (!carried || (one.exact === "unknown" && version === "2.0")) && { exact: one.exact }),
    ...(one.finer !== undefined && { finer: one.finer }),
  });
  if (text === undefined) return;
  parts.notes.push(
    version === "2.1"
      ? { category: "other", product_ids: ids, text, title: STATUS_NOTES }
      : { category: "other", text, title: `${STATUS_NOTES} of ${ids.join(", ")}` },
  );
}
