import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../src/advisory/match.ts";
import { parseOverrules } from "../../../src/advisory/overrule-file.ts";
import type { MatchResult } from "../../../src/model/advisory.ts";
import { Fault } from "../../../src/model/fault.ts";
import { componentOf, indexOf, osv, sbomOf } from "../../support/records.ts";

const TERM =
  "    reason: the feed names the wrong package\n    owner: security@acme.example\n    expires: 2026-12-31\n";
const file = (...rules: readonly string[]): Buffer =>
  Buffer.from(`schema: waybill.overrules/1\noverrules:\n${rules.map((rule) => `  - ${rule}\n${TERM}`).join("")}`);

const GHSA = osv("GHSA-aaaa-bbbb-cccc", "npm", "widget", [{ introduced: "0" }], { aliases: ["CVE-2026-1"] });

async function matchBy(
  rules: Buffer,
  at = "2026-11-24T00:00:00Z",
  purl = "pkg:npm/widget@1.10.0",
): Promise<MatchResult> {
  const { overrules } = await parseOverrules(rules, "overrules.yaml");
  return match(sbomOf([componentOf(purl)]), indexOf([GHSA]), { overrules, at });
}

test("a record that is withdrawn locally makes no finding, and the result says by whose word", async () => {
  for (const rule of [
    "withdraw: GHSA-aaaa-bbbb-cccc",
    "withdraw: CVE-2026-1",
    "withdraw: CVE-2026-1\n    package: pkg:npm/widget@1.*",
  ]) {
    const { findings, overruled } = await matchBy(file(rule));
    assert.deepEqual(findings, [], rule);
    assert.equal(overruled?.length, 1);
    const { component, action, owner, reason, expired } = overruled[0] as NonNullable<typeof overruled>[number];
    assert.deepEqual(
      { component, action, owner, reason, expired },
      {
        component: "pkg:npm/widget@1.10.0",
        action: "withdraw",
        owner: "security@acme.example",
        reason: "the feed names the wrong package",
        expired: false,
      },
    );
  }
});

test("an overrule of some versions leaves the others to the feed, and what nobody can compare too", async () => {
  const within = "withdraw: CVE-2026-1\n    versions: vers:npm/>=1.9.0|<1.11.0";
  assert.equal((await matchBy(file(within))).findings.length, 0);
  assert.equal((await matchBy(file(within), undefined, "pkg:npm/widget@1.11.0")).findings.length, 1);
  const unknown = "withdraw: CVE-2026-1\n    versions: vers:nobody/>=1.9.0|<1.11.0";
  assert.equal((await matchBy(file(unknown))).findings.length, 1);
});

test("an overrule of another package changes nothing", async () => {
  const { findings, overruled } = await matchBy(file("withdraw: CVE-2026-1\n    package: pkg:npm/other"));
  assert.equal(findings.length, 1);
  assert.equal(overruled, undefined);
});

test("changed ranges take the place of the feed's, with versions as they are written", async () => {
  const rule = "change: GHSA-aaaa-bbbb-cccc\n    affected:\n      - { introduced: 1.2, fixed: 1.10 }";
  assert.equal((await matchBy(file(rule))).findings.length, 0);
  const within = await matchBy(file(rule), undefined, "pkg:npm/widget@1.9.0");
  assert.deepEqual(within.findings[0]?.fixed, ["1.10"]);
  // The feed says yes, too: nothing was overruled.
  assert.equal(within.overruled, undefined);
});

test("a record of one's own makes a finding, and says that it is one", async () => {
  const record = `add:
      id: ACME-2026-1
      modified: 2026-11-01T00:00:00Z
      summary: our own backport is broken
      affected:
        - package: { ecosystem: npm, name: widget }
          versions: ["1.10.0"]`;
  const { findings, overruled } = await matchBy(file(record));
  assert.deepEqual(
    findings.map(({ id }) => id),
    ["ACME-2026-1", "GHSA-aaaa-bbbb-cccc"],
  );
  assert.deepEqual(
    overruled?.map(({ id, action }) => [id, action]),
    [["ACME-2026-1", "add"]],
  );
});

test("from the moment of expiry on the feed's word counts again, and that is told", async () => {
  const { findings, overruled } = await matchBy(file("withdraw: CVE-2026-1"), "2026-12-31T00:00:00Z");
  assert.equal(findings.length, 1);
  assert.deepEqual(
    overruled?.map(({ id, expired, component }) => [id, expired, component]),
    [["CVE-2026-1", true, undefined]],
  );
});

test("a file that is not whole is refused with its place", async () => {
  const whole = file("withdraw: CVE-2026-1").toString();
  const cases: readonly (readonly [string, RegExp])[] = [
    [whole.replace(/ {4}expires.*\n/u, ""), /\/overrules\/0\/expires/u],
    [whole.replace(/ {4}reason.*\n/u, ""), /\/overrules\/0\/reason/u],
    [whole.replace(/ {4}owner.*\n/u, ""), /\/overrules\/0\/owner/u],
    [whole.replace("2026-12-31", "soon"), /\/overrules\/0\/expires/u],
    [whole.replace("withdraw", "ignore"), /\/overrules\/0/u],
    [whole.replace("overrules/1", "overrules/2"), /\/schema/u],
    [whole.replace(TERM, `${TERM}    until: 2027\n`), /\/overrules\/0\/until/u],
    [file("change: CVE-2026-1").toString(), /affected/u],
    [file("change: CVE-2026-1\n    affected: [{ fixed: 1, last_affected: 2 }]").toString(), /affected\/0/u],
    [file("withdraw: CVE-2026-1\n    package: widget").toString(), /package/u],
    [file("withdraw: CVE-2026-1\n    versions: 1.x").toString(), /versions/u],
    [file("add: { id: A-1 }").toString(), /modified/u],
  ];
  for (const [text, place] of cases) {
    await assert.rejects(parseOverrules(Buffer.from(text), "overrules.yaml"), (error: unknown) => {
      assert.ok(error instanceof Fault, text);
      assert.equal(error.facts.code, "WB-OVERRULES-FORM", text);
      assert.match(`${error.facts.where ?? ""} ${error.facts.what}`, place, text);
      return true;
    });
  }
});
