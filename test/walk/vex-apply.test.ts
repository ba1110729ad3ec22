import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { applyToCycloneDx, applyToScan } from "../../src/advisory/vex-apply-findings.ts";
import { applyToSarif } from "../../src/advisory/vex-apply.ts";
import { parseCycloneDx } from "../../src/format/cyclonedx-read.ts";
import { rootPlace } from "../../src/format/shape.ts";
import { parseOpenVex } from "../../src/format/vex/openvex.ts";
import { Fault } from "../../src/model/fault.ts";
import type { JsonObject } from "../../src/model/statement.ts";
import type { VexDocument } from "../../src/model/vex.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { shared } from "../support/shared.ts";

const AT = "2026-06-01T00:00:00Z";
const place = rootPlace("x", "WB-VEX-FORM");
const plain = { at: AT, product: undefined as string | undefined, suppress: false };
const results = (document: JsonObject): readonly number[] =>
  (document["runs"] as { results?: unknown[] }[]).map((run) => run.results?.length ?? -1);

/** Statements about `left` in `app`, in one document. */
function statements(...some: readonly Record<string, unknown>[]): readonly VexDocument[] {
  const document = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://vex.example/1",
    author: "a",
    timestamp: "2026-01-01T00:00:00Z",
    version: 1,
    statements: some.map((one) => ({
      vulnerability: { name: "CVE-2026-1000", aliases: ["GHSA-aaaa-bbbb-cccc"] },
      products: [{ "@id": "pkg:npm/app", subcomponents: [{ "@id": "pkg:npm/left" }] }],
      status: "not_affected",
      justification: "component_not_present",
      ...one,
    })),
  };
  return [parseOpenVex(Buffer.from(JSON.stringify(document)), "v")];
}

/** What is left of the first run, as vexctl's own tests have it (vexctl 5d61136, TestVexReport). */
const LEFT: readonly (readonly [report: string, left: Readonly<Record<string, number>>])[] = [
  ["nginx-grype", { "sample.openvex.json": 98, "sample-history.json": 98, "sample-2vulns.json": 96 }],
  ["nginx-trivy", { "sample.openvex.json": 98, "sample-history.json": 98, "sample-2vulns.json": 96 }],
  ["nginx-snyk", { "sample.openvex.json": 64, "sample-history.json": 64, "sample-2vulns.json": 63 }],
];

test("SARIF of grype, trivy and snyk is left with as many results as the vectors say", (t) => {
  const folder = shared(t, "vectors/vex/vexctl/sarif");
  if (folder === undefined) return;
  let right = 0;
  for (const [name, left] of LEFT) {
    const report = JSON.parse(readFileSync(join(folder, `${name}.sarif.json`), "utf8")) as JsonObject;
    for (const [vex, count] of Object.entries(left)) {
      const documents = [parseOpenVex(readFileSync(join(folder, vex)), vex)];
      const { document, told } = applyToSarif(report, documents, plain, place);
      assert.equal(results(document)[0], count, `${name} by ${vex}`);
      assert.equal(told.length, (results(report)[0] ?? 0) - count);
      const marked = applyToSarif(report, documents, { ...plain, suppress: true }, place);
      assert.deepEqual(results(marked.document), results(report), "marked, not taken out");
      right += 1;
    }
  }
  t.diagnostic(`${right} of 9 reports as the vectors say`);
  assert.equal(right, 9);
});

const sarif = (...ids: readonly string[]): JsonObject => ({
  version: "2.1.0",
  runs: [
    {
      tool: { driver: { name: "x", rules: [{ id: "R1", properties: { tags: ["CVE-2026-1000", "other"] } }] } },
      results: ids.map((ruleId) => ({ ruleId })),
    },
  ],
});

test("SARIF: ids with something behind them, by tags of the rule, and what is not settled", () => {
  const left = (documents: readonly VexDocument[], more: Partial<typeof plain> = {}): number | undefined =>
    results(
      applyToSarif(
        sarif("CVE-2026-1000-left", "GHSA-aaaa-bbbb-cccc", "R1", "CVE-2026-10001"),
        documents,
        { ...plain, ...more },
        place,
      ).document,
    )[0];
  assert.equal(left(statements({})), 1);
  assert.equal(left(statements({ status: "under_investigation" })), 4);
  assert.equal(left(statements({}, { status: "affected", timestamp: "2026-02-01T00:00:00Z" })), 4, "the newest counts");
  assert.equal(left(statements({ status_notes: "Waybill-Expires: 2026-05-01T00:00:00Z" })), 4);
  assert.equal(left(statements({}), { product: "pkg:npm/app@1.0.0" }), 1);
  assert.equal(left(statements({}), { product: "pkg:npm/other" }), 4);
  assert.throws(() => applyToSarif({ runs: 1 }, statements({}), plain, place), Fault);
});

test("a scan's findings get their statement, and those of a component in between cannot count", () => {
  const scan: JsonObject = {
    schema: "waybill.scan/1",
    findings: [
      {
        component: { purl: "pkg:npm/left@1.0.0", version: "1.0.0" },
        advisory: { id: "CVE-2026-1000", ids: ["CVE-2026-1000"] },
        paths: [["pkg:npm/app@1.0.0", "pkg:npm/web@1.0.0", "pkg:npm/left@1.0.0"]],
        vex: null,
      },
    ],
  };
  const status = (documents: readonly VexDocument[]): unknown => {
    const { findings } = applyToScan(scan, documents, AT, place).document as {
      findings?: { vex?: { status?: string } | null }[];
    };
    return findings?.[0]?.vex?.status ?? null;
  };
  assert.equal(status(statements({})), "not_affected");
  assert.equal(
    status(statements({ products: [{ "@id": "pkg:npm/web", subcomponents: [{ "@id": "pkg:npm/left" }] }] })),
    null,
  );
});

test("a CycloneDX document gets an analysis for each component", () => {
  const component = (name: string) => ({
    type: "library",
    "bom-ref": name,
    name,
    version: "1.0.0",
    purl: `pkg:npm/${name}@1.0.0`,
  });
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: {
      component: { type: "application", "bom-ref": "app", name: "app", version: "1.0.0", purl: "pkg:npm/app@1.0.0" },
    },
    components: [component("left"), component("right")],
    vulnerabilities: [{ "bom-ref": "v", id: "GHSA-aaaa-bbbb-cccc", affects: [{ ref: "left" }, { ref: "right" }] }],
  } as unknown as JsonObject;
  const sbom = parseCycloneDx(Buffer.from(JSON.stringify(bom)), "x");
  const { document } = applyToCycloneDx(bom, sbom, statements({}), AT, place);
  const [first, second] = document["vulnerabilities"] as {
    analysis?: { state?: string; justification?: string };
    affects: { ref: string }[];
  }[];
  assert.deepEqual([first?.analysis?.state, first?.affects], ["not_affected", [{ ref: "left" }]]);
  assert.deepEqual([second?.analysis, second?.affects], [undefined, [{ ref: "right" }]]);
});

test("a hundred thousand results and ten thousand statements are applied in linear time", () => {
  const many = statements(
    ...Array.from({ length: 10_000 }, (_, index) => ({ vulnerability: { name: `CVE-2026-${index + 10_000}` } })),
  );
  const report = sarif(...Array.from({ length: 100_000 }, (_, index) => `CVE-2026-${10_000 + (index % 20_000)}-x`));
  const start = cpuMilliseconds();
  assert.equal(results(applyToSarif(report, many, plain, place).document)[0], 50_000);
  assert.ok(cpuMilliseconds() - start < 3000);
});
