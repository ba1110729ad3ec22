import type { Component, ComponentRef, Sbom, Unknown } from "../../model/sbom.ts";
import { dependencySummaries } from "./dependency-summaries.ts";
import { byName, standings, type Standing } from "./graph.ts";
import { strongestLicence } from "./licence-words.ts";
import { markup, type Markup } from "./markup.ts";
import { folded, heading, table } from "./parts.ts";
import { count, grouped } from "./words.ts";

/** Rows that stand open; a longer table folds. */
const OPEN_ROWS = 30;

/** The last cell of a row, which says where the component hangs in the graph. */
interface LastColumn {
  readonly head: string;
  readonly of: (component: Component) => string;
}

/** What the sources declare, or, without such a list, what the bytes showed. `analyzed` marks what is in the artifact. */
export function dependenciesSection(sbom: Sbom, analyzed: Sbom | undefined): Markup {
  const standing = standings(sbom);
  const names = new Map(sbom.components.map(({ ref, name }) => [ref, name]));
  const brings = broughtBy(standing);
  const inside = analyzed === undefined || analyzed === sbom ? undefined : new Set(analyzed.components.map(keyOf));
  const sorted = sbom.components.toSorted(byName);
  const direct = sorted.filter((component) => component.direct && !component.own);
  const others = sorted.filter((component) => !component.direct || component.own);
  const more: LastColumn = {
    head: "Brings in",
    of: ({ ref }) => (brings.has(ref) ? grouped(brings.get(ref) ?? 0) : "–"),
  };
  const through: LastColumn = {
    head: "Through",
    of: ({ ref, own }) => (own ? "own member" : (names.get(standing.get(ref)?.through ?? "") ?? "unknown")),
  };
  return markup`${lead(sbom, direct.length)}
${sbom.components.length === 0 ? undefined : dependencySummaries(sbom, standing)}
${list("Direct dependencies", direct, inside, more)}
${list("Brought in by them", others, inside, through)}
${unknownsList(sbom.unknowns)}`;
}

/** What could not be read or resolved, said instead of guessed; nothing where there is nothing. */
export function unknownsList(unknowns: readonly Unknown[]): Markup | undefined {
  if (unknowns.length === 0) return undefined;
  const items = unknowns.map(({ where, what }) => markup`<li><code>${where}</code>: ${what}</li>`);
  return markup`${heading("Could not be read", unknowns.length)}
${folded(unknowns.length > OPEN_ROWS, `Show all ${grouped(unknowns.length)}`, markup`<ul>${items}</ul>`)}`;
}

function lead({ lifecycle, components, dependencies, completeness }: Sbom, direct: number): Markup {
  const from = {
    source: "The sources declare",
    build: "The build used",
    analyzed: "The bytes of the artifact show",
  } as const;
  const how = {
    locked: "Versions are fixed by a lockfile",
    observed: "Versions were read from the bytes",
    declared: "Only ranges are declared: no version is fixed",
    missing: "There is no lockfile: versions were not fixed",
  } as const;
  return markup`<p>${from[lifecycle]} <strong>${count(components.length, "component")}</strong>, ${grouped(direct)} of them direct, joined by ${count(dependencies.length, "edge")}. ${how[completeness.method]}. The list of components is <strong>${completeness.components}</strong>, the graph <strong>${completeness.dependencies}</strong>.</p>`;
}

/** End tags of rows and cells are left out, as HTML allows: with thousands of rows they would be a fifth of the page. */
function list(
  title: string,
  components: readonly Component[],
  inside: ReadonlySet<string> | undefined,
  last: LastColumn,
): Markup | undefined {
  if (components.length === 0) return undefined;
  const rows = components.map((component) => {
    const { text, how } = strongestLicence(component.licences);
    const there = inside === undefined ? undefined : inside.has(keyOf(component)) ? markup`<td>yes` : markup`<td>no`;
    return markup`<tr><th scope=row>${component.name}<td>${component.version ?? "unknown"}<td>${component.scope}<td>${text}<td>${how}<td>${last.of(component)}${there}
`;
  });
  const heads = [
    "Name",
    "Version",
    "Scope",
    "Licence",
    "Licence known by",
    last.head,
    ...(inside === undefined ? [] : ["In the artifact"]),
  ];
  return markup`${heading(title, rows.length)}
${folded(rows.length > OPEN_ROWS, `Show all ${grouped(rows.length)}`, table(title, heads, rows, "list"))}`;
}

/** How many components hang on each direct one, by the shortest path. */
function broughtBy(standing: ReadonlyMap<ComponentRef, Standing>): ReadonlyMap<ComponentRef, number> {
  const brings = new Map<ComponentRef, number>();
  for (const { depth, through } of standing.values()) {
    if (depth > 1) brings.set(through, (brings.get(through) ?? 0) + 1);
  }
  return brings;
}

function keyOf({ purl, name, version }: Component): string {
  return purl ?? `${name}@${version ?? ""}`;
}
