import assert from "node:assert/strict";
import { test } from "node:test";
import { schemeOrder } from "../../src/advisory/vers/schemes.ts";
import type { CsafVersion } from "../../src/format/csaf/document.ts";
import { type CsafReport, validateCsaf } from "../../src/format/csaf/validate.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Json, JsonObject } from "../../src/model/statement.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { csaf } from "../unit/format/csaf/sample.ts";

/** CPU time for each document below; the largest have 20 MB, and a laptop takes 1 to 6 s for them. */
const MOST_MS = 30_000;

function validate(version: CsafVersion, members: JsonObject): CsafReport {
  const start = cpuMilliseconds();
  const report = validateCsaf(Buffer.from(JSON.stringify({ ...csaf(version), ...members })), "x", {
    now: new Date(),
    compareVersions: (type, one, other) => schemeOrder(type)?.compare(one, other),
  });
  const took = cpuMilliseconds() - start;
  assert.ok(took < MOST_MS, `${Math.round(took)} ms`);
  return report;
}

const failing = ({ problems }: CsafReport, id: string): number =>
  problems.filter((each) => each.test === id && each.fails).length;
const notRun = ({ testsNotRun }: CsafReport, id: string): string | undefined =>
  testsNotRun.find((each) => each.id === id)?.why;

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `P-${index}`);
const products = (ids: readonly string[]): Json => ids.map((id) => ({ name: id, product_id: id }));
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const VULNERABILITY = { cve: "CVE-2026-0001", notes: [{ category: "summary", text: "A." }] };

for (const version of ["2.0", "2.1"] as const) {
  test(`CSAF ${version}: time goes with the number of products`, () => {
    const cost = (count: number): number => {
      const ids = names(count);
      const start = cpuMilliseconds();
      const report = validate(version, {
        product_tree: { full_product_names: products(ids) },
        vulnerabilities: [
          {
            ...VULNERABILITY,
            product_status: { known_affected: ids },
            remediations: [{ category: "vendor_fix", details: "A.", product_ids: ids }],
          },
        ],
      });
      assert.equal(report.outcome, "valid");
      return cpuMilliseconds() - start;
    };
    cost(1000);
    const small = cost(15_000);
    const large = cost(60_000);
    // Linear is 4; what is quadratic would be 16.
    assert.ok(large < small * 9, `${Math.round(small)} and ${Math.round(large)} ms`);
  });

  test(`CSAF ${version}: a long name above a hundred thousand products is looked at once`, () => {
    const ids = names(100_000);
    const branches = [
      {
        category: "vendor",
        name: "V".repeat(1_000_000),
        branches: ids.map((id) => ({ category: "product_version", name: id, product: { name: id, product_id: id } })),
      },
    ];
    const document = { ...(csaf(version)["document"] as JsonObject), category: "csaf_security_advisory" };
    const product_status = { known_affected: ids.slice(0, 50_000), fixed: ids.slice(50_000) };
    const report = validate(version, {
      document,
      product_tree: { branches },
      vulnerabilities: [{ ...VULNERABILITY, product_status }],
    });
    assert.equal(report.outcome, "valid");
  });

  test(`CSAF ${version}: relations that lead in a circle through thirty thousand products are told`, () => {
    const ids = names(30_000);
    const next = (index: number): string => ids[(index + 1) % ids.length] ?? "";
    const tree =
      version === "2.0"
        ? {
            relationships: ids.map((id, index) => ({
              category: "installed_with",
              full_product_name: { name: id, product_id: id },
              product_reference: next(index),
              relates_to_product_reference: next(index),
            })),
          }
        : {
            product_paths: ids.map((id, index) => ({
              beginning_product_reference: next(index),
              full_product_name: { name: id, product_id: id },
              subpaths: [{ category: "installed_with", next_product_reference: next(index) }],
            })),
          };
    const document = { ...(csaf(version)["document"] as JsonObject), category: "csaf_security_advisory" };
    const product_status = { known_affected: ids.slice(0, 15_000), fixed: ids.slice(15_000) };
    const report = validate(version, {
      document,
      product_tree: tree,
      vulnerabilities: [{ ...VULNERABILITY, product_status }],
    });
    assert.ok(failing(report, "6.1.3") > 0);
    assert.equal(notRun(report, "6.1.27.13"), undefined);
  });

  test(`CSAF ${version}: groups that stand for a billion products leave the test that asks as not run`, () => {
    const ids = names(50_000);
    const product_tree = { full_product_names: products(ids), product_groups: [{ group_id: "G", product_ids: ids }] };
    const report = validate(version, {
      product_tree,
      vulnerabilities: many(20_000, () => ({
        ...VULNERABILITY,
        product_status: { known_not_affected: ["P-1"] },
        flags: [{ label: "component_not_present", group_ids: ["G"] }],
      })),
    });
    assert.match(notRun(report, "6.1.27.9") ?? "", /more than is looked at/);
    assert.equal(notRun(report, "6.1.1"), undefined, "others are run");
    assert.notEqual(report.outcome, "valid");
  });

  test(`CSAF ${version}: a group that has itself as a member is no product, and no circle`, () => {
    const product_tree = {
      full_product_names: products(["P-1"]),
      product_groups: [{ group_id: "G", product_ids: ["G", "P-1"] }],
    };
    const report = validate(version, { product_tree, vulnerabilities: undefined as unknown as Json });
    assert.equal(failing(report, "6.1.1"), 1);
  });

  test(`CSAF ${version}: branches are read to a depth, and counted to thirty`, () => {
    const below = (depth: number): JsonObject =>
      depth === 0
        ? { category: "product_version", name: "1", product: { name: "a", product_id: "a" } }
        : { category: "product_family", name: "a", branches: [below(depth - 1)] };
    const report = validate(version, { product_tree: { branches: [below(80)] } });
    if (version === "2.1") assert.equal(failing(report, "6.1.34"), 1);
    assert.throws(
      () => validate(version, { product_tree: { branches: [below(150)] } }),
      (error) => error instanceof Fault && error.facts.code === "WB-JSON-TOO-DEEP",
    );
  });

  test(`CSAF ${version}: texts made to blow up a pattern are refused in time`, () => {
    const bombs: readonly string[] = [
      `cpe:2.3:a:${"\\?".repeat(20_000)}${"?".repeat(20_000)}`,
      `cpe:2.3:a${":*".repeat(30_000)}`,
      `cpe:/${"a:".repeat(30_000)}`,
      `pkg:npm/${"%".repeat(20_000)}`,
      `pkg:npm/${"@".repeat(20_000)}?${"a=&".repeat(20_000)}`,
      `vers:npm/${">1|<".repeat(15_000)}`,
      `${"a-".repeat(30_000)}!`,
      `1.0.0-${"0".repeat(60_000)}!`,
      `${"1.".repeat(30_000)}`,
      `x_${"a.".repeat(30_000)}#`,
      `${"(".repeat(60_000)}MIT`,
      `${" ".repeat(60_000)}a`,
      `CVSS:3.1/${"AV:N/".repeat(10_000)}`,
      `${"-".repeat(60_000)}`,
    ];
    for (const bomb of bombs) {
      const helper = { cpe: bomb, purl: bomb, purls: [bomb], model_numbers: [bomb] };
      const report = validate(version, {
        document: {
          ...(csaf(version)["document"] as JsonObject),
          category: bomb,
          lang: bomb,
          license_expression: bomb,
          title: bomb,
          tracking: { id: bomb, version: bomb, revision_history: [{ date: bomb, number: bomb, summary: "A." }] },
        },
        product_tree: {
          branches: many(20, (index) => ({
            category: index % 2 === 0 ? "product_version_range" : "product_version",
            name: bomb,
            product: { name: bomb, product_id: bomb, product_identification_helper: helper },
          })),
        },
        vulnerabilities: [
          {
            cve: bomb,
            cwe: { id: bomb, name: bomb },
            cwes: [{ id: bomb, name: bomb, version: bomb }],
            ids: [{ system_name: "https://euvd.enisa.europa.eu", text: bomb }],
            metrics: [
              {
                content: {
                  cvss_v3: { version: "3.1", vectorString: bomb },
                  ssvc_v2: { selections: [{ key: bomb, namespace: bomb, version: bomb, values: [{ key: bomb }] }] },
                },
                products: [bomb],
              },
            ],
          },
        ],
      });
      assert.equal(report.outcome, "invalid");
      for (const { message } of report.problems) assert.ok(message.length < 1000);
    }
  });

  test(`CSAF ${version}: thousands of version ranges below one branch are compared to a bound`, () => {
    const branches = [
      {
        category: "vendor",
        name: "v",
        branches: many(30_000, (index) => ({
          category: "product_version_range",
          name: `vers:intdot/>=${index}|<${index + 1}`,
          product: { name: "a", product_id: `P-${index}` },
        })),
      },
    ];
    const report = validate(version, { product_tree: { branches } });
    if (version === "2.1") assert.match(notRun(report, "6.2.50.1") ?? "", /more than is looked at/);
    assert.equal(failing(report, "6.1.50"), 0);
  });

  test(`CSAF ${version}: a history of fifty thousand revisions, one of them beyond all numbers`, () => {
    const revision_history = many(50_000, (index) => ({
      date: "2026-01-01T00:00:00Z",
      number: index === 7 ? "9".repeat(900) : String(index),
      summary: "A.",
    }));
    const document = csaf(version)["document"] as JsonObject;
    const tracking = { ...(document["tracking"] as JsonObject), revision_history };
    const report = validate(version, { document: { ...document, tracking } });
    assert.ok(failing(report, "6.1.21") > 100);
  });

  test(`CSAF ${version}: what a message repeats of the document is clean`, () => {
    const product_status = { fixed: ["a\u0000\u001b[31m\u202eb"] };
    const report = validate(version, { vulnerabilities: [{ ...VULNERABILITY, product_status }] });
    const message = report.problems.find(({ test: id }) => id === "6.1.1")?.message ?? "";
    assert.match(message, /not defined/);
    assert.doesNotMatch(message, /[\u0000-\u001f\u202a-\u202e]/);
  });
}
