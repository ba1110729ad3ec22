import assert from "node:assert/strict";
import { test } from "node:test";
import { chainSteps } from "../../../src/format/report/chain-steps.ts";
import type { ReportInput } from "../../../src/format/report/input.ts";
import type { RuleId } from "../../../src/model/policy.ts";
import {
  fakeDigest,
  layeredSbom,
  reason,
  receivedSample,
  sampleReport,
  sampleVerdict,
} from "../../support/sample-report.ts";

const clean: ReportInput = { ...sampleReport(layeredSbom(5)), verdict: sampleVerdict("allow", []) };

function states(input: ReportInput): Record<string, string> {
  return Object.fromEntries(chainSteps(input).map(({ title, state }) => [title, state]));
}

/** Only the named stop differs from the clean chain. */
function onlyChanges(input: ReportInput, stop: string, state: string): void {
  assert.deepEqual(states(input), { ...states(clean), [stop]: state });
}

const all = (state: string): Record<string, string> =>
  Object.fromEntries("Source Dependencies Build Artifact Rebuild Papers".split(" ").map((stop) => [stop, state]));

test("all is verified where the input holds a fact for each stop", () => {
  assert.deepEqual(states(clean), { ...all("verified"), Verdict: "allowed" });
});

test("what is not in the input is unchecked, never verified", () => {
  const { verdict, title, version } = clean;
  const bare: ReportInput = {
    verdict,
    title,
    version,
    artifact: { name: title, kind: "npm-package", digests: {} },
    matched: { known: false, why: "" },
    papers: [],
  };
  assert.deepEqual(states(bare), { ...all("unchecked"), Verdict: "allowed" });
});

test("each stop turns alone by its own facts", () => {
  assert.ok(clean.build !== undefined && clean.rebuild !== undefined && clean.declared !== undefined);
  const { build, rebuild, declared, papers } = clean;
  onlyChanges({ ...clean, build: { ...build, source: { ...build.source, dirty: true } } }, "Source", "unchecked");
  onlyChanges({ ...clean, build: { ...build, source: { ...build.source, digests: {} } } }, "Source", "unchecked");
  assert.ok(build.run !== undefined);
  onlyChanges({ ...clean, build: { ...build, run: { ...build.run, mode: "none" } } }, "Build", "unchecked");
  onlyChanges({ ...clean, build: { ...build, outputs: [] } }, "Artifact", "refused");
  onlyChanges({ ...clean, rebuild: { ...rebuild, outcome: "different" } }, "Rebuild", "refused");
  onlyChanges(
    { ...clean, rebuild: { ...rebuild, first: fakeDigest("a"), second: fakeDigest("b") } },
    "Rebuild",
    "refused",
  );
  onlyChanges(
    { ...clean, rebuild: { ...rebuild, outcome: "equivalent", normalised: ["mtime"] } },
    "Rebuild",
    "verified",
  );
  const partly = { ...declared, completeness: { ...declared.completeness, components: "incomplete" as const } };
  onlyChanges({ ...clean, declared: partly }, "Dependencies", "unchecked");
  onlyChanges({ ...clean, matched: { known: false, why: "" } }, "Dependencies", "unchecked");
  const [first, ...rest] = papers as [(typeof papers)[number]];
  const torn: ReportInput = { ...clean, papers: [{ ...first, outcome: "refused" }, ...rest] };
  onlyChanges(torn, "Papers", "warning");
  assert.equal(states({ ...torn, verdict: sampleVerdict("deny", []) })["Papers"], "refused");
  onlyChanges({ ...clean, papers: [{ ...first, outcome: "unchecked" }, ...rest] }, "Papers", "unchecked");
});

test("what a signer claims is claimed, in a shape of its own, and names who says so; never our own finding", () => {
  const received: ReportInput = { ...receivedSample(layeredSbom(5)), verdict: clean.verdict };
  assert.deepEqual(states(received), {
    ...all("verified"),
    Source: "claimed",
    Build: "claimed",
    Rebuild: "claimed",
    Verdict: "allowed",
  });
  for (const { title, claimed, lines } of chainSteps(received)) {
    assert.equal(claimed, ["Source", "Build", "Rebuild"].includes(title), title);
    if (claimed) assert.equal(lines.at(-1), "says acme-release");
  }
  assert.ok(chainSteps(clean).every(({ claimed }) => !claimed));
});

test("a claim that is bad, or that a reason speaks against, is no claim that counts", () => {
  const received: ReportInput = { ...receivedSample(layeredSbom(5)), verdict: clean.verdict };
  const { build, rebuild } = received;
  assert.ok(build?.run !== undefined && rebuild !== undefined);
  const of = (change: Partial<ReportInput>, stop: string): string | undefined =>
    states({ ...received, ...change })[stop];
  assert.equal(of({ build: { ...build, source: { ...build.source, dirty: true } } }, "Source"), "unchecked");
  assert.equal(of({ build: { ...build, run: { ...build.run, mode: "none" } } }, "Build"), "unchecked");
  assert.equal(of({ build: { ...build, outputs: [] } }, "Artifact"), "refused");
  assert.equal(of({ rebuild: { ...rebuild, outcome: "different" } }, "Rebuild"), "refused");
  const against = sampleVerdict("deny", [reason("install.verify", "fail"), reason("build.provenance", "fail")]);
  assert.equal(of({ verdict: against }, "Build"), "refused");
});

test("a provenance of another build type says who built, and no more", () => {
  const { build, ...rest } = receivedSample(layeredSbom(5));
  assert.ok(build !== undefined);
  const builderId = "https://builders.example/hosted";
  const step = chainSteps({ ...rest, build: { ...build, builderId, run: undefined } }).find(
    ({ title }) => title === "Build",
  );
  assert.deepEqual([step?.state, step?.lines], ["claimed", ["builders.example/hosted", "says acme-release"]]);
});

test("bytes that are not those of the verdict are refused", () => {
  const other = { ...clean, artifact: { ...clean.artifact, digests: { sha256: fakeDigest("other") } } };
  assert.equal(states(other)["Artifact"], "refused");
});

test("a reason makes its stop worse and never better, whatever the station", () => {
  const about = (rule: RuleId): ReportInput => ({ ...clean, verdict: sampleVerdict("allow", [reason(rule, "fail")]) });
  onlyChanges(about("package.sbom"), "Dependencies", "refused");
  onlyChanges(about("install.vulnerabilities"), "Dependencies", "refused");
  onlyChanges(about("build.provenance"), "Build", "refused");
  onlyChanges(about("install.identity"), "Artifact", "refused");
  onlyChanges(about("build.reproducible"), "Rebuild", "refused");
  onlyChanges(about("package.signed-by"), "Papers", "refused");
  onlyChanges(about("install.custom"), "Source", "verified");
  onlyChanges(about("package.constructor"), "Source", "verified");
  const graded = (outcome: "unchecked" | "excepted", mode: "enforce" | "warn"): ReportInput => ({
    ...clean,
    verdict: sampleVerdict("allow", [reason("package.sbom", outcome, { mode }), reason("package.sbom", "pass")]),
  });
  onlyChanges(graded("unchecked", "enforce"), "Dependencies", "unchecked");
  onlyChanges(graded("unchecked", "warn"), "Dependencies", "warning");
  onlyChanges(graded("excepted", "enforce"), "Dependencies", "warning");
  const unmatched: ReportInput = {
    ...clean,
    matched: { known: false, why: "" },
    verdict: sampleVerdict("allow", [reason("package.sbom", "pass")]),
  };
  assert.equal(states(unmatched)["Dependencies"], "unchecked");
});
