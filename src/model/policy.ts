import type { Artifact } from "./artifact.ts";
import type { MatchResult } from "./advisory.ts";
import type { DigestHex, Known, Purl, Timestamp } from "./digest.ts";
import type { Sbom } from "./sbom.ts";
import type { Check, Evidence, InputOrigin, Trust } from "./trust.ts";

export type Station = "ingest" | "build" | "package" | "install";
export type Mode = "observe" | "warn" | "enforce";
/** `station.rule`, e.g. `package.sbom`. */
export type RuleId = `${Station}.${string}`;

/** All that a rule may look at. Collected before; evaluation asks nobody (DESIGN, "evaluate is pure"). */
export interface Facts {
  readonly station: Station;
  readonly artifact: Artifact;
  /** Name and version that the bytes themselves state, as a package URL. */
  readonly stated?: Purl;
  /** What the receiver asked for (`--expect`); absent = not asked. */
  readonly expected?: Purl;
  readonly evidence: readonly Evidence[];
  /** Papers that are there and did not verify. */
  readonly refusals: readonly {
    readonly paper: DigestHex;
    readonly line: number;
    readonly predicateType?: string;
    readonly checks: readonly Check[];
  }[];
  /** Digests of all papers that are there, verified or not. */
  readonly papers: readonly DigestHex[];
  /** What the sources declare (check, ship), and what our own look at the bytes gave (ship, receive). */
  readonly declared?: Sbom;
  readonly inspected?: Sbom;
  readonly matched: Known<MatchResult>;
  readonly trust: Trust;
  readonly vex: readonly InputOrigin[];
  /** Absent: no record of the index was overruled locally. */
  readonly overrules?: InputOrigin;
  readonly at: Timestamp;
}

/** What a rule says about the facts: at least one line, each with what was expected and found. */
export interface RuleOutcome {
  readonly outcome: "pass" | "fail" | "unchecked";
  readonly expected: string;
  readonly found: string;
  /** What exactly it is about, for exceptions: a package URL, a digest, an advisory id. Absent: the artifact. */
  readonly about?: { readonly purl?: Purl; readonly id?: string };
  readonly evidence: readonly DigestHex[];
  readonly fix?: string;
}

/** A place in the policy file, so that every complaint can name its line. */
export interface ConfigPlace {
  readonly file: string;
  readonly line: number;
}

/** One rule: a file under policy/rules/ and one line in its list. `P` are its parsed parameters. */
export interface Rule<P = unknown> {
  readonly id: RuleId;
  /** One line for `policy explain` and reports. */
  readonly title: string;
  /** Stations whose verdict it takes part in. */
  readonly stations: readonly Station[];
  /** Reads its parameters; throws `WB-POLICY-…` with file and line for what it does not know. */
  parse(value: unknown, place: (path: readonly (string | number)[]) => ConfigPlace): P;
  evaluate(params: P, facts: Facts): readonly RuleOutcome[];
  /** As prose, one sentence. */
  explain(params: P): string;
}

export interface PolicyException {
  readonly rule: RuleId;
  /** Package URL pattern, `sha256:HEX`, or an advisory id. */
  readonly subject: string;
  readonly owner: string;
  readonly reason: string;
  /** A date; required, at most 90 days ahead of `created` or of evaluation. */
  readonly expires: Timestamp;
  readonly ticket?: string;
  readonly place: ConfigPlace;
}

export interface PolicyRule {
  readonly rule: Rule;
  readonly params: unknown;
  readonly mode: Mode;
  /** Until then a rule of mode enforce only warns. */
  readonly enforceFrom?: Timestamp;
}

export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly exceptions: readonly PolicyException[];
  readonly trust: Trust["entries"];
  readonly input: InputOrigin;
}

export interface Reason {
  readonly rule: RuleId;
  readonly mode: Mode;
  readonly outcome: "pass" | "fail" | "unchecked" | "excepted";
  readonly expected: string;
  readonly found: string;
  readonly evidence: readonly DigestHex[];
  readonly fix?: string;
  readonly exception?: { readonly owner: string; readonly reason: string; readonly expires: Timestamp };
}

/** The one judgement that exit code, report, admission reply and console render. */
export interface Verdict {
  readonly station: Station;
  readonly subject: { readonly name: string; readonly digest: DigestHex };
  readonly decision: "allow" | "warn" | "deny";
  readonly reasons: readonly Reason[];
  readonly inputs: {
    readonly policy: InputOrigin;
    readonly trust: InputOrigin | null;
    readonly advisories: InputOrigin | null;
    readonly vex: readonly InputOrigin[];
    readonly overrules?: InputOrigin;
  };
  readonly at: Timestamp;
}
