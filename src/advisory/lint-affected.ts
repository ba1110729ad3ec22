import { cleanText } from "../artifact/clean-text.ts";
import { parsePurl } from "../artifact/purl.ts";
import { normaliseName } from "../artifact/pypi-name.ts";
import { isArray } from "../format/json.ts";
import type { VersionOrder } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import type { KnownNames, Report } from "./lint.ts";
import { versionOrder } from "./order.ts";

type Path = readonly (string | number)[];

function isObject(value: Json | undefined): value is JsonObject {
  return value !== undefined && value !== null && typeof value === "object" && !isArray(value);
}

const itemsOf = (value: Json | undefined): readonly Json[] =>
  value !== undefined && value !== null && isArray(value) ? value : [];

/** Checks one entry of `affected`; what the schema demands is checked elsewhere and passed over here. */
export function lintAffected(entry: Json, path: Path, names: KnownNames, report: Report): void {
  if (!isObject(entry)) return;
  const pkg = isObject(entry["package"]) ? entry["package"] : undefined;
  const { ecosystem, name, purl } = pkg ?? {};
  const ranges = itemsOf(entry["ranges"]);
  if (typeof ecosystem === "string" && typeof name === "string") lintName(ecosystem, name, path, names, report);
  if (typeof purl === "string") lintPurl(purl, [...path, "package", "purl"], report);
  if (pkg !== undefined && ranges.length === 0 && itemsOf(entry["versions"]).length === 0) {
    const what = "the package has neither ranges nor versions: no version of it is affected";
    report(path, "package-versions-given", what, "warning");
  }
  const order = typeof ecosystem === "string" ? versionOrder(ecosystem) : undefined;
  for (const [index, range] of ranges.entries()) {
    if (!isObject(range)) continue;
    const at = [...path, "ranges", index];
    if (pkg === undefined && range["type"] !== "GIT")
      report(at, "range-is-distinct", "a range of versions needs a package: without one it is of type GIT");
    lintRange(range, at, range["type"] === "GIT" ? undefined : order, report);
  }
}

/** `ecosystem` without its release. PyPI's names have one normal form (OSV schema, "affected[].package"; PEP 503). */
function lintName(ecosystem: string, name: string, path: Path, names: KnownNames, report: Report): void {
  const [base = ""] = ecosystem.split(":", 1);
  const normal = base === "PyPI" ? normaliseName(name) : name;
  const at = [...path, "package", "name"];
  if (normal !== name) {
    const what = `${cleanText(name, 80)} is not in normal form: ${cleanText(normal, 80)}`;
    report(at, "package-name-is-normal", what, "warning");
  }
  if (names(base)?.has(normal) === false)
    report(
      at,
      "package-exists",
      `${cleanText(base, 40)} has no package ${cleanText(name, 80)} by the list of names given`,
    );
}

function lintPurl(purl: string, path: Path, report: Report): void {
  try {
    // Of a type that demands a version the package's own URL is complete without it.
    if (parsePurl(purl, true).version !== undefined)
      report(path, "package-purl-valid", "the package URL has a version: versions belong into ranges and versions");
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    report(path, "package-purl-valid", error.facts.found ?? error.message);
  }
}

const ENDS = ["fixed", "last_affected", "limit"] as const;

/** A range that nothing can lie in, or that cannot be compared, is a mistake however well it is formed. */
function lintRange(range: JsonObject, path: Path, order: VersionOrder | undefined, report: Report): void {
  const events = itemsOf(range["events"]).map((event) => (isObject(event) ? event : {}));
  const introduced = new Set(
    events.flatMap((event) => (typeof event["introduced"] === "string" ? event["introduced"] : [])),
  );
  let lowest: string | undefined;
  for (const version of introduced) {
    if (version === "0" || order === undefined || !order.valid(version)) continue;
    if (lowest === undefined || order.compare(version, lowest) < 0) lowest = version;
  }
  const open = introduced.size === 0 || introduced.has("0");
  for (const [index, event] of events.entries()) {
    const at = [...path, "events", index];
    for (const name of ["introduced", ...ENDS] as const) {
      const version = event[name];
      if (typeof version !== "string") continue;
      const shown = cleanText(version, 60);
      const whole = (name === "introduced" && version === "0") || (name === "limit" && version === "*");
      if (name === "fixed" && introduced.has(version))
        report(at, "range-is-distinct", `${shown} is both introduced and fixed: nothing lies between`);
      else if (order === undefined || whole) continue;
      else if (!order.valid(version))
        report(
          at,
          "range-can-be-evaluated",
          `"${shown}" is no version of ${order.ecosystem}: the range is not evaluated`,
          "warning",
        );
      else if (name !== "introduced" && !open && lowest !== undefined) {
        const difference = order.compare(version, lowest);
        if (difference < 0 || (difference === 0 && name !== "last_affected"))
          report(at, "range-is-distinct", `${name} ${shown} is before anything is introduced`);
      }
    }
  }
}
