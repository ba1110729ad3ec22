import type { Component } from "../../src/model/sbom.ts";

/** A case of `extractors-SUITE/cases.jsonl`, see the README of the vectors. */
export interface VectorCase {
  readonly id: string;
  readonly extractor?: string;
  readonly parser?: string;
  readonly cataloger?: string;
  readonly fixture: string;
  readonly expectError?: boolean;
  readonly packages: readonly VectorPackage[] | null;
  readonly edges?: readonly { readonly from: string; readonly to: readonly string[] }[] | null;
  readonly options?: { readonly osrelease?: string } | null;
}

export interface VectorPackage {
  readonly name: string;
  readonly version?: string;
  readonly id?: string;
  readonly purl?: string;
  readonly metadata?: { readonly VersionComparator?: string };
}

/** A way to name what one side says; undefined leaves it out. */
export type NameOurs = (component: Component) => string | undefined;
export type NameTheirs = (item: VectorPackage) => string | undefined;

/** Why a case is decided otherwise here: by an option of the upstream's, for want of a file in the vectors, or on the merits. */
export interface Difference {
  readonly kind: "option" | "absent" | "merits";
  readonly why: string;
}
export const option = (why: string): Difference => ({ kind: "option", why });
export const absent = (why: string): Difference => ({ kind: "absent", why });
export const merits = (why: string): Difference => ({ kind: "merits", why });

/** How the ends of trivy's edges are told. */
export interface EdgeScoring {
  /** Our components in the form of the upstream's ids; default `name@version`. */
  readonly nameOf?: (component: Component) => string;
  /** The upstream's ids in the same form. */
  readonly idOf?: (id: string) => string;
  readonly differs?: Readonly<Record<string, Difference>>;
}

/** What is taken out of the comparison, each with its reason. */
export interface Apart {
  readonly why: string;
  /** Ours that are left out. */
  readonly without?: (component: Component) => boolean;
  readonly told?: NameOurs;
  readonly wanted?: NameTheirs;
}

/** How the cases of one upstream extractor are scored. */
export interface Scoring {
  readonly suite: "scalibr" | "trivy" | "syft";
  /** `extractor`, `parser` or `cataloger` of the cases. */
  readonly upstream: string;
  /** Only cases whose id, or fixture's path, contains one of these; default all. */
  readonly only?: readonly string[];
  /** Ours: the id in the list of extractors; without it the whole folder is read as `waybill sbom` does. */
  readonly ours?: string;
  /** Where the file lies in a root file system, for those that are read with their surroundings. */
  readonly place?: string;
  /** `etc/os-release` of cases that come without one. */
  readonly release?: string;
  /** Both sides in one form, nothing left out; default `name@version`, syft's cases by package URL. */
  readonly told?: NameOurs;
  readonly wanted?: NameTheirs;
  /** The upstream counts the project itself among its packages. */
  readonly withSubject?: true;
  /** What the upstream leaves out or adds by its design: with it a case counts as exact apart from that. */
  readonly apart?: Apart;
  /** Cases that are decided otherwise here. They count as differences, and must differ. */
  readonly differs?: Readonly<Record<string, Difference>>;
  /** Of trivy's cases: how their edges are compared. */
  readonly edges?: EdgeScoring;
}

/** As upstreams write it: a package without a version is its name. */
export const versioned = ({ name, version }: { readonly name: string; readonly version?: string }): string =>
  version === undefined || version === "" ? name : `${name}@${version}`;
