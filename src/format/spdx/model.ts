/**
 * A whole SPDX 2.2 or 2.3 document (spdx.github.io/spdx-spec/v2.3, clauses 6 to 13), whatever it was written in. Names are
 * those of the JSON form. What one encoding nests and another lists stands here once: annotations and relationships are
 * lists of the document, `documentDescribes` and `hasFiles` are relationships. Lists have no meaning in their order (they are
 * sets of RDF properties): sorted, each item once. Licence expressions are canonical (see `canonicalExpression`).
 * An optional text that is empty counts as absent.
 */
export interface SpdxDocument {
  readonly spdxVersion: "SPDX-2.2" | "SPDX-2.3";
  readonly SPDXID: string;
  readonly name: string;
  readonly dataLicense?: string;
  readonly documentNamespace?: string;
  readonly comment?: string;
  readonly creationInfo: SpdxCreationInfo;
  readonly externalDocumentRefs: readonly SpdxExternalDocumentRef[];
  readonly packages: readonly SpdxPackage[];
  readonly files: readonly SpdxFile[];
  readonly snippets: readonly SpdxSnippet[];
  readonly hasExtractedLicensingInfos: readonly SpdxExtractedLicence[];
  readonly relationships: readonly SpdxRelationship[];
  readonly annotations: readonly SpdxAnnotation[];
  /** Deprecated since SPDX 2.0, still read and written. */
  readonly revieweds: readonly SpdxReview[];
  /** JSON pointers of members that are not in the specification: read by nobody, and not written again. */
  readonly unread: readonly string[];
}

export interface SpdxCreationInfo {
  readonly created: string;
  readonly creators: readonly string[];
  readonly licenseListVersion?: string;
  readonly comment?: string;
}

export interface SpdxChecksum {
  /** As the specification writes it: `SHA256`, `BLAKE2b-384`, … */
  readonly algorithm: string;
  readonly checksumValue: string;
}

export interface SpdxExternalDocumentRef {
  readonly externalDocumentId: string;
  readonly spdxDocument: string;
  readonly checksum?: SpdxChecksum;
}

export interface SpdxVerificationCode {
  readonly packageVerificationCodeValue: string;
  readonly packageVerificationCodeExcludedFiles: readonly string[];
}

export interface SpdxExternalRef {
  /** `SECURITY`, `PACKAGE-MANAGER`, `PERSISTENT-ID`, `OTHER`. */
  readonly referenceCategory: string;
  /** A name of the specification's list, a name of this document (`LocationRef-…`), or a URI. */
  readonly referenceType: string;
  readonly referenceLocator: string;
  readonly comment?: string;
}

export interface SpdxPackage {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo?: string;
  readonly packageFileName?: string;
  readonly supplier?: string;
  readonly originator?: string;
  readonly downloadLocation?: string;
  /** True where nothing is said (7.8). */
  readonly filesAnalyzed: boolean;
  readonly packageVerificationCode?: SpdxVerificationCode;
  readonly checksums: readonly SpdxChecksum[];
  readonly homepage?: string;
  readonly sourceInfo?: string;
  readonly licenseConcluded?: string;
  readonly licenseInfoFromFiles: readonly string[];
  readonly licenseDeclared?: string;
  readonly licenseComments?: string;
  readonly copyrightText?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly comment?: string;
  readonly externalRefs: readonly SpdxExternalRef[];
  readonly attributionTexts: readonly string[];
  readonly primaryPackagePurpose?: string;
  readonly releaseDate?: string;
  readonly builtDate?: string;
  readonly validUntilDate?: string;
}

/** Deprecated since SPDX 2.1: the project that a file came from. */
export interface SpdxArtifactOf {
  readonly name?: string;
  readonly homePage?: string;
  readonly projectUri?: string;
}

export interface SpdxFile {
  readonly SPDXID: string;
  readonly fileName: string;
  readonly fileTypes: readonly string[];
  readonly checksums: readonly SpdxChecksum[];
  readonly licenseConcluded?: string;
  readonly licenseInfoInFiles: readonly string[];
  readonly licenseComments?: string;
  readonly copyrightText?: string;
  readonly comment?: string;
  readonly noticeText?: string;
  readonly fileContributors: readonly string[];
  readonly attributionTexts: readonly string[];
  /** Deprecated since SPDX 2.0. */
  readonly fileDependencies: readonly string[];
  readonly artifactOfs: readonly SpdxArtifactOf[];
}

/** Bytes or lines of a file, both ends included, counted from 1. */
export interface SpdxRange {
  readonly unit: "byte" | "line";
  readonly from: number;
  readonly to: number;
  /** The file's SPDXID; the specification wants it to be `snippetFromFile`. */
  readonly reference: string;
}

export interface SpdxSnippet {
  readonly SPDXID: string;
  readonly snippetFromFile: string;
  readonly name?: string;
  readonly ranges: readonly SpdxRange[];
  readonly licenseConcluded?: string;
  readonly licenseInfoInSnippets: readonly string[];
  readonly licenseComments?: string;
  readonly copyrightText?: string;
  readonly comment?: string;
  readonly attributionTexts: readonly string[];
}

export interface SpdxExtractedLicence {
  readonly licenseId: string;
  readonly extractedText?: string;
  readonly name?: string;
  readonly seeAlsos: readonly string[];
  readonly comment?: string;
}

/** `spdxElementId` has this relation to `relatedSpdxElement` (clause 11). */
export interface SpdxRelationship {
  readonly spdxElementId: string;
  readonly relationshipType: string;
  /** An SPDXID, `DocumentRef-…:SPDXRef-…`, `NONE` or `NOASSERTION`. */
  readonly relatedSpdxElement: string;
  readonly comment?: string;
}

export interface SpdxAnnotation {
  /** The annotated element's SPDXID. */
  readonly spdxElementId: string;
  readonly annotator: string;
  readonly annotationDate: string;
  readonly annotationType: string;
  readonly comment: string;
}

export interface SpdxReview {
  readonly reviewer?: string;
  readonly reviewDate: string;
  readonly comment?: string;
}
