import type { SwidMetaName, SwidWord } from "./model.ts";

/** Labels of CoSWID's maps (RFC 9393, section 2.3 to 2.9 and its CDDL). */
export const LABEL = {
  tagId: 0,
  softwareName: 1,
  entity: 2,
  evidence: 3,
  link: 4,
  softwareMeta: 5,
  payload: 6,
  hash: 7,
  corpus: 8,
  patch: 9,
  media: 10,
  supplemental: 11,
  tagVersion: 12,
  softwareVersion: 13,
  versionScheme: 14,
  lang: 15,
  directory: 16,
  file: 17,
  process: 18,
  resource: 19,
  size: 20,
  fileVersion: 21,
  key: 22,
  location: 23,
  fsName: 24,
  root: 25,
  pathElements: 26,
  processName: 27,
  pid: 28,
  type: 29,
  entityName: 31,
  regId: 32,
  role: 33,
  thumbprint: 34,
  date: 35,
  deviceId: 36,
  artifact: 37,
  href: 38,
  ownership: 39,
  rel: 40,
  mediaType: 41,
  use: 42,
  entitlementDataRequired: 48,
} as const;

/** Labels of the texts of `software-meta-entry`. Their XML attributes have the same names. */
export const META_LABELS: Readonly<Record<SwidMetaName, number>> = {
  activationStatus: 43,
  channelType: 44,
  colloquialVersion: 45,
  description: 46,
  edition: 47,
  entitlementKey: 49,
  generator: 50,
  persistentId: 51,
  product: 52,
  productFamily: 53,
  revision: 54,
  summary: 55,
  unspscCode: 56,
  unspscVersion: 57,
};
export const META_NAMES = Object.keys(META_LABELS) as SwidMetaName[];

/** The tag that says "a CoSWID" (RFC 9393, section 8). */
export const COSWID_TAG = 1_398_229_316;

/** Registries of RFC 9393, section 6.2, by index. */
export const VERSION_SCHEMES: Registry = [
  [1, "multipartnumeric"],
  [2, "multipartnumeric+suffix"],
  [3, "alphanumeric"],
  [4, "decimal"],
  [16_384, "semver"],
];
export const ROLES: Registry = numbered("tag-creator software-creator aggregator distributor licensor maintainer");
/** Roles that SWID writes in another way than CoSWID. */
export const XML_ROLES = [
  ["tag-creator", "tagCreator"],
  ["software-creator", "softwareCreator"],
] as const;
export const OWNERSHIPS: Registry = numbered("abandon private shared");
export const RELS: Registry = numbered(
  "ancestor component feature installationmedia packageinstaller parent patches requires see-also supersedes supplemental",
);
export const USES: Registry = numbered("optional required recommended");

/** Hash algorithms of the Named Information registry (RFC 6920), with their XML name spaces where SWID has one. */
export const HASHES: readonly (readonly [index: number, name: string, digits: number, namespace?: string])[] = [
  [1, "sha-256", 64, "http://www.w3.org/2001/04/xmlenc#sha256"],
  [2, "sha-256-128", 32],
  [3, "sha-256-120", 30],
  [4, "sha-256-96", 24],
  [5, "sha-256-64", 16],
  [6, "sha-256-32", 8],
  [7, "sha-384", 96, "http://www.w3.org/2001/04/xmldsig-more#sha384"],
  [8, "sha-512", 128, "http://www.w3.org/2001/04/xmlenc#sha512"],
  [9, "sha3-224", 56, "http://www.w3.org/2007/05/xmldsig-more#sha3-224"],
  [10, "sha3-256", 64, "http://www.w3.org/2007/05/xmldsig-more#sha3-256"],
  [11, "sha3-384", 96, "http://www.w3.org/2007/05/xmldsig-more#sha3-384"],
  [12, "sha3-512", 128, "http://www.w3.org/2007/05/xmldsig-more#sha3-512"],
];

export type Registry = readonly (readonly [index: number, name: string])[];

function numbered(names: string): Registry {
  return names.split(" ").map((name, index) => [index + 1, name] as const);
}

/** The name of an index, or the index itself where it has none. */
export function wordOf(value: SwidWord, registry: Registry): SwidWord {
  return registry.find(([index]) => index === value)?.[1] ?? value;
}

/** The index of a name, or the name itself where it has none. */
export function indexOf(word: SwidWord, registry: Registry): SwidWord {
  return registry.find(([, name]) => name === word)?.[0] ?? word;
}
