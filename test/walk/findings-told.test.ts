import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Ran, waybill } from "../support/command.ts";
import { makeDockerArchive } from "../unit/artifact/make-formats.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/advisories.md"), "utf8");
const SECTION = /^## Telling people and tools\n([\s\S]*?)(?=^## |(?![\s\S]))/mu.exec(PAGE)?.[1] ?? "";
const COMMANDS = Array.from(SECTION.matchAll(/```sh\n([\s\S]*?)```/gu), ([, block = ""]) => block)
  .flatMap((block) => block.split("\n"))
  .filter((line) => line.startsWith("waybill "));

const LOCK = JSON.stringify(
  {
    name: "app",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: {
      "": { name: "app", version: "1.0.0", dependencies: { right: "1.0.0" } },
      "node_modules/left": { version: "1.0.0" },
      "node_modules/right": { version: "1.0.0", dependencies: { left: "1.0.0" } },
    },
  },
  null,
  1,
);
const RECORD = {
  id: "GHSA-aaaa-bbbb-cccc",
  modified: "2026-11-20T00:00:00Z",
  summary: "left goes right",
  database_specific: { severity: "HIGH" },
  affected: [
    {
      package: { ecosystem: "npm", name: "left" },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.0.1" }] }],
    },
  ],
};
const VEX = {
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://acme.example/vex/1",
  author: "Acme",
  timestamp: "2026-11-21T00:00:00Z",
  version: 1,
  statements: [
    {
      vulnerability: { name: "GHSA-aaaa-bbbb-cccc" },
      products: [{ "@id": "pkg:npm/left@1.0.0" }],
      status: "not_affected",
      justification: "vulnerable_code_not_in_execute_path",
    },
  ],
};

let folder: string;
const run = (line: string): Ran => waybill(line.split(" ").slice(1), folder, join(folder, "home"));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

describe("telling findings", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-told-"));
    for (const path of ["home", "osv/npm", "services/a", "services/b"])
      mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, "osv/npm/1.json"), JSON.stringify(RECORD));
    for (const path of ["", "services/a", "services/b"]) writeFileSync(join(folder, path, "package-lock.json"), LOCK);
    writeFileSync(join(folder, "vex.json"), JSON.stringify(VEX));
    writeFileSync(join(folder, "image.tar"), makeDockerArchive([[{ path: "app/package-lock.json", content: LOCK }]]));
    const built = run("waybill db build --from osv --output advisories.db");
    assert.equal(built.status, 0, built.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("every command of the page gives its form, and what it names is there", () => {
    assert.ok(COMMANDS.length >= 12, `${COMMANDS.length} commands`);
    for (const command of COMMANDS) {
      const { status, stdout, stderr } = run(command);
      assert.equal(status, 0, `${command}: ${stderr}`);
      const output = /--output (\S+)/u.exec(command)?.[1];
      assert.ok(
        output === undefined ? stdout.includes("GHSA-aaaa-bbbb-cccc") : existsSync(join(folder, output)),
        command,
      );
      const told = output === undefined ? stdout : read(output);
      assert.ok(told.includes("GHSA-aaaa-bbbb-cccc"), command);
    }
    assert.match(read("findings.xml"), /testsuite name="services\/b\/package-lock.json"/);
  });

  test("files are named as seen from the folder of the call", () => {
    const uri = /"uri": "(services\/a\/package-lock.json)"/u;
    for (const source of [
      "services/a",
      "./services/a/",
      "dir:services/a",
      "services/a/package-lock.json",
      join(folder, "services/a"),
    ])
      assert.match(run(`waybill scan ${source} --db advisories.db --format sarif`).stdout, uri, source);
    assert.match(
      run("waybill scan services/a --db advisories.db -q").stdout,
      /^services\/a\/package-lock.json:\d+: high left 1.0.0/u,
    );
  });

  test("a statement takes a finding out of what must be read, and --all shows it", () => {
    const settled = run("waybill scan . --db advisories.db --vex vex.json --fail-on low");
    assert.equal(settled.status, 0, settled.stderr);
    assert.match(settled.stdout, /^no findings in 2 components; 1 more settled by statements$/mu);
    assert.match(
      run("waybill scan . --db advisories.db --vex vex.json --all").stdout,
      /not affected: vulnerable code not in/u,
    );
    assert.match(run("waybill scan . --db advisories.db --vex vex.json --format sarif").stdout, /"suppressions"/u);
    assert.match(run("waybill scan . --db advisories.db --vex vex.json --format junit").stdout, /<skipped /u);
  });

  test("what fails is what --fail-on names, in the exit code and in the test report", () => {
    const strict = run("waybill scan . --db advisories.db --format junit --fail-on critical");
    assert.equal(strict.status, 0);
    assert.match(strict.stdout, /failures="0"/u);
    assert.equal(run("waybill scan . --db advisories.db --format junit --fail-on high").status, 1);
  });

  test("an old index is told on stderr, and in the table itself", () => {
    const json = run("waybill scan . --db advisories.db --format json --at 2027-03-01");
    assert.match(json.stderr, /index is 101 days old/u);
    assert.doesNotMatch(run("waybill scan . --db advisories.db --format json --at 2026-11-24").stderr, /days old/u);
    assert.match(
      run("waybill scan . --db advisories.db --at 2027-03-01").stdout,
      /101 days old: what was found since/u,
    );
  });

  test("no clock changes a document: two calls give the same bytes, SOURCE_DATE_EPOCH sets its time", () => {
    for (const form of ["cyclonedx", "gitlab", "vulns"]) {
      const call = `waybill scan . --db advisories.db --format ${form}`;
      assert.equal(run(call).stdout, run(call).stdout, form);
    }
    assert.match(
      run("waybill scan . --db advisories.db --format gitlab").stdout,
      /"start_time": "2026-11-20T00:00:00"/u,
    );
  });

  test("one clear line: a form that there is not, several sources for a form of one product", () => {
    const none = run("waybill scan . --db advisories.db --format pdf");
    assert.deepEqual([none.status, none.stdout], [2, ""]);
    assert.match(none.stderr, /WB-USAGE-FORMAT/u);
    const two = run("waybill scan services/a services/b --db advisories.db --format cyclonedx");
    assert.deepEqual([two.status, two.stdout], [2, ""]);
    assert.match(two.stderr, /WB-USAGE-WORD/u);
  });

  test("a result that cannot be written leaves nothing", () => {
    const ran = run("waybill scan . --db advisories.db --format html --output nowhere/findings.html");
    assert.equal(ran.status, 2);
    assert.match(ran.stderr, /WB-OUTPUT-UNWRITABLE/u);
  });
});
