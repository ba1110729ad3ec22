import type { VersionOrder } from "../../model/advisory.ts";
import { schemeOrder } from "./schemes.ts";
import { sortConstraints, type Vers, type VersConstraint } from "./vers.ts";

const isLower = ({ comparator }: VersConstraint): boolean => comparator === ">" || comparator === ">=";
const isUpper = ({ comparator }: VersConstraint): boolean => comparator === "<" || comparator === "<=";
const isUnequal = ({ comparator }: VersConstraint): boolean => comparator === "!=";

/** Of constraints of one version and comparator the first. Sorted in, sorted out. */
function withoutRepeats(constraints: readonly VersConstraint[], order: VersionOrder): readonly VersConstraint[] {
  const kept: VersConstraint[] = [];
  const seen = new Set<string>();
  for (const constraint of constraints) {
    const last = kept.at(-1);
    if (last === undefined || order.compare(last.version, constraint.version) !== 0) seen.clear();
    if (!seen.has(constraint.comparator)) kept.push(constraint);
    seen.add(constraint.comparator);
  }
  return kept;
}

/**
 * Takes away what says nothing more (vers-spec, "How to parse", the procedure to remove redundant constraints): after a lower
 * bound further lower bounds and single versions, before an upper bound other upper bounds and single versions.
 */
function withoutRedundant(constraints: readonly VersConstraint[]): readonly VersConstraint[] {
  const kept: VersConstraint[] = [];
  for (const constraint of constraints) {
    if (isUpper(constraint)) {
      for (let last = kept.at(-1); last !== undefined && !isLower(last); last = kept.at(-1)) kept.pop();
    }
    const last = kept.at(-1);
    if (last === undefined || !isLower(last) || isUpper(constraint)) kept.push(constraint);
  }
  return kept;
}

/** The same range without redundant constraints, sorted: what VERS calls canonical. A range of an unknown type is left as it is. */
export function simplifyVers(vers: Vers): Vers {
  const order = schemeOrder(vers.type);
  if (vers.constraints === "*" || order === undefined) return vers;
  const sorted = withoutRepeats(sortConstraints(vers.constraints, order), order);
  const bounds = withoutRedundant(sorted.filter((constraint) => !isUnequal(constraint)));
  return { type: vers.type, constraints: sortConstraints([...sorted.filter(isUnequal), ...bounds], order) };
}

/**
 * Whether a version is in a range (vers-spec, "Checking if a version is contained within a range"). Undefined: nobody can say, as
 * the type's order is not known here, or it does not understand the version or a bound.
 */
export function versContains(vers: Vers, version: string): boolean | undefined {
  const { type, constraints } = simplifyVers(vers);
  if (constraints === "*") return type !== "none";
  const order = schemeOrder(type);
  if (order === undefined) {
    return constraints.some((one) => one.comparator === "=" && one.version === version) ? true : undefined;
  }
  if (!order.valid(version) || !constraints.every((one) => order.valid(one.version))) return undefined;
  const equal = constraints.filter((one) => order.compare(one.version, version) === 0);
  if (equal.some(({ comparator }) => comparator !== "!=" && comparator !== "<" && comparator !== ">")) return true;
  return equal.length === 0 && between(constraints, version, order);
}

/** Whether the bounds next to a version, which is none of them, hold it. A range of inequalities alone holds all else. */
function between(constraints: readonly VersConstraint[], version: string, order: VersionOrder): boolean {
  if (constraints.every(isUnequal)) return true;
  const bounds = constraints.filter((one) => isLower(one) || isUpper(one));
  const above = bounds.findIndex((one) => order.compare(one.version, version) > 0);
  const [below, next] = above === -1 ? [bounds.at(-1), undefined] : [bounds[above - 1], bounds[above]];
  return (below !== undefined && isLower(below)) || (below === undefined && next !== undefined && isUpper(next));
}
