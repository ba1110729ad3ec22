import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sha256 } from "../../src/artifact/digest.ts";
import { lockfileOf, openRegistry, type Registry } from "../support/registry.ts";
import { fill, git, openPlace, payloads, type Place, ship } from "../support/waybill.ts";

const TOKEN = "not-a-token-of-anybody";
const ROOT = { name: "app", version: "1.0.0", dependencies: { left: "^1.0.0" } };

let place: Place;
let registry: Registry;
const outs: string[] = [];

/** One commit, cloned twice into other folders, with another umask and other times of the files. */
function cloned(name: string): string {
  const to = join(place.folder, name, "work");
  git(place.folder, "clone", "-q", join(place.folder, "origin"), to);
  git(to, "remote", "set-url", "origin", "https://git.example/acme/app.git");
  return to;
}

function commit(): void {
  const origin = fill(join(place.folder, "origin"), {
    "package.json": JSON.stringify({
      ...ROOT,
      license: "MIT",
      files: ["index.js"],
      scripts: { build: "node build.js" },
    }),
    "package-lock.json": lockfileOf(ROOT, registry.packages),
    "build.js":
      "require('node:fs').writeFileSync('index.js', `module.exports = ${JSON.stringify(require('left'))};\\n`);\n" +
      "console.log(`done in ${process.uptime()}s`);\n",
    ".npmrc": "fund=false\n",
  });
  git(origin, "init", "-q");
  git(origin, "add", "-A");
  git(origin, "commit", "-q", "-m", "first");
}

const read = (name: string): readonly [string, string] => [
  readFileSync(join(outs[0] as string, name), "latin1"),
  readFileSync(join(outs[1] as string, name), "latin1"),
];

/** Both texts without what a mask matches. Each mask must match, in both, as often as it says. */
function masked(
  texts: readonly [string, string],
  masks: readonly (readonly [mask: RegExp, times: number])[],
): readonly [string, string] {
  return texts.map((text) => {
    let left = text;
    for (const [mask, times] of masks) {
      assert.equal(Array.from(left.matchAll(mask)).length, times, `${mask} in ${left.slice(0, 500)}`);
      left = left.replaceAll(mask, (_, before: string) => `${before}…`);
    }
    return left;
  }) as unknown as readonly [string, string];
}

/** Line by line, so that a difference can be read. */
const same = ([first, second]: readonly [string, string]): void => {
  const [lines, others] = [first.split("\n"), second.split("\n")];
  for (const [index, line] of lines.entries()) assert.equal(line, others[index], `line ${index + 1}`);
  assert.equal(lines.length, others.length);
};

/** The predicate of this type in both papers. Two of CycloneDX: of the bytes, of the sources. */
function predicates(type: RegExp): readonly (readonly [string, string])[] {
  const [first, second] = outs.map((out) =>
    [...payloads(join(out, "app-1.0.0.tgz.waybill.jsonl"))].filter(([key]) => type.test(key)),
  );
  assert.ok(first !== undefined && second !== undefined && first.length > 0 && first.length === second.length);
  return first.map((one, index) => [JSON.stringify(one, null, 1), JSON.stringify(second[index], null, 1)]);
}

const TIME = String.raw`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"`;
const time = (name: string): RegExp => new RegExp(`("${name}": ?)${TIME}`, "gu");

describe("two ships of one commit", () => {
  before(async () => {
    place = await openPlace();
    registry = await openRegistry(place.folder, [{ name: "left", version: "1.2.3" }], TOKEN);
    commit();
    const { host } = new URL(registry.url);
    const environment = { npm_config_registry: registry.url, [`npm_config_//${host}/:_authToken`]: TOKEN };
    const folders = [cloned("one"), cloned("two-in-a-longer-folder")];
    for (const folder of folders) {
      const ran = await ship(place, folder, [], { environment });
      assert.equal(ran.status, 0, ran.stderr);
      outs.push(join(folder, "out"));
    }
    assert.notEqual(
      new Set(outs.map((out) => readFileSync(join(out, "verdict.json"), "utf8"))).size,
      1,
      "the two ran at one time, which shows nothing",
    );
  });
  after(async () => {
    await registry.close();
    place.close();
  });

  test("leave the same files", () => {
    const [first, second] = outs.map((out) => readdirSync(out).toSorted());
    assert.deepEqual(first, second);
    assert.equal(first?.length, 10);
  });

  for (const name of [
    "app-1.0.0.tgz",
    "app-1.0.0.build.log",
    "app-1.0.0.cdx.json",
    "app-1.0.0.spdx.json",
    "app-1.0.0.source.cdx.json",
    "app-1.0.0.pub",
  ])
    test(`byte by byte: ${name}`, () => same(read(name)));

  for (const [name, type, count] of [
    ["the SBOMs", /cyclonedx/u, 2],
    ["SPDX", /spdx/u, 1],
    ["the rebuild", /rebuild/u, 1],
  ] as const)
    test(`byte by byte: the statement of ${name}`, () => {
      const found = predicates(type);
      assert.equal(found.length, count);
      found.forEach(same);
    });

  test("but for the times and the id of the run: the provenance", () => {
    const [provenance] = predicates(/provenance/u);
    same(
      masked(provenance as readonly [string, string], [
        [time("startedOn"), 1],
        [time("finishedOn"), 1],
        [/("invocationId": )"[0-9a-f-]{36}"/gu, 1],
      ]),
    );
  });

  test("but for the time of the scan: the vulnerabilities", () => {
    const [vulns] = predicates(/vulns/u);
    same(
      masked(vulns as readonly [string, string], [
        [time("scanStartedOn"), 1],
        [time("scanFinishedOn"), 1],
      ]),
    );
  });

  const named = (texts: readonly [string, string]): readonly [string, string] =>
    texts.map((text, index) => withNames(text, papersOf(outs[index] as string))) as unknown as readonly [
      string,
      string,
    ];

  test("but for the digests of papers: the manifest, whose list is sorted by them", () => {
    const [manifest] = predicates(/manifest/u);
    const lists = named(manifest as readonly [string, string]).map(sortLists) as [string, string];
    const [first, second] = masked(lists, [[time("at"), 1]]);
    assert.equal(first, second);
    assert.equal(first.match(/"PAPER \d+ /gu)?.length, 8);
  });

  test("but for the time and the digests of papers: the VSA, whose list is sorted by them", () => {
    const [vsa] = predicates(/verification_summary/u);
    const lists = named(vsa as readonly [string, string]).map(sortLists) as [string, string];
    const [first, second] = masked(lists, [[time("timeVerified"), 1]]);
    assert.equal(first, second);
    assert.equal(first.match(/"PAPER \d+ /gu)?.length, 6);
  });

  test("but for the time and the digests of papers: the verdict and its file", () => {
    const [verdict] = predicates(/waybill.dev.verdict/u);
    for (const texts of [verdict as readonly [string, string], read("verdict.json")]) {
      const [first, second] = masked(named(texts), [[time("at"), 1]]);
      assert.equal(first, second);
      assert.equal(first.match(/"PAPER \d+ /gu)?.length, 6);
    }
  });

  test("but for the time: the start of a trust file", () => {
    same(masked(read("app-1.0.0.trust.yaml"), [[new RegExp(`(validFrom: )${TIME}`, "gu"), 1]]));
  });

  test("but for the time and the digests of papers: the page", () => {
    same(
      masked(named(read("report.html")), [
        [/(<time datetime=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC(?=<)/gu, 2],
      ]),
    );
  });

  test("and their papers: as many, of the same kinds in the same order", () => {
    const [first, second] = outs.map((out) => [...payloads(join(out, "app-1.0.0.tgz.waybill.jsonl")).keys()]);
    assert.deepEqual(first, second);
    assert.equal(first?.length, 9);
  });
});

/** The digests of the papers by which verdicts name them. */
function papersOf(out: string): ReadonlyMap<string, string> {
  const file = join(out, "app-1.0.0.tgz.waybill.jsonl");
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const types = [...payloads(file).keys()];
  return new Map(lines.map((line, index) => [sha256(line), `PAPER ${types[index]}`]));
}

/** Names instead of digests, whole or as the page shortens them. */
function withNames(text: string, papers: ReadonlyMap<string, string>): string {
  let named = text;
  for (const [digest, name] of papers)
    named = named.replaceAll(new RegExp(`${digest}|${digest.slice(0, 12)}(?![0-9a-f])`, "gu"), name);
  return named;
}

/** The members of the lists that are sorted by digests, sorted by names instead. */
function sortLists(text: string): string {
  return JSON.stringify(JSON.parse(text), (key, value: unknown) =>
    key === "papers" || key === "inputAttestations"
      ? (value as readonly unknown[]).map((one) => JSON.stringify(one)).toSorted()
      : value,
  ).replaceAll("\\", "");
}
