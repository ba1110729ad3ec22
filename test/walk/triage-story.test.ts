import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Ran, waybill } from "../support/command.ts";

// A team's story (docs/advisories.md, "Triage with VEX"): what was triaged does not come back after an upgrade and a month, what
// expired does, and what is new is told once.

let folder: string;
const project = (): string => join(folder, "app");
const run = (...words: readonly string[]): Ran => waybill(words, project(), join(folder, "home"));
const MAY = ["--at", "2026-05-18T09:00:00Z"];
const JUNE = ["--at", "2026-06-18T09:00:00Z"];

/** The project's lockfile: `app` needs `parser`, `server` and `colours`. */
function lock(version: string, parser: string): void {
  const packages = (name: string, at: string) => ({
    [`node_modules/${name}`]: { version: at, resolved: `https://npm.example/${name}-${at}.tgz` },
  });
  const manifest = { name: "app", version, dependencies: { parser: "*", server: "*", colours: "*" } };
  mkdirSync(project(), { recursive: true });
  writeFileSync(join(project(), "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(project(), "package-lock.json"),
    JSON.stringify({
      name: "app",
      version,
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": manifest,
        ...packages("parser", parser),
        ...packages("server", "2.0.0"),
        ...packages("colours", "3.0.0"),
      },
    }),
  );
}

/** An index as of a day, of these flaws: id, package, where it is fixed. */
function index(
  name: string,
  modified: string,
  flaws: readonly (readonly [id: string, of: string, fixed?: string])[],
): void {
  const mirror = join(folder, `${name}-mirror/npm`);
  mkdirSync(mirror, { recursive: true });
  for (const [id, of, fixed] of flaws) {
    const events = [{ introduced: "0" }, ...(fixed === undefined ? [] : [{ fixed }])];
    const affected = [{ package: { ecosystem: "npm", name: of }, ranges: [{ type: "SEMVER", events }] }];
    const database_specific = { severity: "HIGH" };
    const aliases = [`CVE-2026-${1000 + id.charCodeAt(5)}`];
    writeFileSync(
      join(mirror, `${id}.json`),
      JSON.stringify({ id, aliases, modified, summary: `a flaw of ${of}`, database_specific, affected }),
    );
  }
  const built = run("db", "build", "--from", join(folder, `${name}-mirror`), "--output", join(folder, `${name}.db`));
  assert.equal(built.status, 0, built.stderr);
}

interface Scan {
  readonly findings: readonly {
    readonly component: { readonly name: string; readonly version: string };
    readonly advisory: { readonly id: string };
    readonly vex: { readonly status: string; readonly carriedFrom?: string; readonly author: string } | null;
    readonly passedOver?: readonly { readonly why: string }[];
  }[];
}

/** A scan with the team's statements. */
function scan(db: string, ...more: readonly string[]): { readonly ran: Ran; readonly found: Scan } {
  const words = ["scan", ".", "--db", join(folder, `${db}.db`), "--format", "json", "--vex", "app.openvex.json"];
  const ran = run(...words, "--vex", "osv-scanner.toml", ...more);
  assert.ok(ran.status === 0 || ran.status === 1, ran.stderr);
  return { ran, found: JSON.parse(ran.stdout) as Scan };
}

/** The commands of the page, in their order, continued lines joined; what stands in quotes is one word. */
function pageCommands(): readonly (readonly string[])[] {
  const page = readFileSync(join(import.meta.dirname, "../../docs/advisories.md"), "utf8");
  const start = page.indexOf("## Triage with VEX");
  const section = page.slice(start, page.indexOf("\n## ", start));
  const blocks = Array.from(section.matchAll(/```sh\n([\s\S]*?)```/gu), ([, block = ""]) => block);
  return blocks
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.startsWith("waybill "))
    .map((line) => Array.from(line.matchAll(/"([^"]*)"|(\S+)/gu), ([, quoted, plain]) => quoted ?? plain ?? ""));
}

const told = ({ findings }: Scan): readonly string[] => findings.map(({ advisory }) => advisory.id);
const open = ["--fail-on", "low+without-statement"];

describe("a team's triage survives", { concurrency: false }, () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-triage-"));
    mkdirSync(join(folder, "home"));
    lock("1.0.0", "1.2.0");
    const known = [
      ["GHSA-aaaa-2222-2222", "parser"],
      ["GHSA-bbbb-2222-2222", "server", "4.0.0"],
      ["GHSA-cccc-2222-2222", "colours"],
    ] as const;
    index("may", "2026-05-17T00:00:00Z", known);
    index("june", "2026-06-17T00:00:00Z", [...known, ["GHSA-dddd-2222-2222", "server", "5.0.0"]]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("in May a scan finds three things, and fails", () => {
    const words = ["scan", ".", "--db", join(folder, "may.db"), "--format", "json", ...MAY];
    const ran = run(...words, ...open);
    assert.equal(ran.status, 1, ran.stderr);
    assert.deepEqual(told(JSON.parse(ran.stdout) as Scan), [
      "GHSA-cccc-2222-2222",
      "GHSA-aaaa-2222-2222",
      "GHSA-bbbb-2222-2222",
    ]);
  });

  test("one is not affected, one is accepted until 10 June, one is ignored; then nothing is open", () => {
    const from = (id: string): readonly string[] => ["vex", "create", id, ".", "--db", join(folder, "may.db"), ...MAY];
    const first = run(
      ...from("GHSA-aaaa-2222-2222"),
      "--status",
      "not_affected",
      "--justification",
      "vulnerable_code_not_in_execute_path",
      "--author",
      "The team",
      "--carry-over",
      "major",
      "--evidence",
      "https://ci.example/run/7",
      "--output",
      "app.openvex.json",
    );
    assert.equal(first.status, 0, first.stderr);
    const second = run(
      ...from("CVE-2026-1098"),
      "--status",
      "affected",
      "--action",
      "Accepted until the server is replaced.",
      "--carry-over",
      "until fixed",
      "--expires",
      "2026-06-10",
      "--into",
      "app.openvex.json",
      "--output",
      "app.openvex.json",
    );
    assert.equal(second.status, 0, second.stderr);
    assert.equal(run("vex", "validate", "app.openvex.json").stdout, "app.openvex.json: OpenVEX 0.2.0: valid\n");
    writeFileSync(
      join(project(), "osv-scanner.toml"),
      '[[IgnoredVulns]]\nid = "GHSA-cccc-2222-2222"\nreason = "another package of the same name"\n',
    );
    const { ran, found } = scan("may", ...open, ...MAY);
    assert.equal(ran.status, 0, ran.stderr);
    assert.deepEqual(
      found.findings.map(({ component, vex }) => [component.name, vex?.status]),
      [
        ["colours", "not_affected"],
        ["parser", "not_affected"],
        ["server", "affected"],
      ],
    );
    writeFileSync(join(folder, "may.json"), ran.stdout);
  });

  test("a month and an upgrade later only what expired and what is new is told", () => {
    lock("1.1.0", "1.4.0");
    const { ran, found } = scan("june", "--baseline", join(folder, "may.json"), ...open, ...JUNE);
    assert.equal(ran.status, 1);
    assert.deepEqual(told(found), ["GHSA-bbbb-2222-2222", "GHSA-dddd-2222-2222"]);
    assert.equal(found.findings[0]?.passedOver?.[0]?.why, "expired 2026-06-10: counts again");
    assert.match(ran.stderr, /1 new, 1 counting again, 2 known, 0 gone/u);
    const whole = scan("june", ...JUNE);
    const parser = whole.found.findings.find(({ component }) => component.name === "parser");
    assert.deepEqual(
      [parser?.component.version, parser?.vex?.status, parser?.vex?.carriedFrom],
      ["1.4.0", "not_affected", "1.2.0"],
    );
    writeFileSync(join(folder, "june.json"), whole.ran.stdout);
  });

  test("and each of them once", () => {
    const { ran, found } = scan("june", "--baseline", join(folder, "june.json"), ...open, ...JUNE);
    assert.deepEqual([ran.status, told(found)], [0, []]);
    assert.match(ran.stderr, /0 new, 0 counting again, 4 known, 0 gone/u);
  });

  test("the next major version of the parser is looked at anew", () => {
    lock("1.1.0", "2.0.0");
    const { found } = scan("june", "--baseline", join(folder, "june.json"), ...JUNE);
    assert.deepEqual(told(found), ["GHSA-aaaa-2222-2222"]);
  });

  test("the commands of the page run, and leave nothing that is settled", () => {
    const page = mkdtempSync(join(tmpdir(), "waybill-triage-page-"));
    try {
      for (const name of ["package.json", "package-lock.json"])
        writeFileSync(join(page, name), readFileSync(join(project(), name)));
      writeFileSync(join(page, "advisories.db"), readFileSync(join(folder, "may.db")));
      const commands = pageCommands();
      assert.ok(commands.length >= 11, `${commands.length} commands`);
      for (const [, ...words] of commands) {
        const ran = waybill(words, page, join(folder, "home"));
        // Nobody has said anything about the third.
        const open = words.includes("--fail-on") ? 1 : 0;
        assert.equal(ran.status, open, `${words.join(" ")}: ${ran.stderr}`);
      }
      const left = readFileSync(join(page, "rest.sarif"), "utf8");
      assert.deepEqual([left.includes('"ruleId": "GHSA-aaaa'), left.includes('"ruleId": "GHSA-bbbb')], [false, true]);
    } finally {
      rmSync(page, { recursive: true, force: true });
    }
  });

  test("the statements go to a customer in CSAF, and come back the same", () => {
    const csaf = run(
      "vex",
      "convert",
      "app.openvex.json",
      "--format",
      "csaf",
      "--namespace",
      "https://team.example",
      "--strict",
    );
    assert.equal(csaf.status, 0, csaf.stderr);
    writeFileSync(join(project(), "app.csaf.json"), csaf.stdout);
    assert.match(run("vex", "validate", "app.csaf.json").stdout, /^app\.csaf\.json: CSAF 2\.0: valid/u);
    const back = run("vex", "convert", "app.csaf.json", "--format", "openvex");
    const statements = (text: string): unknown =>
      (JSON.parse(text) as { statements: { vulnerability: { name: string } }[] }).statements.map(
        ({ vulnerability, ...rest }) => ({ name: vulnerability.name, ...rest }),
      );
    const own = statements(readFileSync(join(project(), "app.openvex.json"), "utf8")) as { timestamp?: string }[];
    const told = statements(back.stdout) as { timestamp?: string }[];
    assert.deepEqual(
      told.map(({ timestamp: _time, ...one }) => one),
      own.map(({ timestamp: _time, ...one }) => one),
    );
  });
});
