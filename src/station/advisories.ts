import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { extractIndex, joinIndex } from "../advisory/carry.ts";
import { indexFault } from "../advisory/index-form.ts";
import { verifyIndex } from "../advisory/index-verify.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { sha256 } from "../artifact/digest.ts";
import { readRange } from "../artifact/read-file.ts";
import { outputFault, syncFolder } from "../artifact/write.ts";
import { type AdvisoriesClaim, parseAdvisories } from "../format/advisories-claim.ts";
import { parseBundle, printBundle } from "../format/bundle.ts";
import { advisoriesStatement } from "../evidence/statements.ts";
import type { IndexIdentity } from "../model/advisory.ts";
import type { DigestHex, SizeBytes, Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { PREDICATE_TYPES } from "../model/statement.ts";
import type { Signer, Trust } from "../model/trust.ts";
import { signStatement } from "../trust/sign.ts";
import { verify } from "../trust/verify.ts";

/** The signed statement is the first line of the file; that of a thousand shards takes a tenth of it. */
const MAX_LINE_BYTES: SizeBytes = 1 << 20;

/** What is carried. */
export interface ExportRequest {
  readonly index: string;
  readonly output: string;
  readonly asOf: string | undefined;
  readonly ecosystems: readonly string[] | undefined;
  readonly signer: Signer;
  readonly at: Timestamp;
}

const temporary = (path: string): string =>
  join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);

async function digestFrom(path: string, start: SizeBytes): Promise<DigestHex> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path, { start })) digest.update(chunk as Buffer);
  return digest.digest("hex");
}

function settle(path: string, output: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(path, output);
  syncFolder(dirname(output));
}

/**
 * Writes one revision of an index into one file that can be carried to a site without network: a signed statement (a Sigstore bundle
 * on the first line) over the digest of the content and over the bytes that follow, which are the index file in zstd.
 * Faults: those of `extractIndex`, WB-OUTPUT-UNWRITABLE, WB-OUTPUT-DISK-FULL.
 */
export async function exportAdvisories(request: ExportRequest): Promise<IndexIdentity> {
  const { index, output, asOf, ecosystems, signer, at } = request;
  const [extracted, packed, whole] = [temporary(output), temporary(output), temporary(output)];
  try {
    const identity = await extractIndex(index, extracted, { asOf, ecosystems });
    await pipeline(createReadStream(extracted), createZstdCompress(), createWriteStream(packed, { mode: 0o644 }));
    const claim: AdvisoriesClaim = {
      digest: identity.digest,
      sizeBytes: statSync(extracted).size,
      shards: (identity.shards ?? []).map(({ name, digest = "", records = 0 }) => ({ name, digest, records })),
      at,
    };
    const content = { name: basename(output), digests: { sha256: await digestFrom(packed, 0) } };
    const bundle = signStatement(advisoriesStatement(content, claim), signer);
    const target = createWriteStream(whole, { mode: 0o644 });
    target.write(`${printBundle(bundle)}\n`);
    await pipeline(createReadStream(packed), target);
    settle(whole, output);
    return identity;
  } catch (error) {
    throw error instanceof Fault ? error : outputFault(error, output);
  } finally {
    for (const path of [extracted, packed, whole]) rmSync(path, { force: true });
  }
}

/** Whom to believe, and when. */
export interface ImportRequest {
  readonly file: string;
  readonly index: string;
  readonly trust: Trust;
  readonly at: Timestamp;
}

function packFault(file: string, found: string): Fault {
  return new Fault({
    code: "WB-PACK-FORM",
    kind: "input",
    what: "this is no exported advisory index",
    where: cleanText(file, 300),
    expected: "a file that `waybill db export` wrote",
    found: cleanText(found),
  });
}

/** The statement's word, once signature, scope and the digest of what follows are verified; nothing else was looked at until then. */
async function verifiedClaim({
  file,
  trust,
  at,
}: ImportRequest): Promise<{ claim: AdvisoriesClaim; start: SizeBytes }> {
  const head = readRange(file, cleanText(file, 300), 0, MAX_LINE_BYTES, true);
  const end = head.indexOf(0x0a);
  if (end === -1 || head[0] !== 0x7b) throw packFault(file, "no statement on its first line");
  const line = head.subarray(0, end);
  const bundle = parseBundle(line, `${cleanText(file, 300)}:1`);
  const subject = { sha256: await digestFrom(file, end + 1) };
  const asked = { subject, names: [basename(file)], predicateType: PREDICATE_TYPES.advisories };
  const verification = verify(bundle, sha256(line), asked, trust, at);
  if (verification.outcome !== "verified") {
    const failed = verification.checks.find(({ outcome }) => outcome === verification.outcome);
    throw new Fault({
      code: failed?.code ?? "WB-PACK-FORM",
      kind: verification.outcome,
      what: `the advisories are not taken: ${failed?.name ?? "a check"} is ${verification.outcome}`,
      where: cleanText(file, 300),
      ...(failed?.expected !== undefined && { expected: failed.expected }),
      ...(failed?.found !== undefined && { found: failed.found }),
      fix: '--trust names who may say so: may: { predicates: [advisories], subjects: ["*"] }',
    });
  }
  const { statement } = verification.evidence;
  return { claim: parseAdvisories(statement.predicate, file), start: end + 1 };
}

/** Unpacks at most what the signer says that it takes. */
async function unpackTo(target: string, file: string, start: SizeBytes, { sizeBytes }: AdvisoriesClaim): Promise<void> {
  let left = sizeBytes;
  async function* bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      left -= chunk.length;
      if (left < 0) throw packFault(file, `more than the ${sizeBytes} bytes that it states`);
      yield chunk;
    }
  }
  try {
    await pipeline(
      createReadStream(file, { start }),
      createZstdDecompress(),
      bounded,
      createWriteStream(target, { mode: 0o600, flags: "wx" }),
    );
  } catch (error) {
    if (error instanceof Fault) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw code.startsWith("ZSTD") || code.startsWith("ERR_ZSTD") || code.startsWith("Z_")
      ? packFault(file, error instanceof Error ? error.message : "damaged")
      : outputFault(error, target);
  }
  if (left !== 0) throw packFault(file, `${sizeBytes - left} of ${sizeBytes} bytes`);
}

/**
 * Takes an exported index in: its signature, the scope of its signer, its bytes and the digests of its content are verified before
 * anything is changed; then it is the newest revision of the index, whose own ones stay readable. `lost`: the ecosystems that are
 * in the revision before and not in this one. Faults: WB-PACK-FORM, the codes of the verifier's checks, those of `verifyIndex` and of
 * `joinIndex`.
 */
export async function importAdvisories(
  request: ImportRequest,
): Promise<IndexIdentity & { readonly lost: readonly string[] }> {
  const { file, index } = request;
  const { claim, start } = await verifiedClaim(request);
  const carried = temporary(index);
  try {
    await unpackTo(carried, file, start, claim);
    const { digest, revisions } = verifyIndex(carried);
    if (digest !== claim.digest || revisions !== 1) throw indexFault(file, digest, "DIGEST");
    return await joinIndex(index, carried, !existsSync(index));
  } finally {
    rmSync(carried, { force: true });
  }
}
