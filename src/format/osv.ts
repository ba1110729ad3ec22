import { cleanText } from "../artifact/clean-text.ts";
import type { Advisory, AffectedSymbols } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { attempt, readAffected, readEach, type Affected, type Tell } from "./osv-affected.ts";
import { isMalicious, readSeverity, readVectors } from "./osv-rating.ts";
import { asString, Fields, formFault, type Place, rootPlace } from "./shape.ts";

/** What came of one record. */
export interface OsvReading {
  /** One for each package. */
  readonly advisories: readonly Advisory[];
  /** Why a record without problems gives none: taken back, about commits alone, or it says nothing that a version could be compared with. */
  readonly passedOver?: "withdrawn" | "names no package" | "names no version";
  /** Parts that could not be read: the advisories are what the others say. */
  readonly problems: readonly Fault[];
}

const MAX_PROBLEMS = 100;
/** Errata of AlmaLinux, Rocky Linux and Red Hat: of security, of bugs, of enhancements. */
const ERRATUM = /^(?:AL|RL|RH)[SBE]A-\d{4}:/u;

/**
 * Reads an OSV record (OSV schema 1.7 and later minors: unknown members are passed over): one advisory for each package, its
 * `affected` entries merged. Ids and ecosystems of unknown spelling are kept as they are. Versions listed beside open ranges,
 * and `last_known_affected_version_range` where GitHub leaves a range open, are honoured. Entries, ranges and aliases that
 * cannot be read are left out and told.
 *
 * Faults: WB-ADVISORY-FORM with the JSON pointer, where the record as a whole cannot be read.
 */
export function readOsv(record: Json, where: string): OsvReading {
  const root = new Fields(record, rootPlace(where, "WB-ADVISORY-FORM"));
  const id = asId(root.string("id"), root.at("id"));
  const modified = root.timestamp("modified");
  if (root.optionalTimestamp("withdrawn") !== undefined)
    return { advisories: [], passedOver: "withdrawn", problems: [] };
  const problems: Fault[] = [];
  const tell = (problem: Fault): void => {
    // Each costs some kilobytes: a record of a million broken parts is broken as a whole.
    if (problems.length === MAX_PROBLEMS) throw problem;
    problems.push(problem);
  };
  const ids = (name: string): readonly string[] =>
    [...new Set(readEach(root, name, asId, tell))].filter((other) => other !== id).sort();
  const aliases = ids("aliases");
  // Distributions' errata say in `related` which CVEs they mend: `upstream` is of schema 1.7 only.
  const mended = ERRATUM.test(id) ? ids("related").filter((other) => other.startsWith("CVE-")) : [];
  const upstream = [...new Set([...ids("upstream"), ...mended])].sort();
  const entries = readEach(root, "affected", (value, place) => readAffected(value, place, tell), tell);
  const byPackage = Map.groupBy(entries, ({ ecosystem, name }) => `${ecosystem}\n${name}`);
  const vectors = attempt(() => readVectors(root), tell) ?? [];
  const malicious = isMalicious(root, [id, ...aliases]);
  const shared = { id, aliases, upstream, modified, ...readAbout(root, tell) };
  const told = [...byPackage.values()].filter((same) => same.some(saysVersions));
  const advisories = told.map((same) => ({
    ...shared,
    ...merge(same, root, vectors),
    ...(malicious && { kind: "malicious" as const }),
  }));
  if (advisories.length > 0 || problems.length > 0) return { advisories, problems };
  return { advisories, passedOver: byPackage.size === 0 ? "names no package" : "names no version", problems };
}

/** As `readOsv`, for a caller that wants all of a record or nothing: throws the first of its problems. */
export function parseOsv(record: Json, where: string): readonly Advisory[] {
  const { advisories, problems } = readOsv(record, where);
  if (problems[0] !== undefined) throw problems[0];
  return advisories;
}

/** What people read. */
function readAbout(root: Fields, tell: Tell): Pick<Advisory, "published" | "summary" | "url" | "proof"> {
  const published = attempt(() => root.optionalTimestamp("published"), tell);
  return { ...(published !== undefined && { published }), summary: readSummary(root), ...readLinks(root) };
}

/** Longer than any; an id is shown, compared and made a file name of. */
const ID = /^[^\s\p{C}]{1,300}$/u;

/** Blanks around it are a slip of real records (`"CVE-2020-13662 "`), and would part what belongs together. */
function asId(value: Json, place: Place): string {
  const id = asString(value, place).trim();
  if (!ID.test(id)) throw formFault(place, "an id without blanks and control characters", value);
  return id;
}

function saysVersions({ ranges, versions }: Affected): boolean {
  return versions.length > 0 || ranges.some(({ type, events }) => type !== "GIT" && events.length > 0);
}

type OfPackage = Pick<
  Advisory,
  "ecosystem" | "name" | "kind" | "severity" | "vectors" | "ranges" | "versions" | "symbols"
>;

function merge(entries: readonly Affected[], root: Fields, rootVectors: readonly string[]): OfPackage {
  const [first] = entries;
  if (first === undefined) throw root.fault("affected", "a list of packages");
  const vectors = [...new Set([...rootVectors, ...entries.flatMap((entry) => entry.vectors)])];
  return {
    ecosystem: first.ecosystem,
    name: first.name,
    kind: entries.every(({ kind }) => kind === "unmaintained") ? "unmaintained" : "vulnerable",
    severity: readSeverity([root, ...entries.map((entry) => entry.fields)], vectors),
    vectors,
    ranges: entries.flatMap((entry) => entry.ranges),
    versions: [...new Set(entries.flatMap((entry) => entry.versions))],
    symbols: mergeSymbols(entries),
  };
}

/** An entry that names no code is about all of it: what the others name is no bound then (GO-2025-3540). */
function mergeSymbols(entries: readonly Affected[]): readonly AffectedSymbols[] {
  return entries.every(({ symbols }) => symbols.length > 0) ? entries.flatMap(({ symbols }) => symbols) : [];
}

function readSummary(root: Fields): string {
  const texts = ["summary", "details"].map((name) => root.get(name));
  const text = texts.find((one) => typeof one === "string" && one !== "");
  return typeof text === "string" ? cleanText(text.trimStart().split("\n", 1)[0] ?? "", 300) : "";
}

/** The page of the advisory, else the first reference that a browser opens; and the first demonstration of the flaw. */
function readLinks(root: Fields): { url?: string; proof?: string } {
  const value = root.get("references");
  if (value === undefined || !isArray(value)) return {};
  let first: string | undefined;
  let page: string | undefined;
  let proof: string | undefined;
  for (const item of value) {
    if (item === null || typeof item !== "object" || isArray(item)) continue;
    const link = new Fields(item, root.place);
    const url = link.get("url");
    if (typeof url !== "string" || !/^https?:\/\/[\x21-\x7e]{1,2000}$/.test(url)) continue;
    const type = link.get("type");
    if (type === "ADVISORY") page ??= url;
    if (type === "EVIDENCE") proof ??= url;
    first ??= url;
  }
  const shown = page ?? first;
  return { ...(shown !== undefined && { url: shown }), ...(proof !== undefined && { proof }) };
}
