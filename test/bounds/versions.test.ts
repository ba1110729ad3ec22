import assert from "node:assert/strict";
import { test } from "node:test";
import { versionOrder } from "../../src/advisory/order.ts";
import { versContains } from "../../src/advisory/vers/contains.ts";
import { versOfNative } from "../../src/advisory/vers/native.ts";
import { versProblems } from "../../src/advisory/vers/validate.ts";
import { parseVers } from "../../src/advisory/vers/vers.ts";
import { Fault } from "../../src/model/fault.ts";
import { evaluateAdvisory } from "../../src/advisory/ranges.ts";
import type { Advisory, VersionOrder } from "../../src/model/advisory.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { numbers } from "../support/fuzz.ts";
import { ORDERED } from "../support/versions.ts";

function orderFor(ecosystem: string): VersionOrder {
  const order = versionOrder(ecosystem);
  assert.ok(order !== undefined, ecosystem);
  return order;
}

/** What makes a pattern go back and forth: one kind of character again and again, and at the end what does not fit. */
const REPEATED = [
  "0",
  "1.",
  "a",
  "-",
  "-.",
  "1a",
  "a1",
  ".",
  "~",
  "^",
  "_p",
  "_rc1",
  "1-",
  "+a",
  ":",
  "1:",
  " ",
  "\u0000",
  "\u202e",
  "é",
  "*",
];

test("a version of 10 MB, or of a million dots, is no version and costs nothing to speak of", () => {
  const texts = ["1".repeat(10e6), "1.".repeat(1e6), `1.0${"-a".repeat(5e6)}`, "~".repeat(10e6), " ".repeat(10e6)];
  for (const ecosystem of ORDERED) {
    const order = orderFor(ecosystem);
    const start = cpuMilliseconds();
    for (const text of texts) {
      assert.equal(order.valid(text), false, ecosystem);
      assert.ok(order.compare(text, text) === 0);
    }
    assert.ok(cpuMilliseconds() - start < 300, `${ecosystem}: ${cpuMilliseconds() - start} ms`);
  }
});

test("no text of the longest length that is read blows up a pattern", () => {
  for (const ecosystem of ORDERED) {
    const order = orderFor(ecosystem);
    const start = cpuMilliseconds();
    for (const begin of ["", "1", "v1.0-", "1.0-beta", "1.0a", "1.0+", "1.0_p", "1.0-r", "1:", "2020-"]) {
      for (const part of REPEATED) {
        for (const end of ["", "!", "1", "\n"]) {
          const text = (begin + part.repeat(256)).slice(0, 256 - end.length) + end;
          order.valid(text);
          assert.equal(order.compare(text, text), 0, `${ecosystem}: ${text}`);
        }
      }
    }
    // 840 texts: some 100 ms of work where each is read in linear time.
    assert.ok(cpuMilliseconds() - start < 1000, `${ecosystem}: ${cpuMilliseconds() - start} ms`);
  }
});

test("no text of pieces that versions are made of blows up a pattern", () => {
  const pieces =
    "0 1 12 20240101 00000000000000000000000001 . - + ~ _ ^ : a b rc alpha beta pre p dev post x git r SNAPSHOT !".split(
      " ",
    );
  const next = numbers(20_261_124);
  const texts = Array.from({ length: 3000 }, () =>
    Array.from({ length: 3 + next(90) }, () => pieces[next(pieces.length)]).join(""),
  );
  for (const ecosystem of ORDERED) {
    const order = orderFor(ecosystem);
    const start = cpuMilliseconds();
    for (const text of texts) order.compare(text.slice(0, 256), `1${text.slice(0, 250)}`);
    assert.ok(cpuMilliseconds() - start < 2000, `${ecosystem}: ${cpuMilliseconds() - start} ms`);
  }
});

function advisoryOf(ecosystem: string, count: number): Advisory {
  const events = Array.from({ length: count }, (_, at) =>
    at % 2 === 0 ? { introduced: `1.${at}.3` } : { fixed: `1.${at}.0` },
  );
  const text = {
    id: "X-1",
    kind: "vulnerable",
    summary: "",
    severity: "high",
    modified: "2026-01-01T00:00:00Z",
  } as const;
  const none = { aliases: [], upstream: [], vectors: [], versions: [], symbols: [] };
  return { ...text, ...none, ecosystem, name: "x", ranges: [{ type: "ECOSYSTEM", events }] } as unknown as Advisory;
}

test("a range of a million events is evaluated in time in proportion to them", () => {
  for (const [ecosystem, counts] of [
    ["npm", [100_000, 1_000_000]],
    ["Debian:12", [20_000, 200_000]],
    ["PyPI", [20_000, 200_000]],
  ] as const) {
    const order = orderFor(ecosystem);
    const measure = (count: number): number => {
      const advisory = advisoryOf(ecosystem, count);
      const start = cpuMilliseconds();
      assert.equal(evaluateAdvisory(advisory, `1.${count + 1}.0`, order).reason, undefined);
      return cpuMilliseconds() - start;
    };
    measure(20_000);
    const [small, large] = counts.map(measure) as [number, number];
    assert.ok(large < 25 * Math.max(small, 20), `${ecosystem}: ${small} ms, and ${large} ms for ten times as many`);
  }
});

test("a range of as many constraints as are read, or of more, takes little", () => {
  const many = Array.from({ length: 10_000 }, (_, at) => `${at % 3 === 0 ? "!=" : ""}1.${(at * 7919) % 10_000}.0`).join(
    "|",
  );
  for (const type of ["npm", "pypi", "maven", "deb", "rpm", "apk"]) {
    const start = cpuMilliseconds();
    const vers = parseVers(`vers:${type}/${many}`);
    assert.equal(versContains(vers, "1.10001.0"), false);
    assert.ok(versProblems(`vers:${type}/${many}`).length > 0);
    assert.ok(cpuMilliseconds() - start < 5000, `${type}: ${cpuMilliseconds() - start} ms`);
  }
  const start = cpuMilliseconds();
  for (const text of [
    `vers:npm/${"1|".repeat(10e6)}`,
    `vers:npm/${"%".repeat(1e6)}`,
    "vers:".repeat(1e6),
    " ".repeat(10e6),
  ]) {
    assert.throws(() => parseVers(text), Fault);
  }
  for (const part of [" ", "1 ", ">=", "1.", "1||", "[1,", "(", "^0 ", "1 - ", "1.x ", "~", "x.", ",", "*"]) {
    for (const type of ["npm", "gem", "composer", "pypi", "conan", "golang", "maven", "nuget", "nginx", "openssl"]) {
      try {
        versOfNative(type, part.repeat(16_384 / part.length));
      } catch (error) {
        assert.ok(error instanceof Fault, `${type} ${part}: ${String(error)}`);
      }
    }
  }
  assert.ok(cpuMilliseconds() - start < 20_000, `${cpuMilliseconds() - start} ms`);
});
