import { byCodeUnit } from "../../../artifact/entry-path.ts";
import { cleanText } from "../../../artifact/clean-text.ts";
import type { Comparison, Difference } from "../../../model/build.ts";
import { fixOf, type Cause, type Normaliser } from "./causes.ts";

/** Differences of one cause in one archive are told one by one up to here, then counted. */
const TOLD = 20;

interface Seen {
  readonly path: string;
  readonly detail: string;
}

/** What a comparison found so far, grouped by archive and cause. */
export interface Differences {
  /** A difference that the named normaliser forgives. */
  forgive(cause: Normaliser, archive: string, path: string, detail: string): void;
  /** A difference that nothing forgives. */
  differ(cause: Exclude<Cause, Normaliser>, archive: string, path: string, detail: string): void;
  isEmpty(): boolean;
  /** The result for two artifacts whose bytes are not equal. */
  comparison(): Comparison;
}

/** An empty record. Forgiven differences are told as well, once for each archive and cause, with their number. */
export function emptyDifferences(): Differences {
  const groups = new Map<string, { archive: string; cause: Cause; forgiven: boolean; first: Seen[]; count: number }>();
  const add = (cause: Cause, forgiven: boolean, archive: string, path: string, detail: string): void => {
    const key = `${archive}\0${cause}`;
    const group = groups.get(key) ?? { archive, cause, forgiven, first: [], count: 0 };
    groups.set(key, group);
    group.count += 1;
    if (group.first.length < TOLD) group.first.push({ path: cleanText(path, 400), detail });
  };
  return {
    forgive: (cause, archive, path, detail) => add(cause, true, archive, path, detail),
    differ: (cause, archive, path, detail) => add(cause, false, archive, path, detail),
    isEmpty: () => groups.size === 0,
    comparison() {
      const all = [...groups.values()];
      const normalised = new Set(all.filter(({ forgiven }) => forgiven).map(({ cause }) => cause));
      const differences = all.flatMap(({ archive, cause, forgiven, first, count }) =>
        forgiven ? [summary(archive, cause, first, count)] : each(archive, cause, first, count),
      );
      return {
        outcome: all.some(({ forgiven }) => !forgiven) ? "different" : "equivalent",
        normalised: [...normalised].toSorted(byCodeUnit),
        differences: differences.toSorted((a, b) => byCodeUnit(a.path, b.path) || byCodeUnit(a.cause, b.cause)),
      };
    },
  };
}

function summary(archive: string, cause: Cause, first: readonly Seen[], count: number): Difference {
  const [example] = first;
  if (count === 1 && example !== undefined)
    return { path: example.path, cause, detail: example.detail, fix: fixOf(cause) };
  const detail = `differs on ${count} entries, e.g. ${example?.path ?? ""}: ${example?.detail ?? ""}`;
  return { path: cleanText(archive, 400), cause, detail, fix: fixOf(cause) };
}

function each(archive: string, cause: Cause, first: readonly Seen[], count: number): Difference[] {
  const told: Difference[] = first.map(({ path, detail }) => ({ path, cause, detail, fix: fixOf(cause) }));
  if (count > first.length) {
    const detail = `and ${count - first.length} more of the same cause`;
    told.push({ path: cleanText(archive, 400), cause, detail, fix: fixOf(cause) });
  }
  return told;
}
