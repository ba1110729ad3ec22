import assert from "node:assert/strict";
import { test } from "node:test";
import { validateCsaf } from "../../../src/format/csaf/validate.ts";
import { findingsVex } from "../../../src/format/findings/vex.ts";
import { parseVex } from "../../../src/format/vex/read.ts";
import { Fault } from "../../../src/model/fault.ts";
import { golden } from "../../support/golden.ts";
import { assertValid, cyclonedxValidator } from "../../support/schemas.ts";
import { RESULT } from "./findings-sample.ts";

const FORMS = [
  ["openvex", "0.2.0", "scan.openvex.json"],
  ["csaf", "2.0", "scan.csaf.json"],
  ["csaf", "2.1", "scan.csaf-2.1.json"],
  ["cyclonedx-json", "1.6", "scan.vex.cdx.json"],
] as const;

for (const [form, version, name] of FORMS) {
  test(`${form} ${version}: what is known stands as it is, malicious code is affected, the rest is under investigation`, async () => {
    const text = findingsVex(form, version)(RESULT);
    golden(`findings/${name}`, text);
    const { statements, author } = await parseVex(Buffer.from(text), name);
    assert.equal(author, "Acme");
    const statuses = Object.fromEntries(statements.map((one) => [one.vulnerability?.name ?? "", one.status]));
    assert.deepEqual(Object.values(statuses).toSorted(), [
      "affected",
      "not_affected",
      "under_investigation",
      "under_investigation",
      "under_investigation",
      "under_investigation",
    ]);
    for (const { products } of statements) assert.ok(products.length > 0);
  });
}

test("CSAF passes its mandatory tests, CycloneDX its schema", () => {
  for (const version of ["2.0", "2.1"]) {
    const text = findingsVex("csaf", version)(RESULT);
    const report = validateCsaf(Buffer.from(text), "csaf.json", { groups: ["mandatory"] });
    assert.deepEqual(report.problems, [], version);
    assert.ok(report.testsRun.length > 30, String(report.testsRun.length));
  }
  assertValid(cyclonedxValidator(), JSON.parse(findingsVex("cyclonedx-json", "1.6")(RESULT)));
});

test("a statement without an author is refused", () => {
  assert.throws(
    () => findingsVex("openvex", "0.2.0")({ ...RESULT, author: undefined }),
    (error) => error instanceof Fault && error.facts.code === "WB-USAGE-OPTION",
  );
});
