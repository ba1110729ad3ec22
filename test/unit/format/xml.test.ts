import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { printElement } from "../../../src/format/xml-write.ts";
import { parseXml, type XmlElement } from "../../../src/format/xml.ts";
import { Fault } from "../../../src/model/fault.ts";

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

test("elements, attributes, text, name spaces and lines", () => {
  const root = read(`\ufeff<?xml version="1.0" encoding="utf-8" standalone='yes'?>
<!-- > --><?style x?>
<a xmlns="urn:a" xmlns:b='urn:b' x="1 &lt; 2&#10;" b:x = "&quot;">
  t&amp;<![CDATA[<&]]>&#x1F600;<!-- - --><b:c/>
  <d xmlns=""/></a>
<!-- end -->`);
  assert.deepEqual([root.name, root.namespace, root.line], ["a", "urn:a", 3]);
  assert.deepEqual(
    root.attributes.map(({ name, namespace, value }) => [name, namespace, value]),
    [
      ["x", "", "1 < 2\n"],
      ["x", "urn:b", '"'],
    ],
  );
  assert.equal(root.children[0], "\n  t&<&\u{1f600}");
  const [, c, , d] = root.children as [string, XmlElement, string, XmlElement];
  assert.deepEqual([c.name, c.namespace, c.line, d.namespace, d.line], ["c", "urn:b", 4, "", 5]);
});

test("line ends become line feeds, blanks in attributes spaces, references stay", () => {
  const root = read('<a x="1\r\n2\t3&#9;4">a\rb\r\nc&#13;</a>');
  assert.equal(root.attributes[0]?.value, "1 2 3\t4");
  assert.equal(root.children[0], "a\nb\nc\r");
});

test("what is not well-formed is refused with its line", () => {
  const wrong = [
    "",
    "text",
    "<a>",
    "<a></b>",
    "<a><b></a></b>",
    "<a/><a/>",
    "<a/>text",
    "<a x=1/>",
    "<a x='1' x='2'/>",
    "<a x='1'y='2'/>",
    "<a x='<'/>",
    "<a x='1/>",
    "<a>&nbsp;</a>",
    "<a>&amp</a>",
    "<a>& b</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&#x110000;</a>",
    "<a>]]></a>",
    "<a><![CDATA[x</a>",
    "<a><!-- -- --></a>",
    "<a><!-- </a>",
    "<a><?xml version='1.0'?></a>",
    "<a><?x </a>",
    "<!ELEMENT a ANY><a/>",
    "<1/>",
    "< a/>",
    "<a:b/>",
    "<a b:c='1'/>",
    "<a xmlns:b=''/>",
    "<a xmlns:xml='urn:x'/>",
    "<a xmlns:xmlns='urn:x'/>",
    "<a xmlns:b='urn:b' xmlns:c='urn:b' b:x='1' c:x='2'/>",
    "<?xml version='2.0'?><a/>",
    "<?xml encoding='utf-8'?><a/>",
    " <?xml version='1.0'?><a/>",
    "<a>\u0000</a>",
    "<a>\u0001</a>",
    "<a>\uffff</a>",
  ];
  for (const text of wrong) assert.equal(codeOf(text), "WB-XML-SYNTAX x.xml:1", text);
  assert.equal(codeOf("<a>\n\n<b>\n</a>"), "WB-XML-SYNTAX x.xml:4");
});

test("entities are not defined, not fetched and not expanded", () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join("");
  assert.equal(codeOf(`<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]><a>&l9;</a>`), "WB-XML-DOCTYPE x.xml:1");
  assert.equal(codeOf(`<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>`), "WB-XML-DOCTYPE x.xml:1");
  assert.equal(codeOf(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<a>&x;</a>`), "WB-XML-DOCTYPE x.xml:1");
  assert.equal(codeOf("<a><!DOCTYPE b></a>"), "WB-XML-DOCTYPE x.xml:1");
});

test("encodings: by byte order mark or declaration, and only as declared", () => {
  const wide = (text: string, big: boolean, mark: boolean): Uint8Array => {
    const bytes = Buffer.from((mark ? "\ufeff" : "") + text, "utf16le");
    return big ? bytes.swap16() : bytes;
  };
  for (const big of [false, true]) {
    assert.equal(parseXml(wide("<a>ü</a>", big, true), "x").children[0], "ü");
    assert.equal(parseXml(wide('<?xml version="1.0" encoding="UTF-16"?><a>ü</a>', big, true), "x").children[0], "ü");
    assert.equal(parseXml(wide("<a>ü</a>", big, false), "x").children[0], "ü");
    assert.equal(parseXml(wide('<?xml version="1.0" encoding="UTF-8"?><a>ü</a>', big, true), "x").children[0], "ü");
    assert.equal(codeOf(wide('<?xml version="1.0" encoding="UTF-8"?><a/>', big, false)), "WB-XML-ENCODING x.xml");
    assert.equal(codeOf(wide('<?xml version="1.0" encoding="ISO-8859-1"?><a/>', big, true)), "WB-XML-ENCODING x.xml");
  }
  const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00fc</a>', "latin1");
  assert.equal(parseXml(latin, "x").children[0], "ü");
  assert.equal(codeOf(Buffer.from("<a>\u00fc</a>", "latin1")), "WB-XML-ENCODING x.xml");
  assert.equal(codeOf('<?xml version="1.0" encoding="UTF-16"?><a/>'), "WB-XML-ENCODING x.xml");
  assert.equal(codeOf('<?xml version="1.0" encoding="US-ASCII"?><a>ü</a>'), "WB-XML-ENCODING x.xml");
  assert.equal(codeOf('<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>'), "WB-XML-ENCODING x.xml");
  assert.equal(codeOf('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?><a/>'), "WB-XML-ENCODING x.xml");
  assert.equal(codeOf(Buffer.from([0xff, 0xfe, 0x3c, 0x00, 0x61])), "WB-XML-ENCODING x.xml");
});

const text = fc
  .string({ unit: "binary" })
  .map((one) => one.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "?"));
const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,6}$/).filter((one) => !/^xml/i.test(one));
const namespace = fc.constantFrom("", "urn:a", "urn:b");
const { element } = fc.letrec<{ element: XmlElement; children: readonly (XmlElement | string)[] }>((tie) => ({
  element: fc.record({
    name,
    namespace,
    prefix: fc.constant(""),
    line: fc.constant(1),
    attributes: fc
      .uniqueArray(fc.record({ name, namespace: fc.constantFrom("", "urn:c"), prefix: fc.constant(""), value: text }), {
        selector: ({ name }) => name,
        maxLength: 3,
      })
      .map((all) => all.map((one) => ({ ...one, prefix: one.namespace === "" ? "" : "c" }))),
    children: tie("children"),
  }),
  children: fc.oneof(
    { depthSize: "small" },
    fc.constant([]),
    text.map((one) => (one === "" ? [] : [one])),
    fc.array(tie("element") as fc.Arbitrary<XmlElement>, { maxLength: 3 }),
  ),
}));

test("what is printed is read back the same", () => {
  const plain = (one: XmlElement): unknown => ({
    ...one,
    line: 0,
    children: one.children.map((child) => (typeof child === "string" ? child : plain(child))),
  });
  fc.assert(
    fc.property(element, (one) => assert.deepEqual(plain(read(printElement(one, ""))), structuredClone(plain(one)))),
    { numRuns: 500 },
  );
});

test("any bytes give an element or a fault", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "</",
    "/>",
    "a",
    "b:",
    "=",
    '"',
    "'",
    "&",
    ";",
    "&amp;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "xmlns",
    ":",
    " ",
    "\n",
    "#",
    "x",
    "<a>",
    "</a>",
    "<!DOCTYPE",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (all) => void codeOf(all.join(""))),
    { numRuns: 5_000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void codeOf(bytes)),
    { numRuns: 5_000 },
  );
});
