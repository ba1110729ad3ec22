import assert from "node:assert/strict";
import { test } from "node:test";
import { targetOf } from "../../src/advisory/ecosystem.ts";
import { explain } from "../../src/advisory/explain.ts";
import { match } from "../../src/advisory/match.ts";
import { packageKey } from "../../src/advisory/names.ts";
import { parseOverrules } from "../../src/advisory/overrule-file.ts";
import { readGoFunctions } from "../../src/inventory/go/functions.ts";
import type { Entry } from "../../src/model/artifact.ts";
import { Fault } from "../../src/model/fault.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { memorySource } from "../support/memory-source.ts";
import { elf, goFunctions } from "../support/programs.ts";
import { componentOf, indexOf, osv, sbomOf } from "../support/records.ts";

/** CPU time of one step in milliseconds. */
function costOf(step: () => unknown): number {
  const start = cpuMilliseconds();
  step();
  return cpuMilliseconds() - start;
}

test("package URLs made to go back and forth are placed in little time", () => {
  const long = (part: string): string => part.repeat(Math.floor(7000 / part.length));
  const names = ["a", "-", "a-", "-1", ".", "_", "%2F", "a%40", "1.", "+b1"].map(long);
  const purls = names.flatMap((name) => [
    `pkg:pypi/${name}@1`,
    `pkg:swift/h/${name}@1`,
    `pkg:golang/h/stdlib@${name}`,
    `pkg:deb/debian/x@1${name}?distro=debian-12`,
    `pkg:deb/debian/x@1?distro=${name}`,
    `pkg:rpm/almalinux/x@1?distro=almalinux-9&upstream=${name}`,
    `pkg:rpm/rocky/x@1?distro=rocky-9&upstream=${name}.src.rpm`,
    `pkg:rpm/rocky/x@1?distro=rocky-9&upstream=${name}-1-1.src.rp`,
  ]);
  for (const purl of purls) {
    const cost = costOf(() => {
      const target = targetOf(componentOf("pkg:x/x@1", { purl }));
      if (typeof target !== "string")
        for (const { name } of target.packages) packageKey(target.ecosystems[0] ?? "", name);
    });
    assert.ok(cost < 200, `${purl.slice(0, 60)}: ${cost} ms`);
  }
});

test("fifty thousand components and a thousand records of one package are matched in seconds", (t) => {
  const records = Array.from({ length: 1000 }, (_, at) =>
    osv(`GHSA-${at}`, "npm", "widget", [{ introduced: "0" }, { fixed: `1.${at}.0` }]),
  );
  const components = Array.from({ length: 50_000 }, (_, at) =>
    componentOf(`pkg:npm/p${at}@1.0.0`, { ecosystem: "npm" }),
  );
  const sbom = sbomOf([...components, componentOf("pkg:npm/widget@1.500.0", { ecosystem: "npm" })]);
  const index = indexOf(records);
  let found = 0;
  const cost = costOf(() => (found = match(sbom, index).findings.length));
  t.diagnostic(`${cost} ms`);
  assert.equal(found, 499);
  assert.ok(cost < 5000, `${cost} ms`);
});

test("a record of two hundred thousand events is explained in seconds, in a few lines", (t) => {
  const events = Array.from({ length: 100_000 }, (_, at) => [
    { introduced: `1.${at}.0` },
    { fixed: `1.${at}.1` },
  ]).flat();
  const sbom = sbomOf([componentOf("pkg:npm/widget@1.40000.1")]);
  const index = indexOf([osv("GHSA-1", "npm", "widget", events)]);
  const cost = costOf(() => {
    const [one] = explain({ sbom, index, result: match(sbom, index) }, { purl: "pkg:npm/widget" });
    assert.deepEqual(one?.records[0]?.comparisons, [
      "not affected: 1.40000.1 (fixed) <= 1.40000.1 < 1.40001.0 (introduced), by npm's order",
    ]);
  });
  t.diagnostic(`${cost} ms`);
  assert.ok(cost < 4000, `${cost} ms`);
});

test("a Go program whose table of names is one name, or nothing but ends of names, is read piece by piece", () => {
  for (const filler of ["a", "\0", "a.b\0"]) {
    const bytes = elf([{ name: ".gopclntab", data: goFunctions([filler.repeat((8 << 20) / filler.length)]) }]);
    const entry = memorySource({ app: bytes }).find("app") as Entry;
    const cost = costOf(() => readGoFunctions(entry, new Set(["a"])));
    assert.ok(cost < 2000, `${JSON.stringify(filler)}: ${cost} ms`);
  }
});

test("a file of overrules that is too large, too long or a bomb is refused by name", async () => {
  const head = "schema: waybill.overrules/1\noverrules:\n";
  const rule = "  - { withdraw: CVE-2026-1, reason: r, owner: o, expires: 2027-01-01 }\n";
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, at) => `b${at}: &b${at} [${`*${at === 0 ? "a" : `b${at - 1}`},`.repeat(9)}]\n`).join("")}`;
  const cases = [
    Buffer.alloc(9 << 20, 0x20),
    Buffer.from(head + rule.repeat(10_001)),
    Buffer.from(bomb),
    Buffer.from(`${head}  - ${"[".repeat(5000)}`),
  ];
  for (const bytes of cases) {
    await assert.rejects(parseOverrules(bytes, "overrules.yaml"), (error: unknown) => {
      assert.ok(error instanceof Fault);
      assert.match(error.facts.code, /^WB-(?:OVERRULES-FORM|YAML-SYNTAX|YAML-ALIASES)$/u);
      return true;
    });
  }
});
