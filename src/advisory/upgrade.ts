import type { Finding } from "../model/advisory.ts";
import { versionOrder } from "./order.ts";

/**
 * The least version that can end all of these findings of one component: the greatest of their first fixes. Anything below it
 * leaves one of them open. Undefined where one has no fix, or the order of the versions is not known.
 */
export function leastUpgrade(findings: readonly Finding[]): string | undefined {
  const fixes = findings.map(({ fixed }) => fixed[0]);
  const [first] = fixes;
  if (first === undefined || fixes.every((fix) => fix === first)) return first;
  const order = versionOrder(findings[0]?.ecosystem ?? "");
  if (order === undefined) return undefined;
  let greatest = first;
  for (const fix of fixes) {
    if (fix === undefined || !order.valid(fix)) return undefined;
    if (order.compare(fix, greatest) > 0) greatest = fix;
  }
  return greatest;
}
