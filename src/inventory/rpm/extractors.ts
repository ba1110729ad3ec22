import type { Extractor } from "../../model/extractor.ts";

const PLACE = /(?:^|\/)(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm|usr\/share\/rpm)\/[^/]+$/u;

/** rpm's database in its three forms, and the list that images without a database carry. */
export const rpmExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "rpm/database",
    ecosystem: "rpm",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: true, lines: false },
    claim: { names: ["rpmdb.sqlite", "Packages.db", "Packages"], where: (path) => PLACE.test(path) },
    extract: async (entry, source) => (await import("./database.ts")).readDatabase(entry, source),
  },
  {
    kind: "file",
    id: "rpm/manifest",
    ecosystem: "rpm",
    of: "installation",
    capability: { versions: "exact", edges: false, scopes: false, digests: false, licences: false, lines: true },
    claim: {
      names: ["container-manifest-2"],
      where: (path) => /(?:^|\/)var\/lib\/rpmmanifest\/[^/]+$/u.test(path),
    },
    extract: async (entry, source) => (await import("./manifest.ts")).readManifest(entry, source),
  },
  {
    kind: "file",
    id: "rpm/package",
    ecosystem: "rpm",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: false, digests: false, licences: true, lines: false },
    // So the parts of a package's file are called when it is opened (docs/sources.md).
    claim: { names: ["header"], where: (path) => path === "header" || path.endsWith(".rpm!/header") },
    projectOf: (path) => path.replace(/!?\/?header$/u, ""),
    extract: async (entry) => (await import("./package.ts")).readPackage(entry),
  },
];
