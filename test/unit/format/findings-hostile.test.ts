import assert from "node:assert/strict";
import { test } from "node:test";
import { SCAN_FORMS } from "../../../src/cli/scan-forms.ts";
import { codeMarkdown, linkMarkdown, plainMarkdown } from "../../../src/format/findings/markdown-text.ts";
import type { TableView } from "../../../src/format/findings/table.ts";
import { parseXml } from "../../../src/format/xml.ts";
import { CLEAN, finding, resultOf, RESULT, scanOf, SHOP } from "./findings-sample.ts";

/** Moves the cursor, turns text round, hides, ends a line, a cell, a span, an element, a command, an attribute. */
const EVIL =
  "a\u0000\u001b[2J\u202e\u2066\u200b\u009b31m\u2028\u{e0041}\ud800\n::error::forged ##[error]forged <script>alert(1)</script> \"'><img src=x> | `x` ]](https://evil.example) @everyone #1 ]]> &amp; %0A {0} \\";
const UNSAFE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\p{Cs}\u{e0000}-\u{e007f}]/u;

const evil = finding("qs", `GHSA-${EVIL}`, {
  component: `pkg:npm/${EVIL}`,
  purl: `pkg:npm/${EVIL}`,
  name: EVIL,
  version: EVIL,
  ecosystem: EVIL,
  ids: [EVIL, `CVE-${EVIL}`],
  summary: EVIL,
  url: `https://${EVIL}`,
  fixed: [EVIL, EVIL],
  locations: [{ path: `${EVIL}/package-lock.json`, line: 3 }],
  paths: [["root", `pkg:npm/${EVIL}@1`, "end"]],
  rating: {
    risk: 50,
    cvss: { version: "3.1", vector: EVIL, score: 9, severity: "critical" },
    epss: { cve: EVIL, score: 0.5, percentile: 0.5, date: EVIL },
    exploited: { cve: EVIL, added: EVIL, ransomware: false },
  },
});
const settled = {
  ...evil,
  id: `GHSA-2${EVIL}`,
  vex: { status: "not_affected" as const, justification: EVIL, author: EVIL, document: EVIL, at: EVIL },
};
const [first] = SHOP.components;
const hostile = scanOf([evil, settled]);
const overrule = { id: EVIL, action: "change", reason: EVIL, owner: EVIL, expires: EVIL, expired: true } as const;
const HOSTILE = resultOf([
  {
    ...hostile,
    matched: { ...hostile.matched, overruled: [overrule] },
    source: EVIL,
    under: `${EVIL}/`,
    sbom: {
      ...SHOP,
      subject: { name: EVIL, version: EVIL, digests: {} },
      components: [{ ...(first as NonNullable<typeof first>), name: EVIL, version: EVIL, ecosystem: EVIL }],
      unknowns: [{ where: EVIL, what: EVIL }],
    },
  },
]);
const VIEW: TableView = { columns: 100, all: true, verbose: true, paint: (_role, text) => text, indexDays: () => 1 };

const printed = await Promise.all(
  Object.entries(SCAN_FORMS).map(async ([form, { load }]) => [form, (await load())(HOSTILE, VIEW)] as const),
);

for (const [form, text] of printed) {
  test(`${form}: no text of the input moves a cursor, turns text round or begins a line`, () => {
    const odd = UNSAFE.exec(text);
    assert.equal(
      odd,
      null,
      `U+${odd?.[0].codePointAt(0)?.toString(16)} near ${text.slice((odd?.index ?? 0) - 60, odd?.index)}`,
    );
    assert.doesNotMatch(text, /^\s*::error::forged/m);
    if (!text.startsWith("{")) assert.ok(text.split("\n").every((line) => line.length < 8000));
  });
  test(`${form}: the same result gives the same bytes, and nothing found is a whole document`, async () => {
    const print = await (SCAN_FORMS[form] as (typeof SCAN_FORMS)[string]).load();
    assert.equal(print(HOSTILE, VIEW), text);
    assert.equal(print(RESULT, VIEW), print(RESULT, VIEW));
    // A CSAF document of no statement is none.
    if (form.startsWith("csaf")) return;
    const clean = print(CLEAN, VIEW);
    if (form !== "text") assert.ok(clean.length > 0);
    if (text.startsWith("{")) JSON.parse(clean);
  });
}

const of = (form: string): string => printed.find(([name]) => name === form)?.[1] ?? "";

test("JSON forms lose nothing of it", () => {
  const document = JSON.parse(of("json")) as { findings: { component: { name: string } }[] };
  assert.equal(document.findings[0]?.component.name, EVIL);
});

test("HTML holds no element of the input", () => {
  assert.doesNotMatch(of("html"), /<script|<img/);
  assert.doesNotMatch(of("html"), /href="(?!https:|#)/);
});

test("JUnit is well-formed, and holds no element of the input", () => {
  const names = new Set([
    "testsuites",
    "testsuite",
    "properties",
    "property",
    "testcase",
    "failure",
    "skipped",
    "system-out",
  ]);
  const walk = (element: ReturnType<typeof parseXml>): void => {
    assert.ok(names.has(element.name), element.name);
    for (const child of element.children) if (typeof child !== "string") walk(child);
  };
  walk(parseXml(Buffer.from(of("junit")), "junit.xml"));
});

test("a workflow command has no other command, property or line in it", () => {
  const commands = of("github")
    .split("\n")
    .filter((line) => line.trimStart().startsWith("::"));
  assert.equal(commands.length, 1);
  const [, properties = ""] = /^::error ([^]*?)::/.exec(commands[0] ?? "") ?? [];
  assert.deepEqual(
    properties.split(",").map((one) => one.split("=")[0]),
    ["file", "line", "title"],
  );
  assert.doesNotMatch(of("github"), /##\[/);
});

test("Markdown holds no element, mention, reference, image or link of the input", () => {
  const text = of("markdown");
  // Without what a backslash escapes, and without code spans, which show everything as it is.
  const outside = text.replace(/\\[!-/:-@[-`{-~]|`[^`\n]*`/g, "");
  assert.doesNotMatch(outside, /<(?!\/?(?:details|summary)>|https:\/\/)/);
  assert.doesNotMatch(outside, /[@#](?=[\p{L}\p{N}])/u);
  assert.doesNotMatch(outside, /\]\((?!<https:)/);
  for (const line of text.split("\n").filter((one) => one.startsWith("|")))
    assert.equal(line.replace(/\\\|/g, "").split("|").length, 6, line);
});

test("Markdown escapes what is plain, bounds code and links to https alone", () => {
  assert.equal(
    plainMarkdown("@team see #12, www.evil.example and http://x"),
    "`@`team see `#`12, www\\.evil.example and http\\://x",
  );
  assert.equal(plainMarkdown("*a* _b_ [c](d) <e> $f$"), "\\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\$f\\$");
  assert.equal(codeMarkdown("a`b|c"), "`a'b¦c`");
  assert.equal(codeMarkdown(" "), "");
  assert.equal(linkMarkdown("https://a.example/x>(y", "t"), "[`t`](<https://a.example/x%3E(y>)");
  for (const url of ["javascript:alert(1)", "https://user:password@a.example", "x", undefined])
    assert.equal(linkMarkdown(url, "t"), "`t`");
});

test("SARIF names files by references that no text of a path turns into others", () => {
  const uris = Array.from(of("sarif").matchAll(/"uri": "([^"]*)"/g), ([, uri]) => uri as string);
  assert.ok(uris.length > 0);
  for (const uri of uris) assert.match(uri, /^[A-Za-z0-9\-_.!~*'()%/]+$/);
});
