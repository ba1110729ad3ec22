import assert from "node:assert/strict";
import { test } from "node:test";
import { printVerdictText, type TextRole } from "../../../src/format/report/verdict-text.ts";
import { fakeDigest, reason, sampleVerdict } from "../../support/sample-report.ts";

const plain = { color: (_: TextRole, text: string): string => text };
const SUBJECT = `acme-semver-lite-0.4.1.tgz  sha256:${fakeDigest("artifact").slice(0, 12)}…`;
const RULES = `package rules of waybill.policy.yaml (sha256:${fakeDigest("policy").slice(0, 12)}…), as of 2026-11-23T10:00:00Z`;

test("a refusal: the decision, then groups in order of weight, with expected, found and fix", () => {
  const verdict = sampleVerdict("deny", [
    reason("package.sbom", "pass"),
    reason("package.licenses", "excepted", {
      exception: { owner: "@legal", reason: "paid", expires: "2027-01-31T00:00:00Z" },
    }),
    reason("build.hermetic", "fail", { mode: "warn" }),
    reason("package.manifest", "unchecked"),
    reason("package.signed-by", "fail", { expected: "by acme", found: "by nobody", fix: "waybill ship" }),
    reason("package.sbom", "pass"),
    reason("build.provenance", "pass"),
  ]);
  assert.equal(
    printVerdictText(verdict, plain),
    `REFUSED  ${SUBJECT}
This artifact must not be used here: 1 required check failed and 1 required check could not be made. 3 checks passed, 1 excepted.
${RULES}

✗ Not met (1)
  package.signed-by (not met, required)
    expected:  by acme
    found:     by nobody
    fix:       waybill ship

? Could not be checked (1)
  package.manifest (not checked, required)
    expected:  what is asked
    found:     what is there

! Warnings (1)
  build.hermetic (not met, warns only)
    expected:  what is asked
    found:     what is there

~ Excepted (1)
  package.licenses (excepted)
    expected:  what is asked
    found:     what is there
    exception: paid; granted by @legal, expires 2027-01-31T00:00:00Z

✓ Met (3): package.sbom, build.provenance`,
  );
});

test("verbose tells what passed in full", () => {
  const verdict = sampleVerdict("allow", [reason("package.sbom", "pass", { found: "complete" })]);
  assert.match(
    printVerdictText(verdict, { ...plain, verbose: true }),
    /✓ Met \(1\)\n {2}package\.sbom\n {4}expected: .*\n {4}found: {5}complete$/,
  );
  assert.match(
    printVerdictText(verdict, plain),
    /^ALLOWED .*\n.*requirements are met\. 1 check passed\.\n.*\n\n✓ Met \(1\): package\.sbom$/,
  );
});

test("a warning and a verdict without reasons", () => {
  const warned = sampleVerdict("warn", [reason("package.sbom", "unchecked", { mode: "observe" })]);
  assert.match(
    printVerdictText(warned, plain),
    /^ALLOWED WITH WARNINGS .*\n.*but 1 check warns\.[^]*\(not checked, observed only\)/,
  );
  assert.equal(printVerdictText(sampleVerdict("allow", []), plain).split("\n").length, 3);
});

test("colour only adds: without it the words are the same", () => {
  const verdict = sampleVerdict("deny", [reason("package.sbom", "fail"), reason("package.manifest", "pass")]);
  const roles = new Set<TextRole>();
  const marked = printVerdictText(verdict, { color: (role, text) => (roles.add(role), `\u001b[1m${text}\u001b[22m`) });
  assert.equal(marked.replaceAll(/\u001b\[\d+m/g, ""), printVerdictText(verdict, plain));
  assert.deepEqual([...roles].toSorted(), ["bad", "dim", "good", "strong"]);
});

test("nothing of the input commands the terminal", () => {
  const evil = "x\u001b]0;t\u0007\u202e\nforged line";
  const verdict = sampleVerdict("deny", [
    reason("package.sbom", "fail", {
      expected: evil,
      found: evil,
      fix: evil,
      exception: { owner: evil, reason: evil, expires: evil },
    }),
  ]);
  const text = printVerdictText({ ...verdict, subject: { name: evil, digest: evil }, at: evil }, plain);
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  assert.doesNotMatch(text, /^forged/m);
});
