import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waybill } from "../support/command.ts";
import { shared } from "../support/shared.ts";

const PAGE = join(import.meta.dirname, "../../docs/advisories.md");

/** The commands of the page's section about records, in their order. */
function commands(): readonly (readonly string[])[] {
  const [, section = ""] = readFileSync(PAGE, "utf8").split("\n## Records\n");
  const [own = ""] = section.split("\n## ", 1);
  return Array.from(own.matchAll(/```sh\n([\s\S]*?)```/gu), ([, block = ""]) => block)
    .flatMap((block) => block.trim().split("\n"))
    .map((line) => line.split(" ").slice(1));
}

const RECORD = {
  id: "GHSA-a-a-a",
  modified: "2026-01-01T00:00:00Z",
  affected: [{ package: { ecosystem: "PyPI", name: "left" }, versions: ["1.0"] }],
};

test("the commands of docs/advisories.md, Records, do what the page says", (t) => {
  const ghsa = shared(t, "vectors/osv-schema/ghsa-to-osv/less_than_equals_no_patch.json");
  if (ghsa === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "waybill-records-"));
  try {
    for (const name of ["records", "vulns"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "records/1.json"), JSON.stringify(RECORD));
    writeFileSync(join(folder, "names.txt"), "# names\nLeft\n");
    writeFileSync(
      join(folder, "vulns/1.yaml"),
      "id: PYSEC-1\nmodified: 2026-01-01T00:00:00Z\naffected:\n- package: {ecosystem: PyPI, name: left}\n  versions: [1.10]\n",
    );
    cpSync(ghsa, join(folder, "ghsa.json"));
    const run = (...words: readonly string[]): string => {
      const { status, stdout, stderr } = waybill(words, folder, folder);
      assert.equal(status, 0, `${words.join(" ")}: ${stderr}`);
      return stdout;
    };
    const all = commands();
    assert.equal(all.length, 6);
    for (const words of all) run(...words);
    const load = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
    assert.deepEqual(load("lint.json"), { schema: "waybill.lint/1", records: 1, errors: 0, warnings: 0, problems: [] });
    assert.deepEqual(
      load("GHSA-jvf4-g24p-2qgw.json"),
      JSON.parse(readFileSync(ghsa.replace(".json", ".osv.json"), "utf8")),
    );
    assert.match(run("db", "status", "--db", "converted.db"), /converted\.db: 2 records/u);
    assert.match(run("db", "convert", "vulns", "--into", "converted"), /0 records \(\), 0|1 records \(PyPI 1\)/u);
    const json = JSON.parse(run("db", "convert", "vulns", "--into", "new", "--format", "json")) as object;
    assert.deepEqual(json, {
      schema: "waybill.convert/1",
      into: "new",
      records: 1,
      ecosystems: { PyPI: 1 },
      older: 0,
      failed: 0,
      examples: [],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("db lint and db convert say what is wrong, with the exit code of the contract", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-records-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "warned.json"), JSON.stringify({ ...RECORD, id: "BREW-1" }));
  writeFileSync(join(folder, "wrong.json"), JSON.stringify({ ...RECORD, modified: "yesterday", "a\u202eb": 1 }));
  writeFileSync(join(folder, "broken.json"), "{");
  const says = (line: string): string => {
    const { status, stdout, stderr } = waybill(line.split(" "), folder, folder);
    return `${status} ${stdout}${stderr}`;
  };
  assert.match(
    says("db lint warned.json"),
    /^0 warned\.json#\/id: warning: .* \[conforms-to-schema\]\n1 records: 0 errors, 1 warnings/u,
  );
  assert.match(says("db lint warned.json --strict"), /^1 /u);
  assert.match(
    says("db lint wrong.json"),
    /^1 wrong\.json#\/modified: error: expected a time in UTC, .*, found "yesterday"/u,
  );
  assert.ok(!says("db lint wrong.json").includes("\u202e"), "no hidden direction reaches the terminal");
  assert.match(says("db lint broken.json"), /^1 broken\.json:1: error: not valid JSON/u);
  assert.match(says("db lint"), /^2 .*WB-USAGE-WORD/u);
  assert.match(says("db lint empty"), /^2 .*WB-ADVISORIES-EMPTY/u);
  assert.match(says("db lint warned.json --names PyPI"), /^2 .*WB-USAGE-OPTION/u);
  assert.match(says("db lint warned.json --names npm=nowhere"), /^2 .*WB-SOURCE-MISSING/u);
  assert.match(says("db convert broken.json"), /^2 .*WB-JSON-SYNTAX/u);
  assert.match(says("db convert warned.json wrong.json"), /^2 .*WB-USAGE-WORD/u);
  assert.match(says("db convert broken.json --into new"), /^0 new: 0 records .* 1 not converted[\s\S]*not valid JSON/u);
});
