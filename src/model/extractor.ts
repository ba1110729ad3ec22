import type { Entry, Source } from "./artifact.ts";
import type { Component, ComponentRef, Dependency, LicenceClaim, Sbom, Unknown } from "./sbom.ts";
import type { Subject } from "./sbom.ts";

/** What an extractor can tell. Each `true` is a promise that a test holds it to. */
export interface Capability {
  readonly versions: "exact" | "ranges";
  readonly edges: boolean;
  readonly scopes: boolean;
  readonly digests: boolean;
  readonly licences: boolean;
  readonly lines: boolean;
}

/** What one file (or installation) says. */
export interface Extraction {
  /** The project that the file belongs to, where the file names it. Edges that begin at its `purl`, else its `name`, are the root's. */
  readonly subject?: Subject;
  readonly licences?: readonly LicenceClaim[];
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  readonly completeness: Sbom["completeness"];
  readonly unknowns: readonly Unknown[];
  /** Of an operating system's list of packages: the one that a file of the source belongs to. */
  readonly ownerOf?: (path: string) => ComponentRef | undefined;
}

/** Which files an extractor reads. Of most files of a tree nothing but the base name is ever looked at. */
export interface Claim {
  /** Base names, to the letter. */
  readonly names?: readonly string[];
  /** Beginnings of base names up to their first dot: `Dockerfile.`. */
  readonly starts?: readonly string[];
  /** Ends of base names from a dot on: `.jar`, `.deps.json`. */
  readonly endings?: readonly string[];
  /** Base names of the folder that a file lies in, whatever the file is called. */
  readonly folders?: readonly string[];
  /** Narrows what `names`, `starts`, `endings` and `folders` let pass. */
  readonly where?: (path: string) => boolean;
  /** Files of this name are other things too: one that says nothing is no statement that there is nothing. */
  readonly perhaps?: true;
  /** Programs and libraries (ELF, PE, Mach-O by their first bytes), whatever they are called: whether one may say something. */
  readonly programs?: (headers: ProgramHeaders) => boolean;
}

/** What the headers of a program say, seen before any extractor is asked: most programs tell nothing of what they are made from. */
export interface ProgramHeaders {
  readonly format: "elf" | "mach-o" | "pe";
  readonly sections: readonly { readonly name: string }[];
}

/** What lies around a source on the machine and helps to read it. Nothing of it is needed: what is not there is said to be unknown. */
export interface Surroundings {
  /** Poms that Maven has fetched before, in the layout of its local repository. */
  readonly mavenRepository?: Source;
  /** Modules that Go has fetched before, in the layout of `GOMODCACHE`. */
  readonly goModuleCache?: Source;
}

interface ExtractorFacts {
  /** `ecosystem/format`, e.g. `npm/package-lock`. */
  readonly id: string;
  readonly ecosystem: string;
  readonly capability: Capability;
  readonly claim: Claim;
  /**
   * `project`: what a project says of itself (lockfile, manifest, workflow); inside installed packages it is somebody else's and not
   * read. `installation`: what lies there, ready to run.
   */
  readonly of: "project" | "installation";
  /** The folder of the project that a file belongs to; default: its own folder, and the source's for an installation. */
  projectOf?(path: string): string;
  /** Folders with nothing in them that this or any other extractor should read, such as the insides of `node_modules/NAME`. */
  prunes?(directory: string): boolean;
}

/** Reads one kind of file. Runs no tool, asks no network. Parsers are loaded when the first such file is met: `extract` imports them. */
export interface FileExtractor extends ExtractorFacts {
  readonly kind: "file";
  /** Throws a `Fault` of kind `input` for a file that it claims and cannot read. */
  extract(entry: Entry, source: Source, around?: Surroundings): Promise<Extraction>;
}

/** Reads files that say something only together, such as the manifests of one installation. */
export interface GroupExtractor extends ExtractorFacts {
  readonly kind: "group";
  /** Files with the same key are one group, e.g. the path of its `site-packages`. */
  groupOf(path: string): string;
  /** `entries` in the order of their paths. Throws as a file extractor does; one bad file of many is an unknown. */
  extract(entries: readonly Entry[], source: Source): Promise<Extraction>;
}

/** Files in, components and dependencies out: one folder an ecosystem, one line in `inventory/extractors.ts` each. */
export type Extractor = FileExtractor | GroupExtractor;
