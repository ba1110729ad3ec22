import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { isImageSource, layersOf } from "../../../src/artifact/image.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "../../../src/artifact/limits.ts";
import { baseLayers, openSource } from "../../../src/artifact/open.ts";
import type { Source } from "../../../src/model/artifact.ts";
import { Fault } from "../../../src/model/fault.ts";
import { makeTar, type TarSpec } from "./make-archive.ts";
import {
  blobPath,
  digestOf,
  type ImageSpec,
  type Json,
  makeDockerArchive,
  makeLayout,
  putBlob,
  writeIndex,
} from "./make-formats.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.facts.code === code;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "waybill-image-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function opened(t: TestContext, reference: string, limits: Partial<SourceLimits> = {}): Promise<Source> {
  const source = await openSource(reference, { ...DEFAULT_LIMITS, ...limits });
  t.after(() => source.close());
  return source;
}

/** An image of these layers, opened as a layout. */
async function image(t: TestContext, layers: ImageSpec["layers"], spec: Partial<ImageSpec> = {}): Promise<Source> {
  const root = folder(t);
  makeLayout(root, [{ layers, ...spec }]);
  return opened(t, `oci-layout:${root}`);
}

const listed = (source: Source): readonly string[] =>
  [...source.entries()].filter(({ kind }) => kind !== "directory").map(({ path }) => path);
const text = (source: Source, path: string): string => Buffer.from(source.find(path)?.bytes() ?? "nothing").toString();
const dir = (path: string): TarSpec => ({ path, type: "5", mode: 0o755 });

describe("layers of an image", () => {
  it("lie upon each other, each entry knowing its layer, whatever they are compressed with", async (t) => {
    const layers = [
      [
        { path: "etc/a", content: "1" },
        { path: "etc/b", content: "2" },
      ],
      [{ path: "etc/b", content: "3", mode: 0o4755 }],
    ];
    const digests = layers.map((layer) => digestOf(makeTar(layer)));
    for (const compress of [gzipSync, zstdCompressSync, (tar: Buffer) => tar]) {
      const source = await image(t, layers, { compress });
      assert.equal(source.artifact.kind, "image");
      assert.deepEqual(layersOf(source), digests);
      assert.deepEqual(
        [...source.entries()].map(({ path, layer, mode }) => [path, layer, mode.toString(8)]),
        [
          ["etc", digests[0], "755"],
          ["etc/a", digests[0], "644"],
          ["etc/b", digests[1], "4755"],
        ],
      );
      assert.equal(text(source, "etc/b"), "3");
    }
  });
  it("take away what lies below by whiteouts and opaque folders, and nothing of their own", async (t) => {
    const source = await image(t, [
      [{ path: "a/1" }, { path: "a/2" }, { path: "b/1" }, { path: "b/c/2" }, { path: "d/1" }, { path: "e" }],
      [
        { path: "a/.wh.1" },
        { path: "b/new" },
        { path: "b/.wh..wh..opq" },
        { path: ".wh.d" },
        { path: ".wh.e" },
        { path: ".wh.never" },
        { path: ".wh..wh.plnk" },
        { path: "d/2" },
      ],
    ]);
    assert.deepEqual(listed(source), ["a/2", "b/new", "d/2"]);
  });
  it("follow symlinks inside the root, when laid and when looked up", async (t) => {
    const source = await image(t, [
      [dir("usr/lib"), { path: "lib", type: "2", link: "usr/lib" }, { path: "abs", type: "2", link: "/usr" }],
      [
        { path: "lib/x/libc.so", content: "c" },
        { path: "/abs/lib/y", content: "y" },
        { path: "out", type: "2", link: "../../../../etc/passwd" },
        { path: "etc/passwd", content: "inner" },
        { path: "loop", type: "2", link: "loop/a" },
      ],
    ]);
    assert.deepEqual(listed(source), ["abs", "etc/passwd", "lib", "loop", "out", "usr/lib/x/libc.so", "usr/lib/y"]);
    assert.equal(source.find("lib/x/libc.so")?.path, "usr/lib/x/libc.so");
    assert.equal(text(source, "abs/lib/y"), "y");
    assert.equal(text(source, "out"), "inner");
    for (const path of ["loop", "loop/b", "lib/x/libc.so/a", "../etc/passwd", "/etc/passwd", "a\0"]) {
      assert.equal(source.find(path), undefined, path);
    }
  });
  it("hold hard links, devices, pipes, long names, sparse files and the same path twice", async (t) => {
    const long = `${"n".repeat(90)}/`.repeat(3);
    const sparse = (block: Buffer): void => {
      block.write("00000001000\0", 386 + 0);
      block.write("00000000004\0", 386 + 12);
      block.write("00000002000\0", 483);
    };
    const source = await image(t, [
      [
        { path: "a", content: "first" },
        { path: "a", content: "second", mode: 0o600 },
        { path: "b", type: "1", link: "a" },
        { path: "dev/null", type: "3" },
        { path: "pipe", type: "6" },
        { path: "././@LongLink", type: "L", content: `${long}f\0` },
        { path: "cut", content: "long" },
        { path: "holes", type: "S", content: "data", header: sparse },
        {
          path: "pax",
          content: "1\n4\n4\n".padEnd(512, "\0") + "more",
          pax: {
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.name": "real",
            "GNU.sparse.realsize": "9",
          },
        },
      ],
      [{ path: "c", type: "1", link: "/b" }, { path: ".wh.a" }],
    ]);
    assert.deepEqual(listed(source), ["b", "c", "holes", `${long}f`, "real"].sort());
    assert.equal(text(source, "c"), "second");
    assert.equal(source.find("c")?.mode, 0o600);
    assert.equal(source.find("holes")?.sizeBytes, 0o2000);
    assert.equal(text(source, "holes"), `${"\0".repeat(0o1000)}data${"\0".repeat(0o2000 - 0o1000 - 4)}`);
    assert.equal(text(source, "real"), "\0\0\0\0more\0");
  });
  it("are refused where they lead out, lie below a file, or link to nothing", async (t) => {
    for (const member of [
      { path: "../a" },
      { path: "a/../../b" },
      { path: "f/below" },
      { path: "l", type: "1", link: "../../etc/passwd" },
      { path: "l", type: "1", link: "nothing" },
      { path: "loop/a" },
      { path: "s", pax: { path: "s\0" } },
    ] as const) {
      const layers = [[{ path: "f" }, { path: "loop", type: "2", link: "loop" }, member]];
      await assert.rejects(image(t, layers), withCode("WB-ARCHIVE-PATH"), JSON.stringify(member));
    }
  });
});

describe("an image's layout", () => {
  it("is refused where a digest or size differs from what was said", async (t) => {
    const layers = [[{ path: "a", content: "1" }]];
    const code = withCode("WB-IMAGE-DIGEST");
    const flip = (blob: Buffer): Buffer => Buffer.from(blob.map((byte, at) => (at === 4 ? byte ^ 1 : byte)));
    await assert.rejects(image(t, layers, { tamper: flip }), code);
    await assert.rejects(image(t, layers, { tamper: (blob) => Buffer.concat([blob, Buffer.alloc(1)]) }), code);
    const other = `sha256:${digestOf(Buffer.from("other"))}`;
    await assert.rejects(image(t, layers, { configuration: (c) => (c["rootfs"] = { diff_ids: [other] }) }), code);
    const root = folder(t);
    const [manifest] = makeLayout(root, [{ layers }]);
    writeFileSync(blobPath(root, manifest as Json), JSON.stringify({ schemaVersion: 2 }));
    await assert.rejects(openSource(root), code);
    makeLayout(root, [{ layers, tamper: (blob) => gzipSync(Buffer.from(blob)) }]);
    await assert.rejects(openSource(root), code);
  });
  it("is the first for linux/amd64 of several, and tells of the others", async (t) => {
    const root = folder(t);
    const of = (platform: string, tag: string): ImageSpec => ({
      layers: [[{ path: platform.replace("/", "-") }]],
      platform,
      tag,
    });
    const manifests = makeLayout(root, [
      of("linux/arm64", "a"),
      of("linux/amd64", "b"),
      of("windows/amd64", "c"),
      of("unknown/unknown", "d"),
    ]);
    const source = await opened(t, root);
    assert.deepEqual(listed(source), ["linux-amd64"]);
    assert.equal(source.artifact.digests.sha256, String(manifests[1]?.["digest"]).slice(7));
    assert.match(source.artifact.name, /:b$/u);
    assert.equal(source.unread?.length, 2);
    assert.deepEqual(listed(await opened(t, `oci-layout:${root}:c`)), ["windows-amd64"]);
    await assert.rejects(openSource(`oci-layout:${root}:none`), withCode("WB-IMAGE-FORM"));
  });
  it("may have indexes in indexes, but not in a circle or without end", async (t) => {
    const root = folder(t);
    const [manifest] = makeLayout(root, [{ layers: [[{ path: "a" }]] }]);
    let inner = putBlob(root, JSON.stringify({ manifests: [manifest] }), INDEX);
    writeIndex(root, [inner, inner]);
    assert.deepEqual(listed(await opened(t, root)), ["a"]);
    for (let depth = 0; depth < 12; depth += 1) inner = putBlob(root, JSON.stringify({ manifests: [inner] }), INDEX);
    writeIndex(root, [inner]);
    await assert.rejects(openSource(root), withCode("WB-IMAGE-FORM"));
    // A digest cannot name itself, so that a circle is a wrong digest.
    const circle = { mediaType: INDEX, digest: `sha256:${"0".repeat(64)}`, size: 0 };
    writeFileSync(blobPath(root, circle), "");
    writeIndex(root, [circle]);
    await assert.rejects(openSource(root), withCode("WB-IMAGE-DIGEST"));
  });
  it("is refused by code where its form is wrong or a part is missing", async (t) => {
    const layers = [[{ path: "a" }]];
    const wrong: Partial<ImageSpec>[] = [
      { manifest: (m) => delete m["layers"] },
      { manifest: (m) => (m["layers"] = []) },
      { manifest: (m) => (m["config"] = null) },
      { manifest: (m) => (m["layers"] = [{ digest: "sha256:../../../../etc/passwd", size: 1 }]) },
      { manifest: (m) => (m["layers"] = [{ digest: "md5:00", size: 1 }]) },
      { configuration: (c) => (c["rootfs"] = { diff_ids: "x" }) },
      { layers: [Buffer.from("no tar at all".repeat(100))] },
    ];
    for (const spec of wrong)
      await assert.rejects(image(t, layers, spec), withCode("WB-IMAGE-FORM"), JSON.stringify(spec));
    const missing = { digest: `sha256:${"1".repeat(64)}`, size: 1 };
    await assert.rejects(image(t, layers, { manifest: (m) => (m["layers"] = [missing]) }), withCode("WB-IMAGE-BLOB"));
    for (const index of [
      "",
      "[",
      "[]",
      "{}",
      `{"manifests":[]}`,
      `{"manifests":[1]}`,
      "[".repeat(100_000),
      "9".repeat(5 << 20),
    ]) {
      const root = folder(t);
      writeIndex(root, []);
      writeFileSync(join(root, "index.json"), index);
      await assert.rejects(openSource(`oci-layout:${root}`), withCode("WB-IMAGE-FORM"), index.slice(0, 20));
    }
  });
});

describe("an image in an archive", () => {
  const layers = [[{ path: "etc/a", content: "1" }], [{ path: "etc/b", content: "2" }]];
  it("is recognised by its content, compressed or not, with the image's id as its digest", async (t) => {
    const root = folder(t);
    const bytes = makeDockerArchive(layers);
    writeFileSync(join(root, "image"), bytes);
    writeFileSync(join(root, "image.gz"), gzipSync(bytes));
    for (const reference of [join(root, "image"), `docker-archive:${join(root, "image.gz")}`]) {
      const source = await opened(t, reference);
      assert.deepEqual([source.artifact.kind, source.artifact.name], ["image", "app:1"]);
      assert.deepEqual(listed(source), ["etc/a", "etc/b"]);
      assert.equal(source.find("etc/b")?.layer, digestOf(makeTar(layers[1] ?? [])));
    }
  });
  it("is refused where a layer is another than its configuration says", async (t) => {
    const root = folder(t);
    const bytes = makeDockerArchive(layers);
    const at = bytes.indexOf("etc/a");
    const changed = Buffer.from(bytes);
    changed.write("1", at + 512);
    changed[at + 512] = 0x39;
    writeFileSync(join(root, "image.tar"), changed);
    await assert.rejects(openSource(join(root, "image.tar")), withCode("WB-IMAGE-DIGEST"));
  });
  it("gives what its lowest layers alone hold, and its base's layers without unpacking them", async (t) => {
    const root = folder(t);
    makeLayout(root, [{ layers: layers.slice(0, 1) }]);
    writeFileSync(join(root, "image.tar"), makeDockerArchive(layers));
    const base = await baseLayers(`oci-layout:${root}`);
    const source = await opened(t, join(root, "image.tar"));
    assert.ok(isImageSource(source));
    assert.deepEqual(base, source.layers.slice(0, 1));
    assert.deepEqual(listed(source.below(base.length)), ["etc/a"]);
    assert.deepEqual(await baseLayers(`sha256:${base[0] ?? ""}`), base);
    await assert.rejects(baseLayers(`dir:${root}`), withCode("WB-SOURCE-KIND"));
  });
});

describe("a root file system", () => {
  it("follows links inside the root, as a folder and as a tar file", async (t) => {
    const root = folder(t);
    for (const path of ["etc", "usr/lib"]) mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, "usr/lib/os-release"), "ID=x");
    symlinkSync("/usr/lib/os-release", join(root, "etc/os-release"));
    symlinkSync("usr/lib", join(root, "lib"));
    symlinkSync("../../../../../../etc/hostname", join(root, "out"));
    symlinkSync("b", join(root, "a"));
    symlinkSync("a", join(root, "b"));
    const tar = makeTar([
      { path: "./usr/lib/os-release", content: "ID=x" },
      { path: "./etc/os-release", type: "2", link: "/usr/lib/os-release" },
      { path: "./lib", type: "2", link: "usr/lib" },
      { path: "./dev/null", type: "3" },
      { path: "./out", type: "2", link: "../../../../../../etc/hostname" },
      { path: "./a", type: "2", link: "b" },
      { path: "./b", type: "2", link: "a" },
    ]);
    writeFileSync(join(root, "usr/rootfs.tar"), tar);
    for (const reference of [
      root,
      `rootfs:${root}`,
      join(root, "usr/rootfs.tar"),
      `rootfs:${join(root, "usr/rootfs.tar")}`,
    ]) {
      const source = await opened(t, reference);
      assert.equal(source.artifact.kind, "root-file-system", reference);
      assert.equal(text(source, "etc/os-release"), "ID=x");
      assert.equal(source.find("etc/os-release")?.path, "usr/lib/os-release");
      assert.equal(source.find("lib/os-release")?.path, "usr/lib/os-release");
      // What was met on the way before leads the same way again.
      assert.equal(text(source, "lib/os-release"), "ID=x");
      for (const path of ["out", "a", "a/b", "etc/hostname", "../a", "lib/none", "lib/os-release/x"])
        assert.equal(source.find(path), undefined, path);
    }
  });
});
