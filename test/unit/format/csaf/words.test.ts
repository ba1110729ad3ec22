import assert from "node:assert/strict";
import { test } from "node:test";
import { cweIn, cweList, placeOfVersion } from "../../../../src/format/csaf/cwe.ts";
import { partsOfCpe } from "../../../../src/artifact/cpe.ts";
import { checkLanguage, privateSubtag } from "../../../../src/format/csaf/language.ts";
import { isDeprecated, isListed, isMissing, readExpression } from "../../../../src/format/csaf/licence-expression.ts";
import { parseNamespace } from "../../../../src/format/csaf/ssvc.ts";
import { compareInstants, parseInstant } from "../../../../src/format/csaf/time.ts";
import { compareVersions, parseVersion } from "../../../../src/format/csaf/version.ts";
import { overlap, parseRange, type VersionRange } from "../../../../src/format/csaf/version-range.ts";

test("language tags are valid by the subtags of the IANA registry (RFC 5646, 2.2.9)", () => {
  const valid =
    "de de-CH de-CH-1901 zh-yue-Hant-HK sl-rozaj-biske-1994 en-a-bbb-x-a-ccc x-whatever i-klingon qaa-Qaaa-QM mn-Cyrl-MN";
  for (const tag of valid.split(" ")) assert.equal(checkLanguage(tag), undefined, tag);
  const invalid = "ez de-ZY2 e en- en-x de-419-DE ar-a-aaa-a-bbb de-de-de en-yue en_US zh-Hant-Hans a-b";
  for (const tag of invalid.split(" ")) assert.notEqual(checkLanguage(tag), undefined, tag);
  assert.equal(privateSubtag("en-Qabx"), "qabx");
  assert.equal(privateSubtag("en-Qaby"), undefined);
});

test("times of different zones and fractions compare as moments", () => {
  const order = [
    "2026-01-01T00:59:59.99+01:00",
    "2025-12-31T23:59:59.999Z",
    "2025-12-31T23:59:60Z",
    "2026-01-01T00:00:00.5Z",
  ];
  const times = order.map((text) => parseInstant(text));
  for (const [index, time] of times.entries()) {
    const next = times[index + 1];
    assert.ok(time);
    if (next !== undefined) assert.ok(compareInstants(time, next) < 0, JSON.stringify(time));
  }
  for (const text of [
    "2026-02-29T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T12:00:60Z",
    "2026-01-01",
    "2026-01-01T00:00:00",
  ]) {
    assert.equal(parseInstant(text), undefined, text);
  }
  assert.deepEqual(parseInstant("2026-01-01t01:00:00.10+01:00"), parseInstant("2026-01-01T00:00:00.1Z"));
});

test("versions of documents compare by Semantic Versioning, integers as n.0.0", () => {
  const order = [
    "0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1",
    "1.0.1",
    "2",
    "90071992547409930",
  ];
  const versions = order.map((text) => parseVersion(text));
  for (const [index, version] of versions.entries()) {
    const next = versions[index + 1];
    assert.ok(version);
    if (next !== undefined) assert.ok(compareVersions(version, next) < 0, version.text);
  }
});

const range = (text: string): VersionRange => {
  const read = parseRange(text);
  assert.ok(read.range, text);
  return read.range;
};

test("version ranges overlap where a version is in both", () => {
  const order = (type: string, one: string, other: string): number | undefined =>
    type === "n" ? Number(one) - Number(other) : undefined;
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["vers:n/<2.0", "vers:n/>=2", false],
    ["vers:n/<=2.0", "vers:n/>=2", true],
    ["vers:n/<1|>3", "vers:n/>=1|<=3", false],
    ["vers:n/*", "vers:n/5", true],
    ["vers:n/>1|!=2|<3", "vers:n/2", false],
    [">=2.4.0|<4.2.0", ">1.2|<2.4", false],
    [">v1|<=v2", "v2", true],
    ["<2|>2", "2", false],
    // No order: of vls that is not numbers.
    [">a", "b", false],
    // Nobody knows the order.
    ["vers:deb/<1:2", "vers:deb/1:1", false],
    ["vers:npm/<2.0.0", "vers:pypi/1.0.0", false],
  ];
  for (const [one, other, due] of cases) assert.equal(overlap(range(one), range(other), order), due, `${one} ${other}`);
});

test("licence expressions are those of SPDX, without DocumentRef", () => {
  assert.deepEqual(readExpression("(MIT or Apache-2.0+) AND GPL-2.0-only WITH Classpath-exception-2.0"), [
    "MIT",
    "Apache-2.0+",
    "GPL-2.0-only",
    "Classpath-exception-2.0",
  ]);
  for (const text of [
    "",
    "MIT Apache-2.0",
    "(MIT",
    "MIT)",
    "MIT Or BSD",
    "(MIT) WITH a",
    "LicenseRef-a+",
    "DocumentRef-a:LicenseRef-b",
    "licenseref-a",
  ]) {
    assert.equal(readExpression(text), undefined, text);
  }
  assert.ok(isListed("Apache-2.0+") && isListed("LicenseRef-scancode-public-domain") && !isListed("LicenseRef-a"));
  assert.ok(isMissing("No-Such-1.0") && !isMissing("LicenseRef-a"));
  assert.ok(isDeprecated("GPL-2.0") && !isDeprecated("GPL-2.0-only"));
});

test("a weakness has the name, and is deprecated, as of the version of CWE", () => {
  assert.equal(cweList().versions.length, 53);
  assert.equal(cweIn("CWE-1324", placeOfVersion("4.9") ?? -1)?.deprecated, false);
  assert.equal(cweIn("CWE-1324", placeOfVersion("4.10") ?? -1)?.deprecated, true);
  assert.equal(cweIn("CWE-20", placeOfVersion("4.17") ?? -1)?.usage, "discouraged");
  assert.equal(cweIn("CWE-1000", placeOfVersion("4.17") ?? -1), undefined, "a view");
  assert.equal(placeOfVersion("4.170"), undefined);
  // A backslash in a name is one.
  assert.match(cweIn("CWE-29", placeOfVersion("4.17") ?? -1)?.name ?? "", /'\\\.\.\\filename'/);
});

test("the parts of a CPE name are read from both of its forms", () => {
  const formatted = partsOfCpe("cpe:2.3:a:v\\:1:p:1\\.0:u1:*:de:-:linux:x64:*");
  assert.deepEqual(formatted, {
    vendor: "v:1",
    product: "p",
    version: "1.0",
    update: "u1",
    language: "de",
    targetSoftware: "linux",
    targetHardware: "x64",
  });
  assert.equal(partsOfCpe("cpe:/a:v%3a1:p")?.vendor, "v:1");
  assert.equal(partsOfCpe("cpe:/a:v:p")?.version, "*");
  assert.equal(partsOfCpe("swid:a"), undefined);
});

test("an SSVC namespace is registered by its base", () => {
  const kinds = ["ssvc", "nist#800-30", "ssvc//.example.test#a", "x_example.test#a", "test", "invalid", "other"];
  assert.deepEqual(
    kinds.map((text) => parseNamespace(text).kind),
    ["registered", "registered", "registered", "unregistered", "reserved", "invalid", "unregistered"],
  );
});
