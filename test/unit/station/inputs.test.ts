import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { Fault } from "../../../src/model/fault.ts";
import { type InputPlaces, readInputs } from "../../../src/station/inputs.ts";

function places(t: TestContext, more: Partial<InputPlaces> = {}): InputPlaces {
  const folder = mkdtempSync(join(tmpdir(), "waybill-inputs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "project"));
  return { home: folder, policy: undefined, trust: [], index: undefined, vex: [], project: undefined, ...more };
}

const unreadable = (error: unknown): boolean =>
  error instanceof Fault && error.facts.code === "WB-INPUT-UNREADABLE" && error.facts.kind === "unchecked";

const MAKERS: readonly (readonly [what: string, make: (path: string) => void])[] = [
  ["a folder", (path) => void mkdirSync(path)],
  ["a pipe that nobody writes to", (path) => void execFileSync("mkfifo", [path])],
];

for (const [what, make] of MAKERS) {
  test(`a policy or trust file that is ${what} is not taken for none, which would let a looser one judge`, async (t) => {
    for (const name of ["policy.yaml", "trust.yaml"]) {
      const asked = places(t);
      make(join(asked.home, name));
      await assert.rejects(readInputs(asked), unreadable, name);
    }
    const asked = places(t);
    const project = join(asked.home, "project");
    make(join(project, "waybill.policy.yaml"));
    await assert.rejects(readInputs({ ...asked, project }), unreadable);
    const inputs = await readInputs(asked);
    assert.equal(inputs.policy.input.origin, "waybill:baseline@1", "who does not read the project's passes it by");
  });
}

test("whom a policy trusts is recorded with the policy's origin and digest, beside the trust file's", async (t) => {
  const asked = places(t);
  const pem = (): string => generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
  const text = `version: 1\ntrust:\n  acme: { key: ${JSON.stringify(pem())}, may: { predicates: [provenance] } }\n`;
  const policy = join(asked.home, "p.yaml");
  writeFileSync(policy, text);
  const alone = await readInputs({ ...asked, policy });
  assert.deepEqual(alone.trust.input, { origin: policy, digest: sha256(text) });
  const key = join(asked.home, "b.pub");
  writeFileSync(key, pem());
  const both = await readInputs({ ...asked, policy, trust: [key] });
  assert.equal(both.trust.entries.length, 2);
  assert.equal(both.trust.input.origin, `${key}, ${policy}`);
  const only = await readInputs({ ...asked, trust: [key] });
  assert.notEqual(both.trust.input.digest, only.trust.input.digest);
});
