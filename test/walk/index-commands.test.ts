import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderOf, putEcosystem, type TestRecord } from "../support/bucket.ts";
import { waybill } from "../support/command.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/advisories.md"), "utf8");
const SECTION = PAGE.split("\n## ").find((section) => section.startsWith("The index\n")) ?? "";
const COMMANDS = Array.from(SECTION.matchAll(/```sh\n([\s\S]*?)```/gu), ([, block]) => block ?? "")
  .flatMap((block) => block.split("\n"))
  .filter((line) => line.startsWith("waybill "));

test("the commands of docs/advisories.md, The index, do what the page says", (t) => {
  const folder = folderOf(t);
  const at = (name: string): string => join(folder, name);
  const home = at("home");
  const run = (line: string): string => {
    const ran = waybill(line.split(/\s+/u).slice(1), folder, home);
    assert.equal(ran.status, 0, `${line}: ${ran.stderr}`);
    return ran.stdout;
  };
  const record = (id: string, day: number): TestRecord => ({
    id,
    modified: `2026-01-0${day}T00:00:00Z`,
    packages: ["left"],
    version: "2.0.0",
  });
  putEcosystem(at("osv-mirror"), "npm", [record("A-1", 1)]);
  putEcosystem(at("osv-mirror"), "Go", [{ ...record("G-1", 1), ecosystem: "Go" }]);
  writeFileSync(
    at("known_exploited_vulnerabilities.json"),
    '{"vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"2021-12-10"}]}',
  );
  writeFileSync(at("epss.csv"), "#score_date:2026-01-01\ncve,epss,percentile\nCVE-2021-44228,0.9,0.99\n");
  writeFileSync(at("secret"), "not a secret\n");
  run("waybill keys generate --output release --passphrase-file secret");
  run("waybill keys generate --output mirror --passphrase-file secret");
  const trust = /```yaml\n([\s\S]*?)```/u.exec(SECTION)?.[1] ?? "";
  writeFileSync(at("feeds.trust.yaml"), trust.replace("mirror.pub", "release.pub"));
  assert.ok(COMMANDS.length >= 8, "the page has its commands");
  const [build = "", ...rest] = COMMANDS;
  run(build);
  const lock = {
    name: "app",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "": { name: "app", version: "1.0.0" }, "node_modules/left": { version: "1.0.0" } },
  };
  writeFileSync(at("package-lock.json"), JSON.stringify(lock));
  const scan = (words: string): { digest: string; ids: readonly string[]; shards: readonly string[] } => {
    const told = JSON.parse(run(`waybill scan package-lock.json --format json ${words}`)) as {
      database: { digest: string; shards: readonly { name: string }[] };
      findings: readonly { advisory: { id: string } }[];
    };
    return {
      digest: told.database.digest,
      ids: told.findings.map(({ advisory }) => advisory.id),
      shards: told.database.shards.map(({ name }) => name),
    };
  };
  const before = scan("--db advisories.db");
  assert.deepEqual([before.ids, before.shards], [["A-1"], ["npm"]]);
  putEcosystem(at("osv-mirror"), "npm", [record("A-1", 1), record("A-2", 2)]);
  for (const command of rest) run(command);
  // The same scan as of the digest that the first result named, here and where the index was carried.
  assert.deepEqual(scan("--db advisories.db").ids, ["A-1", "A-2"]);
  assert.deepEqual(scan(`--db advisories.db --as-of ${before.digest.slice(0, 12)}`), before);
  assert.equal(scan("--db offline.db").digest, scan("--db advisories.db").digest);
  const untrusted = waybill(
    ["db", "import", "advisories.wax", "--db", "other.db", "--trust", "mirror.pub"],
    folder,
    home,
  );
  assert.deepEqual([untrusted.status, untrusted.stderr.includes("WB-VERIFY-KEY-UNKNOWN")], [1, true], untrusted.stderr);
  const offline = waybill(
    ["db", "build", "--from", "https://bucket.example/", "--offline", "-o", "x.db"],
    folder,
    home,
  );
  assert.deepEqual([offline.status, offline.stderr.includes("WB-NETWORK-FORBIDDEN")], [2, true], offline.stderr);
});
