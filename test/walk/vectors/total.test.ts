import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Difference, Scoring } from "../../support/scoring.ts";
import { otherEcosystems, scorings } from "../../support/scorings/all.ts";
import { shared } from "../../support/shared.ts";
import { casesOf, hasEdges, isScoredBy, judgeCase, judgeEdges, upstreamOf } from "../../support/vectors.ts";

const SUITES = ["scalibr", "trivy", "syft"] as const;
const DOCUMENT = join(import.meta.dirname, "../../../docs/accuracy.md");
const [BEGIN, END] = ["<!-- totals: written by npm test -- -u total -->\n", "<!-- end of totals -->"];

interface Total {
  readonly suite: Scoring["suite"];
  cases: number;
  exact: number;
  apart: number;
  readonly different: Record<Difference["kind"], number>;
  unread: string[];
  edges: number;
  exactEdges: number;
  other: number;
}

/** Every case once: those that no scoring reads count too, as not exact. */
async function totalOf(folder: string, suite: Scoring["suite"]): Promise<Total> {
  const different = { option: 0, absent: 0, merits: 0 };
  const total: Total = {
    suite,
    cases: 0,
    exact: 0,
    apart: 0,
    different,
    unread: [],
    edges: 0,
    exactEdges: 0,
    other: 0,
  };
  for (const row of casesOf(folder)) {
    if (otherEcosystems[suite].includes(upstreamOf(row))) {
      total.other += 1;
      continue;
    }
    total.cases += 1;
    const [scoring, ...more] = scorings.filter((one) => one.suite === suite && isScoredBy(row, one));
    assert.equal(more.length, 0, `${row.id} is scored once`);
    if (scoring === undefined) {
      total.unread.push(row.id);
      continue;
    }
    const outcome = await judgeCase(folder, row, scoring);
    if (outcome.is === "exact") total.exact += 1;
    else if (outcome.is === "apart") total.apart += 1;
    else {
      const difference = scoring.differs?.[row.id];
      assert.ok(difference !== undefined, `${row.id} differs, with a reason: ${outcome.how}`);
      different[difference.kind] += 1;
    }
    if (suite !== "trivy" || !hasEdges(row)) continue;
    total.edges += 1;
    if ((await judgeEdges(folder, row, scoring)) === undefined) total.exactEdges += 1;
  }
  return total;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

function print(totals: readonly Total[]): string {
  const head =
    "| upstream | cases | exact | exact apart from what is named | both | of those that can be | different: upstream's option | a file is absent | on the merits | not read | trivy's edges | other ecosystems |";
  const rows = totals.map((total) => {
    const { cases, exact, apart, different, unread } = total;
    const both = `${exact + apart} (${percent(exact + apart, cases)})`;
    // An option that has no equivalent, or a file that is not there: the case cannot be exact here.
    const able = percent(exact + apart, cases - different.option - different.absent);
    const edges = total.edges === 0 ? "" : `${total.exactEdges} of ${total.edges}`;
    return `| ${[total.suite, cases, exact, apart, both, able, different.option, different.absent, different.merits, unread.length, edges, total.other].join(" | ")} |`;
  });
  const unread = totals.flatMap((total) => total.unread.map((id) => `${total.suite} ${id}`));
  return [head, `|${"---|".repeat(12)}`, ...rows, "", `Not read: ${unread.join("; ") || "none"}.`, ""].join("\n");
}

test("docs/accuracy.md tells how many cases of each upstream are exact", async (t) => {
  const totals: Total[] = [];
  for (const suite of SUITES) {
    const folder = shared(t, `vectors/extractors-${suite}`);
    if (folder === undefined) return;
    totals.push(await totalOf(folder, suite));
  }
  const document = readFileSync(DOCUMENT, "utf8");
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  assert.ok(from >= 0 && to > from, "the document has a place for the table");
  const table = print(totals);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    writeFileSync(DOCUMENT, `${document.slice(0, from)}${BEGIN}${table}${document.slice(to)}`);
    return;
  }
  assert.equal(document.slice(from + BEGIN.length, to), table, "npm test -- -u total writes it anew");
});
