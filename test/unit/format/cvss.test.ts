import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
  cvssNomenclature,
  cvssSeverity,
  parseCvss,
  rateCvss,
  scoreCvss,
  worstOfNewest,
} from "../../../src/format/cvss.ts";
import type { CvssScores, CvssVector } from "../../../src/format/cvss-vector.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";
import { shared } from "../../support/shared.ts";

function read(text: string): CvssVector {
  const vector = parseCvss(text);
  assert.ok(vector.known, `${text}: ${vector.known ? "" : vector.why}`);
  return vector.value;
}

const scored = (text: string): CvssScores => scoreCvss(read(text));
const why = (text: string): string => {
  const vector = parseCvss(text);
  assert.ok(!vector.known, text.slice(0, 100));
  return vector.why;
};

test("CVSS: the common vectors of 2.0, 3.0, 3.1 and 4.0 score exactly, in every group", (t) => {
  const folder = shared(t, "vectors/cvss");
  if (folder === undefined) return;
  // `-0.0` is 0, and `None` says that the vector has no metric of the group.
  let count = 0;
  for (const file of readdirSync(folder).sort()) {
    const lines: readonly string[] = readFileSync(`${folder}/${file}`, "utf8").trim().split("\n");
    for (const line of lines) {
      const [text = "", told = ""] = line.split(" - ");
      const wanted = told
        .replace(/[()]/g, "")
        .split(",")
        .filter((one) => one.trim() !== "")
        .map((one) => (one.trim() === "None" ? undefined : Number(one) || 0));
      const { base, threat, environmental, score } = scored(text);
      // Those of 4.0 give the one score by all metrics.
      assert.deepEqual(wanted.length === 1 ? [score] : [base, threat, environmental], wanted, line);
    }
    count += lines.length;
    t.diagnostic(`${file}: ${lines.length} of ${lines.length}`);
  }
  t.diagnostic(`CVSS vectors: ${count} of ${count}`);
  assert.equal(count, 3_855);
});

test("CVSS: a score is by all metrics that the vector carries, and is named after them", () => {
  const cases = [
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "CVSS-B", 9.3],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", "CVSS-BT", 8.1],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MAV:L", "CVSS-BE", 8.6],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/MSI:S", "CVSS-BTE", 9.4],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:X/CR:X/U:Red", "CVSS-B", 9.3],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O", "CVSS-BT", 8.5],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P", "CVSS-BE", 6.8],
    ["AV:N/AC:L/Au:N/C:C/I:C/A:C/E:U/RL:ND", "CVSS-BT", 8.5],
    ["(AV:N/AC:L/Au:N/C:P/I:P/A:P)", "CVSS-B", 7.5],
  ] as const;
  for (const [text, name, score] of cases) {
    assert.equal(cvssNomenclature(read(text)), name, text);
    assert.equal(scored(text).score, score, text);
  }
  const supplemental = read(`${cases[0][0]}/S:P/AU:Y/U:Red`);
  assert.equal(supplemental.metrics.get("AU"), "Y");
  assert.ok(supplemental.groups.has("supplemental"));
  assert.deepEqual(scored(`${cases[3][0]}`), { base: 9.3, threat: 8.1, environmental: 9.4, score: 9.4 });
});

test("CVSS: a score is never below 0, and an exact half is rounded upwards whatever binary fractions make of it", () => {
  assert.equal(scored("AV:L/AC:H/Au:M/C:P/I:N/A:N/CDP:N/CR:L/IR:L/AR:M").environmental, 0);
  assert.equal(scored("CVSS:4.0/AV:L/AC:H/AT:N/PR:H/UI:N/VC:L/VI:H/VA:N/SC:N/SI:L/SA:L").score, 5.7);
});

test("CVSS: severity words follow the bands of the version", () => {
  const words = (version: "2.0" | "3.1", ...scores: readonly number[]): string =>
    scores.map((score) => cvssSeverity(score, version)).join(" ");
  assert.equal(
    words("3.1", 0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10),
    "none low low medium medium high high critical critical",
  );
  assert.equal(words("2.0", 0, 3.9, 4, 6.9, 7, 10), "low low medium medium high high");
});

test("CVSS: of several vectors the newest version counts, and of one version the worst", () => {
  const two = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
  const three = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
  const threeLow = "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
  const four = "CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N";
  assert.equal(worstOfNewest([two, threeLow, three])?.vector, three);
  assert.equal(worstOfNewest([three, four, two])?.vector, four);
  assert.equal(worstOfNewest(["CVSS:4.0/AV:N", two, "7.5"])?.vector, two);
  assert.equal(worstOfNewest([]), undefined);
  assert.deepEqual(rateCvss(two), { version: "2.0", vector: two, score: 10, severity: "high" });
});

test("CVSS: what is no vector is refused with the reason", () => {
  const whole = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
  const four = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N";
  const cases: readonly (readonly [text: string, why: RegExp])[] = [
    [whole.slice(0, -4), /^A must be given$/],
    [`${whole}/AV:N`, /^AV is given twice$/],
    [whole.replace("AV:N", "AV:X"), /^AV has no value X$/],
    [whole.replace("AV:N", "AV:constructor"), /^AV has no value constructor$/],
    [`${whole}/toString:N`, /^there is no metric toString$/],
    [`${whole}/`, /is not a metric with its value/],
    [`${whole}/E:P:P`, /"E:P:P" is not a metric/],
    [whole.replace("3.1", "3.2"), /no CVSS version "3\.2"/],
    [whole.replace("3.1", "2.0"), /no CVSS version "2\.0"/],
    [whole.toLowerCase(), /is not a metric|no metric/],
    [`${four}/E:A/SA:N`, /^SA stands after E$/],
    [four, /^SA must be given$/],
    ["7.5", /"7\.5" is not a metric/],
    ["", /"" is not a metric/],
    ["AV:N/AC:L/Au:N/C:P/I:P/A:P/E:X", /^E has no value X$/],
    [`CVSS:3.1\u202e\u0000/AV:N`, /no CVSS version "3\.1\ufffd\ufffd"/],
  ];
  for (const [text, reason] of cases) assert.match(why(text), reason, text);
});

test("CVSS: huge and hostile texts are refused at once", () => {
  const start = cpuMilliseconds();
  for (const part of ["AV:N/", "/", ":", "(", "A", "\u0000", "CVSS:3.1/"]) {
    assert.match(why(`CVSS:3.1/${part.repeat(1_000_000)}`), /longer than 400/);
    assert.equal(rateCvss(part.repeat(1_000_000)), undefined);
  }
  assert.ok(cpuMilliseconds() - start < 500);
});
