import { Fault } from "../model/fault.ts";
import { PREDICATE_TYPES } from "../model/statement.ts";

/** The URI of a predicate type by its short name, or the URI itself. Throws `WB-USAGE-TYPE` (input). */
export function predicateTypeOf(type: string): string {
  if (Object.hasOwn(PREDICATE_TYPES, type)) return PREDICATE_TYPES[type as keyof typeof PREDICATE_TYPES];
  if (URL.canParse(type)) return type;
  throw new Fault({
    code: "WB-USAGE-TYPE",
    kind: "input",
    what: "no such predicate type",
    expected: `a URI or one of ${Object.keys(PREDICATE_TYPES).join(", ")}`,
    found: type.slice(0, 80),
  });
}
