import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseExpression } from "../../../src/format/spdx/expression.ts";
import { prettyJson } from "../../../src/format/json.ts";
import type { SpdxDocument } from "../../../src/format/spdx/model.ts";
import { parseSpdxDocument } from "../../../src/format/spdx/parse.ts";
import { spdxProblems } from "../../../src/format/spdx/problems.ts";
import { readSpdxJson } from "../../../src/format/spdx/read.ts";
import { spdxJson } from "../../../src/format/spdx/write-json.ts";
import { spdxTagValue } from "../../../src/format/spdx/write-tag-value.ts";
import { spdxDocument } from "../../../src/format/spdx.ts";
import { sbomOfSpdx } from "../../../src/format/spdx/to-sbom.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Json } from "../../../src/model/statement.ts";
import { anySbom, META, SAMPLE } from "./sboms.ts";

const BASE = {
  spdxVersion: "SPDX-2.3",
  SPDXID: "SPDXRef-DOCUMENT",
  name: "a",
  dataLicense: "CC0-1.0",
  documentNamespace: "https://a.example/doc",
  creationInfo: { created: "2026-01-02T03:04:05Z", creators: ["Tool: t-1"] },
  packages: [{ SPDXID: "SPDXRef-a", name: "a", downloadLocation: "NONE", filesAnalyzed: false }],
};

async function codeOf(text: string | Uint8Array): Promise<string> {
  try {
    await parseSpdxDocument(Buffer.from(text), "x");
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

const problemsOf = (more: object): string[] =>
  spdxProblems(readSpdxJson({ ...BASE, ...more } as Json, "x")).map(({ path, what }) => `${path} ${what}`);

test("licence expressions are canonical: parentheses, order, capitals, each member once", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["(MIT)", "MIT"],
    ["MIT or (Apache-2.0 and ISC)", "Apache-2.0 AND ISC OR MIT"],
    ["(MIT OR ISC) AND Zlib", "(ISC OR MIT) AND Zlib"],
    ["MIT AND (ISC AND MIT)", "ISC AND MIT"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"],
    ["GPL-2.0+", "GPL-2.0+"],
    ["DocumentRef-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b"],
    ["MIT AND", undefined],
    ["MIT ISC", undefined],
    ["(MIT", undefined],
    ["MIT)", undefined],
    ["", undefined],
    ["see the file", undefined],
    [`${"(".repeat(1000)}MIT${")".repeat(1000)}`, undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseExpression(text), expected, text.slice(0, 40));
  const id = fc.constantFrom("MIT", "ISC", "Zlib", "LicenseRef-a");
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      id,
      fc.tuple(tie("tree"), fc.constantFrom("AND", "OR"), tie("tree")).map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  }));
  fc.assert(
    fc.property(tree, (text) => {
      const canonical = parseExpression(text);
      assert.ok(canonical !== undefined);
      assert.equal(parseExpression(canonical), canonical);
      const truth = (one: string, mask: number): unknown =>
        new Function(
          "return " +
            one
              .replaceAll(/MIT|ISC|Zlib|LicenseRef-a/g, (name) =>
                String(Boolean(mask & (1 << ["MIT", "ISC", "Zlib", "LicenseRef-a"].indexOf(name)))),
              )
              .replaceAll("AND", "&&")
              .replaceAll("OR", "||"),
        )();
      for (let mask = 0; mask < 16; mask += 1) assert.equal(truth(canonical, mask), truth(text, mask));
    }),
  );
});

test("SPDX that is broken names the place: pointer or line", async () => {
  const without = (name: string): string => JSON.stringify({ ...BASE, [name]: undefined });
  assert.equal(await codeOf(without("spdxVersion")), "WB-SPDX-FORM x#/spdxVersion");
  assert.equal(await codeOf(without("creationInfo")), "WB-SPDX-FORM x#/creationInfo");
  assert.equal(await codeOf(JSON.stringify({ ...BASE, spdxVersion: "SPDX-1.2" })), "WB-SPDX-VERSION x");
  assert.equal(
    await codeOf(JSON.stringify({ ...BASE, packages: [{ name: "a" }] })),
    "WB-SPDX-FORM x#/packages/0/SPDXID",
  );
  const tags = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nCreated: 2026-01-02T03:04:05Z\n";
  assert.equal(await codeOf(tags), "read");
  assert.equal(await codeOf(`${tags}PackageName: a\n`), "WB-SPDX-FORM x:5");
  assert.equal(await codeOf(`${tags}Nonsense: a\n`), "WB-SPDX-FORM x:5");
  assert.equal(await codeOf(`${tags}no tag at all\n`), "WB-SPDX-SYNTAX x:5");
  assert.equal(await codeOf(`${tags}DocumentComment: <text>\na\n`), "WB-SPDX-SYNTAX x:5");
  assert.equal(await codeOf(`${tags}Relationship: a b\n`), "WB-SPDX-SYNTAX x:5");
  assert.equal(await codeOf(`${tags}PackageChecksum: SHA1: aa\n`), "WB-SPDX-FORM x:5");
  assert.equal(await codeOf("spdxVersion: SPDX-2.3\nspdxVersion: SPDX-2.3\n"), "WB-YAML-SYNTAX x:2");
  const xml = (inner: string): string => `<Document>\n<spdxVersion>SPDX-2.3</spdxVersion>\n${inner}</Document>`;
  assert.equal(await codeOf(xml("<name>a</name>\n<name>b</name>\n")), "WB-SPDX-FORM x:4");
  assert.equal(await codeOf(xml("<packages>\n<name>b</name> text\n</packages>")), "WB-SPDX-FORM x:3");
});

test("SPDX: what the text demands beyond the form is told with its place", () => {
  assert.deepEqual(problemsOf({}), []);
  const package_ = (more: object): object => ({ packages: [{ ...BASE.packages[0], ...more }] });
  const expected: readonly (readonly [object, string])[] = [
    [{ dataLicense: "MIT" }, "/dataLicense is not CC0-1.0"],
    [{ documentNamespace: "https://a.example/#x" }, "/documentNamespace is no absolute URI without `#`"],
    [
      { creationInfo: { created: "2026-01-02", creators: ["Tool: t"] } },
      "/creationInfo/created is not of the form YYYY-MM-DDThh:mm:ssZ",
    ],
    [
      { creationInfo: { created: "2026-01-02T03:04:05Z", creators: ["me"] } },
      "/creationInfo/creators names no Person:, Organization: or Tool:",
    ],
    [
      package_({ SPDXID: "SPDXRef-a b" }),
      "/packages/SPDXRef-a b/SPDXID is not SPDXRef- and letters, digits, `.` or `-`",
    ],
    [package_({ downloadLocation: null }), "/packages/SPDXRef-a/downloadLocation is missing"],
    [package_({ supplier: "me" }), "/packages/SPDXRef-a/supplier is not Person: …, Organization: … or NOASSERTION"],
    [
      package_({ checksums: [{ algorithm: "SHA1", checksumValue: "aa" }] }),
      "/packages/SPDXRef-a/checksums the SHA1 value is not 40 digits in hex",
    ],
    [
      package_({ checksums: [{ algorithm: "CRC", checksumValue: "aa" }] }),
      "/packages/SPDXRef-a/checksums CRC is no algorithm of SPDX",
    ],
    [
      package_({ licenseDeclared: "MIT AND" }),
      "/packages/SPDXRef-a/licenseDeclared ends where a licence or exception is expected",
    ],
    [
      package_({ licenseConcluded: "Apache 2.0" }),
      "/packages/SPDXRef-a/licenseConcluded is no licence expression; Apache-2.0 is meant",
    ],
    [
      package_({ licenseDeclared: "Foo-1.0 OR MIT" }),
      "/packages/SPDXRef-a/licenseDeclared names Foo-1.0, which is not on the SPDX License List",
    ],
    [
      package_({ licenseDeclared: "LicenseRef-x" }),
      "/packages/SPDXRef-a/licenseDeclared LicenseRef-x is not in the document",
    ],
    [
      package_({ licenseDeclared: "DocumentRef-x:LicenseRef-y" }),
      "/packages/SPDXRef-a/licenseDeclared DocumentRef-x is not in the document",
    ],
    [
      package_({ packageVerificationCode: { packageVerificationCodeValue: "a".repeat(40) } }),
      "/packages/SPDXRef-a/packageVerificationCode stands where files were not analyzed",
    ],
    [package_({ primaryPackagePurpose: "TOY" }), "/packages/SPDXRef-a/primaryPackagePurpose is no purpose"],
    [package_({ more: 1 }), "/packages/0/more is not in the specification"],
    [
      { packages: [BASE.packages[0], { ...BASE.packages[0], name: "b" }], documentDescribes: ["SPDXRef-a"] },
      "/packages/SPDXRef-a/SPDXID stands twice in the document",
    ],
    [
      { relationships: [{ spdxElementId: "SPDXRef-a", relationshipType: "LIKES", relatedSpdxElement: "NONE" }] },
      "/relationships/SPDXRef-a LIKES NONE is no type of relationship",
    ],
    [
      {
        relationships: [{ spdxElementId: "SPDXRef-a", relationshipType: "CONTAINS", relatedSpdxElement: "SPDXRef-z" }],
      },
      "/relationships/SPDXRef-a CONTAINS SPDXRef-z SPDXRef-z is not in the document",
    ],
    [
      {
        relationships: [
          { spdxElementId: "SPDXRef-a", relationshipType: "CONTAINS", relatedSpdxElement: "DocumentRef-z:SPDXRef-z" },
        ],
      },
      "/relationships/SPDXRef-a CONTAINS DocumentRef-z:SPDXRef-z DocumentRef-z:SPDXRef-z is not in the document",
    ],
    [{ packages: [] }, "/relationships nothing says what the document DESCRIBES"],
    [{ files: [{ SPDXID: "SPDXRef-f", fileName: "./f" }] }, "/files/SPDXRef-f/checksums has no SHA1"],
    [
      { snippets: [{ SPDXID: "SPDXRef-s", snippetFromFile: "SPDXRef-f" }] },
      "/snippets/SPDXRef-s/snippetFromFile is no file here",
    ],
    [
      { hasExtractedLicensingInfos: [{ licenseId: "LicenseRef-a" }] },
      "/hasExtractedLicensingInfos/LicenseRef-a/extractedText is missing",
    ],
    [
      { annotations: [{ annotator: "me", annotationDate: "x", annotationType: "OTHER", comment: "c" }] },
      "/annotations/SPDXRef-DOCUMENT/annotator names no Person:, Organization: or Tool:",
    ],
  ];
  for (const [more, problem] of expected)
    assert.ok(problemsOf(more).includes(problem), `${problem}\n${problemsOf(more).join("\n")}`);
  // One file: the SHA-1 of its SHA-1 in hex. With another one that is excluded it stays.
  const file = (name: string, digit: string): object => ({
    SPDXID: `SPDXRef-${name}`,
    fileName: `./${name}`,
    checksums: [{ algorithm: "SHA1", checksumValue: digit.repeat(40) }],
  });
  const verified = (value: string): string[] =>
    problemsOf({
      packages: [
        {
          ...BASE.packages[0],
          filesAnalyzed: true,
          hasFiles: ["SPDXRef-f", "SPDXRef-g"],
          packageVerificationCode: {
            packageVerificationCodeValue: value,
            packageVerificationCodeExcludedFiles: ["./g"],
          },
        },
      ],
      files: [file("f", "a"), file("g", "b")],
    });
  assert.deepEqual(verified(hash("sha1", "a".repeat(40))), []);
  assert.deepEqual(verified("c".repeat(40)), [
    "/packages/SPDXRef-a/packageVerificationCode is not that of the files that it contains",
  ]);
  // 2.2 demands what 2.3 made optional.
  assert.ok(problemsOf({ spdxVersion: "SPDX-2.2" }).includes("/packages/SPDXRef-a/licenseDeclared is missing"));
});

const text = fc.oneof(
  fc.constantFrom("a", "a b", " a ", "a\nb", "<text>", "# a", "ü: \u202e"),
  fc.string({ minLength: 1, maxLength: 12 }),
);
const plain = text.filter((one) => !one.includes("</text>") && !one.includes("\r\n"));
const word = fc.stringMatching(/^[A-Za-z0-9.-]{1,8}$/);
const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arbitrary, { maxLength: 3 });
const hex = fc.constantFrom("a".repeat(40), "b".repeat(64));
const checksum = fc.record({ algorithm: fc.constantFrom("SHA1", "SHA256", "BLAKE2b-384"), checksumValue: hex });
const licence = fc.constantFrom("MIT", "ISC OR MIT", "NONE", "NOASSERTION", "LicenseRef-a");

/** Documents in JSON, as a tool would write them. */
const anyDocument: fc.Arbitrary<SpdxDocument> = fc
  .record({
    comment: plain,
    packages: fc.uniqueArray(
      fc.record(
        {
          SPDXID: word.map((one) => `SPDXRef-p${one}`),
          name: plain,
          versionInfo: plain,
          supplier: plain,
          summary: plain,
          filesAnalyzed: fc.boolean(),
          checksums: some(checksum),
          licenseDeclared: licence,
          licenseInfoFromFiles: some(licence),
          attributionTexts: some(plain),
          externalRefs: some(
            fc.record(
              {
                referenceCategory: fc.constantFrom("PACKAGE_MANAGER", "SECURITY"),
                referenceType: word,
                referenceLocator: word,
                comment: plain,
              },
              { requiredKeys: ["referenceCategory", "referenceType", "referenceLocator"] },
            ),
          ),
        },
        { requiredKeys: ["SPDXID", "name"] },
      ),
      { maxLength: 4, selector: ({ SPDXID }) => SPDXID },
    ),
    files: fc.uniqueArray(
      fc.record(
        {
          SPDXID: word.map((one) => `SPDXRef-f${one}`),
          fileName: plain,
          fileTypes: some(fc.constantFrom("SOURCE", "BINARY")),
          checksums: some(checksum),
          noticeText: plain,
          fileContributors: some(plain),
        },
        { requiredKeys: ["SPDXID", "fileName"] },
      ),
      { maxLength: 4, selector: ({ SPDXID }) => SPDXID },
    ),
    annotations: some(
      fc.record({
        annotator: plain,
        annotationDate: word,
        annotationType: fc.constantFrom("OTHER", "REVIEW"),
        comment: plain,
      }),
    ),
    contained: some(fc.tuple(fc.nat(3), fc.nat(3))),
  })
  .map(({ contained, ...rest }) => {
    const relationships = contained.flatMap(([a, b]) => {
      const [from, to] = [rest.packages[a]?.SPDXID, rest.files[b]?.SPDXID];
      if (from === undefined || to === undefined) return [];
      return [{ spdxElementId: from, relationshipType: "CONTAINS", relatedSpdxElement: to }];
    });
    return readSpdxJson(structuredClone({ ...BASE, ...rest, relationships }) as Json, "x");
  });

test("SPDX: any document survives JSON and tag-value", async () => {
  await fc.assert(
    fc.asyncProperty(anyDocument, async (document) => {
      assert.deepEqual(readSpdxJson(spdxJson(document), "x"), document);
      const written = spdxTagValue(document);
      assert.deepEqual(written.lost, []);
      assert.deepEqual(await parseSpdxDocument(Buffer.from(written.text), "x"), document);
    }),
    { numRuns: 300 },
  );
});

test("SPDX tag-value says what it cannot hold", () => {
  const ranges = [1, 5].map((from) => ({ startPointer: { offset: from }, endPointer: { offset: 9 } }));
  const document = readSpdxJson(
    {
      ...BASE,
      comment: "a</text>b",
      snippets: [{ SPDXID: "SPDXRef-s", snippetFromFile: "SPDXRef-f", ranges }],
    } as Json,
    "x",
  );
  assert.deepEqual(spdxTagValue(document).lost, [
    "DocumentComment: the mark </text> in a</text>b",
    "SPDXRef-s: the byte range 5:9 of SPDXRef-f",
  ]);
});

test("SPDX: an SBOM that was written comes back: components, edges, digests, licences, positions, unknowns", () => {
  const { sbom, lost } = sbomOfSpdx(readSpdxJson(spdxDocument(SAMPLE, META), "x"), "x");
  // SPDX does not say how a licence was learned, nor which of the edges' targets was named by the root as what.
  const learned = (one: typeof SAMPLE): typeof SAMPLE => ({
    ...one,
    licences: one.licences.map((claim) => ({ ...claim, technique: "manifest" })),
    components: one.components.map((component) => ({
      ...component,
      licences: component.licences.map((claim) => ({ ...claim, technique: "manifest" })),
    })),
  });
  assert.deepEqual(sbom, learned(SAMPLE));
  assert.deepEqual(lost, []);
  fc.assert(
    fc.property(anySbom, (any) => {
      const again = sbomOfSpdx(readSpdxJson(spdxDocument(any, META), "x"), "x").sbom;
      assert.equal(again.components.length, any.components.length);
      assert.deepEqual(again.completeness, any.completeness);
      assert.equal(again.lifecycle, any.lifecycle);
      assert.deepEqual(again.subject.digests, any.subject.digests);
      const byName = (one: typeof any): string[] =>
        one.components.map(({ name, version }) => `${name}@${version}`).sort();
      assert.deepEqual(byName(again), byName(any));
    }),
  );
});

test("SPDX of other tools: edges in both directions, scopes by path, several subjects, what is lost", () => {
  const package_ = (name: string, more: object = {}): object => ({ SPDXID: `SPDXRef-${name}`, name, ...more });
  const edge = (from: string, relationshipType: string, to: string): object => ({
    spdxElementId: `SPDXRef-${from}`,
    relationshipType,
    relatedSpdxElement: `SPDXRef-${to}`,
  });
  const document = {
    ...BASE,
    packages: ["app", "a", "b", "c", "d"].map((name) => package_(name)),
    files: [{ SPDXID: "SPDXRef-file", fileName: "./f" }],
    relationships: [
      edge("DOCUMENT", "DESCRIBES", "app"),
      edge("app", "DEPENDS_ON", "a"),
      edge("b", "TEST_DEPENDENCY_OF", "app"),
      edge("b", "DEPENDS_ON", "c"),
      edge("c", "DEPENDENCY_OF", "a"),
      edge("b", "CONTAINS", "d"),
      edge("a", "DEPENDS_ON", "gone"),
      edge("a", "CONTAINS", "file"),
      edge("a", "DESCENDANT_OF", "d"),
    ],
  };
  const { sbom, lost } = sbomOfSpdx(readSpdxJson(document as Json, "x"), "x");
  assert.equal(sbom.root, "SPDXRef-app");
  assert.deepEqual(
    sbom.components.map(({ name, scope, direct }) => [name, scope, direct]),
    [
      ["a", "runtime", true],
      ["b", "test", true],
      ["c", "runtime", false],
      ["d", "test", false],
    ],
  );
  assert.deepEqual(
    sbom.dependencies.map(({ from, to, scope }) => `${from.slice(8)} ${to.slice(8)} ${scope}`),
    ["a c runtime", "app a runtime", "app b test", "b c runtime", "b d runtime"],
  );
  assert.deepEqual(
    sbom.unknowns.map(({ what }) => what),
    ["the document does not say its lifecycle", "an edge names SPDXRef-gone, which is not in the document"],
  );
  assert.deepEqual(lost, ["files: 1", "relationship CONTAINS: 1", "relationship DESCENDANT_OF: 1"]);
  const two = { ...document, relationships: [edge("DOCUMENT", "DESCRIBES", "a"), edge("DOCUMENT", "DESCRIBES", "b")] };
  const several = sbomOfSpdx(readSpdxJson(two as Json, "x"), "x").sbom;
  assert.equal(several.root, "SPDXRef-DOCUMENT");
  assert.deepEqual(
    several.components.filter(({ direct }) => direct).map(({ name }) => name),
    ["a", "b"],
  );
});

test("the encoding of a document is seen by its bytes; one that lies is refused", async () => {
  const json = prettyJson(spdxDocument(SAMPLE, META));
  const little = Buffer.from(`\ufeff${json}`, "utf16le");
  const big = Buffer.from(little).swap16();
  const expected = await parseSpdxDocument(Buffer.from(json), "x");
  for (const bytes of [little, big, little.subarray(2), big.subarray(2), Buffer.from(`\ufeff${json}`)]) {
    assert.deepEqual(await parseSpdxDocument(bytes, "x"), expected);
  }
  assert.equal(await codeOf(little.subarray(0, -1)), "WB-TEXT-ENCODING x");
  assert.equal(await codeOf(Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), little])), "WB-TEXT-ENCODING x");
  assert.match(await codeOf(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(json)])), /^WB-/);
  assert.equal(await codeOf(Buffer.from([0x7b, 0xff, 0x7d])), "WB-TEXT-ENCODING x");
});
