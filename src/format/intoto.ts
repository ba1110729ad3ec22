import { Fault } from "../model/fault.ts";
import { type Json, type ResourceDescriptor, STATEMENT_TYPE, type Statement } from "../model/statement.ts";
import { readDigestSet } from "./digest-set.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { canonicalJson, parseJson } from "./json.ts";
import { Fields, formFault, type Place, rootPlace } from "./shape.ts";

/**
 * Reads an in-toto Statement v1 (in-toto attestation, spec/v1/statement.md). Each subject must have a digest of an algorithm
 * that we know; names that we do not know are passed over, as the specification asks.
 *
 * Faults: WB-STATEMENT-FORM (input), WB-STATEMENT-TYPE (unchecked) for a statement of another version; those of `parseJson`.
 */
export function parseStatement(bytes: Uint8Array, where: string): Statement {
  const statement = new Fields(parseJson(bytes, where), rootPlace(where, "WB-STATEMENT-FORM"));
  const type = statement.string("_type");
  if (type !== STATEMENT_TYPE) {
    throw new Fault({
      code: "WB-STATEMENT-TYPE",
      kind: "unchecked",
      what: "a statement of a type that is not read here",
      where,
      expected: STATEMENT_TYPE,
      found: cleanText(type),
    });
  }
  const subject = statement.list("subject", readSubject);
  if (subject.length === 0) throw statement.fault("subject", "a list of at least one subject");
  return {
    _type: STATEMENT_TYPE,
    subject,
    predicateType: statement.string("predicateType"),
    predicate: statement.object("predicate").raw,
  };
}

/** The statement as the bytes that are signed: canonical JSON (RFC 8785) in UTF-8. */
export function printStatement(statement: Statement): Uint8Array {
  return Buffer.from(canonicalJson(statement as unknown as Json), "utf8");
}

/** in-toto attestation spec/v1/resource_descriptor.md. `content` is not kept. Throws the place's code. */
export function readResourceDescriptor(value: Json, place: Place): ResourceDescriptor {
  const fields = new Fields(value, place);
  const descriptor: { -readonly [K in keyof ResourceDescriptor]: ResourceDescriptor[K] } = {};
  for (const name of ["name", "uri", "mediaType", "downloadLocation"] as const) {
    const text = fields.optionalString(name);
    if (text !== undefined) descriptor[name] = text;
  }
  if (fields.has("digest")) descriptor.digest = readDigestSet(fields.get("digest"), fields.at("digest"));
  if (fields.has("annotations")) descriptor.annotations = fields.object("annotations").raw;
  return descriptor;
}

function readSubject(value: Json, place: Place): Statement["subject"][number] {
  const { digest, ...rest } = readResourceDescriptor(value, place);
  if (digest === undefined || Object.keys(digest).length === 0) {
    throw formFault(
      { ...place, path: `${place.path}/digest` },
      "a digest set with an algorithm that is known",
      undefined,
    );
  }
  return { ...rest, digest };
}
