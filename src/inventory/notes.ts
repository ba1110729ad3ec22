import { cleanText } from "../artifact/clean-text.ts";
import type { Note } from "../model/sbom.ts";

const NONE: readonly Note[] = [];
const MAX_TEXT = 300;

/** A note by the value that a lockfile or manifest gives: a text is the reason, `true` is none; anything else says nothing. */
export function noteOf(kind: Note["kind"], value: unknown): readonly Note[] {
  if (value === true) return [{ kind, text: "" }];
  return typeof value === "string" && value !== "" ? [{ kind, text: cleanText(value, MAX_TEXT) }] : NONE;
}
