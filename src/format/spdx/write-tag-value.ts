import { cleanText } from "../../artifact/clean-text.ts";
import type { SpdxDocument, SpdxFile, SpdxPackage, SpdxSnippet } from "./model.ts";
import {
  ANNOTATION_TAGS,
  CREATION_TAGS,
  DOCUMENT_TAGS,
  FILE_TAGS,
  LICENCE_TAGS,
  PACKAGE_TAGS,
  REVIEW_TAGS,
  SNIPPET_TAGS,
  type TagTable,
} from "./tag-value-tags.ts";

export interface TagValue {
  readonly text: string;
  /** What the form cannot hold, one line each. */
  readonly lost: readonly string[];
}

/**
 * The tag-value form of a document (SPDX 2.3, annex "tag-value"). Files that no package contains come first, each other one
 * after the first package that contains it, because what follows a package belongs to it. Read again it gives the same
 * document, apart from what `lost` names: a text with `</text>` in it, a single line with blanks around, a range of another
 * file than the snippet's, a second byte or line range.
 */
export function spdxTagValue(document: SpdxDocument): TagValue {
  return new Writer(document).write();
}

class Writer {
  readonly #document: SpdxDocument;
  readonly #out: string[] = [];
  readonly #lost: string[] = [];

  constructor(document: SpdxDocument) {
    this.#document = document;
  }

  write(): TagValue {
    const { creationInfo, externalDocumentRefs } = this.#document;
    this.#tags(this.#document, DOCUMENT_TAGS, ["SPDXVersion", "DataLicense"]);
    this.#line("SPDXID", this.#document.SPDXID);
    this.#tags(this.#document, DOCUMENT_TAGS, ["DocumentName", "DocumentNamespace", "DocumentComment"]);
    for (const { externalDocumentId, spdxDocument, checksum } of externalDocumentRefs) {
      const digest = checksum === undefined ? undefined : `${checksum.algorithm}: ${checksum.checksumValue}`;
      if (digest === undefined) this.#lost.push(`the external document ${externalDocumentId}, which has no checksum`);
      else this.#line("ExternalDocumentRef", `${externalDocumentId} ${spdxDocument} ${digest}`);
    }
    this.#tags(creationInfo, CREATION_TAGS);
    this.#elements();
    for (const licence of this.#document.hasExtractedLicensingInfos) this.#section(licence, LICENCE_TAGS);
    for (const { spdxElementId, relationshipType, relatedSpdxElement, comment } of this.#document.relationships) {
      this.#line("Relationship", `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`);
      if (comment !== undefined) this.#text("RelationshipComment", comment);
    }
    for (const annotation of this.#document.annotations) this.#section(annotation, ANNOTATION_TAGS);
    for (const review of this.#document.revieweds) {
      if (review.reviewer === undefined)
        this.#lost.push(`a review of ${cleanText(review.reviewDate, 40)} without a reviewer`);
      else this.#section(review, REVIEW_TAGS);
    }
    return { text: this.#out.join(""), lost: this.#lost };
  }

  #elements(): void {
    const { packages, files, relationships } = this.#document;
    const inPackage = new Map<string, string>();
    const packageIds = new Set(packages.map(({ SPDXID }) => SPDXID));
    for (const { spdxElementId, relationshipType, relatedSpdxElement } of relationships) {
      if (relationshipType !== "CONTAINS" || !packageIds.has(spdxElementId)) continue;
      if (!inPackage.has(relatedSpdxElement)) inPackage.set(relatedSpdxElement, spdxElementId);
    }
    const byPackage = Map.groupBy(files, ({ SPDXID }) => inPackage.get(SPDXID) ?? "");
    for (const file of byPackage.get("") ?? []) this.#file(file);
    for (const one of packages) {
      this.#package(one);
      for (const file of byPackage.get(one.SPDXID) ?? []) this.#file(file);
      byPackage.delete(one.SPDXID);
    }
    for (const snippet of this.#document.snippets) this.#snippet(snippet);
  }

  #package(one: SpdxPackage): void {
    this.#section(one, PACKAGE_TAGS);
    const code = one.packageVerificationCode;
    if (code !== undefined) {
      for (const file of code.packageVerificationCodeExcludedFiles) {
        if (/,\s|[\r\n]|^\s|\s$/.test(file))
          this.#lost.push(`PackageVerificationCode: the name ${cleanText(file, 80)}`);
      }
      const excluded = code.packageVerificationCodeExcludedFiles.join(", ");
      const text = code.packageVerificationCodeValue;
      this.#line("PackageVerificationCode", excluded === "" ? text : `${text} (excludes: ${excluded})`);
    }
    for (const { algorithm, checksumValue } of one.checksums)
      this.#line("PackageChecksum", `${algorithm}: ${checksumValue}`);
    for (const { referenceCategory, referenceType, referenceLocator, comment } of one.externalRefs) {
      this.#line("ExternalRef", `${referenceCategory} ${referenceType} ${referenceLocator}`);
      if (comment !== undefined) this.#text("ExternalRefComment", comment);
    }
  }

  #file(file: SpdxFile): void {
    this.#section(file, FILE_TAGS);
    for (const { algorithm, checksumValue } of file.checksums)
      this.#line("FileChecksum", `${algorithm}: ${checksumValue}`);
    for (const { name, homePage, projectUri } of file.artifactOfs) {
      this.#line("ArtifactOfProjectName", name ?? "UNKNOWN");
      if (homePage !== undefined) this.#line("ArtifactOfProjectHomePage", homePage);
      if (projectUri !== undefined) this.#line("ArtifactOfProjectURI", projectUri);
    }
  }

  #snippet(snippet: SpdxSnippet): void {
    this.#section(snippet, SNIPPET_TAGS);
    const written = new Set<string>();
    for (const { unit, from, to, reference } of snippet.ranges) {
      if (reference !== snippet.snippetFromFile || written.has(unit)) {
        this.#lost.push(`${snippet.SPDXID}: the ${unit} range ${from}:${to} of ${cleanText(reference, 80)}`);
        continue;
      }
      written.add(unit);
      this.#line(unit === "byte" ? "SnippetByteRange" : "SnippetLineRange", `${from}:${to}`);
    }
  }

  #section(object: object, table: TagTable): void {
    this.#out.push("\n");
    this.#tags(object, table);
  }

  #tags(object: object, table: TagTable, only = Object.keys(table)): void {
    for (const tag of only) {
      const rule = table[tag];
      const value: unknown = rule && Reflect.get(object, rule.member);
      if (rule === undefined || value === undefined) continue;
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (rule.multiline === true) this.#text(tag, String(item));
        else this.#line(tag, String(item));
      }
    }
  }

  #line(tag: string, value: string): void {
    const clean = value.replaceAll(/[\r\n]+/g, " ").trim();
    if (clean !== value) {
      // Where no form holds the text as it is, it is written as nearly as can be, and said.
      if (value.includes("</text>")) this.#lost.push(`${tag}: line ends of ${cleanText(value, 60)}`);
      else return this.#text(tag, value);
    }
    if (clean.startsWith("<text>")) return this.#text(tag, value);
    this.#out.push(`${tag}: ${clean}\n`);
  }

  #text(tag: string, value: string): void {
    if (value.includes("</text>")) this.#lost.push(`${tag}: the mark </text> in ${cleanText(value, 60)}`);
    if (value.includes("\r\n")) this.#lost.push(`${tag}: carriage returns in ${cleanText(value, 60)}`);
    const text = value.replaceAll("</text>", "<\\/text>").replaceAll("\r\n", "\n");
    this.#out.push(`${tag}: <text>${text}</text>\n`);
  }
}
