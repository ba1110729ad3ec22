import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import type { SandboxRun } from "../../../src/model/build.ts";
import { Fault } from "../../../src/model/fault.ts";
import { builderIdOf } from "../../../src/station/build/builder.ts";
import { inheritedDescriptors } from "../../../src/station/build/inherited.ts";
import { accountFiles, profileArguments, profileDigest } from "../../../src/station/build/profile.ts";
import { parseTimes, shellEnvironment, wrapCommand } from "../../../src/station/build/sandbox-command.ts";
import { sandboxFault, sandboxMissing } from "../../../src/station/build/sandbox-fault.ts";
import { findProgram, openSandbox } from "../../../src/station/build/sandbox.ts";

const RUN: SandboxRun = {
  command: ["npm", "ci"],
  workspace: "/outside/work",
  workspaceInside: "/build/a",
  environment: { A: "1", "npm_config_@acme:registry": "http://127.0.0.1:4874/" },
  hostName: "waybill",
  uid: 1234,
  umask: 0o022,
  readOnly: [["/outside/tool", "/toolchain/tool"]],
  proxyFolder: "/outside/proxy",
  limits: { timeSeconds: 1, memoryBytes: 4096, processes: 7, outputBytes: 10, fileBytes: 1024 },
};

test("the profile hides all, shows what is named, and keeps its own order", () => {
  const args = profileArguments(RUN, true);
  const text = args.join(" ");
  for (const part of [
    "--unshare-all --die-with-parent --new-session --clearenv --cap-drop ALL",
    "--hostname waybill --uid 1234 --gid 1234",
    "--ro-bind /usr /usr",
    "--ro-bind /outside/tool /toolchain/tool",
    "--ro-bind /outside/proxy /run/waybill",
    "--bind /outside/work /build/a --chdir /build/a --remount-ro /",
    "--seccomp 5",
  ])
    assert.ok(text.includes(part), part);
  assert.ok(!text.includes("--share-net"));
  assert.equal(args.filter((arg) => arg === "--bind").length, 1, "one writable place of the host");
  assert.match(
    accountFiles(RUN)
      .map(([, content]) => content)
      .join(""),
    /^build:x:1234:1234/,
  );
});

test("a profile without the filter is another profile", () => {
  assert.notEqual(profileDigest(undefined), profileDigest(new Uint8Array([1])));
  assert.equal(profileDigest(undefined), profileDigest(undefined));
});

test("names that no shell keeps go by env", () => {
  assert.deepEqual(shellEnvironment(RUN), { A: "1" });
  const command = wrapCommand(RUN, "0");
  assert.deepEqual(command.slice(4), [
    "taskset",
    "-c",
    "0",
    "env",
    "npm_config_@acme:registry=http://127.0.0.1:4874/",
    "npm",
    "ci",
  ]);
  assert.match(command[2] ?? "", /umask 0022/);
});

test("CPU time of the children", () => {
  assert.equal(parseTimes("0m0.001000s 0m0.002000s\n1m2.500000s 0m0.250000s\n"), 62.75);
  assert.equal(parseTimes(""), 0);
});

test("a descriptor of Node's own is not taken for an inherited one", () => {
  // This process may have inherited some itself.
  const before = inheritedDescriptors();
  const file = openSync("/dev/null", "r");
  try {
    assert.deepEqual(inheritedDescriptors(), before);
  } finally {
    closeSync(file);
  }
});

test("without bwrap it stops, and never goes on without", () => {
  for (const mode of ["auto", "bwrap"] as const)
    assert.throws(
      () => openSandbox(mode, "/nonexistent"),
      (error) =>
        error instanceof Fault &&
        error.facts.code === "WB-SANDBOX-MISSING" &&
        error.facts.fix?.includes("--no-sandbox") === true,
    );
  assert.equal(openSandbox("none").mode, "none");
  assert.match(sandboxMissing("linux").facts.fix ?? "", /apt-get install bubblewrap/);
  assert.match(sandboxMissing("darwin").facts.found ?? "", /darwin/);
});

test("what bwrap says of a system that forbids it", () => {
  for (const complaint of [
    "bwrap: No permissions to creating new namespace, likely because the kernel does not allow non-privileged user namespaces.",
    "bwrap: setting up uid map: Permission denied",
    "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
    "bwrap: Creating new namespace failed: No space left on device",
  ])
    assert.equal(sandboxFault("/usr/bin/bwrap", undefined, complaint).facts.code, "WB-SANDBOX-FORBIDDEN", complaint);
  const other = sandboxFault(
    "/usr/bin/bwrap",
    undefined,
    "bwrap: Can't find source path /x: No such file or directory",
  );
  assert.equal(other.facts.code, "WB-SANDBOX-FAILED");
  const bidi = sandboxFault("/usr/bin/bwrap", undefined, "bwrap: \u202eevil\u001b[31m");
  assert.ok(!/[\u202e\u001b]/.test(bidi.facts.found ?? ""));
});

test("a search path: relative folders are passed over", () => {
  assert.equal(findProgram("sh", ".::usr/bin"), undefined);
  assert.equal(findProgram("sh", "/nonexistent:/bin"), "/bin/sh");
});

test("each mode has its own builder id", () => {
  assert.notEqual(builderIdOf("bwrap"), builderIdOf("none"));
});
