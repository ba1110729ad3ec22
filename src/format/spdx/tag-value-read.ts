import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { type Lines, noteLine } from "./lines.ts";
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

/** An object of the JSON form that is being filled. */
type Draft = Record<string, Json | Json[]>;

/** Tags that begin an object; all others belong to the one that was begun last. */
const BEGINNINGS: Readonly<Record<string, readonly [list: string, tags: TagTable]>> = {
  PackageName: ["packages", PACKAGE_TAGS],
  FileName: ["files", FILE_TAGS],
  SnippetSPDXID: ["snippets", SNIPPET_TAGS],
  LicenseID: ["hasExtractedLicensingInfos", LICENCE_TAGS],
  Annotator: ["annotations", ANNOTATION_TAGS],
  Reviewer: ["revieweds", REVIEW_TAGS],
};

/** An element takes a kilobyte in the inventory and twice that on the way there; two lines are enough to begin one. */
const MAX_BEGUN = 200_000;
const MAX_TAGS = 1_000_000;

/**
 * The JSON form of an SPDX document in tag-value: `Tag: value` a line, `<text>…</text>` over several, `#` a comment. A file
 * that follows a package belongs to it (SPDX 2.3, 8.1): one more CONTAINS relationship.
 *
 * Faults: WB-SPDX-SYNTAX, WB-SPDX-FORM, with file and line; WB-TEXT-TOO-LARGE for more than a million tags or 200,000 elements.
 */
export function tagValueToJson(text: string, where: string, lines: Lines): JsonObject {
  return new Reader(text, where, lines).read();
}

class Reader {
  readonly #text: string;
  readonly #where: string;
  readonly #lines: Lines;
  readonly #document: Draft = {};
  readonly #creation: Draft = {};
  #current: readonly [Draft, TagTable] | undefined;
  #element: Draft | undefined;
  #package: Draft | undefined;
  #external: Draft | undefined;
  #related: Draft | undefined;
  #artifact: Draft | undefined;
  #line = 0;
  #begun = 0;
  #tags = 0;

  constructor(text: string, where: string, lines: Lines) {
    this.#text = text.replaceAll("\r\n", "\n");
    this.#where = where;
    this.#lines = lines;
  }

  read(): JsonObject {
    noteLine(this.#lines, this.#document, 1);
    noteLine(this.#lines, this.#creation, 1);
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      this.#line += 1;
      const found = text.indexOf("\n", at);
      const end = found === -1 ? text.length : found;
      const line = text.slice(at, end);
      at = end + 1;
      const start = line.trimStart();
      if (start === "" || start.startsWith("#")) continue;
      const colon = line.indexOf(":");
      const tag = line.slice(0, colon).trim();
      if (colon === -1 || !/^[A-Za-z]+$/.test(tag)) throw this.#fault("WB-SPDX-SYNTAX", "the line is no `Tag: value`");
      let value = line.slice(colon + 1).trim();
      const first = this.#line;
      if (value.startsWith("<text>")) {
        const open = text.indexOf("<text>", end - line.length + colon) + "<text>".length;
        const close = text.indexOf("</text>", open);
        if (close === -1) throw this.#fault("WB-SPDX-SYNTAX", "a <text> is not closed");
        value = text.slice(open, close);
        const after = text.indexOf("\n", close);
        at = after === -1 ? text.length : after + 1;
        if (text.slice(close + "</text>".length, at).trim() !== "") {
          throw this.#fault("WB-SPDX-SYNTAX", "something follows </text> in its line");
        }
        this.#set(tag, value);
        this.#line = first + (value.match(/\n/g)?.length ?? 0);
      } else this.#set(tag, value);
    }
    if (Object.keys(this.#creation).length > 0) this.#document["creationInfo"] = this.#creation;
    return this.#document;
  }

  #set(tag: string, value: string): void {
    this.#tags += 1;
    if (this.#tags > MAX_TAGS) throw this.#tooLarge(`${MAX_TAGS} tags`);
    const beginning = Object.hasOwn(BEGINNINGS, tag) ? BEGINNINGS[tag] : undefined;
    if (beginning !== undefined) this.#begin(beginning[0], beginning[1]);
    if (this.#structured(tag, value)) return;
    if (Object.hasOwn(CREATION_TAGS, tag)) return this.#put(this.#creation, CREATION_TAGS, tag, value);
    if (Object.hasOwn(DOCUMENT_TAGS, tag)) return this.#put(this.#document, DOCUMENT_TAGS, tag, value);
    const [draft, tags] = this.#current ?? [undefined, {}];
    if (draft !== undefined && Object.hasOwn(tags, tag)) return this.#put(draft, tags, tag, value);
    // An annotation or licence may stand between an element and the rest of its tags.
    const known = this.#element === this.#package ? PACKAGE_TAGS : FILE_TAGS;
    if (this.#element !== undefined && Object.hasOwn(known, tag)) return this.#put(this.#element, known, tag, value);
    if (tag === "SPDXID" && this.#element === undefined) {
      return this.#put(this.#document, { SPDXID: { member: "SPDXID" } }, tag, value);
    }
    throw this.#fault("WB-SPDX-FORM", `the tag ${cleanText(tag, 60)} is not known here`);
  }

  #tooLarge(most: string): Fault {
    return new Fault({
      code: "WB-TEXT-TOO-LARGE",
      kind: "input",
      what: "a document is larger than is read",
      where: `${this.#where}:${this.#line}`,
      expected: `at most ${most}`,
    });
  }

  #begin(list: string, tags: TagTable): void {
    this.#begun += 1;
    if (this.#begun > MAX_BEGUN) throw this.#tooLarge(`${MAX_BEGUN} elements`);
    const draft: Draft = noteLine(this.#lines, {} as Draft, this.#line);
    this.#add(this.#document, list, draft);
    this.#current = [draft, tags];
    this.#related = undefined;
    this.#external = undefined;
    this.#artifact = undefined;
    if (list === "packages") this.#package = draft;
    if (list === "packages" || list === "files") this.#element = draft;
    if (list === "snippets") this.#element = undefined;
  }

  #put(draft: Draft, tags: TagTable, tag: string, value: string): void {
    const rule = tags[tag];
    if (rule === undefined) return;
    if (rule.list === true) for (const item of rule.separated?.(value) ?? [value]) this.#add(draft, rule.member, item);
    else if (draft[rule.member] === undefined) draft[rule.member] = value;
    else throw this.#fault("WB-SPDX-FORM", `the tag ${tag} stands twice`);
    if (tag === "SPDXID" && draft === this.#element && draft !== this.#package && this.#package !== undefined) {
      this.#add(this.#document, "relationships", {
        spdxElementId: this.#package["SPDXID"] ?? "",
        relationshipType: "CONTAINS",
        relatedSpdxElement: value,
      });
    }
  }

  #add(draft: Draft, member: string, value: Json): void {
    const list = draft[member];
    if (Array.isArray(list)) list.push(value);
    else draft[member] = [value];
  }

  #note(draft: Draft): Draft {
    return noteLine(this.#lines, draft, this.#line);
  }

  /** Tags whose value has parts. Gives whether the tag is one of them. */
  #structured(tag: string, value: string): boolean {
    const [draft] = this.#current ?? [undefined];
    switch (tag) {
      case "ExternalDocumentRef":
        this.#add(this.#document, "externalDocumentRefs", this.#externalDocument(value));
        return true;
      case "Relationship":
        this.#relationship(value);
        return true;
      case "RelationshipComment":
        this.#comment(this.#related, tag, value);
        return true;
      case "PackageChecksum":
        this.#add(this.#in(this.#package, tag), "checksums", this.#checksum(value));
        return true;
      case "FileChecksum":
        this.#add(this.#in(this.#element, tag), "checksums", this.#checksum(value));
        return true;
      case "PackageVerificationCode":
        this.#in(this.#package, tag)["packageVerificationCode"] = this.#code(value);
        return true;
      case "ExternalRef":
        this.#externalRef(this.#in(this.#package, tag), value);
        return true;
      case "ExternalRefComment":
        this.#comment(this.#external, tag, value);
        return true;
      case "SnippetByteRange":
        this.#add(this.#in(draft, tag), "ranges", this.#range(value, "offset"));
        return true;
      case "SnippetLineRange":
        this.#add(this.#in(draft, tag), "ranges", this.#range(value, "lineNumber"));
        return true;
      case "ArtifactOfProjectName":
        this.#artifact = this.#note({ name: value });
        this.#add(this.#in(this.#element, tag), "artifactOfs", this.#artifact);
        return true;
      case "ArtifactOfProjectHomePage":
      case "ArtifactOfProjectURI":
        this.#in(this.#artifact, tag)[tag.endsWith("URI") ? "projectUri" : "homePage"] = value;
        return true;
      default:
        return false;
    }
  }

  #in(draft: Draft | undefined, tag: string): Draft {
    if (draft === undefined) throw this.#fault("WB-SPDX-FORM", `the tag ${tag} has nothing to belong to`);
    return draft;
  }

  #comment(draft: Draft | undefined, tag: string, value: string): void {
    this.#in(draft, tag)["comment"] = value;
  }

  #parts(value: string, pattern: RegExp, form: string): RegExpExecArray {
    const found = pattern.exec(value);
    if (found === null) throw this.#fault("WB-SPDX-SYNTAX", `the value is not of the form ${form}`);
    return found;
  }

  #externalDocument(value: string): Draft {
    const pattern = /^(\S+)\s+(\S+)\s+(\S+?):\s*(\S+)$/;
    const [, id = "", uri = "", algorithm = "", checksumValue = ""] = this.#parts(
      value,
      pattern,
      "ID URI ALGORITHM: HEX",
    );
    return this.#note({ externalDocumentId: id, spdxDocument: uri, checksum: { algorithm, checksumValue } });
  }

  #checksum(value: string): Draft {
    const [, algorithm = "", checksumValue = ""] = this.#parts(value, /^([^\s:]+):\s*(\S+)$/, "ALGORITHM: HEX");
    return this.#note({ algorithm, checksumValue });
  }

  #relationship(value: string): void {
    const [, from = "", type = "", to = ""] = this.#parts(value, /^(\S+)\s+(\S+)\s+(\S+)$/, "ID TYPE ID");
    this.#related = this.#note({ spdxElementId: from, relationshipType: type, relatedSpdxElement: to });
    this.#add(this.#document, "relationships", this.#related);
  }

  /** `d6a7…(excludes: ./a, ./b)`; the word is the specification's, tools leave it out. */
  #code(value: string): Draft {
    const pattern = /^([0-9A-Za-z]+)\s*(?:\((?:excludes:)?([^]*)\))?$/;
    const [, code = "", excluded = ""] = this.#parts(value, pattern, "HEX (excludes: FILE, FILE)");
    const files = excluded
      .split(/,\s*/)
      .map((file) => file.trim())
      .filter((file) => file !== "");
    return this.#note({ packageVerificationCodeValue: code, packageVerificationCodeExcludedFiles: files });
  }

  #externalRef(draft: Draft, value: string): void {
    const [, category = "", type = "", locator = ""] = this.#parts(
      value,
      /^(\S+)\s+(\S+)\s+(\S[^]*)$/,
      "CATEGORY TYPE LOCATOR",
    );
    this.#external = this.#note({ referenceCategory: category, referenceType: type, referenceLocator: locator });
    this.#add(draft, "externalRefs", this.#external);
  }

  #range(value: string, unit: "offset" | "lineNumber"): Draft {
    const [, from = "", to = ""] = this.#parts(value, /^([0-9]+)\s*:\s*([0-9]+)$/, "FROM:TO");
    return this.#note({ startPointer: { [unit]: from }, endPointer: { [unit]: to } });
  }

  #fault(code: "WB-SPDX-SYNTAX" | "WB-SPDX-FORM", what: string): Fault {
    return new Fault({ code, kind: "input", what, where: `${this.#where}:${this.#line}` });
  }
}
