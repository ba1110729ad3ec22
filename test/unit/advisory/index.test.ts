import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { buildIndex, updateIndex } from "../../../src/advisory/build.ts";
import { listRevisions, openIndex } from "../../../src/advisory/index-file.ts";
import { verifyIndex } from "../../../src/advisory/index-verify.ts";
import { Fault } from "../../../src/model/fault.ts";
import { folderOf, osv, putEcosystem, type TestRecord } from "../../support/bucket.ts";

const record = (id: string, day: number, packages: readonly string[], version = "1.0.0"): TestRecord => ({
  id,
  modified: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`,
  packages,
  version,
});
const fixedIn = (path: string, name: string, asOf?: string): readonly string[] => {
  const index = openIndex(path, { asOf });
  try {
    return index.lookup("npm", name).map(({ id, ranges }) => `${id} ${JSON.stringify(ranges[0]?.events.at(-1))}`);
  } finally {
    index.close();
  }
};
const fault =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Fault && error.facts.code === code;

describe("advisories: an index and its revisions", () => {
  it("an update reads what changed alone, and its digest is that of an index built anew", async (t) => {
    const folder = folderOf(t);
    const [bucket, path] = [join(folder, "osv"), join(folder, "a.db")];
    const many = Array.from({ length: 50 }, (_, n) => record(`A-${n}`, 1, [`p${n % 7}`, `q${n}`]));
    putEcosystem(bucket, "npm", many);
    putEcosystem(bucket, "Go", [{ ...record("G-1", 1, ["example.com/g"]), ecosystem: "Go" }]);
    const first = await buildIndex(bucket, path);
    const changed = [...many.slice(2), record("A-0", 2, ["p0", "new"], "2.0.0"), record("B-1", 3, ["p1"])];
    putEcosystem(bucket, "npm", changed);
    const second = await updateIndex(path);
    const told = second.updates.map(({ name, by, read, changed: count }) => [name, by, read, count]);
    assert.deepEqual(told, [
      ["Go", "records", 0, 0],
      ["npm", "records", 2, 3],
    ]);
    const anew = await buildIndex(bucket, join(folder, "b.db"));
    assert.equal(second.digest, anew.digest);
    assert.deepEqual(second.shards, anew.shards);
    assert.notEqual(second.digest, first.digest);
    assert.equal(verifyIndex(path).revisions, 2);

    assert.deepEqual(fixedIn(path, "q0"), []);
    assert.deepEqual(fixedIn(path, "new"), ['A-0 {"fixed":"2.0.0"}']);
    assert.deepEqual(fixedIn(path, "q0", first.digest), ['A-0 {"fixed":"1.0.0"}']);
    assert.deepEqual(fixedIn(path, "q1", `sha256:${first.digest.slice(0, 12)}`), ['A-1 {"fixed":"1.0.0"}']);
    assert.deepEqual(fixedIn(path, "q1"), []);
    assert.deepEqual(fixedIn(path, "new", first.digest), []);
  });

  it("whatever way it came to a state, the digest is that state's; what is as it was is no revision", async (t) => {
    const folder = folderOf(t);
    const [bucket, path] = [join(folder, "osv"), join(folder, "a.db")];
    const states = [
      [record("A-1", 1, ["a"]), record("A-2", 1, ["a", "b"]), record("A-3", 1, ["c"])],
      [record("A-1", 2, ["b"]), record("A-2", 1, ["a", "b"])],
      [record("A-2", 3, ["a"], "3.0.0"), { ...record("A-4", 3, ["d"]), withdrawn: true }],
      [{ ...record("A-2", 4, ["a"]), withdrawn: true }, record("A-4", 4, ["d"])],
    ];
    const digests = new Map<number, string>();
    for (const [at, state] of states.entries()) {
      putEcosystem(bucket, "npm", state);
      digests.set(at, (await buildIndex(bucket, join(folder, "anew.db"))).digest);
    }
    await buildIndex(bucket, path);
    // The last state again at the end of each walk: nothing but what the digests say may remain of the way.
    for (const at of [3, 0, 2, 1, 0, 3, 3, 1, 2, 0]) {
      putEcosystem(bucket, "npm", states[at] ?? []);
      const { digest } = await updateIndex(path);
      assert.equal(digest, digests.get(at), `state ${at}`);
    }
    assert.equal(verifyIndex(path).revisions, 9);
  });

  it("keeps as many revisions as asked for, and forgets what only older ones had", async (t) => {
    const folder = folderOf(t);
    const [bucket, path] = [join(folder, "osv"), join(folder, "a.db")];
    const digests: string[] = [];
    for (let day = 1; day <= 5; day += 1) {
      putEcosystem(bucket, "npm", [record("A-1", day, ["a"], `${day}.0.0`), record("A-2", 1, ["a"])]);
      const made = day === 1 ? await buildIndex(bucket, path) : await updateIndex(path, undefined, { keep: 3 });
      digests.push(made.digest);
    }
    assert.deepEqual(
      listRevisions(path).map(({ digest }) => digest),
      digests.slice(2).toReversed(),
    );
    assert.equal(verifyIndex(path).revisions, 3);
    assert.deepEqual(fixedIn(path, "a", digests[2])[0], 'A-1 {"fixed":"3.0.0"}');
    assert.throws(() => openIndex(path, { asOf: digests[0] }), fault("WB-INDEX-REVISION"));
    for (const asOf of ["abc", `${digests[4]}0`, "not a digest"]) {
      assert.throws(() => openIndex(path, { asOf }), fault("WB-INDEX-REVISION"), asOf);
    }
  });

  it("a record in several folders counts in each for that folder's ecosystem", async (t) => {
    const folder = folderOf(t);
    const both = JSON.stringify({
      ...(JSON.parse(osv(record("X-1", 1, ["left"]))) as object),
      affected: ["npm", "PyPI"].map((ecosystem) => ({ package: { ecosystem, name: "left" }, versions: ["1.0.0"] })),
    });
    for (const ecosystem of ["npm", "PyPI"]) {
      mkdirSync(join(folder, "osv", ecosystem), { recursive: true });
      writeFileSync(join(folder, "osv", ecosystem, "X-1.json"), both);
    }
    const { shards } = await buildIndex(join(folder, "osv"), join(folder, "a.db"));
    assert.deepEqual(
      shards?.map(({ name, records }) => [name, records]),
      [
        ["PyPI", 1],
        ["npm", 1],
      ],
    );
    const index = openIndex(join(folder, "a.db"));
    t.after(() => index.close());
    assert.deepEqual(
      [...index.lookup("npm", "left"), ...index.lookup("PyPI", "left")].map(({ ecosystem }) => ecosystem),
      ["npm", "PyPI"],
    );
    const alone = await buildIndex(join(folder, "osv"), join(folder, "b.db"), ["npm"]);
    assert.equal(alone.shards?.[0]?.digest, shards?.[1]?.digest);
  });

  it("refuses an ecosystem that is not there, and a folder that went away; one that is not wanted any more goes", async (t) => {
    const folder = folderOf(t);
    const [bucket, path] = [join(folder, "osv"), join(folder, "a.db")];
    putEcosystem(bucket, "npm", [record("A-1", 1, ["a"])]);
    putEcosystem(bucket, "Go", [{ ...record("G-1", 1, ["g"]), ecosystem: "Go" }]);
    const whole = await buildIndex(bucket, path);
    await assert.rejects(updateIndex(path, undefined, { ecosystems: ["NPM"] }), fault("WB-ADVISORIES-EMPTY"));
    rmSync(join(bucket, "Go"), { recursive: true });
    await assert.rejects(updateIndex(path), fault("WB-ADVISORIES-UNREADABLE"));
    assert.equal(openIndex(path).identity.digest, whole.digest);
    const npm = await updateIndex(path, undefined, { ecosystems: ["npm"] });
    assert.deepEqual(
      [npm.digest, verifyIndex(path).revisions],
      [(await buildIndex(bucket, join(folder, "b.db"))).digest, 2],
    );
    const old = openIndex(path, { asOf: whole.digest });
    t.after(() => old.close());
    assert.equal(old.lookup("Go", "g").length, 1);
  });

  it("one run at a time changes an index, and what a killed one left is cleared away", async (t) => {
    const folder = folderOf(t);
    const [bucket, path] = [join(folder, "osv"), join(folder, "a.db")];
    putEcosystem(bucket, "npm", [record("A-1", 1, ["a"])]);
    await buildIndex(bucket, path);
    const holder = new DatabaseSync(join(folder, ".a.db.lock"));
    holder.exec("BEGIN EXCLUSIVE");
    await assert.rejects(updateIndex(path), fault("WB-INDEX-BUSY"));
    assert.deepEqual(fixedIn(path, "a").length, 1);
    holder.close();
    const others = [".a.db.0123456789ab.tmp", ".b.db.0123456789ab.new", ".a.db.0123.new"];
    for (const name of [".a.db.0123456789ab.new", ...others]) writeFileSync(join(folder, name), "half");
    await updateIndex(path);
    assert.deepEqual(readdirSync(folder).toSorted(), [...others, "a.db", "osv"].toSorted());
  });
});

describe("advisories: KEV and EPSS in an index", () => {
  const kev = (added: string): string =>
    JSON.stringify({
      catalogVersion: "2026.01.02",
      dateReleased: "2026-01-02T00:00:00Z",
      vulnerabilities: [
        { cveID: "CVE-2021-44228", dateAdded: added, dueDate: "2021-12-24", knownRansomwareCampaignUse: "Known" },
        { cveID: "CVE-2020-0001", dateAdded: "2022-01-01", knownRansomwareCampaignUse: "Unknown" },
      ],
    });
  const epss = (day: string, rows: readonly string[]): string =>
    [`#model_version:v2025.03.14,score_date:${day}T00:00:00+0000`, "cve,epss,percentile", ...rows, ""].join("\n");

  it("answers as of each revision, and verifies", async (t) => {
    const folder = folderOf(t);
    const at = (name: string): string => join(folder, name);
    putEcosystem(at("osv"), "npm", [record("A-1", 1, ["a"])]);
    writeFileSync(at("kev.json"), kev("2021-12-10"));
    const rows = ["CVE-2021-44228,0.94358,0.99958", "CVE-1999-0001,0.0142,0.8", "CVE-2021-44229,0.94358,0.5"];
    writeFileSync(at("epss.csv.gz"), gzipSync(epss("2026-01-02", rows)));
    const first = await buildIndex(at("osv"), at("a.db"), undefined, { kev: at("kev.json"), epss: at("epss.csv.gz") });
    writeFileSync(
      at("epss.csv.gz"),
      gzipSync(epss("2026-01-03", ["CVE-2021-44228,0.5,0.9", "CVE-2026-10000,0.1,0.2"])),
    );
    const second = await updateIndex(at("a.db"));
    assert.deepEqual(second.epss, { records: 2, date: "2026-01-03" });
    assert.equal(verifyIndex(at("a.db")).revisions, 2);

    const old = openIndex(at("a.db"), { asOf: first.digest });
    const now = openIndex(at("a.db"));
    t.after(() => old.close());
    t.after(() => now.close());
    assert.deepEqual(old.exploited("CVE-2021-44228"), {
      cve: "CVE-2021-44228",
      added: "2021-12-10",
      due: "2021-12-24",
      ransomware: true,
    });
    assert.deepEqual(old.exploited("CVE-2020-0001"), { cve: "CVE-2020-0001", added: "2022-01-01", ransomware: false });
    const scores = ["CVE-2021-44228", "CVE-2021-44229", "CVE-1999-0001", "CVE-2026-10000"].map((cve) =>
      [old, now].map((index) => {
        const found = index.epss(cve);
        return found === undefined ? "none" : `${found.score} ${found.percentile} ${found.date}`;
      }),
    );
    assert.deepEqual(scores, [
      ["0.94358 0.99958 2026-01-02", "0.5 0.9 2026-01-03"],
      ["0.94358 0.5 2026-01-02", "none"],
      ["0.0142 0.8 2026-01-02", "none"],
      ["none", "0.1 0.2 2026-01-03"],
    ]);
    for (const cve of ["CVE-1-1", "GHSA-x", "CVE-2021-044228", ""]) assert.equal(now.epss(cve), undefined);

    // The same content in another form, in another order: the same digest.
    const csv = `cveID,dateAdded,dueDate,knownRansomwareCampaignUse,notes\nCVE-2020-0001,2022-01-01,,Unknown,"a ""b"",\nc"\nCVE-2021-44228,2021-12-10,2021-12-24,Known,\n`;
    writeFileSync(at("kev.csv"), csv);
    writeFileSync(at("epss.csv"), epss("2026-01-02", rows.toReversed()));
    const other = await buildIndex(at("osv"), at("b.db"), undefined, { kev: at("kev.csv"), epss: at("epss.csv") });
    assert.equal(other.digest, first.digest);
  });

  it("refuses what is no catalog and no scores, and the index stays as it was", async (t) => {
    const folder = folderOf(t);
    const at = (name: string): string => join(folder, name);
    putEcosystem(at("osv"), "npm", [record("A-1", 1, ["a"])]);
    const { digest } = await buildIndex(at("osv"), at("a.db"));
    const bad = [
      ["kev", "{}"],
      ["kev", '{"vulnerabilities":[{"cveID":"x","dateAdded":"2026-01-01"}]}'],
      ["kev", 'cveID,dateAdded\n"CVE-2026-0001'],
      ["epss", "cve,epss,percentile\nCVE-2026-0001,2,0.1\n"],
      ["epss", "#score_date:2026-01-01\ncve,epss,percentile\n"],
      ["epss", "CVE-2026-0001,0.1,0.1\n"],
      ["epss", Buffer.from([0x1f, 0x8b, 8, 0, 1])],
    ] as const;
    for (const [kind, content] of bad) {
      writeFileSync(at("bad"), content);
      const code = kind === "kev" ? "WB-KEV-FORM" : "WB-EPSS-FORM";
      await assert.rejects(updateIndex(at("a.db"), undefined, { [kind]: at("bad") }), fault(code), String(content));
    }
    assert.equal(openIndex(at("a.db")).identity.digest, digest);
  });
});

describe("advisories: a damaged index", () => {
  it("records that were changed with care are refused by their digest", async (t) => {
    const folder = folderOf(t);
    const [bucket, path] = [join(folder, "osv"), join(folder, "a.db")];
    putEcosystem(bucket, "npm", [record("A-1", 1, ["a"]), record("A-2", 1, ["b"])]);
    const changes = [
      "DELETE FROM block WHERE n = (SELECT max(n) FROM block)",
      "UPDATE block SET until = 1",
      "DELETE FROM record WHERE id = 'A-1'",
      "UPDATE record SET id = 'A-3' WHERE id = 'A-1'",
      "UPDATE package SET name = 'x' WHERE name = 'a'",
      "UPDATE package SET n = 3 - n",
      "INSERT INTO block SELECT n + 1, since, until, body FROM block WHERE n = (SELECT max(n) FROM block)",
      "UPDATE record SET until = 1 WHERE id = 'A-1'",
      "UPDATE revision SET body = replace(body, '\"records\":2', '\"records\":3')",
    ];
    for (const change of changes) {
      await buildIndex(bucket, path);
      const database = new DatabaseSync(path);
      database.exec(change);
      database.close();
      assert.throws(() => verifyIndex(path), fault("WB-INDEX-DIGEST"), change);
    }
  });
});
