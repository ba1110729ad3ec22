import type { Json, JsonObject } from "../../model/statement.ts";
import type { SpdxAnnotation, SpdxDocument, SpdxSnippet } from "./model.ts";

/**
 * The JSON form of a document (schemas/spdx-schema.json of 2.2 and 2.3). Annotations stand in their elements, relationships
 * in one list; what is absent or empty is left out. Read again it gives the same document; the same document gives the same
 * bytes.
 */
export function spdxJson(document: SpdxDocument): JsonObject {
  const { annotations, unread: _unread, snippets, packages, files, creationInfo, ...rest } = document;
  const byElement = Map.groupBy(annotations, ({ spdxElementId }) => spdxElementId);
  const ids = new Set([document, ...packages, ...files, ...snippets].map(({ SPDXID }) => SPDXID));
  // An annotation of an element that is not there must not be lost: the document's list may name it.
  const own = annotations.filter(({ spdxElementId }) => spdxElementId === document.SPDXID || !ids.has(spdxElementId));
  const annotated = <T extends { readonly SPDXID: string }>(element: T): object => ({
    ...element,
    annotations: take(byElement, element.SPDXID).map(withoutElement),
  });
  return compact({
    ...rest,
    creationInfo,
    annotations: own.map((one) => (one.spdxElementId === document.SPDXID ? withoutElement(one) : one)),
    packages: packages.map(annotated),
    files: files.map(annotated),
    snippets: snippets.map((snippet) => annotated({ ...snippet, ranges: ranges(snippet) })),
  }) as JsonObject;
}

/** Once: two elements with one identifier share their annotations, which must not double. */
function take(byElement: Map<string, SpdxAnnotation[]>, id: string): SpdxAnnotation[] {
  const found = byElement.get(id) ?? [];
  byElement.delete(id);
  return found;
}

function withoutElement({ spdxElementId: _element, ...annotation }: SpdxAnnotation): object {
  return annotation;
}

function ranges(snippet: SpdxSnippet): object[] {
  return snippet.ranges.map(({ unit, from, to, reference }) => {
    const name = unit === "byte" ? "offset" : "lineNumber";
    return { startPointer: { [name]: from, reference }, endPointer: { [name]: to, reference } };
  });
}

/** Without empty lists; members in the order in which the model has them. */
function compact(value: unknown): Json {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== "object" || value === null) return value as Json;
  const members = Object.entries(value).filter(
    ([, one]) => one !== undefined && !(Array.isArray(one) && one.length === 0),
  );
  return Object.fromEntries(members.map(([name, one]) => [name, compact(one)]));
}
