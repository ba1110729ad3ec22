import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildIndex } from "../../src/advisory/build.ts";
import type { Json, JsonObject } from "../../src/model/statement.ts";
import { type Ran, waybill } from "../support/command.ts";
import { copyOf, deliver, type Delivery, pack, RECEIVED_AT } from "../support/shipment.ts";

// DESIGN, rule 3: the judged never judges. What a producer, or whoever stands between, lays inside the artifact, beside it, or in
// the folder where the command is run must change no byte of what `receive`, `verify` and `why` say.

/** Every name under which a reader of ours, or of another tool, takes such a file, or might one day. */
const POLICIES = ["waybill.policy.yaml", "policy.yaml", ".waybill/policy.yaml", "waybill/policy.yaml", "waybill.yaml"];
const TRUSTS = [
  "trust.yaml",
  "waybill.trust.yaml",
  "app-1.0.0.trust.yaml",
  "app-1.0.0.tgz.trust.yaml",
  ".waybill/trust.yaml",
  "waybill/trust.yaml",
];
const KEYS = ["app-1.0.0.pub", "app-1.0.0.tgz.pub", "cosign.pub", ".waybill/trust.pub"];
const CLAIMS = [
  "app.openvex.json",
  "openvex.json",
  "app-1.0.0.openvex.json",
  "app-1.0.0.tgz.openvex.json",
  "waybill.vex.json",
  "vex.json",
  ".vex/app.openvex.json",
  ".openvex/app.openvex.json",
  ".waybill/vex.json",
];
/** What a project may say to `check` and `ship`, and never to who receives it. */
const IGNORES: Readonly<Record<string, string>> = {
  "osv-scanner.toml": '[[IgnoredVulns]]\nid = "GHSA-real-real-real"\nreason = "no"\n',
  ".trivyignore": "GHSA-real-real-real\n",
  ".trivyignore.yaml": "vulnerabilities:\n  - id: GHSA-real-real-real\n",
};
const INDEXES = ["advisories.db", ".waybill/advisories.db", "waybill/advisories.db"];

const MANIFEST = JSON.stringify({ name: "app", version: "1.0.0", license: "MIT" });
const FILES = {
  "package.json": MANIFEST,
  "index.js": "export const answer = 42;\n",
  "node_modules/lib/package.json": JSON.stringify({ name: "lib", version: "1.0.0", license: "MIT" }),
};
const LAX = "version: 1\nmode: observe\n";
const VEX: JsonObject = {
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://vex.example/1",
  author: "producer",
  timestamp: "2026-11-20T00:00:00Z",
  version: 1,
  statements: [
    {
      vulnerability: { name: "GHSA-real-real-real" },
      products: [{ "@id": "pkg:npm/lib@1.0.0" }, { "@id": "pkg:npm/app@1.0.0" }],
      status: "not_affected",
      justification: "vulnerable_code_not_in_execute_path",
    },
  ],
};

let good: Delivery;
/** The receiver's own index, which knows a flaw of `lib`, and their own policy, which denies it; both outside the delivery. */
let index: string;
let own: string;
let policy: string;

function put(root: string, names: readonly string[], content: string): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** Lays every kind of file under every name into a folder. */
function plant(root: string, delivery: Delivery): void {
  put(root, POLICIES, LAX);
  put(root, TRUSTS, readFileSync(delivery.trust, "utf8"));
  put(root, KEYS, delivery.signer.publicKeyPem);
  put(root, CLAIMS, JSON.stringify(VEX));
  for (const [name, content] of Object.entries(IGNORES)) put(root, [name], content);
  put(root, INDEXES, "");
  for (const name of INDEXES) copyFileSync(delivery.db, join(root, name));
}

/** A folder as a receiver has it before anything is planted: the artifact and its papers alone, a place to run in, a home. */
function bare(delivery: Delivery): { readonly file: string; readonly cwd: string; readonly home: string } {
  rmSync(delivery.trust);
  rmSync(delivery.db);
  const [cwd, home] = [join(delivery.folder, "cwd"), join(delivery.folder, "home")];
  mkdirSync(cwd);
  mkdirSync(home);
  return { file: delivery.file, cwd, home };
}

const AT = ["--at", RECEIVED_AT];
/** Each command with what it may judge by, and what its outcome then rests on. */
const QUESTIONS: readonly (readonly [name: string, words: (file: string) => readonly string[], status: number])[] = [
  ["receive with nothing given", (file) => ["receive", file, ...AT], 1],
  [
    "receive by the receiver's policy and index",
    (file) => ["receive", file, "--policy", policy, "--db", index, ...AT],
    1,
  ],
  [
    "receive by the receiver's trust, policy and index",
    (file) => ["receive", file, "--trust", own, "--policy", policy, "--db", index, ...AT],
    1,
  ],
  ["verify with nobody trusted", (file) => ["verify", file, ...AT], 2],
  ["why with nobody trusted", (file) => ["why", file, ...AT], 0],
];

describe("what is planted judges nothing", () => {
  before(async () => {
    good = await deliver(FILES);
    own = join(good.folder, "..", `${good.folder.split("/").at(-1)}.own.yaml`);
    copyFileSync(good.trust, own);
    const mirror = `${good.folder}.osv`;
    mkdirSync(join(mirror, "npm"), { recursive: true });
    const advisory: Json = {
      id: "GHSA-real-real-real",
      modified: "2026-11-22T00:00:00Z",
      summary: "goes wrong",
      database_specific: { severity: "CRITICAL" },
      affected: [
        {
          package: { ecosystem: "npm", name: "lib" },
          ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
        },
      ],
    };
    writeFileSync(join(mirror, "npm/GHSA-real-real-real.json"), JSON.stringify(advisory));
    index = `${good.folder}.own.db`;
    await buildIndex(mirror, index);
    rmSync(mirror, { recursive: true });
    policy = `${good.folder}.policy.yaml`;
    writeFileSync(policy, "version: 1\nmode: enforce\ninstall: { vulnerabilities: { deny: HIGH }, verify: {} }\n");
  });
  after(() => {
    for (const path of [good.folder, own, index, policy]) rmSync(path, { recursive: true, force: true });
  });

  for (const [name, words, status] of QUESTIONS) {
    test(`beside the file and in the current folder: ${name}`, () => {
      const delivery = copyOf(good);
      try {
        const spare = { ...delivery, trust: own, db: good.db };
        const { file, cwd, home } = bare(delivery);
        const ask = (): Ran => waybill([...words(file), "--format", "json"], cwd, home);
        const clean = ask();
        assert.equal(clean.status, status, clean.stdout + clean.stderr);
        for (const root of [delivery.folder, cwd]) plant(root, spare);
        assert.deepEqual(ask(), clean);
      } finally {
        rmSync(delivery.folder, { recursive: true, force: true });
      }
    });
  }

  test("inside the artifact: it is judged as what it is, by the receiver's own files alone", async () => {
    const names = [...POLICIES, ...TRUSTS, ...CLAIMS, ...Object.keys(IGNORES)];
    const content = (path: string): string =>
      Object.hasOwn(IGNORES, path)
        ? (IGNORES[path] ?? "")
        : CLAIMS.includes(path)
          ? JSON.stringify(VEX)
          : TRUSTS.includes(path)
            ? readFileSync(good.trust, "utf8")
            : LAX;
    const planted = Object.fromEntries(names.map((path) => [path, content(path)]));
    const delivery = await deliver({ ...FILES, ...planted });
    const keys = `${delivery.folder}.keys.yaml`;
    try {
      copyFileSync(delivery.trust, keys);
      const { file, cwd, home } = bare(delivery);
      const nobody = waybill(["receive", file, "--format", "json", ...AT], cwd, home);
      assert.equal(nobody.status, 1);
      assert.match(nobody.stdout, /WB-VERIFY-KEY-UNKNOWN/u);
      assert.match(nobody.stdout, /"origin": "waybill:baseline@1"/u);
      assert.match(nobody.stdout, /"vex": \[\]/u);
      const words = ["receive", file, "--trust", keys, "--policy", policy, "--db", index, "--format", "json", ...AT];
      const known = waybill(words, cwd, home);
      assert.equal(known.status, 1);
      assert.match(known.stdout, /GHSA-real-real-real/u);
      assert.equal(waybill(["verify", file, ...AT], cwd, home).status, 2);
    } finally {
      for (const path of [delivery.folder, keys]) rmSync(path, { recursive: true, force: true });
    }
  });

  test("each planted file would have changed the answer, had it been read", () => {
    const delivery = copyOf(good);
    try {
      const { file, cwd, home } = bare(delivery);
      const spare = { ...delivery, trust: own, db: good.db };
      plant(cwd, spare);
      const full = (more: readonly string[]): number | null =>
        waybill(["receive", file, "--trust", own, ...more, ...AT], cwd, home).status;
      assert.equal(full(["--policy", policy, "--db", index]), 1);
      assert.equal(full(["--policy", "policy.yaml", "--db", index]), 0, "the policy");
      assert.equal(full(["--policy", policy, "--db", "advisories.db"]), 0, "the index");
      assert.equal(full(["--policy", policy, "--db", index, "--vex", "vex.json"]), 0, "the VEX document");
      for (const name of Object.keys(IGNORES))
        assert.equal(full(["--policy", policy, "--db", index, "--vex", name]), 0, name);
      assert.equal(
        waybill(["verify", file, "--trust", "trust.yaml", "--type", "provenance", ...AT], cwd, home).status,
        0,
      );
      assert.equal(
        waybill(["verify", file, "--key", "cosign.pub", "--type", "provenance", ...AT], cwd, home).status,
        0,
      );
      // And a home is read: what is pinned there is the receiver's own.
      copyFileSync(own, join(home, "trust.yaml"));
      assert.equal(waybill(["verify", file, "--type", "provenance", ...AT], cwd, home).status, 0);
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });

  test("what the producer found is never current: the receiver's index decides, whatever the papers say", () => {
    const delivery = copyOf(good);
    try {
      // The producer's paper says that nothing was found.
      const { file, cwd, home } = bare(delivery);
      const words = ["receive", file, "--trust", own, "--policy", policy, "--db", index, "--format", "json", ...AT];
      const { stdout, status } = waybill(words, cwd, home);
      assert.equal(status, 1);
      assert.match(stdout, /lib@1\.0\.0: GHSA-real-real-real/u);
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });

  test("a papers file in the place of another artifact's is of no use", () => {
    const delivery = copyOf(good);
    try {
      pack(delivery.folder, "other-1.0.0.tgz", { "package.json": JSON.stringify({ name: "other", version: "1.0.0" }) });
      const file = join(delivery.folder, "other-1.0.0.tgz");
      copyFileSync(delivery.papers, `${file}.waybill.jsonl`);
      const { stdout, status } = waybill(
        ["receive", file, "--trust", own, "--db", index, "--format", "json", ...AT],
        delivery.folder,
        join(delivery.folder, "home"),
      );
      assert.equal(status, 1);
      assert.match(stdout, /WB-VERIFY-SUBJECT/u);
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });
});
