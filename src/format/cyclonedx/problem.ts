import { cleanText } from "../../artifact/clean-text.ts";
import type { FaultCode } from "../../model/fault.ts";

/** Something in a document that its specification does not allow. */
export interface Problem {
  /** WB-CYCLONEDX-SCHEMA: against the schema; WB-CYCLONEDX-RULE: against the text of the specification. */
  readonly code: FaultCode;
  /** JSON pointer (RFC 6901); of an XML document the path of elements, `/bom/components/component[2]/@type`. */
  readonly path: string;
  /** 1-based, of an XML document. */
  readonly line?: number;
  readonly expected: string;
  readonly found: string;
}

/**
 * What a conversion could not keep, by the JSON pointer (RFC 6901) of the document that was read. What only XML has is named as
 * written there: `/metadata/ds:Signature`, `/components/0/@foo:bar`.
 */
export interface Lost {
  readonly path: string;
  readonly reason: string;
}

/** Where a value of the JSON shape stands in the XML document. */
export interface XmlPlace {
  readonly path: string;
  readonly line: number;
}

/** The pointer of a member or an item. Most names need no escape: the search for one is cheaper than a replacement. */
export function pointer(path: string, key: string | number): string {
  if (typeof key === "number" || (!key.includes("/") && !key.includes("~"))) return `${path}/${key}`;
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** For people: one line for each kind of loss, with `*` for the numbers in its path and how often it happened. */
export function summarizeLost(lost: readonly Lost[]): readonly string[] {
  const kinds = new Map<string, number>();
  for (const { path, reason } of lost) {
    const kind = `${cleanText(path.replace(/\/\d+(?=\/|$)/g, "/*"), 120)}: ${cleanText(reason)}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, times]) => (times === 1 ? kind : `${kind} (${times} times)`));
}
