import assert from "node:assert/strict";
import { test } from "node:test";
import { validateCsaf } from "../../../../src/format/csaf/validate.ts";
import type { JsonObject } from "../../../../src/model/statement.ts";
import { Fault } from "../../../../src/model/fault.ts";
import { csaf } from "./sample.ts";

const bytes = (document: JsonObject): Buffer => Buffer.from(JSON.stringify(document));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error.facts.code;
    throw error;
  }
  return "";
}

test("a document of another version, or of none, is refused with its own code", () => {
  const document = { ...(csaf("2.0")["document"] as JsonObject), csaf_version: "1.2" };
  assert.equal(
    codeOf(() => validateCsaf(bytes({ document }), "x")),
    "WB-CSAF-VERSION",
  );
  assert.equal(
    codeOf(() => validateCsaf(bytes({ document: {} }), "x")),
    "WB-CSAF-FORM",
  );
  assert.equal(
    codeOf(() => validateCsaf(Buffer.from("[]"), "x")),
    "WB-CSAF-FORM",
  );
});

test("tests that cannot be run are told with the reason, and the outcome rests on the mandatory ones", () => {
  const report = validateCsaf(bytes(csaf("2.1")), "x");
  assert.equal(report.outcome, "valid");
  assert.deepEqual(
    report.testsNotRun.map(({ id }) => id),
    [
      "6.3.6",
      "6.3.7",
      "6.3.8",
      "6.3.16",
      "6.2.33",
      "6.2.50.1",
      "6.2.50.2",
      "6.2.50.3",
      "6.3.19.1",
      "6.3.19.2",
      "6.3.19.3",
      "6.3.19.4",
      "6.3.19.5",
    ],
  );
  const some = validateCsaf(bytes(csaf("2.1")), "x", { groups: ["informative"] });
  assert.equal(some.outcome, "unchecked");
  assert.ok(some.testsRun.every((id) => id.startsWith("6.3.")));
});

test("a recommendation that is not followed leaves the document valid", () => {
  const report = validateCsaf(bytes(csaf("2.0")), "x");
  assert.ok(report.problems.some(({ group, fails }) => group === "recommended" && fails));
  assert.equal(report.outcome, "valid");
});

test("a version of CWE that is not known is told, and does not fail the document", () => {
  const document = structuredClone(csaf("2.1")) as { vulnerabilities: { cwes: { version: string }[] }[] } & JsonObject;
  const cwe = document.vulnerabilities[0]?.cwes[0];
  assert.ok(cwe);
  cwe.version = "9.9";
  const report = validateCsaf(bytes(document), "x");
  const told = report.problems.filter((each) => each.test === "6.1.11");
  assert.deepEqual(
    told.map(({ path, fails }) => [path, fails]),
    [["/vulnerabilities/0/cwes/0/version", false]],
  );
  assert.equal(report.outcome, "valid");
});

test("a thousand problems of one test are told one by one, the rest by their number", () => {
  const product_status = { fixed: Array.from({ length: 3000 }, (_, index) => `Z-${index}`) };
  const document = { ...csaf("2.0"), vulnerabilities: [{ cve: "CVE-2026-0001", product_status }] };
  const told = validateCsaf(bytes(document), "x").problems.filter((each) => each.test === "6.1.1");
  assert.equal(told.length, 1001);
  assert.match(told.at(-1)?.message ?? "", /^and 2000 more/);
});

test("names of JavaScript's own objects are members like others, and mean nothing here", () => {
  const document = JSON.parse(
    JSON.stringify(csaf("2.1")).replace('"title":"A title"', '"title":"A title","__proto__":{"x":1},"constructor":1'),
  ) as JsonObject;
  const paths = validateCsaf(bytes(document), "x").problems.flatMap(({ test: id, path }) =>
    id === "schema" ? [path] : [],
  );
  assert.deepEqual(paths.toSorted(), ["/document/__proto__", "/document/constructor"]);
});
