/** A stable code, `WB-` and words in capitals. Every code is listed in docs/codes.md. */
export type FaultCode = `WB-${string}`;

/** What kind of no it is; decides the exit code: input 2, refused 1, unchecked 3 (CLI.md, "Exit code"). */
export type FaultKind = "input" | "refused" | "unchecked";

/** The facts of a fault: what is wrong, where, and what a person can do about it. No secrets, no stack. */
export interface FaultFacts {
  readonly code: FaultCode;
  readonly kind: FaultKind;
  /** One line, no full stop. */
  readonly what: string;
  /** `file`, `file:line`, a URL without credentials, or the part of a document (JSON pointer). */
  readonly where?: string;
  readonly expected?: string;
  readonly found?: string;
  /** The hint line: what to do next. */
  readonly fix?: string;
}

/**
 * Thrown where work cannot go on; caught only by `cli/` and `server/`, and where one bad item of many is recorded and
 * passed over. A verifier does not throw it: it reports `Check`s.
 */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly facts: FaultFacts;
  constructor(facts: FaultFacts) {
    super(facts.what);
    this.facts = facts;
  }
}
