import assert from "node:assert/strict";
import { test } from "node:test";
import type { Facts } from "../../../src/model/policy.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { explainPolicy } from "../../../src/policy/explain.ts";
import { parsePolicy } from "../../../src/policy/policy-file.ts";
import { component, evidence, factsOf, faultOf, finding, matchedOf, policyOf, sbomOf } from "./facts.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

/** Generous, for a loaded machine; what is bounded here would else take minutes or all memory. */
const SOON_MS = 5000;

async function refusedSoon(text: string | Uint8Array): Promise<string> {
  const begin = cpuMilliseconds();
  const { code, where } = await faultOf(parsePolicy(Buffer.from(text), "p.yaml", "p.yaml"));
  assert.ok(cpuMilliseconds() - begin < SOON_MS, "took too long");
  assert.match(where ?? "", /^p\.yaml:\d+$/);
  return code;
}

const V = "version: 1\n";
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");
const bomb = `a0: &a0 [x, x]\n${many(30, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)}`;

const YAML: readonly (readonly [name: string, text: string | Uint8Array])[] = [
  ["a bomb of aliases", `${V}${bomb}`],
  ["many aliases", `${V}a: &a x\nb: [${"*a, ".repeat(200)}]`],
  ["an alias of itself", `${V}a: &a [*a]`],
  ["an alias of nothing", `${V}a: *b`],
  ["depth in brackets", `${V}a: ${"[".repeat(40_000)}`],
  ["depth in dashes", `${V}a:\n  ${"- ".repeat(40_000)}`],
  ["depth within the parser's reach", `${V}a: ${"[".repeat(100)}${"]".repeat(100)}`],
  ["many keys", `${V}${many(25_000, (i) => `k${i}: 1`)}`],
  ["a file beyond 1 MiB", `${V}# ${"x".repeat(1024 * 1024)}`],
  ["bytes that are no UTF-8", Uint8Array.of(0x76, 0xff, 0xfe)],
  ["NUL", `${V}mode: "a\\0`],
  ["a merge key", `${V}a: &a { mode: warn }\n<<: *a`],
  ["a key that is no text", `${V}? [a]\n: b`],
  ["a tag", `${V}mode: !!binary d2Fybg==`],
  ["two documents", `${V}---\n${V}`],
];
for (const [name, text] of YAML) {
  void test(`hostile YAML: ${name}`, async () => assert.equal(await refusedSoon(text), "WB-POLICY-SYNTAX"));
}

const list = `[${"1, ".repeat(40)}1]`;
const nested = Array.from({ length: 6 }, (_, i) => `${list}.all(x${i}, `).join("");
const CEL: readonly (readonly [name: string, expression: string])[] = [
  ["lists walked within lists", `${nested}true${")".repeat(6)}`],
  ["a regular expression", '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")'],
  ["depth", `${"(".repeat(500)}true${")".repeat(500)}`],
  ["negations", `${"!".repeat(1500)}true`],
  ["a long chain", Array.from({ length: 180 }, () => "fixed").join(" || ")],
  ["too long", `fixed ${" ".repeat(2000)}`],
  ["another type", '"yes"'],
  ["JavaScript's own names", "constructor"],
  ["prototype", 'scope.__proto__ == "x"'],
];
for (const [name, expression] of CEL) {
  void test(`hostile CEL: ${name}`, async () => {
    const text = `${V}install:\n  vulnerabilities:\n    deny: ${JSON.stringify(expression)}`;
    assert.equal(await refusedSoon(text), "WB-POLICY-CEL");
  });
}

void test("a CEL expression over many components ends soon", async () => {
  const components = Array.from({ length: 20_000 }, (_, i) => component(`c${i}`));
  const cel = "components.filter(c, c.direct).map(c, c.name).all(n, n != components[0].name) || true";
  const policy = await policyOf(`install:\n  custom: [{ id: a, cel: ${JSON.stringify(cel)}, message: m }]`);
  const begin = cpuMilliseconds();
  evaluate(policy, factsOf({ station: "install", inspected: sbomOf(components) }));
  assert.ok(cpuMilliseconds() - begin < SOON_MS);
});

void test("text of a policy, a paper or a finding forges no line of the verdict or the prose", async () => {
  const evil = "\u001b[2J\u202e\nallow";
  const unsafe = /[\u0000-\u001f\u202e]/;
  const quoted = JSON.stringify(evil);
  const policy = await policyOf(`mode: warn
build: { provenance: { builders: ["*", ${JSON.stringify(`${evil}*`)}] }, hermetic: { network: ["*\\u202e"] } }
package: { vulnerabilities: {}, licenses: { deny: [${JSON.stringify(`${evil}*`)}] }, signed-by: [${quoted}] }
install: { identity: { expect: ${JSON.stringify(`pkg:npm/${evil}`)} }, custom: [{ id: a, cel: "1 == 2", message: ${quoted} }] }
exceptions: [{ rule: package.sbom, subject: ${JSON.stringify(`pkg:npm/${evil}`)}, owner: ${quoted}, reason: ${quoted}, expires: 2026-11-01 }]`);
  const matched = matchedOf([finding("GHSA-1", "high", { name: evil, summary: evil, fixed: [evil] })]);
  const facts: Facts = factsOf({ matched, evidence: [evidence("provenance", {}, { by: evil })] });
  for (const station of ["package", "install"] as const) {
    for (const { expected, found, fix, exception } of evaluate(policy, { ...facts, station }).reasons) {
      assert.doesNotMatch(`${expected}${found}${fix ?? ""}${exception?.owner ?? ""}${exception?.reason ?? ""}`, unsafe);
    }
  }
  for (const line of explainPolicy(policy).split("\n")) assert.doesNotMatch(line, unsafe);
  assert.ok(!explainPolicy(policy).split("\n").includes("allow"));
  const { what, found } = await faultOf(policyOf(`package:\n  ${JSON.stringify(evil)}: {}`));
  assert.doesNotMatch(`${what}${found ?? ""}`, unsafe);
});
