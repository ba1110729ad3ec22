import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Ran, waybill } from "../support/command.ts";
import { fill } from "../support/waybill.ts";

const VECTOR = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
const GUIDE = readFileSync(join(import.meta.dirname, "../../docs/advisories.md"), "utf8");
const SECTION = /^## What to do first\n([\s\S]*?)(?=^## |(?![\s\S]))/mu.exec(GUIDE)?.[1] ?? "";

let folder: string;
const run = (line: string): Ran => waybill(line.split(" ").slice(1), folder, join(folder, "home"));

/** A record with a fix; `vector` rates it by CVSS 4.0 alone. */
function record(id: string, name: string, more: object): string {
  const range = { type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.0.1" }] };
  const affected = [{ package: { ecosystem: "npm", name }, ranges: [range] }];
  return JSON.stringify({ id, modified: "2026-11-01T00:00:00Z", summary: `${name} goes wrong`, affected, ...more });
}

describe("what to do first, on the command line", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-first-"));
    const app = { name: "app", version: "1.0.0" };
    const dependencies = { critical: "1.0.0", low: "1.0.0" };
    fill(folder, {
      "package.json": JSON.stringify({ ...app, dependencies, devDependencies: { tested: "1.0.0" } }),
      "package-lock.json": JSON.stringify({
        ...app,
        lockfileVersion: 3,
        requires: true,
        packages: {
          "": { ...app, dependencies, devDependencies: { tested: "1.0.0" } },
          "node_modules/critical": { version: "1.0.0" },
          "node_modules/low": { version: "1.0.0" },
          "node_modules/tested": { version: "1.0.0", dev: true },
        },
      }),
      "osv/npm/GHSA-a.json": record("GHSA-aaaa-aaaa-aaaa", "critical", {
        aliases: ["CVE-2026-0001"],
        severity: [{ type: "CVSS_V4", score: VECTOR }],
      }),
      "osv/npm/GHSA-b.json": record("GHSA-bbbb-bbbb-bbbb", "low", {
        aliases: ["CVE-2026-0002"],
        database_specific: { severity: "LOW" },
      }),
      "osv/npm/GHSA-c.json": record("GHSA-cccc-cccc-cccc", "tested", { database_specific: { severity: "CRITICAL" } }),
      "kev.json": JSON.stringify({
        title: "catalog",
        catalogVersion: "2026.11.20",
        dateReleased: "2026-11-20T00:00:00Z",
        count: 1,
        vulnerabilities: [
          {
            cveID: "CVE-2026-0002",
            dateAdded: "2026-11-02",
            dueDate: "2026-11-23",
            knownRansomwareCampaignUse: "Known",
            vendorProject: "acme",
            product: "low",
            vulnerabilityName: "low",
            shortDescription: "low",
            requiredAction: "upgrade",
          },
        ],
      }),
      "epss.csv":
        "#model_version:v2026.1.1,score_date:2026-11-20T00:00:00Z\ncve,epss,percentile\nCVE-2026-0001,0.1,0.93\nCVE-2026-0002,0.002,0.5\n",
      "where.yaml": "# the shop\nexposure: open\nmission: mission-failure\n",
    });
    const built = run("waybill db build --from osv --output advisories.db");
    assert.equal(built.status, 0, built.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("the commands of docs/advisories.md, What to do first, judge and say why", () => {
    const blocks = Array.from(SECTION.matchAll(/```sh\n([\s\S]*?)```/gu), ([, block]) => block as string);
    const commands = blocks.flatMap((block) => block.split("\n")).filter((line) => line.startsWith("waybill "));
    assert.ok(commands.length >= 4, `${commands.length} commands`);
    for (const command of commands) {
      const { status, stderr } = run(command);
      assert.ok(status === 0 || status === 1 || status === 3, `${command}: ${status} ${stderr}`);
      assert.ok(!stderr.includes("WB-USAGE"), `${command}: ${stderr}`);
      assert.equal(status === 0, !/WB-SCAN-(?:REFUSED|UNCHECKED)/u.test(stderr), `${command}: ${status} ${stderr}`);
    }
  });

  test("a record that CVSS 4.0 alone rates is rated, and orders the work with the rest", () => {
    const { status, stdout } = run("waybill scan . --db advisories.db --format json --ssvc where.yaml");
    assert.equal(status, 0);
    const { findings } = JSON.parse(stdout) as {
      findings: readonly { severity: string; rating: { risk: number; cvss: object; ssvc: { vector: string } } }[];
    };
    assert.deepEqual(
      findings.map(({ severity, rating }) => `${severity} ${rating.risk}`),
      ["critical 46.5", "low 10", "critical 23.8"],
    );
    assert.deepEqual(findings[0]?.rating.cvss, {
      version: "4.0",
      vector: VECTOR,
      score: 9.3,
      severity: "critical",
      metrics: "CVSS-B",
    });
    assert.equal(findings[0]?.rating.ssvc.vector, "SSVCv2/E:N/EXP:O/A:Y/SI:M/MI:MF/HI:VH/DSOI:O/2026-11-01T00:00:00Z/");
  });

  test("--fail-on names each condition that was met, and what could not be judged", () => {
    const failed = run("waybill scan . --db advisories.db --fail-on critical+runtime,low,kev");
    assert.equal(failed.status, 1);
    assert.match(
      failed.stderr,
      /WB-SCAN-REFUSED a finding meets --fail-on critical\+runtime: GHSA-aaaa-aaaa-aaaa of critical@1\.0\.0\n/u,
    );
    assert.match(failed.stderr, /WB-SCAN-REFUSED 3 findings meet --fail-on low: /u);
    assert.match(failed.stderr, /WB-SCAN-UNCHECKED --fail-on kev could not be judged: [^\n]*\n {2}hint: /u);
    assert.equal(run("waybill scan . --db advisories.db --fail-on malicious").status, 0);
    assert.equal(run("waybill scan . --db advisories.db --fail-on ssvc:immediate").status, 3);
    const typo = run("waybill scan . --db advisories.db --fail-on hihg");
    assert.equal(typo.status, 2);
    assert.match(typo.stderr, /WB-USAGE-OPTION [^\n]*without-statement[^\n]*found "hihg"/u);
    const setting = run("waybill scan . --db advisories.db --ssvc exposure=public");
    assert.equal(setting.status, 2);
    assert.match(setting.stderr, /WB-SSVC-CONTEXT [^\n]*small, controlled, open/u);
    assert.equal(run("waybill scan . --db advisories.db --ssvc nowhere.yaml").status, 2);
  });

  test("scan explain tells the risk and every point of the decision", () => {
    const { status, stdout } = run("waybill scan explain GHSA-aaaa-aaaa-aaaa . --db advisories.db --ssvc where.yaml");
    assert.equal(status, 0);
    assert.match(stdout, /critical; risk 46\.5, CVSS 4\.0 9\.3/u);
    assert.match(stdout, /SSVC for the deployer: out-of-cycle\n/u);
    assert.match(stdout, /Exploitation: none \(assumed: the index holds no catalog of exploited vulnerabilities\)/u);
    assert.match(stdout, /Mission Impact: mission failure \(stated: mission as stated\)/u);
  });

  test("an index with KEV and EPSS answers what they are asked for, and orders by them", () => {
    const built = run("waybill db build --from osv --kev kev.json --epss epss.csv --output full.db");
    assert.equal(built.status, 0, built.stderr);
    const { stdout } = run("waybill scan . --db full.db --format json");
    const { findings } = JSON.parse(stdout) as {
      findings: readonly {
        rating: { risk: number; epss: object | null; kev: object | null; ssvc: { decision: string } };
      }[];
    };
    assert.deepEqual(
      findings.map(({ rating }) => rating.risk),
      [69.8, 68, 23.8],
      "CVSS 9.3 at a chance of 10 %; low and exploited; critical, in tests alone",
    );
    assert.deepEqual(findings[0]?.rating.epss, {
      cve: "CVE-2026-0001",
      score: 0.1,
      percentile: 0.93,
      date: "2026-11-20",
    });
    assert.deepEqual(findings[1]?.rating.kev, {
      cve: "CVE-2026-0002",
      added: "2026-11-02",
      due: "2026-11-23",
      ransomware: true,
    });
    assert.equal(findings[1]?.rating.ssvc.decision, "out-of-cycle");
    for (const condition of ["kev", "ransomware", "epss:0.1", "risk:69", "ssvc:out-of-cycle"]) {
      const { status, stderr } = run(`waybill scan . --db full.db --fail-on ${condition}`);
      assert.equal(status, 1, `${condition}: ${stderr}`);
      assert.match(stderr, /WB-SCAN-REFUSED a finding meets/u, condition);
      assert.doesNotMatch(stderr, /WB-SCAN-UNCHECKED/u);
    }
    assert.equal(run("waybill scan . --db full.db --fail-on epss:0.5,ssvc:immediate,critical+kev").status, 0);
  });
});
