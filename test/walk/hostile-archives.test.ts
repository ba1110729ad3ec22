import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { DEFAULT_LIMITS, type SourceLimits } from "../../src/artifact/limits.ts";
import { openSource } from "../../src/artifact/open.ts";
import type { Source } from "../../src/model/artifact.ts";
import { Fault } from "../../src/model/fault.ts";
import { COMPRESSED } from "../unit/artifact/compressed.ts";
import { makeTar, makeZip, type TarSpec } from "../unit/artifact/make-archive.ts";
import { makeAr, makeCpio, makeLayout, makeRpm } from "../unit/artifact/make-formats.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { INPUTS, mutate, numbers, SLOW_MS } from "../support/fuzz.ts";

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.facts.code === code;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "waybill-formats-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function open(
  t: TestContext,
  name: string,
  bytes: Uint8Array,
  limits: Partial<SourceLimits> = {},
): Promise<Source> {
  const path = join(folder(t), name);
  writeFileSync(path, bytes);
  const source = await openSource(path, { ...DEFAULT_LIMITS, ...limits });
  t.after(() => source.close());
  return source;
}

const deb = (data: Buffer): Buffer =>
  makeAr({
    "debian-binary": "2.0\n",
    "control.tar.gz": gzipSync(makeTar([{ path: "./control", content: "Package: a" }])),
    "data.tar.zst": zstdCompressSync(data),
  });

describe("hostile archives", () => {
  const zeros = Buffer.alloc(64 << 20);
  const header = makeTar([{ path: "bomb" }]).subarray(0, 512);
  it("that are bombs are refused in bounded memory and time", async (t) => {
    const started = performance.now();
    // Of this test alone: the process has run others before.
    const { rss } = process.memoryUsage();
    for (const [pack, times] of [
      [gzipSync, 24],
      [zstdCompressSync, 24],
    ] as const) {
      const member = pack(zeros);
      const bomb = Buffer.concat([pack(header), ...Array.from({ length: times }, () => member)]);
      await assert.rejects(open(t, "a.tar", bomb), withCode("WB-ARCHIVE-TOO-LARGE"));
    }
    for (const [head, part, times] of [
      ["bzip2, tar header", "bzip2, 45 MB of zeros", 7],
      ["xz, tar header", "xz, 8 MiB of zeros", 40],
    ] as const) {
      const member = Buffer.from(COMPRESSED[part], "base64");
      const bomb = Buffer.concat([
        Buffer.from(COMPRESSED[head], "base64"),
        ...Array.from({ length: times }, () => member),
      ]);
      await assert.rejects(open(t, "a.tar", bomb), withCode("WB-ARCHIVE-TOO-LARGE"));
    }
    const took = performance.now() - started;
    assert.ok(took < 40_000, `four bombs take ${took.toFixed(0)} ms`);
    assert.ok(process.memoryUsage().rss - rss < 512 << 20, "memory stays bounded");
  });
  it("that hold many small bombs are refused as one large one", async (t) => {
    const small = makeZip([{ name: "zeros.zip", content: "\0".repeat(8 << 20) }]);
    const inner = Array.from({ length: 200 }, (_, at): TarSpec => ({ path: `${at}.zip`, content: small }));
    const source = await open(t, "a.tar", makeTar(inner));
    assert.match(source.unread?.at(-1)?.what ?? "", /WB-ARCHIVE-TOO-LARGE/u);
  });
  it("however they are changed, end in entries or a Fault", async (t) => {
    const root = folder(t);
    const tar = makeTar([
      { path: "a/b", content: "b" },
      { path: "l", type: "2", link: "a/b" },
      { path: "h", type: "1", link: "a/b" },
      {
        path: "x",
        content: "1\n4\n4\n".padEnd(512, "\0") + "more",
        pax: { "GNU.sparse.major": "1", "GNU.sparse.realsize": "9" },
      },
      { path: "in.zip", content: makeZip([{ name: "m", content: "text ".repeat(50) }]) },
    ]);
    const seeds: Readonly<Record<string, Buffer>> = {
      tar,
      gzip: gzipSync(tar, { level: 0 }),
      zstd: zstdCompressSync(tar),
      xz: Buffer.from(COMPRESSED["xz, several blocks"], "base64"),
      bzip2: Buffer.from(COMPRESSED["bzip2, two streams"], "base64"),
      zip: makeZip([
        { name: "in/a.tar", content: "a" },
        { name: "b", content: "b".repeat(900) },
      ]),
      deb: deb(tar),
      rpm: makeRpm(
        makeCpio([
          { path: "a", content: "x" },
          { path: "b", mode: 0o120777, content: "a" },
        ]),
      ),
    };
    const next = numbers(20_261_124);
    const read = async (name: string, reference: string): Promise<void> => {
      const started = cpuMilliseconds();
      try {
        const source = await openSource(reference);
        try {
          for (const entry of source.entries()) if (entry.sizeBytes < 1 << 20) entry.sha256();
        } finally {
          source.close();
        }
      } catch (error) {
        assert.ok(error instanceof Fault, `${name}: ${String((error as Error).stack)}`);
      }
      assert.ok(cpuMilliseconds() - started < SLOW_MS, `${name} takes too long`);
    };
    for (const [name, seed] of Object.entries(seeds)) {
      for (let input = 0; input < INPUTS; input += 1) {
        const path = join(root, `fuzz.${name}`);
        writeFileSync(path, mutate(seed, next));
        await read(`${name} ${input}`, path);
        if (name === "tar") await read(`rootfs ${input}`, `rootfs:${path}`);
      }
    }
    const layout = join(root, "layout");
    for (let input = 0; input < INPUTS; input += 1) {
      // The digests are right, so that what is in the layers is looked at.
      const [index] = makeLayout(layout, [
        {
          layers: [tar, [{ path: "a/.wh.b" }, { path: "l/x" }]].map((layer) =>
            layer === tar ? mutate(tar, next) : layer,
          ),
        },
      ]);
      await read(`layer ${input}`, layout);
      writeFileSync(
        join(layout, "index.json"),
        mutate(Buffer.from(JSON.stringify({ manifests: [index, index] })), next),
      );
      await read(`index ${input}`, layout);
      rmSync(layout, { recursive: true });
    }
  });
});
