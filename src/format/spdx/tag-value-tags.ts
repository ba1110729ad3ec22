/** The tags of SPDX's tag-value form (annex of 2.3, "tag-value format"), and where their values stand in the JSON form. */

/** `list`: the tag may repeat, each value is an item. */
export interface TagRule {
  readonly member: string;
  readonly list?: true;
  /** Where one value holds several items, as some tools write it. */
  readonly separated?: (value: string) => readonly string[];
  /** Values of several lines may stand in `<text>`; the writer uses it for these. */
  readonly multiline?: true;
}

export type TagTable = Readonly<Record<string, TagRule>>;

export const DOCUMENT_TAGS: TagTable = {
  SPDXVersion: { member: "spdxVersion" },
  DataLicense: { member: "dataLicense" },
  DocumentName: { member: "name" },
  DocumentNamespace: { member: "documentNamespace" },
  DocumentComment: { member: "comment", multiline: true },
};

export const CREATION_TAGS: TagTable = {
  Creator: { member: "creators", list: true },
  Created: { member: "created" },
  LicenseListVersion: { member: "licenseListVersion" },
  CreatorComment: { member: "comment", multiline: true },
};

export const PACKAGE_TAGS: TagTable = {
  PackageName: { member: "name" },
  SPDXID: { member: "SPDXID" },
  PackageVersion: { member: "versionInfo" },
  PackageFileName: { member: "packageFileName" },
  PackageSupplier: { member: "supplier" },
  PackageOriginator: { member: "originator" },
  PackageDownloadLocation: { member: "downloadLocation" },
  PrimaryPackagePurpose: { member: "primaryPackagePurpose" },
  ReleaseDate: { member: "releaseDate" },
  BuiltDate: { member: "builtDate" },
  ValidUntilDate: { member: "validUntilDate" },
  FilesAnalyzed: { member: "filesAnalyzed" },
  PackageHomePage: { member: "homepage" },
  PackageSourceInfo: { member: "sourceInfo", multiline: true },
  PackageLicenseConcluded: { member: "licenseConcluded" },
  PackageLicenseInfoFromFiles: { member: "licenseInfoFromFiles", list: true },
  PackageLicenseDeclared: { member: "licenseDeclared" },
  PackageLicenseComments: { member: "licenseComments", multiline: true },
  PackageCopyrightText: { member: "copyrightText", multiline: true },
  PackageSummary: { member: "summary", multiline: true },
  PackageDescription: { member: "description", multiline: true },
  PackageComment: { member: "comment", multiline: true },
  PackageAttributionText: { member: "attributionTexts", list: true, multiline: true },
};

export const FILE_TAGS: TagTable = {
  FileName: { member: "fileName" },
  SPDXID: { member: "SPDXID" },
  FileType: { member: "fileTypes", list: true },
  LicenseConcluded: { member: "licenseConcluded" },
  LicenseInfoInFile: { member: "licenseInfoInFiles", list: true },
  LicenseComments: { member: "licenseComments", multiline: true },
  FileCopyrightText: { member: "copyrightText", multiline: true },
  FileComment: { member: "comment", multiline: true },
  FileNotice: { member: "noticeText", multiline: true },
  FileContributor: { member: "fileContributors", list: true },
  FileAttributionText: { member: "attributionTexts", list: true, multiline: true },
  FileDependency: { member: "fileDependencies", list: true },
};

export const SNIPPET_TAGS: TagTable = {
  SnippetSPDXID: { member: "SPDXID" },
  SnippetFromFileSPDXID: { member: "snippetFromFile" },
  SnippetLicenseConcluded: { member: "licenseConcluded" },
  LicenseInfoInSnippet: { member: "licenseInfoInSnippets", list: true },
  SnippetLicenseComments: { member: "licenseComments", multiline: true },
  SnippetCopyrightText: { member: "copyrightText", multiline: true },
  SnippetComment: { member: "comment", multiline: true },
  SnippetName: { member: "name" },
  SnippetAttributionText: { member: "attributionTexts", list: true, multiline: true },
};

export const LICENCE_TAGS: TagTable = {
  LicenseID: { member: "licenseId" },
  ExtractedText: { member: "extractedText", multiline: true },
  LicenseName: { member: "name" },
  LicenseCrossReference: { member: "seeAlsos", list: true, separated: (value) => value.split(/,\s+/) },
  LicenseComment: { member: "comment", multiline: true },
};

export const ANNOTATION_TAGS: TagTable = {
  Annotator: { member: "annotator" },
  AnnotationDate: { member: "annotationDate" },
  AnnotationType: { member: "annotationType" },
  AnnotationComment: { member: "comment", multiline: true },
  SPDXREF: { member: "spdxElementId" },
};

export const REVIEW_TAGS: TagTable = {
  Reviewer: { member: "reviewer" },
  ReviewDate: { member: "reviewDate" },
  ReviewComment: { member: "comment", multiline: true },
};
