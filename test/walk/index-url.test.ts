import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { buildIndex, updateIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { verifyIndex } from "../../src/advisory/index-verify.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Fetch } from "../../src/model/world.ts";
import { folderOf, osv, putEcosystem, type TestRecord } from "../support/bucket.ts";

/** A server of a folder on the loopback. `cut` says after how many bytes of a body it breaks the connection; undefined: not. */
async function serve(t: TestContext, folder: string) {
  const asked: string[] = [];
  const state = { cut: (_path: string): number | undefined => undefined, status: (_path: string): number => 200 };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = decodeURIComponent(new URL(request.url ?? "", "http://x.example").pathname);
    asked.push(`${path}${request.headers.range === undefined ? "" : ` ${request.headers.range}`}`);
    const file = join(folder, path);
    const status = state.status(path);
    if (status !== 200 || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(status === 200 ? 404 : status).end();
      return;
    }
    const bytes = readFileSync(file);
    const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/u.exec(request.headers.range ?? "")?.[1] ?? 0);
    const partly = from > 0 && request.headers["if-range"] === etag;
    const body = partly ? bytes.subarray(from) : bytes;
    const range = partly ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(partly ? 206 : 200, { etag, "content-length": body.length, ...range });
    const cut = state.cut(path);
    if (cut === undefined || cut >= body.length) response.end(body);
    else response.write(body.subarray(0, cut), () => response.destroy());
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket`, asked, state };
}

const records = (count: number, day = 1): TestRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `A-${n}`,
    modified: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`,
    packages: [`p${n % 37}`],
    version: `${n}.${day}.0`,
  }));
const online = { fetch: fetch as Fetch };
const refusedWith =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Fault && error.facts.code === code;

async function place(t: TestContext) {
  const root = folderOf(t);
  const at = (name: string): string => join(root, name);
  putEcosystem(at("bucket"), "npm", records(300));
  writeFileSync(at("bucket/ecosystems.txt"), "npm\n../../etc\n");
  return { at, ...(await serve(t, root)) };
}

describe("advisories: a bucket behind a URL", () => {
  it("gives the index of the folder; an update asks for the list and for what changed alone", async (t) => {
    const { at, url, asked } = await place(t);
    const folder = await buildIndex(at("bucket"), at("folder.db"));
    const built = await buildIndex(url, at("a.db"), undefined, online);
    assert.equal(built.digest, folder.digest);
    assert.equal(existsSync(at("a.db.parts")), false);

    asked.length = 0;
    assert.equal((await updateIndex(at("a.db"), undefined, online)).changed, false);
    assert.deepEqual(asked, ["/bucket/ecosystems.txt", "/bucket/npm/modified_id.csv"]);

    const changed = { ...records(1, 2)[0], packages: ["p0", "extra"] } as TestRecord;
    const next = [changed, ...records(300).slice(1, 298)];
    putEcosystem(at("bucket"), "npm", next);
    writeFileSync(at("bucket/npm/A-0.json"), osv(changed));
    asked.length = 0;
    const updated = await updateIndex(at("a.db"), undefined, online);
    assert.deepEqual(asked.slice(1), ["/bucket/npm/modified_id.csv", "/bucket/npm/A-0.json"]);
    assert.equal(updated.digest, (await buildIndex(at("bucket"), at("folder.db"))).digest);
    assert.equal(verifyIndex(at("a.db")).revisions, 2);
  });

  it("the archive that lags behind the list is mended by single records", async (t) => {
    const { at, url } = await place(t);
    const newer = records(302).slice(300);
    const lines = [...newer, ...records(300)].map(({ modified, id }) => `${modified},${id}\n`).join("");
    writeFileSync(at("bucket/npm/modified_id.csv"), lines);
    for (const record of newer) writeFileSync(at(`bucket/npm/${record.id}.json`), osv(record));
    const built = await buildIndex(url, at("a.db"), undefined, online);
    assert.deepEqual([built.shards?.[0]?.records, built.broken], [302, 0]);
  });

  it("connections that are cut at any byte: the rest is asked for, and the index ends the same", async (t) => {
    const { at, url, asked, state } = await place(t);
    const { digest } = await buildIndex(at("bucket"), at("folder.db"));
    const size = statSync(at("bucket/npm/all.zip")).size;
    for (const share of [0, 0.01, 0.37, 0.5, 0.93]) {
      let cuts = 2;
      state.cut = (path) => (path.endsWith("all.zip") && cuts-- > 0 ? Math.floor(share * size) : undefined);
      asked.length = 0;
      const built = await buildIndex(url, at("a.db"), undefined, online);
      assert.equal(built.digest, digest, `cut at ${share}`);
      const ranges = asked.filter((line) => line.includes("bytes="));
      assert.equal(ranges.length > 0, share > 0, asked.join(", "));
    }
  });

  it("what came before the run ended is used by the next one; another state of the file is fetched whole", async (t) => {
    const { at, url, asked, state } = await place(t);
    const before = await buildIndex(at("bucket"), at("a.db"));
    const size = statSync(at("bucket/npm/all.zip")).size;
    const fails = async (): Promise<void> => {
      let first = true;
      state.cut = (path) => {
        if (!path.endsWith("all.zip")) return undefined;
        const cut = first ? Math.floor(size / 2) : 0;
        first = false;
        return cut;
      };
      await assert.rejects(updateIndex(at("a.db"), url, online), refusedWith("WB-NETWORK-FAILED"));
    };
    putEcosystem(at("bucket"), "npm", records(300, 2));
    await fails();
    assert.equal(openIndex(at("a.db")).identity.digest, before.digest);
    state.cut = () => undefined;
    asked.length = 0;
    const second = await updateIndex(at("a.db"), url, online);
    assert.ok(
      asked.some((line) => line.includes("all.zip bytes=")),
      asked.join(", "),
    );
    assert.equal(second.digest, (await buildIndex(at("bucket"), at("folder.db"))).digest);

    putEcosystem(at("bucket"), "npm", records(300, 3));
    await fails();
    putEcosystem(at("bucket"), "npm", records(300, 4));
    state.cut = () => undefined;
    const third = await updateIndex(at("a.db"), undefined, online);
    assert.equal(third.digest, (await buildIndex(at("bucket"), at("folder.db"))).digest);
    assert.equal(verifyIndex(at("a.db")).revisions, 3);
  });

  it("without a network it is refused before anything is asked, as is a URL with a password", async (t) => {
    const { at, url, asked } = await place(t);
    await assert.rejects(buildIndex(url, at("a.db")), refusedWith("WB-NETWORK-FORBIDDEN"));
    const secret = url.replace("//", "//user:secret@");
    await assert.rejects(buildIndex(secret, at("a.db"), undefined, online), (error) => {
      assert.ok(error instanceof Fault && error.facts.code === "WB-USAGE-OPTION");
      return !JSON.stringify(error.facts).includes("secret");
    });
    assert.deepEqual([asked, existsSync(at("a.db"))], [[], false]);
  });

  it("a refusal is told at once, a busy server is asked again", async (t) => {
    const { at, url, asked, state } = await place(t);
    state.status = () => 403;
    await assert.rejects(buildIndex(url, at("a.db"), undefined, online), refusedWith("WB-NETWORK-FAILED"));
    assert.equal(asked.length, 1);
    let busy = 2;
    state.status = () => (busy-- > 0 ? 503 : 200);
    mkdirSync(at("kev"));
    writeFileSync(at("kev/kev.json"), '{"vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"2021-12-10"}]}');
    const kev = url.replace(/bucket$/u, "kev/kev.json");
    const built = await buildIndex(url, at("a.db"), undefined, { ...online, kev });
    assert.deepEqual(built.exploited, { records: 1, date: "2021-12-10" });
  });
});
