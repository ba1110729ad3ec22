import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ReportInput } from "../../../src/format/report/input.ts";
import { printReport } from "../../../src/format/report/report.ts";
import type { Finding } from "../../../src/model/advisory.ts";
import { golden } from "../../support/golden.ts";
import {
  fakeDigest,
  layeredSbom,
  reason,
  receivedSample,
  sampleReport,
  sampleVerdict,
  sbomFromLock,
} from "../../support/sample-report.ts";
import { shared } from "../../support/shared.ts";
import { tagsOf, textOf } from "./page-tags.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

const small = sampleReport(layeredSbom(12));

function empty(): ReportInput {
  const { verdict, title, artifact, version } = small;
  const none = { policy: { origin: "builtin", digest: fakeDigest("p") }, trust: null, advisories: null, vex: [] };
  return {
    verdict: { ...verdict, decision: "allow", reasons: [], inputs: none },
    title,
    artifact,
    version,
    matched: { known: false, why: "no advisory index was given" },
    papers: [],
  };
}

test("the sample of a real lockfile", (t) => {
  const lock = shared(t, "bench/lib/package-lock.json");
  if (lock === undefined) return;
  golden("report.html", printReport(sampleReport(sbomFromLock(readFileSync(lock, "utf8")))));
});

test("the sample as its receiver sees it: build and rebuild are told as their signer's word", () => {
  const page = printReport(receivedSample(layeredSbom(12)));
  golden("received.html", page);
  const text = textOf(page);
  assert.match(text, /Source claimed v0\.4\.1 says acme-release/);
  const word =
    /claimed What follows is the word of acme-release , in the paper sha256:[0-9a-f]{12}… , whose signature and scope were verified here/g;
  assert.equal(text.match(word)?.length, 2, text.slice(text.indexOf("How it was made"), 400));
  assert.match(text, /double circle: claimed, in a paper that verified/);
  assert.doesNotMatch(textOf(printReport(small)), /What follows is the word of|double circle/);
});

test("who built again is told: the same party, another, or nobody knows", () => {
  const { rebuild, ...rest } = receivedSample(layeredSbom(12));
  assert.ok(rebuild !== undefined);
  const said = (party: typeof rebuild.party): string =>
    textOf(printReport({ ...rest, rebuild: { ...rebuild, party } }));
  assert.match(said("same"), /of the same party: this shows that the build repeats/);
  assert.match(said("other"), /by another party than the one that signed the provenance/);
  assert.match(said("unknown"), /nobody can tell whether the second build is by somebody else/);
});

test("the same input gives the same bytes, whatever the order of components and findings", () => {
  const shuffled = structuredClone(small) as ReportInput & { declared: { components: unknown[] } };
  shuffled.declared.components.reverse();
  assert.equal(printReport(structuredClone(small)), printReport(small));
  assert.equal(printReport(shuffled), printReport(small));
});

test("each decision is said in words, first, with policy and time", () => {
  const said = {
    allow: ["Allowed", "good", "may be used: the policy's requirements are met. 1 check passed."],
    warn: ["Allowed with warnings", "warn", "may be used, but 1 check warns. 0 checks passed."],
    deny: ["Refused", "bad", "must not be used here: 1 required check failed and 1 required check could not be made."],
  } as const;
  const reasons = {
    allow: [reason("package.sbom", "pass")],
    warn: [reason("package.sbom", "fail", { mode: "warn" })],
    deny: [reason("package.sbom", "fail"), reason("package.manifest", "unchecked")],
  };
  for (const decision of ["allow", "warn", "deny"] as const) {
    const page = printReport({ ...small, verdict: sampleVerdict(decision, reasons[decision]) });
    const [word, tone, sentence] = said[decision];
    assert.ok(page.includes(`<title>${word}: acme-semver-lite-0.4.1.tgz</title>`));
    assert.ok(page.includes(`<body class="${tone}">`));
    const text = textOf(page);
    assert.match(text, new RegExp(`^ Waybill ${word} acme-semver-lite`));
    assert.ok(text.includes(sentence), text.slice(0, 300));
    assert.ok(text.includes("2026-11-23 10:00:00 UTC"));
    assert.ok(text.indexOf("waybill.policy.yaml") < text.indexOf("1 Why") || text.indexOf("waybill.policy.yaml") < 600);
  }
});

test("what speaks against comes first, each reason with expected, found, fix, exception", () => {
  const text = textOf(
    printReport({
      ...small,
      verdict: sampleVerdict("deny", [
        reason("package.sbom", "pass", { found: "found-pass" }),
        reason("package.licenses", "excepted", {
          found: "found-excepted",
          exception: { owner: "@legal", reason: "paid", expires: "2027-01-31T00:00:00Z" },
        }),
        reason("package.known-malware", "fail", { mode: "observe", found: "found-observed" }),
        reason("package.manifest", "unchecked", { found: "found-unchecked" }),
        reason("package.signed-by", "fail", { expected: "asked", found: "found-failed", fix: "do this" }),
      ]),
    }),
  );
  const order = ["found-failed", "found-unchecked", "found-observed", "found-excepted", "found-pass"];
  const places = order.map((word) => text.indexOf(word));
  assert.ok(places.every((place) => place > 0));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.match(text, /Expected asked Found found-failed What to do do this/);
  assert.match(text, /Exception paid Granted by @legal , expires 2027-01-31 00:00:00 UTC/);
});

test("with nothing known every part says so, and none says that it is well", () => {
  const text = textOf(printReport(empty()));
  for (const sentence of [
    "the policy asks nothing of it",
    "The policy has no rule for this station",
    "This report holds no list of components",
    "No advisories were asked, so this report says nothing about known weaknesses: no advisory index was given",
    "The bytes of the artifact were not looked into",
    "holds no record of a build",
    "No paper came with this artifact",
    "Trust none was given",
  ]) {
    assert.ok(text.includes(sentence), sentence);
  }
  assert.doesNotMatch(text, /cosign|none known|they agree/);
  const hollow = { ...layeredSbom(0), unknowns: [{ where: "a/package-lock.json", what: "is no JSON" }] };
  const page = textOf(printReport({ ...empty(), declared: hollow }));
  assert.match(page, /0 components .* Could not be read 1 a\/package-lock.json : is no JSON/);
});

test("a verdict about other bytes than the artifact's is told loudly", () => {
  const other = { ...small, artifact: { ...small.artifact, digests: { sha256: fakeDigest("other") } } };
  assert.match(textOf(printReport(other)), /This verdict is about other bytes than the artifact of this report/);
  assert.doesNotMatch(textOf(printReport(small)), /about other bytes/);
});

test("findings: worst first, malicious before all; link, way, fix and VEX are told", () => {
  assert.ok(small.matched.known);
  const [first] = small.matched.value.findings as [Finding];
  const finding = (id: string, rest: Partial<Finding>): Finding => ({ ...first, id, ids: [id], ...rest });
  const findings = [
    finding("F-LOW", { severity: "low" }),
    finding("F-NONE", { severity: "unknown" }),
    finding("F-CRITICAL", { severity: "critical", paths: [["pkg:npm/%40acme/a@1.0.0", "pkg:npm/b@2.0.0"]] }),
    finding("F-MAL", { kind: "malicious", severity: "unknown", url: "javascript:alert(1)" }),
  ];
  const page = printReport({ ...small, matched: { known: true, value: { ...small.matched.value, findings } } });
  const text = textOf(page);
  const places = ["F-MAL", "F-CRITICAL", "F-LOW", "F-NONE"].map((id) => text.indexOf(`${id} `));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.match(text, /@acme\/a@1\.0\.0 › b@2\.0\.0/);
  assert.match(text, /not affected: vulnerable code cannot be controlled by adversary security@acme\.example/);
  const links = tagsOf(page)
    .filter(({ name }) => name === "a")
    .map(({ attributes }) => attributes.get("href") ?? "");
  assert.equal(links.filter((href) => !href.startsWith("#")).length, 3);
  assert.ok(links.every((href) => /^(?:#[a-z]+|https:\/\/advisories\.example\/[A-Z0-9a-z-]+)$/.test(href)));
});

test("bytes that hold what nobody claimed, or another version of it, disagree; a lockfile's tools that are not shipped do not", () => {
  const said = (agreement: ReportInput["agreement"]): string =>
    textOf(printReport({ ...small, ...(agreement === undefined ? {} : { agreement }) }));
  assert.match(said({ onlyClaimed: ["eslint"], onlySeen: [] }), /they agree .* Claimed, not in the bytes 1 eslint/);
  assert.match(
    said({ onlyClaimed: [], onlySeen: ["left@1"] }),
    /they differ .* In the bytes, claimed nowhere 1 left@1/,
  );
  const versionDiffers = [{ name: "left", claimed: "1.0.0", seen: "1.0.1" }];
  assert.match(said({ onlyClaimed: [], onlySeen: [], versionDiffers }), /they differ .* left 1\.0\.0 1\.0\.1/);
});

test("2,000 components take less than 100 ms, 1,600 less than 300 kB, and fold", () => {
  const input = { ...small, declared: layeredSbom(2000) };
  // The best of five, as other work on the machine may stop any one of them.
  const times = Array.from({ length: 5 }, () => {
    const start = cpuMilliseconds();
    printReport(input);
    return cpuMilliseconds() - start;
  });
  assert.ok(Math.min(...times) < 100, `${Math.min(...times)} ms`);
  const page = printReport({ ...small, declared: layeredSbom(1600) });
  assert.ok(page.length < 300_000, `${page.length}`);
  assert.ok(page.includes("<details><summary>Show all 1,560</summary>"));
  assert.equal(page.match(/<tr><th scope=row>/g)?.length, 1600);
});
