import { cleanText } from "../artifact/clean-text.ts";
import type { AdvisoryIndex, IndexIdentity, VersionOrder } from "../model/advisory.ts";
import type { Component } from "../model/sbom.ts";
import type { DistributionTarget } from "./distributions.ts";
import { type Target, targetOf } from "./ecosystem.ts";
import { baseEcosystem } from "./names.ts";
import { versionOrder } from "./order.ts";

/** A component that has all that matching needs. */
export interface Candidate {
  readonly component: Component;
  readonly target: Target;
  readonly order: VersionOrder;
}

/** Why a component is not matched: for a reason of its own, or as one of many of an ecosystem. */
export type Unmatched =
  | { readonly because: "component"; readonly what: string }
  | {
      readonly because: "ecosystem";
      readonly ecosystem: string;
      readonly what: string;
      readonly distribution?: DistributionTarget;
    };

/** Asked for every component. */
const SHARDS = new WeakMap<IndexIdentity, ReadonlySet<string>>();

/** Whether the index has records of an ecosystem at all; one that does not tell is taken to have all. */
function holds({ identity }: Pick<AdvisoryIndex, "identity">, ecosystem: string): boolean {
  if (identity.shards === undefined) return true;
  let names = SHARDS.get(identity);
  if (names === undefined)
    SHARDS.set(identity, (names = new Set(identity.shards.map(({ name }) => name.toLowerCase()))));
  return names.has(baseEcosystem(ecosystem).toLowerCase());
}

/** A component ready to be matched, or why it cannot be: what could not be judged must not look clean. */
export function candidateOf(
  component: Component,
  index: Pick<AdvisoryIndex, "identity" | "holds">,
): Candidate | Unmatched {
  const target = targetOf(component);
  const own = (what: string): Unmatched => ({ because: "component", what: `not matched: ${what}` });
  if (typeof target === "string") return own(target);
  const [ecosystem = ""] = target.ecosystems;
  const base = baseEcosystem(ecosystem);
  const order = versionOrder(ecosystem);
  if (order === undefined) {
    return {
      because: "ecosystem",
      ecosystem: base,
      what: `the version order of ${cleanText(base, 60)} is not known here`,
    };
  }
  if (!target.ecosystems.some((one) => holds(index, one))) {
    return { because: "ecosystem", ecosystem: base, what: `the index holds no records of ${cleanText(base, 60)}` };
  }
  // A release that no record speaks of would look clean: another spelling of it, or one that its distribution no longer mends.
  if (target.distribution !== undefined && !target.ecosystems.some((one) => index.holds(one))) {
    const what = `the index holds no records of ${cleanText(ecosystem, 80)}`;
    return { because: "ecosystem", ecosystem, what, distribution: target.distribution };
  }
  return { component, target, order };
}

/** Why the versions of a candidate cannot be compared; undefined where they can. Asked only where there is something to compare with. */
export function incomparable({ target, order }: Candidate): string | undefined {
  const wrong = target.packages.find(({ version }) => !order.valid(version));
  return wrong && `not matched: "${cleanText(wrong.version, 60)}" is no ${order.ecosystem} version`;
}
