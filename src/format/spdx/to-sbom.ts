import { cleanText } from "../../artifact/clean-text.ts";
import { sha256 } from "../../artifact/digest.ts";
import type { DigestAlgorithm, DigestHex, DigestSet } from "../../model/digest.ts";
import type { Author, LicenceClaim, Occurrence, Sbom, Scope, Technique, Unknown } from "../../model/sbom.ts";
import { assemble, type Part, type PartEdge, type ReadSbom, readPurl } from "../assemble.ts";
import { TECHNIQUES } from "../cyclonedx-names.ts";
import { isDigest } from "../digest-set.ts";
import type { SpdxChecksum, SpdxDocument, SpdxPackage } from "./model.ts";

const ALGORITHMS: Readonly<Record<string, DigestAlgorithm>> = {
  MD5: "md5",
  SHA1: "sha1",
  SHA256: "sha256",
  SHA384: "sha384",
  SHA512: "sha512",
};

/** Relationship type → scope of the edge, and whether the related element is the one that needs (`… OF`). */
export const EDGES: Readonly<Record<string, readonly [scope: Scope, reversed: boolean]>> = {
  DEPENDS_ON: ["runtime", false],
  CONTAINS: ["runtime", false],
  HAS_PREREQUISITE: ["runtime", false],
  DYNAMIC_LINK: ["runtime", false],
  STATIC_LINK: ["runtime", false],
  DEPENDENCY_OF: ["runtime", true],
  RUNTIME_DEPENDENCY_OF: ["runtime", true],
  CONTAINED_BY: ["runtime", true],
  PREREQUISITE_FOR: ["runtime", true],
  OPTIONAL_DEPENDENCY_OF: ["optional", true],
  OPTIONAL_COMPONENT_OF: ["optional", true],
  PROVIDED_DEPENDENCY_OF: ["peer", true],
  DEV_DEPENDENCY_OF: ["dev", true],
  DEV_TOOL_OF: ["dev", true],
  BUILD_DEPENDENCY_OF: ["build", true],
  BUILD_TOOL_OF: ["build", true],
  TEST_DEPENDENCY_OF: ["test", true],
  TEST_TOOL_OF: ["test", true],
};

const LIFECYCLE = /^lifecycle: (source|build|analyzed); method: (locked|observed|declared|missing)$/;
const COMPLETENESS = /^components: (complete|incomplete|unknown); dependencies: (complete|incomplete|unknown)$/;

/**
 * The SBOM that an SPDX 2 document holds: packages as components, relationships between packages as edges, the described
 * package as the root. What `spdxDocument` wrote into comments comes back: lifecycle, completeness, unknowns, file positions.
 * SPDX 2 has no lifecycle of its own: without ours it counts as `source`, the weakest.
 */
export function sbomOfSpdx(document: SpdxDocument, where: string): ReadSbom {
  const unknowns: Unknown[] = [];
  const lost = new Map<string, number>();
  const lose = (what: string): unknown => lost.set(what, (lost.get(what) ?? 0) + 1);
  const ours = document.creationInfo.creators.some((creator) => creator.startsWith("Tool: waybill-"));
  const said = LIFECYCLE.exec(document.creationInfo.comment ?? "");
  const [, components = "unknown", dependencies = "unknown"] = COMPLETENESS.exec(document.comment ?? "") ?? [];
  if (said === null) unknowns.push({ where, what: "the document does not say its lifecycle" });
  for (const { comment } of document.annotations) {
    const unknown = ours ? /^unknown: ([^]*?): ([^]*)$/.exec(comment) : null;
    if (unknown === null) lose("annotation");
    else unknowns.push({ where: unknown[1] ?? "", what: unknown[2] ?? "" });
  }
  const texts = new Map(document.hasExtractedLicensingInfos.map((one) => [one.licenseId, one.extractedText ?? ""]));
  const parts = document.packages.map((one) => partOf(one, texts, ours, unknowns, lose));
  const sbom = assemble({
    where,
    parts,
    edges: edges(document, lose),
    described: described(document),
    document: { id: document.SPDXID, name: document.name },
    rest: {
      lifecycle: (said?.[1] as Sbom["lifecycle"] | undefined) ?? "source",
      completeness: {
        components: components as Sbom["completeness"]["components"],
        dependencies: dependencies as Sbom["completeness"]["dependencies"],
        method: (said?.[2] as Sbom["completeness"]["method"] | undefined) ?? "declared",
      },
      unknowns,
    },
  });
  for (const name of ["files", "snippets", "externalDocumentRefs", "revieweds", "unread"] as const) {
    if (document[name].length > 0) lost.set(name, document[name].length);
  }
  return { sbom, lost: [...lost].map(([what, count]) => `${what}: ${count}`).sort() };
}

/** A document with one package describes it, whether it says so or not (SPDX 2.3, 11.1). */
function described({ SPDXID, relationships, packages }: SpdxDocument): string[] {
  const found = relationships.flatMap(({ spdxElementId, relationshipType, relatedSpdxElement }) => {
    if (relationshipType === "DESCRIBES" && spdxElementId === SPDXID) return [relatedSpdxElement];
    return relationshipType === "DESCRIBED_BY" && relatedSpdxElement === SPDXID ? [spdxElementId] : [];
  });
  const ids = new Set(packages.map((one) => one.SPDXID));
  const known = found.filter((id) => ids.has(id));
  return known.length === 0 && packages.length === 1 ? [...ids] : known;
}

function edges(
  { packages, files, snippets, relationships, SPDXID }: SpdxDocument,
  lose: (what: string) => unknown,
): PartEdge[] {
  const ids = new Set(packages.map((one) => one.SPDXID));
  const below = new Set([...files, ...snippets].map((one) => one.SPDXID));
  return relationships.flatMap(({ spdxElementId, relationshipType, relatedSpdxElement, comment }) => {
    if (comment !== undefined) lose("relationship comment");
    const rule = Object.hasOwn(EDGES, relationshipType) ? EDGES[relationshipType] : undefined;
    const subject = spdxElementId === SPDXID || relatedSpdxElement === SPDXID;
    if (subject && relationshipType.startsWith("DESCRIBE")) return [];
    const none = relatedSpdxElement === "NONE" || relatedSpdxElement === "NOASSERTION";
    // Files are no components; what is nowhere at all is told as an edge that leads nowhere.
    const packagesOnly =
      (ids.has(spdxElementId) || ids.has(relatedSpdxElement)) &&
      !below.has(spdxElementId) &&
      !below.has(relatedSpdxElement);
    if (rule === undefined || subject || none || !packagesOnly) {
      lose(`relationship ${cleanText(relationshipType, 60)}`);
      return [];
    }
    const [scope, reversed] = rule;
    const [from, to] = reversed ? [relatedSpdxElement, spdxElementId] : [spdxElementId, relatedSpdxElement];
    return [{ from, to, scope }];
  });
}

function partOf(
  one: SpdxPackage,
  texts: ReadonlyMap<string, string>,
  ours: boolean,
  unknowns: Unknown[],
  lose: (what: string) => unknown,
): Part {
  const [located, ...others] = one.externalRefs.filter(({ referenceType }) => referenceType === "purl");
  for (const { referenceType } of one.externalRefs) {
    if (referenceType !== "purl") lose(`package externalRef ${cleanText(referenceType, 60)}`);
  }
  for (const _other of others) lose("package second purl");
  const purl = located === undefined ? undefined : readPurl(located.referenceLocator);
  if (located !== undefined && purl === undefined) {
    unknowns.push({ where: one.SPDXID, what: `${cleanText(located.referenceLocator, 200)} is no package URL` });
  }
  const author = authorOf(one.originator);
  if (one.originator !== undefined && one.originator !== "NOASSERTION" && author === undefined)
    lose("package originator");
  for (const name of ["supplier", "homepage", "summary", "description"] as const) {
    if (one[name] !== undefined && one[name] !== "NOASSERTION") lose(`package ${name}`);
  }
  const digestsOnly = ours && /^(?:gitCommit|gitTree|dirHash): [0-9a-f]+(?:; |$)/.test(one.comment ?? "");
  if (one.comment !== undefined && !digestsOnly) lose("package comment");
  if (one.copyrightText !== undefined && one.copyrightText !== "NOASSERTION") lose("package copyrightText");
  const occurrences = ours ? readOccurrences(one.sourceInfo) : undefined;
  if (one.sourceInfo !== undefined && occurrences === undefined) lose("package sourceInfo");
  return {
    id: one.SPDXID,
    name: one.name,
    ...(one.versionInfo !== undefined && { version: one.versionInfo }),
    ...(purl !== undefined && { purl }),
    digests: digestsOf(one.checksums, digestsOnly ? one.comment : undefined, lose),
    licences: licencesOf(one, texts, lose),
    occurrences: occurrences ?? [],
    own: ours && one.primaryPackagePurpose === "APPLICATION",
    ...(author !== undefined && { author }),
    ...(one.packageFileName !== undefined && { filename: one.packageFileName }),
  };
}

/** `Person: name (email)`, `Organization: name` (SPDX 2.3, 7.6). */
function authorOf(originator: string | undefined): Author | undefined {
  const said = /^(?:Person|Organization): *(.*)$/s.exec(originator ?? "")?.[1] ?? "";
  const email = / \(([^()\s]+@[^()\s]+)\)$/.exec(said)?.[1];
  const name = (email === undefined ? said : said.slice(0, -email.length - 3)).trim();
  return name === "" ? undefined : { name, ...(email !== undefined && { email }) };
}

function digestsOf(checksums: readonly SpdxChecksum[], comment = "", lose: (what: string) => unknown): DigestSet {
  const digests: Partial<Record<DigestAlgorithm, DigestHex>> = {};
  for (const { algorithm, checksumValue } of checksums) {
    const known = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
    if (known !== undefined && isDigest(known, checksumValue)) digests[known] = checksumValue;
    else lose(`package checksum ${cleanText(algorithm, 40)}`);
  }
  for (const [, name, hex = ""] of comment.matchAll(/\b(gitCommit|gitTree|dirHash): ([0-9a-f]+)/g)) {
    if (isDigest(name as DigestAlgorithm, hex)) digests[name as DigestAlgorithm] = hex;
  }
  return digests;
}

/** What is declared; where nothing is, what was concluded. */
function licencesOf(
  { licenseDeclared, licenseConcluded }: SpdxPackage,
  texts: ReadonlyMap<string, string>,
  lose: (what: string) => unknown,
): readonly LicenceClaim[] {
  const said = [licenseDeclared, licenseConcluded].filter((one) => one !== undefined && one !== "NOASSERTION");
  const [expression, other] = said;
  if (expression === undefined) return [];
  if (other !== undefined && other !== expression) lose("package licenseConcluded");
  if (expression === "NONE") return [{ expression, spdx: false, technique: "manifest" }];
  // A text of which we made a reference ourselves is named by its digest.
  const text = texts.get(expression);
  if (text !== undefined && expression === `LicenseRef-${sha256(text).slice(0, 16)}`) {
    return [{ expression: text, spdx: false, technique: "manifest" }];
  }
  return [{ expression, spdx: true, technique: "manifest" }];
}

/** `package-lock.json:12 node_modules/a (lockfile)`, one a line, as `spdxDocument` writes them. */
function readOccurrences(text: string | undefined): readonly Occurrence[] | undefined {
  if (text === undefined) return [];
  const found: Occurrence[] = [];
  for (const line of text.split("\n")) {
    const match = /^(.*?)(?::(\d{1,9}))?(?: (.*))? \(([a-z-]+)\)$/.exec(line);
    const [, path = "", number, position, technique = ""] = match ?? [];
    if (!Object.hasOwn(TECHNIQUES, technique)) return undefined;
    found.push({
      path,
      ...(number !== undefined && { line: Number(number) }),
      ...(position !== undefined && { position }),
      technique: technique as Technique,
    });
  }
  return found;
}
