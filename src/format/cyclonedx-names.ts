import type { DigestAlgorithm } from "../model/digest.ts";
import type { Lifecycle, Technique } from "../model/sbom.ts";

/** How our names stand in a CycloneDX document. Writer and reader share them, so that reading gives back what was written. */

export const LIFECYCLE_PHASES: Readonly<Record<Lifecycle, string>> = {
  source: "pre-build",
  build: "build",
  analyzed: "post-build",
};

/** Digests that CycloneDX has an `alg` for, in the order in which they are written. */
export const HASH_NAMES: readonly (readonly [DigestAlgorithm, string])[] = [
  ["md5", "MD5"],
  ["sha1", "SHA-1"],
  ["sha256", "SHA-256"],
  ["sha384", "SHA-384"],
  ["sha512", "SHA-512"],
];

/** The others are properties `waybill:digest:…`. */
export const PROPERTY_DIGESTS: readonly DigestAlgorithm[] = ["gitCommit", "gitTree", "dirHash"];

/** The BSI's name for a component's file name (cyclonedx-property-taxonomy, `bsi`). */
export const FILENAME_PROPERTY = "bsi:component:filename";

/** The nearest of CycloneDX's techniques, and how sure it makes an identity. */
export const TECHNIQUES: Readonly<Record<Technique, { readonly technique: string; readonly confidence: number }>> = {
  "archive-verified": { technique: "hash-comparison", confidence: 1 },
  "content-match": { technique: "hash-comparison", confidence: 1 },
  "source-map": { technique: "binary-analysis", confidence: 0.9 },
  lockfile: { technique: "manifest-analysis", confidence: 0.9 },
  manifest: { technique: "manifest-analysis", confidence: 0.7 },
  binary: { technique: "binary-analysis", confidence: 0.9 },
  "package-database": { technique: "manifest-analysis", confidence: 0.9 },
  "file-name": { technique: "filename", confidence: 0.3 },
  installed: { technique: "filename", confidence: 0.5 },
  declared: { technique: "manifest-analysis", confidence: 0.3 },
};

/** Package URL type → OSV's name of the ecosystem. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npm: "npm",
  pypi: "PyPI",
  cargo: "crates.io",
  golang: "Go",
  maven: "Maven",
  gem: "RubyGems",
  nuget: "NuGet",
  composer: "Packagist",
  pub: "Pub",
  hex: "Hex",
  cran: "CRAN",
  hackage: "Hackage",
  swift: "SwiftURL",
};

/** The ecosystem that a package URL implies; its type where OSV has no name for it; empty without a package URL. */
export function ecosystemOf(purl: string | undefined): string {
  const type = /^pkg:\/*([A-Za-z0-9.+-]+)\//.exec(purl ?? "")?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(ECOSYSTEMS, type) ? (ECOSYSTEMS[type] ?? type) : type;
}

/** CycloneDX splits a name at its name space: npm's scope, Maven's group. */
export function splitName(ecosystem: string, name: string): { readonly group?: string; readonly name: string } {
  const at =
    ecosystem === "npm" && name.startsWith("@") ? name.indexOf("/") : ecosystem === "Maven" ? name.indexOf(":") : -1;
  if (at <= 0 || at === name.length - 1) return { name };
  return { group: name.slice(0, at), name: name.slice(at + 1) };
}

export function joinName(ecosystem: string, group: string | undefined, name: string): string {
  if (group === undefined || group === "") return name;
  return `${group}${ecosystem === "Maven" ? ":" : "/"}${name}`;
}
