import type { Extractor } from "../../model/extractor.ts";

const STATUS = /(?:^|\/)var\/lib\/dpkg\/status(?:\.d\/[^/]+)?$/u;

/** Where a package's file keeps what it says of itself (deb(5)). */
const CONTROL = /(?:^|\/)control\.tar(?:\.\w+)?!\/control$/u;

/** Debian's, Ubuntu's and OpenWrt's lists of installed packages. */
export const dpkgExtractors: readonly Extractor[] = [
  {
    kind: "group",
    id: "deb/status",
    ecosystem: "deb",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: true, lines: true },
    claim: {
      names: ["status"],
      folders: ["status.d"],
      where: (path) => STATUS.test(path) && !path.endsWith(".md5sums"),
    },
    groupOf: (path) => path.slice(0, path.search(/status(?:\.d\/[^/]*)?$/u)),
    extract: async (entries, source) => (await import("./status.ts")).readStatus(entries, source, "deb"),
  },
  {
    kind: "file",
    id: "deb/chisel",
    ecosystem: "deb",
    of: "installation",
    capability: { versions: "exact", edges: false, scopes: false, digests: false, licences: false, lines: false },
    claim: { names: ["manifest.wall"] },
    extract: async (entry, source) => (await import("./chisel.ts")).readChisel(entry, source),
  },
  {
    kind: "file",
    id: "opkg/status",
    ecosystem: "opkg",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: false, lines: true },
    claim: { names: ["status"], where: (path) => /(?:^|\/)(?:usr|var)\/lib\/opkg\/status$/u.test(path) },
    extract: async (entry, source) => (await import("./status.ts")).readStatus([entry], source, "opkg"),
  },
  {
    kind: "file",
    id: "deb/package",
    ecosystem: "deb",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: false, digests: false, licences: true, lines: true },
    claim: { names: ["control"], where: (path) => CONTROL.test(path) },
    projectOf: (path) => path.replace(CONTROL, "").replace(/!$/u, ""),
    extract: async (entry, source) => (await import("./package.ts")).readPackage(entry, source),
  },
];
