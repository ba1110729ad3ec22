import { byCodeUnit } from "../../artifact/entry-path.ts";
import type { Component, ComponentRef, Sbom } from "../../model/sbom.ts";
import type { Standing } from "./graph.ts";
import { strongestLicence } from "./licence-words.ts";
import { attributes, markup, type Markup } from "./markup.ts";
import { count, grouped } from "./words.ts";

/** Rows of one summary; what is more becomes one row. */
const MOST_ROWS = 7;

type Row = readonly [name: string, n: number];

/** The set at a glance: how deep, under which licences, why there. Own members are not counted. */
export function dependencySummaries(sbom: Sbom, standing: ReadonlyMap<ComponentRef, Standing>): Markup {
  const others = sbom.components.filter((component) => !component.own);
  const depths = tally(others, ({ ref }) => standing.get(ref)?.depth ?? Infinity)
    .toSorted(([a], [b]) => a - b)
    .map(([depth, n]): Row => [depth === Infinity ? "not reached" : count(depth, "step"), n]);
  const licences = tally(others, (component) => strongestLicence(component.licences).text).toSorted(largestFirst);
  const scopes = tally(others, (component) => component.scope as string).toSorted(largestFirst);
  return markup`<div class="summaries">
${bars("Steps from the project", fold(depths, "deeper"))}
${bars("Licence", fold(licences, "others"))}
${bars("Why it is there", scopes)}
</div>`;
}

function bars(title: string, rows: readonly Row[]): Markup {
  const most = Math.max(1, ...rows.map(([, n]) => n));
  return markup`<table class="bars"><caption>${title}</caption><tbody>${rows.map(([name, n]) => {
    const bar = attributes({ width: Math.max(1, Math.round((n / most) * 100)), height: 8 });
    return markup`<tr><th scope="row">${name}</th><td class="num">${grouped(n)}</td><td><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect${bar}/></svg></td></tr>
`;
  })}</tbody></table>`;
}

function tally<K>(components: readonly Component[], keyOf: (component: Component) => K): (readonly [K, number])[] {
  const counts = new Map<K, number>();
  for (const component of components) {
    const key = keyOf(component);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts];
}

function largestFirst([a, m]: Row, [b, n]: Row): number {
  return n - m || byCodeUnit(a, b);
}

/** The first rows, and the sum of the rest as one. */
function fold(rows: readonly Row[], rest: string): readonly Row[] {
  if (rows.length <= MOST_ROWS) return rows;
  const sum = rows.slice(MOST_ROWS - 1).reduce((total, [, n]) => total + n, 0);
  return [...rows.slice(0, MOST_ROWS - 1), [rest, sum]];
}
