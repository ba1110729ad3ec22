import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { ReportInput } from "../../../src/format/report/input.ts";
import { attributes, link, markup, plainly } from "../../../src/format/report/markup.ts";
import { printReport } from "../../../src/format/report/report.ts";
import { layeredSbom, receivedSample, sampleReport } from "../../support/sample-report.ts";
import { tagsOf, textOf } from "./page-tags.ts";

/** Half of a surrogate pair. */
const HALF = String.fromCharCode(0xd800);

const INJECTIONS = [
  `"><script>alert(1)</script>`,
  `' onmouseover='alert(1)`,
  "</style></title></svg><img src=x onerror=alert(1)>",
  "<!--",
  "]]>",
  "&lt;b&gt;",
  "&#60;script&#62;",
  "javascript:alert(1)",
  "`${x}`",
  "\u202egpj.exe\u2066",
  "\u0000\u001b[31m\u007f\u0085",
  HALF,
  "a\u200bb\ufeffc\u00add",
];
const hostile = fc.oneof(
  fc.constantFrom(...INJECTIONS),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .tuple(fc.constantFrom(...INJECTIONS), fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom(...INJECTIONS))
    .map((parts) => parts.join("")),
);

/** Members whose values come from the code's own closed lists, so that input cannot choose them. */
const CLOSED = new Set(
  "station decision outcome mode kind lifecycle scope severity technique completeness party".split(" "),
);

/** The input with every free string in it replaced, the same string always by the same. */
function spoil(input: ReportInput, replace: (index: number) => string): ReportInput {
  const replaced = new Map<string, string>();
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") {
      const known = replaced.get(value) ?? replace(replaced.size);
      replaced.set(value, known);
      return known;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, CLOSED.has(key) ? each : walk(each)]));
  };
  return walk(input) as ReportInput;
}

/** Tags and the names of their attributes, in any order, without the marks that stand for odd characters. */
function skeleton(page: string): readonly string[] {
  return tagsOf(page)
    .map(({ name, attributes: all }) => `${name} ${[...all.keys()].join(" ")}`)
    .filter((tag) => tag.trim() !== "mark" && tag.trim() !== "/mark")
    .toSorted();
}

test("no string of the input makes a tag or an attribute, wherever it stands in the page, shipped or received", () => {
  for (const input of [sampleReport(layeredSbom(12)), receivedSample(layeredSbom(12))]) {
    const plain = skeleton(printReport(spoil(input, (index) => `x${index}`)));
    fc.assert(
      fc.property(hostile, (text) => {
        const page = printReport(spoil(input, (index) => `${text}${index}`));
        assert.deepEqual(skeleton(page), plain);
        for (const [mark] of page.matchAll(/<mark.*?<\/mark>/gs))
          assert.match(mark, /^<mark>U\+[0-9A-F]{4,6}<\/mark>$/);
      }),
      { numRuns: 60 },
    );
  }
});

test("a string put into markup, an attribute or plain text comes out as written, apart from odd characters", () => {
  const printable = fc.string({ unit: "grapheme-ascii", maxLength: 80 });
  fc.assert(
    fc.property(printable, (text) => {
      const page = markup`<p${attributes({ title: text })}>${text}</p><i>${plainly(text)}</i>`.source;
      const [start] = tagsOf(page);
      assert.equal(textOf(`<body>${start?.attributes.get("title")}`), textOf(`<body>${plainly(text).source}`));
      assert.equal(textOf(`<body>${markup`${text}`.source}`).trim(), text.replaceAll(/\s+/g, " ").trim());
    }),
  );
});

test("control, bidirectional, blank and half characters are shown by their code point", () => {
  const shown = markup`${`a\u0000\u0009\u000a\u202e\u2066\u200b\ufeff\u00a0\u3164${HALF}\u{e0041}b`}`.source;
  const points = "0000 0009 000A 202E 2066 200B FEFF 00A0 3164 D800 E0041".split(" ");
  assert.equal(shown, `a${points.map((point) => `<mark>U+${point}</mark>`).join("")}b`);
  assert.equal(plainly("a\u202eb").source, "a⟨U+202E⟩b");
  assert.equal(markup`${"日本語 é 👍 → ½"}`.source, "日本語 é 👍 → ½");
});

test("a text of a megabyte is cut and says so, in text and in attributes", () => {
  const long = "<".repeat(1_000_000);
  assert.equal(markup`${long}`.source, `${"&lt;".repeat(600)}… (999400 more)`);
  assert.ok(attributes({ title: long }).source.length < 3000);
});

test("only an https address without credentials becomes a link, and it is written in ASCII", () => {
  for (const url of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http://advisories.example/1",
    "https://user:secret@advisories.example/",
    "//advisories.example",
    "/1",
    "https://",
    "",
    `https://advisories.example/${"a".repeat(700)}`,
    undefined,
  ]) {
    assert.equal(link(url, "A-1").source, "A-1", String(url));
  }
  assert.match(
    link(`https://аpple.example/"><b>`, "A-1").source,
    /^<a href="https:\/\/xn--[a-z0-9-]+\.example\/[^"<>]*" rel=/,
  );
  fc.assert(
    fc.property(fc.webUrl({ validSchemes: ["https", "http"] }), hostile, (url, text) => {
      const [tag] = tagsOf(link(url, text).source);
      const address = tag?.name === "a" ? tag.attributes.get("href") : undefined;
      assert.equal(address !== undefined, url.startsWith("https:"));
      if (address !== undefined) assert.match(address, /^https:\/\/[!-~]*$/);
    }),
  );
});
