import { parseCycloneDx } from "../format/cyclonedx-read.ts";
import { canonicalJson } from "../format/json.ts";
import type { Component, Sbom } from "../model/sbom.ts";
import { PREDICATE_TYPES } from "../model/statement.ts";
import type { Evidence } from "../model/trust.ts";

/**
 * The verified claim of what is in the artifact: the *analyzed* SBOM among the evidence. A *source* SBOM is never taken for the
 * contents (DESIGN, rule 8). `undefined` where nobody in scope claimed any.
 */
export function claimedContents(evidence: readonly Evidence[]): Sbom | undefined {
  const documents = evidence
    .filter(({ statement }) => statement.predicateType === PREDICATE_TYPES.cyclonedx)
    .map(({ statement, paper }) =>
      parseCycloneDx(Buffer.from(canonicalJson(statement.predicate)), `paper ${paper.slice(0, 12)}`),
    );
  return documents.find(({ lifecycle }) => lifecycle === "analyzed");
}

const isInBytes = ({ occurrences }: Component): boolean =>
  occurrences.some(({ technique }) => technique !== "declared");

/**
 * What is matched with the advisories: what our own look at the bytes gave, and with it what only the claim can tell, such as the version
 * of a package that a source map names. Needs that are merely declared are installed later, and judged then.
 */
export function withClaimed(inspected: Sbom, claimed: Sbom | undefined): Sbom {
  const claims = (claimed?.components ?? []).filter(isInBytes);
  const told = new Set(claims.filter(({ version }) => version !== undefined).map(({ name }) => name));
  const seen = inspected.components.filter(
    (component) => isInBytes(component) && (component.version !== undefined || !told.has(component.name)),
  );
  const refs = new Set(seen.map(({ ref }) => ref));
  return { ...inspected, components: [...seen, ...claims.filter(({ ref }) => !refs.has(ref))] };
}
