import type { LicenceClaim, Technique } from "../../model/sbom.ts";

/** How a licence is known, strongest first. */
const HOW: readonly (readonly [Technique, string])[] = [
  ["archive-verified", "verified archive"],
  ["content-match", "same bytes"],
  ["source-map", "source map"],
  ["manifest", "its manifest"],
  ["binary", "the program"],
  ["package-database", "package database"],
  ["lockfile", "lockfile"],
  ["installed", "installation"],
  ["file-name", "file name"],
  ["declared", "declaration"],
];

/** The strongest claims about a licence, and how they are known. A text that is no SPDX expression stands in quotes. */
export function strongestLicence(claims: readonly LicenceClaim[]): { readonly text: string; readonly how: string } {
  for (const [technique, how] of HOW) {
    const strongest = claims.filter((claim) => claim.technique === technique);
    if (strongest.length === 0) continue;
    return {
      text: strongest.map(({ spdx, expression }) => (spdx ? expression : `“${expression}”`)).join(" and "),
      how,
    };
  }
  return { text: "unknown", how: "–" };
}
