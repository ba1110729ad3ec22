import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CycloneDxDocument,
  parseCycloneDxDocument,
  printCycloneDxDocument,
  validateCycloneDx,
} from "../../../src/format/cyclonedx/document.ts";
import { looksLikeCycloneDx } from "../../../src/format/cyclonedx/recognise.ts";
import type { CycloneDxSyntax, CycloneDxVersion } from "../../../src/format/cyclonedx/form.ts";
import { type Lost, summarizeLost } from "../../../src/format/cyclonedx/problem.ts";
import { Fault } from "../../../src/model/fault.ts";

const NAMESPACE = "http://cyclonedx.org/schema/bom/";
const LIBRARY = { type: "library", name: "a", version: "1" };

function json(members: object, version: CycloneDxVersion = "1.6"): CycloneDxDocument {
  return read(JSON.stringify({ bomFormat: "CycloneDX", specVersion: version, ...members }));
}

function xml(body: string, version: CycloneDxVersion = "1.6"): CycloneDxDocument {
  return read(`<bom xmlns="${NAMESPACE}${version}" xmlns:x="urn:x">\n${body}\n</bom>`);
}

function read(text: string): CycloneDxDocument {
  return parseCycloneDxDocument(Buffer.from(text), "x");
}

/** `path: expected`, with the line of XML. */
function problems(document: CycloneDxDocument): readonly string[] {
  return validateCycloneDx(document).map(
    ({ code, path, line, expected }) => `${code.slice(13)} ${path}${line === undefined ? "" : `:${line}`}: ${expected}`,
  );
}

/** The document as it is in the target, and `path: reason` of what is not. */
function converted(
  document: CycloneDxDocument,
  version: CycloneDxVersion,
  syntax: CycloneDxSyntax,
): [Record<string, unknown>, readonly string[]] {
  const { bytes, lost } = printCycloneDxDocument(document, { version, syntax });
  const target = parseCycloneDxDocument(bytes, "y");
  assert.deepEqual(
    validateCycloneDx(target).filter(({ code }) => code === "WB-CYCLONEDX-SCHEMA"),
    [],
  );
  return [target.document, lost.map(({ path, reason }) => `${path}: ${reason}`)];
}

function codeOf(text: string | Uint8Array): string {
  try {
    parseCycloneDxDocument(Buffer.from(text as string), "x");
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

test("what is not CycloneDX, or of another version, is refused", () => {
  assert.equal(codeOf("{}"), "WB-CYCLONEDX-FORM x#/bomFormat");
  assert.equal(codeOf("[]"), "WB-CYCLONEDX-FORM x");
  assert.equal(codeOf("<bom/>"), "WB-CYCLONEDX-FORM x:1");
  assert.equal(codeOf(`<sbom xmlns="${NAMESPACE}1.6"/>`), "WB-CYCLONEDX-FORM x:1");
  assert.equal(codeOf(`<bom xmlns="${NAMESPACE}1.1"/>`), "WB-CYCLONEDX-VERSION x");
  assert.equal(codeOf('{"bomFormat":"CycloneDX","specVersion":"2.0"}'), "WB-CYCLONEDX-VERSION x");
  assert.equal(codeOf("nothing"), "WB-JSON-SYNTAX x:1");
  assert.equal(codeOf(""), "WB-JSON-SYNTAX x:1");
  const wide = Buffer.from(`\ufeff<bom xmlns="${NAMESPACE}1.6"/>`, "utf16le");
  assert.equal(codeOf(wide), "read");
  assert.equal(codeOf(wide.swap16()), "read");
});

test("problems of JSON have the pointer, those of XML the path and the line", () => {
  const hash = { alg: "SHA-1", content: "zz" };
  assert.deepEqual(
    problems(
      json({
        version: 0,
        components: [{ type: "thing", name: "a", "a/b": 1, hashes: [hash] }, LIBRARY, LIBRARY],
        more: 1,
      }),
    ),
    [
      "SCHEMA /version: a whole number, at least 1",
      "SCHEMA /components/0/type: one of application, framework, library, container, operating-system, device, firmware, file, platform, device-driver, machine-learning-model, data, cryptographic-asset",
      "SCHEMA /components/0/a~1b: no such member in CycloneDX 1.6 JSON",
      "SCHEMA /components/0/hashes/0/content: 32, 40, 64, 96 or 128 hex digits",
      "SCHEMA /components/2: an item that is not in the list already",
      "SCHEMA /more: no such member in CycloneDX 1.6 JSON",
    ],
  );
  assert.deepEqual(
    problems(
      xml(`<components>
  <component type="library" bom-ref="a"><name>a</name></component>
  <component type="thing" bom-ref="a">
    <version>1</version>
    <name>b</name>
    <hashes><hash alg="SHA-1">zz</hash></hashes>
    <colour>red</colour>
    <name>c</name>
  </component>text
</components>`),
    ),
    [
      "SCHEMA /bom/components:2: elements alone",
      "SCHEMA /bom/components/component[2]/name:6: an earlier place among its siblings",
      "SCHEMA /bom/components/component[2]/colour:8: no such element in component",
      "SCHEMA /bom/components/component[2]/name[2]:9: an earlier place among its siblings",
      "SCHEMA /bom/components/component[2]/name[2]:9: one element of this name",
      "SCHEMA /bom/components/component[2]/@type:4: one of application, framework, library, container, operating-system, device, firmware, file, platform, device-driver, machine-learning-model, data, cryptographic-asset",
      "SCHEMA /bom/components/component[2]/@bom-ref:4: a reference of its own, not that of /components/0/bom-ref",
      "SCHEMA /bom/components/component[2]/hashes/hash:7: 32, 40, 64, 96 or 128 hex digits",
    ],
  );
});

test("licence expressions are parsed: a wrong one is a problem at its place, in each shape and syntax", () => {
  const of = (expression: string): object => ({ components: [{ ...LIBRARY, licenses: [{ expression }] }] });
  for (const good of ["MIT", "mit", "(MIT OR Apache-2.0) AND LicenseRef-own"])
    assert.deepEqual(problems(json(of(good))), []);
  assert.deepEqual(problems(json(of("MIT OR"))), [
    "RULE /components/0/licenses/0/expression: an SPDX licence expression, and this ends where a licence or exception is expected",
  ]);
  assert.deepEqual(problems(json(of("Apache 2.0"))), [
    "RULE /components/0/licenses/0/expression: an SPDX licence expression, and this is no licence expression; Apache-2.0 is meant",
  ]);
  const detailed = { expression: "Foo", expressionDetails: [{ licenseIdentifier: "Foo" }] };
  assert.deepEqual(problems(json({ components: [{ ...LIBRARY, licenses: [detailed] }] }, "1.7")), [
    "RULE /components/0/licenses/0/expression: an SPDX licence expression, and this names Foo, which is not on the SPDX License List",
  ]);
  const body = `<components><component type="library"><name>a</name>
<licenses><expression>MIT AND</expression></licenses></component></components>`;
  assert.deepEqual(problems(xml(body)), [
    "RULE /bom/components/component/licenses/expression:3: an SPDX licence expression, and this ends where a licence or exception is expected",
  ]);
});

test("what a version does not have yet is against its schema; 1.2 and 1.3 JSON take what they do not know", () => {
  const members = { components: [{ ...LIBRARY, modelCard: {} }] };
  assert.deepEqual(problems(json(members, "1.5")), []);
  assert.deepEqual(problems(json(members, "1.4")), [
    "SCHEMA /components/0/modelCard: no such member in CycloneDX 1.4 JSON",
  ]);
  assert.deepEqual(problems(json(members, "1.3")), []);
  const body = `<components><component type="library"><name>a</name><version>1</version><modelCard/></component></components>`;
  assert.deepEqual(problems(xml(body, "1.5")), []);
  assert.deepEqual(problems(xml(body, "1.3")), [
    "SCHEMA /bom/components/component/modelCard:2: no such element in component",
  ]);
});

test("rules of the text: references, package URLs, lengths of hashes, serial numbers and times", () => {
  const document = json({
    serialNumber: "urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79",
    metadata: { timestamp: "2026-02-30T00:00:00Z" },
    components: [
      { ...LIBRARY, "bom-ref": "a", purl: "pkg:npm", hashes: [{ alg: "SHA-256", content: "a".repeat(40) }] },
      { ...LIBRARY, "bom-ref": "a", purl: "pkg:npm/a@1" },
    ],
    dependencies: [{ ref: "a", dependsOn: ["b"] }, { ref: "c" }],
    compositions: [
      { aggregate: "complete", assemblies: ["a", "d", "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#a"] },
    ],
  });
  assert.deepEqual(problems(document), [
    "SCHEMA /serialNumber: urn:uuid: and a UUID in lower case",
    "SCHEMA /metadata/timestamp: a time, as 2026-01-31T12:00:00Z",
    "RULE /components/0/purl: a package URL",
    "RULE /components/0/hashes/0/content: 64 hex digits for SHA-256",
    "RULE /components/1/bom-ref: a reference of its own, not that of /components/0/bom-ref",
    "RULE /dependencies/0/dependsOn/0: a reference of this document",
    "RULE /dependencies/1/ref: a reference of this document",
    "RULE /compositions/0/assemblies/1: a reference of this document",
  ]);
});

test("elements and attributes of others stay in XML, and are listed as lost for JSON", () => {
  const document = xml(`<metadata>
    <component type="library" x:colour="red" free="1"><name>a</name><x:more y="&quot;" x:z="1">t<x:in/> u</x:more></component>
  </metadata>
  <components><component type="library"><name>b</name></component><x:after xmlns="urn:other"><own/></x:after></components>`);
  assert.deepEqual(problems(document), []);
  const { bytes } = printCycloneDxDocument(document, { version: "1.7" });
  const text = Buffer.from(bytes).toString();
  assert.match(text, /<component type="library" xmlns:x="urn:x" x:colour="red" free="1">/);
  assert.match(text, /<x:more xmlns:x="urn:x" y="&quot;" x:z="1">t<x:in\/> u<\/x:more>\n\s+<\/component>/);
  assert.match(text, /<x:after xmlns:x="urn:x"><own xmlns="urn:other"\/><\/x:after>\n\s+<\/components>/);
  const [, lost] = converted(document, "1.6", "json");
  assert.deepEqual(lost, [
    "/metadata/component/@x:colour: CycloneDX 1.6 JSON has no place for it",
    "/metadata/component/@free: CycloneDX 1.6 JSON has no place for it",
    "/metadata/component/x:more: CycloneDX 1.6 JSON has no place for it",
    "/components/x:after: CycloneDX 1.6 JSON has no place for it",
  ]);
});

test("to an older version: kept in its shape where it has one, listed where it has none", () => {
  const document = json({
    metadata: {
      lifecycles: [{ phase: "build" }],
      tools: {
        components: [{ type: "application", group: "acme", name: "t", version: "2" }],
        services: [{ name: "s" }],
      },
    },
    components: [
      {
        type: "cryptographic-asset",
        name: "k",
        "bom-ref": "k",
        externalReferences: [{ type: "rfc-9116", url: "https://a.example" }],
      },
    ],
    compositions: [{ aggregate: "incomplete_third_party_opensource_only", assemblies: ["k"] }],
  });
  const [target, lost] = converted(document, "1.3", "json");
  assert.deepEqual(target["metadata"], { tools: [{ vendor: "acme", name: "t", version: "2" }, { name: "s" }] });
  assert.deepEqual(target["components"], [
    {
      type: "library",
      name: "k",
      "bom-ref": "k",
      version: "",
      externalReferences: [{ type: "other", url: "https://a.example" }],
    },
  ]);
  assert.deepEqual(target["compositions"], [{ aggregate: "incomplete", assemblies: ["k"] }]);
  assert.deepEqual(lost, [
    "/metadata/lifecycles: CycloneDX 1.3 JSON has no such member",
    "/metadata/tools/components/0/type: a tool of CycloneDX 1.3 JSON has no such member",
    '/components/0/type: "cryptographic-asset", which CycloneDX 1.3 JSON does not have: written as library',
    '/components/0/externalReferences/0/type: "rfc-9116", which CycloneDX 1.3 JSON does not have: written as other',
    '/components/0/version: absent: written as "", because CycloneDX 1.3 JSON demands one',
    '/compositions/0/aggregate: "incomplete_third_party_opensource_only", which CycloneDX 1.3 JSON does not have: written as incomplete',
  ]);
});

test("licences: an expression beside other claims becomes a name before 1.7", () => {
  const licenses = [
    { license: { id: "MIT" } },
    { expression: "MIT OR ISC", acknowledgement: "concluded", expressionDetails: [{ licenseIdentifier: "MIT" }] },
  ];
  const document = json({ components: [{ ...LIBRARY, licenses }] }, "1.7");
  assert.deepEqual(problems(document), []);
  const [same] = converted(document, "1.7", "xml");
  assert.deepEqual((same["components"] as { licenses: unknown }[])[0]?.licenses, licenses);
  const [target, lost] = converted(document, "1.6", "xml");
  assert.deepEqual((target["components"] as { licenses: unknown }[])[0]?.licenses, [
    { license: { id: "MIT" } },
    { license: { name: "MIT OR ISC", acknowledgement: "concluded" } },
  ]);
  assert.deepEqual(
    lost.map((line) => line.slice(0, line.indexOf(":"))),
    ["/components/0/licenses/1", "/components/0/licenses/1/expressionDetails"],
  );
  assert.deepEqual(problems(json({ components: [{ ...LIBRARY, licenses }] }, "1.6")).length, 2);
});

test("XML: dependencies in dependencies are put in a row", () => {
  const component = (ref: string): string =>
    `<component type="library" bom-ref="${ref}"><name>${ref}</name></component>`;
  const document = xml(`<components>${["a", "b", "c", "d"].map(component).join("")}</components>
    <dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"><dependency ref="d"/></dependency></dependency></dependency>
    <dependency ref="b"><dependency ref="d"/></dependency></dependencies>`);
  assert.deepEqual(problems(document), []);
  assert.deepEqual(document.document["dependencies"], [
    { ref: "a", dependsOn: ["b"] },
    { ref: "b", dependsOn: ["d", "c"] },
    { ref: "c", dependsOn: ["d"] },
  ]);
});

test("XML: a person and an organisation of the same name stay apart", () => {
  const patent = (
    who: string,
  ): string => `<definitions><patents><patent><patentNumber>US1</patentNumber><jurisdiction>US</jurisdiction>
    <patentLegalStatus>granted</patentLegalStatus><patentAssignee><${who}><name>Ann</name></${who}></patentAssignee></patent></patents></definitions>`;
  for (const who of ["individual", "organization"]) {
    const document = xml(patent(who), "1.7");
    assert.deepEqual(problems(document), []);
    assert.match(
      Buffer.from(printCycloneDxDocument(document).bytes).toString(),
      new RegExp(`<patentAssignee>\\s*<${who}>`),
    );
    const [target, lost] = converted(document, "1.7", "json");
    assert.equal(JSON.stringify(target).includes("Ann"), false);
    assert.equal(lost.length, 1);
  }
});

test("values that the other syntax writes in another way come back", () => {
  const document = json({
    vulnerabilities: [
      { id: 'a\n\tb\r "<&>', ratings: [{ score: 1e-7 }, { score: 1.5e21 }, { score: -0.25 }], cwes: [79] },
    ],
    components: [
      {
        ...LIBRARY,
        description: "  two\n lines ",
        properties: [{ name: "a\nb", value: " " }],
        modified: false,
        omniborId: ["x", "y"],
      },
    ],
  });
  const [target, lost] = converted(document, "1.6", "xml");
  assert.deepEqual(lost, []);
  assert.deepEqual(target["vulnerabilities"], document.document["vulnerabilities"]);
  assert.deepEqual(target["components"], document.document["components"]);
});

test("what XML cannot hold is written as U+FFFD and listed", () => {
  const [target, lost] = converted(json({ components: [{ ...LIBRARY, description: "a\u0000b\ud800" }] }), "1.6", "xml");
  assert.equal((target["components"] as { description: string }[])[0]?.description, "a\ufffdb\ufffd");
  assert.deepEqual(lost, ["/components/0/description: a character that XML cannot hold: written as U+FFFD"]);
});

test("XML: a number that would change is refused, a time without zone is no JSON", () => {
  const swid = (version: string): string =>
    `<components><component type="library"><name>a</name><swid tagId="t" name="n" tagVersion="${version}"/></component></components>`;
  assert.deepEqual(problems(xml(swid("9007199254740991"))), []);
  assert.deepEqual(problems(xml(swid("9007199254740993"))), [
    "SCHEMA /bom/components/component/swid/@tagVersion:2: a number",
  ]);
  const timed = xml("<metadata><timestamp>2026-01-31T12:00:00</timestamp></metadata>");
  assert.deepEqual(problems(timed), []);
  const [target, lost] = converted(timed, "1.6", "json");
  assert.deepEqual([target["metadata"], lost.length], [{}, 1]);
});

test("names such as __proto__ are members like any other", () => {
  const document = read(
    '{"bomFormat":"CycloneDX","specVersion":"1.3","__proto__":{"a":1},"constructor":1,"components":[{"type":"library","name":"__proto__","version":"1","toString":1}]}',
  );
  assert.deepEqual(problems(document), []);
  const { bytes, lost } = printCycloneDxDocument(document, { version: "1.2" });
  assert.match(Buffer.from(bytes).toString(), /"__proto__": \{\s*"a": 1\s*\}/);
  assert.deepEqual(lost, []);
  const newer = printCycloneDxDocument(document, { version: "1.6" });
  assert.deepEqual(
    newer.lost.map(({ path }) => path),
    ["/__proto__", "/constructor", "/components/0/toString"],
  );
  assert.equal(({} as { a?: number }).a, undefined);
});

test("losses are summed up by their kind", () => {
  const lost: Lost[] = [0, 1, 2].map((index) => ({ path: `/components/${index}/a`, reason: "none" }));
  assert.deepEqual(summarizeLost([...lost, { path: "/b", reason: "\u001b[31m" }]), [
    "/components/*/a: none (3 times)",
    "/b: \ufffd[31m",
  ]);
});

test("hostile documents: bombs, depth and very many equal or nested items are refused or take little", () => {
  const start = performance.now();
  const within = (text: string): string => `<bom xmlns="${NAMESPACE}1.6">${text}</bom>`;
  assert.equal(codeOf(`<!DOCTYPE bom [<!ENTITY a "b">]>${within("&a;")}`), "WB-XML-DOCTYPE x:1");
  assert.equal(codeOf(within("<components>".repeat(100_000))), "WB-XML-TOO-DEEP x:1");
  assert.equal(
    codeOf(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":${"[".repeat(100_000)}`),
    "WB-JSON-TOO-DEEP x",
  );
  assert.equal(codeOf(within("\u0000")), "WB-XML-SYNTAX x:1");
  const long = "x".repeat(10 * 1024 * 1024);
  assert.deepEqual(problems(json({ components: [{ ...LIBRARY, description: long }] })), []);
  assert.equal(problems(json({ components: [{ ...LIBRARY, "mime-type": long, purl: long, cpe: long }] })).length, 2);
  assert.equal(
    problems(
      xml(
        `<components><component type="library"><name>a</name><cpe>cpe:2.3:a:${"?".repeat(60_000)}</cpe></component></components>`,
      ),
    ).length,
    1,
  );
  assert.equal(problems(json({ components: Array.from({ length: 50_000 }, () => LIBRARY) })).length, 1000);
  let nested: object = LIBRARY;
  for (let depth = 0; depth < 90; depth += 1)
    nested = { ...LIBRARY, components: [nested, { ...LIBRARY, components: [] }] };
  assert.deepEqual(problems(json({ components: [nested] })), []);
  const foreign = xml(`<components/>${"<x:a/>".repeat(150_000)}`);
  assert.deepEqual(problems(foreign), []);
  assert.equal(printCycloneDxDocument(foreign, { syntax: "json" }).lost.length, 100_001);
  assert.ok(performance.now() - start < 15_000, `took ${Math.round(performance.now() - start)} ms`);
});

test("a document is recognised by its content, whatever its name", () => {
  const look = (text: string): boolean => looksLikeCycloneDx(Buffer.from(text));
  assert.ok(look('\ufeff {"specVersion":"1.6", "bomFormat" : "CycloneDX"}'));
  assert.ok(look(`<?xml version="1.0"?><!-- x --><b:bom xmlns:b="${NAMESPACE}1.4"/>`));
  for (const other of [
    "",
    "{}",
    '{"bomFormat":"SPDX"}',
    '["bomFormat","CycloneDX"]',
    "<project/>",
    "x".repeat(1_000_000),
  ])
    assert.ok(!look(other), other);
});
