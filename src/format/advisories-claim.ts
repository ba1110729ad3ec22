import type { DigestHex, SizeBytes, Timestamp } from "../model/digest.ts";
import type { JsonObject } from "../model/statement.ts";
import { Fields, rootPlace } from "./shape.ts";

/** What a signer says of an advisory index that is carried to another site (predicate `advisories`). */
export interface AdvisoriesClaim {
  /** Digest of the index by its content. */
  readonly digest: DigestHex;
  /** Size of the index file when it is unpacked. */
  readonly sizeBytes: SizeBytes;
  readonly shards: readonly { readonly name: string; readonly digest: DigestHex; readonly records: number }[];
  readonly at: Timestamp;
}

export function advisoriesPredicate({ digest, sizeBytes, shards, at }: AdvisoriesClaim): JsonObject {
  return {
    index: { sha256: digest },
    sizeBytes,
    shards: shards.map(({ name, digest: own, records }) => ({ name, digest: { sha256: own }, records })),
    at,
  };
}

function sha256Of(fields: Fields, name: string): DigestHex {
  const digest = fields.object(name).string("sha256");
  if (!/^[0-9a-f]{64}$/.test(digest)) throw fields.object(name).fault("sha256", "a SHA-256 in hex");
  return digest;
}

function countOf(fields: Fields, name: string): number {
  const value = fields.get(name);
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw fields.fault(name, "a count");
  return value;
}

/** Reads the predicate back. Faults: WB-PREDICATE-FORM. */
export function parseAdvisories(predicate: JsonObject, where: string): AdvisoriesClaim {
  const root = new Fields(predicate, rootPlace(where, "WB-PREDICATE-FORM"));
  return {
    digest: sha256Of(root, "index"),
    sizeBytes: countOf(root, "sizeBytes"),
    shards: root.list("shards", (value, place) => {
      const shard = new Fields(value, place);
      return { name: shard.string("name"), digest: sha256Of(shard, "digest"), records: countOf(shard, "records") };
    }),
    at: root.timestamp("at"),
  };
}
