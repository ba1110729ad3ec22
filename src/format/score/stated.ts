import { parseTimestamp } from "../timestamp.ts";

/** What a document can state of itself. */
export type DocumentFact =
  | "format"
  | "author"
  | "author-contact"
  | "tool"
  | "timestamp"
  | "generation-context"
  | "uri"
  | "completeness";

/** What a document can state of a component. */
export type ComponentFact =
  | "name"
  | "version"
  | "supplier"
  | "creator-contact"
  | "identifier"
  | "relationship"
  | "dependencies"
  | "hash"
  | "sha512"
  | "licence"
  | "distribution-licence"
  | "original-licence"
  | "effective-licence"
  | "filename"
  | "executable"
  | "archive"
  | "structured"
  | "source-uri"
  | "source-sha512"
  | "deployable-uri"
  | "security-txt";

/** One component (the subject is one) and what is stated of it. */
export interface StatedComponent {
  /** Where it stands: JSON pointer, or the identifier that the form gives it. */
  readonly path: string;
  readonly name: string;
  readonly purl?: string;
  readonly facts: ReadonlySet<ComponentFact>;
}

/** What a document of any form states, as far as the rule sets ask. */
export interface StatedSbom {
  /** e.g. `CycloneDX 1.6`. */
  readonly form: string;
  readonly facts: ReadonlySet<DocumentFact>;
  readonly components: readonly StatedComponent[];
  /** What this form and version has no place for. */
  readonly cannot: ReadonlySet<DocumentFact | ComponentFact>;
}

/** The names whose value is true. */
export function factsOf<F extends string>(said: Readonly<Record<F, boolean>>): ReadonlySet<F> {
  return new Set((Object.keys(said) as F[]).filter((fact) => said[fact]));
}

/** A text that says something: SPDX's word for saying nothing, and what people write for it, do not. */
export function isSaid(text: string | undefined): boolean {
  return text !== undefined && !/^\s*(?:noassertion|unknown|n\/a)?\s*$/i.test(text);
}

/** As SPDX demands a time, our own documents without one carry the first second of 1970: that is none. */
export function isTime(text: string | undefined): boolean {
  const time = text === undefined ? undefined : parseTimestamp(text);
  return time !== undefined && time !== "1970-01-01T00:00:00Z";
}

/** An email address or a web address, bare or in a text ("Name <a@b.example>", "Organization: Name (a@b.example)"). */
export function isContact(text: string | undefined): boolean {
  return text !== undefined && /[^\s<>()@]+@[^\s<>()@]+|\bhttps?:\/\/[^\s<>()]+/i.test(text);
}
