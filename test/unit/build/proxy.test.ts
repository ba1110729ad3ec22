import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../../src/artifact/digest.ts";
import type { Upstream } from "../../../src/model/build.ts";
import { openProxy, type ProxyOptions } from "../../../src/station/proxy/proxy.ts";

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function upstream(baseUrl: string, authorization?: string): Upstream {
  return { ecosystem: "npm", baseUrl, authorization: () => authorization };
}

async function open(t: TestContext, upstreams: readonly Upstream[], more: Partial<ProxyOptions> = {}) {
  const proxy = await openProxy({ upstreams, cacheFolder: temporary(t), environment: {}, ...more });
  t.after(() => proxy.close());
  return proxy;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

function ask(
  port: string | number | undefined,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  const target = typeof port === "string" ? { socketPath: port } : { port: port ?? 0, host: "127.0.0.1" };
  return new Promise((resolve, reject) => {
    const asked = request({ ...target, path, headers, method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("a document is decoded, passed on, hashed and asked for again by ETag", async (t) => {
  const seen: IncomingHttpHeaders[] = [];
  const base = await serve(t, (asked, answer) => {
    seen.push(asked.headers);
    if (asked.headers["if-none-match"] === '"1"') answer.writeHead(304).end();
    else
      answer
        .writeHead(200, { "content-encoding": "gzip", etag: '"1"', "content-type": "application/json" })
        .end(gzipSync('{"a":1}'));
  });
  const proxy = await open(t, [upstream(base)]);
  for (let round = 0; round < 2; round += 1) {
    const answer = await ask(proxy.routes[0], "/left?write=secret", {
      authorization: "Bearer from-inside",
      cookie: "c",
    });
    assert.deepEqual(
      [answer.status, answer.body, answer.headers["content-type"]],
      [200, '{"a":1}', "application/json"],
    );
  }
  assert.equal(seen.length, 2);
  assert.equal(seen[0]?.authorization, undefined, "what a build says of itself goes nowhere");
  assert.equal(seen[0]?.cookie, undefined);
  assert.deepEqual(proxy.exchanges(), [
    {
      method: "GET",
      url: `${base}left`,
      status: 200,
      digests: proxy.exchanges()[0]?.digests,
      sizeBytes: 7,
      cached: false,
      decision: "allowed",
    },
  ]);
  assert.equal(proxy.exchanges()[0]?.digests.sha256, sha256('{"a":1}'));
});

test("an archive is fetched once; a damaged copy in the cache is fetched again", async (t) => {
  let asked = 0;
  const base = await serve(t, (_, answer) => {
    asked += 1;
    answer.end("archive");
  });
  const cacheFolder = temporary(t);
  const proxy = await open(t, [upstream(base)], { cacheFolder });
  const fetchIt = async (): Promise<string> => (await ask(proxy.routes[0], "/left/-/left-1.0.0.tgz")).body;
  assert.deepEqual([await fetchIt(), await fetchIt(), asked], ["archive", "archive", 1]);
  const folder = join(cacheFolder, "content");
  for (const part of readdirSync(folder))
    for (const name of readdirSync(join(folder, part))) writeFileSync(join(folder, part, name), "planted");
  assert.deepEqual([await fetchIt(), asked], ["archive", 2]);
});

test("credentials go to their own upstream only, not to a redirect's host nor into any record", async (t) => {
  const seen: Record<string, string | undefined> = {};
  const other = await serve(t, (asked, answer) => {
    seen["other"] = asked.headers.authorization;
    answer.end("moved");
  });
  const base = await serve(t, (asked, answer) => {
    seen[asked.url ?? ""] = asked.headers.authorization;
    if (asked.url === "/moved.tgz")
      answer.writeHead(302, { location: `${other.replace("://", "://u:p@")}moved.tgz` }).end();
    else answer.end("x");
  });
  const cacheFolder = temporary(t);
  const proxy = await open(t, [upstream(base, "Bearer fake-secret"), upstream(other)], { cacheFolder });
  assert.equal((await ask(proxy.routes[0], "/moved.tgz")).body, "moved");
  await ask(proxy.routes[0], "/own.tgz");
  assert.deepEqual(seen, { "/moved.tgz": "Bearer fake-secret", other: undefined, "/own.tgz": "Bearer fake-secret" });
  assert.ok(!JSON.stringify(proxy.recording()).includes("fake-secret"));
  const files = readdirSync(cacheFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files)
    assert.ok(!readFileSync(join(parentPath, name), "utf8").includes("fake-secret"));
});

test("a tarball on another host is found by the document that named it", async (t) => {
  const files = await serve(t, (asked, answer) => void answer.end(`file ${asked.url}`));
  const document = JSON.stringify({
    versions: { 1: { dist: { tarball: `${files}deep/left-1.tgz` } }, pad: "x".repeat(200_000) },
  });
  const base = await serve(t, (asked, answer) => {
    if (asked.url !== "/left") answer.writeHead(404).end("no");
    // In pieces, so that the address lies across two chunks.
    else for (let at = 0; at < document.length; at += 41) answer.write(document.slice(at, at + 41), "utf8");
    answer.end();
  });
  const proxy = await open(t, [upstream(base)]);
  assert.equal((await ask(proxy.routes[0], "/deep/left-1.tgz")).status, 404);
  await ask(proxy.routes[0], "/left");
  assert.equal((await ask(proxy.routes[0], "/deep/left-1.tgz")).body, "file /deep/left-1.tgz");
});

test("a lockfile may choose among the configured registries and name no other host", async (t) => {
  const evil = await serve(t, (_, answer) => void answer.end("evil"));
  const acme = await serve(t, (asked, answer) => void answer.end(`acme ${asked.headers.authorization}`));
  const main = await serve(t, (asked, answer) => void answer.writeHead(404).end(`main has no ${asked.url}`));
  const lockfile = Buffer.from(
    JSON.stringify({ a: { resolved: `${acme}right-1.tgz` }, b: { resolved: `${evil}bad-1.tgz` } }, null, 1),
  );
  const upstreams = [upstream(`${main}npm/`, "Bearer fake-main"), upstream(acme, "Bearer fake-acme")];
  const proxy = await open(t, upstreams, { lockfile });
  // npm puts the default registry's own path before.
  assert.equal((await ask(proxy.routes[0], "/npm/right-1.tgz")).body, "acme Bearer fake-acme");
  assert.equal((await ask(proxy.routes[0], "/npm/bad-1.tgz")).body, "main has no /npm/bad-1.tgz");
});

test("a replay gives the recorded answers, 404 included, and asks nobody", async (t) => {
  let asked = 0;
  const base = await serve(t, (request, answer) => {
    asked += 1;
    answer.writeHead(request.url === "/gone" ? 404 : 200).end(request.headers.accept ?? "");
  });
  const cacheFolder = temporary(t);
  const first = await open(t, [upstream(base)], { cacheFolder });
  await ask(first.routes[0], "/left", { accept: "a/full" });
  await ask(first.routes[0], "/left", { accept: "a/short" });
  await ask(first.routes[0], "/gone");
  const frozen = await open(t, [upstream(base)], { cacheFolder, frozen: first.recording() });
  asked = 0;
  assert.equal((await ask(frozen.routes[0], "/left", { accept: "a/full" })).body, "a/full");
  assert.equal((await ask(frozen.routes[0], "/left", { accept: "a/short" })).body, "a/short");
  assert.equal((await ask(frozen.routes[0], "/gone")).status, 404);
  const fresh = await ask(frozen.routes[0], "/other");
  assert.deepEqual([fresh.status, asked], [403, 0]);
  assert.deepEqual(
    frozen
      .exchanges()
      .filter(({ decision }) => decision === "refused")
      .map(({ url }) => url),
    [`${base}other`],
  );
});

test("other hosts and other methods are refused and named", async (t) => {
  const base = await serve(t, (_, answer) => void answer.end("x"));
  const proxy = await open(t, [upstream(base)]);
  assert.equal((await ask(proxy.direct, "http://evil.example/steal?token=fake")).status, 403);
  assert.equal((await ask(proxy.routes[0], "/left", {}, "POST")).status, 403);
  assert.equal((await ask(proxy.routes[0], "/left", {}, "PUT")).status, 403);
  await new Promise<void>((resolve) => {
    const asked = request({
      port: Number(proxy.direct),
      host: "127.0.0.1",
      method: "CONNECT",
      path: "tunnel.example:443",
      agent: false,
    });
    asked.on("connect", (answer, socket) => {
      assert.equal(answer.statusCode, 403);
      socket.destroy();
      resolve();
    });
    asked.end();
  });
  assert.deepEqual(
    proxy.exchanges().map(({ method, url, decision }) => [method, url, decision]),
    [
      ["POST", `${base}left`, "refused"],
      ["PUT", `${base}left`, "refused"],
      ["GET", "http://evil.example/steal", "refused"],
      ["CONNECT", "https://tunnel.example/", "refused"],
    ],
  );
});

test("a path cannot name another host", async (t) => {
  const base = await serve(t, (asked, answer) => void answer.end(asked.headers.host));
  const proxy = await open(t, [upstream(base)]);
  const host = new URL(base).host;
  for (const path of ["//evil.example/x", "/@evil.example/x", "/\\evil.example"])
    assert.equal((await ask(proxy.routes[0], path)).body, host, path);
});

test("a body that is too long, a compression bomb, or cut off reaches no record and no cache", async (t) => {
  const base = await serve(t, (asked, answer) => {
    if (asked.url === "/bomb")
      answer.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(1 << 20)));
    else if (asked.url === "/long.tgz") answer.end(Buffer.alloc(100_000));
    else if (asked.url === "/brotli") answer.writeHead(200, { "content-encoding": "br" }).end("x");
    else {
      answer.writeHead(200, { "content-length": "100" });
      answer.write("part");
      setTimeout(() => answer.destroy(), 20);
    }
  });
  const cacheFolder = temporary(t);
  const proxy = await open(t, [upstream(base)], { cacheFolder, maxBodyBytes: 50_000 });
  for (const path of ["/bomb", "/long.tgz", "/cut.tgz"]) await assert.rejects(ask(proxy.routes[0], path), path);
  assert.equal((await ask(proxy.routes[0], "/brotli")).status, 502);
  assert.deepEqual(proxy.exchanges(), []);
  assert.equal(proxy.failures().length, 4);
  assert.deepEqual(readdirSync(join(cacheFolder, "incoming")), []);
});

test("a registry that is not there, or silent, is a failure with its address", async (t) => {
  const silent = await serve(t, () => undefined);
  const proxy = await open(t, [upstream("http://127.0.0.1:1/"), upstream(silent)], { idleSeconds: 0.05 });
  assert.equal((await ask(proxy.routes[0], "/left")).status, 502);
  assert.equal((await ask(proxy.routes[1], "/left")).status, 502);
  assert.equal(proxy.failures().length, 2);
  assert.match(proxy.failures().join(), /ECONNREFUSED/);
});

test("on Unix sockets, one per upstream", async (t) => {
  const bases = [
    await serve(t, (_, answer) => void answer.end("one")),
    await serve(t, (_, answer) => void answer.end("two")),
  ];
  const proxy = await open(
    t,
    bases.map((base) => upstream(base)),
    { socketFolder: temporary(t) },
  );
  assert.equal((await ask(proxy.routes[0], "/x")).body, "one");
  assert.equal((await ask(proxy.routes[1], "/x")).body, "two");
});
