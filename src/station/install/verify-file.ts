import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { digestFile, sha256 } from "../../artifact/digest.ts";
import { openPapers } from "../../evidence/papers.ts";
import { parseBundle } from "../../format/bundle.ts";
import type { Paper } from "../../model/bundle.ts";
import type { DigestSet, Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Trust, TrustScope, Verification } from "../../model/trust.ts";
import { bareKeyTrust, mergeTrust, parseTrust } from "../../trust/trust-file.ts";
import { verify } from "../../trust/verify.ts";
import { readInput } from "../inputs.ts";
import { predicateTypeOf } from "../predicate-type.ts";

/** What one `verify` asks. */
export interface VerifyRequest {
  /** A file, or `sha256:HEX` where only the digest is at hand. */
  readonly subject: string;
  readonly bundle: string | undefined;
  readonly key: string | undefined;
  readonly trust: readonly string[];
  readonly type: string | undefined;
  readonly home: string;
  readonly at: Timestamp;
}

function subjectDigests(subject: string): DigestSet {
  const hex = /^sha256:([0-9a-f]{64})$/u.exec(subject)?.[1];
  if (hex !== undefined) return { sha256: hex };
  if (!existsSync(subject)) {
    throw new Fault({
      code: "WB-SOURCE-MISSING",
      kind: "input",
      what: "the artifact is not there",
      where: subject,
      fix: "a digest is written sha256:HEX",
    });
  }
  return digestFile(subject).digests;
}

/** A bare key is trusted for what this command asks: with `--type` that type alone, a verdict's verifier included (DESIGN, rule 2). */
function askedScope({ type }: VerifyRequest): Partial<TrustScope> {
  return type === undefined ? {} : { predicates: [predicateTypeOf(type)], verifiers: ["*"] };
}

async function trustOf(request: VerifyRequest): Promise<Trust> {
  const parts: Trust[] = [];
  if (request.key !== undefined) {
    parts.push(
      bareKeyTrust(
        Buffer.from(readInput(request.key, "public key")).toString("utf8"),
        request.key,
        askedScope(request),
      ),
    );
  }
  const pinned = join(request.home, "trust.yaml");
  const files =
    request.trust.length > 0 || request.key !== undefined ? request.trust : existsSync(pinned) ? [pinned] : [];
  for (const file of files) parts.push(await parseTrust(readInput(file, "trust file"), file));
  if (parts.length > 0) return mergeTrust(parts);
  throw new Fault({
    code: "WB-TRUST-NONE",
    kind: "input",
    what: "nobody is trusted",
    fix: "--key FILE, --trust FILE, or a pinned trust.yaml",
  });
}

function papersOf(request: VerifyRequest): readonly Paper[] {
  if (request.bundle !== undefined) {
    const bytes = readInput(request.bundle, "bundle");
    return [{ digest: sha256(bytes), line: 1, bundle: parseBundle(bytes, request.bundle) }];
  }
  const papers = openPapers(`${request.subject}.waybill.jsonl`).read();
  if (papers.length > 0) return papers;
  throw new Fault({
    code: "WB-PAPERS-MISSING",
    kind: "refused",
    what: "the artifact has no papers",
    where: `${request.subject}.waybill.jsonl`,
    fix: "--bundle FILE names another",
  });
}

const typeFailed = ({ checks }: Verification): boolean =>
  checks.some(({ name, outcome }) => name === "predicate-type" && outcome === "refused");

/**
 * Verifies one bundle, or the papers beside a file, each with all its checks. With `type` only papers of that type are given;
 * where there is none, the ones that fail that check. Off line.
 */
export async function verifyFile(request: VerifyRequest): Promise<readonly Verification[]> {
  const subject = subjectDigests(request.subject);
  const trust = await trustOf(request);
  const names = request.subject.startsWith("sha256:") ? [] : [basename(request.subject)];
  const expectation = {
    subject,
    names,
    ...(request.type === undefined ? {} : { predicateType: predicateTypeOf(request.type) }),
  };
  const results = papersOf(request).map(({ bundle, digest }) => verify(bundle, digest, expectation, trust, request.at));
  const ofType = results.filter((result) => !typeFailed(result));
  return ofType.length > 0 ? ofType : results.slice(0, 1);
}
