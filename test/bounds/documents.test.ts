import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSpdx } from "../../src/format/spdx-read.ts";
import { parseXml } from "../../src/format/xml.ts";
import { parseYaml } from "../../src/format/yaml-data.ts";
import { Fault } from "../../src/model/fault.ts";

async function codeOf(work: () => unknown): Promise<string> {
  const start = performance.now();
  try {
    await work();
    return "read";
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
    throw error;
  } finally {
    assert.ok(performance.now() - start < 10_000, "takes too long");
  }
}

const xml = (text: string): Promise<string> => codeOf(() => parseXml(Buffer.from(text), "x"));
const yaml = (text: string): Promise<string> => codeOf(() => parseYaml(Buffer.from(text), "x"));
const spdx = (text: string): Promise<string> => codeOf(() => parseSpdx(Buffer.from(text), "x"));

test("XML that is not well formed is refused with the line", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "WB-XML-SYNTAX x:1"],
    ["text", "WB-XML-SYNTAX x:1"],
    ["<a>\n", "WB-XML-SYNTAX x:2"],
    ["<a>\n</b>", "WB-XML-SYNTAX x:2"],
    ["<a/><b/>", "WB-XML-SYNTAX x:1"],
    ["<a/>\ntext", "WB-XML-SYNTAX x:2"],
    ["<a b='1' b='2'/>", "WB-XML-SYNTAX x:1"],
    ["<a b=1/>", "WB-XML-SYNTAX x:1"],
    ["<a b/>", "WB-XML-SYNTAX x:1"],
    ["<a b='<'/>", "WB-XML-SYNTAX x:1"],
    ["<a b='1'c='2'/>", "WB-XML-SYNTAX x:1"],
    ["<a>&nbsp;</a>", "WB-XML-SYNTAX x:1"],
    ["<a>&</a>", "WB-XML-SYNTAX x:1"],
    ["<a>&#0;</a>", "WB-XML-SYNTAX x:1"],
    ["<a>&#xD800;</a>", "WB-XML-SYNTAX x:1"],
    ["<a>&#x110000;</a>", "WB-XML-SYNTAX x:1"],
    ["<a>]]></a>", "WB-XML-SYNTAX x:1"],
    ["<x:a/>", "WB-XML-SYNTAX x:1"],
    ["<a>\n\u0000</a>", "WB-XML-SYNTAX x:2"],
    ["<a>\n\n\u0007</a>", "WB-XML-SYNTAX x:3"],
    ["<a><!-- </a>", "WB-XML-SYNTAX x:1"],
    ["<a><![CDATA[</a>", "WB-XML-SYNTAX x:1"],
    ["<?xml version='1.0' encoding='EBCDIC'?><a/>", "WB-XML-ENCODING x"],
    ["< a/>", "WB-XML-SYNTAX x:1"],
    ["<!ELEMENT a>", "WB-XML-SYNTAX x:1"],
  ];
  for (const [text, expected] of cases) assert.equal(await xml(text), expected, text);
});

test("XML with a document type is refused before anything of it is read", async () => {
  const bomb = Array.from({ length: 9 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join(
    "",
  );
  assert.equal(await xml(`<!DOCTYPE a [<!ENTITY l0 "lol">${bomb}]>\n<a>&l9;</a>`), "WB-XML-DOCTYPE x:1");
  assert.equal(await xml(`<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`), "WB-XML-DOCTYPE x:2");
});

test("XML made to be slow or large: depth, names, attributes, declarations, one long text", async () => {
  assert.equal(await xml("<a>".repeat(100_000)), "WB-XML-TOO-DEEP x:1");
  assert.equal(await xml(`<a>${"x".repeat(10_000_000)}</a>`), "read");
  assert.equal(await xml(`<a b="${"x".repeat(10_000_000)}"/>`), "read");
  assert.equal(
    await xml(`<a ${Array.from({ length: 20_000 }, (_, index) => `b${index}=""`).join(" ")}/>`),
    "WB-XML-TOO-LARGE x:1",
  );
  const declared = Array.from({ length: 10_000 }, (_, index) => `xmlns:b${index}="u"`).join(" ");
  assert.equal(await xml(`<a ${declared}>${'<c xmlns:d="u"/>'.repeat(20_000)}</a>`), "WB-XML-TOO-LARGE x:1");
  assert.equal(await xml(`<${"a".repeat(1_000_000)}`), "WB-XML-SYNTAX x:1");
  assert.equal(await xml(`<a>${"&".repeat(200_000)}</a>`), "WB-XML-SYNTAX x:1");
  assert.equal(await xml(`<a>${"<![CDATA[x]]>".repeat(100_000)}</a>`), "read");
  assert.equal(await xml(`<a${" ".repeat(5_000_000)}/>`), "read");
});

test("YAML: bombs, cycles, depth, doubled names, other documents, tags", async () => {
  const levels = Array.from({ length: 9 }, (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(10)}]`);
  assert.equal(await yaml(`l0: &l0 lol\n${levels.join("\n")}\n`), "WB-YAML-ALIASES x");
  assert.equal(await yaml("a: &a [*a]\n"), "WB-YAML-ALIASES x");
  assert.equal(await yaml(`a: &a x\nb: [${"*a,".repeat(20_000)}]\n`), "WB-YAML-SYNTAX x:2");
  assert.equal(await yaml("[".repeat(100_000)), "WB-YAML-SYNTAX x:1");
  assert.equal(await yaml("a: 1\nb: 2\na: 3\n"), "WB-YAML-SYNTAX x:3");
  assert.equal(await yaml("--- a\n--- b\n"), "WB-YAML-SYNTAX x");
  assert.equal(await yaml("a: !!js/function x\n"), "WB-YAML-SYNTAX x:1");
  assert.equal(await yaml(`a: "${"x".repeat(10_000_000)}"\n`), "read");
  assert.equal(await yaml('a: "\u0000"\n'), "WB-YAML-SYNTAX x:1");
  assert.deepEqual(await parseYaml(Buffer.from("a: &a {b: 1.10}\nc: *a\nd: ~\n"), "x"), {
    a: { b: "1.10" },
    c: { b: "1.10" },
    d: null,
  });
});

const HEAD = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nCreated: 2026-01-02T03:04:05Z\n";
const rdf = (inner: string): string => `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:spdx="http://spdx.org/rdf/terms#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
<spdx:SpdxDocument rdf:about="https://a.example/#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion>
<spdx:name>a</spdx:name><spdx:creationInfo><spdx:CreationInfo><spdx:created>2026-01-02T03:04:05Z</spdx:created>
</spdx:CreationInfo></spdx:creationInfo></spdx:SpdxDocument>
${inner}</rdf:RDF>`;
const licensed = (licence: string): string =>
  rdf(`<spdx:Package rdf:about="https://a.example/#SPDXRef-a"><spdx:name>a</spdx:name>
<spdx:licenseDeclared>${licence}</spdx:licenseDeclared></spdx:Package>`);

test("SPDX made to harm: cyclic and growing RDF, long and many texts, deep JSON", async () => {
  assert.equal(await spdx(licensed('<spdx:ListedLicense rdf:about="http://spdx.org/licenses/MIT"/>')), "read");
  const set = (id: number, ...members: number[]): string =>
    `<spdx:ConjunctiveLicenseSet rdf:nodeID="s${id}">${members
      .map((member) => `<spdx:member rdf:nodeID="s${member}"/>`)
      .join("")}</spdx:ConjunctiveLicenseSet>`;
  assert.match(await spdx(licensed(set(0, 0))), /^WB-SPDX-FORM x:\d+$/);
  const chain = Array.from({ length: 10_000 }, (_, index) => set(index, index + 1)).join("");
  assert.match(await spdx(rdf(chain)), /^read$/);
  const used = licensed('<rdf:Description rdf:nodeID="s0"/>').replace("</rdf:RDF>", `${chain}</rdf:RDF>`);
  assert.match(await spdx(used), /^WB-SPDX-FORM x:\d+$/);
  const inner = '<spdx:relationship rdf:nodeID="r"/>';
  const cyclic = rdf(`<spdx:Package rdf:nodeID="p"><spdx:name>a</spdx:name>${inner}</spdx:Package>
<spdx:Relationship rdf:nodeID="r"><spdx:relationshipType>x</spdx:relationshipType>
<spdx:relatedSpdxElement rdf:nodeID="p"/></spdx:Relationship>`);
  assert.match(await spdx(cyclic), /^WB-SPDX-FORM x:\d+$/);
  assert.equal(await spdx(`${HEAD}DocumentComment: <text>${"x\n".repeat(5_000_000)}</text>\n`), "read");
  assert.match(await spdx(`${HEAD}${"<text>".repeat(100_000)}`), /^WB-SPDX-SYNTAX x:5$/);
  assert.equal(
    await spdx(`${HEAD}${Array.from({ length: 20_000 }, (_, i) => `PackageName: a\nSPDXID: SPDXRef-${i}\n`).join("")}`),
    "read",
  );
  assert.match(
    await spdx(`${HEAD}PackageName: a\nPackageLicenseDeclared: ${"(".repeat(1_000_000)}\nSPDXID: SPDXRef-a\n`),
    /^read$/,
  );
  assert.equal(await spdx(`{"a":${"[".repeat(100_000)}`), "WB-JSON-TOO-DEEP x");
  const many = "LicenseID: LicenseRef-a\nExtractedText: <text>a".repeat(10_000);
  assert.match(await spdx(`${HEAD}${many}`), /^WB-SPDX-/);
});

test("SPDX names that mean something to JavaScript change nothing", async () => {
  const text = `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"a","__proto__":{"x":1},
    "creationInfo":{"created":"2026-01-02T03:04:05Z","creators":[],"constructor":1},
    "packages":[{"SPDXID":"__proto__","name":"toString","checksums":[{"algorithm":"constructor","checksumValue":"aa"}]}],
    "relationships":[{"spdxElementId":"__proto__","relationshipType":"toString","relatedSpdxElement":"__proto__"}]}`;
  const { sbom } = await parseSpdx(Buffer.from(text), "x");
  assert.equal(sbom.subject.name, "toString");
  assert.deepEqual(Object.keys({}), []);
  assert.equal(await yaml("__proto__: {polluted: 1}\n"), "read");
  assert.ok(!("polluted" in {}));
  assert.equal(await xml("<a __proto__='1'><__proto__/></a>"), "read");
});
