import { parsePurl, printPurl } from "../artifact/purl.ts";
import { Fault } from "../model/fault.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { Fields, type Place, rootPlace } from "./shape.ts";

/** Whether a document is of the Common Security Advisory Framework. */
export function isCsaf(value: Json): value is JsonObject {
  if (value === null || typeof value !== "object" || isArray(value) || !Object.hasOwn(value, "document")) return false;
  const document = (value as JsonObject)["document"];
  return document !== null && typeof document === "object" && Object.hasOwn(document as object, "csaf_version");
}

/** One package of one product, as OSV names them. */
interface Package {
  readonly name: string;
  readonly ecosystem: string;
  readonly purl: string;
}
interface Fix {
  readonly package: Package;
  readonly version: string;
}

/**
 * Converts a security advisory of Red Hat's (CSAF 2.0 and 2.1) into an OSV record as OSV's own converter does: one entry for each
 * (product, RPM package) that is fixed, all versions before the fix affected, CVEs as `upstream`, the worst CVSS 3 vector as severity.
 * Products are named by their CPE. `at` is the time that the record states for itself; without it the document's times are taken.
 *
 * Faults: WB-ADVISORY-FORM with the JSON pointer, also where no RPM package of Red Hat's is fixed: OSV has no names for others' products.
 */
export function csafToOsv(value: Json, where: string, at?: Timestamp): JsonObject {
  const root = new Fields(value, rootPlace(where, "WB-ADVISORY-FORM"));
  const document = root.object("document");
  const tracking = document.object("tracking");
  const products = readProducts(root.object("product_tree"));
  const vulnerabilities = root.list("vulnerabilities", (item, place) => new Fields(item, place));
  const references = readReferences(document, vulnerabilities);
  const affected = readFixes(vulnerabilities, products);
  if (affected.length === 0)
    throw root.fault("vulnerabilities", "a list with fixed RPM packages of Red Hat's products");
  const severity = worstVector(vulnerabilities);
  const related = references.flatMap(({ url }) => /^https:\/\/pkg\.go\.dev\/vuln\/(.+)$/.exec(String(url))?.[1] ?? []);
  return {
    schema_version: "1.7.0",
    id: tracking.string("id"),
    related,
    upstream: vulnerabilities.flatMap((vulnerability) => vulnerability.optionalString("cve") ?? []),
    published: at ?? tracking.timestamp("initial_release_date"),
    modified: at ?? tracking.timestamp("current_release_date"),
    summary: document.string("title"),
    ...(severity !== undefined && { severity: [{ type: "CVSS_V3", score: severity }] }),
    affected,
    references,
  };
}

/** What is fixed: a product that stands for a package as a part of another product. */
type Products = ReadonlyMap<string, Fix>;

function readProducts(tree: Fields): Products {
  const cpes = new Map<string, string>();
  const packages = new Map<string, Rpm>();
  for (const product of productsOf(tree)) {
    const helper = product.optionalObject("product_identification_helper");
    const cpe = helper?.optionalString("cpe");
    // CSAF 2.1 has a list in its place.
    const purl = helper?.optionalString("purl") ?? helper?.optionalList("purls", (item) => String(item))[0];
    if (cpe !== undefined) cpes.set(product.string("product_id"), cpe);
    const rpm = purl === undefined ? undefined : readRpm(purl);
    if (rpm !== undefined) packages.set(product.string("product_id"), rpm);
  }
  const fixes = new Map<string, Fix>();
  const wholes = new Map<string, string>();
  const relations = tree.optionalList("relationships", (item, place) => new Fields(item, place));
  const idOf = (relation: Fields): string => relation.object("full_product_name").string("product_id");
  for (const relation of relations) wholes.set(idOf(relation), relation.string("relates_to_product_reference"));
  for (const relation of relations) {
    const rpm = packages.get(relation.string("product_reference"));
    const whole = wholeOf(relation.string("relates_to_product_reference"), wholes);
    const cpe = /^cpe:\/[oa]:redhat(:.+)$/.exec(cpes.get(whole) ?? "")?.[1];
    if (rpm === undefined || cpe === undefined) continue;
    const { name, purl, version } = rpm;
    fixes.set(idOf(relation), { package: { name, ecosystem: `Red Hat${cpe}`, purl }, version });
  }
  return fixes;
}

/** The products of all branches, and those outside them. */
function productsOf(tree: Fields): readonly Fields[] {
  const products = tree.optionalList("full_product_names", (item, place) => new Fields(item, place));
  const walk = (fields: Fields): void => {
    for (const branch of fields.optionalList("branches", (item, place) => new Fields(item, place))) {
      const product = branch.optionalObject("product");
      if (product !== undefined) products.push(product);
      walk(branch);
    }
  };
  walk(tree);
  return products;
}

/** A package of a module of a product; more is made by hand alone, in circles too. */
const MAX_PARTS = 8;

/** What a product is a part of in the end: a package is one of a module, and the module one of a product. */
function wholeOf(id: string, wholes: ReadonlyMap<string, string>): string {
  let at = id;
  for (let part = 0; part < MAX_PARTS; part += 1) {
    const whole = wholes.get(at);
    if (whole === undefined) break;
    at = whole;
  }
  return at;
}

interface Rpm {
  readonly name: string;
  readonly purl: string;
  readonly version: string;
}

/** An RPM package and its version with the epoch, which OSV's Red Hat ecosystem always writes; undefined for all else. */
function readRpm(text: string): Rpm | undefined {
  try {
    const { type, namespace, name, version, qualifiers } = parsePurl(text, true);
    if (type !== "rpm" || version === undefined) return undefined;
    const purl = printPurl({ type, name, ...(namespace !== undefined && { namespace }) });
    return { name, purl, version: version.includes(":") ? version : `${qualifiers?.["epoch"] ?? "0"}:${version}` };
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** One entry for each product and package, whatever its architectures and however many flaws are fixed in it. */
function readFixes(vulnerabilities: readonly Fields[], products: Products): readonly JsonObject[] {
  const found = new Map<string, { readonly of: Package; readonly versions: Set<string> }>();
  for (const vulnerability of vulnerabilities) {
    const status = vulnerability.optionalObject("product_status");
    for (const id of status?.optionalList("fixed", (item) => String(item)) ?? []) {
      const fix = products.get(id);
      if (fix === undefined) continue;
      const key = `${fix.package.ecosystem}\n${fix.package.name}`;
      const entry = found.get(key) ?? { of: fix.package, versions: new Set() };
      found.set(key, entry);
      entry.versions.add(fix.version);
    }
  }
  return [...found.values()].map(({ of, versions }) => ({
    package: { ...of },
    ranges: [...versions].map((fixed) => ({ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] })),
  }));
}

/** CSAF 2.0 has `scores`, 2.1 `metrics`. */
function worstVector(vulnerabilities: readonly Fields[]): string | undefined {
  const object = (item: Json, place: Place): Fields => new Fields(item, place);
  const scores = vulnerabilities.flatMap((vulnerability) =>
    [
      ...vulnerability.optionalList("scores", object),
      ...vulnerability.optionalList("metrics", object).map((metric) => metric.object("content")),
    ].flatMap((score) => score.optionalObject("cvss_v3") ?? []),
  );
  let [worst, highest] = [undefined as string | undefined, -1];
  for (const cvss of scores) {
    const base = Number(cvss.get("baseScore") ?? 0);
    if (base > highest) [worst, highest] = [cvss.string("vectorString"), base];
  }
  return worst;
}

/** Pages that are advisories themselves, as OSV's converter for Red Hat knows them. */
const ADVISORY_PAGES =
  /^https:\/\/(?:pkg\.go\.dev\/vuln\/|www\.cve\.org\/CVERecord|nvd\.nist\.gov\/vuln\/detail\/|www\.kb\.cert\.org\/vuls\/id\/|github\.com\/advisories\/)/;

/** Each address once, in its first place with its last type: the document's own, then those of its vulnerabilities. */
function readReferences(document: Fields, vulnerabilities: readonly Fields[]): readonly JsonObject[] {
  const types = new Map<string, string>();
  const read = (fields: Fields, own: string): void => {
    for (const link of fields.optionalList("references", (item, place) => new Fields(item, place))) {
      const url = link.string("url");
      const report = url.startsWith("https://bugzilla.redhat.com/show_bug.cgi");
      const other = ADVISORY_PAGES.test(url) ? "ADVISORY" : report ? "REPORT" : "ARTICLE";
      types.set(url, link.optionalString("category") === "self" ? own : other);
    }
  };
  read(document, "ADVISORY");
  for (const vulnerability of vulnerabilities) read(vulnerability, "REPORT");
  return [...types].map(([url, type]) => ({ type, url }));
}
