import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { Fault } from "../../../src/model/fault.ts";
import { readVexInputs } from "../../../src/station/vex-inputs.ts";

const OPENVEX = JSON.stringify({
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://vex.example/1",
  author: "us",
  timestamp: "2026-01-01T00:00:00Z",
  version: 1,
  statements: [{ vulnerability: { name: "CVE-1" }, products: [{ "@id": "pkg:npm/a" }], status: "fixed" }],
});

async function inFolder(run: (folder: string, home: string, project: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-vex-inputs-"));
  const [home, project] = [join(folder, "home"), join(folder, "project")];
  mkdirSync(home);
  mkdirSync(project);
  try {
    await run(folder, home, project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("flags, the pinned folder and the project's ignore files, each with origin and digest", async () => {
  await inFolder(async (folder, home, project) => {
    writeFileSync(join(folder, "named.json"), OPENVEX);
    mkdirSync(join(home, "vex"));
    writeFileSync(join(home, "vex", "pinned.json"), `${OPENVEX}\n`);
    writeFileSync(join(project, ".trivyignore"), "CVE-1 # why\n\n# CVE-2\nCVE-3 exp:2027-01-01\nCVE-4 maybe\n");
    const places = { home, policy: undefined, vex: [join(folder, "named.json")], project };
    const { vex, vexOrigins, unheeded } = await readVexInputs(places);
    assert.deepEqual(
      vex.map(({ basis, form }) => [basis, form]),
      [
        ["named", "openvex"],
        ["named", "openvex"],
        ["project", "ignore file"],
      ],
    );
    assert.deepEqual(
      vexOrigins.map(({ origin }) => origin),
      [join(folder, "named.json"), join(home, "vex", "pinned.json"), ".trivyignore"],
    );
    assert.equal(vexOrigins[0]?.digest, sha256(OPENVEX));
    assert.deepEqual(
      vex[2]?.statements.map(({ vulnerability, expires }) => [vulnerability?.name, expires]),
      [
        ["CVE-1", undefined],
        ["CVE-3", "2027-01-01T00:00:00Z"],
      ],
    );
    assert.match(unheeded.join("\n"), /CVE-4: not heeded because of "maybe"/u);
    // Where the project has no say, nothing of it is read.
    const receiving = await readVexInputs({ ...places, project: undefined });
    assert.equal(receiving.vex.length, 2);
  });
});

test("a project's ignore files do not loosen a policy that is pinned or named, and that is told", async () => {
  await inFolder(async (folder, home, project) => {
    writeFileSync(join(project, "osv-scanner.toml"), '[[IgnoredVulns]]\nid = "CVE-1"\n');
    const places = { home, policy: undefined, vex: [], project };
    assert.equal((await readVexInputs(places)).vex.length, 1);
    const policy = join(folder, "policy.yaml");
    for (const pinned of [policy, join(home, "policy.yaml")]) {
      writeFileSync(pinned, "version: 1\n");
      const read = await readVexInputs({ ...places, policy: pinned === policy ? policy : undefined });
      assert.deepEqual(read.vex, []);
      assert.deepEqual(read.unheeded, [
        "osv-scanner.toml: not heeded: a policy is pinned, and a project does not loosen it",
      ]);
    }
  });
});

test("osv-scanner.toml: ids, packages, dates; what is not heeded is told", async () => {
  await inFolder(async (_folder, home, project) => {
    const toml = `
[[IgnoredVulns]]
id = "GO-2022-0968"
ignoreUntil = 2026-11-09
reason = "No ssh servers"
[[IgnoredVulns]]
reason = "of what?"
[[PackageOverrides]]
name = "lib"
version = "1.0.0"
ecosystem = "Go"
vulnerability.ignore = true
effectiveUntil = 2026-12-01T10:00:00Z
[[PackageOverrides]]
ecosystem = "npm"
ignore = true
group = "dev"
[[PackageOverrides]]
name = "licensed"
license.override = ["MIT"]
GoVersionOverride = "1.2"
`;
    writeFileSync(join(project, "osv-scanner.toml"), toml.replace("GoVersionOverride", "\n[other]\nGoVersionOverride"));
    const { vex, unheeded } = await readVexInputs({ home, policy: undefined, vex: [], project });
    assert.deepEqual(
      vex[0]?.statements.map(({ vulnerability, ignore, impact, expires, status }) => ({
        id: vulnerability?.name,
        ignore,
        impact,
        expires,
        status,
      })),
      [
        {
          id: "GO-2022-0968",
          ignore: { paths: [], folder: "" },
          impact: "No ssh servers",
          expires: "2026-11-09T00:00:00Z",
          status: "not_affected",
        },
        {
          id: undefined,
          ignore: { paths: [], folder: "", name: "lib", version: "1.0.0", ecosystem: "Go" },
          impact: `Ignored in ${join(project, "osv-scanner.toml")}.`,
          expires: "2026-12-01T10:00:00Z",
          status: "not_affected",
        },
      ],
    );
    const told = unheeded.join("\n");
    for (const part of [
      /other is not heeded/u,
      /without an id/u,
      /override for a group/u,
      /licence is not overridden/u,
    ])
      assert.match(told, part);
    // Named by a flag it is about every file, as `--config` has it.
    const named = await readVexInputs({
      home,
      policy: undefined,
      vex: [join(project, "osv-scanner.toml")],
      project: undefined,
    });
    assert.deepEqual(named.vex[0]?.statements[0]?.ignore, { paths: [] });
  });
});

test(".trivyignore.yaml: paths, package URLs, dates; other sections are told", async () => {
  await inFolder(async (_folder, home, project) => {
    writeFileSync(
      join(project, ".trivyignore.yaml"),
      `vulnerabilities:
  - id: CVE-2022-40897
    paths: ["usr/lib/**"]
    statement: Accept the risk
  - id: CVE-2023-3817
    purls: ["pkg:deb/debian/libssl1.1"]
    expired_at: 2027-01-01
  - id: CVE-2023-9
    expired_at: someday
misconfigurations:
  - id: AVD-1
`,
    );
    const { vex, unheeded } = await readVexInputs({ home, policy: undefined, vex: [], project });
    const [first, second, third] = vex[0]?.statements ?? [];
    assert.deepEqual([first?.ignore, first?.impact], [{ paths: ["usr/lib/**"] }, "Accept the risk"]);
    assert.deepEqual([second?.ignore, second?.products[0]?.purls], [undefined, ["pkg:deb/debian/libssl1.1"]]);
    assert.equal(second?.expires, "2027-01-01T00:00:00Z");
    assert.equal(third?.expires, "0001-01-01T00:00:00Z", "a day that cannot be read has passed");
    assert.match(unheeded.join("\n"), /misconfigurations are not judged here/u);
  });
});

test("an ignore file that cannot be read is a fault with its place, not an empty one", async () => {
  await inFolder(async (_folder, home, project) => {
    for (const [name, text] of [
      ["osv-scanner.toml", "[[IgnoredVulns\n"],
      [".trivyignore", Buffer.from([0xff, 0xfe, 0xff])],
      [".trivyignore.yaml", "vulnerabilities: 1\n"],
    ] as const) {
      const path = join(project, name);
      writeFileSync(path, text);
      await assert.rejects(
        readVexInputs({ home, policy: undefined, vex: [path], project: undefined }),
        (error) => error instanceof Fault && error.facts.code === "WB-IGNORE-FORM",
        name,
      );
      rmSync(path);
    }
  });
});
