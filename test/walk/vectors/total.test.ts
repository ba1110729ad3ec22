import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { otherEcosystems, scorings } from "../../support/scorings/all.ts";
import { shared } from "../../support/shared.ts";
import { type ExtractorTotal, totalsOf } from "../../support/totals.ts";

const SUITES = ["scalibr", "trivy", "syft"] as const;
const DOCUMENT = join(import.meta.dirname, "../../../docs/accuracy.md");
const [BEGIN, END] = ["<!-- written by npm test -- -u total -->\n", "<!-- end of what is written -->"];
const KINDS = {
  option: "an option of the upstream",
  absent: "a file is not among the vectors",
  merits: "on the merits",
};

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0);
const apartOf = ({ apart }: ExtractorTotal): number => sum(apart.values());
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function suiteRow(
  suite: string,
  all: readonly ExtractorTotal[],
  others: readonly string[],
): readonly (string | number)[] {
  const own = all.filter((one) => one.suite === suite);
  const here = own.filter(({ upstream }) => !others.includes(upstream));
  const [cases, exact, apart] = [
    sum(here.map((one) => one.cases)),
    sum(here.map((one) => one.exact)),
    sum(here.map(apartOf)),
  ];
  const different = here.flatMap((one) => one.different);
  const of = (kind: string): number => different.filter(({ difference }) => difference.kind === kind).length;
  const edges = sum(here.map((one) => one.edges));
  const missed = sum(here.map((one) => one.differentEdges.length));
  return [
    suite,
    cases,
    exact,
    apart,
    `${exact + apart} (${percent(exact + apart, cases)})`,
    // With an option that has no equivalent, or without a file, a case cannot be exact here.
    percent(exact + apart, cases - of("option") - of("absent")),
    of("option"),
    of("absent"),
    of("merits"),
    sum(here.map(({ unread }) => unread.length)),
    edges === 0 ? "" : `${edges - missed} of ${edges}`,
    sum(own.map((one) => one.cases)) - cases,
  ];
}

function print(all: readonly ExtractorTotal[]): string {
  const here = all.filter(({ suite, upstream }) => !otherEcosystems[suite].includes(upstream));
  const suites = SUITES.map((suite) => suiteRow(suite, all, otherEcosystems[suite]));
  const extractors = here.map((one) => [
    one.suite,
    one.upstream,
    one.cases,
    one.exact,
    apartOf(one) || "",
    one.different.length || "",
    one.unread.length || "",
    one.edges === 0 ? "" : `${one.edges - one.differentEdges.length} of ${one.edges}`,
  ]);
  const apart = here.flatMap(({ suite, upstream, apart: reasons }) =>
    [...reasons].map(([why, count]) => [suite, upstream, count, why]),
  );
  const differences = here.flatMap(({ suite, different, differentEdges }) => [
    ...different.map(({ id, difference }) => [`${suite} ${id}`, KINDS[difference.kind], difference.why]),
    ...differentEdges.map(({ id, difference }) => [`${suite} ${id}, edges`, KINDS[difference.kind], difference.why]),
  ]);
  const unread = here.flatMap((one) => one.unread.map((id) => `- ${one.suite} ${id}`));
  return [
    table(
      [
        "upstream",
        "cases",
        "exact",
        "exact apart from what is named",
        "both",
        "of those that can be",
        "different: option",
        "a file is absent",
        "on the merits",
        "not read",
        "trivy's edges",
        "cases of other ecosystems",
      ],
      suites,
    ),
    "### By extractor",
    table(
      ["upstream", "extractor", "cases", "exact", "apart from what is named", "different", "not read", "edges"],
      extractors,
    ),
    "### What a comparison leaves out\nThe upstream …",
    table(["upstream", "extractor", "cases", "…"], apart),
    "### Differences",
    table(["case", "kind", "why"], differences),
    "### Not read",
    `${unread.join("\n")}\n`,
  ].join("\n\n");
}

test("docs/accuracy.md tells how many cases of each upstream are exact, and why the others are not", async (t) => {
  const totals: ExtractorTotal[] = [];
  for (const suite of SUITES) {
    const folder = shared(t, `vectors/extractors-${suite}`);
    if (folder === undefined) return;
    totals.push(...(await totalsOf(folder, suite, scorings)));
  }
  const document = readFileSync(DOCUMENT, "utf8");
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  assert.ok(from >= 0 && to > from, "the document has a place for the tables");
  const tables = `${print(totals)}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") {
    writeFileSync(DOCUMENT, `${document.slice(0, from)}${BEGIN}${tables}${document.slice(to)}`);
    return;
  }
  assert.equal(document.slice(from + BEGIN.length, to), tables, "npm test -- -u total writes it anew");
});
