import { asString, Fields } from "../shape.ts";
import type { SpdxArtifactOf, SpdxExternalRef, SpdxFile, SpdxPackage, SpdxRange, SpdxSnippet } from "./model.ts";
import { categoryName, referenceTypeName, upperName } from "./names.ts";
import {
  expressionList,
  expressions,
  natural,
  optionalFlag,
  readAnnotations,
  readChecksums,
  type Reading,
  seen,
  sorted,
  textList,
  texts,
} from "./read-parts.ts";

const PACKAGE_TEXTS = [
  "versionInfo",
  "packageFileName",
  "supplier",
  "originator",
  "downloadLocation",
  "homepage",
  "sourceInfo",
  "licenseComments",
  "copyrightText",
  "summary",
  "description",
  "comment",
  "releaseDate",
  "builtDate",
  "validUntilDate",
] as const;
const PACKAGE_OTHERS = (
  "SPDXID name filesAnalyzed packageVerificationCode checksums licenseConcluded licenseDeclared " +
  "licenseInfoFromFiles externalRefs attributionTexts primaryPackagePurpose annotations hasFiles"
).split(" ");

/** Clause 7. */
export function readPackage(fields: Fields, reading: Reading): SpdxPackage {
  seen(fields, PACKAGE_OTHERS, reading, PACKAGE_TEXTS);
  const SPDXID = fields.string("SPDXID");
  const code = fields.optionalObject("packageVerificationCode");
  const purpose = fields.optionalString("primaryPackagePurpose");
  readAnnotations(fields, SPDXID, reading);
  for (const file of fields.optionalList("hasFiles", asString)) {
    reading.relationships.push({ spdxElementId: SPDXID, relationshipType: "CONTAINS", relatedSpdxElement: file });
  }
  return {
    SPDXID,
    name: fields.string("name"),
    ...texts(fields, PACKAGE_TEXTS),
    ...expressions(fields, ["licenseConcluded", "licenseDeclared"]),
    filesAnalyzed: optionalFlag(fields, "filesAnalyzed") ?? true,
    ...(code !== undefined && { packageVerificationCode: readCode(code, reading) }),
    checksums: readChecksums(fields, reading),
    licenseInfoFromFiles: expressionList(fields, "licenseInfoFromFiles"),
    externalRefs: sorted(
      fields.optionalList("externalRefs", (value, place) => readExternalRef(new Fields(value, place), reading)),
    ),
    attributionTexts: textList(fields, "attributionTexts"),
    ...(purpose !== undefined && purpose !== "" && { primaryPackagePurpose: upperName(purpose) }),
  };
}

function readCode(fields: Fields, reading: Reading): NonNullable<SpdxPackage["packageVerificationCode"]> {
  seen(fields, ["packageVerificationCodeValue", "packageVerificationCodeExcludedFiles"], reading);
  return {
    packageVerificationCodeValue: fields.string("packageVerificationCodeValue"),
    packageVerificationCodeExcludedFiles: textList(fields, "packageVerificationCodeExcludedFiles"),
  };
}

function readExternalRef(fields: Fields, reading: Reading): SpdxExternalRef {
  seen(fields, ["referenceCategory", "referenceType", "referenceLocator", "comment"], reading);
  return {
    referenceCategory: categoryName(fields.string("referenceCategory")),
    referenceType: referenceTypeName(fields.string("referenceType"), reading.namespace),
    referenceLocator: fields.string("referenceLocator"),
    ...texts(fields, ["comment"]),
  };
}

const FILE_TEXTS = ["licenseComments", "copyrightText", "comment", "noticeText"] as const;
const FILE_OTHERS = (
  "SPDXID fileName fileTypes checksums licenseConcluded licenseInfoInFiles fileContributors attributionTexts " +
  "fileDependencies artifactOfs annotations"
).split(" ");

/** Clause 8. */
export function readFile(fields: Fields, reading: Reading): SpdxFile {
  seen(fields, FILE_OTHERS, reading, FILE_TEXTS);
  const SPDXID = fields.string("SPDXID");
  readAnnotations(fields, SPDXID, reading);
  return {
    SPDXID,
    fileName: fields.string("fileName"),
    ...texts(fields, FILE_TEXTS),
    ...expressions(fields, ["licenseConcluded"]),
    fileTypes: sorted(textList(fields, "fileTypes").map(upperName)),
    checksums: readChecksums(fields, reading),
    licenseInfoInFiles: expressionList(fields, "licenseInfoInFiles"),
    fileContributors: textList(fields, "fileContributors"),
    attributionTexts: textList(fields, "attributionTexts"),
    fileDependencies: textList(fields, "fileDependencies"),
    artifactOfs: sorted(
      fields.optionalList("artifactOfs", (value, place) => readArtifactOf(new Fields(value, place), reading)),
    ),
  };
}

function readArtifactOf(fields: Fields, reading: Reading): SpdxArtifactOf {
  seen(fields, ["name", "homePage", "projectUri"], reading);
  return texts(fields, ["name", "homePage", "projectUri"]);
}

const SNIPPET_TEXTS = ["name", "licenseComments", "copyrightText", "comment"] as const;
const SNIPPET_OTHERS =
  "SPDXID snippetFromFile ranges licenseConcluded licenseInfoInSnippets attributionTexts annotations".split(" ");

/** Clause 9. */
export function readSnippet(fields: Fields, reading: Reading): SpdxSnippet {
  seen(fields, SNIPPET_OTHERS, reading, SNIPPET_TEXTS);
  const SPDXID = fields.string("SPDXID");
  const file = fields.string("snippetFromFile");
  readAnnotations(fields, SPDXID, reading);
  return {
    SPDXID,
    snippetFromFile: file,
    ...texts(fields, SNIPPET_TEXTS),
    ranges: sorted(fields.optionalList("ranges", (value, place) => readRange(new Fields(value, place), file, reading))),
    ...expressions(fields, ["licenseConcluded"]),
    licenseInfoInSnippets: expressionList(fields, "licenseInfoInSnippets"),
    attributionTexts: textList(fields, "attributionTexts"),
  };
}

function readRange(fields: Fields, file: string, reading: Reading): SpdxRange {
  seen(fields, ["startPointer", "endPointer"], reading);
  const [start, end] = [fields.object("startPointer"), fields.object("endPointer")];
  const unit = start.has("offset") ? "byte" : "line";
  const name = unit === "byte" ? "offset" : "lineNumber";
  return {
    unit,
    from: natural(start, name),
    to: natural(end, name),
    reference: start.optionalString("reference") ?? file,
  };
}
