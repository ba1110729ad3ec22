import { readOpenVexPredicate } from "../format/vex/openvex.ts";
import { Fault } from "../model/fault.ts";
import { OPENVEX_TYPES } from "../model/statement.ts";
import type { Evidence, InputOrigin } from "../model/trust.ts";
import type { VexDocument } from "../model/vex.ts";
import { namesVex } from "../trust/scope.ts";

/**
 * The VEX documents among the verified papers of an artifact whose signer's scope names VEX (DESIGN, rule 2). Who signed is their author,
 * whatever the document says: nobody takes the place of somebody else's statement by writing his name. A predicate that
 * cannot be read says nothing.
 */
export function signedVex(evidence: readonly Evidence[]): {
  readonly vex: readonly VexDocument[];
  readonly origins: readonly InputOrigin[];
} {
  const found = evidence
    .filter(({ statement, signer }) => OPENVEX_TYPES.includes(statement.predicateType) && namesVex(signer.scope))
    .flatMap(({ statement, signer, paper }) => {
      const read = readable(statement.predicate, paper, signer.name);
      if (read === undefined) return [];
      const statements = read.statements.map(({ author: _author, ...one }) => one);
      const document: VexDocument = { ...read, statements, author: signer.name, basis: "signed" };
      return [{ document, origin: { origin: `paper signed by ${signer.name}`, digest: paper } }];
    });
  return { vex: found.map(({ document }) => document), origins: found.map(({ origin }) => origin) };
}

function readable(predicate: Evidence["statement"]["predicate"], paper: string, name: string): VexDocument | undefined {
  try {
    return readOpenVexPredicate(predicate, paper, `paper of ${name}`);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
