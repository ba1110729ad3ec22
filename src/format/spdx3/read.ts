import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { isArray } from "../json.ts";
import { Fields, formFault, type Place, rootPlace } from "../shape.ts";
import type { Spdx3Document, Spdx3Element } from "./model.ts";

const CONTEXT = /^https:\/\/spdx\.org\/rdf\/3\.0\.\d+\/spdx-context\.jsonld$/;

/**
 * Reads SPDX 3.0 in JSON-LD. The context must be SPDX's own, which fixes what each name means; it is not fetched. Every
 * object needs a type and, in a graph, an identifier; the rest is kept as it is and judged by `spdx3Problems`.
 *
 * Faults: WB-SPDX-FORM with the JSON pointer, WB-SPDX-VERSION (unchecked).
 */
export function readSpdx3(json: Json, where: string): Spdx3Document {
  const root = new Fields(json, rootPlace(where, "WB-SPDX-FORM"));
  const context = root.get("@context") ?? null;
  refuseContext(context, where);
  const graph = root.get("@graph");
  if (graph === undefined) {
    const { "@context": _context, ...rest } = root.raw;
    return { context, elements: [readElement(rest, root.place, "")], single: true };
  }
  const elements = root.list("@graph", (value, place) => readElement(value, place));
  return { context, elements: elements.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)), single: false };
}

function refuseContext(context: Json, where: string): void {
  const named = isArray(context) ? context : [context];
  if (named.some((one) => typeof one === "string" && CONTEXT.test(one))) return;
  const found = named.find((one) => typeof one === "string");
  throw new Fault({
    code: "WB-SPDX-VERSION",
    kind: "unchecked",
    what: "a JSON-LD document whose context is not that of SPDX 3.0",
    where: `${where}#/@context`,
    expected: "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    found: typeof found === "string" ? cleanText(found, 120) : "no context by name",
  });
}

/** `type` is the context's name for `@type`; both are read. Without `fallback` an identifier must be there. */
function readElement(value: Json, place: Place, fallback?: string): Spdx3Element {
  const fields = new Fields(value, place);
  const type = fields.optionalString("type") ?? fields.string("@type");
  const id = fields.optionalString("spdxId") ?? fields.optionalString("@id") ?? fallback;
  if (id === undefined || (id === "" && fallback === undefined))
    throw formFault(fields.at("spdxId"), "an identifier", undefined);
  return { id, type, json: fields.raw };
}

/** The document as JSON-LD; what was read comes out again, sorted by identifier. */
export function spdx3Json({ context, elements, single }: Spdx3Document): JsonObject {
  const [first] = elements;
  if (single && first !== undefined) return { "@context": context, ...first.json };
  return { "@context": context, "@graph": elements.map(({ json }) => json) };
}
