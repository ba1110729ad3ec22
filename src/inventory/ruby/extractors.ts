import type { Extractor } from "../../model/extractor.ts";

const SPECIFICATIONS = /(?:^|\/)specifications\/(?:default\/)?[^/]+\.gemspec$/u;
/** What an installed gem brings with it: it is listed by its specification. */
const INSTALLED = /(?:^|\/)gems\/[^/]+-\d[^/]*\//u;

/** What a `.gem` says of itself, as it is called when the file is opened (docs/sources.md). */
const METADATA = /(?:^|(?:^|\/)[^/]+\.gem!\/)metadata\.gz!\/metadata$/u;

/** Bundler's lockfile, gems as they are written and as they are installed. */
export const rubyExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "gem/gemfile-lock",
    ecosystem: "RubyGems",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: false, digests: true, licences: false, lines: true },
    claim: { names: ["Gemfile.lock", "gems.locked"] },
    extract: async (entry, source) => (await import("./gemfile-lock.ts")).readGemfileLock(entry, source),
  },
  {
    kind: "file",
    id: "gem/gemfile",
    ecosystem: "RubyGems",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: true, digests: false, licences: true, lines: true },
    claim: { names: ["Gemfile", "gems.rb"], where: (path) => !INSTALLED.test(path) },
    extract: async (entry, source) => (await import("./gemfile.ts")).readGemfile(entry, source),
  },
  {
    kind: "file",
    id: "gem/gemspec",
    ecosystem: "RubyGems",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: true, digests: false, licences: true, lines: true },
    claim: { endings: [".gemspec"], where: (path) => !SPECIFICATIONS.test(path) && !INSTALLED.test(path) },
    extract: async (entry, source) => (await import("./gemspec.ts")).readGemspec(entry, source),
  },
  {
    kind: "group",
    id: "gem/installed",
    ecosystem: "RubyGems",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: true, lines: true },
    claim: { endings: [".gemspec"], where: (path) => SPECIFICATIONS.test(path) },
    groupOf: (path) => path.slice(0, path.lastIndexOf("specifications/")),
    extract: async (entries, source) => (await import("./installed.ts")).readInstalledGems(entries, source),
  },
  {
    kind: "file",
    id: "gem/package",
    ecosystem: "RubyGems",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: true, digests: false, licences: true, lines: false },
    claim: { names: ["metadata"], where: (path) => METADATA.test(path) },
    projectOf: (path) => path.replace(METADATA, ""),
    extract: async (entry) => (await import("./package.ts")).readGem(entry),
  },
];
