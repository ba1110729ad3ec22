import type { DigestHex, DigestSet, Purl } from "./digest.ts";

/** Of what and when an SBOM speaks (DESIGN, rule 8; CISA "Types of SBOM"). */
export type Lifecycle = "source" | "build" | "analyzed";

/** Names a component inside one SBOM: its package URL, with a `#n` suffix only where one package URL has several contents. */
export type ComponentRef = string & { readonly brand?: "ComponentRef" };

/** Why a component is there. `runtime` wins over `optional`, `peer`, `dev` when several paths lead to it. */
export type Scope = "runtime" | "optional" | "peer" | "dev" | "build" | "test";

/** How a fact was learned, strongest first. */
export type Technique =
  | "archive-verified" // read from a package archive whose bytes match the lockfile's integrity
  | "content-match" // bytes in the artifact equal bytes of the package
  | "source-map" // named by a source map inside the artifact
  | "manifest" // stated by a package's own manifest inside the artifact
  | "lockfile" // stated by a lockfile
  | "binary" // stated by what a compiler or linker left in a program
  | "package-database" // stated by an operating system's own list of installed packages
  | "installed" // read from an installation (node_modules): weaker, anyone may have edited it
  | "file-name" // told by a file's name alone
  | "declared"; // a range in a manifest: not resolved

/** Where a component was seen. */
export interface Occurrence {
  /** File inside the source. */
  readonly path: string;
  /** 1-based line in it, where the format has lines. */
  readonly line?: number;
  /** Install position, e.g. `node_modules/a/node_modules/b`. */
  readonly position?: string;
  readonly technique: Technique;
  /** Of an image: the layer that brought the file. */
  readonly layer?: DigestHex;
}

/** What a component is where it is no library. */
export type ComponentKind = "application" | "framework" | "operating-system" | "container" | "file";

export interface LicenceClaim {
  /** SPDX expression where it parses, else the text as found. */
  readonly expression: string;
  readonly spdx: boolean;
  readonly technique: Technique;
  /** The text as found, where `expression` is another spelling of it. */
  readonly written?: string;
}

/** Who made something, as its own manifest names them: a person or an organisation, which manifests do not tell apart. */
export interface Author {
  readonly name: string;
  readonly email?: string;
}

/** What a registry says of a release beside its content, as a lockfile or manifest carries it. */
export interface Note {
  readonly kind: "deprecated" | "unmaintained" | "yanked";
  /** The reason as given; empty where none is. */
  readonly text: string;
}

export interface Component {
  readonly ref: ComponentRef;
  readonly name: string;
  /** Absent where the source gives none; never guessed. */
  readonly version?: string;
  readonly purl?: Purl;
  /** OSV's name of the ecosystem, e.g. `npm`. */
  readonly ecosystem: string;
  readonly scope: Scope;
  /** Named by the root itself (or by a workspace member). */
  readonly direct: boolean;
  /** Digests of the package archive as the lockfile or the archive gives them. */
  readonly digests: DigestSet;
  readonly licences: readonly LicenceClaim[];
  readonly occurrences: readonly Occurrence[];
  /** True for the root's own workspace members and linked folders: part of the project, no third party's. */
  readonly own: boolean;
  /** Absent: a library. */
  readonly kind?: ComponentKind;
  /** The operating system's package that its files belong to: that package's distribution judges it. */
  readonly ownedBy?: ComponentRef;
  /** Absent where no manifest of its own was read, or it names nobody. */
  readonly author?: Author;
  /** The file that the package comes as, by the address that a lockfile gives it. */
  readonly filename?: string;
  /** Absent: nothing that was read says so. */
  readonly notes?: readonly Note[];
}

/** One edge by install position, joined to components: `from` needs `to`. */
export interface Dependency {
  readonly from: ComponentRef;
  readonly to: ComponentRef;
  readonly scope: Scope;
}

/** How far a list can be relied upon (CycloneDX `compositions`). */
export type Completeness = "complete" | "incomplete" | "unknown";

/** Something that could not be read or resolved, said instead of guessed. */
export interface Unknown {
  readonly where: string;
  readonly what: string;
}

export interface Subject {
  readonly name: string;
  readonly version?: string;
  readonly purl?: Purl;
  readonly digests: DigestSet;
  readonly author?: Author;
  /** The file that was looked at, where it is one. */
  readonly filename?: string;
}

export interface Sbom {
  readonly lifecycle: Lifecycle;
  readonly subject: Subject;
  /** The subject's own component ref: the root of the graph. Not in `components`. */
  readonly root: ComponentRef;
  /** Sorted by ref; without the root. */
  readonly components: readonly Component[];
  /** Sorted by (from, to); the root's own edges included. */
  readonly dependencies: readonly Dependency[];
  readonly completeness: {
    readonly components: Completeness;
    readonly dependencies: Completeness;
    /** How versions were fixed: `locked`, `observed` in bytes, `declared` ranges only, `missing` = no lockfile. */
    readonly method: "locked" | "observed" | "declared" | "missing";
  };
  readonly unknowns: readonly Unknown[];
  /** The licences of the subject itself. */
  readonly licences: readonly LicenceClaim[];
}
