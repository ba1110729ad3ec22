import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { parseRdf, type RdfNode } from "../rdf.ts";
import type { XmlElement } from "../xml.ts";
import { joinExpressions } from "./expression.ts";
import { type Lines, noteLine } from "./lines.ts";

const SPDX = "http://spdx.org/rdf/terms#";
const LICENCES = "http://spdx.org/licenses/";
const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
const DOAP = "http://usefulinc.com/ns/doap#";
const POINTERS = "http://www.w3.org/2009/pointers#";
/** A licence set that refers to a large one many times grows with each level. */
const MAX_EXPRESSION = 65_536;
const MAX_EXPRESSIONS = 16 * 1024 * 1024;
const MAX_SETS_IN_SETS = 60;

type Value = RdfNode | string;

/** Our member → the property that holds it, for texts; a resource gives its URI. */
type Texts = Readonly<Record<string, string>>;

const PACKAGE_TEXTS: Texts = {
  ...own("name versionInfo packageFileName supplier originator downloadLocation filesAnalyzed sourceInfo"),
  ...own(
    "licenseComments copyrightText summary description primaryPackagePurpose releaseDate builtDate validUntilDate",
  ),
  homepage: `${DOAP}homepage`,
  comment: `${RDFS}comment`,
};
const FILE_TEXTS: Texts = {
  ...own("fileName licenseComments copyrightText noticeText"),
  comment: `${RDFS}comment`,
};
const SNIPPET_TEXTS: Texts = { ...own("name licenseComments copyrightText"), comment: `${RDFS}comment` };

function own(names: string): Texts {
  return Object.fromEntries(names.split(" ").map((name) => [name, SPDX + name]));
}

/**
 * The JSON form of an SPDX document in RDF/XML (the ontology at spdx.org/rdf/terms). Exactly one `SpdxDocument`; elements that
 * stand anywhere in the graph are the document's. Faults: WB-RDF-FORM, WB-SPDX-FORM, with file and line.
 */
export function spdxRdfToJson(root: XmlElement, where: string, lines: Lines): JsonObject {
  return new Mapper(parseRdf(root, where), where, lines).document();
}

class Mapper {
  readonly #graph: ReadonlyMap<string, RdfNode>;
  readonly #where: string;
  readonly #lines: Lines;
  readonly #documentNode: RdfNode;
  readonly #namespace: string;
  /** Name space of another document → its `DocumentRef-…`. */
  readonly #others = new Map<string, string>();
  readonly #expressions = new Map<RdfNode, string>();
  /** Characters of all expressions. */
  #written = 0;

  constructor(graph: ReadonlyMap<string, RdfNode>, where: string, lines: Lines) {
    this.#graph = graph;
    this.#where = where;
    this.#lines = lines;
    const [document, second] = this.#ofType("SpdxDocument");
    if (document === undefined) throw this.#fault(1, "the RDF graph has no SpdxDocument");
    if (second !== undefined) throw this.#fault(second.line, "the RDF graph has a second SpdxDocument");
    this.#documentNode = document;
    this.#namespace = document.id.replace(/#.*$/s, "");
    for (const reference of this.#nodes(document, "externalDocumentRef")) {
      const name = this.#text(reference, `${SPDX}externalDocumentId`) ?? fragment(reference.id);
      const other = this.#text(reference, `${SPDX}spdxDocument`);
      if (other !== undefined) this.#others.set(other.replace(/#.*$/s, ""), name);
    }
  }

  document(): JsonObject {
    const node = this.#documentNode;
    const creation = this.#nodes(node, "creationInfo")[0];
    const packages = this.#ofType("Package");
    const files = this.#ofType("File");
    const snippets = this.#ofType("Snippet");
    const extracted = this.#ofType("ExtractedLicensingInfo").filter((one) =>
      one.properties.has(`${SPDX}extractedText`),
    );
    const licence = this.#value(node, `${SPDX}dataLicense`);
    return this.#at(node, {
      spdxVersion: this.#text(node, `${SPDX}specVersion`),
      SPDXID: this.#idOf(node),
      documentNamespace: this.#namespace === "" ? undefined : this.#namespace,
      name: this.#text(node, `${SPDX}name`),
      comment: this.#text(node, `${RDFS}comment`),
      dataLicense: licence === undefined ? undefined : this.#licence(licence, new Set()),
      creationInfo: creation && this.#creation(creation),
      externalDocumentRefs: this.#nodes(node, "externalDocumentRef").map((one) => this.#externalDocument(one)),
      hasExtractedLicensingInfos: extracted.map((one) => this.#extracted(one)),
      packages: packages.map((one) => this.#package(one)),
      files: files.map((one) => this.#file(one)),
      snippets: snippets.map((one) => this.#snippet(one)),
      annotations: this.#annotations(node),
      revieweds: this.#nodes(node, "reviewed").map((one) => this.#review(one)),
      documentDescribes: this.#nodes(node, "describesPackage").map((one) => this.#reference(one)),
      relationships: [node, ...packages, ...files, ...snippets].flatMap((one) => this.#relationships(one)),
    });
  }

  #ofType(name: string): RdfNode[] {
    return [...this.#graph.values()].filter((node) => node.types.has(SPDX + name));
  }

  #value(node: RdfNode, property: string): Value | undefined {
    const values = node.properties.get(property);
    if (values === undefined) return undefined;
    const [value] = values;
    if (new Set(values).size > 1) throw this.#fault(node.line, `${cleanText(fragment(property), 60)} has two values`);
    return value;
  }

  /** A literal, or the URI of a resource; `none` and `noassertion` as the words that the other encodings have. */
  #text(node: RdfNode, property: string): string | undefined {
    const value = this.#value(node, property);
    return value === undefined ? undefined : wordOf(value);
  }

  #texts(node: RdfNode, properties: Texts): Record<string, string | undefined> {
    return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, this.#text(node, property)]));
  }

  #list(node: RdfNode, property: string): string[] {
    return (node.properties.get(property) ?? []).map(wordOf);
  }

  #nodes(node: RdfNode, name: string): RdfNode[] {
    return (node.properties.get(SPDX + name) ?? []).filter((value) => typeof value !== "string");
  }

  /** Without absent members; they stand in the graph as no property at all. */
  #at(node: RdfNode, members: Readonly<Record<string, Json | undefined>>): JsonObject {
    const present = Object.entries(members).filter(([, value]) => value !== undefined) as [string, Json][];
    return noteLine(this.#lines, Object.fromEntries(present), node.line);
  }

  /** The identifier of an element of this document. A blank node has none: the reader says so. */
  #idOf(node: RdfNode): string | undefined {
    return node.id.startsWith("_:") ? undefined : fragment(node.id);
  }

  /** How another element is named: in this document, in another one, `NONE`, `NOASSERTION`. */
  #reference(value: Value): string {
    if (typeof value === "string") return value;
    const word = wordOf(value);
    if (word === "NONE" || word === "NOASSERTION") return word;
    const hash = value.id.lastIndexOf("#");
    const other = hash === -1 ? undefined : this.#others.get(value.id.slice(0, hash));
    return other === undefined ? fragment(value.id) : `${other}:${value.id.slice(hash + 1)}`;
  }

  #creation(node: RdfNode): JsonObject {
    return this.#at(node, {
      created: this.#text(node, `${SPDX}created`),
      creators: this.#list(node, `${SPDX}creator`),
      licenseListVersion: this.#text(node, `${SPDX}licenseListVersion`),
      comment: this.#text(node, `${RDFS}comment`),
    });
  }

  #externalDocument(node: RdfNode): JsonObject {
    return this.#at(node, {
      externalDocumentId: this.#text(node, `${SPDX}externalDocumentId`) ?? fragment(node.id),
      spdxDocument: this.#text(node, `${SPDX}spdxDocument`),
      checksum: this.#checksums(node)[0],
    });
  }

  #checksums(node: RdfNode): JsonObject[] {
    return this.#nodes(node, "checksum").map((one) =>
      this.#at(one, {
        algorithm: this.#text(one, `${SPDX}algorithm`),
        checksumValue: this.#text(one, `${SPDX}checksumValue`),
      }),
    );
  }

  #extracted(node: RdfNode): JsonObject {
    return this.#at(node, {
      licenseId: this.#text(node, `${SPDX}licenseId`) ?? this.#idOf(node),
      extractedText: this.#text(node, `${SPDX}extractedText`),
      name: this.#text(node, `${SPDX}name`),
      comment: this.#text(node, `${RDFS}comment`),
      seeAlsos: this.#list(node, `${RDFS}seeAlso`),
    });
  }

  #annotations(node: RdfNode): JsonObject[] {
    return this.#nodes(node, "annotation").map((one) =>
      this.#at(one, {
        annotator: this.#text(one, `${SPDX}annotator`),
        annotationDate: this.#text(one, `${SPDX}annotationDate`),
        annotationType: this.#text(one, `${SPDX}annotationType`),
        comment: this.#text(one, `${RDFS}comment`),
      }),
    );
  }

  #review(node: RdfNode): JsonObject {
    return this.#at(node, {
      reviewer: this.#text(node, `${SPDX}reviewer`),
      reviewDate: this.#text(node, `${SPDX}reviewDate`),
      comment: this.#text(node, `${RDFS}comment`),
    });
  }

  #relationships(node: RdfNode): JsonObject[] {
    return this.#nodes(node, "relationship").map((one) => {
      const related = this.#value(one, `${SPDX}relatedSpdxElement`);
      return this.#at(one, {
        spdxElementId: this.#idOf(node),
        relationshipType: this.#text(one, `${SPDX}relationshipType`),
        relatedSpdxElement: related === undefined ? undefined : this.#reference(related),
        comment: this.#text(one, `${RDFS}comment`),
      });
    });
  }

  #package(node: RdfNode): JsonObject {
    const code = this.#nodes(node, "packageVerificationCode")[0];
    return this.#at(node, {
      SPDXID: this.#idOf(node),
      ...this.#texts(node, PACKAGE_TEXTS),
      ...this.#licences(node, ["licenseConcluded", "licenseDeclared"]),
      licenseInfoFromFiles: this.#licenceList(node, "licenseInfoFromFiles"),
      packageVerificationCode: code && this.#code(code),
      checksums: this.#checksums(node),
      externalRefs: this.#nodes(node, "externalRef").map((one) => this.#externalRef(one)),
      attributionTexts: this.#list(node, `${SPDX}attributionText`),
      annotations: this.#annotations(node),
      hasFiles: this.#nodes(node, "hasFile").map((one) => this.#reference(one)),
    });
  }

  #code(node: RdfNode): JsonObject {
    return this.#at(node, {
      packageVerificationCodeValue: this.#text(node, `${SPDX}packageVerificationCodeValue`),
      packageVerificationCodeExcludedFiles: this.#list(node, `${SPDX}packageVerificationCodeExcludedFile`),
    });
  }

  #externalRef(node: RdfNode): JsonObject {
    return this.#at(node, {
      referenceCategory: this.#text(node, `${SPDX}referenceCategory`),
      referenceType: this.#text(node, `${SPDX}referenceType`),
      referenceLocator: this.#text(node, `${SPDX}referenceLocator`),
      comment: this.#text(node, `${RDFS}comment`),
    });
  }

  #file(node: RdfNode): JsonObject {
    return this.#at(node, {
      SPDXID: this.#idOf(node),
      ...this.#texts(node, FILE_TEXTS),
      ...this.#licences(node, ["licenseConcluded"]),
      licenseInfoInFiles: this.#licenceList(node, "licenseInfoInFile"),
      checksums: this.#checksums(node),
      fileTypes: this.#list(node, `${SPDX}fileType`),
      fileContributors: this.#list(node, `${SPDX}fileContributor`),
      attributionTexts: this.#list(node, `${SPDX}attributionText`),
      fileDependencies: (node.properties.get(`${SPDX}fileDependency`) ?? []).map((one) => this.#reference(one)),
      artifactOfs: this.#nodes(node, "artifactOf").map((one) =>
        this.#at(one, {
          name: this.#text(one, `${DOAP}name`),
          homePage: this.#text(one, `${DOAP}homepage`),
          projectUri: one.id.startsWith("_:") ? undefined : one.id,
        }),
      ),
      annotations: this.#annotations(node),
    });
  }

  #snippet(node: RdfNode): JsonObject {
    const file = this.#value(node, `${SPDX}snippetFromFile`);
    return this.#at(node, {
      SPDXID: this.#idOf(node),
      snippetFromFile: file === undefined ? undefined : this.#reference(file),
      ...this.#texts(node, SNIPPET_TEXTS),
      ...this.#licences(node, ["licenseConcluded"]),
      licenseInfoInSnippets: this.#licenceList(node, "licenseInfoInSnippet"),
      attributionTexts: this.#list(node, `${SPDX}attributionText`),
      ranges: this.#nodes(node, "range").map((one) =>
        this.#at(one, {
          startPointer: this.#pointer(one, "startPointer"),
          endPointer: this.#pointer(one, "endPointer"),
        }),
      ),
      annotations: this.#annotations(node),
    });
  }

  #pointer(range: RdfNode, name: string): JsonObject | undefined {
    const pointer = this.#value(range, POINTERS + name);
    if (pointer === undefined || typeof pointer === "string") return undefined;
    const reference = this.#value(pointer, `${POINTERS}reference`);
    return this.#at(pointer, {
      offset: this.#text(pointer, `${POINTERS}offset`),
      lineNumber: this.#text(pointer, `${POINTERS}lineNumber`),
      reference: reference === undefined ? undefined : this.#reference(reference),
    });
  }

  #licences(node: RdfNode, names: readonly string[]): Record<string, string | undefined> {
    return Object.fromEntries(
      names.map((name) => {
        const value = this.#value(node, SPDX + name);
        return [name, value === undefined ? undefined : this.#licence(value, new Set())];
      }),
    );
  }

  #licenceList(node: RdfNode, name: string): string[] {
    return (node.properties.get(SPDX + name) ?? []).map((value) => this.#licence(value, new Set()));
  }

  /** The expression of a licence, set of licences, or operator (annex D, and clause 10 for extracted ones). */
  #licence(value: Value, above: Set<RdfNode>): string {
    if (typeof value === "string") return value;
    const known = this.#expressions.get(value);
    if (known !== undefined) return known;
    if (above.has(value)) throw this.#fault(value.line, "a licence set contains itself");
    if (above.size > MAX_SETS_IN_SETS) throw this.#fault(value.line, "licence sets are nested too deep");
    above.add(value);
    const expression = this.#expression(value, above);
    above.delete(value);
    this.#written += expression.length;
    if (expression.length > MAX_EXPRESSION || this.#written > MAX_EXPRESSIONS) {
      throw this.#fault(value.line, "licence sets are longer than is read");
    }
    this.#expressions.set(value, expression);
    return expression;
  }

  #expression(node: RdfNode, above: Set<RdfNode>): string {
    const members = (): string[] =>
      (node.properties.get(`${SPDX}member`) ?? []).map((member) => this.#licence(member, above));
    if (node.types.has(`${SPDX}ConjunctiveLicenseSet`)) return this.#joined("AND", members(), node);
    if (node.types.has(`${SPDX}DisjunctiveLicenseSet`)) return this.#joined("OR", members(), node);
    if (node.types.has(`${SPDX}OrLaterOperator`)) return `${members().join(" ")}+`;
    if (node.types.has(`${SPDX}WithExceptionOperator`)) {
      const exception = this.#value(node, `${SPDX}licenseException`);
      const id = typeof exception === "object" ? this.#text(exception, `${SPDX}licenseExceptionId`) : exception;
      return `${members().join(" ")} WITH ${id ?? (typeof exception === "object" ? lastPart(exception.id) : "")}`;
    }
    if (node.id.startsWith(LICENCES)) return node.id.slice(LICENCES.length);
    const id = this.#text(node, `${SPDX}licenseId`);
    return id ?? (node.id.startsWith("_:") ? "NOASSERTION" : this.#reference(node));
  }

  #joined(kind: "AND" | "OR", members: readonly string[], node: RdfNode): string {
    if (members.length === 0) throw this.#fault(node.line, "a licence set has no member");
    const length = members.reduce((sum, member) => sum + member.length, 0);
    if (length > MAX_EXPRESSION) throw this.#fault(node.line, "licence sets are longer than is read");
    return joinExpressions(kind, members);
  }

  #fault(line: number, what: string): Fault {
    return new Fault({ code: "WB-SPDX-FORM", kind: "input", what, where: `${this.#where}:${line}` });
  }
}

function wordOf(value: Value): string {
  if (typeof value === "string") return value;
  if (!value.id.startsWith(SPDX)) return value.id;
  const name = value.id.slice(SPDX.length);
  return name === "none" || name === "noassertion" ? name.toUpperCase() : name;
}

function fragment(uri: string): string {
  return uri.slice(uri.lastIndexOf("#") + 1);
}

function lastPart(uri: string): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}
