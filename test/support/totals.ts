import assert from "node:assert/strict";
import type { Difference, Scoring } from "./scoring.ts";
import { casesOf, hasEdges, isScoredBy, judgeCase, judgeEdges, upstreamOf } from "./vectors.ts";

/** How the cases of one upstream extractor came out. */
export interface ExtractorTotal {
  readonly suite: Scoring["suite"];
  readonly upstream: string;
  cases: number;
  exact: number;
  /** By what is taken out of the comparison. */
  readonly apart: Map<string, number>;
  readonly different: { readonly id: string; readonly difference: Difference }[];
  readonly unread: string[];
  edges: number;
  readonly differentEdges: { readonly id: string; readonly difference: Difference }[];
}

const OWN = "does not list the project's own members";

/** Every case once, also those that no scoring reads; by upstream extractor, in the order of the suite. */
export async function totalsOf(
  folder: string,
  suite: Scoring["suite"],
  scorings: readonly Scoring[],
): Promise<readonly ExtractorTotal[]> {
  const totals = new Map<string, ExtractorTotal>();
  for (const row of casesOf(folder)) {
    const upstream = upstreamOf(row);
    const total = totals.get(upstream) ?? newTotal(suite, upstream);
    totals.set(upstream, total);
    total.cases += 1;
    const [scoring, ...more] = scorings.filter((one) => one.suite === suite && isScoredBy(row, one));
    assert.equal(more.length, 0, `${row.id} is scored once`);
    if (scoring === undefined) {
      total.unread.push(row.id);
      continue;
    }
    const outcome = await judgeCase(folder, row, scoring);
    if (outcome.is === "exact") total.exact += 1;
    else if (outcome.is === "apart") {
      const why = outcome.own ? OWN : (scoring.apart?.why ?? "");
      total.apart.set(why, (total.apart.get(why) ?? 0) + 1);
    } else total.different.push({ id: row.id, difference: reasonOf(row.id, scoring.differs, outcome.how) });
    if (suite !== "trivy" || !hasEdges(row)) continue;
    total.edges += 1;
    const problem = await judgeEdges(folder, row, scoring);
    if (problem === undefined) continue;
    total.differentEdges.push({ id: row.id, difference: reasonOf(row.id, scoring.edges?.differs, problem) });
  }
  return [...totals.values()];
}

const newTotal = (suite: Scoring["suite"], upstream: string): ExtractorTotal => ({
  suite,
  upstream,
  cases: 0,
  exact: 0,
  apart: new Map(),
  different: [],
  unread: [],
  edges: 0,
  differentEdges: [],
});

function reasonOf(id: string, differs: Scoring["differs"], how: string): Difference {
  const difference = differs?.[id];
  assert.ok(difference !== undefined, `${id} differs, and must have a reason: ${how}`);
  return difference;
}
