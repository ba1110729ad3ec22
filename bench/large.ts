// npm run bench:large: `waybill sbom` of an image layout of 2 GB and of a folder of 500,000 files, which are made for it and removed:
// peak memory, and time beside what only reads the same. Prints Markdown for docs/benchmarks.md. Needs 7 GB of disk and `npm run build`.
import { type Hash, createCipheriv, createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Candidate, type Cost, sideBySide, table } from "./measure.ts";

const rounds = Number(process.env["WAYBILL_BENCH_ROUNDS"] ?? "3");
const folder = mkdtempSync(join(tmpdir(), "waybill-large-"));
const document = join(folder, "sbom.json");
const cli = join(import.meta.dirname, "../dist/cli.js");
const GOAL_MIB = 400;

const LAYERS = 8;
const PROGRAMS_PER_LAYER = 50;
const PROGRAM_BYTES = 4 * 2 ** 20;
const TEXTS_PER_LAYER = 7000;
const TEXT_BYTES = 32 * 2 ** 10;
const PACKAGES_PER_LAYER = 100;

const FOLDERS = 5000;
const FILES_PER_FOLDER = 100;
const FOLDERS_PER_PROJECT = 50;
/** The project itself and its two packages. */
const PER_PROJECT = 3;

/** Bytes that do not compress, the same in every run. */
const noise = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
const incompressible = (size: number): Buffer => noise.update(Buffer.alloc(size));

/** Source text that compresses as such text does, without a repetition inside of gzip's window of 32 KiB. */
const text = Buffer.from(
  Array.from(
    { length: 60_000 },
    (_, line) => `  const v${(line * 7919) % 60_000} = read(${line}, "${(line * 31) % 977}");`,
  ).join("\n"),
);

function sourceText(index: number, size: number): Buffer {
  const start = (index * 4099) % (text.length - size);
  return text.subarray(start, start + size);
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
}

/** One layer's files: programs, sources, installed npm packages, and in the first a Debian system. */
function fillLayer(tree: string, layer: number): void {
  if (layer === 0) {
    const status = Array.from(
      { length: PACKAGES_PER_LAYER },
      (_, index) => `Package: lib${index}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.${index}-1\n`,
    );
    write(join(tree, "etc/os-release"), 'ID=debian\nVERSION_ID="12"\n');
    write(join(tree, "var/lib/dpkg/status"), status.join("\n"));
  }
  const elf = Buffer.alloc(64);
  elf.write("\x7fELF\x02\x01\x01", "latin1");
  for (let index = 0; index < PROGRAMS_PER_LAYER; index += 1) {
    write(join(tree, `opt/layer-${layer}/bin/program-${index}`), Buffer.concat([elf, incompressible(PROGRAM_BYTES)]));
  }
  for (let index = 0; index < TEXTS_PER_LAYER; index += 1) {
    const file = join(tree, `opt/layer-${layer}/src/${index % 100}/source-${index}.js`);
    write(file, sourceText(layer * TEXTS_PER_LAYER + index, TEXT_BYTES));
  }
  for (let index = 0; index < PACKAGES_PER_LAYER; index += 1) {
    const name = `package-${layer}-${index}`;
    const manifest = JSON.stringify({ name, version: "1.0.0" });
    write(join(tree, `opt/layer-${layer}/node_modules/${name}/package.json`), manifest);
  }
}

/** Hashes what passes. */
const hashing = (hash: Hash): Transform =>
  new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });

interface Blob {
  readonly digest: string;
  readonly size: number;
}

/** Packs the tree as a layer (OCI image specification 1.1, layer.md) into the layout; gives its blob and its DiffID. */
async function pack(tree: string, blobs: string): Promise<Blob & { readonly diffId: string }> {
  const [plain, packed] = [createHash("sha256"), createHash("sha256")];
  const file = createWriteStream(join(blobs, "new"));
  const tar = spawn("tar", ["-C", tree, "--sort=name", "--owner=0", "--group=0", "-cf", "-", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(tar, "exit");
  await pipeline(tar.stdout, hashing(plain), createGzip({ level: 1 }), hashing(packed), file);
  const [code] = await exited;
  if (code !== 0) throw new Error(`tar failed (exit ${code})`);
  const digest = packed.digest("hex");
  renameSync(join(blobs, "new"), join(blobs, digest));
  return { digest: `sha256:${digest}`, size: file.bytesWritten, diffId: `sha256:${plain.digest("hex")}` };
}

/** An OCI layout of several layers, 2 GB in total; gives the paths of its layers. */
async function makeImage(layout: string): Promise<readonly string[]> {
  const blobs = join(layout, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const json = (value: unknown): Blob => {
    const content = JSON.stringify(value);
    const digest = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(blobs, digest), content);
    return { digest: `sha256:${digest}`, size: content.length };
  };
  const layers: Awaited<ReturnType<typeof pack>>[] = [];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const tree = join(folder, "tree");
    fillLayer(tree, layer);
    layers.push(await pack(tree, blobs));
    rmSync(tree, { recursive: true });
  }
  const media = "application/vnd.oci.image";
  const rootfs = { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) };
  const config = json({ architecture: "amd64", os: "linux", config: {}, rootfs });
  const manifest = json({
    schemaVersion: 2,
    mediaType: `${media}.manifest.v1+json`,
    config: { mediaType: `${media}.config.v1+json`, ...config },
    layers: layers.map(({ digest, size }) => ({ mediaType: `${media}.layer.v1.tar+gzip`, digest, size })),
  });
  const manifests = [{ mediaType: `${media}.manifest.v1+json`, ...manifest }];
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return layers.map(({ digest }) => join(blobs, digest.slice("sha256:".length)));
}

/** 500,000 files in 5,000 folders; every fiftieth folder is an npm project of two packages. */
function makeFiles(directory: string): void {
  for (let index = 0; index < FOLDERS; index += 1) {
    const here = join(directory, `part-${index % 50}`, `folder-${index}`);
    mkdirSync(here, { recursive: true });
    const isProject = index % FOLDERS_PER_PROJECT === 0;
    if (isProject) {
      const dependencies = { [`left-${index}`]: "1.0.0" };
      const project = { name: `project-${index}`, version: "1.0.0", dependencies };
      const packages = {
        "": project,
        [`node_modules/left-${index}`]: { version: "1.0.0", dependencies: { [`right-${index}`]: "1.0.0" } },
        [`node_modules/right-${index}`]: { version: "1.0.0" },
      };
      writeFileSync(join(here, "package.json"), JSON.stringify(project));
      writeFileSync(join(here, "package-lock.json"), JSON.stringify({ ...project, lockfileVersion: 3, packages }));
    }
    for (let file = isProject ? 2 : 0; file < FILES_PER_FOLDER; file += 1) {
      writeFileSync(join(here, `file-${file}.js`), sourceText(index * FILES_PER_FOLDER + file, 200));
    }
  }
}

const waybill = (source: string): Candidate => ({
  name: "waybill sbom",
  command: [process.execPath, cli, "sbom", source, "--offline"],
  environment: { WAYBILL_HOME: join(folder, "home") },
  stdout: document,
});

const shell = (name: string, script: string, ...operands: readonly string[]): Candidate => ({
  name,
  command: ["sh", "-c", script, "sh", ...operands],
});

/** Measures, and prints the table and whether the memory kept within the goal. A wrong number of components is a failure of the run. */
function report(title: string, expected: number, candidates: readonly Candidate[]): void {
  const costs = sideBySide(candidates, rounds, folder);
  const { components } = JSON.parse(readFileSync(document, "utf8")) as {
    readonly components: readonly { readonly type: string; readonly purl?: string }[];
  };
  const found = components.filter(({ type, purl }) => type !== "operating-system" && purl !== undefined).length;
  if (found !== expected) throw new Error(`${title}: expected ${expected} components, found ${found}`);
  const { peak } = [...costs.values()][0] as Cost;
  console.log(table(`${title}: ${expected} components`, costs));
  console.log(`Peak ${peak.toFixed(0)} MiB, goal under ${GOAL_MIB}: ${peak < GOAL_MIB ? "met" : "missed"}.\n`);
}

try {
  console.log(
    `${cpus()[0]?.model ?? "CPU"}, ${cpus().length} cores; Node ${process.version}; medians of ${rounds} rounds after a warm-up, candidates in turn.\n`,
  );
  const layout = join(folder, "image");
  const layers = await makeImage(layout);
  report("Image layout of 2 GB", (LAYERS + 1) * PACKAGES_PER_LAYER, [
    waybill(`oci-layout:${layout}`),
    shell("openssl dgst -sha256 of the layers", 'openssl dgst -sha256 "$@"', ...layers),
    shell("gzip -dc of the layers", 'gzip -dc "$@"', ...layers),
  ]);
  rmSync(layout, { recursive: true });
  const directory = join(folder, "files");
  makeFiles(directory);
  report("Folder of 500,000 files", (FOLDERS / FOLDERS_PER_PROJECT) * PER_PROJECT, [
    waybill(directory),
    shell("find -type f", 'find "$1" -type f | wc -l', directory),
    shell("openssl dgst -sha256 of the files", 'find "$1" -type f -exec openssl dgst -sha256 {} +', directory),
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
