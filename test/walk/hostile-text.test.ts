import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PREDICATE_TYPES, type Statement } from "../../src/model/statement.ts";
import { waybill } from "../support/command.ts";
import { deliver, type Delivery, RECEIVED_AT, signedLine } from "../support/shipment.ts";

/** Clears the screen, turns text round, ends the line, hides: what no terminal or page may get from a paper or a file's name. */
const EVIL = "a\u0000\u001b[2J\u202e\u2066\u200b\u009b31m\u2028\nverified by everybody";
/** What a file's name can hold; NUL and the slash cannot. */
const EVIL_NAME = "a\u001b[2J\u202eb\u009bc\nd.tgz";
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/u;

let delivery: Delivery;
let file: string;
let home: string;

const statement = (type: keyof typeof PREDICATE_TYPES): Statement =>
  delivery.statements.find(({ predicateType }) => predicateType === PREDICATE_TYPES[type]) as Statement;

/** Papers of the producer and of a stranger with such text wherever a paper has text of its own. */
function hostileLines(): readonly string[] {
  const provenance = statement("provenance");
  const details = { builder: { id: EVIL }, metadata: { invocationId: EVIL } };
  const source = {
    uri: EVIL,
    name: EVIL,
    digest: { sha256: "0".repeat(64) },
    annotations: { role: "source", [EVIL]: EVIL },
  };
  const definition = { ...(provenance.predicate["buildDefinition"] as object), resolvedDependencies: [source] };
  const { digest } = provenance.subject[0] as Statement["subject"][number];
  const subject = [{ name: EVIL, uri: EVIL, digest }];
  const made: readonly Statement[] = [
    { ...provenance, subject, predicate: { buildDefinition: definition, runDetails: details } },
    { ...provenance, subject, predicate: { buildDefinition: EVIL } },
    { ...provenance, subject, predicateType: `https://evil.example/${EVIL}${"x".repeat(5000)}` },
    {
      ...statement("vsa"),
      subject,
      predicate: { ...statement("vsa").predicate, verifier: { id: EVIL }, verifiedLevels: [EVIL] },
    },
    { ...statement("verdict"), subject, predicate: { ...statement("verdict").predicate, verifier: { id: EVIL } } },
    { ...provenance, _type: EVIL as never },
  ];
  return [delivery.signer, delivery.stranger].flatMap((signer) => made.map((one) => signedLine(one, signer)));
}

describe("text of papers and names", () => {
  before(async () => {
    const files = {
      "package.json": JSON.stringify({ name: "app", version: "1.0.0", license: EVIL, description: EVIL }),
      "node_modules/lib/package.json": JSON.stringify({ name: EVIL, version: EVIL, license: EVIL }),
    };
    delivery = await deliver(files);
    home = join(delivery.folder, "home");
    mkdirSync(home);
    file = join(delivery.folder, EVIL_NAME);
    renameSync(delivery.file, file);
    const lines = [...delivery.lines, ...hostileLines()];
    writeFileSync(`${file}.waybill.jsonl`, lines.map((line) => `${line}\n`).join(""));
    // A key file of a name that is not the receiver's choice either.
    copyFileSync(delivery.trust, join(delivery.folder, "evil\u202e.yaml"));
  });
  after(() => rmSync(delivery.folder, { recursive: true, force: true }));

  const COMMANDS: readonly (readonly [name: string, words: readonly string[], status: number])[] = [
    ["why", [], 0],
    ["papers list", [], 0],
    ["receive", ["--db", "DB"], 1],
    ["receive", ["--db", "DB", "--verbose"], 1],
    ["verify", [], 1],
  ];
  for (const [command, more, status] of COMMANDS) {
    test(`${[command, ...more].join(" ")} shows no character that moves a cursor or turns text round`, () => {
      const [first = "", ...rest] = command.split(" ");
      const trust =
        command === "papers list" ? [] : ["--trust", join(delivery.folder, "evil\u202e.yaml"), "--at", RECEIVED_AT];
      const flags = more.map((word) => (word === "DB" ? delivery.db : word));
      const ran = waybill([first, ...rest, file, ...flags, ...trust], delivery.folder, home);
      assert.equal(ran.status, status, ran.stdout + ran.stderr);
      assert.ok(ran.stdout.length > 100);
      for (const stream of [ran.stdout, ran.stderr]) {
        const odd = UNSAFE.exec(stream);
        assert.equal(
          odd,
          null,
          `U+${odd?.[0].codePointAt(0)?.toString(16)} in ${JSON.stringify(stream.slice(Math.max(0, (odd?.index ?? 0) - 80), (odd?.index ?? 0) + 20))}`,
        );
        assert.ok(!stream.split("\n").some((line) => line.startsWith("verified by everybody")), "a forged line");
      }
      // No paper of 5,000 characters fills the screen.
      assert.ok(ran.stdout.split("\n").every((line) => line.length < 2600));
    });
  }

  test("the page shows them as marked code points", () => {
    const page = join(delivery.folder, "page.html");
    const words = [
      "receive",
      file,
      "--trust",
      delivery.trust,
      "--db",
      delivery.db,
      "--report",
      page,
      "--at",
      RECEIVED_AT,
    ];
    assert.equal(waybill(words, delivery.folder, home).status, 1);
    const text = readFileSync(page, "utf8");
    assert.equal(UNSAFE.exec(text), null);
    assert.match(text, /<mark>U\+202E<\/mark>/u);
  });

  test("a fault about such a name is one clean line and its hint", () => {
    const missing = join(delivery.folder, "none\u001b[2J\u202e.tgz");
    for (const [words, status, code] of [
      [["receive", missing, "--db", delivery.db], 2, /^waybill: WB-SOURCE-MISSING /u],
      [["papers", "list", missing], 1, /^waybill: WB-PAPERS-MISSING /u],
    ] as const) {
      const ran = waybill(words, delivery.folder, home);
      assert.equal(ran.status, status, ran.stderr);
      assert.equal(UNSAFE.exec(ran.stderr), null, JSON.stringify(ran.stderr));
      assert.match(ran.stderr, code);
    }
  });

  test("papers export gives every paper a name that a file can have", () => {
    const folder = join(delivery.folder, "bundles");
    const ran = waybill(["papers", "export", file, "--to", folder], delivery.folder, home);
    assert.equal(ran.status, 0, ran.stderr);
  });
});
