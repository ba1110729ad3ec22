import { cleanText } from "../artifact/clean-text.ts";
import { isArray } from "../format/json.ts";
import { Fields, type Place } from "../format/shape.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import type { VexDocument, VexStatement } from "../model/vex.ts";
import { purlParts } from "./vex-versions.ts";
import { matchPurl } from "../artifact/purl.ts";

/** A report with statements applied, and what was done, for people. */
export interface Applied {
  readonly document: JsonObject;
  readonly told: readonly string[];
}

/** Ids as scanners write them at the beginning of a rule's id: grype has `CVE-2023-27103-libde265`. */
const ID =
  /^(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|(?:GO|RUSTSEC|PYSEC|MAL|OSV)-\d{4}-\d+|(?:RHSA|ALSA|RLSA|DSA|DLA|USN|ELSA)-[\d:-]+\d)/iu;

/** One vulnerability's last word: the newest statement, and of equal ones the last given. */
interface Word {
  readonly statement: VexStatement;
  readonly said: Timestamp | "";
}

function newestById(documents: readonly VexDocument[], at: Timestamp, product: string | undefined): Map<string, Word> {
  const words = new Map<string, Word>();
  for (const document of documents) {
    for (const statement of document.statements) {
      if (statement.vulnerability === undefined || !isAboutProduct(statement, product)) continue;
      const said = statement.lastUpdated ?? statement.timestamp ?? document.timestamp ?? "";
      const { name, aliases } = statement.vulnerability;
      for (const id of [name, ...aliases]) {
        const before = words.get(id);
        if (before === undefined || said >= before.said) words.set(id, { statement, said });
      }
    }
  }
  for (const [id, { statement }] of words) {
    // An author's older statement does not come to life again when the newest has expired.
    if (statement.expires !== undefined && !(Date.parse(at) < Date.parse(statement.expires))) words.delete(id);
  }
  return words;
}

/** Whether a statement names this product, or all of them are asked for. A version in neither is every version. */
function isAboutProduct({ products }: VexStatement, asked: string | undefined): boolean {
  if (asked === undefined) return true;
  return products.some(
    ({ purls, ids, versions }) =>
      ids.includes(asked) ||
      (versions === undefined &&
        purls.some((purl) => purl === asked || (purlParts(purl) !== undefined && matchPurl(purl, asked)))),
  );
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !isArray(value);

/** Everything by which a result of SARIF names its weakness: its rule's id, and the ids among the rule's tags. */
function idsOf(result: JsonObject, rules: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const { ruleId, rule } = result;
  const named =
    typeof ruleId === "string" ? ruleId : isObject(rule) && typeof rule["id"] === "string" ? rule["id"] : "";
  const id = named.trim();
  const short = ID.exec(id)?.[0];
  return [...new Set([id, ...(short === undefined ? [] : [short]), ...(rules.get(id) ?? [])])];
}

function rulesOf(run: JsonObject): ReadonlyMap<string, readonly string[]> {
  const tool = run["tool"];
  const driver = isObject(tool) ? tool["driver"] : undefined;
  const rules = isObject(driver) ? driver["rules"] : undefined;
  const found = new Map<string, readonly string[]>();
  for (const rule of rules !== undefined && isArray(rules) ? rules : []) {
    if (!isObject(rule) || typeof rule["id"] !== "string") continue;
    const properties = rule["properties"];
    const tags = isObject(properties) ? properties["tags"] : undefined;
    const ids = (tags !== undefined && isArray(tags) ? tags : []).filter(
      (tag): tag is string => typeof tag === "string" && ID.test(tag),
    );
    found.set(rule["id"], ids);
  }
  return found;
}

/**
 * Takes out of a SARIF 2.1.0 log the results that statements settle (`not_affected`, `fixed`), or with `suppress` marks them
 * (`suppressions`, SARIF 3.35). SARIF names weaknesses and no products: a statement is taken to be about what was scanned, unless
 * `product` says which of them are. Everything else of the log stays as it is. Faults: WB-VEX-FORM where it is no SARIF.
 */
export function applyToSarif(
  document: JsonObject,
  documents: readonly VexDocument[],
  asked: { readonly at: Timestamp; readonly product: string | undefined; readonly suppress: boolean },
  place: Place,
): Applied {
  const words = newestById(documents, asked.at, asked.product);
  const told: string[] = [];
  const runs = new Fields(document, place).list("runs", (item, at) => {
    const run = new Fields(item, at);
    const rules = rulesOf(run.raw);
    const results = run.optionalList("results", (result, here) => new Fields(result, here).raw);
    const kept = results.flatMap((result) => {
      const ids = idsOf(result, rules);
      const word = ids.map((id) => words.get(id)).find((one) => one !== undefined);
      const status = word?.statement.status;
      if (word === undefined || (status !== "not_affected" && status !== "fixed")) return [result];
      told.push(`${cleanText(ids[0] ?? "", 80)}: ${sentence(word.statement)}`);
      return asked.suppress ? [suppressed(result, word.statement)] : [];
    });
    return run.has("results") ? { ...run.raw, results: kept } : run.raw;
  });
  return { document: { ...document, runs }, told };
}

function suppressed(result: JsonObject, statement: VexStatement): JsonObject {
  const before = result["suppressions"];
  const own = { kind: "external", status: "accepted", justification: sentence(statement) };
  return { ...result, suppressions: [...(before !== undefined && isArray(before) ? before : []), own] };
}

/** A statement in a few words. */
export function sentence({ status, justification, impact }: VexStatement): string {
  const why = [justification?.replaceAll("_", " "), impact].filter((text) => text !== undefined).join("; ");
  return cleanText(`${status.replaceAll("_", " ")}${why === "" ? "" : `: ${why}`}`, 500);
}
