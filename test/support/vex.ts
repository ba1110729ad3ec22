import { canonicalJson } from "../../src/format/json.ts";
import { parseVex } from "../../src/format/vex/read.ts";
import { printVex, type VexFormName } from "../../src/format/vex/write.ts";
import type { Json } from "../../src/model/statement.ts";
import type { VexDocument, VexStatement } from "../../src/model/vex.ts";

export const AT = "2026-01-01T00:00:00Z";

/** Writes a document in a form, and reads it again. */
export async function through(document: VexDocument, form: VexFormName, specVersion: string | undefined) {
  const { text, lost } = printVex(document, form, {
    at: AT,
    namespace: "https://psirt.example",
    ...(specVersion !== undefined && { specVersion }),
  });
  return { text, lost, read: await parseVex(Buffer.from(text), "v") };
}

/** Statements as a set of what is said about each product: forms differ in what they say at once. */
export function said(statements: readonly VexStatement[]): readonly string[] {
  const lines = statements.flatMap(({ products, ...one }) =>
    products.flatMap(({ subcomponents, ...product }) =>
      (subcomponents.length === 0 ? [null] : subcomponents).map((part) =>
        canonicalJson({ ...one, product, part } as unknown as Json),
      ),
    ),
  );
  return [...new Set(lines)].sort();
}
