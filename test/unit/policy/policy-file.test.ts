import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../../src/model/fault.ts";
import type { Facts } from "../../../src/model/policy.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { exitCodeOf } from "../../../src/policy/exit-code.ts";
import { explainPolicy } from "../../../src/policy/explain.ts";
import { baseline, parsePolicy, type PlacedPolicy } from "../../../src/policy/policy-file.ts";
import { tighten } from "../../../src/policy/tighten.ts";

const parse = (text: string): Promise<PlacedPolicy> => parsePolicy(Buffer.from(text), "p.yaml", "p.yaml");
const fault =
  (code: string, line: number) =>
  (error: unknown): boolean =>
    error instanceof Fault &&
    error.facts.code === code &&
    error.facts.where === `p.yaml:${line}` &&
    error.facts.kind === "input";

const WRONG: readonly (readonly [text: string, code: string, line: number])[] = [
  ["version: 2\n", "WB-POLICY-VALUE", 1],
  ["version: 1\nrules: {}\n", "WB-POLICY-UNKNOWN-KEY", 2],
  ["version: 1\npackage:\n  sbon: {}\n", "WB-POLICY-UNKNOWN-RULE", 3],
  ["version: 1\npackage:\n  sbom:\n    format: [spdx]\n", "WB-POLICY-UNKNOWN-KEY", 4],
  ["version: 1\nbuild:\n  provenance: { level: 9 }\n", "WB-POLICY-VALUE", 3],
  ["version: 1\nmode: strict\n", "WB-POLICY-VALUE", 2],
  ["version: 1\nextends: [waybill:baselin@1]\n", "WB-POLICY-VALUE", 2],
  ["version: 1\nexceptions:\n  - { rule: package.sbom, subject: 'pkg:npm/a' }\n", "WB-POLICY-VALUE", 3],
  [
    "version: 1\nexceptions:\n  - { rule: package.sbon, subject: 'pkg:npm/a', owner: a, reason: b, expires: 2026-12-01 }\n",
    "WB-POLICY-UNKNOWN-RULE",
    3,
  ],
  ["version: 1\nversion: 1\n", "WB-POLICY-SYNTAX", 2],
  ["version: 1\n__proto__: {}\n", "WB-POLICY-UNKNOWN-KEY", 2],
  ["version: 1\ninstall: { vulnerabilities: { deny: 'severity >=' } }\n", "WB-POLICY-CEL", 2],
];

for (const [text, code, line] of WRONG) {
  test(`${code} at line ${line}: ${JSON.stringify(text.slice(11, 60))}`, () =>
    assert.rejects(parse(text), fault(code, line)));
}

test("a file of aliases, of depth or of size is refused at once", async () => {
  const bomb = `version: 1\na: &a [1,1,1,1,1,1,1,1,1]\n${["b", "c", "d", "e", "f", "g"].map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdef"[index]}`).join(",")}]`).join("\n")}\n`;
  for (const text of [bomb, `version: 1\na: ${"[".repeat(5000)}`, `version: 1\na: ${"x".repeat(2 ** 21)}`]) {
    await assert.rejects(
      parse(text),
      (error: unknown) => error instanceof Fault && error.facts.code === "WB-POLICY-SYNTAX",
    );
  }
});

const NOTHING: Facts = {
  station: "install",
  artifact: { name: "app.tgz", kind: "npm-package", digests: { sha256: "0".repeat(64) } },
  evidence: [],
  refusals: [],
  papers: [],
  matched: { known: false, why: "no index" },
  trust: { entries: [], input: { origin: "none", digest: "" } },
  vex: [],
  at: "2026-11-23T00:00:00Z",
};

test("an unchecked required rule denies with exit code 3, a failed one makes it 1, and both are told", async () => {
  const unchecked = evaluate(await parse("version: 1\ninstall: { known-malware: { mode: enforce } }\n"), NOTHING);
  assert.deepEqual([unchecked.decision, exitCodeOf(unchecked), unchecked.reasons.length], ["deny", 3, 1]);
  const failed = evaluate(baseline(), NOTHING);
  assert.deepEqual([failed.decision, exitCodeOf(failed)], ["deny", 1]);
  assert.ok(failed.reasons.length > 5);
});

test("before enforceFrom an enforced rule warns", async () => {
  const policy = await parse("version: 1\ninstall: { known-malware: { mode: enforce, enforceFrom: 2027-01-01 } }\n");
  assert.equal(evaluate(policy, NOTHING).decision, "warn");
  assert.equal(evaluate(policy, { ...NOTHING, at: "2027-01-02T00:00:00Z" }).decision, "deny");
});

test("an exception longer than 90 days is refused", async () => {
  const policy = await parse(
    "version: 1\nexceptions:\n  - { rule: install.verify, subject: 'pkg:npm/a', owner: a, reason: b, expires: 2027-12-01 }\n",
  );
  assert.throws(
    () => evaluate(policy, NOTHING),
    (error: unknown) => error instanceof Fault && error.facts.code === "WB-POLICY-EXCEPTION-TERM",
  );
});

test("a project may tighten a pinned policy and not loosen it", async () => {
  const pinned = await parse("version: 1\nmode: warn\npackage: { vulnerabilities: { deny: HIGH } }\n");
  const stricter = tighten(
    pinned,
    await parse("version: 1\nmode: enforce\npackage: { vulnerabilities: { deny: MEDIUM }, sbom: {} }\n"),
  );
  assert.deepEqual(stricter.rules.map(({ rule, mode }) => `${rule.id} ${mode}`).toSorted(), [
    "package.sbom enforce",
    "package.vulnerabilities enforce",
  ]);
  for (const text of [
    "version: 1\nmode: observe\npackage: { vulnerabilities: { deny: HIGH } }\n",
    "version: 1\nmode: warn\npackage: { vulnerabilities: { deny: CRITICAL } }\n",
    "version: 1\nexceptions: [{ rule: package.vulnerabilities, subject: 'pkg:npm/a', owner: a, reason: b, expires: 2026-12-01 }]\n",
  ]) {
    const project = await parse(text);
    assert.throws(
      () => tighten(pinned, project),
      (error: unknown) => error instanceof Fault && error.facts.code === "WB-POLICY-LOOSENS",
    );
  }
});

test("the prose names every rule of the baseline", () => {
  const prose = explainPolicy(baseline());
  for (const { rule } of baseline().rules) assert.ok(prose.includes(rule.id), rule.id);
});
