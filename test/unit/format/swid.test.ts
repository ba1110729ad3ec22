import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type Cbor, CborTag, parseCbor, printCbor } from "../../../src/format/cbor.ts";
import { parseCoswid } from "../../../src/format/swid/coswid-read.ts";
import { printCoswid } from "../../../src/format/swid/coswid-write.ts";
import { swidTags } from "../../../src/format/swid/from-sbom.ts";
import type { SoftwareIdentity, SwidAttribute } from "../../../src/format/swid/model.ts";
import { parseSwid } from "../../../src/format/swid/read-xml.ts";
import { sbomOfSwid } from "../../../src/format/swid/to-sbom.ts";
import { printSwid } from "../../../src/format/swid/write-xml.ts";
import { Fault } from "../../../src/model/fault.ts";
import { golden } from "../../support/golden.ts";
import { anySbom, META, SAMPLE } from "./sboms.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

test("CBOR: the examples of RFC 8949, appendix A, that have a deterministic form", () => {
  const cases: readonly (readonly [string, Cbor])[] = [
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1864", 100],
    ["1903e8", 1000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["1bffffffffffffffff", 18_446_744_073_709_551_615n],
    ["3bffffffffffffffff", -18_446_744_073_709_551_616n],
    ["20", -1],
    ["29", -10],
    ["3863", -100],
    ["3903e7", -1000],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["c11a514b67b0", new CborTag(1, 1_363_896_240)],
    ["d74401020304", new CborTag(23, bytes("01020304"))],
    ["40", bytes("")],
    ["4401020304", bytes("01020304")],
    ["60", ""],
    ["6449455446", "IETF"],
    ["62225c", '"\\'],
    ["62c3bc", "ü"],
    ["64f0908591", "𐅑"],
    ["80", []],
    ["8301820203820405", [1, [2, 3], [4, 5]]],
    ["98190102030405060708090a0b0c0d0e0f101112131415161718181819", Array.from({ length: 25 }, (_, index) => index + 1)],
    ["a0", new Map()],
    [
      "a201020304",
      new Map([
        [1, 2],
        [3, 4],
      ]),
    ],
    [
      "a26161016162820203",
      new Map<string, Cbor>([
        ["a", 1],
        ["b", [2, 3]],
      ]),
    ],
  ];
  for (const [text, value] of cases) {
    assert.deepEqual(parseCbor(bytes(text), "x"), [value], text);
    assert.equal(hex(printCbor(value)), text);
  }
  // Indefinite lengths and long arguments are read, and written in their deterministic form.
  assert.deepEqual(parseCbor(bytes("5f42010243030405ff"), "x"), [bytes("0102030405")]);
  assert.deepEqual(parseCbor(bytes("7f657374726561646d696e67ff"), "x"), ["streaming"]);
  assert.deepEqual(parseCbor(bytes("9f018202039f0405ffff"), "x"), [[1, [2, 3], [4, 5]]]);
  assert.deepEqual(parseCbor(bytes("bf61610161629f0203ffff"), "x"), [
    new Map<string, Cbor>([
      ["a", 1],
      ["b", [2, 3]],
    ]),
  ]);
  assert.deepEqual(parseCbor(bytes("1b0000000000000001"), "x"), [1]);
  // RFC 8949, section 4.2.1: 10, 100, -1, "z", "aa".
  const keys = new Map<number | string, Cbor>(["aa", "z", -1, 100, 10].map((key) => [key, 0]));
  assert.equal(hex(printCbor(keys)), "a50a0018640020006 17a0062616100".replace(" ", ""));
});

const cborLeaf: fc.Arbitrary<Cbor> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: BigInt(Number.MAX_SAFE_INTEGER) + 1n, max: 2n ** 64n - 1n }),
  fc.string({ unit: "grapheme" }).filter((text) => text.isWellFormed()),
  fc.uint8Array({ maxLength: 40 }).map((one) => new Uint8Array(one)),
);
const { cbor } = fc.letrec<{ cbor: Cbor }>((tie) => ({
  cbor: fc.oneof(
    { maxDepth: 4 },
    cborLeaf,
    fc.array(tie("cbor"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.maxSafeInteger(), fc.string()), tie("cbor")), { maxLength: 4 })
      .map((pairs) => new Map(pairs)),
    fc.tuple(fc.nat(), tie("cbor")).map(([tag, value]) => new CborTag(tag, value)),
  ),
}));

test("CBOR: any value survives, in one encoding only", () => {
  fc.assert(
    fc.property(cbor, (value) => {
      const printed = printCbor(value);
      const [again] = parseCbor(printed, "x");
      assert.deepEqual(again, value);
      assert.equal(hex(printCbor(again as Cbor)), hex(printed));
    }),
    { numRuns: 500 },
  );
});

test("CBOR that is broken, lies about lengths or is made to harm is refused with the byte", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["18", "WB-CBOR-SYNTAX x (byte 1)"],
    ["1c", "WB-CBOR-SYNTAX x (byte 1)"],
    ["62 61", "WB-CBOR-SYNTAX x (byte 1)"],
    ["61 ff", "WB-CBOR-SYNTAX x (byte 2)"],
    ["5b ffffffffffffffff", "WB-CBOR-SYNTAX x (byte 9)"],
    ["9b 0000ffffffffffff", "WB-CBOR-SYNTAX x (byte 9)"],
    ["bb ffffffffffffffff 00", "WB-CBOR-SYNTAX x (byte 9)"],
    ["ff", "WB-CBOR-SYNTAX x (byte 1)"],
    ["9f", "WB-CBOR-SYNTAX x (byte 1)"],
    ["bf 01 ff", "WB-CBOR-SYNTAX x (byte 3)"],
    ["1f", "WB-CBOR-SYNTAX x (byte 1)"],
    ["5f 6161 ff", "WB-CBOR-SYNTAX x (byte 2)"],
    ["5f 5f ff ff", "WB-CBOR-SYNTAX x (byte 2)"],
    ["a2 0101 0101", "WB-CBOR-SYNTAX x (byte 4)"],
    ["a1 80 01", "WB-CBOR-SYNTAX x (byte 2)"],
    ["f90000", "WB-CBOR-SYNTAX x (byte 1)"],
    ["f7", "WB-CBOR-SYNTAX x (byte 1)"],
    ["f818", "WB-CBOR-SYNTAX x (byte 1)"],
    ["81".repeat(100_000), "WB-CBOR-LIMIT x (byte 65)"],
  ];
  for (const [text, expected] of cases)
    assert.equal(
      codeOf(() => parseCbor(bytes(text), "x")),
      expected,
      text.slice(0, 20),
    );
  assert.match(
    codeOf(() => parseCbor(new Uint8Array(5_000_000), "x")),
    /^WB-CBOR-LIMIT /,
  );
});

/** RFC 9393, section 5.1, names this identifier. */
const TAG_ID = "2df9de35-0aff-4a86-ace6-f7dddd1ade4c";
const SHA256 = "ab".repeat(32);
const XML = `<?xml version="1.0" encoding="utf-8"?>
<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" xmlns:x="u:x" xml:lang="en"
  xmlns:SHA256="http://www.w3.org/2001/04/xmlenc#sha256" xmlns:SHA512="http://www.w3.org/2001/04/xmlenc#sha512"
  name="ACME Roadrunner" tagId="${TAG_ID.toUpperCase()}" version="4.1.5" versionScheme="multipartnumeric+suffix" tagVersion="2"
  corpus="true" media="(OS:windows)" x:own="1">
  <Entity name="The ACME Corporation" regid="acme.example" role="tagCreator softwareCreator aggregator" thumbprint="sha-256:${SHA256}"/>
  <Entity name="Coyote" role="distributor 128"/>
  <Meta product="Roadrunner" colloquialVersion="2013" entitlementDataRequired="true" x:more="a&#10;b"/>
  <Link rel="license" href="www.gnu.org/licenses/gpl.txt"/>
  <Link rel="requires" href="swid:${TAG_ID}" use="recommended" ownership="shared" media="m" type="t/s" artifact="a"/>
  <Payload>
    <Directory root="%programdata%" name="rrdetector">
      <File name="rrdetector.exe" size="532712" version="1.0" key="true" SHA256:hash="${SHA256}" SHA512:hash="${"cd".repeat(64)}"/>
      <Directory name="deeper" location="l"><File name="empty"/></Directory>
    </Directory>
    <Process name="rr" pid="7"/>
    <Resource type="port"/>
  </Payload>
</SoftwareIdentity>
`;

test("SWID: a tag with everything is read, written in CBOR with RFC 9393's labels, and comes back", () => {
  const { tags, lost } = parseSwid(Buffer.from(XML), "x");
  assert.deepEqual(lost, []);
  const [tag] = tags;
  assert.ok(tag);
  assert.equal(tag.tagId, TAG_ID);
  assert.deepEqual(tag.entities[0]?.roles, ["tag-creator", "software-creator", "aggregator"]);
  assert.deepEqual(tag.entities[1]?.roles, ["distributor", 128]);
  const [item] = parseCbor(printCoswid(tags), "x");
  assert.ok(item instanceof CborTag);
  assert.equal(item.tag, 1_398_229_316);
  const map = item.value as ReadonlyMap<number | string, Cbor>;
  // tag-id, software-name, corpus, media, tag-version, software-version, version-scheme, lang; another's attribute.
  assert.equal(hex(map.get(0) as Uint8Array), TAG_ID.replaceAll("-", ""));
  assert.deepEqual(
    [1, 8, 10, 12, 13, 14, 15, "{u:x}own"].map((label) => map.get(label)),
    ["ACME Roadrunner", true, "(OS:windows)", 2, "4.1.5", 2, "en", "1"],
  );
  // entity-name, reg-id, role, thumbprint: one role stands without its list.
  assert.deepEqual(map.get(2), [
    new Map<number, Cbor>([
      [31, "The ACME Corporation"],
      [32, "acme.example"],
      [33, [1, 2, 3]],
      [34, [1, bytes(SHA256)]],
    ]),
    new Map<number, Cbor>([
      [31, "Coyote"],
      [33, [4, 128]],
    ]),
  ]);
  assert.deepEqual(
    map.get(5),
    new Map<number | string, Cbor>([
      [52, "Roadrunner"],
      [45, "2013"],
      [48, true],
      ["{u:x}more", "a\nb"],
    ]),
  );
  assert.deepEqual(
    (map.get(4) as Cbor[])[1],
    new Map<number, Cbor>([
      [38, `swid:${TAG_ID}`],
      [40, 8],
      [42, 3],
      [39, 3],
      [10, "m"],
      [41, "t/s"],
      [37, "a"],
    ]),
  );
  const directory = (map.get(6) as ReadonlyMap<number, Cbor>).get(16) as ReadonlyMap<number, Cbor>;
  assert.equal(directory.get(25), "%programdata%");
  const files = (directory.get(26) as ReadonlyMap<number, Cbor>).get(17) as readonly ReadonlyMap<number, Cbor>[];
  assert.deepEqual(
    files.map((file) => [file.get(24), file.get(20), file.get(21), file.get(22), (file.get(7) as Cbor[])[0]]),
    [
      ["rrdetector.exe", 532_712, "1.0", true, 1],
      ["rrdetector.exe", 532_712, "1.0", true, 8],
    ],
  );
  assert.deepEqual(parseCoswid(printCoswid(tags), "x"), { tags, lost: [] });
  const printed = printSwid(tags);
  assert.deepEqual(printed.lost, []);
  assert.deepEqual(parseSwid(Buffer.from(printed.text), "x"), { tags, lost: [] });
});

test("CoSWID: a tag written by hand in CBOR, with and without its tag number, one item where more may stand", () => {
  // {0: "a", 12: 0, 1: "b", 2: {31: "c", 33: 1}, 3: {35: 1(1363896240), 36: "d", 17: {24: "e", 7: [1, h'ab…']}}}
  const file = `a2 07 82 01 58 20 ${SHA256} 18 18 61 65`;
  const evidence = `a3 11 ${file} 18 23 c1 1a 51 4b 67 b0 18 24 61 64`;
  const tag = `a5 00 61 61 01 61 62 02 a2 18 1f 61 63 18 21 01 03 ${evidence} 0c 00`;
  const read = parseCoswid(bytes(tag), "x");
  assert.deepEqual(read.lost, []);
  assert.deepEqual(read.tags, [
    {
      tagId: "a",
      tagVersion: 0,
      corpus: false,
      patch: false,
      supplemental: false,
      name: "b",
      entities: [{ name: "c", roles: ["tag-creator"], any: [] }],
      metas: [],
      links: [],
      evidence: {
        date: "2013-03-21T20:04:00Z",
        deviceId: "d",
        directories: [],
        files: [{ name: "e", hashes: [{ algorithm: "sha-256", value: SHA256 }], any: [] }],
        processes: [],
        resources: [],
        any: [],
      },
      any: [],
    },
  ]);
  const tagged = `da 53 57 49 44 ${tag}`;
  assert.deepEqual(parseCoswid(bytes(tagged), "x"), read);
  assert.equal(hex(printCoswid(read.tags)), tagged.replaceAll(" ", ""));
  assert.equal(parseCoswid(bytes(`${tagged} ${tagged}`), "x").tags.length, 2);
});

test("SWID and CoSWID that are broken name the place", () => {
  const swid = (text: string): string => codeOf(() => parseSwid(Buffer.from(text), "x"));
  const namespace = 'xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"';
  assert.equal(swid("<SoftwareIdentity/>"), "WB-SWID-FORM x:1");
  assert.equal(swid(`<SoftwareIdentity ${namespace}/>`), "WB-SWID-FORM x:1");
  const tag = (more: string, inner: string): string =>
    `<SoftwareIdentity ${namespace} tagId="a" name="a" ${more}>\n<Entity name="a" role="tagCreator"/>\n${inner}</SoftwareIdentity>`;
  assert.equal(swid(tag("", "")), "read");
  assert.equal(swid(tag('corpus="maybe"', "")), "WB-SWID-FORM x:1");
  assert.equal(swid(tag("", '<Link rel="a"/>')), "WB-SWID-FORM x:3");
  assert.equal(swid(tag("", '<Payload><File name="a" size="-1"/></Payload>')), "WB-SWID-FORM x:3");
  assert.equal(swid(tag("", "<Payload/><Payload/>")), "WB-SWID-FORM x:1");
  assert.equal(swid(tag("", '<Evidence date="now"/>')), "WB-SWID-FORM x:3");
  assert.equal(
    swid(tag("", `<Payload>${'<Directory name="a">'.repeat(30)}${"</Directory>".repeat(30)}</Payload>`)),
    "WB-SWID-FORM x:3",
  );
  assert.deepEqual(parseSwid(Buffer.from(tag("", "<Signature xmlns='u:s'/>")), "x").lost, [
    "SoftwareIdentity:1 element Signature",
  ]);
  const coswid = (text: string): string => codeOf(() => parseCoswid(bytes(text), "x"));
  assert.equal(coswid(""), "WB-COSWID-FORM x");
  assert.equal(coswid("80"), "WB-COSWID-FORM x#/0");
  assert.equal(coswid("a0"), "WB-COSWID-FORM x#/0/2");
  const entity = "02 a2 18 1f 61 63 18 21 01";
  assert.equal(coswid(`a2 ${entity} 0c 00`), "WB-COSWID-FORM x#/0/0");
  assert.equal(coswid(`a4 00 61 61 01 61 62 ${entity} 0c 61 61`), "WB-COSWID-FORM x#/0/12");
  assert.equal(coswid(`a4 00 61 61 01 01 ${entity} 0c 00`), "WB-COSWID-FORM x#/0/1");
  assert.equal(coswid(`a5 00 61 61 01 61 62 ${entity} 04 a0 0c 00`), "WB-COSWID-FORM x#/0/4/0/38");
  assert.equal(
    coswid(`a5 00 61 61 01 61 62 ${entity} 06 a1 11 a2 18 18 61 65 07 82 01 41 00 0c 00`),
    "WB-COSWID-FORM x#/0/6/0/17/0/7",
  );
  assert.deepEqual(parseCoswid(bytes(`a5 00 61 61 01 61 62 ${entity} 0c 00 18 64 01`), "x").lost, ["/0/100"]);
});

const word = fc.oneof(fc.stringMatching(/^[a-z][a-z-]{0,8}$/), fc.constantFrom("ü", "a b", "<&>\"'"));
const text = fc.oneof(word, fc.constantFrom(" a\n\tb ", "", "\u202e"));
const any: fc.Arbitrary<SwidAttribute[]> = fc
  .uniqueArray(
    fc.record({ namespace: fc.constantFrom("u:a", "u:b"), name: fc.stringMatching(/^z[a-z]{0,5}$/), value: text }),
    { maxLength: 3, selector: ({ namespace, name }) => `${namespace}\n${name}` },
  )
  .map((list) => list.sort((a, b) => (`${a.namespace}\n${a.name}` < `${b.namespace}\n${b.name}` ? -1 : 1)));
const index = fc.integer({ min: -256, max: -1 });
const HASHES = [
  { algorithm: "sha-256", value: SHA256 },
  { algorithm: "sha3-512", value: "01".repeat(64) },
];
const hash = fc.constantFrom(...HASHES);
const path = { name: text, location: text, root: text, key: fc.boolean(), any };
const files = fc.uniqueArray(
  fc.record(
    {
      ...path,
      size: fc.nat(),
      version: text,
      hashes: fc.subarray(HASHES),
    },
    { requiredKeys: ["name", "any", "hashes"] },
  ),
  { maxLength: 2, selector: ({ name }) => name },
);
const { directory } = fc.letrec((tie) => ({
  directory: fc.record(
    {
      ...path,
      files,
      directories: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("directory"), { maxLength: 2 })),
    },
    { requiredKeys: ["name", "any", "files", "directories"] },
  ),
}));
const collection = {
  directories: fc.array(directory, { maxLength: 2 }),
  files,
  processes: fc.array(fc.record({ name: text, pid: fc.nat(), any }, { requiredKeys: ["name", "any"] }), {
    maxLength: 2,
  }),
  resources: fc.array(fc.record({ type: text, any }), { maxLength: 2 }),
  any,
};
const identity = fc
  .record(
    {
      tagId: fc.oneof(fc.uuid(), word),
      tagVersion: fc.integer(),
      corpus: fc.boolean(),
      patch: fc.boolean(),
      supplemental: fc.boolean(),
      name: text,
      version: text,
      versionScheme: fc.oneof(fc.constantFrom("semver", "decimal", "own"), index),
      media: text,
      lang: word,
      entities: fc.array(
        fc.record(
          {
            name: text,
            regId: text,
            roles: fc.array(fc.oneof(fc.constantFrom("tag-creator", "licensor"), index), {
              minLength: 1,
              maxLength: 3,
            }),
            thumbprint: hash,
            any,
          },
          { requiredKeys: ["name", "roles", "any"] },
        ),
        { minLength: 1, maxLength: 2 },
      ),
      metas: fc.array(
        fc.record(
          {
            texts: fc.record({ summary: text, unspscCode: text, generator: text }, { requiredKeys: [] }),
            entitlementDataRequired: fc.boolean(),
            any,
          },
          { requiredKeys: ["texts", "any"] },
        ),
        { maxLength: 2 },
      ),
      links: fc.array(
        fc.record(
          {
            href: text,
            rel: fc.oneof(fc.constantFrom("parent", "see-also", "license"), index),
            artifact: text,
            media: text,
            mediaType: text,
            ownership: fc.oneof(fc.constantFrom("abandon", "shared"), index),
            use: fc.constantFrom("required", "optional"),
            any,
          },
          { requiredKeys: ["href", "rel", "any"] },
        ),
        { maxLength: 2 },
      ),
      payload: fc.record(collection),
      any,
    },
    {
      requiredKeys: [
        "tagId",
        "tagVersion",
        "corpus",
        "patch",
        "supplemental",
        "name",
        "entities",
        "metas",
        "links",
        "any",
      ],
    },
  )
  .map((one) => structuredClone(one) as unknown as SoftwareIdentity);

test("SWID ⇄ CoSWID: any tags survive both forms, and each into the other", () => {
  fc.assert(
    fc.property(fc.array(identity, { minLength: 1, maxLength: 3 }), (tags) => {
      assert.deepEqual(parseCoswid(printCoswid(tags), "x"), { tags, lost: [] });
      const xml = printSwid(tags);
      assert.deepEqual(xml.lost, []);
      assert.deepEqual(parseSwid(Buffer.from(xml.text), "x"), { tags, lost: [] });
    }),
    { numRuns: 300 },
  );
});

test("SWID and CoSWID of a small project, and back", () => {
  const tags = swidTags(SAMPLE, META);
  golden("format/sample.swidtag", printSwid(tags).text);
  golden("format/sample.coswid.hex", `${hex(printCoswid(tags))}\n`);
  assert.deepEqual(sbomOfSwid(parseCoswid(printCoswid(tags), "x"), "x"), { sbom: SAMPLE, lost: [] });
  fc.assert(
    fc.property(anySbom, (any) => {
      // Edges of a component to itself say nothing, and are not read. Digests that are SHA-2 are hashes, the others facts.
      const sbom = { ...any, dependencies: any.dependencies.filter(({ from, to }) => from !== to) };
      const written = swidTags(any, META);
      assert.deepEqual(sbomOfSwid(parseCoswid(printCoswid(written), "x"), "x").sbom, sbom);
      const { text: xml, lost } = printSwid(written);
      if (lost.length === 0) assert.deepEqual(sbomOfSwid(parseSwid(Buffer.from(xml), "x"), "x").sbom, sbom);
      assert.equal(hex(printCoswid(swidTags(sbom, META))), hex(printCoswid(written)));
    }),
    { numRuns: 150 },
  );
});

test("SWID of other tools: the subject is what no other tag links to; hashes, licences, uses", () => {
  const namespace = 'xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"';
  const tag = (id: string, inner: string): string =>
    `<SoftwareIdentity ${namespace} tagId="${id}" name="${id}"><Entity name="a" role="tagCreator"/>${inner}</SoftwareIdentity>`;
  const set = `<SoftwareIdentities xmlns="https://waybill.dev/swid-set/v1">${tag("b", '<Link rel="license" href="https://spdx.org/licenses/MIT"/><Link rel="see-also" href="pkg:npm/b@1"/>')}${tag(
    "a",
    '<Link rel="requires" href="swid:b" use="optional"/><Link rel="component" href="swid:c"/><Link rel="patches" href="swid:d"/>',
  )}${tag("c", `<Evidence><File name="c" h:hash="${SHA256}" xmlns:h="http://www.w3.org/2001/04/xmlenc#sha256"/></Evidence>`)}</SoftwareIdentities>`;
  const { sbom, lost } = sbomOfSwid(parseSwid(Buffer.from(set), "x"), "x");
  assert.equal(sbom.subject.name, "a");
  assert.equal(sbom.lifecycle, "analyzed");
  assert.deepEqual(
    sbom.components.map(({ ref, scope, licences }) => [ref, scope, licences[0]?.expression]),
    [
      ["c", "runtime", undefined],
      ["pkg:npm/b@1", "optional", "MIT"],
    ],
  );
  assert.deepEqual(lost, ["evidence: 1", "link patches: 1"]);
});
