import { matchPurl } from "../artifact/purl.ts";
import type { Advisory, Overruled, VersionOrder } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Component } from "../model/sbom.ts";
import { packageKey } from "./names.ts";
import type { Overrule } from "./overrule-file.ts";
import { evaluateAdvisory } from "./ranges.ts";
import { versContains } from "./vers/contains.ts";

function told(
  { id, action, reason, owner, expires }: Overrule,
  component: Component | undefined,
  expired: boolean,
): Overruled {
  return { ...(component && { component: component.ref }), id, action, reason, owner, expires, expired };
}

/** The overrules in force at one time, ready to be asked for a package's records. */
export class Overrules {
  /** What was done, for the result. */
  readonly #told = new Map<string, Overruled>();
  readonly #byId = new Map<string, Overrule[]>();
  readonly #added = new Map<string, { readonly rule: Overrule; readonly advisory: Advisory }[]>();

  constructor(overrules: readonly Overrule[], at: Timestamp) {
    for (const [index, rule] of overrules.entries()) {
      // From that moment on the feed's word counts again, and whoever relied on the other one is told.
      if (Date.parse(rule.expires) <= Date.parse(at)) this.#told.set(`expired ${index}`, told(rule, undefined, true));
      else if (rule.action === "add")
        for (const advisory of rule.advisories) push(this.#added, keyOf(advisory), { rule, advisory });
      else push(this.#byId, rule.id, rule);
    }
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0 && this.#added.size === 0;
  }

  /** What was done so far, expired overrules among it, in the order of component and id. */
  get result(): readonly Overruled[] {
    const key = ({ component = "", id }: Overruled): string => `${component}\n${id}`;
    return [...this.#told.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** The records of one's own about a package. */
  added(ecosystem: string, name: string): readonly Advisory[] {
    return (this.#added.get(keyOf({ ecosystem, name })) ?? []).map(({ advisory }) => advisory);
  }

  /**
   * A record as it counts for a component of this version: itself, with other ranges, or not at all (undefined). That it would have
   * been another answer is kept for the result.
   */
  apply(advisory: Advisory, component: Component, version: string, order: VersionOrder): Advisory | undefined {
    const rule = this.#ruleFor(advisory, component, version);
    if (rule === undefined) return advisory;
    const changed = rule.action === "change" ? { ...advisory, ranges: rule.ranges, versions: [] } : undefined;
    const before = evaluateAdvisory(advisory, version, order).reason !== undefined;
    const after = changed !== undefined && evaluateAdvisory(changed, version, order).reason !== undefined;
    if (before !== after) this.#told.set(`${component.ref}\n${rule.id}\n${rule.action}`, told(rule, component, false));
    return changed;
  }

  /** Tells that a record of one's own made a finding. */
  tellAdded(id: string, component: Component): void {
    for (const list of this.#added.values()) {
      const found = list.find(({ advisory }) => advisory.id === id);
      if (found === undefined) continue;
      this.#told.set(`${component.ref}\n${id}\nadd`, told(found.rule, component, false));
      return;
    }
  }

  #ruleFor(advisory: Advisory, { purl }: Component, version: string): Overrule | undefined {
    for (const id of [advisory.id, ...advisory.aliases]) {
      const rule = this.#byId.get(id)?.find((one) => isAbout(one, purl, version));
      if (rule !== undefined) return rule;
    }
    return undefined;
  }
}

/** A version of which nobody can say whether it is in the range is not: then the feed's word counts. */
function isAbout(rule: Overrule, purl: string | undefined, version: string): boolean {
  if (rule.action === "add") return false;
  const { purl: pattern, versions } = rule;
  if (pattern !== undefined && (purl === undefined || !matchPurl(pattern, purl))) return false;
  return versions === undefined || versContains(versions, version) === true;
}

function keyOf({ ecosystem, name }: { readonly ecosystem: string; readonly name: string }): string {
  const key = packageKey(ecosystem, name);
  return `${key.ecosystem}\n${key.name}`;
}

function push<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
