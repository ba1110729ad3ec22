import type { Entry, Source } from "../../model/artifact.ts";

/** Where packages are installed, as far as files tell: variables of markers (PEP 508). */
export type Environment = ReadonlyMap<string, string>;

/** Of a holder below the installation: the copies of another package; undefined for the installation's own. */
export function vendoredIn(holder: string, installation: string): string | undefined {
  if (installation === "") return holder === "" ? undefined : holder;
  return holder.startsWith(`${installation}/`) ? holder.slice(installation.length + 1) : undefined;
}

const BY_TAG: readonly (readonly [RegExp, string, string, string])[] = [
  [
    /-(?:manylinux|musllinux|linux)\w*?_(x86_64|aarch64|i686|armv7l|ppc64le|s390x|riscv64)(?:\.|$)/,
    "linux",
    "Linux",
    "posix",
  ],
  [/-macosx_\d+_\d+_(x86_64|arm64)(?:\.|$)/, "darwin", "Darwin", "posix"],
  [/-win_(amd64|arm64)$/, "win32", "Windows", "nt"],
  [/-(win32)$/, "win32", "Windows", "nt"],
];

/** What tells where an installation runs: `pyvenv.cfg` above it, its folder's name, and the tags of its wheels. */
export function environmentOf(installation: string, wheels: readonly Entry[], source: Source): Environment {
  const found = new Map<string, string>();
  const [, pypy, folderVersion] = /\/(pypy|python)(\d+\.\d+)\/(?:site|dist)-packages$/.exec(installation) ?? [];
  const version = versionOf(installation, source) ?? folderVersion;
  if (version !== undefined) {
    found.set("python_version", version.split(".").slice(0, 2).join("."));
    if (version.split(".").length > 2) found.set("python_full_version", version);
  }
  if (version !== undefined || folderVersion !== undefined) {
    found.set("platform_python_implementation", pypy === "pypy" ? "PyPy" : "CPython");
    found.set("implementation_name", pypy === "pypy" ? "pypy" : "cpython");
  }
  platformOf(wheels, found);
  return found;
}

/** venv writes `version`, virtualenv `version_info` (PEP 405). */
function versionOf(installation: string, source: Source): string | undefined {
  // `venv/lib/python3.11/site-packages`, on Windows `venv/Lib/site-packages`.
  for (const up of [3, 2]) {
    const parts = installation.split("/");
    if (parts.length < up) continue;
    const folder = parts.slice(0, -up).join("/");
    const entry = source.find(folder === "" ? "pyvenv.cfg" : `${folder}/pyvenv.cfg`);
    if (entry?.kind !== "file" || entry.sizeBytes > 64 * 1024) continue;
    const text = Buffer.from(entry.bytes()).toString("utf8");
    const found = /^[ \t]*version(?:_info)?[ \t]*=[ \t]*(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)/m.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first wheel that was built for one platform tells the platform (binary distribution format, `Tag`). */
function platformOf(wheels: readonly Entry[], found: Map<string, string>): void {
  for (const wheel of wheels) {
    const text = Buffer.from(wheel.range(0, 4096)).toString("latin1");
    for (const [, tag = ""] of text.matchAll(/^Tag: *(\S+)/gm)) {
      const match = BY_TAG.map(([form, ...values]) => [form.exec(tag)?.[1], values] as const).find(
        ([machine]) => machine !== undefined,
      );
      if (match?.[0] === undefined) continue;
      const [machine, [platform, system, os]] = match;
      found.set("sys_platform", platform);
      found.set("platform_system", system);
      found.set("os_name", os);
      if (machine !== "win32")
        found.set(
          "platform_machine",
          machine === "amd64" ? "AMD64" : machine === "arm64" && os === "nt" ? "ARM64" : machine,
        );
      return;
    }
  }
}
