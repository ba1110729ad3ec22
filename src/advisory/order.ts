import type { VersionOrder } from "../model/advisory.ts";
import { npmOrder } from "./orders/npm.ts";

/** One line an ecosystem. */
const ORDERS: ReadonlyMap<string, VersionOrder> = new Map([npmOrder].map((order) => [order.ecosystem, order]));

/**
 * The version order of an ecosystem in OSV's spelling; a release suffix (`Debian:12`) is not looked at (OSV schema 1.7,
 * "affected[].package"). Undefined: versions of this ecosystem cannot be compared here, and nobody may guess.
 */
export function versionOrder(ecosystem: string): VersionOrder | undefined {
  const colon = ecosystem.indexOf(":");
  return ORDERS.get(colon === -1 ? ecosystem : ecosystem.slice(0, colon));
}
