import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml, type XmlElement } from "../../src/format/xml.ts";
import { Fault } from "../../src/model/fault.ts";

function codeOf(bytes: string | Uint8Array): string {
  try {
    parseXml(Buffer.from(bytes as string), "x.xml");
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

function read(text: string): XmlElement {
  return parseXml(Buffer.from(text), "x.xml");
}

test("bounded: depth, attributes, elements, and texts of 10 MB in little time", () => {
  const start = performance.now();
  assert.equal(codeOf("<a>".repeat(100_000)), "WB-XML-TOO-DEEP x.xml:1");
  assert.equal(codeOf(`${"<a>".repeat(200)}${"</a>".repeat(200)}`), "read");
  const attributes = Array.from({ length: 300 }, (_, n) => `a${n}=''`).join(" ");
  assert.equal(codeOf(`<a ${attributes}/>`), "WB-XML-TOO-LARGE x.xml:1");
  assert.equal(codeOf(`<a>${"<b/>".repeat(500_001)}</a>`), "WB-XML-TOO-LARGE x.xml:1");
  assert.equal(codeOf(Buffer.alloc(32 * 1024 * 1024 + 1, 32)), "WB-XML-TOO-LARGE x.xml");
  const long = "x".repeat(10 * 1024 * 1024);
  assert.equal(read(`<a>${long}</a>`).children[0], long);
  assert.equal(read(`<a b="${long}"/>`).attributes[0]?.value, long);
  assert.equal(codeOf(`<a>${"&amp;".repeat(2_000_000)}</a>`), "read");
  assert.equal(codeOf(`<${long}`), "WB-XML-SYNTAX x.xml:1");
  assert.equal(codeOf(`<a>${"<!---->".repeat(1_000_000)}</a>`), "read");
  assert.equal(codeOf(`<a${" ".repeat(10_000_000)}`), "WB-XML-SYNTAX x.xml:1");
  assert.ok(performance.now() - start < 15_000, `took ${Math.round(performance.now() - start)} ms`);
});
