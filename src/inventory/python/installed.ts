import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { type Distribution, readDistributions } from "./distributions.ts";
import { graphOf, type Need, type Resolved } from "./graph.ts";
import { push } from "./lists.ts";
import { holds, type Marker, parseMarker } from "./marker.ts";
import { normaliseName } from "./names.ts";
import { installationOf } from "./paths.ts";
import { environmentOf, vendoredIn } from "./place.ts";
import { declaredExtraction, type Project } from "./project.ts";
import { parseRequirement } from "./requirement.ts";
import { meetsAll } from "./version.ts";

/** A distribution in the graph: needs are met by what lies in the same folder. */
interface Installed extends Resolved {
  readonly holder: string;
  /** Another distribution of that name lies in the same folder. */
  readonly twice: boolean;
}

const MAX_TOLD = 20;

/** What a marker asks of extras: `extra == "socks"`. */
const EXTRA = /\bextra\s*==\s*["']([^"']+)["']|["']([^"']+)["']\s*==\s*extra\b/g;

interface Needs {
  readonly needs: readonly Need[];
  readonly extras: ReadonlyMap<string, readonly Need[]>;
  readonly unread: readonly string[];
}

/** Markers as they hold in one place: environments have thousands, and few that differ. */
class Markers {
  readonly #environment: ReadonlyMap<string, string>;
  readonly #parsed = new Map<string, Marker | undefined>();
  readonly #plain = new Map<string, boolean | undefined>();

  constructor(environment: ReadonlyMap<string, string>) {
    this.#environment = environment;
  }

  parsed(text: string): Marker | undefined {
    if (!this.#parsed.has(text)) this.#parsed.set(text, parseMarker(text));
    return this.#parsed.get(text);
  }

  /** With these extras asked for. */
  holds(text: string, extras: ReadonlySet<string>): boolean | undefined {
    const known = extras.size === 0 && this.#plain.has(text);
    if (known) return this.#plain.get(text);
    const marker = this.parsed(text);
    const found =
      marker === undefined ? undefined : holds(marker, { environment: this.#environment, extras, groups: NOTHING });
    if (extras.size === 0) this.#plain.set(text, found);
    return found;
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** Packages that somebody asks extras of: `requests[socks]`. Of all others what their extras need is not looked at. */
function withAskedExtras(distributions: readonly Distribution[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { requires } of distributions) {
    for (const written of requires) {
      const open = written.indexOf("[");
      if (open > 0) found.add(normaliseName(written.slice(0, open).trim()));
    }
  }
  return found;
}

/** Requirements as needs of the package itself and of its extras, as they hold in this place. */
function needsOf({ requires, holder }: Distribution, markers: Markers, vendored: boolean, asked: boolean): Needs {
  const needs: Need[] = [];
  const extras = new Map<string, Need[]>();
  const unread: string[] = [];
  for (const written of requires) {
    const cut = written.indexOf(";");
    // A URL may hold a semicolon: such a requirement is taken apart first.
    const plain = cut > 0 && !written.includes("@") ? written.slice(cut + 1).trim() : undefined;
    if (plain !== undefined && !asked && markers.holds(plain, NOTHING) === false) continue;
    const requirement = parseRequirement(written);
    const text = requirement?.marker ?? "";
    if (requirement === undefined || (text !== "" && markers.parsed(text) === undefined)) {
      unread.push(written);
      continue;
    }
    const need = (scope: Scope, ifPresent: boolean): Need => ({
      name: requirement.name,
      extras: requirement.extras,
      scope,
      // Copies are often carried without what they need.
      ifPresent: ifPresent || vendored,
      // What is there is what is loaded, in whatever version; only of two the right one is meant.
      isMeant: (one) =>
        (one as Installed).holder === holder &&
        (!(one as Installed).twice || one.version === undefined || meetsAll(one.version, requirement.clauses)),
    });
    const always = text === "" ? true : markers.holds(text, NOTHING);
    if (always !== false) {
      needs.push(need(always === true ? "runtime" : "optional", always !== true));
      continue;
    }
    for (const [, right, left] of text.matchAll(EXTRA)) {
      const extra = normaliseName(right ?? left ?? "");
      const found = markers.holds(text, new Set([extra]));
      if (found === false) continue;
      push(extras, extra, need("runtime", found !== true));
    }
  }
  return { needs, extras, unread };
}

/** Who carries a folder of copies: the package called as the folder's first part, or that says that this module is its own. */
function carriers(top: readonly Distribution[]): (position: string) => Distribution | undefined {
  const named = new Map(top.map((one) => [one.name, one]));
  let modules: Map<string, Distribution> | undefined;
  return (position) => {
    const slash = position.indexOf("/");
    const module = slash < 0 ? position : position.slice(0, slash);
    const found = named.get(normaliseName(module));
    if (found !== undefined) return found;
    modules ??= new Map(top.flatMap((one) => one.topLevel().map((each) => [each, one] as const)));
    return modules.get(module);
  };
}

/** Of one name there should be one: an upgrade that was broken off leaves two. */
function toldTwice(top: readonly Distribution[]): readonly Unknown[] {
  const named = Map.groupBy(top, ({ name }) => name);
  return [...named].flatMap(([name, all]) => {
    const versions = [...new Set(all.map(({ version }) => version ?? "no version"))];
    if (versions.length < 2) return [];
    const what = `${name} is installed twice (${versions
      .map((version) => cleanText(version, 40))
      .slice(0, 5)
      .join(", ")}): which one is loaded is not known`;
    return [{ where: cleanText(all[0]?.path ?? "", 300), what }];
  });
}

function incompatible(top: readonly Distribution[], packages: readonly Installed[]): readonly Unknown[] {
  // A need whose package is there in a version that it does not allow: pip check's conflict.
  const byName = new Map(packages.filter(({ position }) => position === undefined).map((one) => [one.name, one]));
  const found: Unknown[] = [];
  for (const { path, name, requires } of top) {
    for (const written of requires) {
      const requirement = written.includes(";") ? undefined : parseRequirement(written);
      const there = requirement === undefined ? undefined : byName.get(requirement.name);
      if (requirement === undefined || there?.version === undefined || meetsAll(there.version, requirement.clauses))
        continue;
      const what = `${name} needs ${cleanText(written, 100)}, and ${there.name} ${cleanText(there.version, 40)} is installed`;
      found.push({ where: cleanText(path, 300), what });
    }
  }
  return found;
}

/**
 * Reads the distributions of one `site-packages` (recording installed projects; core metadata; eggs): components with licences, edges
 * by `Requires-Dist` as it holds in this place, copies that packages carry. A wheel or an egg read alone is its own subject.
 */
export function readInstalled(entries: readonly Entry[], source: Source): Extraction {
  const installation = installationOf(entries[0]?.path ?? "");
  const { distributions, wheels, unknowns } = readDistributions(entries);
  const markers = new Markers(environmentOf(installation, wheels, source));
  const asked = withAskedExtras(distributions);
  const placed = distributions.map((one) => ({ one, position: vendoredIn(one.holder, installation) }));
  const top = placed.filter(({ position }) => position === undefined).map(({ one }) => one);
  const told: Unknown[] = [...unknowns, ...toldTwice(top)];
  const carrierOf = carriers(top);
  const carried = new Map<Distribution, Need[]>();
  for (const { one, position } of placed) {
    const carrier = position === undefined ? undefined : carrierOf(position);
    if (carrier === undefined) continue;
    const isMeant = (other: Resolved): boolean => (other as Installed).holder === one.holder;
    push(carried, carrier, { name: one.name, extras: [], scope: "runtime", isMeant });
  }
  const lying = new Map<string, number>();
  const placeOf = ({ holder, name }: Distribution): string => `${holder}\0${name}`;
  for (const one of distributions) lying.set(placeOf(one), (lying.get(placeOf(one)) ?? 0) + 1);
  const packages = placed.map(({ one, position }): Installed => {
    const { needs, extras, unread } = needsOf(one, markers, position !== undefined, asked.has(one.name));
    for (const written of unread) {
      told.push({
        where: cleanText(one.path, 300),
        what: `needs ${cleanText(written, 100)}, which is no requirement that can be read`,
      });
    }
    const { name, version, origin, digests, line, path, holder, licences, own, requested } = one;
    return {
      name,
      version,
      origin,
      digests,
      line,
      holder,
      twice: (lying.get(placeOf(one)) ?? 0) > 1,
      licences,
      own,
      requested,
      extras,
      file: path,
      needs: [...needs, ...(carried.get(one) ?? [])],
      ...(position !== undefined && { position: `${position}/${name}` }),
    };
  });
  const [only] = top;
  if (source.artifact.kind === "archive" && installation === "" && only !== undefined && top.length === 1) {
    return archived(only, packages, told, source);
  }
  const graph = graphOf({ file: installation, root: "", packages, needs: undefined, installed: true });
  told.push(...incompatible(top, packages), ...graph.unknowns);
  const whole = told.length === 0;
  return {
    components: graph.components,
    dependencies: graph.dependencies,
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: whole ? "complete" : "incomplete",
      method: "observed",
    },
    unknowns: told.length > MAX_TOLD ? [...told.slice(0, MAX_TOLD), more(told.length - MAX_TOLD, installation)] : told,
  };
}

const more = (count: number, where: string): Unknown => ({
  where: cleanText(where === "" ? "." : where, 300),
  what: `${count} more of the kind`,
});

/** A wheel as the artifact itself: what it needs is declared, what it carries is in it. */
function archived(
  only: Distribution,
  packages: readonly Installed[],
  unknowns: readonly Unknown[],
  source: Source,
): Extraction {
  const needs = only.requires.flatMap((written) => {
    const requirement = parseRequirement(written);
    if (requirement === undefined) return [];
    const scope: Scope =
      requirement.marker !== undefined && /\bextra\b/.test(requirement.marker) ? "optional" : "runtime";
    return [{ requirement, scope, written }];
  });
  const project: Project = { name: only.name, version: only.version, licences: only.licences, needs, unknowns };
  const declared = declaredExtraction(project, only.path, source);
  const root = declared.subject?.purl ?? only.name;
  const inside = packages.filter(({ position }) => position !== undefined);
  const graph = graphOf({ file: only.path, root, packages: inside, needs: undefined, installed: true });
  const carried = graph.components.map(({ ref }) => ({ from: root, to: ref, scope: "runtime" as Scope }));
  return {
    ...declared,
    components: [...declared.components, ...graph.components].sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: [...declared.dependencies, ...carried, ...graph.dependencies].sort((a, b) =>
      `${a.from}\0${a.to}` < `${b.from}\0${b.to}` ? -1 : 1,
    ),
  };
}
