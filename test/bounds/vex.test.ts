import assert from "node:assert/strict";
import { test } from "node:test";
import { VexStatements } from "../../src/advisory/vex.ts";
import { parseVex } from "../../src/format/vex/read.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Component, Sbom } from "../../src/model/sbom.ts";
import { cpuMilliseconds } from "../support/cpu.ts";

const LONG = "x".repeat(1_000_000);
const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `P${index}`);

const LEFT: Component = {
  ref: "pkg:npm/left@1.0.0",
  name: "left",
  version: "1.0.0",
  purl: "pkg:npm/left@1.0.0",
  ecosystem: "npm",
  scope: "runtime",
  direct: true,
  digests: {},
  licences: [],
  occurrences: [],
  own: false,
};
const SBOM: Sbom = {
  lifecycle: "source",
  subject: { name: "app", digests: {} },
  root: "app",
  components: [LEFT],
  dependencies: [],
  completeness: { components: "unknown", dependencies: "unknown", method: "missing" },
  unknowns: [],
  licences: [],
};

function csaf(vulnerability: Record<string, unknown>, tree: Record<string, unknown> = {}): Buffer {
  const time = "2026-01-01T00:00:00Z";
  const tracking = { id: "x", version: "1", initial_release_date: time, current_release_date: time };
  const document = { csaf_version: "2.0", title: "x", publisher: { name: "x", category: "vendor" }, tracking };
  return Buffer.from(
    JSON.stringify({ document, product_tree: tree, vulnerabilities: [{ cve: "CVE-2026-1000", ...vulnerability }] }),
  );
}

async function bounded(bytes: Buffer, name: string): Promise<string> {
  const start = cpuMilliseconds();
  let outcome = "read";
  try {
    await parseVex(bytes, "x");
  } catch (error) {
    assert.ok(error instanceof Fault, `${name}: ${String(error)}`);
    outcome = error.facts.code;
  }
  const took = cpuMilliseconds() - start;
  assert.ok(took < 8000, `${name} took ${took.toFixed(0)} ms`);
  return outcome;
}

test("CSAF of many products and long texts is read in time in proportion to it, or refused", async () => {
  const many = ids(100_000);
  const product_status = { known_not_affected: many };
  const threats = [
    { category: "impact", details: LONG },
    { category: "impact", details: `${LONG}y` },
  ];
  assert.equal(await bounded(csaf({ product_status, threats }), "one long text for all"), "read");
  const flags = ids(100_000).map(() => ({ label: "component_not_present" }));
  assert.equal(await bounded(csaf({ product_status, flags }), "flags without products"), "WB-VEX-FORM");
  const product_groups = [{ group_id: "g", product_ids: many }];
  const grouped = ids(10_000).map(() => ({ label: "component_not_present", group_ids: ["g"] }));
  assert.equal(
    await bounded(csaf({ product_status, flags: grouped }, { product_groups }), "a group in every flag"),
    "WB-VEX-FORM",
  );
  const relationships = ids(50_000).map((id, index) => ({
    category: "default_component_of",
    full_product_name: { product_id: id, name: id },
    product_reference: `P${(index + 1) % 50_000}`,
    relates_to_product_reference: `P${(index + 7) % 50_000}`,
  }));
  assert.equal(await bounded(csaf({ product_status }, { relationships }), "relationships in circles"), "read");
});

test("OpenVEX of many products and many parts for all of them", async () => {
  const document = {
    "@context": "https://openvex.dev/ns",
    author: "a",
    statements: [
      {
        vulnerability: "CVE-2026-1000",
        status: "fixed",
        products: ids(60_000).map((id) => `pkg:npm/${id}`),
        subcomponents: ids(60_000).map((id) => `pkg:npm/s${id}`),
      },
    ],
  };
  const bytes = Buffer.from(JSON.stringify(document));
  assert.equal(await bounded(bytes, "products and parts"), "read");
  const read = await parseVex(bytes, "x");
  const start = cpuMilliseconds();
  const found = new VexStatements([read], SBOM, "2026-01-01T00:00:00Z").about(["CVE-2026-1000"], LEFT);
  assert.equal(found.vex, undefined);
  assert.ok(cpuMilliseconds() - start < 20_000);
});

test("VERS ranges, trailers and references made to cost do not", async () => {
  const statement = (more: Record<string, unknown>) => ({
    vulnerability: { name: "CVE-2026-1000" },
    products: [{ "@id": `pkg:npm/a?vers=vers:npm%2F${"%3E%3D1|".repeat(100)}%3C2` }],
    status: "fixed",
    ...more,
  });
  const notes = `${"Waybill-Evidence: a\n".repeat(100_000)}Waybill-Evidence: b`;
  const document = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    author: "a",
    statements: [statement({ status_notes: notes }), statement({ status_notes: `Waybill-${"A".repeat(1_000_000)}` })],
  };
  assert.equal(await bounded(Buffer.from(JSON.stringify(document)), "trailers"), "read");
});

test("ten thousand statements about one of a record's CVEs are heard in time in proportion to them", async () => {
  const statements = ids(10_000).map((_, index) => ({
    vulnerability: { name: "CVE-2026-1000" },
    products: [{ "@id": "pkg:npm/left" }],
    status: "not_affected",
    justification: "component_not_present",
    timestamp: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
  }));
  const head = { "@context": "https://openvex.dev/ns/v0.2.0", "@id": "x", author: "us", version: 1 };
  const document = { ...head, timestamp: "2026-01-01T00:00:00Z", statements };
  const read = await parseVex(Buffer.from(JSON.stringify(document)), "x");
  const start = cpuMilliseconds();
  const found = new VexStatements([read], SBOM, "2026-06-01T00:00:00Z").about(
    ["CVE-2026-1000", "CVE-2026-1001", "GHSA-1"],
    LEFT,
  );
  const took = cpuMilliseconds() - start;
  assert.equal(found.vex, undefined);
  assert.equal(found.passedOver?.length, 10);
  assert.ok(took < 2000, `${took.toFixed(0)} ms`);
});
