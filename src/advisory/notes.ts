import type { Component, Note } from "../model/sbom.ts";
import type { Judgement } from "./finding.ts";

const SAID: Readonly<Record<Note["kind"], string>> = {
  deprecated: "its maintainers call it deprecated",
  unmaintained: "its maintainers have given it up",
  yanked: "its maintainers took this release back",
};

/**
 * What the component's own registry says of it makes a finding without a record: no flaw is known, so its severity is none. Its id is
 * the kind itself, so that a statement or exception can name it beside the package.
 */
export function judgeNotes({ notes = [] }: Component): readonly Judgement[] {
  return notes.map(({ kind, text }) => ({
    id: kind,
    ids: [kind],
    kind,
    severity: "none",
    summary: text === "" ? SAID[kind] : text,
    records: [],
    rating: { risk: 0 },
    fixed: [],
  }));
}
