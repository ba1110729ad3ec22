import { hash } from "node:crypto";
import { cleanText } from "../../artifact/clean-text.ts";
import { expressionProblem } from "../../artifact/licence.ts";
import type { SpdxChecksum, SpdxDocument, SpdxFile, SpdxPackage, SpdxRelationship, SpdxSnippet } from "./model.ts";
import {
  ANNOTATION_TYPES,
  CHECKSUM_LENGTHS,
  FILE_TYPES,
  PURPOSES,
  REFERENCE_CATEGORIES,
  RELATIONSHIP_TYPES,
} from "./names.ts";

/** What a document does against the specification: where (a JSON pointer with identifiers as keys), what, and its clause. */
export interface SpdxProblem {
  readonly path: string;
  readonly what: string;
  readonly clause: string;
}

const ID = /^SPDXRef-[A-Za-z0-9.-]+$/;
const OTHER_ID = /^(DocumentRef-[A-Za-z0-9.-]+):(SPDXRef-[A-Za-z0-9.-]+)$/;
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const PERSON = /^(?:Person|Organization): \S/;
const CREATOR = /^(?:Person|Organization|Tool): \S/;
const MAX_PROBLEMS = 1000;

/**
 * What the text of SPDX 2.2 and 2.3 demands beyond the form: identifiers that are well formed and stand once, references that
 * resolve (also into the documents that `externalDocumentRefs` name), fields that are required (2.3 made some of them
 * optional), checksum algorithms and lengths, types of relationships, files, purposes, annotations and references, dates,
 * names of persons and tools, licence expressions and their `LicenseRef-`, the package verification code, ranges. At most 1000.
 */
export function spdxProblems(document: SpdxDocument): readonly SpdxProblem[] {
  return new Checker(document).check();
}

class Checker {
  readonly #document: SpdxDocument;
  readonly #problems: SpdxProblem[] = [];
  readonly #ids = new Set<string>();
  readonly #files: ReadonlyMap<string, SpdxFile>;
  /** Package → its files, as CONTAINS relationships say. */
  readonly #contained: ReadonlyMap<string, readonly SpdxRelationship[]>;
  readonly #others: ReadonlySet<string>;
  readonly #licences: ReadonlySet<string>;
  /** Demanded by 2.2, optional since 2.3. */
  readonly #strict: boolean;

  constructor(document: SpdxDocument) {
    this.#document = document;
    this.#strict = document.spdxVersion === "SPDX-2.2";
    this.#files = new Map(document.files.map((file) => [file.SPDXID, file]));
    const contains = document.relationships.filter(({ relationshipType }) => relationshipType === "CONTAINS");
    this.#contained = Map.groupBy(contains, ({ spdxElementId }) => spdxElementId);
    this.#others = new Set(document.externalDocumentRefs.map(({ externalDocumentId }) => externalDocumentId));
    this.#licences = new Set(document.hasExtractedLicensingInfos.map(({ licenseId }) => licenseId));
  }

  check(): readonly SpdxProblem[] {
    const { SPDXID, packages, files, snippets } = this.#document;
    this.#id(SPDXID, "", "6.3");
    if (SPDXID !== "SPDXRef-DOCUMENT") this.#say("/SPDXID", "is not SPDXRef-DOCUMENT", "6.3");
    for (const { SPDXID: id } of packages) this.#id(id, `/packages/${id}`, "7.2");
    for (const { SPDXID: id } of files) this.#id(id, `/files/${id}`, "8.2");
    for (const { SPDXID: id } of snippets) this.#id(id, `/snippets/${id}`, "9.1");
    this.#head();
    for (const one of packages) this.#package(one, `/packages/${one.SPDXID}`);
    for (const one of files) this.#file(one, `/files/${one.SPDXID}`);
    for (const one of snippets) this.#snippet(one, `/snippets/${one.SPDXID}`);
    this.#licenceInfos();
    this.#relations();
    this.#notes();
    for (const path of this.#document.unread) this.#say(path, "is not in the specification", "schema");
    return this.#problems;
  }

  #say(path: string, what: string, clause: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ path: cleanText(path, 200), what, clause });
  }

  #id(id: string, path: string, clause: string): void {
    if (!ID.test(id)) this.#say(`${path}/SPDXID`, "is not SPDXRef- and letters, digits, `.` or `-`", clause);
    if (this.#ids.has(id)) this.#say(`${path}/SPDXID`, "stands twice in the document", clause);
    this.#ids.add(id);
  }

  #head(): void {
    const { dataLicense, documentNamespace, creationInfo, externalDocumentRefs } = this.#document;
    if (dataLicense !== "CC0-1.0") this.#say("/dataLicense", "is not CC0-1.0", "6.2");
    if (documentNamespace === undefined) this.#say("/documentNamespace", "is missing", "6.5");
    else if (documentNamespace.includes("#") || !URL.canParse(documentNamespace)) {
      this.#say("/documentNamespace", "is no absolute URI without `#`", "6.5");
    }
    if (creationInfo.creators.length === 0) this.#say("/creationInfo/creators", "is empty", "6.8");
    for (const creator of creationInfo.creators) {
      if (!CREATOR.test(creator))
        this.#say("/creationInfo/creators", "names no Person:, Organization: or Tool:", "6.8");
    }
    this.#date(creationInfo.created, "/creationInfo/created", "6.9");
    const version = creationInfo.licenseListVersion;
    if (version !== undefined && !/^\d+\.\d+(?:\.\d+)?$/.test(version)) {
      this.#say("/creationInfo/licenseListVersion", "is not of the form M.N", "6.7");
    }
    for (const { externalDocumentId, checksum } of externalDocumentRefs) {
      const path = `/externalDocumentRefs/${externalDocumentId}`;
      if (!/^DocumentRef-[A-Za-z0-9.-]+$/.test(externalDocumentId)) this.#say(path, "is not DocumentRef-…", "6.6");
      if (checksum === undefined) this.#say(`${path}/checksum`, "is missing", "6.6");
      else this.#checksums([checksum], path, "6.6");
    }
  }

  #date(text: string, path: string, clause: string): void {
    if (!DATE.test(text)) this.#say(path, "is not of the form YYYY-MM-DDThh:mm:ssZ", clause);
  }

  #checksums(checksums: readonly SpdxChecksum[], path: string, clause: string): void {
    for (const { algorithm, checksumValue } of checksums) {
      const length = Object.hasOwn(CHECKSUM_LENGTHS, algorithm) ? CHECKSUM_LENGTHS[algorithm] : undefined;
      if (length === undefined)
        this.#say(`${path}/checksums`, `${cleanText(algorithm, 40)} is no algorithm of SPDX`, clause);
      else if (!/^[0-9a-f]+$/.test(checksumValue) || (length > 0 && checksumValue.length !== length)) {
        const demanded = length > 0 ? `${length} digits` : "digits";
        this.#say(`${path}/checksums`, `the ${algorithm} value is not ${demanded} in hex`, clause);
      }
    }
  }

  #required(value: string | undefined, path: string, clause: string): void {
    if (value === undefined) this.#say(path, "is missing", clause);
  }

  #package(one: SpdxPackage, path: string): void {
    this.#required(one.downloadLocation, `${path}/downloadLocation`, "7.7");
    for (const name of ["supplier", "originator"] as const) {
      const value = one[name];
      if (value !== undefined && value !== "NOASSERTION" && !PERSON.test(value)) {
        this.#say(
          `${path}/${name}`,
          "is not Person: …, Organization: … or NOASSERTION",
          name === "supplier" ? "7.5" : "7.6",
        );
      }
    }
    if (this.#strict) {
      this.#required(one.licenseConcluded, `${path}/licenseConcluded`, "7.13");
      this.#required(one.licenseDeclared, `${path}/licenseDeclared`, "7.15");
      this.#required(one.copyrightText, `${path}/copyrightText`, "7.17");
    }
    this.#verification(one, path);
    this.#checksums(one.checksums, path, "7.10");
    this.#expression(one.licenseConcluded, `${path}/licenseConcluded`, "7.13");
    this.#expression(one.licenseDeclared, `${path}/licenseDeclared`, "7.15");
    for (const licence of one.licenseInfoFromFiles) this.#expression(licence, `${path}/licenseInfoFromFiles`, "7.14");
    for (const { referenceCategory } of one.externalRefs) {
      if (!REFERENCE_CATEGORIES.has(referenceCategory)) {
        this.#say(`${path}/externalRefs`, `${cleanText(referenceCategory, 40)} is no category`, "7.21");
      }
    }
    const purpose = one.primaryPackagePurpose;
    if (purpose !== undefined && !PURPOSES.has(purpose))
      this.#say(`${path}/primaryPackagePurpose`, "is no purpose", "7.24");
    if (one.releaseDate !== undefined) this.#date(one.releaseDate, `${path}/releaseDate`, "7.25");
    if (one.builtDate !== undefined) this.#date(one.builtDate, `${path}/builtDate`, "7.26");
    if (one.validUntilDate !== undefined) this.#date(one.validUntilDate, `${path}/validUntilDate`, "7.27");
  }

  #verification(one: SpdxPackage, path: string): void {
    const code = one.packageVerificationCode?.packageVerificationCodeValue;
    if (one.filesAnalyzed) {
      if (code === undefined && this.#strict) this.#say(`${path}/packageVerificationCode`, "is missing", "7.9");
    } else {
      if (code !== undefined)
        this.#say(`${path}/packageVerificationCode`, "stands where files were not analyzed", "7.9");
      if (one.licenseInfoFromFiles.length > 0) {
        this.#say(`${path}/licenseInfoFromFiles`, "stands where files were not analyzed", "7.14");
      }
    }
    if (code !== undefined && !/^[0-9a-f]{40}$/i.test(code)) {
      this.#say(`${path}/packageVerificationCode`, "is not 40 digits in hex", "7.9");
    } else if (code !== undefined && one.filesAnalyzed) {
      const computed = this.#codeOf(one);
      if (computed !== undefined && computed !== code.toLowerCase()) {
        this.#say(`${path}/packageVerificationCode`, "is not that of the files that it contains", "7.9");
      }
    }
  }

  /** SHA-1 of the sorted SHA-1 values of all files but the excluded ones; undefined where the document does not list them. */
  #codeOf({ SPDXID, packageVerificationCode }: SpdxPackage): string | undefined {
    const excluded = new Set(packageVerificationCode?.packageVerificationCodeExcludedFiles);
    const digests: string[] = [];
    for (const { relatedSpdxElement } of this.#contained.get(SPDXID) ?? []) {
      const file = this.#files.get(relatedSpdxElement);
      if (file === undefined || excluded.has(file.fileName)) continue;
      const digest = file.checksums.find(({ algorithm }) => algorithm === "SHA1")?.checksumValue;
      if (digest === undefined) return undefined;
      digests.push(digest);
    }
    return digests.length === 0 ? undefined : hash("sha1", digests.sort().join(""));
  }

  #file(one: SpdxFile, path: string): void {
    if (!one.checksums.some(({ algorithm }) => algorithm === "SHA1"))
      this.#say(`${path}/checksums`, "has no SHA1", "8.4");
    if (this.#strict) {
      this.#required(one.licenseConcluded, `${path}/licenseConcluded`, "8.5");
      this.#required(one.copyrightText, `${path}/copyrightText`, "8.8");
    }
    this.#checksums(one.checksums, path, "8.4");
    this.#expression(one.licenseConcluded, `${path}/licenseConcluded`, "8.5");
    for (const licence of one.licenseInfoInFiles) this.#expression(licence, `${path}/licenseInfoInFiles`, "8.6");
    for (const type of one.fileTypes) {
      if (!FILE_TYPES.has(type)) this.#say(`${path}/fileTypes`, `${cleanText(type, 40)} is no file type`, "8.3");
    }
  }

  #snippet(one: SpdxSnippet, path: string): void {
    const file = one.snippetFromFile;
    if (!this.#files.has(file) && !this.#isOther(file)) this.#say(`${path}/snippetFromFile`, "is no file here", "9.2");
    if (!one.ranges.some(({ unit }) => unit === "byte")) this.#say(`${path}/ranges`, "has no range of bytes", "9.3");
    for (const { from, to, reference } of one.ranges) {
      if (from < 1 || to < from) this.#say(`${path}/ranges`, "does not run forward from 1", "9.3");
      if (reference !== file) this.#say(`${path}/ranges`, "is of another file", "9.3");
    }
    this.#expression(one.licenseConcluded, `${path}/licenseConcluded`, "9.5");
    for (const licence of one.licenseInfoInSnippets) this.#expression(licence, `${path}/licenseInfoInSnippets`, "9.6");
  }

  #expression(text: string | undefined, path: string, clause: string): void {
    if (text === undefined || text === "NONE" || text === "NOASSERTION") return;
    const problem = expressionProblem(text);
    if (problem !== undefined) return this.#say(path, problem, clause);
    for (const [, other, id = ""] of text.matchAll(/(?:(DocumentRef-[A-Za-z0-9.-]+):)?(LicenseRef-[A-Za-z0-9.-]+)/g)) {
      if (other === undefined ? !this.#licences.has(id) : !this.#others.has(other)) {
        this.#say(path, `${cleanText(other ?? id, 80)} is not in the document`, clause);
      }
    }
  }

  #licenceInfos(): void {
    for (const { licenseId, extractedText } of this.#document.hasExtractedLicensingInfos) {
      const path = `/hasExtractedLicensingInfos/${licenseId}`;
      if (!/^LicenseRef-[A-Za-z0-9.-]+$/.test(licenseId)) this.#say(path, "is not LicenseRef-…", "10.1");
      this.#required(extractedText, `${path}/extractedText`, "10.2");
    }
  }

  #isOther(reference: string): boolean {
    const other = OTHER_ID.exec(reference)?.[1];
    return other !== undefined && this.#others.has(other);
  }

  #relations(): void {
    let described = false;
    for (const { spdxElementId, relationshipType, relatedSpdxElement } of this.#document.relationships) {
      const path = `/relationships/${spdxElementId} ${relationshipType} ${relatedSpdxElement}`;
      if (!RELATIONSHIP_TYPES.has(relationshipType)) this.#say(path, "is no type of relationship", "11.1");
      for (const end of [spdxElementId, relatedSpdxElement]) {
        const none = end === relatedSpdxElement && (end === "NONE" || end === "NOASSERTION");
        if (!none && !this.#ids.has(end) && !this.#isOther(end)) {
          this.#say(path, `${cleanText(end, 80)} is not in the document`, "11.1");
        }
      }
      described ||= relationshipType === "DESCRIBES" || relationshipType === "DESCRIBED_BY";
    }
    // With one package only it is plain what the document describes.
    if (!described && this.#document.packages.length !== 1) {
      this.#say("/relationships", "nothing says what the document DESCRIBES", "11.1");
    }
  }

  #notes(): void {
    for (const { spdxElementId, annotator, annotationDate, annotationType, comment } of this.#document.annotations) {
      const path = `/annotations/${spdxElementId}`;
      if (!CREATOR.test(annotator)) this.#say(`${path}/annotator`, "names no Person:, Organization: or Tool:", "12.1");
      this.#date(annotationDate, `${path}/annotationDate`, "12.2");
      if (!ANNOTATION_TYPES.has(annotationType)) this.#say(`${path}/annotationType`, "is not REVIEW or OTHER", "12.3");
      if (comment === "") this.#say(`${path}/comment`, "is missing", "12.5");
      if (!this.#ids.has(spdxElementId) && !this.#isOther(spdxElementId))
        this.#say(path, "annotates nothing here", "12.4");
    }
    for (const { reviewer, reviewDate } of this.#document.revieweds) {
      if (reviewer === undefined || !CREATOR.test(reviewer)) this.#say("/revieweds", "names no reviewer", "13.1");
      this.#date(reviewDate, "/revieweds/reviewDate", "13.2");
    }
  }
}
