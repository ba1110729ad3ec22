import type { Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { IgnoreScope, VexProduct, VexStatement } from "../../model/vex.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** The text of an ignore file. Throws WB-IGNORE-FORM where it is larger than 4 MiB or no UTF-8. */
export function textOfFile(bytes: Uint8Array, where: string): string {
  try {
    if (bytes.byteLength <= MAX_BYTES) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Told below.
  }
  throw new Fault({
    code: "WB-IGNORE-FORM",
    kind: "input",
    what: "an ignore file cannot be read",
    where,
    expected: "UTF-8 text of at most 4 MiB",
  });
}

/** An entry of an ignore file as a statement: whoever keeps the file says that the finding does not affect the project. */
export function ignoreStatement({
  id,
  ignore,
  products = [],
  where,
  reason,
  until,
}: {
  /** Undefined: every vulnerability. */
  readonly id: string | undefined;
  readonly ignore?: IgnoreScope;
  readonly products?: readonly VexProduct[];
  readonly where: string;
  readonly reason: string | undefined;
  readonly until: Timestamp | undefined;
}): VexStatement {
  return {
    vulnerability: id === undefined ? undefined : { name: id, aliases: [] },
    products,
    ...(ignore !== undefined && { ignore }),
    status: "not_affected",
    impact: reason ?? `Ignored in ${where}.`,
    actions: [],
    ...(until !== undefined && { expires: until }),
    evidence: [],
  };
}
