import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { parseRebuild, rebuildPredicate } from "../../src/format/predicates.ts";
import { chainSteps } from "../../src/format/report/chain-steps.ts";
import type { ReportInput } from "../../src/format/report/input.ts";
import { printReport } from "../../src/format/report/report.ts";
import { PREDICATE_TYPES, type Statement } from "../../src/model/statement.ts";
import type { Signer } from "../../src/model/trust.ts";
import { receivedReport } from "../../src/station/install/report.ts";
import { textOf } from "../unit/report/page-tags.ts";
import { copyOf, deliver, type Delivery, lineOf, receiveDelivery, signedLine } from "../support/shipment.ts";

let good: Delivery;

/** The page's input after a change to the papers. */
async function received(change: (delivery: Delivery) => readonly string[]): Promise<ReportInput> {
  const delivery = copyOf(good);
  try {
    writeFileSync(
      delivery.papers,
      change(delivery)
        .map((line) => `${line}\n`)
        .join(""),
    );
    return receivedReport(await receiveDelivery(delivery), "0.1.0");
  } finally {
    rmSync(delivery.folder, { recursive: true, force: true });
  }
}

const statement = (delivery: Delivery, type: keyof typeof PREDICATE_TYPES): Statement =>
  delivery.statements.find(({ predicateType }) => predicateType === PREDICATE_TYPES[type]) as Statement;
const states = (input: ReportInput): Record<string, string> =>
  Object.fromEntries(chainSteps(input).map(({ title, state }) => [title, state]));

/** A rebuild that came out otherwise, signed by this key. */
function differing(delivery: Delivery, by: Signer): string {
  const made = statement(delivery, "rebuild");
  const result = parseRebuild(made.predicate, "");
  const predicate = rebuildPredicate({ ...result, outcome: "different", second: "1".repeat(64) }, result.builderId);
  return signedLine({ ...made, predicate }, by);
}

describe("the page of a received artifact", () => {
  before(async () => {
    good = await deliver({ "package.json": JSON.stringify({ name: "app", version: "1.0.0", license: "MIT" }) });
  });
  after(() => rmSync(good.folder, { recursive: true, force: true }));

  test("source, build and rebuild are what the verified papers claim, and are told as such", async () => {
    const input = await received(({ lines }) => lines);
    const { build, rebuild } = input;
    assert.deepEqual(build?.told.kind, "claimed");
    assert.equal(build.source.digests.gitCommit, "a".repeat(40));
    assert.deepEqual(build.run, {
      commands: [
        ["npm", "ci"],
        ["npm", "pack"],
      ],
      exchanges: 0,
      mode: "bwrap",
    });
    assert.deepEqual([rebuild?.told.kind, rebuild?.outcome, rebuild?.party], ["claimed", "identical", "same"]);
    const told = states(input);
    assert.deepEqual([told["Source"], told["Build"], told["Rebuild"]], ["claimed", "claimed", "claimed"]);
    assert.deepEqual([told["Artifact"], told["Papers"]], ["verified", "verified"]);
    assert.match(textOf(printReport(input)), /What follows is the word of app-release/u);
  });

  test("a paper that did not verify claims nothing: its stops stay unchecked or worse", async () => {
    const input = await received((delivery) =>
      delivery.lines.with(
        lineOf(delivery, "provenance"),
        signedLine(statement(delivery, "provenance"), delivery.stranger),
      ),
    );
    assert.equal(input.build, undefined);
    assert.equal(input.rebuild?.party, "unknown");
    assert.equal(states(input)["Source"], "unchecked");
    assert.notEqual(states(input)["Build"], "claimed");
    const page = textOf(printReport(input));
    assert.match(page, /This report holds no record of a build/u);
    assert.match(page, /not verified; names the key/u);
  });

  test("a stranger's claim beside the trusted one changes nothing but is shown refused", async () => {
    const input = await received((delivery) => [...delivery.lines, differing(delivery, delivery.stranger)]);
    assert.equal(input.rebuild?.outcome, "identical");
    assert.deepEqual([states(input)["Rebuild"], states(input)["Papers"]], ["claimed", "warning"]);
    assert.equal(input.papers.at(-1)?.outcome, "refused");
  });

  test("of two trusted rebuilds the one that differs is shown, not the one that agrees", async () => {
    const input = await received((delivery) => [...delivery.lines, differing(delivery, delivery.signer)]);
    assert.equal(input.rebuild?.outcome, "different");
    assert.equal(states(input)["Rebuild"], "refused");
  });
});
