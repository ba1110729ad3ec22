interface Bound {
  readonly version: string;
  readonly inclusive: boolean;
}

/** A range of GitHub's: one version, or bounds of which at least one is there. */
export interface GhsaRange {
  readonly exact?: string;
  readonly lower?: Bound;
  readonly upper?: Bound;
}

const MAX_LENGTH = 1000;
const PART = /^(=|<=?|>=?)\s*([^\s,<>=]+)$/;

/**
 * Reads `vulnerableVersionRange` (docs.github.com, GraphQL `SecurityVulnerability`): `= V`, or `>= V`, `> V`, `<= V`, `< V` and a
 * lower and an upper one of them with a comma between. Undefined for anything else.
 */
export function parseGhsaRange(text: string): GhsaRange | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let range: GhsaRange = {};
  for (const part of text.split(",")) {
    const [, sign, version] = PART.exec(part.trim()) ?? [];
    if (sign === undefined || version === undefined) return undefined;
    const slot = sign === "=" ? "exact" : sign.startsWith(">") ? "lower" : "upper";
    if (range[slot] !== undefined) return undefined;
    range = { ...range, [slot]: slot === "exact" ? version : { version, inclusive: sign.endsWith("=") } };
  }
  return range.exact !== undefined && (range.lower !== undefined || range.upper !== undefined) ? undefined : range;
}

const SEMVER = new Set(["npm", "Go", "crates.io", "NuGet", "Pub", "Hex", "SwiftURL", "GitHub Actions"]);
const VERSION = /^v?(\d{1,20})(?:\.(\d{1,20}))?(?:\.(\d{1,20}))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * The version at which a range that excludes `version` begins. With semantic versions the very next one (SemVer 2.0.0, section 11),
 * with Python's likewise (PEP 440, "Summary of permitted suffixes and relative ordering"). Other orders have no next one, and which
 * versions were published is not known off line: the next that a project would number. Undefined where the version is none.
 */
export function nextVersion(ecosystem: string, version: string): string | undefined {
  if (ecosystem === "PyPI") return `${version}.post0.dev0`;
  if (!SEMVER.has(ecosystem)) return `${version}.1`;
  const [, major, minor = "0", patch = "0", pre] = VERSION.exec(version) ?? [];
  if (major === undefined) return undefined;
  return pre === undefined ? `${major}.${minor}.${BigInt(patch) + 1n}-0` : `${major}.${minor}.${patch}${pre}.0`;
}
