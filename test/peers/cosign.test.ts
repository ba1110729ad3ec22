import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { digestFile, sha256 } from "../../src/artifact/digest.ts";
import { openPapers, paperOf } from "../../src/evidence/papers.ts";
import { manifestStatement, sbomStatement, spdxStatement } from "../../src/evidence/statements.ts";
import { parseBundle } from "../../src/format/bundle.ts";
import { printStatement } from "../../src/format/intoto.ts";
import { PREDICATE_TYPES, type Statement } from "../../src/model/statement.ts";
import type { Verification } from "../../src/model/trust.ts";
import { writeKeyPair } from "../../src/trust/key-files.ts";
import { generateKey, openKey } from "../../src/trust/keys.ts";
import { signStatement } from "../../src/trust/sign.ts";
import { bareKeyTrust } from "../../src/trust/trust-file.ts";
import { verify } from "../../src/trust/verify.ts";
import { findPeer } from "../support/peers.ts";

const PASSPHRASE = "not a real passphrase";
const AT = "2026-11-23T10:00:00Z";
const folder = mkdtempSync(join(tmpdir(), "waybill-cosign-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const artifact = join(folder, "widget-1.0.0.tgz");
const other = join(folder, "other-1.0.0.tgz");
writeFileSync(artifact, "the artifact");
writeFileSync(other, "another artifact");
const subject = { name: "widget-1.0.0.tgz", digests: digestFile(artifact).digests };

function cosign(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  // Its home is the test's folder, so that nothing of this machine is read or written.
  const env = { PATH: process.env["PATH"], HOME: folder, COSIGN_PASSWORD: PASSPHRASE };
  const { status, stdout, stderr, error } = spawnSync(findPeer("cosign"), args, {
    cwd: folder,
    encoding: "utf8",
    env,
    timeout: 60_000,
  });
  return { status, output: `${error?.message ?? ""}${stdout}${stderr}` };
}

function cosignVerifies(bundle: string, key: string, type: string, file: string): ReturnType<typeof cosign> {
  return cosign(
    "verify-blob-attestation",
    "--key",
    key,
    "--bundle",
    bundle,
    "--type",
    type,
    "--insecure-ignore-tlog",
    file,
  );
}

/** Flags that keep cosign from every network. */
const OFF_LINE = ["--tlog-upload=false", "--use-signing-config=false", "--yes"];

function weVerify(bundlePath: string, publicPem: string, file = artifact): Verification {
  const line = readFileSync(bundlePath);
  const asked = { subject: digestFile(file).digests, names: [] };
  return verify(parseBundle(line, bundlePath), sha256(line), asked, bareKeyTrust(publicPem, "cosign.pub"), AT);
}

const provenance: Statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: subject.name, digest: subject.digests }],
  predicateType: PREDICATE_TYPES.provenance,
  predicate: {
    buildDefinition: { buildType: "https://waybill.dev/build/v1", externalParameters: {} },
    runDetails: { builder: { id: "https://waybill.dev/builder/workstation" } },
  },
};

/** Our statements with the type as cosign's `--type` names it; our SPDX has a version that cosign's short name has not. */
const STATED: readonly [string, Statement][] = [
  ["cyclonedx", sbomStatement(subject, { bomFormat: "CycloneDX", specVersion: "1.6" })],
  [PREDICATE_TYPES.spdx, spdxStatement(subject, { spdxVersion: "SPDX-2.3", creationInfo: {} })],
  ["slsaprovenance1", provenance],
  [
    PREDICATE_TYPES.manifest,
    manifestStatement(
      subject,
      [{ digest: sha256("paper"), predicateType: PREDICATE_TYPES.spdx }],
      "2026-11-20T10:00:00Z",
    ),
  ],
];

for (const kind of ["ecdsa-p256", "ed25519"] as const) {
  test(`cosign verifies our bundles by ${kind}, as lines of a papers file, and refuses another artifact, type or key`, async () => {
    const pair = await generateKey(kind, Buffer.from(PASSPHRASE));
    const { publicPath } = writeKeyPair(join(folder, `ours-${kind}`), pair);
    const stranger = writeKeyPair(join(folder, `stranger-${kind}`), await generateKey(kind, Buffer.from(PASSPHRASE)));
    const signer = await openKey(pair.privatePem, Buffer.from(PASSPHRASE));
    const papers = openPapers(`${artifact}.${kind}.jsonl`);
    papers.put(STATED.map(([, statement]) => signStatement(statement, signer)));
    for (const [index, paper] of papers.read().entries()) {
      const bundle = join(folder, `ours-${kind}-${index}.json`);
      writeFileSync(bundle, paperOf(paper.bundle).text);
      const [type] = STATED[index] ?? [""];
      const good = cosignVerifies(bundle, publicPath, type, artifact);
      assert.equal(good.status, 0, `${type}: ${good.output}`);
      assert.notEqual(cosignVerifies(bundle, publicPath, type, other).status, 0, "another artifact");
      assert.notEqual(cosignVerifies(bundle, publicPath, "openvex", artifact).status, 0, "another type");
      assert.notEqual(cosignVerifies(bundle, stranger.publicPath, type, artifact).status, 0, "another key");
    }
  });

  test(`cosign opens our encrypted ${kind} key`, async () => {
    const pair = await generateKey(kind, Buffer.from(PASSPHRASE));
    const { keyPath } = writeKeyPair(join(folder, `lent-${kind}`), pair);
    const derived = cosign("public-key", "--key", keyPath);
    assert.equal(derived.output.trim(), pair.publicPem.trim());
  });
}

// ECDSA only: cosign 3.1.3 cannot verify what it signs itself by any Ed25519 key, its own included (measured).
test("cosign signs and attests by our encrypted key", async () => {
  const pair = await generateKey("ecdsa-p256", Buffer.from(PASSPHRASE));
  const { keyPath, publicPath } = writeKeyPair(join(folder, "blob"), pair);
  const bundle = join(folder, "blob.json");
  const signed = cosign("sign-blob", "--key", keyPath, ...OFF_LINE, "--bundle", bundle, artifact);
  assert.equal(signed.status, 0, signed.output);
  const checked = cosign("verify-blob", "--key", publicPath, "--bundle", bundle, "--insecure-ignore-tlog", artifact);
  assert.equal(checked.status, 0, checked.output);
  const statement = join(folder, "blob-statement.json");
  writeFileSync(statement, printStatement(provenance));
  const attestation = join(folder, "blob-attestation.json");
  const attested = cosign(
    "attest-blob",
    "--key",
    keyPath,
    "--statement",
    statement,
    ...OFF_LINE,
    "--bundle",
    attestation,
  );
  assert.equal(attested.status, 0, attested.output);
  assert.equal(weVerify(attestation, pair.publicPem).outcome, "verified");
});

test("we read cosign's key, and verify what cosign attests by it", async () => {
  const made = cosign("generate-key-pair", "--output-key-prefix", "cosigns");
  assert.equal(made.status, 0, made.output);
  const [keyPath, publicPath] = [join(folder, "cosigns.key"), join(folder, "cosigns.pub")];
  const publicPem = readFileSync(publicPath, "utf8");
  const signer = await openKey(readFileSync(keyPath, "utf8"), Buffer.from(PASSPHRASE));
  assert.equal(signer.publicKeyPem, publicPem);
  await assert.rejects(openKey(readFileSync(keyPath, "utf8"), Buffer.from("wrong")), { name: "Fault" });

  const statement = join(folder, "statement.json");
  writeFileSync(statement, printStatement(provenance));
  const bundle = join(folder, "cosigns.json");
  const attested = cosign("attest-blob", "--key", keyPath, "--statement", statement, ...OFF_LINE, "--bundle", bundle);
  assert.equal(attested.status, 0, attested.output);
  const result = weVerify(bundle, publicPem);
  assert.equal(result.outcome, "verified", JSON.stringify(result.checks));
  assert.equal(
    weVerify(bundle, publicPem, other).checks.find(({ outcome }) => outcome === "refused")?.code,
    "WB-VERIFY-SUBJECT",
  );

  // Hint and signature forms are the same both ways.
  const ours = signStatement(provenance, signer);
  assert.deepEqual(parseBundle(readFileSync(bundle), bundle).verificationMaterial, ours.verificationMaterial);
});

test("what cosign states in the older Statement v0.1 has a good signature and is unchecked, never taken for unsigned", () => {
  const made = cosign("generate-key-pair", "--output-key-prefix", "older");
  assert.equal(made.status, 0, made.output);
  const predicate = join(folder, "predicate.json");
  writeFileSync(predicate, JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6" }));
  const bundle = join(folder, "older.json");
  const attested = cosign(
    "attest-blob",
    "--key",
    join(folder, "older.key"),
    "--predicate",
    predicate,
    "--type",
    "cyclonedx",
    ...OFF_LINE,
    "--bundle",
    bundle,
    artifact,
  );
  assert.equal(attested.status, 0, attested.output);
  const { outcome, checks } = weVerify(bundle, readFileSync(join(folder, "older.pub"), "utf8"));
  assert.equal(checks.find(({ name }) => name === "signature")?.outcome, "verified");
  assert.equal(checks.find(({ name }) => name === "statement-form")?.code, "WB-STATEMENT-TYPE");
  assert.equal(outcome, "unchecked");
});
