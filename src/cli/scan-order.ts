import { byCodeUnit } from "../artifact/entry-path.ts";
import type { Finding } from "../model/advisory.ts";

/** What to do first comes first: malicious, then by risk; of equal ones by package and id. */
export function byRisk(a: Finding, b: Finding): number {
  return (
    Number(b.kind === "malicious") - Number(a.kind === "malicious") ||
    b.rating.risk - a.rating.risk ||
    byCodeUnit(a.component, b.component) ||
    byCodeUnit(a.id, b.id)
  );
}
