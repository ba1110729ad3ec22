import type { Extractor } from "../../model/extractor.ts";

/** Alpine's list of installed packages, and that of the distributions that took its package manager. */
export const apkExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "apk/installed",
    ecosystem: "apk",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: true, lines: true },
    claim: { names: ["installed"], where: (path) => /(?:^|\/)lib\/apk\/db\/installed$/u.test(path) },
    extract: async (entry, source) => (await import("./installed.ts")).readInstalled(entry, source),
  },
  {
    kind: "file",
    id: "apk/package",
    ecosystem: "apk",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: false, digests: false, licences: true, lines: true },
    claim: { names: [".PKGINFO"], where: (path) => path === ".PKGINFO" || path.endsWith(".apk!/.PKGINFO") },
    projectOf: (path) => path.replace(/!?\/?\.PKGINFO$/u, ""),
    extract: async (entry) => (await import("./package.ts")).readPackage(entry),
  },
];
