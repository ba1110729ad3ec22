import assert from "node:assert/strict";
import { dirname } from "node:path";
import { test } from "node:test";
import { extractors } from "../../src/inventory/extractors.ts";
import { Fault } from "../../src/model/fault.ts";
import { fixtures } from "./fixtures.ts";
import { memorySource } from "./memory-source.ts";
import { shared } from "./shared.ts";
import { cpuMilliseconds } from "./cpu.ts";

/** How many mutated inputs each parser gets. */
export const INPUTS = Number(process.env["WAYBILL_FUZZ_INPUTS"] ?? "10000");
/** CPU time that one small input may take. */
export const SLOW_MS = 2000;
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

/**
 * Mutated fixtures (`WAYBILL_FUZZ_INPUTS`, default 10,000 an extractor): read, or refused by a Fault, each within two seconds. The
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
