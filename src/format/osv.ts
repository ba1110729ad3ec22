import { cleanText } from "../artifact/clean-text.ts";
import type { Advisory, AffectedRange, AffectedSymbols, FindingKind, RangeEvent } from "../model/advisory.ts";
import type { Json } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { readKind, readSeverity, readVectors } from "./osv-rating.ts";
import { asString, Fields, formFault, type Place, rootPlace } from "./shape.ts";

/** What one `affected` entry says about its package. */
interface Affected {
  readonly ecosystem: string;
  readonly name: string;
  readonly kind: FindingKind;
  readonly ranges: readonly AffectedRange[];
  readonly versions: readonly string[];
  readonly vectors: readonly string[];
  readonly symbols: readonly AffectedSymbols[];
  readonly fields: Fields;
}

/**
 * Reads an OSV record (OSV schema 1.7): one advisory for each package, its `affected` entries merged; none for a withdrawn
 * record and for entries without a package (bare git ranges). Ids and ecosystems of unknown spelling are kept as they are.
 * Versions listed beside open ranges, and `last_known_affected_version_range` where GitHub leaves a range open, are honoured.
 *
 * Faults: WB-ADVISORY-FORM with the JSON pointer.
 */
export function parseOsv(record: Json, where: string): readonly Advisory[] {
  const root = new Fields(record, rootPlace(where, "WB-ADVISORY-FORM"));
  const id = root.string("id");
  const modified = root.timestamp("modified");
  if (root.has("withdrawn")) return [];
  const aliases = root.optionalList("aliases", asString);
  const byPackage = Map.groupBy(
    root
      .optionalList("affected", (value, place) => readAffected(value, place, root))
      .filter((one) => one !== undefined),
    (one) => `${one.ecosystem}\n${one.name}`,
  );
  if (byPackage.size === 0) return [];
  const published = root.optionalTimestamp("published");
  const shared = {
    id,
    aliases: [...new Set(aliases)].sort(),
    upstream: [...new Set(root.optionalList("upstream", asString))].sort(),
    modified,
    ...(published !== undefined && { published }),
    summary: readSummary(root),
    ...readUrl(root),
  };
  return [...byPackage.values()].map((entries) => ({ ...shared, ...merge(entries, root) }));
}

function merge(
  entries: readonly Affected[],
  root: Fields,
): Omit<Advisory, "id" | "aliases" | "upstream" | "modified" | "published" | "summary" | "url"> {
  const [first] = entries;
  if (first === undefined) throw root.fault("affected", "a list of packages");
  const vectors = [...new Set([...readVectors(root), ...entries.flatMap((entry) => entry.vectors)])];
  return {
    ecosystem: first.ecosystem,
    name: first.name,
    // Malice outranks all else; "unmaintained" only if no entry says more.
    kind: KINDS.find((kind) => entries.some((entry) => entry.kind === kind)) ?? "vulnerable",
    severity: readSeverity([root, ...entries.map((entry) => entry.fields)], vectors),
    vectors,
    ranges: entries.flatMap((entry) => entry.ranges),
    versions: [...new Set(entries.flatMap((entry) => entry.versions))],
    symbols: entries.flatMap((entry) => entry.symbols),
  };
}

const KINDS: readonly FindingKind[] = ["malicious", "vulnerable", "unmaintained"];

function readAffected(value: Json, place: Place, root: Fields): Affected | undefined {
  const fields = new Fields(value, place);
  const pkg = fields.optionalObject("package");
  if (pkg === undefined) return undefined;
  const lastKnown = fields.optionalObject("database_specific")?.get("last_known_affected_version_range");
  return {
    ecosystem: pkg.string("ecosystem"),
    name: pkg.string("name"),
    kind: readKind(root, fields),
    ranges: fields.optionalList("ranges", (range, at) => closeRange(readRange(range, at), lastKnown)),
    versions: fields.optionalList("versions", asString),
    vectors: readVectors(fields),
    symbols: readSymbols(fields),
    fields,
  };
}

/** Go's way to say which code is affected (golang/vulndb, doc/format.md: `ecosystem_specific.imports`). */
function readSymbols(affected: Fields): readonly AffectedSymbols[] {
  const imports = affected.optionalObject("ecosystem_specific")?.get("imports");
  if (imports === undefined || !isArray(imports)) return [];
  return imports.map((value, index) => {
    const fields = new Fields(value, {
      ...affected.place,
      path: `${affected.place.path}/ecosystem_specific/imports/${index}`,
    });
    const systems = fields.optionalList("goos", asString);
    const architectures = fields.optionalList("goarch", asString);
    return {
      path: fields.optionalString("path") ?? "",
      symbols: fields.optionalList("symbols", asString),
      ...(systems.length > 0 && { systems }),
      ...(architectures.length > 0 && { architectures }),
    };
  });
}

function readRange(value: Json, place: Place): AffectedRange {
  const fields = new Fields(value, place);
  return { type: fields.oneOf("type", ["SEMVER", "ECOSYSTEM", "GIT"]), events: fields.list("events", readEvent) };
}

function readEvent(value: Json, place: Place): RangeEvent {
  const fields = new Fields(value, place).only(["introduced", "fixed", "last_affected", "limit"]);
  if (Object.keys(fields.raw).length !== 1)
    throw formFault(place, "an object with one of introduced, fixed, last_affected, limit", value);
  if (fields.has("introduced")) return { introduced: fields.string("introduced") };
  if (fields.has("fixed")) return { fixed: fields.string("fixed") };
  if (fields.has("last_affected")) return { last_affected: fields.string("last_affected") };
  return { limit: fields.string("limit") };
}

/**
 * GitHub writes `introduced` alone where no fix is published, and the end of what is known to be affected only into
 * `database_specific`. Without it every later version would be a finding. `< x` becomes a limit: x is not called a fix.
 */
function closeRange(range: AffectedRange, lastKnown: Json | undefined): AffectedRange {
  if (range.type === "GIT" || typeof lastKnown !== "string") return range;
  if (range.events.some((event) => !("introduced" in event))) return range;
  const bound = /^(<=?) *([^\s,]{1,100})$/.exec(lastKnown.trim());
  const [, sign, version] = bound ?? [];
  if (version === undefined) return range;
  return { ...range, events: [...range.events, sign === "<=" ? { last_affected: version } : { limit: version }] };
}

function readSummary(root: Fields): string {
  const text = root.optionalString("summary") || (root.optionalString("details") ?? "").trimStart().split("\n", 1)[0];
  return cleanText(text ?? "", 300);
}

/** The page of the advisory, else the first reference that a browser opens. */
function readUrl(root: Fields): { url?: string } {
  const value = root.get("references");
  if (value === undefined || !isArray(value)) return {};
  const links = value.flatMap((item, index) => {
    const link = new Fields(item, { ...root.place, path: `/references/${index}` });
    const url = link.get("url");
    return typeof url === "string" && /^https?:\/\/[\x21-\x7e]{1,2000}$/.test(url)
      ? [{ type: link.get("type"), url }]
      : [];
  });
  const chosen = links.find((link) => link.type === "ADVISORY") ?? links[0];
  return chosen === undefined ? {} : { url: chosen.url };
}
