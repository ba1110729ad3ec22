import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { sha256 } from "../../src/artifact/digest.ts";
import { openSource } from "../../src/artifact/open.ts";
import { paperOf } from "../../src/evidence/papers.ts";
import { inspect } from "../../src/inventory/inspect.ts";
import type { BuildRecord, RebuildResult } from "../../src/model/build.ts";
import type { Bundle } from "../../src/model/bundle.ts";
import type { Timestamp } from "../../src/model/digest.ts";
import { PREDICATE_TYPES, type Statement, WAYBILL_URI } from "../../src/model/statement.ts";
import type { Signer } from "../../src/model/trust.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { baseline } from "../../src/policy/policy-file.ts";
import { type Received, receive } from "../../src/station/install/receive.ts";
import { readInputs } from "../../src/station/inputs.ts";
import { ownTrust, subjectNames } from "../../src/station/package/own-trust.ts";
import {
  documentsOf,
  type Findings,
  naming,
  signPapers,
  stateAll,
  stateVerdict,
  withManifest,
} from "../../src/station/package/papers.ts";
import { verifyPapers } from "../../src/station/verify-papers.ts";
import { signStatement } from "../../src/trust/sign.ts";
import { generateKey, openKey } from "../../src/trust/keys.ts";
import { printTrust } from "../../src/trust/trust-file.ts";

export const BUILDER_ID = `${WAYBILL_URI}/builder/local-bwrap/v1`;
export const SHIPPED_AT = "2026-11-20T10:00:00Z";
export const RECEIVED_AT = "2026-11-23T10:00:00Z";

/** A folder as a receiver gets it: artifact, papers, trust, an index; and the keys, for attacks that need them. */
export interface Delivery {
  readonly folder: string;
  readonly file: string;
  readonly papers: string;
  readonly trust: string;
  readonly db: string;
  readonly signer: Signer;
  readonly stranger: Signer;
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
}

export async function newSigner(): Promise<Signer> {
  const passphrase = Buffer.from("not a secret");
  return openKey((await generateKey("ed25519", passphrase)).privatePem, passphrase);
}

/** Packs files below `package/` as npm does, deterministically. */
export function pack(folder: string, name: string, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(folder, "pack-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, "package", path, ".."), { recursive: true });
    writeFileSync(join(root, "package", path), content);
  }
  const output = join(folder, name);
  execFileSync("tar", ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "-czf", output, "-C", root, "package"]);
  rmSync(root, { recursive: true });
  return output;
}

function record(file: string): BuildRecord {
  const bytes = readFileSync(file);
  return {
    source: {
      uri: "git+https://git.example/acme/app",
      digests: { gitCommit: "a".repeat(40), gitTree: "b".repeat(40), dirHash: sha256("sources") },
      dirty: false,
    },
    commands: [
      ["npm", "ci"],
      ["npm", "pack"],
    ],
    locked: true,
    mode: "bwrap",
    profileDigest: sha256("profile"),
    network: "recorded",
    exchanges: [],
    toolchain: [{ name: "node", version: "26.10.0", digests: { sha256: sha256("node") } }],
    environment: { TZ: "UTC" },
    limits: { timeSeconds: 60, memoryBytes: 1, processes: 1, outputBytes: 1, fileBytes: 1 },
    outputs: [{ name: "app-1.0.0.tgz", digests: { sha256: sha256(bytes) }, sizeBytes: bytes.length }],
    log: { digests: { sha256: sha256("log") }, sizeBytes: 3 },
    invocationId: "00000000-0000-4000-8000-000000000000",
    startedOn: SHIPPED_AT,
    finishedOn: SHIPPED_AT,
  };
}

const IDENTICAL: RebuildResult = {
  outcome: "identical",
  normalised: [],
  differences: [],
  factors: ["path", "umask"],
  first: sha256("x"),
  second: sha256("x"),
};

/** Ships `files` as app-1.0.0.tgz into a new folder with all papers, by a fresh key; without a build: what a build gives is made up. */
export async function deliver(
  files: Readonly<Record<string, string>>,
  change: (found: Findings) => Findings = (found) => found,
): Promise<Delivery> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-delivery-"));
  const [signer, stranger] = [await newSigner(), await newSigner()];
  const file = pack(folder, "app-1.0.0.tgz", files);
  const db = join(folder, "advisories.db");
  mkdirSync(join(folder, "osv/npm"), { recursive: true });
  const advisory = {
    id: "GHSA-fake-fake-fake",
    modified: "2026-11-01T00:00:00Z",
    summary: "made up",
    affected: [
      {
        package: { ecosystem: "npm", name: "never-used" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
      },
    ],
  };
  writeFileSync(join(folder, "osv/npm/GHSA-fake-fake-fake.json"), JSON.stringify(advisory));
  await buildIndex(join(folder, "osv"), db);
  const source = await openSource(file);
  const analyzed = inspect(source);
  const { artifact } = source;
  source.close();
  const index = openIndex(db);
  const found = change({
    artifact,
    purl: analyzed.subject.purl,
    record: record(file),
    builder: { id: BUILDER_ID, version: "0.1.0" },
    declared: { ...analyzed, lifecycle: "source" },
    analyzed,
    matched: { known: true, value: { database: index.identity, components: 0, findings: [], unknown: [] } },
    rebuilt: { ...IDENTICAL, first: artifact.digests.sha256 ?? "", second: artifact.digests.sha256 ?? "" },
    timestamp: SHIPPED_AT,
    at: SHIPPED_AT,
  });
  index.close();
  const statements = stateAll(found, documentsOf(found));
  const signed = signPapers(statements, signer);
  const trust = ownTrust(signer, found.builder.id, artifact, found.purl, SHIPPED_AT);
  const drafts = withManifest(artifact, signed, signer, SHIPPED_AT).map(({ paper }) => paper);
  const verified = verifyPapers(drafts, artifact, subjectNames(artifact, found.purl), trust, SHIPPED_AT);
  const verdict = evaluate(baseline(), {
    station: "package",
    artifact,
    evidence: verified.evidence,
    refusals: verified.refusals,
    papers: drafts.map(({ digest }) => digest),
    inspected: analyzed,
    matched: found.matched,
    trust,
    vex: [],
    at: SHIPPED_AT,
  });
  const verdicts = stateVerdict(found, naming(signed, verdict), signed);
  const judged = [...signed, ...signPapers(verdicts, signer, signed.length)];
  const all = withManifest(artifact, judged, signer, SHIPPED_AT);
  const lines = all.map(({ paper }) => paperOf(paper.bundle).text);
  writeFileSync(`${file}.waybill.jsonl`, lines.map((line) => `${line}\n`).join(""));
  writeFileSync(join(folder, "trust.yaml"), printTrust(trust));
  return {
    folder,
    file,
    papers: `${file}.waybill.jsonl`,
    trust: join(folder, "trust.yaml"),
    db,
    signer,
    stranger,
    lines,
    statements: [...statements, ...verdicts],
  };
}

/** A copy of a delivery in a folder of its own, to be tampered with. */
export function copyOf(delivery: Delivery): Delivery {
  const folder = mkdtempSync(join(tmpdir(), "waybill-tampered-"));
  cpSync(delivery.folder, folder, { recursive: true });
  const at = (path: string): string => path.replace(delivery.folder, folder);
  return {
    ...delivery,
    folder,
    file: at(delivery.file),
    papers: at(delivery.papers),
    trust: at(delivery.trust),
    db: at(delivery.db),
  };
}

/** Which line of the papers holds this predicate type (0-based). */
export function lineOf(delivery: Delivery, type: keyof typeof PREDICATE_TYPES): number {
  return delivery.lines.findIndex((line) => {
    const { dsseEnvelope } = JSON.parse(line) as Bundle;
    return Buffer.from(dsseEnvelope.payload, "base64").includes(`"predicateType":"${PREDICATE_TYPES[type]}"`);
  });
}

/** Signs a statement and gives its line. */
export const signedLine = (statement: Statement, signer: Signer): string =>
  paperOf(signStatement(statement, signer)).text;

/** `receive` as the command runs it: inputs from files, an empty home. */
export async function receiveDelivery(
  delivery: Delivery,
  asked: {
    readonly expect?: string;
    readonly at?: Timestamp;
    readonly policy?: string;
    readonly trust?: string;
    readonly db?: string;
    readonly vex?: readonly string[];
  } = {},
): Promise<Received> {
  const home = join(delivery.folder, "empty-home");
  const inputs = await readInputs({
    home,
    policy: asked.policy,
    trust: [asked.trust ?? delivery.trust],
    index: asked.db ?? delivery.db,
    vex: asked.vex ?? [],
    project: undefined,
  });
  try {
    return await receive(
      { file: delivery.file, papers: undefined, expect: asked.expect, at: asked.at ?? RECEIVED_AT },
      inputs,
    );
  } finally {
    inputs.index?.close();
  }
}
