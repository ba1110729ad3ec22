import { sha256 } from "../artifact/digest.ts";
import type { DigestAlgorithm, DigestSet } from "../model/digest.ts";
import type { Author, Component, Dependency, LicenceClaim, Occurrence, Sbom, Scope, Subject } from "../model/sbom.ts";
import { type JsonObject, WAYBILL_URI } from "../model/statement.ts";
import type { DocumentMeta } from "./document.ts";
import { uuidOfContent } from "./uuid.ts";

/** SPDX demands a time; this one says that there is none. */
export const NO_TIME = "1970-01-01T00:00:00Z";

const CHECKSUMS: Readonly<Partial<Record<DigestAlgorithm, string>>> = {
  md5: "MD5",
  sha1: "SHA1",
  sha256: "SHA256",
  sha384: "SHA384",
  sha512: "SHA512",
};

/** Types that read "needed → needing": the other direction than `DEPENDS_ON`. A peer dependency is provided by the user. */
const REVERSED: Readonly<Record<Exclude<Scope, "runtime">, string>> = {
  optional: "OPTIONAL_DEPENDENCY_OF",
  peer: "PROVIDED_DEPENDENCY_OF",
  dev: "DEV_DEPENDENCY_OF",
  build: "BUILD_DEPENDENCY_OF",
  test: "TEST_DEPENDENCY_OF",
};

/**
 * An SPDX 2.3 document (spdx.github.io/spdx-spec/v2.3) as JSON. The name space holds a UUID version 5 of the content. Texts
 * that are no SPDX expression become extracted licences; what was not read becomes annotations of the document.
 */
export function spdxDocument(sbom: Sbom, meta: DocumentMeta): JsonObject {
  const ids = packageIds(sbom);
  const tool = `Tool: ${meta.tool.name}-${meta.tool.version}`;
  const created = (meta.timestamp ?? NO_TIME).replace(/\.\d+Z$/, "Z");
  const extracted = new Map<string, string>();
  const content = {
    name: documentName(sbom),
    creationInfo: {
      created,
      creators: [...(meta.author === undefined ? [] : [originator(meta.author)]), tool],
      comment: `lifecycle: ${sbom.lifecycle}; method: ${sbom.completeness.method}`,
    },
    comment: `components: ${sbom.completeness.components}; dependencies: ${sbom.completeness.dependencies}`,
    ...annotations(sbom, tool, created),
    packages: [
      rootPackage(sbom, ids, extracted),
      ...sbom.components.map((one) => componentPackage(one, ids, extracted)),
    ],
    relationships: [
      relationship("SPDXRef-DOCUMENT", "DESCRIBES", idOf(ids, sbom.root)),
      ...sbom.dependencies.map((edge) => edgeJson(edge, ids)),
    ],
    ...extractedInfos(extracted),
  };
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    documentNamespace: `${WAYBILL_URI}/spdx/${uuidOfContent(JSON.stringify(content))}`,
    ...content,
  };
}

export function documentName(sbom: Sbom): string {
  const { name, version } = sbom.subject;
  return version === undefined ? name : `${name}@${version}`;
}

/** Readable and unique: letters, digits, `.` and `-` are all that SPDX allows. By component ref; the root is first. */
export function packageIds(sbom: Sbom): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const ref of [sbom.root, ...sbom.components.map((component) => component.ref)]) {
    const wanted = `SPDXRef-${ref.replace(/[^A-Za-z0-9.]+/g, "-").slice(0, 200)}`;
    const id = taken.has(wanted) ? `${wanted}-${sha256(ref).slice(0, 16)}` : wanted;
    taken.add(id);
    ids.set(ref, id);
  }
  return ids;
}

function idOf(ids: ReadonlyMap<string, string>, ref: string): string {
  return ids.get(ref) ?? "NOASSERTION";
}

function rootPackage(sbom: Sbom, ids: ReadonlyMap<string, string>, extracted: Map<string, string>): JsonObject {
  const { subject } = sbom;
  return packageJson(idOf(ids, sbom.root), subject, sbom.licences, "APPLICATION", extracted);
}

function componentPackage(
  component: Component,
  ids: ReadonlyMap<string, string>,
  extracted: Map<string, string>,
): JsonObject {
  const purpose = component.own ? "APPLICATION" : "LIBRARY";
  return {
    ...packageJson(idOf(ids, component.ref), component, component.licences, purpose, extracted),
    ...(component.occurrences.length > 0 && { sourceInfo: component.occurrences.map(occurrenceText).join("\n") }),
  };
}

function packageJson(
  id: string,
  what: Subject,
  licences: readonly LicenceClaim[],
  purpose: string,
  extracted: Map<string, string>,
): JsonObject {
  return {
    SPDXID: id,
    name: what.name,
    ...(what.version !== undefined && { versionInfo: what.version }),
    ...(what.filename !== undefined && { packageFileName: what.filename }),
    ...(what.author !== undefined && { originator: originator(what.author) }),
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    ...checksums(what.digests),
    licenseConcluded: "NOASSERTION",
    licenseDeclared: declaredLicence(licences, extracted),
    ...licenceComments(licences),
    copyrightText: "NOASSERTION",
    primaryPackagePurpose: purpose,
    ...(what.purl !== undefined && {
      externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: what.purl }],
    }),
  };
}

/** SPDX 2 knows no agent of unknown kind: who wrote software is called a person there (SPDX 2.3, 7.6). */
function originator({ name, email }: Author): string {
  return `Person: ${name}${email === undefined ? "" : ` (${email})`}`;
}

function checksums(digests: DigestSet): JsonObject {
  const known: JsonObject[] = [];
  const others: string[] = [];
  for (const [algorithm, value] of Object.entries(digests)) {
    const name = CHECKSUMS[algorithm as DigestAlgorithm];
    if (name === undefined) others.push(`${algorithm}: ${value}`);
    else known.push({ algorithm: name, checksumValue: value });
  }
  return { ...(known.length > 0 && { checksums: known }), ...(others.length > 0 && { comment: others.join("; ") }) };
}

/** Where a component was seen: `package-lock.json:12 node_modules/a (lockfile)`, one a line. */
function occurrenceText({ path, line, position, technique }: Occurrence): string {
  const place = line === undefined ? path : `${path}:${line}`;
  return position === undefined ? `${place} (${technique})` : `${place} ${position} (${technique})`;
}

function declaredLicence(claims: readonly LicenceClaim[], extracted: Map<string, string>): string {
  const parts = [...new Set(claims.map((claim) => licenceTerm(claim, extracted)))];
  if (parts.length === 0) return "NOASSERTION";
  return parts.length === 1
    ? parts.join("")
    : parts.map((part) => (part.includes(" ") ? `(${part})` : part)).join(" AND ");
}

/** What was repaired, as it was written (SPDX 2.3, 7.16). */
function licenceComments(claims: readonly LicenceClaim[]): JsonObject {
  const said = claims.flatMap(({ expression, written }) =>
    written === undefined ? [] : `${expression} is written ${JSON.stringify(written)}`,
  );
  return said.length === 0 ? {} : { licenseComments: said.join("; ") };
}

function licenceTerm({ expression, spdx }: LicenceClaim, extracted: Map<string, string>): string {
  // A reference into another document would need that document's name and digest.
  if (!spdx || expression.includes("DocumentRef-")) {
    const id = `LicenseRef-${sha256(expression).slice(0, 16)}`;
    extracted.set(id, expression);
    return id;
  }
  for (const [id] of expression.matchAll(/LicenseRef-[A-Za-z0-9.-]+/g)) extracted.set(id, `named ${id} by its package`);
  return expression;
}

function extractedInfos(extracted: ReadonlyMap<string, string>): JsonObject {
  if (extracted.size === 0) return {};
  const sorted = [...extracted].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    hasExtractedLicensingInfos: sorted.map(([licenseId, extractedText]) => ({ licenseId, extractedText })),
  };
}

function annotations(sbom: Sbom, annotator: string, annotationDate: string): JsonObject {
  if (sbom.unknowns.length === 0) return {};
  return {
    annotations: sbom.unknowns.map(({ where, what }) => ({
      annotator,
      annotationDate,
      annotationType: "OTHER",
      comment: `unknown: ${where}: ${what}`,
    })),
  };
}

function edgeJson({ from, to, scope }: Dependency, ids: ReadonlyMap<string, string>): JsonObject {
  if (scope === "runtime") return relationship(idOf(ids, from), "DEPENDS_ON", idOf(ids, to));
  return relationship(idOf(ids, to), REVERSED[scope], idOf(ids, from));
}

function relationship(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): JsonObject {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}
