import type { VexStatus } from "./advisory.ts";
import type { DigestHex, Timestamp } from "./digest.ts";

/** Status justifications of OpenVEX 0.2.0; CSAF's flags have the same names (CSAF 2.0, 3.2.3.5). */
export type VexJustification =
  | "component_not_present"
  | "vulnerable_code_not_present"
  | "vulnerable_code_not_in_execute_path"
  | "vulnerable_code_cannot_be_controlled_by_adversary"
  | "inline_mitigations_already_exist";

/** Justifications of CycloneDX (`vulnerabilities[].analysis.justification`), finer than the others'. */
export type CycloneDxJustification =
  | "code_not_present"
  | "code_not_reachable"
  | "requires_configuration"
  | "requires_dependency"
  | "requires_environment"
  | "protected_by_compiler"
  | "protected_at_runtime"
  | "protected_at_perimeter"
  | "protected_by_mitigating_control";

/** What a form says more exactly than the four statuses: CycloneDX `analysis.state`, CSAF `product_status`. */
export type ExactStatus =
  | "false_positive"
  | "resolved_with_pedigree"
  | "first_affected"
  | "last_affected"
  | "first_fixed"
  | "unknown";

/** CSAF's `remediations[].category` (2.1 has all of them) but `mitigation`, which is any other; `rollback` is CycloneDX's alone. */
export type VexResponse =
  | "vendor_fix"
  | "workaround"
  | "no_fix_planned"
  | "none_available"
  | "fix_planned"
  | "optional_patch"
  | "rollback";

/** What those who are affected can do. Empty text: the form gives only the kind. */
export interface VexAction {
  readonly response?: VexResponse;
  readonly text: string;
  readonly url?: string;
  readonly at?: Timestamp;
}

/** A product, or a component in one, by everything that names it. One of the lists is not empty. */
export interface VexComponent {
  /** IRIs and other texts: image references, bom-links (`urn:cdx:…`). */
  readonly ids: readonly string[];
  /** As written, but for a `vers` qualifier, which is in `versions`. */
  readonly purls: readonly string[];
  readonly cpes: readonly string[];
  /** Algorithm in OpenVEX's spelling (`sha-256`), value in lower-case hex. */
  readonly hashes: readonly { readonly algorithm: string; readonly value: string }[];
  /** As people call it. */
  readonly name?: string;
  /** Of the versions that the package URL leaves open these alone: a VERS range, or a text that nothing can judge. */
  readonly versions?: string;
}

export interface VexProduct extends VexComponent {
  /** Empty: the statement is about the product itself. */
  readonly subcomponents: readonly VexComponent[];
}

export interface VexVulnerability {
  readonly name: string;
  /** An IRI where it is described. */
  readonly id?: string;
  readonly aliases: readonly string[];
  readonly description?: string;
}

/** To which later versions a statement about one version applies: none, those of its `x.y`, of its `x`, or all that a record still reports. */
export type CarryOver = "none" | "minor" | "major" | "until fixed";

/** What an entry of an ignore file is about: everything in the project that has all of what is given. */
export interface IgnoreScope {
  /** Patterns with `*`; empty: wherever it lies. */
  readonly paths: readonly string[];
  /** What a file in this folder itself names, and none below it; `""` is the project's. */
  readonly folder?: string;
  readonly name?: string;
  readonly version?: string;
  /** OSV's name. */
  readonly ecosystem?: string;
}

export interface VexStatement {
  readonly id?: string;
  readonly version?: number;
  /** Undefined: every vulnerability (an ignore file can say so; no VEX form can). */
  readonly vulnerability: VexVulnerability | undefined;
  /** Empty: the statement names no product, so it is about none, but for an ignore file's. */
  readonly products: readonly VexProduct[];
  /** Of an ignore file's entry alone: no form of VEX can say it. */
  readonly ignore?: IgnoreScope;
  readonly status: VexStatus;
  readonly exact?: ExactStatus;
  readonly justification?: VexJustification;
  readonly finer?: CycloneDxJustification;
  /** Why it is not affected. */
  readonly impact?: string;
  readonly actions: readonly VexAction[];
  readonly notes?: string;
  /** Who supplies the product. */
  readonly supplier?: string;
  /** Whose statement it is, where it is not the document's author's: of a document that was merged. */
  readonly author?: string;
  /** When it was first said: the statement's own, else the document's. */
  readonly timestamp?: Timestamp;
  readonly lastUpdated?: Timestamp;
  /** From then on it excuses nothing. */
  readonly expires?: Timestamp;
  readonly carryOver?: CarryOver;
  /** URLs, or digests as `sha256:HEX`, of what it rests on. */
  readonly evidence: readonly string[];
}

export type VexForm = "openvex" | "csaf" | "cyclonedx" | "ignore file";

/**
 * Whose word a document is to who judges, strongest first: the judge named or pinned it; it came signed with the artifact, by
 * somebody whose scope allows it; it is the project's own (ignore files).
 */
export type VexBasis = "named" | "signed" | "project";

/** A document of statements, in whatever form. `digest` is SHA-256 of its bytes. */
export interface VexDocument {
  readonly form: VexForm;
  /** Absent: `named`. */
  readonly basis?: VexBasis;
  readonly id?: string;
  readonly author: string;
  readonly role?: string;
  /** A URL under the author's control (CSAF `publisher.namespace`). */
  readonly namespace?: string;
  readonly title?: string;
  readonly tooling?: string;
  readonly version?: string;
  readonly timestamp?: Timestamp;
  readonly lastUpdated?: Timestamp;
  readonly digest: DigestHex;
  readonly statements: readonly VexStatement[];
  /** What the document says and is not heeded here, for people. */
  readonly unheeded: readonly string[];
}
