import { endianness } from "node:os";

/** Machine names as Node's `process.arch` has them. */
export type FilterArchitecture = "x64" | "arm64";

// Classic BPF as the kernel reads it for seccomp (linux/filter.h, linux/seccomp.h).
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const FAIL_WITH = 0x0005_0000;
// Offsets in struct seccomp_data; the low half of the first argument on little-endian machines.
const SYSCALL_NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

const AUDIT_ARCHITECTURE = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
/** Calls of the x32 ABI carry this bit and would pass by every number below. */
const X32_BIT = 0x4000_0000;

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: all else (vsock, packet, …) leads around the empty network namespace. */
const SOCKET_FAMILIES = [1, 2, 10, 16];
/** CLONE_NEW* but CLONE_NEWTIME, whose bit clone() reads as part of the exit signal. */
const NAMESPACE_FLAGS = 0x7e02_0000;

/** Numbers by architecture: asm/unistd_64.h of x86, asm-generic/unistd.h for arm64. -1: the machine has no such call. */
const REFUSED: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  bpf: [321, 280],
  userfaultfd: [323, 282],
  perf_event_open: [298, 241],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  move_mount: [429, 429],
  open_tree: [428, 428],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  unshare: [272, 97],
  setns: [308, 268],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  open_by_handle_at: [304, 265],
  personality: [135, 92],
  iopl: [172, -1],
  ioperm: [173, -1],
};

/** libc tries these first and falls back only when told that there is no such call. */
const ABSENT: Readonly<Record<string, number>> = {
  clone3: 435,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
};

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, value: number];

function returning(value: number): Instruction {
  return [RETURN, 0, 0, value];
}

/** Two instructions: if the loaded number is `number`, fail with `errno`. */
function refuse(number: number, errno: number): Instruction[] {
  return [[JUMP_EQUAL, 0, 1, number], returning(FAIL_WITH | errno)];
}

function argumentRules(socket: number, clone: number): Instruction[] {
  return [
    [JUMP_EQUAL, 0, SOCKET_FAMILIES.length + 3, socket],
    [LOAD_WORD, 0, 0, FIRST_ARGUMENT],
    ...SOCKET_FAMILIES.map((family, at): Instruction => [JUMP_EQUAL, SOCKET_FAMILIES.length - at, 0, family]),
    returning(FAIL_WITH | EAFNOSUPPORT),
    returning(ALLOW),
    [JUMP_EQUAL, 0, 4, clone],
    [LOAD_WORD, 0, 0, FIRST_ARGUMENT],
    [JUMP_ANY_BIT, 0, 1, NAMESPACE_FLAGS],
    returning(FAIL_WITH | EPERM),
    returning(ALLOW),
  ];
}

/**
 * The system-call filter of the build sandbox as the bytes of `struct sock_filter[]`, for `bwrap --seccomp`. A foreign
 * architecture is killed; what could look into other processes, change mounts or namespaces, load code into the kernel
 * or reach around the network namespace fails. `undefined` for an architecture without a table.
 */
export function seccompFilter(architecture: string): Uint8Array | undefined {
  if ((architecture !== "x64" && architecture !== "arm64") || endianness() !== "LE") return undefined;
  const column = architecture === "x64" ? 0 : 1;
  const program: Instruction[] = [
    [LOAD_WORD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, AUDIT_ARCHITECTURE[architecture]],
    returning(KILL_PROCESS),
    [LOAD_WORD, 0, 0, SYSCALL_NUMBER],
  ];
  if (architecture === "x64") program.push([JUMP_GREATER_OR_EQUAL, 0, 1, X32_BIT], returning(FAIL_WITH | ENOSYS));
  for (const numbers of Object.values(REFUSED)) {
    const number = numbers[column];
    if (number >= 0) program.push(...refuse(number, EPERM));
  }
  for (const number of Object.values(ABSENT)) program.push(...refuse(number, ENOSYS));
  program.push(...argumentRules(architecture === "x64" ? 41 : 198, architecture === "x64" ? 56 : 220));
  program.push(returning(ALLOW));
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, jumpTrue, jumpFalse, value], at) => {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(jumpTrue, at * 8 + 2);
    bytes.writeUInt8(jumpFalse, at * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, at * 8 + 4);
  });
  return bytes;
}
