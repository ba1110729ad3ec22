import { canonicalJson } from "../format/json.ts";
import { componentKey } from "../format/vex/component.ts";
import { sha256 } from "../artifact/digest.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";
import type { VexDocument, VexStatement } from "../model/vex.ts";

/** One document of several, and where they contradict each other. */
export interface Merged {
  readonly document: VexDocument;
  readonly conflicts: readonly string[];
}

/**
 * Joins documents: all statements, the oldest first, each once; a statement whose author is not the whole's keeps its own. The order of the
 * documents decides nothing but among statements of one time. Fault: WB-VEX-INCOMPLETE where authors differ and `author` is not given.
 */
export function mergeVex(
  documents: readonly VexDocument[],
  given: { readonly author: string | undefined; readonly id: string | undefined; readonly at: Timestamp },
): Merged {
  const authors = [...new Set(documents.map(({ author }) => author))].sort();
  const author = given.author ?? (authors.length === 1 ? authors[0] : undefined);
  if (author === undefined) {
    throw new Fault({
      code: "WB-VEX-INCOMPLETE",
      kind: "input",
      what: "the documents are by several authors, and one must answer for the whole",
      expected: "--author NAME",
      found: authors.join(", ").slice(0, 200),
      fix: "--author NAME; each statement keeps its own author",
    });
  }
  const statements = new Map<string, VexStatement>();
  for (const document of documents) {
    for (const one of document.statements) {
      const own = one.author ?? document.author;
      const timestamp = one.timestamp ?? document.timestamp;
      const { author: _author, ...rest } = one;
      const whole: VexStatement = {
        ...rest,
        ...(own !== author && { author: own }),
        ...(timestamp !== undefined && { timestamp }),
      };
      statements.set(canonicalJson(whole as unknown as Json), whole);
    }
  }
  const all = [...statements.values()].sort((a, b) => compare(a.timestamp ?? "", b.timestamp ?? ""));
  const times = documents.flatMap(({ timestamp }) => timestamp ?? []).sort();
  const roles = new Set(documents.filter((one) => one.author === author).map(({ role }) => role));
  const [role] = roles;
  const [namespace] = documents.filter((one) => one.author === author).flatMap((one) => one.namespace ?? []);
  const id = given.id ?? (documents.length === 1 ? documents[0]?.id : undefined);
  return {
    document: {
      form: "openvex",
      ...(id !== undefined && { id }),
      author,
      ...(role !== undefined && roles.size === 1 && { role }),
      ...(namespace !== undefined && { namespace }),
      timestamp: times[0] ?? given.at,
      ...(documents.length > 1 && { lastUpdated: given.at }),
      version: "1",
      digest: sha256(canonicalJson(all as unknown as Json)),
      statements: all,
      unheeded: [],
    },
    conflicts: conflictsOf(all, author),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Different authors' newest words on one vulnerability and product that are not the same status. */
function conflictsOf(statements: readonly VexStatement[], author: string): readonly string[] {
  const words = new Map<string, Map<string, VexStatement>>();
  for (const one of statements) {
    for (const product of one.products) {
      const parts = product.subcomponents.length === 0 ? [undefined] : product.subcomponents;
      for (const part of parts) {
        const name = product.purls[0] ?? product.ids[0] ?? "a product";
        const inside = part === undefined ? "" : ` (${part.purls[0] ?? part.ids[0] ?? "a part"})`;
        const key = `${one.vulnerability?.name ?? "*"}\n${componentKey(product)}\n${part === undefined ? "" : componentKey(part)}`;
        const told = `${one.vulnerability?.name ?? "every vulnerability"} in ${name}${inside}`;
        const byAuthor = words.get(`${key}\n${told}`) ?? new Map<string, VexStatement>();
        words.set(`${key}\n${told}`, byAuthor);
        // Statements come oldest first.
        byAuthor.set(one.author ?? author, one);
      }
    }
  }
  return [...words].flatMap(([key, byAuthor]) => {
    const statuses = new Set([...byAuthor.values()].map(({ status }) => status));
    if (statuses.size < 2) return [];
    const said = [...byAuthor].map(([who, one]) => `${who}: ${one.status} (${one.timestamp ?? "no time"})`);
    return [`${key.split("\n").at(-1)}: ${said.join("; ")}`];
  });
}
