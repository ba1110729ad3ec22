import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sha256 } from "../../src/artifact/digest.ts";
import { PREDICATE_TYPES, type Statement } from "../../src/model/statement.ts";
import { exitCodeOf } from "../../src/policy/exit-code.ts";
import { aboutOlder, append, requiring, statement, write } from "../support/tamper.ts";
import {
  copyOf,
  deliver,
  type Delivery,
  RECEIVED_AT,
  receiveDelivery,
  SHIPPED_AT,
  signedLine,
} from "../support/shipment.ts";

const FILES = { "package.json": JSON.stringify({ name: "app", version: "1.0.0", license: "MIT" }), "index.js": "1\n" };

let good: Delivery;
let older: Delivery;

describe("papers that are added, and what a verdict records", () => {
  before(async () => {
    good = await deliver(FILES);
    older = await deliver({ ...FILES, "index.js": "0\n" });
  });
  after(() => {
    for (const { folder } of [good, older]) rmSync(folder, { recursive: true, force: true });
  });

  /** Papers that are put to no use, each with the code by which it is refused; the papers that are required stand. */
  const IGNORED: readonly (readonly [name: string, made: (d: Delivery) => Statement, code: string])[] = [
    ["an older release's summary by the same key", (d) => aboutOlder(older, statement(d, "vsa")), "WB-VERIFY-SUBJECT"],
    [
      "an older release's verdict by the same key",
      (d) => aboutOlder(older, statement(d, "verdict")),
      "WB-VERIFY-SUBJECT",
    ],
    [
      "the producer's own summary in the name of the consumer's verifier",
      (d) => {
        const made = statement(d, "vsa");
        return { ...made, predicate: { ...made.predicate, verifier: { id: "https://waybill.dev/verifier/receive" } } };
      },
      "WB-SCOPE-VERIFIER",
    ],
    [
      "the producer's own verdict in the name of the consumer's verifier",
      (d) => {
        const made = statement(d, "verdict");
        return { ...made, predicate: { ...made.predicate, verifier: { id: "https://waybill.dev/verifier/receive" } } };
      },
      "WB-SCOPE-VERIFIER",
    ],
    [
      "a VEX document by a signer who may state none",
      (d) => ({
        ...statement(d, "vulns"),
        predicateType: PREDICATE_TYPES.openvex,
        predicate: { "@context": "https://openvex.dev/ns/v0.2.0", timestamp: SHIPPED_AT },
      }),
      "WB-SCOPE-PREDICATE",
    ],
  ];
  for (const [name, made, code] of IGNORED) {
    test(`refused by its code, warned of, and of no use: ${name}`, async () => {
      const delivery = copyOf(good);
      try {
        append(delivery, signedLine(made(delivery), delivery.signer));
        const { verdict, verified } = await receiveDelivery(delivery);
        const [refusal, ...others] = verified.refusals;
        assert.deepEqual(
          refusal?.checks.filter(({ outcome }) => outcome === "refused").map((check) => check.code),
          [code],
        );
        assert.deepEqual(others, []);
        assert.equal(verdict.decision, "warn");
        const said = verdict.reasons.filter(({ outcome }) => outcome === "fail");
        assert.deepEqual(
          said.map(({ rule, mode }) => [rule, mode]),
          [["install.verify", "warn"]],
        );
        assert.match(said[0]?.found ?? "", new RegExp(`line 10 was refused \\(${code}\\)`, "u"));
        assert.equal(verdict.reasons.filter(({ found }) => /informs and satisfies nothing/u.test(found)).length, 1);
        // And without the papers that are required it makes up for none of them.
        write(delivery, [signedLine(made(delivery), delivery.signer)]);
        assert.equal((await receiveDelivery(delivery)).verdict.decision, "deny");
      } finally {
        rmSync(delivery.folder, { recursive: true, force: true });
      }
    });
  }

  test("a line that stands twice counts once and changes nothing", async () => {
    const delivery = copyOf(good);
    try {
      const before = await receiveDelivery(delivery);
      write(delivery, [...delivery.lines, ...delivery.lines]);
      const { verdict, papers } = await receiveDelivery(delivery);
      assert.equal(papers.length, delivery.lines.length);
      assert.deepEqual(verdict, before.verdict);
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });

  test("the verdict names origin and digest of every file that it judged by, and its time", async () => {
    const delivery = copyOf(good);
    try {
      const policy = requiring(delivery, "build.provenance");
      const vex = join(delivery.folder, "v.json");
      const context = { "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vex.example/1", author: "us" };
      writeFileSync(vex, JSON.stringify({ ...context, timestamp: SHIPPED_AT, version: 1, statements: [] }));
      const digestOf = (path: string): string => sha256(readFileSync(path));
      const { verdict, matched } = await receiveDelivery(delivery, { policy, vex: [vex] });
      assert.ok(matched.known);
      assert.deepEqual(verdict.inputs, {
        policy: { origin: policy, digest: digestOf(policy) },
        trust: { origin: delivery.trust, digest: digestOf(delivery.trust) },
        advisories: { origin: verdict.inputs.advisories?.origin, digest: matched.value.database.digest },
        vex: [{ origin: vex, digest: digestOf(vex) }],
      });
      assert.equal(verdict.at, RECEIVED_AT);
      // The time is an input like the others: another one is another verdict.
      const later = await receiveDelivery(delivery, { policy, at: "2027-06-01T00:00:00Z" });
      assert.equal(later.verdict.at, "2027-06-01T00:00:00Z");
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });

  for (const type of ["provenance", "cyclonedx", "vsa"] as const) {
    test(`warned of, not refused: a stranger's ${type} appended to good papers`, async () => {
      const delivery = copyOf(good);
      try {
        append(delivery, signedLine(statement(delivery, type), delivery.stranger));
        const { verdict } = await receiveDelivery(delivery);
        assert.deepEqual([verdict.decision, exitCodeOf(verdict)], ["warn", 0]);
        const said = verdict.reasons.filter(({ found }) =>
          /line 10 was refused \(WB-VERIFY-KEY-UNKNOWN\)/u.test(found),
        );
        assert.deepEqual(
          said.map(({ rule, mode, outcome }) => [rule, mode, outcome]),
          [["install.verify", "warn", "fail"]],
        );
      } finally {
        rmSync(delivery.folder, { recursive: true, force: true });
      }
    });
  }
});
