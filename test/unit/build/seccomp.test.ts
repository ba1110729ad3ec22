import assert from "node:assert/strict";
import { test } from "node:test";
import { seccompFilter } from "../../../src/station/build/seccomp.ts";

const X64 = 0xc000_003e;
const ARM64 = 0xc000_00b7;
const I386 = 0x4000_0003;
const ALLOW = "allow";

interface Call {
  readonly arch: number;
  readonly number: number;
  readonly argument?: number;
}

/** Runs the program as the kernel's classic BPF machine does; anything that it does not know is a failure. */
function simulate(program: Uint8Array, call: Call): string {
  const view = Buffer.from(program);
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number >>> 0, 0);
  data.writeUInt32LE(call.arch, 4);
  data.writeUInt32LE((call.argument ?? 0) >>> 0, 16);
  let accumulator = 0;
  for (let at = 0; ; at += 1) {
    assert.ok(at * 8 + 8 <= view.length, "the program ran past its end");
    const code = view.readUInt16LE(at * 8);
    const [yes, no, value] = [view.readUInt8(at * 8 + 2), view.readUInt8(at * 8 + 3), view.readUInt32LE(at * 8 + 4)];
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x15) at += accumulator === value ? yes : no;
    else if (code === 0x35) at += accumulator >= value ? yes : no;
    else if (code === 0x45) at += (accumulator & value) !== 0 ? yes : no;
    else if (code === 0x06) return verdict(value);
    else assert.fail(`unknown instruction ${code}`);
  }
}

function verdict(value: number): string {
  if (value === 0x7fff_0000) return ALLOW;
  if (value === 0x8000_0000) return "kill";
  assert.equal(value & 0xffff_0000, 0x0005_0000);
  return `errno ${value & 0xffff}`;
}

function filter(architecture: string): Uint8Array {
  const program = seccompFilter(architecture);
  assert.ok(program);
  return program;
}

test("system calls of x86-64", () => {
  const program = filter("x64");
  const expected: readonly (readonly [name: string, number: number, argument: number, result: string])[] = [
    ["read", 0, 0, ALLOW],
    ["openat", 257, 0, ALLOW],
    ["execve", 59, 0, ALLOW],
    ["ptrace", 101, 0, "errno 1"],
    ["process_vm_readv", 310, 0, "errno 1"],
    ["process_vm_writev", 311, 0, "errno 1"],
    ["keyctl", 250, 0, "errno 1"],
    ["bpf", 321, 0, "errno 1"],
    ["userfaultfd", 323, 0, "errno 1"],
    ["perf_event_open", 298, 0, "errno 1"],
    ["mount", 165, 0, "errno 1"],
    ["umount2", 166, 0, "errno 1"],
    ["pivot_root", 155, 0, "errno 1"],
    ["move_mount", 429, 0, "errno 1"],
    ["fsopen", 430, 0, "errno 1"],
    ["unshare", 272, 0, "errno 1"],
    ["setns", 308, 0, "errno 1"],
    ["kexec_load", 246, 0, "errno 1"],
    ["finit_module", 313, 0, "errno 1"],
    ["open_by_handle_at", 304, 0, "errno 1"],
    ["personality", 135, 0, "errno 1"],
    ["clone3", 435, 0, "errno 38"],
    ["io_uring_setup", 425, 0, "errno 38"],
    ["io_uring_enter", 426, 0, "errno 38"],
    ["io_uring_register", 427, 0, "errno 38"],
    ["fork by clone", 56, 0x1200011, ALLOW],
    ["thread by clone", 56, 0x3d0f00, ALLOW],
    ["clone with CLONE_NEWUSER", 56, 0x1000_0011, "errno 1"],
    ["clone with CLONE_NEWNS", 56, 0x2_0011, "errno 1"],
    ["socket AF_UNIX", 41, 1, ALLOW],
    ["socket AF_INET", 41, 2, ALLOW],
    ["socket AF_INET6", 41, 10, ALLOW],
    ["socket AF_NETLINK", 41, 16, ALLOW],
    ["socket AF_PACKET", 41, 17, "errno 97"],
    ["socket AF_ALG", 41, 38, "errno 97"],
    ["socket AF_VSOCK", 41, 40, "errno 97"],
    ["x32 read", 0x4000_0000, 0, "errno 38"],
    ["x32 ptrace", 0x4000_0209, 0, "errno 38"],
  ];
  for (const [name, number, argument, result] of expected)
    assert.equal(simulate(program, { arch: X64, number, argument }), result, name);
});

test("system calls of arm64 have their own numbers", () => {
  const program = filter("arm64");
  assert.equal(simulate(program, { arch: ARM64, number: 117 }), "errno 1", "ptrace");
  assert.equal(simulate(program, { arch: ARM64, number: 97 }), "errno 1", "unshare");
  assert.equal(simulate(program, { arch: ARM64, number: 40 }), "errno 1", "mount");
  assert.equal(simulate(program, { arch: ARM64, number: 435 }), "errno 38", "clone3");
  assert.equal(simulate(program, { arch: ARM64, number: 198, argument: 40 }), "errno 97", "socket AF_VSOCK");
  assert.equal(simulate(program, { arch: ARM64, number: 198, argument: 1 }), ALLOW, "socket AF_UNIX");
  assert.equal(simulate(program, { arch: ARM64, number: 220, argument: 0x1000_0000 }), "errno 1", "clone");
  assert.equal(simulate(program, { arch: ARM64, number: 101 }), ALLOW, "nanosleep, ptrace on x86-64");
});

test("a foreign architecture is killed", () => {
  assert.equal(simulate(filter("x64"), { arch: I386, number: 0 }), "kill");
  assert.equal(simulate(filter("x64"), { arch: ARM64, number: 0 }), "kill");
  assert.equal(simulate(filter("arm64"), { arch: X64, number: 0 }), "kill");
});

test("every path through the program ends, whatever the number", () => {
  for (const architecture of ["x64", "arm64"] as const)
    for (let number = 0; number < 600; number += 1)
      for (const argument of [0, 1, 40, 0xffff_ffff])
        simulate(filter(architecture), { arch: architecture === "x64" ? X64 : ARM64, number, argument });
});

test("an architecture without a table has no filter", () => {
  assert.equal(seccompFilter("riscv64"), undefined);
});
