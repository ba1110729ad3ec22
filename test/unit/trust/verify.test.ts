import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert as holds, integer, nat, property } from "fast-check";
import { sha256 } from "../../../src/artifact/digest.ts";
import { parseBundle, printBundle } from "../../../src/format/bundle.ts";
import { printStatement } from "../../../src/format/intoto.ts";
import type { Bundle } from "../../../src/model/bundle.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { JsonObject } from "../../../src/model/statement.ts";
import { CHECK_NAMES } from "../../../src/trust/checks.ts";
import { signStatement } from "../../../src/trust/sign.ts";
import { verify } from "../../../src/trust/verify.ts";
import {
  alice,
  assertVerified,
  bob,
  type Case,
  complaints,
  DIGEST,
  entryOf,
  good,
  provenance,
  run,
  signBytes,
  summary,
  trustIn,
  verdictBy,
  VERIFIER,
} from "./signed.ts";

/** The text with the byte at the first place where `before` stands replaced. */
function oneByte(text: string, before: string, after: string): string {
  assert.ok(text.includes(before) && [...before].filter((letter, index) => letter !== after[index]).length === 1);
  return text.replace(before, after);
}

function withSignature(bundle: Bundle, change: (sig: string) => string): Bundle {
  const signatures = bundle.dsseEnvelope.signatures.map(({ sig }) => ({ sig: change(sig) }));
  return { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures } };
}

const flip = (letter: string): string => (letter === "A" ? "B" : "A");

/** One changed byte for each check, wherever that check looks; signed anew where the byte lies under the signature. */
const RED: readonly [string, string, () => Case][] = [
  [
    "bundle-form",
    "WB-VERIFY-BUNDLE-FORM",
    () => ({ ...good(), bundle: withSignature(good().bundle, (sig) => `!${sig.slice(1)}`) }),
  ],
  [
    "payload-type",
    "WB-VERIFY-PAYLOAD-TYPE",
    () => ({ ...good(), bundle: signBytes(printStatement(provenance()), alice, "application/vnd.in-toto+jsoN") }),
  ],
  [
    "key-known",
    "WB-VERIFY-KEY-UNKNOWN",
    () => {
      const { bundle, ...rest } = good();
      const { hint } = bundle.verificationMaterial.publicKey;
      return {
        ...rest,
        bundle: { ...bundle, verificationMaterial: { publicKey: { hint: flip(hint[0] as string) + hint.slice(1) } } },
      };
    },
  ],
  [
    "signature",
    "WB-VERIFY-SIGNATURE",
    () => ({
      ...good(),
      bundle: withSignature(good().bundle, (sig) => sig.slice(0, 40) + flip(sig[40] as string) + sig.slice(41)),
    }),
  ],
  [
    "key-validity",
    "WB-KEY-EXPIRED",
    () => ({ ...good(), entries: [entryOf(alice, { validUntil: oneByte("2027-01-01T00:00:00Z", "2027", "2025") })] }),
  ],
  [
    "statement-form",
    "WB-VERIFY-STATEMENT-FORM",
    () => ({
      ...good(),
      bundle: signBytes(
        Buffer.from(oneByte(Buffer.from(printStatement(provenance())).toString(), "subject", "subjecu")),
        alice,
      ),
    }),
  ],
  [
    "subject",
    "WB-VERIFY-SUBJECT",
    () => ({
      ...good(),
      expectation: {
        ...good().expectation,
        subject: { sha256: (DIGEST.startsWith("0") ? "1" : "0") + DIGEST.slice(1) },
      },
    }),
  ],
  [
    "predicate-type",
    "WB-VERIFY-PREDICATE-TYPE",
    () => ({ ...good(), expectation: { ...good().expectation, predicateType: "https://slsa.dev/provenance/v2" } }),
  ],
  [
    "predicate-form",
    "WB-VERIFY-PREDICATE-FORM",
    () => ({
      ...good(),
      bundle: signBytes(
        Buffer.from(oneByte(Buffer.from(printStatement(provenance())).toString(), "buildType", "buildTypf")),
        alice,
      ),
    }),
  ],
  [
    "scope-predicate",
    "WB-SCOPE-PREDICATE",
    () => ({
      ...good(),
      entries: [entryOf(alice, { scope: { ...entryOf(alice).scope, predicates: ["https://slsa.dev/provenance/v2"] } })],
    }),
  ],
  [
    "scope-subject",
    "WB-SCOPE-SUBJECT",
    () => ({
      ...good(),
      entries: [entryOf(alice, { scope: { ...entryOf(alice).scope, subjects: ["gidget-*.tgz"] } })],
    }),
  ],
  ["scope-builder", "WB-SCOPE-BUILDER", () => good(provenance({ builder: "https://waybill.dev/builder/workstatiom" }))],
  [
    "scope-verifier",
    "WB-SCOPE-VERIFIER",
    () => ({
      ...good(summary()),
      entries: [
        entryOf(alice, { scope: { ...entryOf(alice).scope, verifiers: ["https://waybill.dev/verifier/receivf"] } }),
      ],
    }),
  ],
  ["signing-time", "WB-TIME-FUTURE", () => good(provenance({ finishedOn: "2027-11-23T09:00:00Z" }))],
];

test("every check holds for good papers, by both kinds of key, and says what it saw", () => {
  for (const signer of [alice, bob]) {
    for (const statement of [provenance(), summary()]) {
      const { evidence, checks } = assertVerified(run(good(statement, signer)));
      assert.deepEqual(
        checks.map(({ name }) => name),
        CHECK_NAMES,
      );
      assert.deepEqual(evidence.statement, statement);
      assert.equal(evidence.signer.identity.keyId, signer.keyId);
      assert.equal(evidence.paper, sha256("paper"));
      assert.deepEqual(evidence.time, { value: "2026-11-23T09:00:00Z", source: "signer" });
      assert.equal(
        evidence.buildLevel,
        statement.predicateType.includes("provenance") ? "SLSA_BUILD_LEVEL_1" : undefined,
      );
    }
  }
});

test("each check can be turned red alone, by one byte, with its own code", () => {
  assert.deepEqual(
    RED.map(([name]) => name),
    CHECK_NAMES,
  );
  for (const [name, code, make] of RED) {
    const result = run(make());
    assert.deepEqual(complaints(result), [`${name} ${code}`]);
    assert.equal(result.outcome, "refused");
    assert.equal("evidence" in result, false);
    assert.deepEqual(
      result.checks.map((check) => check.name),
      CHECK_NAMES,
      "all checks are reported, in order",
    );
  }
});

test("what an earlier check left nothing to judge is unchecked, neither good nor bad", () => {
  const reached = (index: number): number =>
    run((RED[index] as (typeof RED)[number])[2]()).checks.filter(({ code }) => code !== "WB-CHECK-NOT-REACHED").length;
  assert.equal(reached(0), 1, "nothing is judged of a bundle without form");
  assert.equal(reached(1), 5 - 1, "no payload of another type is parsed");
  assert.equal(reached(2), 3);
  assert.equal(reached(3), 4, "no payload without a good signature is parsed");
  assert.equal(reached(5), 6);
  assert.equal(reached(8), CHECK_NAMES.length - 3, "without a readable predicate: no builder, verifier, time");
});

test("all that is wrong is reported, not the first", () => {
  const asked = good(provenance({ finishedOn: "2027-11-23T09:00:00Z", builder: "https://elsewhere.example/b" }));
  const entries = [
    entryOf(alice, {
      validUntil: "2026-01-01T00:00:00Z",
      scope: { predicates: [], subjects: [], builders: {}, verifiers: [] },
    }),
  ];
  const expectation = { subject: { sha256: sha256("another") }, names: ["x"], predicateType: "https://x.example" };
  assert.deepEqual(complaints(run({ ...asked, entries, expectation })), [
    "key-validity WB-KEY-EXPIRED",
    "subject WB-VERIFY-SUBJECT",
    "predicate-type WB-VERIFY-PREDICATE-TYPE",
    "scope-predicate WB-SCOPE-PREDICATE",
    "scope-subject WB-SCOPE-SUBJECT",
    "scope-builder WB-SCOPE-BUILDER",
    "signing-time WB-TIME-FUTURE",
  ]);
});

test("a bundle line with any byte changed never verifies", () => {
  const line = Buffer.from(printBundle(signStatement(provenance(), bob)));
  const { entries, expectation, at } = good(provenance(), bob);
  const trust = trustIn(...entries);
  const verdict = (bytes: Uint8Array): string => {
    try {
      return verify(parseBundle(bytes, "x:1"), sha256(bytes), expectation, trust, at).outcome;
    } catch (error) {
      assert.ok(error instanceof Fault, String(error));
      return "fault";
    }
  };
  assert.equal(verdict(line), "verified");
  holds(
    property(nat(line.length - 1), integer({ min: 1, max: 255 }), (at_, mask) => {
      const changed = Buffer.from(line);
      changed[at_] = (changed[at_] as number) ^ mask;
      assert.notEqual(verdict(changed), "verified");
    }),
    { numRuns: 1000 },
  );
});

test("a hint selects a key and proves nothing: the key's own id and signature decide", () => {
  const asked = good();
  // bob's statement under alice's hint.
  const borrowed: Bundle = {
    ...signStatement(provenance(), bob),
    verificationMaterial: asked.bundle.verificationMaterial,
  };
  const both = [entryOf(alice), entryOf(bob)];
  assert.deepEqual(complaints(run({ ...asked, bundle: borrowed, entries: both })), ["signature WB-VERIFY-SIGNATURE"]);
  // An entry that says another id of its key than the key has.
  const lying = entryOf(bob, { identity: { ...entryOf(bob).identity, keyId: alice.keyId } });
  assert.deepEqual(complaints(run({ ...asked, bundle: borrowed, entries: [lying] })), [
    "key-known WB-VERIFY-KEY-UNKNOWN",
  ]);
  assert.deepEqual(complaints(run({ ...asked, entries: [] })), ["key-known WB-VERIFY-KEY-UNKNOWN"]);
  const hex: Bundle = { ...asked.bundle, verificationMaterial: { publicKey: { hint: alice.keyId } } };
  assertVerified(run({ ...asked, bundle: hex }));
});

test("several signatures, or none, are refused", () => {
  const { bundle } = good();
  const [signature] = bundle.dsseEnvelope.signatures;
  for (const signatures of [[], [signature, signature]] as Bundle["dsseEnvelope"]["signatures"][]) {
    const result = run({ ...good(), bundle: { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures } } });
    assert.deepEqual(complaints(result), ["bundle-form WB-VERIFY-BUNDLE-FORM"]);
  }
});

test("SHA-1, MD5 and git object ids alone never verify a subject", () => {
  const weak: readonly [string, string][] = [
    ["sha1", "a".repeat(40)],
    ["md5", "a".repeat(32)],
    ["gitCommit", "a".repeat(40)],
    ["gitTree", "a".repeat(40)],
  ];
  for (const [algorithm, hex] of weak) {
    const asked = good(provenance({ digest: { [algorithm]: hex } }));
    const result = run({ ...asked, expectation: { ...asked.expectation, subject: { [algorithm]: hex } } });
    assert.deepEqual(complaints(result), ["subject WB-SUBJECT-WEAK"]);
  }
  const mixed = good(provenance({ digest: { sha1: "a".repeat(40), sha256: sha256("another") } }));
  const result = run({
    ...mixed,
    expectation: { ...mixed.expectation, subject: { sha1: "a".repeat(40), sha256: DIGEST } },
  });
  assert.deepEqual(complaints(result), ["subject WB-VERIFY-SUBJECT"], "a strong digest that differs decides");
});

test("a statement of another version is unchecked, one that is no JSON is refused", () => {
  const old = { ...provenance(), _type: "https://in-toto.io/Statement/v0.9" };
  const result = run({ ...good(), bundle: signBytes(Buffer.from(JSON.stringify(old)), alice) });
  assert.deepEqual(complaints(result), ["statement-form WB-STATEMENT-TYPE"]);
  assert.equal(result.outcome, "unchecked");
  for (const payload of ["", "[]", "{", "[".repeat(100_000), '{"__proto__":{"_type":1}}']) {
    const broken = run({ ...good(), bundle: signBytes(Buffer.from(payload), alice) });
    assert.deepEqual(complaints(broken), ["statement-form WB-VERIFY-STATEMENT-FORM"]);
  }
});

test("text of the signer is cleaned and bounded where checks show it", () => {
  const hostile = `https://\u202e\u001b[31m${"x".repeat(10_000)}`;
  const result = run(good(provenance({ builder: hostile })));
  const check = result.checks.find(({ name }) => name === "scope-builder");
  assert.equal(check?.code, "WB-SCOPE-BUILDER");
  assert.ok((check?.found?.length ?? 0) <= 400);
  assert.doesNotMatch(check?.found ?? "", /[\u001b\u202e]/u);
});

test("the forms of all known predicates are judged, those of others are not", () => {
  const verdict = verdictBy(VERIFIER).predicate;
  const types: readonly [string, JsonObject, JsonObject][] = [
    [
      "https://cyclonedx.org/bom",
      { bomFormat: "CycloneDX", specVersion: "1.6" },
      { bomFormat: "x", specVersion: "1.6" },
    ],
    ["https://spdx.dev/Document/v2.3", { spdxVersion: "SPDX-2.3", creationInfo: {} }, { spdxVersion: "SPDX-2.3" }],
    ["https://in-toto.io/attestation/vulns/v0.2", { scanner: {}, metadata: {} }, { scanner: {} }],
    ["https://openvex.dev/ns/v0.2.0", { "@context": "https://openvex.dev/ns/v0.2.0" }, { "@context": 1 }],
    ["https://waybill.dev/manifest/v1", { at: "2026-11-20T10:00:00Z", papers: [] }, { papers: [{}] }],
    ["https://waybill.dev/rebuild/v1", rebuild("identical"), rebuild("different")],
    ["https://waybill.dev/verdict/v1", verdict, { ...verdict, decision: "maybe" }],
  ];
  for (const [predicateType, sound, broken] of types) {
    const asked = (predicate: JsonObject): Case => {
      const statement = { ...provenance(), predicateType, predicate };
      return {
        ...good(statement),
        entries: [entryOf(alice, { scope: { ...entryOf(alice).scope, predicates: ["*"] } })],
      };
    };
    assertVerified(run(asked(sound)));
    assert.deepEqual(complaints(run(asked(broken))), ["predicate-form WB-VERIFY-PREDICATE-FORM"], predicateType);
  }
  const other = { ...provenance(), predicateType: "https://acme.example/review/v1", predicate: { anything: [1] } };
  const entries = [entryOf(alice, { scope: { ...entryOf(alice).scope, predicates: ["https://acme.example/*"] } })];
  assertVerified(run({ ...good(other), entries }));
});

function rebuild(outcome: string): JsonObject {
  const same = { digest: { sha256: DIGEST } };
  const lists = { normalised: [], factors: ["path"], differences: [] };
  return { outcome, relation: "self-reproduced", builder: { id: "b" }, first: same, second: same, ...lists };
}

test("a time to judge at that is no time is a fault, not a pass", () => {
  assert.throws(
    () => run({ ...good(), at: "tomorrow" }),
    (error) => error instanceof Fault && error.facts.code === "WB-TIME-FORM",
  );
});

test("evidence is made in one place only", () => {
  const root = join(import.meta.dirname, "../../../src");
  const casts = globSync("**/*.ts", { cwd: root }).flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    const found =
      text.match(/\bas\s+(?:unknown\s+as\s+)?(?:readonly\s+)?(?:Evidence|Verification)\b|<Evidence>/gu) ?? [];
    return found.map((cast) => `${path}: ${cast}`);
  });
  assert.deepEqual(casts, ["trust/verify.ts: as Evidence"]);
});
