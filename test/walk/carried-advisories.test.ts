import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { buildIndex, updateIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { verifyIndex } from "../../src/advisory/index-verify.ts";
import { sha256 } from "../../src/artifact/digest.ts";
import { advisoriesStatement } from "../../src/evidence/statements.ts";
import { printBundle } from "../../src/format/bundle.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Signer, Trust } from "../../src/model/trust.ts";
import { exportAdvisories, importAdvisories } from "../../src/station/advisories.ts";
import { signStatement } from "../../src/trust/sign.ts";
import { parseTrust } from "../../src/trust/trust-file.ts";
import { folderOf, putEcosystem, type TestRecord } from "../support/bucket.ts";
import { newSigner } from "../support/shipment.ts";

interface Wrapped {
  readonly dsseEnvelope: { readonly payload: string };
}

const AT = "2026-02-01T00:00:00Z";
const record = (id: string, day: number, name: string, ecosystem = "npm"): TestRecord => ({
  id,
  modified: `2026-01-0${day}T00:00:00Z`,
  packages: [name],
  ecosystem,
  version: `${day}.0.0`,
});
const bare = (signer: Signer): Promise<Trust> => parseTrust(Buffer.from(signer.publicKeyPem), "key.pub");
const scoped = (signer: Signer, predicate: string): Promise<Trust> =>
  parseTrust(
    Buffer.from(
      `version: 1\nentries:\n  - name: feeds\n    key: |\n${signer.publicKeyPem.trimEnd().replaceAll(/^/gmu, "      ")}\n    may: { predicates: [${predicate}], subjects: ["*.wax"], builders: {}, verifiers: [] }\n`,
    ),
    "trust.yaml",
  );
const fault =
  (code: string, kind = "refused") =>
  (error: unknown): boolean =>
    error instanceof Fault && error.facts.code === code && error.facts.kind === kind;

async function site(t: Parameters<typeof folderOf>[0]) {
  const root = folderOf(t);
  const at = (name: string): string => join(root, name);
  putEcosystem(at("osv"), "npm", [record("A-1", 1, "a"), record("A-2", 1, "b")]);
  putEcosystem(at("osv"), "Go", [record("G-1", 1, "g", "Go")]);
  writeFileSync(at("kev.json"), '{"vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"2021-12-10"}]}');
  writeFileSync(at("epss.csv"), "#score_date:2026-01-01\nCVE-2021-44228,0.9,0.99\n");
  const first = await buildIndex(at("osv"), at("a.db"), undefined, { kev: at("kev.json"), epss: at("epss.csv") });
  const signer = await newSigner();
  const send = (options: { asOf?: string; ecosystems?: string[] } = {}): ReturnType<typeof exportAdvisories> =>
    exportAdvisories({
      index: at("a.db"),
      output: at("out.wax"),
      asOf: options.asOf,
      ecosystems: options.ecosystems,
      signer,
      at: "2026-01-15T00:00:00Z",
    });
  const take = async (trust?: Trust): ReturnType<typeof importAdvisories> =>
    importAdvisories({ file: at("out.wax"), index: at("b.db"), trust: trust ?? (await bare(signer)), at: AT });
  return { at, first, signer, send, take };
}

describe("advisories: carried to a site without network", () => {
  it("the digest, and every answer, is the same there; the site's own revisions stay", async (t) => {
    const { at, first, signer, send, take } = await site(t);
    await send();
    const begun = await take(await scoped(signer, "advisories"));
    assert.deepEqual([begun.digest, begun.lost, verifyIndex(at("b.db")).digest], [first.digest, [], first.digest]);

    putEcosystem(at("osv"), "npm", [record("A-1", 2, "a"), record("A-3", 2, "c")]);
    writeFileSync(at("epss.csv"), "#score_date:2026-01-02\nCVE-2021-44228,0.8,0.98\n");
    const second = await updateIndex(at("a.db"));
    await send();
    const joined = await take();
    assert.deepEqual([joined.digest, verifyIndex(at("b.db")).revisions], [second.digest, 2]);
    assert.deepEqual(joined.shards, second.shards);
    for (const asOf of [first.digest, second.digest]) {
      const [here, there] = ["a.db", "b.db"].map((name) => openIndex(at(name), { asOf }));
      for (const name of ["a", "b", "c"]) assert.deepEqual(there?.lookup("npm", name), here?.lookup("npm", name));
      assert.deepEqual(there?.epss("CVE-2021-44228"), here?.epss("CVE-2021-44228"));
      assert.deepEqual(there?.exploited("CVE-2021-44228"), here?.exploited("CVE-2021-44228"));
      here?.close();
      there?.close();
    }
    assert.deepEqual(readdirSync(at(".")).toSorted(), ["a.db", "b.db", "epss.csv", "kev.json", "osv", "out.wax"]);
  });

  it("an older revision and single ecosystems can be sent; what is gone with them is told", async (t) => {
    const { at, first, send, take } = await site(t);
    putEcosystem(at("osv"), "npm", [record("A-1", 2, "a")]);
    const second = await updateIndex(at("a.db"));
    await send();
    assert.equal((await take()).digest, second.digest);
    const old = await send({ asOf: first.digest.slice(0, 16), ecosystems: ["npm"] });
    const taken = await take();
    assert.deepEqual([taken.digest, taken.lost], [old.digest, ["Go"]]);
    assert.equal(taken.shards?.[0]?.digest, first.shards?.find(({ name }) => name === "npm")?.digest);
    assert.equal(verifyIndex(at("b.db")).revisions, 2);
    await assert.rejects(send({ ecosystems: ["PyPI"] }), fault("WB-ADVISORIES-EMPTY", "input"));
    await assert.rejects(send({ asOf: "0123456789ab" }), fault("WB-INDEX-REVISION", "input"));
  });

  it("nothing is taken from a stranger, out of scope, or after any byte was changed; the index stays", async (t) => {
    const { at, signer, send, take } = await site(t);
    await send();
    const { digest } = await take();
    const bytes = readFileSync(at("out.wax"));
    await assert.rejects(take(await bare(await newSigner())), fault("WB-VERIFY-KEY-UNKNOWN"));
    await assert.rejects(take(await scoped(signer, "openvex")), fault("WB-SCOPE-PREDICATE"));
    const end = bytes.indexOf(0x0a);
    for (const flip of [end + 1, end + 100, bytes.length - 1]) {
      const bad = Buffer.from(bytes);
      bad.writeUInt8(bad.readUInt8(flip) ^ 1, flip);
      writeFileSync(at("out.wax"), bad);
      await assert.rejects(take(), fault("WB-VERIFY-SUBJECT"), `byte ${flip}`);
    }
    for (const cut of [0, 10, end, bytes.length - 1]) {
      writeFileSync(at("out.wax"), bytes.subarray(0, cut));
      await assert.rejects(take(), (error) => error instanceof Fault, `cut at ${cut}`);
    }
    const index = openIndex(at("b.db"));
    t.after(() => index.close());
    assert.equal(index.identity.digest, digest);
  });

  it("a trusted signer's mistakes are found all the same: a bomb, no index, another index", async (t) => {
    const { at, first, signer, send, take } = await site(t);
    await send();
    const bytes = readFileSync(at("out.wax"));
    const sound = bytes.subarray(bytes.indexOf(0x0a) + 1);
    const put = (content: Uint8Array, sizeBytes: number, digest: string): void => {
      const subject = { name: "out.wax", digests: { sha256: sha256(content) } };
      const bundle = signStatement(advisoriesStatement(subject, { digest, sizeBytes, shards: [], at: AT }), signer);
      writeFileSync(at("out.wax"), Buffer.concat([Buffer.from(`${printBundle(bundle)}\n`), content]));
    };
    put(zstdCompressSync(Buffer.alloc(256 << 20)), 4096, first.digest);
    await assert.rejects(take(), fault("WB-PACK-FORM", "input"));
    put(zstdCompressSync("no index"), 8, first.digest);
    await assert.rejects(take(), fault("WB-INDEX-FORM", "unchecked"));
    put(Buffer.from("no zstd"), 8, first.digest);
    await assert.rejects(take(), fault("WB-PACK-FORM", "input"));
    put(sound, 1 << 20, first.digest);
    await assert.rejects(take(), fault("WB-PACK-FORM", "input"));
    const payload = (JSON.parse(bytes.subarray(0, bytes.indexOf(0x0a)).toString()) as Wrapped).dsseEnvelope.payload;
    const { predicate } = JSON.parse(Buffer.from(payload, "base64").toString()) as { predicate: { sizeBytes: number } };
    put(sound, predicate.sizeBytes, "0".repeat(64));
    await assert.rejects(take(), fault("WB-INDEX-DIGEST"));
  });
});
