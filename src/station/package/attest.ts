import { basename } from "node:path";
import { digestFile } from "../../artifact/digest.ts";
import { openPapers } from "../../evidence/papers.ts";
import { isArray, parseJson } from "../../format/json.ts";
import type { Bundle } from "../../model/bundle.ts";
import { Fault } from "../../model/fault.ts";
import { type JsonObject, STATEMENT_TYPE } from "../../model/statement.ts";
import type { Signer } from "../../model/trust.ts";
import { signStatement } from "../../trust/sign.ts";
import { predicateTypeOf } from "../predicate-type.ts";

/** States a predicate about a file, signs it and, where asked, adds it to the papers beside the file. */
export function attestFile(
  file: string,
  predicate: Uint8Array,
  where: string,
  type: string,
  signer: Signer,
  add: boolean,
): Bundle {
  const value = parseJson(predicate, where);
  if (value === null || typeof value !== "object" || isArray(value)) {
    throw new Fault({ code: "WB-PREDICATE-FORM", kind: "input", what: "a predicate is a JSON object", where });
  }
  const { digests } = digestFile(file);
  const bundle = signStatement(
    {
      _type: STATEMENT_TYPE,
      subject: [{ name: basename(file), digest: digests }],
      predicateType: predicateTypeOf(type),
      predicate: value as JsonObject,
    },
    signer,
  );
  if (add) openPapers(`${file}.waybill.jsonl`).put([bundle]);
  return bundle;
}
