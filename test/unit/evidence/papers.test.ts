import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { openPapers, paperOf } from "../../../src/evidence/papers.ts";
import { type Bundle, BUNDLE_MEDIA_TYPE } from "../../../src/model/bundle.ts";
import { Fault, type FaultFacts } from "../../../src/model/fault.ts";

function bundle(text: string): Bundle {
  const base64 = Buffer.from(text).toString("base64");
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: "hint" } },
    dsseEnvelope: { payload: base64, payloadType: "text", signatures: [{ sig: base64 }] },
  };
}

const [one, two, three] = [bundle("one"), bundle("two"), bundle("three")];
const line = (from: Bundle): string => paperOf(from).text;

function fileWith(t: TestContext, content?: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-papers-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "widget.tgz.waybill.jsonl");
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

function factsOf(read: () => unknown): FaultFacts {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return error.facts;
  }
  return assert.fail("nothing was thrown");
}

test("a paper is its line: one line of JSON without line feed, and the digest of it", () => {
  const { digest, text } = paperOf(one);
  assert.doesNotMatch(text, /\n/u);
  assert.equal(digest, sha256(text));
  assert.deepEqual(JSON.parse(text), one);
});

test("no file: no papers, and it is known why", (t) => {
  const papers = openPapers(fileWith(t));
  assert.deepEqual(papers.read(), []);
  assert.deepEqual(papers.contents(), { known: false, why: "there is no papers file" });
});

test("an empty file is there and has no papers", (t) => {
  for (const text of ["", "\n"]) {
    assert.deepEqual(openPapers(fileWith(t, text)).contents(), { known: true, value: { papers: [], duplicates: 0 } });
  }
});

test("each line is a paper with its digest and number; a blank last line, or none, is fine", (t) => {
  for (const end of ["", "\n", "\n\n"]) {
    const papers = openPapers(fileWith(t, `${line(one)}\n${line(two)}${end}`)).read();
    assert.deepEqual(papers, [
      { digest: sha256(line(one)), line: 1, bundle: one },
      { digest: sha256(line(two)), line: 2, bundle: two },
    ]);
  }
});

test("a copy of a line counts once, and is reported", (t) => {
  const found = openPapers(fileWith(t, [one, two, one, one].map(line).join("\n"))).contents();
  assert.ok(found.known);
  assert.deepEqual(
    found.value.papers.map((paper) => paper.line),
    [1, 2],
  );
  assert.equal(found.value.duplicates, 2);
});

test("one bad line refuses the whole file, with file and line", (t) => {
  const bad: readonly [string, RegExp][] = [
    ["{", /WB-JSON-SYNTAX/u],
    ["[]", /something before/u],
    ["{}", /WB-BUNDLE-FORM/u],
    [line(two).replace("dsseEnvelope", "dsseEnvelopE"), /WB-BUNDLE-FORM/u],
    ["", /a blank line/u],
    [`${line(two)}\r`, /carriage return/u],
    [`\ufeff${line(two)}`, /something before/u],
    [` ${line(two)}`, /something before/u],
    ["\0".repeat(100), /something before/u],
    ['{"a":'.repeat(10_000), /WB-JSON-TOO-DEEP/u],
  ];
  for (const [text, found] of bad) {
    const path = fileWith(t, `${line(one)}\n${text}\n${line(three)}\n`);
    const facts = factsOf(() => openPapers(path).read());
    assert.equal(facts.code, "WB-PAPERS-LINE");
    assert.equal(facts.kind, "input");
    assert.equal(facts.where, `${path}:2`);
    assert.match(facts.found ?? "", found);
    assert.match(facts.fix ?? "", /line 2/u);
  }
});

test("a sound bundle of a kind that is not read is unchecked, not bad", (t) => {
  const other = JSON.stringify({ ...one, verificationMaterial: { certificate: { rawBytes: "AAAA" } } });
  const facts = factsOf(() => openPapers(fileWith(t, `${other}\n`)).read());
  assert.equal(facts.code, "WB-BUNDLE-KIND");
  assert.equal(facts.kind, "unchecked");
});

test("what a bad line holds is cleaned and bounded in the message", (t) => {
  const facts = factsOf(() => openPapers(fileWith(t, `{"\u001b[31m\u202e${"x".repeat(100_000)}":1}`)).read());
  assert.ok(JSON.stringify(facts).length < 2000);
  assert.doesNotMatch(JSON.stringify(facts), /\\u001b|\u202e/u);
});

test("too many lines, too large a file, and what is no file are refused before they cost anything", (t) => {
  const many = fileWith(t, `${line(one)}\n`.repeat(10_001));
  assert.equal(factsOf(() => openPapers(many).read()).where, `${many}:10001`);
  const large = fileWith(t, "");
  truncateSync(large, 256 * 1024 * 1024 + 1);
  assert.equal(factsOf(() => openPapers(large).read()).code, "WB-PAPERS-UNREADABLE");
  const folder = fileWith(t);
  mkdirSync(folder);
  assert.equal(factsOf(() => openPapers(folder).read()).code, "WB-PAPERS-UNREADABLE");
});

test("put appends, gives the lines, and leaves every old byte as it is", (t) => {
  // A line that we would print otherwise.
  const old = line(one).replaceAll(":", ": ");
  const path = fileWith(t, `${old}\n`);
  const papers = openPapers(path);
  const put = papers.put([two, three, two]);
  assert.deepEqual(
    put.map((paper) => paper.line),
    [2, 3, 2],
  );
  assert.equal(readFileSync(path, "utf8"), `${old}\n${line(two)}\n${line(three)}\n`);
  assert.deepEqual(papers.read().slice(1), put.slice(0, 2));
  assert.deepEqual(readdirSync(join(path, "..")).length, 1, "nothing temporary is left");
});

test("put is idempotent, makes the file, and heals its end only", (t) => {
  const path = fileWith(t);
  const papers = openPapers(path);
  const first = papers.put([one, two]);
  const bytes = readFileSync(path, "utf8");
  assert.equal(bytes, `${line(one)}\n${line(two)}\n`);
  assert.deepEqual(papers.put([two, one]), first.toReversed());
  assert.equal(readFileSync(path, "utf8"), bytes);
  for (const end of ["", "\n", "\n\n"]) {
    writeFileSync(path, `${line(one)}${end}`);
    papers.put([three]);
    assert.equal(readFileSync(path, "utf8"), `${line(one)}\n${line(three)}\n`);
  }
});

test("put counts lines as they stand, copies included", (t) => {
  const path = fileWith(t, `${line(one)}\n${line(one)}\n`);
  assert.equal(openPapers(path).put([two])[0]?.line, 3);
  assert.equal(openPapers(path).read()[1]?.line, 3);
});

test("nothing is added to a file that would be refused, and a file that cannot be written stays as it was", (t) => {
  const path = fileWith(t, "no bundle\n");
  assert.equal(factsOf(() => openPapers(path).put([one])).code, "WB-PAPERS-LINE");
  assert.equal(readFileSync(path, "utf8"), "no bundle\n");
  const nowhere = join(fileWith(t), "..", "no", "folder.jsonl");
  assert.equal(factsOf(() => openPapers(nowhere).put([one])).code, "WB-OUTPUT-UNWRITABLE");
});
