import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { groupByAlias } from "../../src/advisory/groups.ts";
import { lintOsv } from "../../src/advisory/lint.ts";
import { npmOrder } from "../../src/advisory/orders/semver.ts";
import { evaluateAdvisory } from "../../src/advisory/ranges.ts";
import { canonicalJson, parseJson } from "../../src/format/json.ts";
import { type OsvReading, readOsv } from "../../src/format/osv.ts";
import { toOsv } from "../../src/format/to-osv.ts";
import type { Advisory } from "../../src/model/advisory.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Json } from "../../src/model/statement.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { measure } from "../support/measure.ts";

const LIMIT_MS = 10_000;
/** Of a process of its own that reads the largest records; Node and the command alone take 60. */
const MEMORY_MEBIBYTES = 400;
const base = { id: "GHSA-a-a-a", modified: "2026-01-01T00:00:00Z" };
const npm = (rest: object): object => ({ package: { ecosystem: "npm", name: "a" }, ...rest });
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** What comes of a text: read, or the code of the fault; in time, and told how near to its limit. */
function read(name: string, text: string, tell: (line: string) => void): OsvReading | string {
  const before = cpuMilliseconds();
  let outcome: OsvReading | string;
  try {
    const record = parseJson(text, "r.json");
    lintOsv(record);
    outcome = readOsv(record, "r.json");
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    outcome = error.facts.code;
  }
  const took = cpuMilliseconds() - before;
  const said = typeof outcome === "string" ? outcome : `read, ${outcome.problems.length} problems`;
  tell(`${name}: ${(text.length / 1e6).toFixed(1)} MB, ${said}, ${took.toFixed(0)} ms CPU`);
  assert.ok(took < LIMIT_MS, `${name} took ${took} ms`);
  return outcome;
}

const record = (rest: object): string => JSON.stringify({ ...base, ...rest });
const inOrder = (count: number): object[] =>
  times(count, (at) => (at % 2 === 0 ? { introduced: `${at}.0.0` } : { fixed: `${at}.0.0` }));

describe("OSV records of any size", () => {
  it("are read, or refused by name, in bounded time and memory", (t) => {
    const tell = (line: string): void => t.diagnostic(line);
    const versions = record({ affected: [npm({ versions: times(990_000, (at) => `${at}.0.0`) })] });
    const large = read(
      "50 MB of details",
      record({ details: "x".repeat(50_000_000), affected: [npm({ versions: ["1.0.0"] })] }),
      tell,
    );
    assert.equal(typeof large === "string" ? large : large.advisories.length, 1);
    const listed = read("990,000 versions", versions, tell);
    assert.equal(typeof listed === "string" ? listed : listed.advisories[0]?.versions.length, 990_000);
    const events = read(
      "400,000 events",
      record({ affected: [npm({ ranges: [{ type: "SEMVER", events: inOrder(400_000) }] })] }),
      tell,
    );
    assert.ok(typeof events !== "string");
    const before = cpuMilliseconds();
    const [advisory] = events.advisories;
    assert.ok(advisory !== undefined && evaluateAdvisory(advisory, "399998.5.0", npmOrder).reason !== undefined);
    assert.ok(cpuMilliseconds() - before < 2_000, "evaluation is one pass");
    const ranges = times(160_000, (at) => ({ type: "SEMVER", events: [{ introduced: `${at}.0.0` }] }));
    const many = read("160,000 ranges", record({ affected: [npm({ ranges })] }), tell);
    assert.equal(typeof many === "string" ? many : many.advisories[0]?.ranges.length, 160_000);
    const entries = times(150_000, (at) => ({ package: { ecosystem: "npm", name: `p${at}` }, versions: ["1"] }));
    const packages = read("150,000 packages", record({ affected: entries }), tell);
    assert.equal(typeof packages === "string" ? packages : packages.advisories.length, 150_000);
    const aliases = times(400_000, (at) => `X-${at}`);
    const both = record({ aliases, upstream: aliases, affected: times(20_000, () => npm({ versions: ["1"] })) });
    assert.notEqual(typeof read("400,000 aliases, 20,000 entries", both, tell), "string");
  });

  it("take bounded memory, in a process of their own", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "waybill-bounds-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const records: Readonly<Record<string, object>> = {
      "50 MB of details": { details: "x".repeat(50_000_000), affected: [npm({ versions: ["1.0.0"] })] },
      "990,000 versions": { affected: [npm({ versions: times(990_000, (at) => `${at}.0.0`) })] },
      "400,000 events": { affected: [npm({ ranges: [{ type: "SEMVER", events: inOrder(400_000) }] })] },
      "900,000 broken entries": { affected: times(900_000, () => 7) },
    };
    for (const [name, rest] of Object.entries(records)) {
      writeFileSync(join(folder, "r.json"), record(rest));
      for (const words of [
        ["db", "lint", "r.json"],
        ["db", "convert", "r.json", "--output", "o.json"],
      ]) {
        const { status, cpuSeconds, peakMebibytes } = measure(words, folder, folder);
        t.diagnostic(
          `${words[1]} ${name}: exit ${status}, ${cpuSeconds.toFixed(1)} s CPU, ${peakMebibytes.toFixed(0)} MiB`,
        );
        assert.ok(cpuSeconds * 1000 < LIMIT_MS && peakMebibytes < MEMORY_MEBIBYTES);
      }
    }
  });

  it("beyond the bounds of JSON they are refused before anything is built", (t) => {
    const tell = (line: string): void => t.diagnostic(line);
    const range = '{"type":"SEMVER","events":[{"introduced":"0"}]}';
    const million = (one: string, around: (list: string) => string): string =>
      around(Array<string>(1_000_000).fill(one).join(","));
    const affected = (inner: string): string =>
      `{"id":"X-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"a"},${inner}}]}`;
    assert.equal(
      read(
        "1 M ranges",
        million(range, (list) => affected(`"ranges":[${list}]`)),
        tell,
      ),
      "WB-JSON-TOO-LARGE",
    );
    const event = million('{"introduced":"1.0.0"}', (list) =>
      affected(`"ranges":[{"type":"SEMVER","events":[${list}]}]`),
    );
    assert.equal(read("1 M events", event, tell), "WB-JSON-TOO-LARGE");
    assert.equal(
      read(
        "1 M and 1 versions",
        million('"1.0.0"', (list) => affected(`"versions":[${list},"1","2","3"]`)),
        tell,
      ),
      "WB-JSON-TOO-LARGE",
    );
    assert.equal(read("70 MB", record({ details: "x".repeat(70_000_000) }), tell), "WB-JSON-TOO-LARGE");
    const deep = `${'{"affected":['.repeat(100_000)}${"]}".repeat(100_000)}`;
    assert.equal(read("200,000 levels", deep, tell), "WB-JSON-TOO-DEEP");
    const nested = affected(`"ecosystem_specific":${"[".repeat(190)}${"]".repeat(190)},"versions":["1"]`);
    assert.notEqual(typeof read("190 levels", nested, tell), "string");
  });

  it("broken in every part they end early, with few problems", (t) => {
    const tell = (line: string): void => t.diagnostic(line);
    for (const rest of [
      { affected: times(900_000, () => 7) },
      { aliases: times(900_000, () => 7) },
      { affected: [npm({ ranges: times(900_000, () => 7) })] },
    ]) {
      assert.equal(read(JSON.stringify(rest).slice(0, 30), record(rest), tell), "WB-ADVISORY-FORM");
    }
    assert.ok(lintOsv({ ...base, affected: times(900_000, () => 7) }).length <= 200);
  });

  it("NUL, bidi and lone surrogates in every text reach neither a message nor an id, a name or a summary", () => {
    const evil = "a\u0000\u202e\u2066\u200b\ud800\u001b[31mb";
    const full = {
      ...base,
      summary: evil,
      details: evil,
      aliases: ["CVE-2026-1"],
      published: "2026-01-01T00:00:00Z",
      severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
      references: [{ type: "ADVISORY", url: "https://a.example/" }],
      credits: [{ name: evil }],
      affected: [
        npm({
          versions: ["1.0.0"],
          ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
          database_specific: {},
        }),
        npm({ versions: ["2.0.0"] }),
      ],
    } as unknown as Json;
    let places = 0;
    const visit = (value: Json, put: (changed: Json) => Json): void => {
      if (typeof value === "string") {
        places += 1;
        assertClean(put(evil));
      } else if (value !== null && typeof value === "object") {
        for (const [key, inner] of Object.entries(value)) {
          visit(inner, (changed) => put(Object.assign(structuredClone(value) as object, { [key]: changed }) as Json));
          if (!Array.isArray(value)) assertClean(put({ ...(value as object), [evil]: inner } as Json));
        }
      }
    };
    visit(full, (changed) => changed);
    assert.ok(places >= 19, `${places} texts`);
  });

  it("aliases in circles, chains and one heap group in time", () => {
    const of = (at: number, aliases: readonly string[]): Advisory => {
      const [advisory] = readOsv(
        { ...base, id: `X-${at}`, aliases, affected: [npm({ versions: ["1"] })] } as unknown as Json,
        "r",
      ).advisories;
      assert.ok(advisory);
      return advisory;
    };
    const before = cpuMilliseconds();
    const circle = groupByAlias(times(50_000, (at) => of(at, [`X-${(at + 1) % 50_000}`])));
    assert.deepEqual(
      circle.map(({ ids }) => ids.length),
      [50_000],
    );
    const mutual = groupByAlias(times(20_000, (at) => of(at, [`X-${at - 1}`, `X-${at + 1}`, `X-${at}`])));
    assert.equal(mutual.length, 1);
    assert.ok(cpuMilliseconds() - before < LIMIT_MS);
  });

  it("advisories of GitHub's and CSAF documents of any size are converted or refused in time", (t) => {
    const before = cpuMilliseconds();
    const node = { package: { ecosystem: "NPM", name: "a" }, vulnerableVersionRange: "< 1" };
    const ghsa = {
      ghsaId: "G",
      identifiers: [],
      references: [],
      description: "",
      summary: "",
      permalink: "https://a.example/",
      publishedAt: "2026",
      updatedAt: "2026",
    };
    toOsv({ ...ghsa, vulnerabilities: { nodes: times(150_000, () => node) } } as unknown as Json, "x", {
      complete: true,
    });
    let branches: object[] = times(100_000, (at) => ({
      product: { product_id: `p${at}`, product_identification_helper: { purl: `pkg:rpm/redhat/p${at}@1-1` } },
    }));
    for (let depth = 0; depth < 90; depth += 1) branches = [{ branches }];
    const csaf = {
      document: {
        csaf_version: "2.0",
        title: "t",
        tracking: {
          id: "R",
          initial_release_date: "2026-01-01T00:00:00Z",
          current_release_date: "2026-01-01T00:00:00Z",
        },
      },
      product_tree: {
        branches: [
          { product: { product_id: "c", product_identification_helper: { cpe: "cpe:/o:redhat:x:1" } } },
          ...branches,
        ],
        relationships: times(100_000, (at) => ({
          product_reference: `p${at}`,
          relates_to_product_reference: "c",
          full_product_name: { product_id: `c:p${at}` },
        })),
      },
      vulnerabilities: [{ product_status: { fixed: times(100_000, (at) => `c:p${at}`) } }],
    };
    const converted = toOsv(csaf as unknown as Json, "x", { complete: false }) as { affected: unknown[] };
    assert.equal(converted.affected.length, 100_000);
    const took = cpuMilliseconds() - before;
    t.diagnostic(`${took.toFixed(0)} ms CPU`);
    assert.ok(took < LIMIT_MS, `${took} ms`);
  });
});

/** Whatever is read or told of a record has no text that shows as another one; versions are compared, and cleaned where shown. */
function assertClean(value: Json): void {
  const shown: string[] = [];
  const gather = (error: unknown): void => {
    if (!(error instanceof Fault)) throw error;
    shown.push(JSON.stringify(error.facts), error.message);
  };
  try {
    const { advisories, problems } = readOsv(value, "r.json");
    for (const problem of problems) gather(problem);
    for (const { id, aliases, upstream, name, ecosystem, summary, url } of advisories)
      shown.push(id, ...aliases, ...upstream, name, ecosystem, summary, url ?? "");
    for (const advisory of advisories) {
      try {
        canonicalJson(advisory as unknown as Json);
      } catch (error) {
        // A version with half a character has no canonical form: the index tells the record as broken.
        gather(error);
      }
    }
  } catch (error) {
    gather(error);
  }
  shown.push(...lintOsv(value).flatMap(({ path, what }) => [path, what]));
  for (const text of shown)
    assert.doesNotMatch(text, /[\u0000\u001b\u200b\u202e\u2066\ud800]/u, JSON.stringify(value).slice(0, 300));
}
