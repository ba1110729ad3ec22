import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { simplifyVers, versContains } from "../../../src/advisory/vers/contains.ts";
import { versOfNative } from "../../../src/advisory/vers/native.ts";
import { versProblems } from "../../../src/advisory/vers/validate.ts";
import { parseVers, printVers, type Vers } from "../../../src/advisory/vers/vers.ts";
import { Fault } from "../../../src/model/fault.ts";

function assertContains(text: string, inside: readonly string[], outside: readonly string[]): void {
  for (const version of inside) assert.equal(versContains(parseVers(text), version), true, `${text} holds ${version}`);
  for (const version of outside)
    assert.equal(versContains(parseVers(text), version), false, `${text} without ${version}`);
}

test("reads type and constraints, decoded and in version order", () => {
  assert.deepEqual(parseVers("vers:npm/>=2.0.0|1.2.3|<5.0.0"), {
    type: "npm",
    constraints: [
      { comparator: "=", version: "1.2.3" },
      { comparator: ">=", version: "2.0.0" },
      { comparator: "<", version: "5.0.0" },
    ],
  });
  assert.deepEqual(parseVers("VERS:Deb/ != 1%3A1.0 |"), {
    type: "deb",
    constraints: [{ comparator: "!=", version: "1:1.0" }],
  });
  assert.deepEqual(parseVers("vers:rpm/*"), { type: "rpm", constraints: "*" });
  assert.deepEqual(parseVers("vers:npm/1.0%252F0").constraints, [{ comparator: "=", version: "1.0%2F0" }]);
});

test("what is no range is refused in one line with its code", () => {
  for (const text of [
    "",
    "npm/1.0",
    "vers:npm",
    "vers:npm/",
    "vers:/1.0",
    "vers:1a/1.0",
    "vers:npm/>=",
    "vers:npm/1||2",
    "vers:npm/*|1",
    "vers:npm/1%2G",
    "vers:all/1.0",
    "vers:none/<2",
    `vers:npm/${"1|".repeat(10_001)}1`,
    `vers:npm/${"1".repeat(1 << 20)}`,
  ]) {
    assert.throws(
      () => parseVers(text),
      (error) => error instanceof Fault && error.facts.code === "WB-VERS-INVALID" && !error.message.includes("\n"),
      text.slice(0, 50),
    );
  }
});

test("writes what VERS reserves, and what is not ASCII, with percent signs", () => {
  const vers: Vers = { type: "generic", constraints: [{ comparator: ">", version: "1!2*3|4%5 é<>=:+~\ud800" }] };
  const text = printVers(vers);
  assert.equal(text, "vers:generic/>1%212%2A3%7C4%255%20%C3%A9%3C%3E%3D:+~%EF%BF%BD");
  assert.deepEqual(parseVers(text), {
    ...vers,
    constraints: [{ comparator: ">", version: "1!2*3|4%5 é<>=:+~\ufffd" }],
  });
});

test("holds the versions of the specification's examples", () => {
  assertContains(
    "vers:npm/1.2.3|>=2.0.0|<5.0.0",
    ["1.2.3", "2.0.0", "4.9.9"],
    ["1.2.2", "1.2.4", "2.0.0-rc.1", "5.0.0", "6.0.0"],
  );
  assertContains("vers:gem/>=2.2.0|!=2.2.1|<2.3.0", ["2.2.0", "2.2.2"], ["2.2.1", "2.3.0", "2.1"]);
  assertContains(
    "vers:maven/>=1.0.0-beta1|<=1.7.5|>=7.0.0-M1|<=7.0.7|>=7.1.0|<=7.1.2|>=8.0.0-M1|<=8.0.1",
    ["1.0.0", "1.7.5", "7.0.0-M2", "7.0.0-M1", "7.1.1", "8.0.1"],
    ["1.0.0-alpha1", "1.7.6", "7.0.8", "7.1.3", "8.0.2"],
  );
  assertContains("vers:pypi/<1.0|>1.0", ["0.9", "1.1"], ["1.0", "1.0.0"]);
  assertContains("vers:deb/!=1.0", ["0.9", "1:0"], ["1.0", "1.0-0"]);
  assertContains("vers:deb/*", ["0.9", "anything"], []);
  assertContains("vers:none/*", [], ["1"]);
  assertContains("vers:datetime/>=2024-01-01T00:00:00Z", ["2024-01-01T01:00:00+01:00"], ["2024-01-01T00:00:00+01:00"]);
});

test("holds what a range without order or with too much in it means: the union of its intervals", () => {
  assertContains("vers:npm/<2.0.0|<1.1.7", ["1.5.0", "0.1.0"], ["2.0.0"]);
  assertContains("vers:npm/>=5.2.1|<=6.0.0|>=6.0.0|<=6.0.2", ["5.5.0", "6.0.0", "6.0.1"], ["5.2.0", "6.0.3"]);
  assertContains("vers:npm/>2.0.0|>1.0.0|3.0.0", ["1.5.0", "3.0.0", "9.0.0"], ["1.0.0"]);
});

test("says that it cannot say where no order is known, or a version is none", () => {
  assert.equal(versContains(parseVers("vers:generic/<2.0"), "1.0"), undefined);
  assert.equal(versContains(parseVers("vers:generic/1.0|<0.5"), "1.0"), true);
  assert.equal(versContains(parseVers("vers:npm/<2.0.0"), "latest"), undefined);
  assert.equal(versContains(parseVers("vers:npm/<latest"), "1.0.0"), undefined);
});

test("simplifies as the specification's procedure does", () => {
  for (const [text, simple] of [
    ["vers:npm/>1|>=2|3|<4|<=5|6", "vers:npm/>1|<=5|6"],
    ["vers:npm/1|<2|<3", "vers:npm/<3"],
    ["vers:npm/1|!=1.5|<2", "vers:npm/!=1.5|<2"],
    ["vers:npm/2|1|1", "vers:npm/1|2"],
    ["vers:npm/*", "vers:npm/*"],
    ["vers:unheard-of/2|1", "vers:unheard-of/2|1"],
  ] as const) {
    assert.equal(printVers(simplifyVers(parseVers(text))), simple);
  }
});

test("names what keeps a text from being canonical", () => {
  for (const [text, problems] of [
    ["vers:npm/1.2.3|>=2.0.0|<5.0.0", []],
    ["vers:all/*", []],
    ["vers:npm/>=1| <2", ["it has blanks"]],
    ["vers:NPM/1", ["the scheme or the type is not in lower case"]],
    ["vers:npm/|1", ["it begins or ends with `|`"]],
    ["vers:npm/=1", ["a single version is written with `=`"]],
    ["vers:npm/1%2E0", ["a version is not percent-encoded as VERS does it"]],
    ["vers:npm/>=2|<1", ['"1" stands after a later version']],
    ["vers:npm/>=1|<=1.0", ['"1" is named twice']],
    ["vers:npm/>1|>2", ["it has redundant constraints"]],
    ["vers:unheard-of/2|1", []],
  ] as const) {
    assert.deepEqual(versProblems(text), problems, text);
  }
});

test("turns native ranges into VERS", () => {
  for (const [type, native, vers] of [
    ["npm", "^1.2.3 || ~2.0.1", "vers:npm/>=1.2.3|<2.0.0|>=2.0.1|<2.1.0"],
    ["npm", "^0.2.1", "vers:npm/>=0.2.1|<0.3.0"],
    ["npm", "^0.0.3", "vers:npm/>=0.0.3|<0.0.4"],
    ["npm", "1.2.3 - 2.3", "vers:npm/>=1.2.3|<=2.3.0"],
    ["npm", "1.2.x", "vers:npm/>=1.2.0|<1.3.0"],
    ["npm", "*", "vers:npm/*"],
    ["golang", ">= v1.3 <v1.4.0", "vers:golang/>=1.3.0|<1.4.0"],
    ["gem", "~> 2.2, != 2.2.1", "vers:gem/>=2.2|!=2.2.1|<3"],
    ["gem", "~> 2.2.0", "vers:gem/>=2.2.0|<2.3"],
    ["pypi", "~=2.2,!=2.3", "vers:pypi/>=2.2|!=2.3|<3"],
    ["pypi", "==2.*", "vers:pypi/>=2|<3"],
    ["npm", "<1.2.x || >2.x", "vers:npm/<1.2.0|>=3.0.0"],
    ["pypi", "===1.0alpha1", "vers:pypi/1.0a1"],
    ["composer", "~1.2 | ^2.0.1", "vers:composer/>=1.2.0|<2.0.0|>=2.0.1|<3.0.0"],
    ["conan", "~2.5.1", "vers:conan/>=2.5.1|<2.6-"],
    ["maven", "[1.0,2.0),[3.0]", "vers:maven/>=1.0|<2.0|3.0"],
    ["maven", "(,1.0],[1.2,)", "vers:maven/<=1.0|>=1.2"],
    ["nuget", "1.0.0", "vers:nuget/>=1.0.0"],
    ["nuget", "(,)", "vers:nuget/*"],
    ["nginx", "1.4.1+, 1.5.0+", "vers:nginx/>=1.4.1|<1.5.0|>=1.5.0"],
    ["openssl", "3.0.1, 0.9.7a", "vers:openssl/0.9.7a|3.0.1"],
  ] as const) {
    assert.equal(printVers(versOfNative(type, native)), vers, `${type} ${native}`);
  }
});

test("Composer's fourth number counts, in the way that VERS writes it", () => {
  const vers = versOfNative("composer", "<=1.9.4.4||>=2.0.0.alpha,<2.1");
  assert.equal(printVers(vers), "vers:composer/<=1.9.4+4|>=2.0.0+alpha|<2.1.0");
  assertContains(printVers(vers), ["1.9.4.4", "v1.9.4", "2.0.0-beta1"], ["1.9.4.5", "1.9.5", "2.1.0", "2.0.0-dev"]);
});

test("what is in no notation is refused in one line with its code", () => {
  for (const [type, native] of [
    ["npm", "^latest"],
    ["npm", ">"],
    ["npm", "1.0 | | ,, <"],
    ["gem", "^1.0"],
    ["pypi", "!=2.3.*"],
    ["maven", "[1.0"],
    ["maven", "[1.0,2.0]x"],
    ["maven", "(1.0)"],
    ["nginx", "all"],
    ["rpm", ">= 1.0"],
    ["__proto__", "1"],
    ["npm", "1".repeat(1 << 15)],
  ] as const) {
    assert.throws(
      () => versOfNative(type, native),
      (error) => error instanceof Fault && error.facts.code === "WB-VERS-NATIVE" && !error.message.includes("\n"),
      `${type} ${native.slice(0, 50)}`,
    );
  }
});

const comparator = fc.constantFrom("=", "!=", "<", "<=", ">", ">=");
const version = fc.tuple(fc.nat(3), fc.nat(3)).map(([major, minor]) => `${major}.${minor}.0`);
const range: fc.Arbitrary<Vers> = fc
  .uniqueArray(fc.record({ comparator, version }), { minLength: 1, maxLength: 7, selector: (one) => one.version })
  .map((constraints) => parseVers(printVers({ type: "npm", constraints } as Vers)));

test("printing and reading again gives the same range; simplifying keeps what it holds and leaves no problem", () => {
  fc.assert(
    fc.property(range, version, (vers, probe) => {
      assert.deepEqual(parseVers(printVers(vers)), vers);
      const simple = simplifyVers(vers);
      assert.deepEqual(versProblems(printVers(simple)), []);
      assert.deepEqual(simplifyVers(simple), simple);
      assert.equal(versContains(simple, probe), versContains(vers, probe));
    }),
    { numRuns: 500 },
  );
});
