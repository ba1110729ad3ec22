import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildIndex } from "../../src/advisory/build.ts";
import { OPENVEX_TYPES, type Statement } from "../../src/model/statement.ts";
import { append, statement } from "../support/tamper.ts";
import { copyOf, deliver, type Delivery, receiveDelivery, SHIPPED_AT, signedLine } from "../support/shipment.ts";

const FILES = {
  "package.json": JSON.stringify({ name: "app", version: "1.0.0", license: "MIT" }),
  "index.js": "1\n",
  "node_modules/lib/package.json": JSON.stringify({ name: "lib", version: "1.0.0", license: "MIT" }),
};

let good: Delivery;
let policy: string;
let db: string;

/** A signed document about the flaw of `lib` in `app`. */
function vexPaper(
  delivery: Delivery,
  change: Record<string, unknown> = {},
  type: string = OPENVEX_TYPES[0] as string,
): Statement {
  return {
    ...statement(delivery, "vulns"),
    predicateType: type,
    predicate: {
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": "https://vex.example/1",
      author: "Somebody else",
      timestamp: SHIPPED_AT,
      version: 1,
      statements: [
        {
          vulnerability: { name: "GHSA-real-real-real" },
          products: [{ "@id": "pkg:npm/app@1.0.0", subcomponents: [{ "@id": "pkg:npm/lib" }] }],
          status: "not_affected",
          justification: "vulnerable_code_not_in_execute_path",
          ...change,
        },
      ],
    } as Statement["predicate"],
  };
}

/** The producer's trust file, and a second entry for the stranger's key with this scope. */
function trusting(delivery: Delivery, predicates: string, subjects = '"pkg:npm/app@*"'): string {
  const key = delivery.stranger.publicKeyPem.trimEnd().replaceAll(/^/gmu, "      ");
  const entry = `  - name: vex team\n    key: |\n${key}\n    may:\n      predicates: [${predicates}]\n      subjects: [${subjects}]\n`;
  const path = join(delivery.folder, "both.yaml");
  writeFileSync(path, `${readFileSync(delivery.trust, "utf8").trimEnd()}\n${entry}`);
  return path;
}

describe("VEX statements among the papers of an artifact", () => {
  before(async () => {
    good = await deliver(FILES);
    mkdirSync(join(good.folder, "own/npm"), { recursive: true });
    const advisory = {
      id: "GHSA-real-real-real",
      modified: "2026-11-22T00:00:00Z",
      summary: "goes wrong",
      database_specific: { severity: "CRITICAL" },
      affected: [
        { package: { ecosystem: "npm", name: "lib" }, ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }] },
      ],
    };
    writeFileSync(join(good.folder, "own/npm/GHSA-real-real-real.json"), JSON.stringify(advisory));
    db = join(good.folder, "own.db");
    await buildIndex(join(good.folder, "own"), db);
    policy = join(good.folder, "own.policy.yaml");
    writeFileSync(policy, "version: 1\nmode: enforce\ninstall: { vulnerabilities: { deny: HIGH } }\n");
  });
  after(() => rmSync(good.folder, { recursive: true, force: true }));

  /** Each case changes one thing of the first, which counts. */
  const CASES: readonly (readonly [
    name: string,
    counts: boolean,
    how: {
      readonly predicates?: string;
      readonly subjects?: string;
      readonly change?: Record<string, unknown>;
      readonly type?: string;
      readonly bySigner?: boolean;
    },
  ])[] = [
    ["signed by somebody whose scope names VEX", true, {}],
    ["under the predicate type that vexctl writes", true, { type: "https://openvex.dev/ns" }],
    ["scope by URI", true, { predicates: '"https://openvex.dev/ns*"' }],
    ["by a key that may sign anything and was not chosen for VEX", false, { predicates: '"*"' }],
    ["by a key that may sign other things", false, { predicates: "vulns" }],
    ["about a subject outside the scope", false, { subjects: '"pkg:npm/other@*"' }],
    ["by the producer, whose scope has no VEX", false, { bySigner: true }],
    ["about another weakness", false, { change: { vulnerability: { name: "GHSA-other" } } }],
    ["about another product", false, { change: { products: [{ "@id": "pkg:npm/other" }] } }],
    [
      "of a status that settles nothing",
      false,
      { change: { status: "under_investigation", justification: undefined } },
    ],
    ["expired", false, { change: { status_notes: "Waybill-Expires: 2026-01-01T00:00:00Z" } }],
  ];
  for (const [name, counts, { predicates = "openvex", subjects, change, type, bySigner }] of CASES) {
    test(`${counts ? "counts" : "does not count"}: ${name}`, async () => {
      const delivery = copyOf(good);
      try {
        const clean = JSON.parse(JSON.stringify(vexPaper(delivery, change, type))) as Statement;
        append(delivery, signedLine(clean, bySigner === true ? delivery.signer : delivery.stranger));
        const trust = trusting(delivery, predicates, subjects);
        const { verdict } = await receiveDelivery(delivery, { policy, db, trust });
        assert.equal(verdict.decision, counts ? "allow" : "deny", JSON.stringify(verdict.reasons));
        const origins = verdict.inputs.vex.map(({ origin }) => origin);
        if (counts) {
          assert.deepEqual(origins, ["paper signed by vex team"]);
          assert.match(
            verdict.reasons.find(({ rule }) => rule === "install.vulnerabilities")?.found ?? "",
            /VEX by vex team/u,
          );
        }
      } finally {
        rmSync(delivery.folder, { recursive: true, force: true });
      }
    });
  }

  test("what the receiver names himself comes first", async () => {
    const delivery = copyOf(good);
    try {
      append(delivery, signedLine(vexPaper(delivery), delivery.stranger));
      const own = join(delivery.folder, "own.json");
      const { predicate } = vexPaper(delivery, {
        status: "affected",
        justification: undefined,
        action_statement: "Wait.",
      });
      writeFileSync(own, JSON.stringify({ ...predicate, timestamp: "2025-01-01T00:00:00Z" }));
      const { verdict, matched } = await receiveDelivery(delivery, {
        policy,
        db,
        trust: trusting(delivery, "openvex"),
        vex: [own],
      });
      assert.equal(verdict.decision, "deny");
      assert.ok(matched.known);
      assert.deepEqual(
        matched.value.findings.map(({ vex }) => [vex?.status, vex?.conflicts?.map(({ author }) => author)]),
        [["affected", ["vex team"]]],
      );
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });
});
