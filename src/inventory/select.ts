import { cleanText } from "../artifact/clean-text.ts";
import type { Unknown } from "../model/sbom.ts";
import type { Unit } from "./walk.ts";

const MAX_TOLD = 20;

/** The folder of the project that a unit speaks of; "" is the source's own. */
export function projectOf({ extractor, path }: Unit): string {
  if (extractor.projectOf !== undefined) return extractor.projectOf(path);
  const slash = path.lastIndexOf("/");
  return extractor.of === "installation" || slash < 0 ? "" : path.slice(0, slash);
}

/** What is to be read, the folders nearest to the top first, and what is passed over. */
export interface Selection {
  readonly units: readonly Unit[];
  readonly unknowns: readonly Unknown[];
}

/** Of the files of one ecosystem in one project folder those of the strongest extractor; installations all. */
export function selectUnits(units: readonly Unit[], rankOf: (unit: Unit) => number): Selection {
  const strongest = new Map<string, number>();
  const keyOf = (unit: Unit): string => `${unit.extractor.ecosystem}\0${projectOf(unit)}`;
  for (const unit of units) {
    if (unit.extractor.of === "installation") continue;
    strongest.set(keyOf(unit), Math.min(strongest.get(keyOf(unit)) ?? Infinity, rankOf(unit)));
  }
  const kept: Unit[] = [];
  const unknowns: Unknown[] = [];
  for (const unit of units) {
    if (unit.extractor.of === "installation" || rankOf(unit) === strongest.get(keyOf(unit))) kept.push(unit);
    // A manifest beside a lockfile is no second opinion: whoever reads the lockfile looks into it.
    else if (unit.extractor.capability.versions === "exact") {
      unknowns.push({ where: cleanText(unit.path, 300), what: "is not read: another lockfile beside it wins" });
    }
  }
  const depth = (unit: Unit): number => (projectOf(unit) === "" ? 0 : projectOf(unit).split("/").length);
  return {
    units: kept.toSorted((a, b) => depth(a) - depth(b) || rankOf(a) - rankOf(b) || (a.path < b.path ? -1 : 1)),
    unknowns,
  };
}

/** Folders that lockfiles speak for, by ecosystem: their own and those of their workspace members. */
export class Covered {
  readonly #members = new Map<string, Set<string>>();
  readonly #locked = new Map<string, string[]>();
  readonly #passed: string[] = [];

  /** Whether an earlier unit has said all that this one would: a member of a workspace, or ranges below a lockfile. */
  has(unit: Unit): boolean {
    if (unit.extractor.of === "installation") return false;
    const folder = projectOf(unit);
    const { ecosystem, capability } = unit.extractor;
    if (this.#members.get(ecosystem)?.has(folder) === true) return true;
    const below = (this.#locked.get(ecosystem) ?? []).some((above) => above === "" || folder.startsWith(`${above}/`));
    if (capability.versions === "exact" || !below) return false;
    this.#passed.push(unit.path);
    return true;
  }

  /** What a unit was found to speak for; `members` are relative to its project's folder. */
  add(unit: Unit, members: Iterable<string>): void {
    if (unit.extractor.of === "installation") return;
    const folder = projectOf(unit);
    const { ecosystem, capability } = unit.extractor;
    if (capability.versions === "exact") this.#locked.set(ecosystem, [...(this.#locked.get(ecosystem) ?? []), folder]);
    const known = this.#members.get(ecosystem) ?? new Set<string>();
    for (const member of members) known.add(folder === "" ? member : `${folder}/${member}`);
    this.#members.set(ecosystem, known);
  }

  /** Manifests that no lockfile speaks for. */
  unknowns(): readonly Unknown[] {
    const what = "declares needs that no lockfile fixes: they are not in this SBOM";
    const told = this.#passed.slice(0, MAX_TOLD).map((path) => ({ where: cleanText(path, 300), what }));
    const rest = this.#passed.length - told.length;
    return rest > 0
      ? [...told, { where: ".", what: `${rest} more manifests declare needs that no lockfile fixes` }]
      : told;
  }
}
