/** How SPDX 2.3 writes its fixed words, and how they are recognised in the spellings of the encodings. */

/** Checksum algorithms (8.4) and the length of their values in hex digits; 0 where the length is not fixed. */
export const CHECKSUM_LENGTHS: Readonly<Record<string, number>> = {
  SHA1: 40,
  SHA224: 56,
  SHA256: 64,
  SHA384: 96,
  SHA512: 128,
  "SHA3-256": 64,
  "SHA3-384": 96,
  "SHA3-512": 128,
  "BLAKE2b-256": 64,
  "BLAKE2b-384": 96,
  "BLAKE2b-512": 128,
  BLAKE3: 0,
  MD2: 32,
  MD4: 32,
  MD5: 32,
  MD6: 0,
  ADLER32: 8,
};

/** Relationship types (11.1); the last three are older spellings that the schema still allows. */
export const RELATIONSHIP_TYPES = new Set(
  `DESCRIBES DESCRIBED_BY CONTAINS CONTAINED_BY DEPENDS_ON DEPENDENCY_OF DEPENDENCY_MANIFEST_OF BUILD_DEPENDENCY_OF
  DEV_DEPENDENCY_OF OPTIONAL_DEPENDENCY_OF PROVIDED_DEPENDENCY_OF TEST_DEPENDENCY_OF RUNTIME_DEPENDENCY_OF EXAMPLE_OF
  GENERATES GENERATED_FROM ANCESTOR_OF DESCENDANT_OF VARIANT_OF DISTRIBUTION_ARTIFACT PATCH_FOR PATCH_APPLIED COPY_OF
  FILE_ADDED FILE_DELETED FILE_MODIFIED EXPANDED_FROM_ARCHIVE DYNAMIC_LINK STATIC_LINK DATA_FILE_OF TEST_CASE_OF
  BUILD_TOOL_OF DEV_TOOL_OF TEST_OF TEST_TOOL_OF DOCUMENTATION_OF OPTIONAL_COMPONENT_OF METAFILE_OF PACKAGE_OF AMENDS
  PREREQUISITE_FOR HAS_PREREQUISITE REQUIREMENT_DESCRIPTION_FOR SPECIFICATION_FOR OTHER`.split(/\s+/),
);

export const FILE_TYPES = new Set(
  "SOURCE BINARY ARCHIVE APPLICATION AUDIO IMAGE TEXT VIDEO DOCUMENTATION SPDX OTHER".split(" "),
);

export const PURPOSES = new Set(
  "APPLICATION FRAMEWORK LIBRARY CONTAINER OPERATING_SYSTEM DEVICE FIRMWARE SOURCE ARCHIVE FILE INSTALL OTHER".split(
    " ",
  ),
);

export const ANNOTATION_TYPES = new Set(["OTHER", "REVIEW"]);

export const REFERENCE_CATEGORIES = new Set(["SECURITY", "PACKAGE-MANAGER", "PERSISTENT-ID", "OTHER"]);

/** `sha1`, `checksumAlgorithm_sha1`, `blake2b384` → as in `CHECKSUM_LENGTHS`; a word that is not known stays. */
export function algorithmName(written: string): string {
  const bare = plain(written.replace(/^.*checksumAlgorithm_/s, ""));
  return Object.keys(CHECKSUM_LENGTHS).find((name) => plain(name) === bare) ?? written;
}

/** `relationshipType_dynamicLink`, `dynamic-link` → `DYNAMIC_LINK`. */
export function upperName(written: string): string {
  return written
    .replace(/^.*#/s, "")
    .replace(/^(?:relationshipType|fileType|annotationType|referenceCategory|purpose)_/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();
}

/** `PACKAGE_MANAGER`, `referenceCategory_packageManager` → `PACKAGE-MANAGER`. */
export function categoryName(written: string): string {
  return upperName(written).replaceAll("_", "-");
}

/** A type of the specification's list by its name (annex F), one of this document by its fragment; else the URI. */
export function referenceTypeName(written: string, namespace: string | undefined): string {
  const listed = "http://spdx.org/rdf/references/";
  if (written.startsWith(listed)) return written.slice(listed.length);
  return namespace !== undefined && written.startsWith(`${namespace}#`) ? written.slice(namespace.length + 1) : written;
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}
