import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { SandboxLimits, SandboxResult, SandboxRun } from "../../src/model/build.ts";
import { Fault } from "../../src/model/fault.ts";
import { openSandbox } from "../../src/station/build/sandbox.ts";

const LIMITS: SandboxLimits = {
  timeSeconds: 30,
  memoryBytes: 2 ** 31,
  processes: 200,
  outputBytes: 1 << 20,
  fileBytes: 1 << 20,
};

function workspace(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Ran extends SandboxResult {
  readonly output: string;
}

async function run(
  t: TestContext,
  script: string,
  more: Partial<SandboxRun> = {},
  limits: Partial<SandboxLimits> = {},
  stop: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  let output = "";
  const result = await openSandbox("auto").run(
    {
      command: ["sh", "-c", script],
      workspace: workspace(t),
      workspaceInside: "/build/a",
      environment: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/home/build", GIVEN: "yes" },
      hostName: "waybill",
      uid: 1000,
      umask: 0o027,
      readOnly: [],
      ...more,
      limits: { ...LIMITS, ...limits },
    },
    (chunk) => {
      output += Buffer.from(chunk).toString("utf8");
    },
    stop,
  );
  return { ...result, output };
}

/** A number that only this run's processes have in their command lines. */
let marks = 0;
function mark(): string {
  marks += 1;
  return `${process.pid}${String(marks).padStart(4, "0")}`;
}

function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}

test("a command runs with its own user, host, home, umask, environment and exit code", async (t) => {
  const ran = await run(t, 'id -u; id -un; hostname; umask; pwd; echo "$HOME $GIVEN"; ls -A /tmp /home/build; exit 7');
  assert.equal(ran.output, "1000\nbuild\nwaybill\n0027\n/build/a\n/home/build yes\n/home/build:\n\n/tmp:\n");
  assert.deepEqual([ran.exitCode, ran.stoppedBy, ran.logBytes], [7, "exit", Buffer.byteLength(ran.output)]);
});

test("leak 1: no secret of the caller's environment is anywhere in /proc", async (t) => {
  process.env["WAYBILL_TEST_SECRET"] = "fake-secret-in-the-environment";
  t.after(() => delete process.env["WAYBILL_TEST_SECRET"]);
  const ran = await run(t, 'for p in /proc/[0-9]*; do tr "\\0" "\\n" < $p/environ; done; env; echo read');
  assert.match(ran.output, /GIVEN=yes[^]*read/);
  assert.ok(!ran.output.includes("fake-secret"), ran.output);
});

test("leak 2: an inherited descriptor cannot be read inside", (t) => {
  const folder = workspace(t);
  const secret = join(folder, "secret");
  chmodSync(folder, 0o755);
  writeFileSync(secret, "fake-secret-behind-a-descriptor", { mode: 0o600 });
  mkdirSync(join(folder, "w"));
  const inside = "ls -l /proc/self/fd; cat /proc/self/fd/7 /proc/self/fd/33 /proc/self/fd/0";
  const program = `
    import { openSandbox } from ${JSON.stringify(join(import.meta.dirname, "../../src/station/build/sandbox.ts"))};
    for (const mode of ["bwrap", "none"]) {
      await openSandbox(mode).run({ command: ["sh", "-c", ${JSON.stringify(inside)}], workspace: ${JSON.stringify(join(folder, "w"))},
        workspaceInside: "/build/a", environment: { PATH: "/usr/bin:/bin" }, hostName: "w", uid: 1000, umask: 18, readOnly: [],
        limits: ${JSON.stringify(LIMITS)} }, (chunk) => process.stdout.write(chunk), new AbortController().signal);
      console.log("ran", mode);
    }`;
  const file = join(folder, "program.mts");
  writeFileSync(file, program);
  const open = openSync(secret, "r");
  const stdio = Array.from({ length: 34 }, (_, at) => (at === 7 || at === 33 ? open : at < 3 ? "pipe" : "ignore"));
  const ran = spawnSync(process.execPath, [file], { encoding: "utf8", stdio: stdio as ("pipe" | number)[] });
  closeSync(open);
  assert.match(ran.stdout, /33 -> \/dev\/null[^]*ran bwrap[^]*33 -> \/dev\/null[^]*ran none/, ran.stderr);
  assert.ok(!ran.stdout.includes("fake-secret"), ran.stdout);
});

test("leak 3: namespaces, mounts, tracing and strange sockets are refused inside", async (t) => {
  const ran = await run(
    t,
    [
      "unshare -r true 2>/dev/null && echo unshare works",
      "mount -t tmpfs x /tmp 2>/dev/null && echo mount works",
      "setarch -R true 2>/dev/null && echo personality works",
      "touch /usr/x /etc/x /x 2>/dev/null && echo the system is writable",
      "grep -c . /proc/net/dev",
      "grep Seccomp: /proc/self/status",
      "grep -E 'Cap(Eff|Prm|Bnd)' /proc/self/status",
      "echo 1 2>/dev/null > /proc/sys/kernel/hostname && echo sysctl works",
    ].join("\n"),
  );
  assert.doesNotMatch(ran.output, /works|writable/);
  assert.match(ran.output, /^3\nSeccomp:\t2\n/m, "only lo, and a filter");
  assert.equal(ran.output.match(/Cap\w+:\t0{16}\n/g)?.length, 3, ran.output);
});

test("no file of the host but the system: not the home, not a key, no socket", async (t) => {
  const folder = workspace(t);
  writeFileSync(join(folder, "release.key"), "fake-secret-key");
  const ran = await run(
    t,
    `cat ${folder}/release.key /root/.npmrc /etc/shadow /etc/hostname 2>&1; ls /; ls /run 2>&1; ls ${tmpdir()}`,
  );
  assert.ok(!ran.output.includes("fake-secret"), ran.output);
  assert.equal(ran.output.match(/No such file/g)?.length, 5, ran.output);
});

test("the host's devices and settings cannot be changed, started by root or not", async (t) => {
  const ran = await run(
    t,
    "chmod 600 /dev/null; echo x > /proc/sysrq-trigger; echo x > /proc/sys/kernel/core_pattern; cat /proc/kpagecount",
  );
  const refusals = ran.output.match(/^.*(?:not permitted|Permission denied|cannot create).*$/gim);
  assert.equal(refusals?.length, 4, ran.output);
  assert.equal(statSync("/dev/null").mode & 0o777, 0o666);
});

test("the two outputs keep their order, and scripts may open them anew", async (t) => {
  const ran = await run(t, "echo 1; echo 2 >&2; echo 3 > /dev/stdout; echo 4 > /dev/stderr; echo 5");
  assert.equal(ran.output, "1\n2\n3\n4\n5\n");
});

test("environment names that no shell keeps arrive", async (t) => {
  // No shell between: it would not hand them on.
  const ran = await run(t, "", {
    command: ["env", "-u", "NOTHING"],
    environment: { PATH: "/usr/bin:/bin", "npm_config_@acme:registry": "r" },
  });
  assert.match(ran.output, /^npm_config_@acme:registry=r$/m);
});

test("a hang ends at the time limit, with all that it started", async (t) => {
  const sleep = mark();
  const ran = await run(
    t,
    `setsid sleep ${sleep} & (trap '' TERM INT; sleep ${sleep}) & sleep ${sleep}`,
    {},
    { timeSeconds: 0.3 },
  );
  assert.deepEqual([ran.stoppedBy, ran.exitCode], ["time", null]);
  assert.ok(ran.wallSeconds < 5);
  assert.deepEqual(processesWith(sleep), []);
});

test("what a command leaves behind ends with it", async (t) => {
  const sleep = mark();
  const ran = await run(t, `setsid sleep ${sleep} & exit 0`);
  assert.deepEqual([ran.stoppedBy, ran.exitCode], ["exit", 0]);
  assert.deepEqual(processesWith(sleep), []);
});

test("an endless output ends at its limit", async (t) => {
  let bytes = 0;
  const ran = await run(t, "yes", {}, { outputBytes: 100_000 });
  bytes += ran.output.length;
  assert.deepEqual([ran.stoppedBy, ran.logBytes, bytes], ["output", 100_000, 100_000]);
});

test("a file that grows without end stops at its limit", async (t) => {
  const folder = workspace(t);
  const ran = await run(
    t,
    "head -c 100000000 /dev/zero > big; echo code $?",
    { workspace: folder },
    { fileBytes: 1 << 20 },
  );
  assert.match(ran.output, /code 153/);
  assert.equal(statSync(join(folder, "big")).size, 1 << 20);
});

test("memory without end stops at its limit", async (t) => {
  const script = `awk 'BEGIN { s = "x"; for (i = 0; i < 30; i++) s = s s; print length(s) }' > /dev/null 2>&1; echo code $?`;
  assert.match((await run(t, script)).output, /code 0/, "it needs 1 GiB, and has 2");
  const ran = await run(t, script, {}, { memoryBytes: 256 << 20 });
  assert.match(ran.output, /code [1-9]/);
});

test("a fork bomb is bounded and leaves nothing", async (t) => {
  const sleep = mark();
  const script = `i=0; while [ $i -lt 400 ]; do sleep ${sleep} & i=$((i+1)); done; echo all of them started`;
  const ran = await run(t, script, {}, { processes: 50, timeSeconds: 5 });
  assert.doesNotMatch(ran.output, /all of them started/);
  assert.match(ran.output, /[Ff]ork/);
  assert.deepEqual(processesWith(sleep), []);
});

test("a stop ends it at once; an earlier one too", async (t) => {
  const sleep = mark();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  const ran = await run(t, `sleep ${sleep}`, {}, {}, stop.signal);
  assert.deepEqual([ran.stoppedBy, ran.exitCode], ["interrupt", null]);
  assert.equal((await run(t, `sleep ${sleep}`, {}, {}, AbortSignal.abort())).stoppedBy, "interrupt");
  assert.deepEqual(processesWith(sleep), []);
});

test("no mount, temporary folder or control group stays", async (t) => {
  const left = (): string[] => [
    ...readdirSync(tmpdir()).filter((name) => name.startsWith("waybill-pipe-")),
    ...readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .filter((line) => line.includes("waybill")),
    ...["/sys/fs/cgroup/pids", "/sys/fs/cgroup"].flatMap((folder) => {
      try {
        return readdirSync(folder).filter((name) => name.startsWith(`waybill-${process.pid}-`));
      } catch {
        return [];
      }
    }),
  ];
  await run(t, "true");
  await run(t, "sleep 100", {}, { timeSeconds: 0.1 });
  assert.deepEqual(left(), []);
});

test("a workspace that is not there is said, with nothing run", async (t) => {
  await assert.rejects(run(t, "true", { workspace: "/nonexistent/work" }), (error) => {
    return (
      error instanceof Fault &&
      error.facts.code === "WB-SANDBOX-FAILED" &&
      /find source path|no such file/.test(error.facts.found ?? "")
    );
  });
});

test("one CPU where one is asked for", async (t) => {
  const ran = await run(t, "grep Cpus_allowed_list /proc/self/status", { cpus: 1 });
  assert.match(ran.output, /:\t\d+\n/);
});

test("the CPU time of the command is measured", async (t) => {
  const ran = await run(t, "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done");
  assert.ok(ran.cpuSeconds > 0.02 && ran.cpuSeconds < 30, String(ran.cpuSeconds));
});

test("entering costs little", async (t) => {
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) times.push((await run(t, "true")).wallSeconds);
  const median = times.toSorted((a, b) => a - b)[7] ?? 1;
  t.diagnostic(`median ${(median * 1000).toFixed(1)} ms`);
  assert.ok(median < 0.25, `${median} s`); // The goal is 60 ms on a quiet machine.
});

test(
  "as an ordinary user: it works, with the same profile, and forks are bounded",
  { skip: process.getuid?.() !== 0 && "needs root to become another user" },
  (t) => {
    const folder = workspace(t);
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "w"));
    chmodSync(join(folder, "w"), 0o777);
    const script =
      "id -u; echo x > made; i=0; while [ $i -lt 400 ]; do sleep 9 & i=$((i+1)); done; echo all of them started";
    const program = `
    import { openSandbox } from ${JSON.stringify(join(import.meta.dirname, "../../src/station/build/sandbox.ts"))};
    const sandbox = openSandbox("auto");
    const result = await sandbox.run({ command: ["sh", "-c", ${JSON.stringify(script)}], workspace: ${JSON.stringify(join(folder, "w"))},
      workspaceInside: "/build/a", environment: { PATH: "/usr/bin:/bin" }, hostName: "w", uid: 1000, umask: 18, readOnly: [],
      limits: ${JSON.stringify({ ...LIMITS, processes: 50, timeSeconds: 5 })} }, (chunk) => process.stdout.write(chunk), new AbortController().signal);
    console.log(sandbox.profileDigest, process.getuid());`;
    const file = join(folder, "program.mts");
    writeFileSync(file, program);
    const ran = spawnSync(process.execPath, [file], {
      uid: 65_534,
      gid: 65_534,
      env: { PATH: process.env["PATH"] ?? "", HOME: "/", TMPDIR: "/tmp" },
      encoding: "utf8",
    });
    assert.match(ran.stdout, /^1000\n/, ran.stderr);
    assert.doesNotMatch(ran.stdout, /all of them started/);
    assert.match(ran.stdout, new RegExp(`${openSandbox("auto").profileDigest} 65534`));
    assert.equal(statSync(join(folder, "w/made")).uid, 65_534);
  },
);
