import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { printTable } from "../../../src/format/report/table.ts";
import { displayWidth } from "../../../src/format/report/width.ts";

const rows = [
  ["provenance", "acme-semver-lite-0.4.1.tgz", "6"],
  ["cyclonedx", "pkg:npm/%40acme/a-package-with-a-long-name@1.0.0", "1,200"],
];

test("at 200 columns each cell stands on one line, aligned, numbers right", () => {
  assert.equal(
    printTable(["type", "about", "line"], rows, 200),
    [
      "type        about                                              line",
      "──────────  ────────────────────────────────────────────────  ─────",
      "provenance  acme-semver-lite-0.4.1.tgz                            6",
      "cyclonedx   pkg:npm/%40acme/a-package-with-a-long-name@1.0.0  1,200",
    ].join("\n"),
  );
});

test("where it is too narrow the widest column breaks, after a joint", () => {
  assert.equal(
    printTable(["type", "about", "line"], rows, 46),
    [
      "type        about                         line",
      "──────────  ───────────────────────────  ─────",
      "provenance  acme-semver-lite-0.4.1.tgz       6",
      "cyclonedx   pkg:npm/%40acme/a-package-   1,200",
      "            with-a-long-name@1.0.0",
    ].join("\n"),
  );
});

test("where no column can give way, rows become blocks", () => {
  assert.equal(
    printTable(["type", "about", "line"], rows.slice(0, 1), 20),
    ["type:  provenance", "about: acme-semver-lite-0.4.1.tgz", "line:  6"].join("\n"),
  );
});

test("no line is wider than asked, and no text of a cell is lost", () => {
  const cell = fc.string({ unit: fc.constantFrom(..."ab/-. 日本é👍"), maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { maxLength: 4 }),
      fc.integer({ min: 28, max: 200 }),
      (cells, width) => {
        const text = printTable(["one", "two", "three"], cells, width);
        for (const line of text.split("\n"))
          assert.ok(displayWidth(line) <= width, `${displayWidth(line)} > ${width}: ${line}`);
        const letters = (all: string): string => [...all.replaceAll(/[\s─]/g, "")].toSorted().join("");
        assert.equal(letters(text), letters(`onetwothree${cells.flat().join("")}`));
      },
    ),
  );
});

test("wide characters take two columns, marks none", () => {
  assert.equal(displayWidth("日本語"), 6);
  assert.equal(displayWidth("e\u0301é"), 2);
  assert.equal(displayWidth("👍🏽!"), 3);
  assert.equal(displayWidth("한글"), 4);
  assert.equal(
    printTable(
      ["a", "b"],
      [
        ["日本", "x"],
        ["ab", "y"],
      ],
      80,
    ),
    "a     b\n────  ─\n日本  x\nab    y",
  );
});

test("control and bidirectional characters never reach the terminal, and a huge cell is cut", () => {
  const text = printTable(["name"], [["a\u001b[31m\u202eb\nc"], ["x".repeat(1_000_000)]], 80);
  assert.doesNotMatch(text, /[\u001b\u202e]/);
  assert.equal(text.split("\n")[2], "a\ufffd[31m\ufffdb\ufffdc");
  assert.ok(text.length < 1000);
});

test("without rows the heads stand alone; a missing cell is empty", () => {
  assert.equal(printTable(["a", "b"], [], 80), "a  b\n─  ─");
  assert.equal(printTable(["a", "b"], [["x"]], 80), "a  b\n─  ─\nx");
});
