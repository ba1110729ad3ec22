import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../src/artifact/digest.ts";
import { manifestPredicate, parseManifest } from "../../src/format/predicates.ts";
import type { Bundle } from "../../src/model/bundle.ts";
import { PREDICATE_TYPES, type Statement } from "../../src/model/statement.ts";
import { type Delivery, lineOf, SHIPPED_AT, signedLine } from "./shipment.ts";

export const write = (delivery: Delivery, lines: readonly string[]): void =>
  writeFileSync(delivery.papers, lines.map((line) => `${line}\n`).join(""));
export const withLine = (delivery: Delivery, index: number, line: string): readonly string[] =>
  delivery.lines.with(index, line);
export const without = (delivery: Delivery, index: number): readonly string[] => delivery.lines.toSpliced(index, 1);
export const statement = (delivery: Delivery, type: keyof typeof PREDICATE_TYPES): Statement =>
  delivery.statements.find(({ predicateType }) => predicateType === PREDICATE_TYPES[type]) as Statement;

/** Appends a line. */
export const append = (delivery: Delivery, line: string): void => write(delivery, [...delivery.lines, line]);

/** The statement as one about an older release's bytes. */
export const aboutOlder = (older: Delivery, made: Statement): Statement => ({
  ...made,
  subject: [{ name: "app-0.9.0.tgz", digest: { sha256: sha256(readFileSync(older.file)) } }],
});

/** Puts another paper in the place of one, and a manifest by the producer's key that lists it instead. */
export function relist(delivery: Delivery, index: number, line: string, predicateType: string): void {
  const at = lineOf(delivery, "manifest");
  const { payload } = (JSON.parse(delivery.lines[at] as string) as Bundle).dsseEnvelope;
  const made = JSON.parse(Buffer.from(payload, "base64").toString()) as Statement;
  const gone = sha256(delivery.lines[index] as string);
  const kept = parseManifest(made.predicate, "").papers.filter(({ digest }) => digest !== gone);
  const predicate = manifestPredicate([...kept, { digest: sha256(line), predicateType }], SHIPPED_AT);
  write(delivery, delivery.lines.with(index, line).with(at, signedLine({ ...made, predicate }, delivery.signer)));
}

/** A policy of the receiver's that enforces these rules. */
export function requiring(delivery: Delivery, rules: string, more = ""): string {
  const path = join(delivery.folder, "p.yaml");
  writeFileSync(path, `version: 1\nmode: enforce\n${more}\ninstall: { verify: { require: [${rules}] } }\n`);
  return path;
}
