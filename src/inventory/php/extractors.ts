import type { Extractor } from "../../model/extractor.ts";

/** Composer's lockfile, its manifest, and its list of what it installed. */
export const phpExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "composer/lock",
    ecosystem: "Packagist",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: true, digests: true, licences: true, lines: true },
    claim: { names: ["composer.lock"] },
    extract: async (entry, source) => (await import("./composer.ts")).readComposerLock(entry, source),
  },
  {
    kind: "file",
    id: "composer/manifest",
    ecosystem: "Packagist",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: true, digests: false, licences: true, lines: true },
    // What lies in `vendor` is installed, and each package has one.
    claim: { names: ["composer.json"], where: (path) => !/(?:^|\/)vendor\//u.test(path) },
    extract: async (entry, source) => (await import("./composer-json.ts")).readComposerJson(entry, source),
  },
  {
    kind: "file",
    id: "composer/installed",
    ecosystem: "Packagist",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: true, digests: true, licences: true, lines: true },
    claim: { names: ["installed.json"], where: (path) => /(?:^|\/)composer\/installed\.json$/u.test(path) },
    extract: async (entry) => (await import("./composer.ts")).readInstalled(entry),
  },
];
