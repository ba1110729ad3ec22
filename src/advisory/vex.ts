import { matchPurl } from "../artifact/purl.ts";
import type { VexDocument, VexProduct, VexStatement } from "../format/openvex.ts";
import type { VexClaim } from "../model/advisory.ts";
import type { Purl } from "../model/digest.ts";

/** What a statement must be about to count for a finding. */
export interface VexQuestion {
  /** Every id of the finding's group. */
  readonly ids: readonly string[];
  readonly component: Purl;
  /** The product that the SBOM describes, where it has a package URL. */
  readonly subject?: Purl;
}

/** OpenVEX knows no patterns: an identifier with a `*` in it names nothing. */
function names(ids: readonly string[], purl: Purl | undefined): boolean {
  return purl !== undefined && ids.some((id) => !id.includes("*") && matchPurl(id, purl));
}

/** The component itself as product, or the subject: as a whole, or with the component named in it. */
function isAbout(product: VexProduct, { component, subject }: VexQuestion): boolean {
  if (product.subcomponents.length === 0) return names(product.ids, component) || names(product.ids, subject);
  return names(product.ids, subject) && product.subcomponents.some(({ ids }) => names(ids, component));
}

function claimOf({ status, justification, timestamp }: VexStatement, { author, digest }: VexDocument): VexClaim {
  return {
    status,
    ...(justification === undefined ? {} : { justification }),
    author,
    document: digest,
    ...(timestamp === undefined ? {} : { at: timestamp }),
  };
}

/**
 * The statement that counts for a finding: among those about one of its ids and about this component or product the newest,
 * and of equal ones the last given (OPENVEX-SPEC 0.2.0, "Updating statements"). Undefined: nobody said anything.
 */
export function findClaim(documents: readonly VexDocument[], question: VexQuestion): VexClaim | undefined {
  const ids = new Set(question.ids);
  let chosen: VexClaim | undefined;
  for (const document of documents) {
    for (const statement of document.statements) {
      if (!statement.vulnerability.some((id) => ids.has(id))) continue;
      if (!statement.products.some((product) => isAbout(product, question))) continue;
      const claim = claimOf(statement, document);
      if (chosen === undefined || (claim.at ?? "") >= (chosen.at ?? "")) chosen = claim;
    }
  }
  return chosen;
}
