import { cleanText } from "../artifact/clean-text.ts";
import { printPurl, type PurlParts } from "../artifact/purl.ts";
import type { DigestSet, Purl } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Component, ComponentRef, Dependency, LicenceClaim, Occurrence, Scope, Unknown } from "../model/sbom.ts";
import { strongerScope } from "./join-components.ts";

const MAX_TOLD = 20;

/** The package URL of these parts; undefined where the type does not allow them. */
export function purlOf(parts: PurlParts): Purl | undefined {
  try {
    return printPurl(parts);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** A package as a reader meets it. */
export interface Met {
  readonly name: string;
  readonly version?: string | undefined;
  readonly purl?: Purl | undefined;
  readonly ecosystem: string;
  readonly scope?: Scope;
  readonly direct?: boolean;
  readonly digests?: DigestSet;
  readonly licences?: readonly LicenceClaim[];
  readonly own?: boolean;
  readonly kind?: Component["kind"];
  readonly notes?: Component["notes"];
  readonly occurrence: Occurrence;
}

/** Gathers what one file says: a package that is met again (for another target, in another section) is one component. */
export class Gathered {
  readonly #components = new Map<ComponentRef, Component>();
  readonly #edges = new Map<string, Dependency>();
  readonly #unmet: string[] = [];

  add(met: Met): ComponentRef {
    const { name, version, purl, ecosystem, kind, occurrence } = met;
    const ref = purl ?? (version === undefined ? name : `${name}@${version}`);
    const before = this.#components.get(ref);
    if (before === undefined) {
      this.#components.set(ref, {
        ref,
        name,
        ...(version !== undefined && { version }),
        ...(purl !== undefined && { purl }),
        ecosystem,
        scope: met.scope ?? "runtime",
        direct: met.direct === true,
        digests: met.digests ?? {},
        licences: met.licences ?? [],
        occurrences: [occurrence],
        own: met.own === true,
        ...(kind !== undefined && { kind }),
        ...(met.notes !== undefined && met.notes.length > 0 && { notes: met.notes }),
      });
      return ref;
    }
    const seen = before.occurrences.some((one) => one.path === occurrence.path && one.line === occurrence.line);
    this.#components.set(ref, {
      ...before,
      scope: strongerScope(before.scope, met.scope ?? "runtime"),
      direct: before.direct || met.direct === true,
      digests: { ...met.digests, ...before.digests },
      occurrences: seen || before.occurrences.length > 100 ? before.occurrences : [...before.occurrences, occurrence],
    });
    return ref;
  }

  need(from: ComponentRef, to: ComponentRef, scope: Scope = "runtime"): void {
    const key = `${from}\0${to}`;
    const before = this.#edges.get(key);
    if (from !== to)
      this.#edges.set(key, { from, to, scope: before === undefined ? scope : strongerScope(before.scope, scope) });
  }

  /** A need that nothing in the file meets. */
  unmet(from: string, what: string): void {
    this.#unmet.push(`${from} needs ${what}`);
  }

  /** Sorted by ref. */
  get components(): readonly Component[] {
    return [...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, component]) => component);
  }

  /** Sorted by (from, to). */
  get dependencies(): readonly Dependency[] {
    return [...this.#edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
  }

  /** One unknown for all unmet needs; none where all are met. */
  unknowns(where: string): readonly Unknown[] {
    if (this.#unmet.length === 0) return [];
    const shown = this.#unmet.slice(0, MAX_TOLD).map((text) => cleanText(text, 120));
    const rest = this.#unmet.length > shown.length ? `, and ${this.#unmet.length - shown.length} more` : "";
    return [
      { where: cleanText(where, 300), what: `needs that it does not name a package for: ${shown.join(", ")}${rest}` },
    ];
  }

  /** The scopes of all packages by the edges that lead to them from `root`: of several paths the strongest counts. */
  scopedFrom(root: ComponentRef): readonly Component[] {
    const needs = Map.groupBy(this.#edges.values(), ({ from }) => from);
    const found = new Map<ComponentRef, Scope>();
    const open: [ComponentRef, Scope][] = [[root, "runtime"]];
    for (let top = open.pop(); top !== undefined; top = open.pop()) {
      const [ref, scope] = top;
      const before = found.get(ref);
      if (before !== undefined && strongerScope(before, scope) === before) continue;
      found.set(ref, scope);
      for (const edge of needs.get(ref) ?? []) {
        open.push([edge.to, strongerScope(scope, edge.scope) === scope ? edge.scope : scope]);
      }
    }
    return this.components.map((component) => ({ ...component, scope: found.get(component.ref) ?? component.scope }));
  }
}
