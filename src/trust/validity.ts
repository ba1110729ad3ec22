import type { Timestamp } from "../model/digest.ts";
import type { SigningTime, TrustEntry } from "../model/trust.ts";
import { type NamedCheck, refused, verified } from "./checks.ts";

/** Clocks of two machines differ; a signer may be this much ahead. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * The check `key-validity` (DESIGN, rule 7). Without a time stamp or log nobody but the signer says when it was signed, so validity
 * is judged at `at`. A key that is compromised by any entry that holds it is refused whatever the time: an old date is easily
 * written. Codes: WB-KEY-REVOKED, WB-KEY-NOT-YET-VALID, WB-KEY-EXPIRED, WB-KEY-SUPERSEDED.
 */
export function checkValidity(entry: TrustEntry, held: readonly TrustEntry[], at: Timestamp): NamedCheck {
  const now = Date.parse(at);
  const compromised = held.find(({ revoked }) => revoked?.reason === "compromise")?.revoked;
  const { validFrom, validUntil, revoked } = entry;
  const seen = (expected: string): { expected: string; found: string } => ({ expected, found: `judged at ${at}` });
  if (compromised !== undefined) {
    const expected = `a trusted time before the compromise at ${compromised.at}`;
    return refused("key-validity", "WB-KEY-REVOKED", { expected, found: "only the signer's word" });
  }
  // Each comparison is written so that a time that cannot be read refuses.
  if (validFrom !== undefined && !(now >= Date.parse(validFrom))) {
    return refused("key-validity", "WB-KEY-NOT-YET-VALID", seen(`from ${validFrom}`));
  }
  if (validUntil !== undefined && !(now <= Date.parse(validUntil))) {
    return refused("key-validity", "WB-KEY-EXPIRED", seen(`until ${validUntil}`));
  }
  if (revoked !== undefined && !(now <= Date.parse(revoked.at))) {
    return refused("key-validity", "WB-KEY-SUPERSEDED", seen(`until ${revoked.at}`));
  }
  return verified("key-validity", { found: `judged at ${at}` });
}

/**
 * The check `signing-time`: what the statement says of its time is the signer's word, shown and no proof of anything; but a time
 * more than five minutes after `at` cannot be. Code: WB-TIME-FUTURE.
 */
export function checkTime(
  claimed: Timestamp | undefined,
  at: Timestamp,
): { readonly check: NamedCheck; readonly time: SigningTime } {
  if (claimed === undefined) {
    return { check: verified("signing-time", { found: "none stated" }), time: { value: null, source: "none" } };
  }
  const good = Date.parse(claimed) <= Date.parse(at) + CLOCK_SKEW_MS;
  const time: SigningTime = { value: claimed, source: "signer" };
  if (good) return { check: verified("signing-time", { found: `${claimed}, the signer's word` }), time };
  return {
    check: refused("signing-time", "WB-TIME-FUTURE", { expected: `at most 5 minutes after ${at}`, found: claimed }),
    time,
  };
}
