import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Trust, TrustEntry } from "../../../src/model/trust.ts";
import { trustEntryFromValue } from "../../../src/trust/trust-entry.ts";
import { bareKeyTrust, mergeTrust, parseTrust, printTrust } from "../../../src/trust/trust-file.ts";
import { alice, bob, BUILDER, complaints, entryOf, good, provenance, run, summary, VERIFIER } from "./signed.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

const parse = (text: string, where = "trust.yaml"): Promise<Trust> => parseTrust(Buffer.from(text), where);
const indented = (pem: string, by: string): string => pem.trimEnd().replaceAll(/^/gmu, by);

const file = (more = "", may = 'predicates: [provenance, "https://acme.example/*"]'): string => `version: 1
entries:
  - name: acme release
    key: |
${indented(alice.publicKeyPem, "      ")}
    may:
      ${may}
      subjects: ["pkg:npm/@acme/*"]
      builders: { "${BUILDER}": SLSA_BUILD_LEVEL_1 }
      verifiers: []
${more}`;

async function refused(text: string, code: string, line: number, about: RegExp): Promise<void> {
  await assert.rejects(parse(text), (error) => {
    assert.ok(error instanceof Fault, String(error));
    assert.equal(error.facts.code, code);
    assert.equal(error.facts.kind, "input");
    assert.equal(error.facts.where, `trust.yaml:${line}`);
    assert.match(JSON.stringify(error.facts), about);
    return true;
  });
}

test("a trust file gives its entries, with the digest of its bytes", async () => {
  const text = file(
    "    principal: acme\n    validFrom: 2026-01-01\n    validUntil: 2027-01-01T00:00:00+01:00\n    revoked: { at: 2026-11-23T10:00:00Z, reason: superseded }\n",
  );
  const trust = await parse(text);
  assert.deepEqual(trust.input, { origin: "trust.yaml", digest: sha256(text) });
  assert.deepEqual(trust.entries, [
    {
      name: "acme release",
      principal: "acme",
      identity: { kind: "key", keyId: alice.keyId, publicKeyPem: alice.publicKeyPem },
      scope: {
        predicates: ["provenance", "https://acme.example/*"],
        subjects: ["pkg:npm/@acme/*"],
        builders: { [BUILDER]: "SLSA_BUILD_LEVEL_1" },
        verifiers: [],
      },
      validFrom: "2026-01-01T00:00:00Z",
      validUntil: "2026-12-31T23:00:00Z",
      revoked: { at: "2026-11-23T10:00:00Z", reason: "superseded" },
    },
  ]);
});

test("an absent list allows nothing, and the principal is the name", async () => {
  const [entry] = (await parse(`version: 1\nentries: [{name: a, key: ${JSON.stringify(bob.publicKeyPem)}, may: {}}]`))
    .entries;
  assert.deepEqual(entry?.scope, { predicates: [], subjects: [], builders: {}, verifiers: [] });
  assert.equal(entry?.principal, "a");
});

test("mistakes are named with their line, and unknown keys with what was meant", async () => {
  const keyLines = alice.publicKeyPem.trimEnd().split("\n").length;
  const may = 5 + keyLines;
  await refused(file("    validUntill: 2027-01-01\n"), "WB-TRUST-UNKNOWN-KEY", may + 5, /did you mean validUntil\?/u);
  await refused(file("", "predicate: [provenance]"), "WB-TRUST-UNKNOWN-KEY", may + 1, /did you mean predicates\?/u);
  await refused(file("", "predicates: [provenence]"), "WB-TRUST-VALUE", may + 1, /did you mean provenance\?/u);
  await refused(file("", "predicates: provenance"), "WB-TRUST-VALUE", may + 1, /a list of patterns/u);
  await refused(file().replace("LEVEL_1", "LEVEL_9"), "WB-TRUST-VALUE", may + 3, /SLSA_BUILD_LEVEL_3/u);
  await refused(file("    validFrom: 2026-02-30\n"), "WB-TRUST-VALUE", may + 5, /validFrom/u);
  await refused(
    file("    revoked: { at: 2026-01-01, reason: whim }\n"),
    "WB-TRUST-VALUE",
    may + 5,
    /compromise or superseded/u,
  );
  await refused(file("    keyFile: a.pub\n"), "WB-TRUST-VALUE", 4, /exactly one of key/u);
  await refused("version: 1\nentries:\n  - name: a\n    may: {}\n", "WB-TRUST-VALUE", 3, /exactly one of key/u);
  await refused("version: 1\nentries:\n  - 7\n", "WB-TRUST-VALUE", 3, /a mapping/u);
  await refused("version: 2\nentries: []\n", "WB-TRUST-VALUE", 1, /version: 1/u);
  await refused("version: 1\nentries: {}\n", "WB-TRUST-VALUE", 2, /a list/u);
  await refused("version: 1\nentries: []\nrules: {}\n", "WB-TRUST-UNKNOWN-KEY", 3, /rules/u);
  await refused("version: 1\nentries: [\n", "WB-TRUST-SYNTAX", 3, /YAML/u);
  await refused("version: 1\nversion: 1\nentries: []\n", "WB-TRUST-SYNTAX", 2, /twice/u);
  await refused("version: 1\nentries: !!js/function x\n", "WB-TRUST-SYNTAX", 2, /tag/iu);
});

test("a key that is none is said so at its line", async () => {
  const text = 'version: 1\nentries:\n  - name: a\n    key: "no key"\n    may: {}\n';
  await assert.rejects(
    parse(text),
    (error) => error instanceof Fault && error.facts.code === "WB-KEY-FORM" && error.facts.where === "trust.yaml:4",
  );
});

test("a file made to exhaust is refused quickly", async () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefghij".split("").map((name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]},`.repeat(9)}]`),
  ].join("\n");
  const before = cpuMilliseconds();
  await assert.rejects(parse(bomb), (error) => error instanceof Fault && error.facts.code.startsWith("WB-TRUST-"));
  await assert.rejects(
    parse("[".repeat(50_000)),
    (error) => error instanceof Fault && error.facts.code === "WB-TRUST-SYNTAX",
  );
  await assert.rejects(
    parse("x".repeat(2_000_000)),
    (error) => error instanceof Fault && error.facts.code === "WB-TRUST-VALUE",
  );
  await assert.rejects(
    parseTrust(Buffer.from([0xff, 0xfe]), "t"),
    (error) => error instanceof Fault && error.facts.code === "WB-TRUST-SYNTAX",
  );
  assert.ok(cpuMilliseconds() - before < 1500, `${cpuMilliseconds() - before} ms of CPU`);
});

test("names of prototypes are names like others", async () => {
  await refused("version: 1\nentries: []\n__proto__: {version: 1}\n", "WB-TRUST-UNKNOWN-KEY", 3, /__proto__/u);
  const [entry] = (await parse(file().replace(BUILDER, "__proto__"))).entries;
  assert.deepEqual(Object.keys(entry?.scope.builders ?? {}), ["__proto__"]);
});

test("a keyFile lies beside the trust file, counts for the digest, and never leads out", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-trust-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "keys"));
  const where = join(folder, "trust.yaml");
  const text = "version: 1\nentries: [{name: a, keyFile: keys/a.pub, may: {}}]\n";
  writeFileSync(join(folder, "keys/a.pub"), alice.publicKeyPem);
  const first = await parse(text, where);
  assert.equal(first.entries[0]?.identity.keyId, alice.keyId);
  writeFileSync(join(folder, "keys/a.pub"), bob.publicKeyPem);
  const second = await parse(text, where);
  assert.equal(second.entries[0]?.identity.keyId, bob.keyId);
  assert.notEqual(first.input.digest, second.input.digest);
  const code = (expected: string) => (error: unknown) => error instanceof Fault && error.facts.code === expected;
  for (const path of ["../a.pub", "/etc/hosts", "keys/../../a.pub"]) {
    await assert.rejects(parse(text.replace("keys/a.pub", path), where), code("WB-TRUST-VALUE"));
  }
  await assert.rejects(parse(text.replace("a.pub", "b.pub"), where), code("WB-KEY-MISSING"));
});

test("a policy's trust block takes the same entries, with keys written in", () => {
  const place = (path: readonly (string | number)[]): { file: string; line: number } => ({
    file: "waybill.policy.yaml",
    line: 10 + path.length,
  });
  const value = { name: "a", key: alice.publicKeyPem, may: { predicates: ["manifest"] } };
  assert.equal(trustEntryFromValue(value, place).identity.keyId, alice.keyId);
  const beside = { name: "a", keyFile: "a.pub", may: {} };
  assert.throws(
    () => trustEntryFromValue(beside, place),
    (error) =>
      error instanceof Fault && error.facts.code === "WB-TRUST-VALUE" && error.facts.where === "waybill.policy.yaml:11",
  );
});

test("a bare public key vouches for statements at level 1 and for no verdict, unless the command asks otherwise", async () => {
  const trust = await parse(`\n${alice.publicKeyPem}`, "a.pub");
  assert.deepEqual(trust.entries, bareKeyTrust(alice.publicKeyPem, "a.pub").entries);
  const { entries } = trust;
  assert.deepEqual(complaints(run({ ...good(), entries })), []);
  const built = run({ ...good(provenance({ builder: "https://any.example" })), entries });
  assert.equal(built.outcome === "verified" && built.evidence.buildLevel, "SLSA_BUILD_LEVEL_1");
  assert.deepEqual(complaints(run({ ...good(summary()), entries })), ["scope-verifier WB-SCOPE-VERIFIER"]);
  const asked = bareKeyTrust(alice.publicKeyPem, "a.pub", { predicates: ["vsa"], verifiers: [VERIFIER] }).entries;
  assert.deepEqual(complaints(run({ ...good(summary()), entries: asked })), []);
  assert.deepEqual(complaints(run({ ...good(), entries: asked })), ["scope-predicate WB-SCOPE-PREDICATE"]);
});

test("a private key is not taken for trust", async () => {
  await assert.rejects(
    parse("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
    (error) => error instanceof Fault && error.facts.code === "WB-KEY-FORM",
  );
});

test("a printed trust file is read back to the same entries", async () => {
  const all: TrustEntry = entryOf(bob, {
    name: 'says "hi": #1',
    principal: "bob",
    validFrom: "2026-01-01T00:00:00Z",
    validUntil: "2027-01-01T00:00:00Z",
    revoked: { at: "2026-12-01T00:00:00Z", reason: "compromise" },
  });
  for (const entries of [[], [entryOf(alice)], [entryOf(alice), all]]) {
    assert.deepEqual((await parse(printTrust({ entries }))).entries, entries);
  }
});

test("several trust inputs join, and the digest is over all parts in order", () => {
  const [a, b] = [bareKeyTrust(alice.publicKeyPem, "a.pub"), bareKeyTrust(bob.publicKeyPem, "b.pub")];
  const merged = mergeTrust([a, b]);
  assert.deepEqual(merged.entries, [...a.entries, ...b.entries]);
  assert.equal(merged.input.origin, "a.pub, b.pub");
  assert.notEqual(merged.input.digest, mergeTrust([b, a]).input.digest);
  assert.equal(mergeTrust([a]), a);
});
