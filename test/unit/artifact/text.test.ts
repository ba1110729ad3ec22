import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cleanText } from "../../../src/artifact/clean-text.ts";
import { matchPattern } from "../../../src/artifact/pattern.ts";
import { matchPurl, npmPurl, parsePurl, printPurl } from "../../../src/artifact/purl.ts";
import { Fault } from "../../../src/model/fault.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

const invalid = (error: unknown): boolean => error instanceof Fault && error.facts.code === "WB-PURL-INVALID";

describe("cleanText", () => {
  it("replaces control, bidirectional and invisible characters and lone surrogates", () => {
    assert.equal(cleanText("a\u0000\u001b[31m\n\u202e\u2066\u200b\ufeff\ud800z"), "a��[31m������z");
    assert.equal(cleanText("größe 漢字 👩"), "größe 漢字 👩");
  });
  it("is bounded, says where it was cut, and cuts no surrogate pair in half", () => {
    assert.equal(cleanText("abcdef", 4), "abc…");
    assert.equal(cleanText("abcd", 4), "abcd");
    assert.equal(cleanText("ab👩cd", 4), "ab�…");
    assert.equal(cleanText("x".repeat(10_000_000)).length, 200);
  });
});

describe("matchPattern", () => {
  it("knows `*` and nothing else", () => {
    for (const [pattern, text] of [
      ["*", ""],
      ["a*", "a"],
      ["a*c", "abc"],
      ["*b*", "abc"],
      ["a**c", "ac"],
      ["a.c", "a.c"],
    ] as const) {
      assert.ok(matchPattern(pattern, text), `${pattern} ${text}`);
    }
    for (const [pattern, text] of [
      ["", "a"],
      ["a", "ab"],
      ["a.c", "abc"],
      ["ab*ba", "aba"],
      ["a*b*c", "acb"],
      ["[ab]", "a"],
      ["A", "a"],
      ["*a*a", "a"],
    ] as const) {
      assert.ok(!matchPattern(pattern, text), `${pattern} ${text}`);
    }
  });
  it("agrees with a regular expression", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replace(/\*+/g, ".*")}$`, "s");
        assert.equal(matchPattern(pattern, text), expression.test(text));
      }),
    );
  });
  it("takes no exponential time", () => {
    const begin = cpuMilliseconds();
    assert.ok(!matchPattern("*a".repeat(5000) + "b", "a".repeat(100_000)));
    assert.ok(cpuMilliseconds() - begin < 500);
  });
});

describe("package URLs", () => {
  it("prints and parses back any npm name", () => {
    const name = fc.string({
      unit: fc.constantFrom("a", "B", "-", ".", "_", "~", "%", "@", "ü", "*", "+", " "),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(name, name, fc.boolean(), (first, version, scoped) => {
        const written = npmPurl(scoped ? `@acme/${first}` : first, version);
        const parts = parsePurl(written);
        assert.deepEqual(parts, { type: "npm", ...(scoped && { namespace: "@acme" }), name: first, version });
        assert.equal(printPurl(parts), written);
      }),
    );
  });
  it("refuses what could be read in two ways", () => {
    for (const text of [
      "pkg:npm/a?x=1&x=2",
      "pkg:npm/a%2Fb/c",
      "pkg:npm/a#../b",
      "pkg:npm/a#b/%2E%2E",
      "pkg:npm/a%00",
      "pkg:npm/a%ff",
      "pkg:npm/a?__proto__=x",
      `pkg:npm/${"a".repeat(9000)}`,
      "",
      "pkg:",
      "pkg:npm",
      "pkg:npm/",
    ]) {
      assert.throws(() => parsePurl(text), invalid, text);
    }
    assert.throws(() => printPurl({ type: "npm", name: "a", subpath: "../b" }), invalid);
    assert.throws(() => npmPurl(""), invalid);
  });
  it("reads the package URLs of others leniently", () => {
    assert.deepEqual(parsePurl("pkg:golang/stdlib@1.22", true), { type: "golang", name: "stdlib", version: "1.22" });
    assert.throws(() => parsePurl("pkg:golang/stdlib@1.22"), invalid);
  });
  it("matches patterns however they are encoded", () => {
    const purl = "pkg:npm/%40acme/widget@1.2.3";
    for (const pattern of [
      "pkg:npm/@acme/*",
      "pkg:npm/%40acme/widget",
      "pkg:npm/@acme/widget@1.*",
      "pkg:npm/*",
      "pkg:*/*",
      "pkg:NPM/@acme/widget@1.2.3",
    ]) {
      assert.ok(matchPurl(pattern, purl), pattern);
    }
    for (const pattern of [
      "pkg:npm/@acme/widget@2.*",
      "pkg:npm/acme/*",
      "pkg:npm/widget",
      "pkg:pypi/*",
      "*",
      "widget",
      "",
      "pkg:npm/@acme/widget?arch=x",
    ]) {
      assert.ok(!matchPurl(pattern, purl), pattern);
    }
    assert.ok(matchPurl("pkg:github/ACME/*", "pkg:github/acme/widget"));
    assert.ok(matchPurl("pkg:npm/a?arch=x*", "pkg:npm/a?arch=x64&os=linux"));
    assert.ok(!matchPurl("pkg:npm/a@1", "pkg:npm/a"));
  });
  it("does not let an encoded slash or star pass for another package", () => {
    assert.ok(!matchPurl("pkg:npm/@acme/*", "pkg:npm/%40acme%2Fevil"));
    assert.ok(!matchPurl("pkg:npm/left-pad", "pkg:npm/%2A"));
    assert.ok(!matchPurl("pkg:npm/left-pad", "no package URL"));
  });
});
