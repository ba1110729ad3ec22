import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../../src/model/fault.ts";
import { parsePolicy } from "../../../src/policy/policy-file.ts";
import { parseConfiguration } from "../../../src/station/build/configuration.ts";
import { parseTrust } from "../../../src/trust/trust-file.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

/** Of CPU. What compares each key with all others needs several times as much. */
const SOON_MS = 5000;

/** The three files that people write, each by its own reader and with its own code. */
const FILES: readonly {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => Promise<unknown>;
  readonly code: string;
  /** Distinct keys: many, and as far as a file of this kind holds them. */
  readonly keys: number;
}[] = [
  { name: "policy", read: (bytes) => parsePolicy(bytes, "f.yaml", "f.yaml"), code: "WB-POLICY", keys: 30_000 },
  { name: "trust file", read: (bytes) => parseTrust(bytes, "f.yaml"), code: "WB-TRUST", keys: 30_000 },
  { name: "build configuration", read: (bytes) => parseConfiguration(bytes, "f.yaml"), code: "WB-CONFIG", keys: 6000 },
];

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

for (const { name, read, code, keys } of FILES) {
  const refused = async (text: string, expected: string, line: number, about = /./u): Promise<void> => {
    const begin = cpuMilliseconds();
    await assert.rejects(read(Buffer.from(text)), (error) => {
      assert.ok(error instanceof Fault, String(error));
      const { code: found, kind, where, what } = error.facts;
      assert.deepEqual([found, kind, where], [expected, "input", `f.yaml:${line}`], what);
      assert.match(what, about);
      return true;
    });
    assert.ok(cpuMilliseconds() - begin < SOON_MS, `${cpuMilliseconds() - begin} ms`);
  };

  test(`${name}: a key that stands twice is refused at its second line`, async () => {
    await refused("version: 1\nversion: 1\n", `${code}-SYNTAX`, 2, /has the key "version" twice/u);
    await refused("version: 1\na:\n  b: 1\n  b: 2\n", `${code}-SYNTAX`, 4, /"b" twice/u);
  });

  test(`${name}: a second document is refused at its line, not passed over`, async () => {
    await refused("version: 1\n---\nversion: 1\n", `${code}-SYNTAX`, 2, /multiple documents/iu);
    await refused("---\nversion: 1\n...\n---\nmode: observe\n", `${code}-SYNTAX`, 4, /multiple documents/iu);
  });

  test(`${name}: as many keys as fit end soon, and are not what is asked for`, async () => {
    const begin = cpuMilliseconds();
    await assert.rejects(read(Buffer.from(`version: 1\n${lines(keys, (index) => `k${index}: 1`)}\n`)), Fault);
    assert.ok(cpuMilliseconds() - begin < SOON_MS, `${cpuMilliseconds() - begin} ms`);
  });

  test(`${name}: a tag, a merge key, a key that is no text and an alias of nothing are refused`, async () => {
    await refused("version: 1\na: !!binary d2Fybg==\n", `${code}-SYNTAX`, 2, /tag/iu);
    await refused("version: 1\na: &a {}\n<<: *a\n", `${code}-SYNTAX`, 3, /merge keys/u);
    await refused("version: 1\n7: a\n", `${code}-SYNTAX`, 2, /not a text/u);
    await refused("version: 1\na: *b\n", `${code}-SYNTAX`, 2, /./u);
  });

  test(`${name}: depth and bytes that are no UTF-8 are refused`, async () => {
    await refused(`version: 1\na: ${"[".repeat(50)}${"]".repeat(50)}\n`, `${code}-SYNTAX`, 2, /deeper than 24/u);
    await assert.rejects(
      read(Uint8Array.of(0x61, 0xff)),
      (error) => error instanceof Fault && error.facts.code === `${code}-SYNTAX`,
    );
  });
}

test("a version that is a mapping is a wrong version, not a crash", async () => {
  for (const { read, code } of FILES) {
    await assert.rejects(
      read(Buffer.from("version: {a: 1}\n")),
      (error) => error instanceof Fault && error.facts.code === `${code}-VALUE`,
    );
  }
});
