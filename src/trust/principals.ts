import type { Evidence } from "../model/trust.ts";

/**
 * The principals that vouch, each once, sorted: several keys of one principal, one key under several names, and copies of one
 * statement count once (DESIGN, rule 10). Thresholds count these.
 */
export function distinctPrincipals(evidence: readonly Evidence[]): readonly string[] {
  const pairs = new Map(
    evidence.map(({ signer }) => [`${signer.principal}\0${signer.identity.keyId}`, signer] as const),
  );
  const keys = new Set<string>();
  const counted: string[] = [];
  const seen = new Set<string>();
  for (const [, { principal, identity }] of [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!seen.has(principal) && !keys.has(identity.keyId)) counted.push(principal);
    // Also where it was not counted: who shares a key with somebody counted is not a second person.
    seen.add(principal);
    keys.add(identity.keyId);
  }
  return counted;
}
