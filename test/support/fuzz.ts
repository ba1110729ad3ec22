import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { extractors } from "../../src/inventory/extractors.ts";
import { Fault } from "../../src/model/fault.ts";
import { memorySource } from "./memory-source.ts";
import { shared } from "./shared.ts";
import { cpuMilliseconds } from "./cpu.ts";

const INPUTS = Number(process.env["WAYBILL_FUZZ_INPUTS"] ?? "2000");
const SLOW_MS = 2000;
const HOSTILE = [
  "\0",
  "\u202e",
  "../../",
  "__proto__",
  "constructor",
  "[".repeat(2000),
  "{".repeat(2000),
  "&a *a",
  "<!ENTITY x",
  "%s",
  "${x}",
  "1e999",
  "-0",
  "\ufeff",
  "\r\n\r\n",
  "'''",
  '"""',
  "9".repeat(400),
  "a".repeat(5000),
  "\ud800",
].map((text) => Buffer.from(text));

/** A small generator of numbers with a seed (xorshift32), so that a failure can be run again. */
export function numbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return below <= 0 ? 0 : (state >>> 0) % below;
  };
}

/** One to four mutations: bytes changed, pieces cut, doubled or moved, hostile text put in, the end cut off. */
export function mutate(bytes: Buffer, next: (below: number) => number): Buffer {
  let out = bytes;
  for (let times = 1 + next(4); times > 0; times -= 1) {
    const at = next(out.length);
    const to = at + next(Math.min(64, out.length - at + 1));
    const piece = out.subarray(at, to);
    const kind = next(6);
    if (kind === 0 && out.length > 0) {
      out = Buffer.from(out);
      out[at] = next(256);
    } else if (kind === 1) out = Buffer.concat([out.subarray(0, at), out.subarray(to)]);
    else if (kind === 2) out = Buffer.concat([out.subarray(0, to), piece, out.subarray(to)]);
    else if (kind === 3)
      out = Buffer.concat([out.subarray(0, at), HOSTILE[next(HOSTILE.length)] as Buffer, out.subarray(at)]);
    else if (kind === 4) out = out.subarray(0, at);
    else {
      const other = next(out.length);
      out = Buffer.concat([out.subarray(0, other), piece, out.subarray(other)]);
    }
  }
  return out;
}

function filesOf(path: string): Record<string, Buffer> {
  if (!statSync(path).isDirectory()) return { [basename(path)]: readFileSync(path) };
  const files: Record<string, Buffer> = {};
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[full.slice(path.length + 1)] = readFileSync(full);
  }
  return files;
}

/** Fixtures of an upstream extractor, each as its files, the smallest first. */
function fixtures(folder: string, upstream: string): readonly Record<string, Buffer>[] {
  const rows = readFileSync(join(folder, "cases.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { fixture: string; extractor?: string; parser?: string; cataloger?: string });
  const paths = rows
    .filter((row) => (row.extractor ?? row.parser ?? row.cataloger) === upstream)
    .map(({ fixture }) => join(folder, fixture));
  const size = (files: Record<string, Buffer>): number =>
    Object.values(files).reduce((sum, { length }) => sum + length, 0);
  return [...new Set(paths)]
    .map(filesOf)
    .filter((files) => size(files) < 64 * 1024)
    .toSorted((a, b) => size(a) - size(b))
    .slice(0, 12);
}

/**
 * Mutated fixtures (`WAYBILL_FUZZ_INPUTS`, default 2,000 an extractor): read, or refused by a Fault, each within two seconds. The
 * seed is fixed, so that a red run is red again.
 */
export function fuzzExtractor(ours: string, suite: string, upstream: string): void {
  test(`${ours}: mutated ${suite} fixtures end in an inventory or a Fault`, async (t) => {
    const folder = shared(t, `vectors/extractors-${suite}`);
    if (folder === undefined) return;
    await fuzzAll(ours, fixtures(folder, upstream));
  });
}

/** As `fuzzExtractor`, of files that a test makes itself. */
export function fuzzFiles(ours: string, seeds: readonly Record<string, Buffer>[]): void {
  test(`${ours}: mutated files end in an inventory or a Fault`, async () => {
    await fuzzAll(ours, seeds);
  });
}

async function fuzzAll(ours: string, seeds: readonly Record<string, Buffer>[]): Promise<void> {
  const extractor = extractors.find(({ id }) => id === ours);
  assert.ok(extractor !== undefined, `there is an extractor ${ours}`);
  assert.ok(seeds.length > 0, "there are fixtures to mutate");
  const next = numbers(20_261_124);
  for (let input = 0; input < INPUTS; input += 1) {
    const files = seeds[input % seeds.length] ?? {};
    const names = Object.keys(files);
    const name = names[next(names.length)] ?? "";
    const mutated = { ...files, [name]: mutate(files[name] ?? Buffer.alloc(0), next) };
    const source = memorySource(mutated);
    const started = cpuMilliseconds();
    try {
      const entries = [...source.entries()];
      const chosen = entries.find((entry) => entry.path === name) ?? entries[0];
      if (chosen === undefined) continue;
      if (extractor.kind === "group") await extractor.extract(entries, source);
      else await extractor.extract(chosen, source);
    } catch (error) {
      assert.ok(
        error instanceof Fault,
        `input ${input} of ${dirname(name)}/${name}: ${String((error as Error).stack)}`,
      );
    }
    const took = cpuMilliseconds() - started;
    assert.ok(took < SLOW_MS, `input ${input} took ${took.toFixed(0)} ms`);
  }
}
