import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Timestamp } from "../../src/model/digest.ts";
import { deliver, receiveDelivery } from "../support/shipment.ts";

test("the age of papers is judged by the time that their signer gives in the manifest, and said to be its word", async () => {
  const files = { "package.json": JSON.stringify({ name: "app", version: "1.0.0" }), "index.js": "1\n" };
  const delivery = await deliver(files);
  try {
    const policy = join(delivery.folder, "fresh.yaml");
    writeFileSync(policy, "version: 1\nmode: enforce\ninstall: { freshness: { maxAge: 30d } }\n");
    const outcomeAt = async (at: Timestamp): Promise<readonly string[]> => {
      const { verdict } = await receiveDelivery(delivery, { policy, at });
      return verdict.reasons.map(({ rule, outcome, found }) => `${rule} ${outcome}: ${found}`);
    };
    assert.deepEqual(await outcomeAt("2026-12-01T10:00:00Z"), [
      "install.freshness pass: the papers (the time is the signer's word) is of 2026-11-20, 11 days old",
    ]);
    assert.deepEqual(await outcomeAt("2027-01-01T10:00:00Z"), [
      "install.freshness fail: the papers (the time is the signer's word) is of 2026-11-20, 42 days old",
    ]);
  } finally {
    rmSync(delivery.folder, { recursive: true, force: true });
  }
});
