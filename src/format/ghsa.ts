import { normaliseName } from "../artifact/pypi-name.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { Fields, formFault, type Place, rootPlace } from "./shape.ts";
import { nextVersion, parseGhsaRange } from "./ghsa-range.ts";

/**
 * GitHub's advisories as its APIs give them (docs.github.com: GraphQL `SecurityAdvisory`, REST "Global security advisories"):
 * the same facts, in two spellings of the members.
 */

/** GitHub's ecosystems in OSV's spelling (docs.github.com, GraphQL `SecurityAdvisoryEcosystem`). */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  ACTIONS: "GitHub Actions",
  COMPOSER: "Packagist",
  ERLANG: "Hex",
  GO: "Go",
  MAVEN: "Maven",
  NPM: "npm",
  NUGET: "NuGet",
  PIP: "PyPI",
  PUB: "Pub",
  RUBYGEMS: "RubyGems",
  RUST: "crates.io",
  SWIFT: "SwiftURL",
};
const SEMVER = new Set(["npm", "Go"]);
/** Pages that are advisories themselves. */
const ADVISORY_PAGE = /^https?:\/\/(?:github\.com\/advisories\/|nvd\.nist\.gov\/vuln\/detail\/)/;

/** Whether a document has the form. */
export function isGhsa(value: Json): value is JsonObject {
  return (
    value !== null &&
    typeof value === "object" &&
    !isArray(value) &&
    (Object.hasOwn(value, "ghsaId") || Object.hasOwn(value, "ghsa_id"))
  );
}

/**
 * Converts an advisory of GitHub's into an OSV record as OSV's own converter does: the entries of one package are one, a lower bound
 * `>` becomes the next version, a single version without a fix is listed. `complete` adds what that leaves out: ratings, and where
 * knowledge ends (`last_known_affected_version_range`), without which `<= 1.2` of an advisory without a fix is all versions.
 *
 * Faults: WB-ADVISORY-FORM with the JSON pointer.
 */
export function ghsaToOsv(value: Json, where: string, complete = false): JsonObject {
  const root = new Fields(value, rootPlace(where, "WB-ADVISORY-FORM"));
  const id = text(root, "ghsaId", "ghsa_id");
  const withdrawn = optional(root, "withdrawnAt", "withdrawn_at");
  const identifiers = root.list("identifiers", (item, place) => new Fields(item, place).string("value"));
  return {
    schema_version: "1.5.0",
    id,
    aliases: identifiers.filter((one) => one !== id),
    published: text(root, "publishedAt", "published_at"),
    modified: text(root, "updatedAt", "updated_at"),
    ...(withdrawn !== undefined && { withdrawn }),
    summary: root.text("summary"),
    details: root.text("description"),
    ...(complete && ratingOf(root)),
    references: root.list("references", readReference),
    affected: readAffected(root, complete),
  };
}

/** GraphQL's spelling, else REST's. */
const spelled = (fields: Fields, graph: string, rest: string): string => (fields.has(graph) ? graph : rest);
const text = (fields: Fields, graph: string, rest: string): string => fields.string(spelled(fields, graph, rest));
const optional = (fields: Fields, graph: string, rest: string): string | undefined =>
  fields.optionalString(spelled(fields, graph, rest));

function readReference(item: Json, place: Place): JsonObject {
  const url = typeof item === "string" ? item : new Fields(item, place).string("url");
  return { type: ADVISORY_PAGE.test(url) ? "ADVISORY" : "WEB", url };
}

/** GraphQL wraps lists in `nodes`. */
function nodesOf<T>(fields: Fields, name: string, read: (item: Json, place: Place) => T): readonly T[] {
  const value = fields.get(name);
  if (value !== undefined && isArray(value)) return fields.list(name, read);
  return fields.optionalObject(name)?.list("nodes", read) ?? [];
}

function ratingOf(root: Fields): JsonObject {
  const all = root.optionalObject(spelled(root, "cvssSeverities", "cvss_severities"));
  const each = [
    root.optionalObject("cvss"),
    all?.optionalObject(spelled(all, "cvssV3", "cvss_v3")),
    all?.optionalObject(spelled(all, "cvssV4", "cvss_v4")),
  ];
  const vectors = each.flatMap((cvss) => (cvss && optional(cvss, "vectorString", "vector_string")) ?? []);
  const word = root.optionalString("severity");
  const severity = [...new Set(vectors)].map((score) => ({
    type: `CVSS_V${/^CVSS:([34])/.exec(score)?.[1] ?? "2"}`,
    score,
  }));
  return {
    ...(severity.length > 0 && { severity }),
    ...(word !== undefined && { database_specific: { severity: word.toUpperCase() } }),
  };
}

interface Vulnerability {
  readonly ecosystem: string;
  readonly name: string;
  readonly range: string;
  readonly place: Place;
  readonly patched?: string;
}

function readVulnerability(item: Json, place: Place): Vulnerability {
  const fields = new Fields(item, place);
  const pkg = fields.object("package");
  const word = pkg.string("ecosystem").toUpperCase();
  const ecosystem = Object.hasOwn(ECOSYSTEMS, word) ? ECOSYSTEMS[word] : undefined;
  if (ecosystem === undefined) throw pkg.fault("ecosystem", `one of ${Object.keys(ECOSYSTEMS).join(", ")}`);
  const name = pkg.string("name");
  const range = spelled(fields, "vulnerableVersionRange", "vulnerable_version_range");
  const first = spelled(fields, "firstPatchedVersion", "first_patched_version");
  const patched =
    typeof fields.get(first) === "string" ? fields.string(first) : fields.optionalObject(first)?.string("identifier");
  return {
    ecosystem,
    name: ecosystem === "PyPI" ? normaliseName(name) : name,
    range: fields.string(range),
    place: fields.at(range),
    ...(patched !== undefined && { patched }),
  };
}

function readAffected(root: Fields, complete: boolean): readonly JsonObject[] {
  const packages = Map.groupBy(
    nodesOf(root, "vulnerabilities", readVulnerability),
    ({ ecosystem, name }) => `${ecosystem}\n${name}`,
  );
  const link = text(root, "permalink", "html_url");
  const cwes = nodesOf(root, "cwes", (item) => item);
  return [...packages.values()].map((all) => {
    const { ecosystem = "", name = "" } = all[0] ?? {};
    const { events, versions, lastKnown } = eventsOf(all);
    const type = SEMVER.has(ecosystem) ? "SEMVER" : "ECOSYSTEM";
    const known = complete && lastKnown !== undefined && { last_known_affected_version_range: lastKnown };
    return {
      package: { ecosystem, name },
      ranges: events.length > 0 ? [{ type, events }] : [],
      versions,
      database_specific: { ghsa: link, cwes, ...known },
    };
  });
}

interface Events {
  readonly events: readonly JsonObject[];
  readonly versions: readonly string[];
  /** Where knowledge ends, of a package with one range and no fix. */
  readonly lastKnown?: string;
}

function eventsOf(all: readonly Vulnerability[]): Events {
  const events: JsonObject[] = [];
  const versions: string[] = [];
  let [fromStart, lastKnown] = [false, undefined as string | undefined];
  for (const { ecosystem, range, place, patched } of all) {
    const { exact, lower, upper } = parseGhsaRange(range) ?? refuse(place, range);
    if (exact !== undefined && patched === undefined) versions.push(exact);
    else {
      if (exact !== undefined) events.push({ introduced: exact });
      else if (lower === undefined) fromStart = true;
      else {
        const introduced = lower.inclusive ? lower.version : nextVersion(ecosystem, lower.version);
        events.push({ introduced: introduced ?? refuse(place, range) });
      }
      // A bound that excludes is a fix; one that includes ends in the fix that is named, if any.
      const fixed = upper?.inclusive === false ? upper.version : patched;
      if (fixed !== undefined) events.push({ fixed });
      else if (upper !== undefined && all.length === 1) lastKnown = `<= ${upper.version}`;
    }
  }
  if (fromStart) events.unshift({ introduced: "0" });
  return { events, versions, ...(lastKnown !== undefined && { lastKnown }) };
}

function refuse(place: Place, found: string): never {
  throw formFault(place, "a range of versions, as `>= 1.0.0, < 1.2.3` or `= 1.0.0`", found);
}
