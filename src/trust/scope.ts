import { matchPattern } from "../artifact/pattern.ts";
import { matchPurl } from "../artifact/purl.ts";
import { OPENVEX_TYPES, PREDICATE_TYPES } from "../model/statement.ts";
import type { BuildLevel, TrustEntry, TrustScope } from "../model/trust.ts";
import { type NamedCheck, refused, type Seen, unchecked, verified } from "./checks.ts";
import type { PredicateClaims } from "./predicate-claims.ts";

const isPurl = (text: string): boolean => text.startsWith("pkg:");
const listed = (patterns: readonly string[]): string => (patterns.length === 0 ? "nothing" : patterns.join(", "));

function predicatePatterns(word: string): readonly string[] {
  if (word === "openvex") return OPENVEX_TYPES;
  return [Object.hasOwn(PREDICATE_TYPES, word) ? PREDICATE_TYPES[word as keyof typeof PREDICATE_TYPES] : word];
}

/**
 * Whether a scope names VEX statements, and not only all there is: a signer whose word excuses findings is chosen for that, as a bare
 * key is not.
 */
export function namesVex({ predicates }: TrustScope): boolean {
  const named = predicates.filter((word) => word !== "*").flatMap(predicatePatterns);
  return named.some((pattern) => OPENVEX_TYPES.some((type) => matchPattern(pattern, type)));
}

function checkPredicate(scope: TrustScope, type: string): NamedCheck {
  if (scope.predicates.flatMap(predicatePatterns).some((pattern) => matchPattern(pattern, type)))
    return verified("scope-predicate");
  return refused("scope-predicate", "WB-SCOPE-PREDICATE", { expected: listed(scope.predicates), found: type });
}

/**
 * Judges the names by which the verifier knows the subject, never those that the statement gives it: they are the signer's
 * own. Where a package URL is known and the scope speaks of package URLs, they decide, for a file is easily renamed.
 */
function checkSubject(scope: TrustScope, names: readonly string[]): NamedCheck {
  if (scope.subjects.includes("*")) return verified("scope-subject");
  if (scope.subjects.length > 0 && names.length === 0) {
    const seen = { expected: listed(scope.subjects), found: "a subject without a name: only its digest was asked" };
    return unchecked("scope-subject", "WB-SCOPE-SUBJECT-UNNAMED", seen);
  }
  const byPurl = names.some(isPurl) && scope.subjects.some(isPurl);
  const good = byPurl
    ? scope.subjects.some((pattern) => isPurl(pattern) && names.some((name) => matchPurl(pattern, name)))
    : scope.subjects.some((pattern) => names.some((name) => matchPattern(pattern, name)));
  if (good) return verified("scope-subject");
  return refused("scope-subject", "WB-SCOPE-SUBJECT", { expected: listed(scope.subjects), found: names.join(", ") });
}

/**
 * The level that a scope allows with this builder: of the pattern that is the builder's id, else of the longest pattern that
 * matches, else of none.
 */
function levelOf(builders: TrustScope["builders"], builderId: string): BuildLevel | undefined {
  if (Object.hasOwn(builders, builderId)) return builders[builderId];
  const matching = Object.entries(builders).filter(([pattern]) => matchPattern(pattern, builderId));
  // Equal length: the lower level, so that the order in the file decides nothing.
  return matching.sort(([a, x], [b, y]) => b.length - a.length || (x < y ? -1 : 1))[0]?.[1];
}

function checkBuilder(scope: TrustScope, builderId: string | undefined, level: BuildLevel | undefined): NamedCheck {
  if (builderId === undefined) return verified("scope-builder", { found: "no provenance" });
  if (level !== undefined) return verified("scope-builder", { found: `${builderId} at ${level}` });
  return refused("scope-builder", "WB-SCOPE-BUILDER", {
    expected: listed(Object.keys(scope.builders)),
    found: builderId,
  });
}

function checkVerifier(scope: TrustScope, verifierId: string | undefined): NamedCheck {
  if (verifierId === undefined) return verified("scope-verifier", { found: "no verdict" });
  const good = scope.verifiers.some((pattern) => matchPattern(pattern, verifierId));
  const seen: Seen = { expected: listed(scope.verifiers), found: verifierId };
  return good ? verified("scope-verifier") : refused("scope-verifier", "WB-SCOPE-VERIFIER", seen);
}

/**
 * Whether a signer may say this (DESIGN, rule 2): the checks `scope-predicate` and `scope-subject`, and where the predicate could
 * be read `scope-builder` and `scope-verifier`. `buildLevel` is the level that it may claim with this builder. Codes:
 * WB-SCOPE-PREDICATE, -SUBJECT, -SUBJECT-UNNAMED (unchecked), -BUILDER, -VERIFIER.
 */
export function checkScope(
  entry: TrustEntry,
  predicateType: string,
  names: readonly string[],
  claims: PredicateClaims | undefined,
): { readonly checks: readonly NamedCheck[]; readonly buildLevel?: BuildLevel } {
  const { scope } = entry;
  const checks = [checkPredicate(scope, predicateType), checkSubject(scope, names)];
  if (claims === undefined) return { checks };
  const level = claims.builderId === undefined ? undefined : levelOf(scope.builders, claims.builderId);
  return {
    checks: [...checks, checkBuilder(scope, claims.builderId, level), checkVerifier(scope, claims.verifierId)],
    ...(level === undefined ? {} : { buildLevel: level }),
  };
}
