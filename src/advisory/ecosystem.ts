import { parsePurl, type PurlParts } from "../artifact/purl.ts";
import { Fault } from "../model/fault.ts";
import type { Component } from "../model/sbom.ts";
import { distributionTarget, type DistributionTarget, type NamedVersion } from "./distributions.ts";

/** Where records speak of a component. */
export interface Target {
  /** OSV's names, with the release where there is one. */
  readonly ecosystems: readonly string[];
  /** Under which names and versions: one but for distributions, whose records may speak of the source package. */
  readonly packages: readonly NamedVersion[];
  readonly distribution?: DistributionTarget;
  /** The rpm module that the package was built in: `name:stream:…` (qualifier `rpmmod`). */
  readonly module?: string;
}

/** Package URL type → OSV's ecosystem, and how the name is put together. Types that no record speaks of are not here. */
const TYPES: ReadonlyMap<string, readonly [ecosystem: string, join: "/" | ":" | "last"]> = new Map([
  ["npm", ["npm", "/"]],
  ["pypi", ["PyPI", "last"]],
  ["cargo", ["crates.io", "last"]],
  ["golang", ["Go", "/"]],
  ["maven", ["Maven", ":"]],
  ["gem", ["RubyGems", "last"]],
  ["nuget", ["NuGet", "last"]],
  ["composer", ["Packagist", "/"]],
  ["pub", ["Pub", "last"]],
  ["hex", ["Hex", "last"]],
  ["cran", ["CRAN", "last"]],
  ["bioconductor", ["Bioconductor", "last"]],
  ["hackage", ["Hackage", "last"]],
  ["swift", ["SwiftURL", "/"]],
  ["julia", ["Julia", "last"]],
  ["conan", ["ConanCenter", "last"]],
  ["opam", ["opam", "last"]],
  ["bitnami", ["Bitnami", "last"]],
  ["brew", ["Homebrew", "last"]],
  ["vscode-extension", ["VSCode", "/"]],
  ["githubactions", ["GitHub Actions", "/"]],
] as const);

/** Those whose names and versions stand in records as they stand in package URLs. */
const PLAIN_TYPES: ReadonlyMap<string, string> = new Map(
  ["npm", "pypi", "cargo", "gem", "nuget", "composer"].flatMap((type): [string, string][] => {
    const [ecosystem] = TYPES.get(type) ?? [];
    return ecosystem === undefined ? [] : [[ecosystem, type]];
  }),
);

const DISTRIBUTION_TYPES = new Set(["deb", "rpm", "apk"]);
/** Parts of Go that are no modules and have advisories (golang/vulndb, doc/format.md). */
const GO_ITSELF = new Set(["stdlib", "toolchain"]);

function partsOf(purl: string): PurlParts | undefined {
  try {
    return parsePurl(purl, true);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** Most package URLs are the name and version in plain letters, and need no reading. */
function plainTarget({ purl, name, version, ecosystem }: Component): Target | undefined {
  const type = version === undefined ? undefined : PLAIN_TYPES.get(ecosystem);
  if (type === undefined || version === undefined) return undefined;
  const path = name.startsWith("@") ? `%40${name.slice(1)}` : name;
  return purl === `pkg:${type}/${path}@${version}`
    ? { ecosystems: [ecosystem], packages: [{ name, version }] }
    : undefined;
}

/** A repository of GitHub is an action only where the inventory says so; the compiler of Haskell has records of its own. */
function typeOf(parts: PurlParts, ecosystem: string): string {
  return parts.type === "github" && ecosystem === "GitHub Actions" ? "githubactions" : (parts.type ?? "");
}

/** `v1.2.3` is `1.2.3` in records, and a release of Go itself is written `1.22rc1` (golang/vulndb, doc/format.md). */
function goVersion(version: string, name: string): string {
  const bare = version.replace(/^(?:go|v)(?=\d)/u, "");
  if (!GO_ITSELF.has(name)) return bare;
  const [, number, word, nth] = /^(\d+(?:\.\d+){1,2})(rc|beta|alpha)(\d+)/u.exec(bare) ?? [];
  const release = number ?? bare.split(/[ -]/u, 1)[0] ?? bare;
  const full = release.split(".").length === 2 ? `${release}.0` : release;
  return word === undefined ? full : `${full}-${word}.${nth ?? ""}`;
}

function languageTarget(parts: PurlParts, component: Component, version: string): Target | string {
  const known = TYPES.get(typeOf(parts, component.ecosystem));
  if (known === undefined) return `OSV has no ecosystem for package URLs of type ${parts.type ?? ""}`;
  const [ecosystem, join] = known;
  const { namespace, name } = parts;
  const full = namespace === undefined || join === "last" ? name : `${namespace}${join}${name}`;
  // GHC is a compiler with an ecosystem of its own; Kubernetes' own feed speaks of a module of Go.
  const more = ecosystem === "Hackage" && name === "ghc" ? ["GHC"] : full === "k8s.io/kubernetes" ? ["Kubernetes"] : [];
  const written =
    ecosystem === "Go"
      ? goVersion(version, full)
      : ecosystem === "GitHub Actions"
        ? version.replace(/^v(?=\d)/u, "")
        : version;
  return { ecosystems: [ecosystem, ...more], packages: [{ name: full, version: written }] };
}

/**
 * Where records speak of a component, told by its package URL: its type, namespace and qualifiers, and its version where the component
 * has none of its own. A text says why no record can be about it.
 */
export function targetOf(component: Component): Target | string {
  const { ecosystem, name } = component;
  if (component.purl === undefined) {
    const { version } = component;
    if (ecosystem !== "Go" || !GO_ITSELF.has(name))
      return "it has no package URL, so no registry's advisories speak of it";
    if (version === undefined) return "it has no version";
    return { ecosystems: ["Go"], packages: [{ name, version: goVersion(version, name) }] };
  }
  const plain = plainTarget(component);
  if (plain !== undefined) return plain;
  const parts = partsOf(component.purl);
  if (parts === undefined) return "its package URL cannot be read";
  const version = component.version ?? parts.version;
  if (version === undefined || version === "") return "it has no version";
  if (!DISTRIBUTION_TYPES.has(parts.type ?? "")) return languageTarget(parts, component, version);
  const distribution = distributionTarget(parts, version);
  if (typeof distribution === "string") return distribution;
  const module = parts.qualifiers?.["rpmmod"];
  const { ecosystems, packages } = distribution;
  return { ecosystems, packages, distribution, ...(module !== undefined && { module }) };
}
