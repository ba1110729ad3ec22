import { byCodeUnit } from "../artifact/entry-path.ts";
import { normaliseName } from "../artifact/pypi-name.ts";

/**
 * How an ecosystem tells its names apart, where that is not by every character. npm's, Maven's, RubyGems', Julia's and the
 * distributions' names are exact.
 */
const FOLD: ReadonlyMap<string, (name: string) => string> = new Map([
  ["PyPI", normaliseName],
  // A registry holds no two crates that differ only by case or by `-` and `_` (The Cargo Book, "Registry Index").
  ["crates.io", (name: string) => name.replaceAll("_", "-").toLowerCase()],
  // Package URLs of these types are lower case whatever the registry shows (purl-spec: composer, golang, hex, pub, github).
  ...["Packagist", "Go", "Hex", "Pub", "GitHub Actions", "VSCode", "Bitnami", "Homebrew"].map(
    (ecosystem) => [ecosystem, (name: string) => name.toLowerCase()] as const,
  ),
  // Package ids are not case-sensitive (NuGet, ".nuspec reference").
  ["NuGet", (name: string) => name.toLowerCase()],
  // A repository, with or without how it is reached.
  [
    "SwiftURL",
    (name: string) =>
      name
        .toLowerCase()
        .replace(/^[a-z+]{1,20}:\/\//u, "")
        .replace(/(?:\.git)?\/?$/u, ""),
  ],
]);

/** The ecosystems of the OSV schema whose spelling differs from that of records or package URLs in use. */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  ["Kubernetes", ...FOLD.keys(), "npm", "Maven", "RubyGems", "Hackage", "CRAN", "Julia", "opam", "ConanCenter"]
    .toSorted(byCodeUnit)
    .map((name) => [name.toLowerCase(), name]),
);

/** An ecosystem without its release: `Debian` of `Debian:12` (OSV schema 1.7, "affected[].package"). */
export function baseEcosystem(ecosystem: string): string {
  const colon = ecosystem.indexOf(":");
  return colon === -1 ? ecosystem : ecosystem.slice(0, colon);
}

/**
 * The one key under which records and components of a package meet: the ecosystem in the schema's spelling (`Kubernetes` for the
 * `kubernetes` of its own feed), the name as the ecosystem tells names apart. Of a record and of a component alike.
 */
export function packageKey(ecosystem: string, name: string): { readonly ecosystem: string; readonly name: string } {
  const base = baseEcosystem(ecosystem);
  const spelt = SPELLINGS.get(base.toLowerCase()) ?? base;
  return { ecosystem: `${spelt}${ecosystem.slice(base.length)}`, name: FOLD.get(spelt)?.(name) ?? name };
}
