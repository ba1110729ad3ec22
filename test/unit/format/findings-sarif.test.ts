import assert from "node:assert/strict";
import { test } from "node:test";
import { sarif } from "../../../src/format/findings/sarif.ts";
import { golden } from "../../support/golden.ts";
import { CLEAN, FOUND, finding, RESULT, resultOf, scanOf } from "./findings-sample.ts";

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly suppressions?: readonly unknown[];
  readonly codeFlows?: readonly unknown[];
}

interface Run {
  readonly results: readonly Result[];
  readonly automationDetails: { readonly id: string };
  readonly tool: {
    readonly driver: {
      readonly rules: readonly { readonly id: string; readonly properties: Record<string, unknown> }[];
    };
  };
  readonly invocations: readonly [
    { readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[] },
  ];
}

const runs = (text: string): readonly Run[] => (JSON.parse(text) as { runs: readonly Run[] }).runs;
const only = (text: string): Run => runs(text)[0] as Run;

test("SARIF has a rule for each advisory and a result for each file that names the package", () => {
  golden("findings/scan.sarif", sarif(RESULT));
  const { results, tool } = only(sarif(RESULT));
  assert.equal(tool.driver.rules.length, FOUND.length);
  for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
  const lodash = results.filter(({ ruleId }) => ruleId === "GHSA-aaaa-bbbb-cccc");
  assert.deepEqual(
    lodash.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri),
    ["package-lock.json", "tools/package-lock.json"],
  );
  assert.deepEqual(
    tool.driver.rules.map(({ properties }) => properties["security-severity"]),
    ["10.0", "9.8", "7.5", "5.5", undefined, undefined, "2.0"],
  );
});

test("a fingerprint stays while lines and versions move, and differs by package, advisory and file", () => {
  const of = (more: object): string =>
    only(sarif(resultOf([scanOf([finding("qs", "GHSA-1", more)])]))).results[0]?.partialFingerprints
      .primaryLocationLineHash as string;
  const first = of({});
  assert.match(first, /^[0-9a-f]{16}:1$/);
  assert.equal(of({ locations: [{ path: "package-lock.json", line: 4711 }] }), first);
  assert.equal(of({ version: "6.7.1", purl: "pkg:npm/qs@6.7.1" }), first);
  assert.notEqual(of({ id: "GHSA-2" }), first);
  assert.notEqual(of({ purl: "pkg:npm/other@6.7.0" }), first);
  assert.notEqual(of({ locations: [{ path: "other.json", line: 1 }] }), first);
  const twice = only(sarif(resultOf([scanOf([finding("qs", "GHSA-1", {}), finding("qs", "GHSA-1", {})])]))).results;
  assert.deepEqual(
    twice.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash),
    [first, first.replace(":1", ":2")],
  );
});

test("a statement suppresses, a way becomes a code flow, and paths lead from the folder of the call", () => {
  const { results } = only(sarif(resultOf([scanOf(FOUND, { under: "services/a b/" })])));
  const settled = results.filter(({ suppressions }) => suppressions !== undefined);
  assert.deepEqual(
    settled.map(({ ruleId }) => ruleId),
    ["GHSA-pppp-qqqq-rrrr"],
  );
  assert.deepEqual(settled[0]?.suppressions, [
    {
      kind: "external",
      status: "accepted",
      justification: `not affected: vulnerable code not in execute path, says Acme Product Security (sha256:${"5".repeat(64)})`,
    },
  ]);
  assert.equal(results.filter(({ codeFlows }) => codeFlows !== undefined).length, 1);
  assert.equal(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri, "services/a%20b/package-lock.json");
});

test("each source is a run of its own category, and what was not judged is told", () => {
  const [a, b] = runs(sarif(resultOf([scanOf(FOUND, { source: "a" }), scanOf([], { source: "b/c" })])));
  assert.deepEqual([a?.automationDetails.id, b?.automationDetails.id], ["waybill/scan/a/", "waybill/scan/b%2Fc/"]);
  const notes = only(sarif(CLEAN)).invocations[0].toolExecutionNotifications.map(({ message }) => message.text);
  assert.deepEqual(notes, [
    "legacy/package-lock.json: not read: it is empty",
    'pkg:npm/odd@x: not matched: "x" is no npm version',
    "GHSA-ssss-tttt-uuuu does not count until 2027-01-01, says security@acme.example: names the wrong package",
  ]);
});

test("GitHub's limit holds: the least risk is left out, and said", () => {
  const many = Array.from({ length: 25_010 }, (_, at) => finding("qs", `GHSA-${at}`, {}));
  const { results, tool, invocations } = only(sarif(resultOf([scanOf(many)])));
  assert.deepEqual([results.length, tool.driver.rules.length], [25_000, 25_000]);
  assert.match(
    invocations[0].toolExecutionNotifications.at(-1)?.message.text ?? "",
    /^10 findings of less risk are left out/,
  );
});

test("messages hold no placeholder and no link of others", () => {
  const evil = finding("qs", "GHSA-1", { summary: "read {0} and [here](https://evil.example)" });
  const [result] = only(sarif(resultOf([scanOf([evil])]))).results;
  assert.match(result?.message.text ?? "", /read \{\{0\}\} and \[here\] \(https/);
});
