import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { versionOrder } from "../../../src/advisory/order.ts";
import { npmOrder } from "../../../src/advisory/orders/semver.ts";
import { shared } from "../../support/shared.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

const { compare, valid } = npmOrder;

test("orders as the semver vectors say", (t) => {
  const path = shared(t, "vectors/version-compare/osv-scalibr/semver-versions.txt");
  if (path === undefined) return;
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !/^(#|\/\/) /.test(line));
  assert.equal(lines.length, 35);
  for (const line of lines) {
    const [a = "", relation = "", b = ""] = line.split(" ");
    assert.equal({ "-1": "<", 0: "=", 1: ">" }[String(Math.sign(compare(a, b)))], relation, line);
    assert.ok(valid(a) && valid(b), line);
  }
});

test("sorts the bounds of npm ranges as VERS sorts them", (t) => {
  for (const [file, cases] of [
    ["range/npm_range_from_native.json", 595],
    ["range/gitlab/npm_gitlab_range_from_native.json", 373],
  ] as const) {
    const path = shared(t, `vectors/version-compare/univers/schema/${file}`);
    if (path === undefined) return;
    const parsed: { tests?: { expected_output: string }[] } | { expected_output: string }[] = JSON.parse(
      readFileSync(path, "utf8"),
    );
    const tests = Array.isArray(parsed) ? parsed : (parsed.tests ?? []);
    assert.equal(tests.length, cases);
    for (const { expected_output: range } of tests) {
      const versions = range
        .replace("vers:npm/", "")
        .split("|")
        .map((part) => decodeURIComponent(part.replace(/^[<>=!]+/, "")))
        .filter((version) => version !== "*");
      for (const [at, version] of versions.entries()) {
        assert.ok(valid(version), version);
        const before = versions[at - 1];
        if (before !== undefined) assert.ok(compare(before, version) <= 0, range);
      }
    }
  }
});

test("reads what node-semver's loose form and advisories write", () => {
  for (const [a, relation, b] of [
    ["1.2.3beta", 0, "1.2.3-beta"],
    ["=v1.2.3", 0, "1.2.3"],
    ["01.02.03", 0, "1.2.3"],
    ["  v1.2.3 ", 0, "1.2.3"],
    ["1.1", 0, "1.1.0"],
    ["100", 1, "99.9.9"],
    ["0.9.7.1", 1, "0.9.7"],
    ["1.0.0.beta.3", -1, "1.0.0"],
    ["3.0.RC3", -1, "3.0.0"],
    ["1.2.0-*", -1, "1.2.0-alpha"],
    ["1.0.0-20230101000000000000000001", -1, "1.0.0-20230101000000000000000002"],
    ["99999999999999999999999.0.0", 1, "99999999999999999999998.9.9"],
    ["1.0.0-1", -1, "1.0.0-a"],
    ["1.0.0-alpha", -1, "1.0.0-alpha.0"],
    ["1.0.0--", 1, "1.0.0-0"],
  ] as const) {
    assert.equal(Math.sign(compare(a, b)), relation, `${a} ${b}`);
    assert.ok(valid(a) && valid(b), `${a} ${b}`);
  }
});

test("what is no version is not valid and sorts below every version", () => {
  for (const text of [
    "",
    "~",
    "*",
    "latest",
    "^1.2.3",
    "1.x",
    "1.2.*",
    "1.2.3 || 2",
    "git+ssh://h.example/r",
    "1..2",
  ]) {
    assert.equal(valid(text), false, text);
    assert.equal(compare(text, "0.0.0-0"), -1, text);
  }
  assert.equal(valid("1.\u0000"), false);
  assert.equal(valid(`1.0.0-${"9".repeat(251)}`), false);
});

test("a hostile version text costs little", () => {
  const start = cpuMilliseconds();
  for (const text of ["v".repeat(1e6), "1.".repeat(1e6), `1.0.0-${"-.".repeat(1e6)}`, " ".repeat(1e6)]) {
    assert.equal(valid(text), false);
    assert.equal(compare(text, "1.0.0"), -1);
  }
  assert.ok(cpuMilliseconds() - start < 200);
});

const identifier = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
  fc.stringMatching(/^[0-9A-Za-z-]{1,6}$/),
);
const version = fc
  .tuple(
    fc.array(fc.bigInt({ min: 0n, max: 10n ** 25n }), { minLength: 3, maxLength: 3 }),
    fc.array(identifier, { maxLength: 3 }),
  )
  .map(([numbers, prerelease]) => numbers.join(".") + (prerelease.length > 0 ? `-${prerelease.join(".")}` : ""));

test("is a total order over its versions, and build metadata takes no part", () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.ok(valid(a));
      assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)) + 0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
      assert.equal(compare(`${a}+build.1`, a), 0);
    }),
    { numRuns: 300 },
  );
});

test("an ecosystem without an order has none", () => {
  assert.equal(versionOrder("npm"), npmOrder);
  assert.equal(versionOrder("npm:any"), npmOrder);
  for (const name of ["Plan9", "OSS-Fuzz", "GIT", "__proto__", "constructor", ""]) {
    assert.equal(versionOrder(name), undefined, name);
  }
});
