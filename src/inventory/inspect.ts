import { cleanText } from "../artifact/clean-text.ts";
import type { Entry, Source } from "../model/artifact.ts";
import { Fault } from "../model/fault.ts";
import type { Component, ComponentRef, Dependency, Occurrence, Sbom, Technique, Unknown } from "../model/sbom.ts";
import { type BuildTree, byPosition, installedCopies } from "./npm/built-tree.ts";
import { declaredComponents, toldRanges } from "./npm/declared.ts";
import { type Manifest, MANIFEST_LIMITS, manifestSubject, parseManifest } from "./npm/manifest.ts";
import { packageUrl } from "./npm/package-url.ts";
import { nameAt, positionOf } from "./npm/position.ts";
import { readInlineMap, readSourceMap } from "./npm/source-map.ts";

export type { BuildTree } from "./npm/built-tree.ts";

const MAX_SCRIPT_BYTES = 64 * 1024 * 1024;
const MAX_UNKNOWNS = 200;
/** A line longer than this is not written by hand: the file is bundled or minified. */
const LONG_LINE = 2_000;
const RUNTIME_KINDS = [0, 1, 2];
const SCRIPT = /\.(?:c|m)?js$/u;

/** What was found so far: components by ref, and what could not be told. */
class Findings {
  readonly components = new Map<ComponentRef, Component>();
  readonly unknowns: Unknown[] = [];
  unexplained = 0;

  add(component: Component, occurrence: Occurrence): void {
    const before = this.components.get(component.ref);
    const occurrences =
      before === undefined ? [] : before.occurrences.filter(({ technique }) => technique !== "declared");
    const known = occurrences.some(
      ({ path, position, technique }) =>
        path === occurrence.path && position === occurrence.position && technique === occurrence.technique,
    );
    this.components.set(component.ref, {
      ...component,
      scope: "runtime",
      direct: before?.direct ?? component.direct,
      own: false,
      occurrences: known ? occurrences : [...occurrences, occurrence],
    });
  }

  unknown(where: string, what: string): void {
    this.unexplained += 1;
    if (this.unknowns.length < MAX_UNKNOWNS)
      this.unknowns.push({ where: cleanText(where, 300), what: cleanText(what, 300) });
  }
}

function bareComponent(
  name: string,
  version: string | undefined,
  { licences, author }: Pick<Manifest, "licences" | "author">,
): Component {
  const purl = packageUrl(name, version);
  return {
    ref: purl ?? (version === undefined ? name : `${name}@${version}`),
    name,
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    ecosystem: "npm",
    scope: "runtime",
    direct: false,
    digests: {},
    licences,
    occurrences: [],
    own: false,
    ...(author !== undefined && { author }),
  };
}

/** Packages that travel inside: each `node_modules/NAME/package.json`. */
function findBundled(files: readonly Entry[], prefix: string, found: Findings): void {
  for (const entry of files) {
    const position = entry.path.endsWith("/package.json") ? positionOf(entry.path) : undefined;
    if (
      position === undefined ||
      entry.path !== `${entry.path.slice(0, entry.path.indexOf("node_modules/"))}${position}/package.json`
    )
      continue;
    try {
      const manifest = parseManifest(entry.bytes(MANIFEST_LIMITS.maxBytes), entry.path, "manifest");
      const component = bareComponent(manifest.name ?? nameAt(position), manifest.version, manifest);
      found.add(component, { path: entry.path.slice(prefix.length), position, technique: "manifest" });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      found.unknown(entry.path, `a bundled package's manifest cannot be read: ${error.facts.what}`);
    }
  }
}

/** Adds the packages at these install positions: with their version where the build's lockfile tells it. */
function addPositions(
  positions: readonly string[],
  path: string,
  technique: Technique,
  known: ReadonlyMap<string, Component>,
  found: Findings,
): void {
  for (const position of positions) {
    const component =
      known.get(position) ?? bareComponent(nameAt(position), undefined, { licences: [], author: undefined });
    found.add(component, { path, position, technique });
  }
}

const isBundle = (bytes: Uint8Array): boolean => {
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(10, start);
    if ((end < 0 ? bytes.length : end) - start > LONG_LINE) return true;
    if (end < 0) return false;
    start = end + 1;
  }
};

/**
 * What went into each script: by its map, by equal bytes, or said to be unknown. An installed copy of the package that was built (what
 * it needs may need it in turn) has bytes in common with it and was not copied into it.
 */
function explainScripts(
  files: readonly Entry[],
  { prefix, manifest }: Packed,
  build: BuildTree | undefined,
  found: Findings,
): void {
  const known = build === undefined ? new Map<string, Component>() : byPosition(build.declared);
  const copies = build === undefined ? new Map<string, readonly string[]>() : installedCopies(files, build.workspace);
  const paths = new Set(files.map(({ path }) => path));
  for (const entry of files) {
    const path = entry.path.slice(prefix.length);
    const copied = copies.get(entry.path)?.filter((position) => nameAt(position) !== manifest?.name);
    const same = copied?.length === 0 ? undefined : copied;
    if (same !== undefined && positionOf(entry.path) === undefined)
      addPositions(same, path, "content-match", known, found);
    try {
      if (entry.path.endsWith(".map")) addPositions(readSourceMap(entry).positions, path, "source-map", known, found);
      if (!SCRIPT.test(entry.path) || positionOf(entry.path) !== undefined || same !== undefined) continue;
      const bytes = entry.bytes(MAX_SCRIPT_BYTES);
      const inline = readInlineMap(bytes, entry.path);
      if (inline !== undefined) addPositions(inline.positions, path, "source-map", known, found);
      else if (!paths.has(`${entry.path}.map`) && isBundle(bytes)) {
        found.unknown(
          path,
          "bundled or minified code without a source map: what is in it cannot be told from its bytes",
        );
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      found.unknown(path, error.facts.what);
    }
  }
}

/** The package whose bytes are looked into: where its files begin, and what it says of itself. */
interface Packed {
  readonly prefix: string;
  readonly manifest: Manifest | undefined;
}

function manifestOf(source: Source, files: readonly Entry[]): Packed {
  // npm strips the first segment of a package's paths, whatever it is called; it is `package` where npm packed it.
  const prefix = source.artifact.kind === "npm-package" ? "package/" : "";
  const entry = files.find(({ path }) => path === `${prefix}package.json`);
  return {
    prefix,
    manifest:
      entry === undefined
        ? undefined
        : parseManifest(entry.bytes(MANIFEST_LIMITS.maxBytes), "package.json", "manifest"),
  };
}

/** Edges that can be seen: the root needs what it declares and what is inside; lockfile edges between components that are both there. */
function edgesOf(
  root: ComponentRef,
  components: readonly Component[],
  build: BuildTree | undefined,
): readonly Dependency[] {
  const refs = new Set(components.map(({ ref }) => ref));
  const locked = (build?.declared.dependencies ?? []).filter(
    ({ from, to }) => refs.has(to) && (refs.has(from) || from === build?.declared.root),
  );
  const inner = locked.map(({ from, to }): Dependency => ({
    from: from === build?.declared.root ? root : from,
    to,
    scope: "runtime",
  }));
  const reached = new Set(inner.map(({ to }) => to));
  const outer = components
    .filter(({ ref }) => !reached.has(ref))
    .map(({ ref, scope }): Dependency => ({ from: root, to: ref, scope }));
  const key = ({ from, to }: Dependency): string => `${from}\u0000${to}`;
  return [...new Map([...inner, ...outer].map((edge) => [key(edge), edge])).values()].toSorted((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
}

/**
 * What is in the bytes of a package (lifecycle *analyzed*): packages bundled as `node_modules`, named by source maps or copied file
 * by file; needs that its manifest declares and that are not inside (technique `declared`: they are installed later). With the build's
 * tree the versions are those of the lockfile by install position. What cannot be told is in `unknowns`, and the list is then
 * incomplete. Throws `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM` and the faults of the source.
 */
export function inspect(artifact: Source, build?: BuildTree): Sbom {
  const files = [...artifact.entries()].filter(({ kind }) => kind === "file");
  const packed = manifestOf(artifact, files);
  const { prefix, manifest } = packed;
  const found = new Findings();
  findBundled(files, prefix, found);
  explainScripts(files, packed, build, found);
  if (manifest !== undefined) addDeclared(manifest, found);
  const components = [...found.components.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  const subject =
    manifest === undefined
      ? { name: artifact.artifact.name, digests: {} }
      : manifestSubject(manifest, artifact.artifact.name);
  const root = subject.purl ?? subject.name;
  const complete = found.unexplained === 0 && manifest !== undefined;
  return {
    lifecycle: "analyzed",
    subject: {
      ...subject,
      digests: artifact.artifact.digests,
      ...(artifact.artifact.kind === "npm-package" && { filename: artifact.artifact.name }),
    },
    root,
    components,
    dependencies: edgesOf(root, components, build),
    completeness: { components: complete ? "complete" : "incomplete", dependencies: "incomplete", method: "observed" },
    unknowns: found.unknowns.toSorted((a, b) => (a.where < b.where ? -1 : 1)),
    licences: manifest?.licences ?? [],
  };
}

function addDeclared(manifest: Manifest, found: Findings): void {
  const names = new Set([...found.components.values()].map(({ name }) => name));
  const declared = declaredComponents(manifest, "package.json", RUNTIME_KINDS, () => undefined).filter(
    ({ name }) => !names.has(name),
  );
  for (const component of declared) found.components.set(component.ref, component);
  if (declared.length > 0) {
    const what = `needs that are installed later, by range: ${toldRanges(manifest, RUNTIME_KINDS)}`;
    found.unknowns.push({ where: "package.json", what: cleanText(what, 2_000) });
  }
}
