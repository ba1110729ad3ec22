import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCycloneDxDocument, validateCycloneDx } from "../../../src/format/cyclonedx/document.ts";
import { vexComponent } from "../../../src/format/vex/component.ts";
import { parseVex } from "../../../src/format/vex/read.ts";
import { printVex, type VexFormName } from "../../../src/format/vex/write.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { VexDocument, VexStatement } from "../../../src/model/vex.ts";
import { AT, said, through } from "../../support/vex.ts";
import { STATEMENTS } from "./statements-sample.ts";

const FORMS: readonly (readonly [VexFormName, string | undefined])[] = [
  ["openvex", undefined],
  ["csaf", "2.0"],
  ["csaf", "2.1"],
  ["cyclonedx-json", "1.4"],
  ["cyclonedx-json", "1.6"],
  ["cyclonedx-json", "1.7"],
  ["cyclonedx-xml", "1.6"],
];

for (const [form, version] of FORMS) {
  test(`${form} ${version ?? ""} says again all that it was told`, async () => {
    const { read, lost, text } = await through(STATEMENTS, form, version);
    assert.deepEqual(said(read.statements), said(STATEMENTS.statements));
    assert.deepEqual(lost, []);
    for (const name of ["id", "author", "role", "version", "timestamp", "lastUpdated"] as const) {
      assert.equal(read[name], STATEMENTS[name], name);
    }
    // The same document, the same bytes.
    assert.equal((await through(STATEMENTS, form, version)).text, text);
  });
}

test("what is written in CycloneDX is valid CycloneDX", async () => {
  for (const [form, version] of FORMS.filter(([name]) => name.startsWith("cyclonedx"))) {
    const { text } = await through(STATEMENTS, form, version);
    assert.deepEqual(validateCycloneDx(parseCycloneDxDocument(Buffer.from(text), "v")), [], `${form} ${version}`);
  }
});

test("what a form cannot say is named", async () => {
  const rich: VexDocument = {
    ...STATEMENTS,
    title: "Statements on app",
    statements: [
      {
        ...(STATEMENTS.statements[1] as VexStatement),
        actions: [{ response: "vendor_fix", text: "Take 1.0.0.", url: "https://dl.example" }],
        products: [{ ...vexComponent({ names: ["pkg:npm/app@1.0.0"], name: "The App" }), subcomponents: [] }],
      },
    ],
  };
  const { lost } = await through(rich, "openvex", undefined);
  assert.deepEqual(lost, [
    "the document's title: Statements on app",
    "the name The App",
    "GHSA-dddd-eeee-ffff: the kind of an action, vendor_fix",
  ]);
  const history: VexDocument = {
    ...STATEMENTS,
    statements: [
      {
        ...(STATEMENTS.statements[2] as VexStatement),
        status: "under_investigation",
        timestamp: "2026-01-02T00:00:00Z",
      },
      STATEMENTS.statements[2] as VexStatement,
    ],
  };
  const csaf = await through(history, "csaf", undefined);
  assert.deepEqual(csaf.lost, [
    "CVE-2026-0002: an older statement (2026-01-02T00:00:00Z); CSAF has one status for a product",
  ]);
  assert.deepEqual(
    csaf.read.statements.map(({ status }) => status),
    ["fixed"],
  );
});

test("CSAF without a name space for its publisher is refused with what to do", () => {
  const { id: _id, ...anonymous } = STATEMENTS;
  assert.throws(
    () => printVex(anonymous, "csaf", { at: AT }),
    (error) =>
      error instanceof Fault && error.facts.code === "WB-VEX-INCOMPLETE" && /--namespace/u.test(error.facts.fix ?? ""),
  );
});

test("trailers: only a last paragraph of known ones counts, and an expiry that cannot be read has passed", async () => {
  const notes = async (text: string): Promise<VexStatement | undefined> => {
    const document = {
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": "https://vex.example/1",
      author: "a",
      timestamp: AT,
      version: 1,
      statements: [
        { vulnerability: { name: "CVE-1" }, products: [{ "@id": "pkg:npm/a" }], status: "fixed", status_notes: text },
      ],
    };
    return (await parseVex(Buffer.from(JSON.stringify(document)), "v")).statements[0];
  };
  assert.equal((await notes("Waybill-Expires: 2027-01-01T00:00:00Z"))?.expires, "2027-01-01T00:00:00Z");
  assert.equal((await notes("A.\n\nWaybill-Expires: soon"))?.expires, "0001-01-01T00:00:00Z");
  const inside = await notes("Waybill-Carry-Over: until fixed\n\nmore");
  assert.deepEqual([inside?.carryOver, inside?.notes], [undefined, "Waybill-Carry-Over: until fixed\n\nmore"]);
  const unknown = await notes("Waybill-Carry-Over: major\nWaybill-Other: x");
  assert.equal(unknown?.carryOver, undefined);
  assert.equal((await notes("Waybill-Carry-Over: everything"))?.carryOver, "none");
});
