import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manifestPredicate, rebuildPredicate } from "../../src/format/predicates.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Facts, Mode, Policy } from "../../src/model/policy.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { parsePolicy, type PlacedPolicy } from "../../src/policy/policy-file.ts";
import { tighten } from "../../src/policy/tighten.ts";
import {
  BUILDER,
  component,
  evidence,
  factsOf,
  finding,
  matchedOf,
  provenanceEvidence,
  refusal,
  sbomEvidence,
  sbomOf,
  SHA,
  trustEntry,
} from "../unit/policy/facts.ts";

/** For each rule, parameters that differ in strictness, each able to decide otherwise than another on some facts below. */
const PARAMETERS: Readonly<Record<string, readonly (object | null)[]>> = {
  "build.provenance": [
    {},
    { level: "SLSA_BUILD_L0" },
    { level: "SLSA_BUILD_L2" },
    { builders: ["waybill"] },
    { builders: ["github-hosted", "waybill"] },
    { source: "clean" },
  ],
  "build.hermetic": [{}, { network: [] }, { network: ["registry.acme.example"] }, { network: ["*"] }],
  "build.reproducible": [{}, { rebuilds: 1 }, { equality: "identical" }, { environments: ["debian-13"] }],
  "package.sbom": [{}, { formats: ["cyclonedx", "spdx"] }, { minimum: "ntia" }, { complete: true }],
  "package.signed-by": [{}, { by: ["acme"] }, { by: ["acme", "bob"] }, { by: ["acme", "bob"], threshold: 2 }],
  "package.manifest": [{}],
  "package.licenses": [
    {},
    { deny: ["MIT"] },
    { deny: ["MIT", "ISC"] },
    { allow: ["ISC"] },
    { allow: ["ISC", "MIT"] },
    { allow: ["*"] },
    { allow: ["LicenseRef-Own"] },
    { unknown: "deny" },
    { unknown: "deny", allow: ["*"] },
    { unknown: "allow" },
  ],
  "package.known-malware": [{}, { sources: ["ghsa"] }, { sources: ["osv:MAL", "ghsa"] }],
  "package.vulnerabilities": [
    {},
    { deny: "LOW" },
    { deny: "CRITICAL" },
    { deny: "severity >= LOW && fixed" },
    { deny: "HIGH", vex: "ignore" },
    { deny: "UNKNOWN" },
  ],
  "install.verify": [
    {},
    { require: ["build.provenance"] },
    { require: ["package.sbom", "package.manifest"] },
    { require: ["build.reproducible", "package.signed-by"] },
  ],
  "install.identity": [{}, { expect: "required" }, { expect: "pkg:npm/demo@*" }, { expect: "pkg:npm/other" }],
  "install.freshness": [{}, { maxAge: "30d" }, { maxAge: "1d" }, { maxIndexAge: "1d" }, { maxIndexAge: "52w" }],
  "install.custom": [
    null,
    ...[
      "size(components) == 1",
      "size(components) == 9",
      `true ${" ".repeat(250)}&& 1 == 2`,
      `true ${" ".repeat(250)}`,
    ].map((cel) => ({ checks: [{ id: "a", cel, message: "m" }] })),
  ],
};

const TIMES = ["2026-11-24T10:00:00Z", "2027-06-01T00:00:00Z", "2099-01-02T00:00:00Z"] as const;

const IDS = Object.keys(PARAMETERS);
const ruleOf = (ids: readonly string[]) =>
  fc.constantFrom(...ids).chain((id) =>
    fc.record({
      id: fc.constant(id),
      params: fc.constantFrom(...(PARAMETERS[id] ?? []).filter((each) => each !== null)),
      mode: fc.constantFrom<Mode | undefined>(undefined, "observe", "warn", "enforce", "enforce"),
      enforceFrom: fc.constantFrom(undefined, undefined, undefined, "2026-01-01", "2027-01-01", "2099-01-01"),
    }),
  );

type RuleText = ReturnType<typeof ruleOf> extends fc.Arbitrary<infer T> ? T : never;

/** A policy file as JSON, which is YAML. */
function fileOf(rules: readonly RuleText[], top: object): string {
  const stations: Record<string, Record<string, object>> = {};
  for (const { id, params, mode, enforceFrom } of rules) {
    const [station = "", name = ""] = id.split(".");
    // A date with another mode than enforce is no policy at all.
    const dated = enforceFrom !== undefined && (mode === undefined || mode === "enforce");
    (stations[station] ??= {})[name] = {
      ...params,
      ...(mode === undefined ? {} : { mode }),
      ...(dated ? { enforceFrom } : {}),
    };
  }
  return JSON.stringify({ version: 1, ...top, ...stations });
}

const read = (json: string): Promise<PlacedPolicy> => parsePolicy(Buffer.from(json), "p.yaml", "p.yaml");

const top = fc.record(
  {
    mode: fc.constantFrom<Mode>("observe", "warn", "enforce"),
    extends: fc.constantFrom(["waybill:baseline@1"], ["waybill:strict@1"]),
  },
  { requiredKeys: [] },
);
/** A pinned policy, and a project's that mostly speaks of the same rules or of those that the pinned one requires. */
const pair = fc
  .tuple(fc.array(ruleOf([...IDS, "install.verify", "install.verify"]), { minLength: 1, maxLength: 3 }), top)
  .chain(([rules, more]) => {
    const named = rules.flatMap(({ id, params }) => [id, ...("require" in params ? (params.require as string[]) : [])]);
    const own = fc.array(fc.oneof({ weight: 4, arbitrary: ruleOf(named) }, ruleOf(IDS)), {
      minLength: 1,
      maxLength: 2,
    });
    return fc.tuple(
      fc.constant(fileOf(rules, more)),
      fc.tuple(own, top).map(([list, head]) => fileOf(list, head)),
    );
  });

const one = sbomOf([component("left")]);
const licensed = (licence: string): typeof one => sbomOf([component("left", [licence])]);
const EVIDENCE = [
  provenanceEvidence(),
  provenanceEvidence({ source: { uri: "file:demo", digests: {}, dirty: true } }),
  provenanceEvidence(
    { exchanges: [] },
    { level: "SLSA_BUILD_LEVEL_3" },
    "https://github.com/actions/runner/github-hosted",
  ),
  sbomEvidence(one),
  sbomEvidence({ ...one, completeness: { ...one.completeness, components: "incomplete" } }),
  evidence("spdx", {}, { by: "bob" }),
  evidence("manifest", manifestPredicate([], "2026-11-20T10:00:00Z")),
  ...(["acme", "bob"] as const).map((by) =>
    evidence(
      "rebuild",
      rebuildPredicate(
        { outcome: "identical", normalised: [], differences: [], factors: [], first: SHA, second: SHA },
        BUILDER,
      ),
      { by },
    ),
  ),
];
/** A bank of facts, the same for every pair of policies: what one pair does not tell apart another does. */
const BANK: readonly Facts[] = fc.sample(
  fc
    .record({
      station: fc.constantFrom("build" as const, "package" as const, "install" as const),
      evidence: fc.subarray(EVIDENCE),
      refusals: fc.subarray([refusal("provenance"), refusal("rebuild", "unchecked")], { maxLength: 1 }),
      inspected: fc.constantFrom(one, licensed("ISC"), licensed("LicenseRef-Own"), licensed("own terms")),
      matched: fc.constantFrom<Facts["matched"]>(
        { known: false, why: "no index" },
        matchedOf([]),
        matchedOf([finding("GHSA-1", "high")]),
        matchedOf([finding("GHSA-1", "unknown", { fixed: [] })]),
        matchedOf([finding("MAL-1", "critical", { kind: "malicious" })]),
        matchedOf([
          finding("GHSA-1", "high", {
            vex: { status: "not_affected", author: "a", document: "1".repeat(64) },
          }),
        ]),
      ),
      expected: fc.constantFrom(undefined, "pkg:npm/demo@1.0.0"),
      at: fc.constantFrom(...TIMES),
    })
    .map(({ expected, ...rest }) =>
      factsOf({
        ...rest,
        ...(expected === undefined ? {} : { expected }),
        trust: { entries: [trustEntry("acme"), trustEntry("bob")], input: { origin: "t", digest: "7".repeat(64) } },
      }),
    ),
  { numRuns: 60, seed: 20261124 },
);

/** How hard each rule speaks against: 0 not at all, 1 warns, 2 denies. */
function effects(policy: Policy, judged: Facts): ReadonlyMap<string, number> {
  const worst = new Map<string, number>();
  for (const { rule: id, outcome, mode } of evaluate(policy, judged).reasons) {
    const bad = outcome === "fail" || outcome === "unchecked";
    const weight = bad ? { observe: 0, warn: 1, enforce: 2 }[mode] : 0;
    worst.set(id, Math.max(weight, worst.get(id) ?? 0));
  }
  return worst;
}

void test("whatever a project's policy holds, no rule of the pinned one ever speaks softer than without it", async () => {
  let [accepted, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(pair, async ([before, own]) => {
      const pinned = await read(before);
      let merged: Policy;
      try {
        merged = tighten(pinned, await read(own));
      } catch (error) {
        assert.ok(error instanceof Fault && error.facts.code === "WB-POLICY-LOOSENS", String(error));
        refused += 1;
        return;
      }
      accepted += 1;
      for (const judged of BANK) {
        const now = effects(merged, judged);
        for (const [id, weight] of effects(pinned, judged)) {
          assert.ok((now.get(id) ?? 0) >= weight, `${id} went from ${weight} to ${now.get(id)} at ${judged.at}`);
        }
      }
    }),
    { numRuns: 600 },
  );
  // Neither side may be empty, or nothing was tried.
  assert.ok(accepted > 100 && refused > 100, `${accepted} accepted, ${refused} refused`);
});
