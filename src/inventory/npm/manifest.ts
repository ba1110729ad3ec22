import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, ComponentRef, Dependency, LicenceClaim, Subject } from "../../model/sbom.ts";
import { parseJson } from "../../format/json.ts";
import { licenceClaims } from "../licence.ts";
import { lineOfPair } from "./lines.ts";
import { installedAt } from "./links.ts";
import { isFields } from "./lock-form.ts";
import { packageUrl } from "./package-url.ts";
import { SCOPES } from "./place.ts";
import { folderOf } from "./position.ts";
import type { Fields } from "./place.ts";

/** npm's registry refuses manifests far smaller than this. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_NAME = 512;
const MAX_PATTERNS = 200;
const ALL_KINDS = [0, 1, 2, 3];

/** What is read of a `package.json` (npm docs, package.json). */
export interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly licences: readonly LicenceClaim[];
  /** Needs by kind, in the order of `SCOPES`; an optional dependency is not in the first. */
  readonly needs: readonly [Fields, Fields, Fields, Fields];
  readonly peerDependenciesMeta: Fields;
  /** Patterns of the folders of workspace members. */
  readonly workspaces: readonly string[];
  /** yarn's: paths of names to the ranges that stand in for theirs. */
  readonly resolutions: Fields;
  /** A manifest of the same name, but of packages that are no npm packages. */
  readonly kind?: "Unity package" | "VS Code extension";
}

function bounded(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= MAX_NAME ? value : undefined;
}

/** Unity's package manager and VS Code's marketplace use `package.json`, too (their manuals, "package manifest", "extension manifest"). */
function kindOf(value: Fields): Pick<Manifest, "kind"> {
  if (typeof value["unity"] === "string") return { kind: "Unity package" };
  const engines = value["engines"];
  const extension = isFields(engines) && Object.hasOwn(engines, "vscode") && typeof value["publisher"] === "string";
  return extension ? { kind: "VS Code extension" } : {};
}

/** A list, or yarn's object that holds one (yarn docs, "workspaces"). */
function patternsOf(value: unknown): readonly string[] {
  const list: unknown = isFields(value) ? value["packages"] : value;
  if (!Array.isArray(list)) return [];
  return list.filter((each) => typeof each === "string" && each.length <= MAX_NAME).slice(0, MAX_PATTERNS) as string[];
}

/** The manifest in a JSON value; what has a wrong form in it is passed over. Undefined where it is no object. */
export function readManifest(value: unknown, technique: LicenceClaim["technique"]): Manifest | undefined {
  if (!isFields(value)) return undefined;
  const needs = (field: string): Fields => {
    const found = value[field];
    return isFields(found) ? found : {};
  };
  const optional = needs("optionalDependencies");
  const runtime = Object.entries(needs("dependencies")).filter(([name]) => !Object.hasOwn(optional, name));
  return {
    name: bounded(value["name"]),
    version: bounded(value["version"]),
    licences: licenceClaims(value["license"] ?? value["licenses"], technique),
    needs: [Object.fromEntries(runtime), optional, needs("peerDependencies"), needs("devDependencies")],
    peerDependenciesMeta: needs("peerDependenciesMeta"),
    workspaces: patternsOf(value["workspaces"]),
    resolutions: needs("resolutions"),
    ...kindOf(value),
  };
}

function parseStrictly(bytes: Uint8Array, file: string): unknown {
  try {
    return parseJson(bytes, file, { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 100 });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault({ ...error.facts, code: "WB-MANIFEST-SYNTAX" });
  }
}

function objectOf(value: unknown, file: string): Fields {
  if (isFields(value)) return value;
  throw new Fault({
    code: "WB-MANIFEST-FORM",
    kind: "input",
    what: "the manifest is not a JSON object",
    where: file,
    fix: "write it anew with npm init",
  });
}

/** The JSON object that an installed package's manifest is. Throws as `parseManifest`. */
export function parseManifestValue(bytes: Uint8Array, file: string): Fields {
  let value: unknown;
  try {
    // Nearly all are plain, and there are thousands: the strict way tells what is wrong with the others.
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    value = parseStrictly(bytes, file);
  }
  return objectOf(value, file);
}

/**
 * Parses a manifest of the project. Throws `WB-MANIFEST-SYNTAX` with file and line, `WB-MANIFEST-FORM` where it is no object.
 */
export function parseManifest(bytes: Uint8Array, file: string, technique: LicenceClaim["technique"]): Manifest {
  const fields = objectOf(parseStrictly(bytes, file), file);
  return readManifest(fields, technique) as Manifest;
}

/** The manifest that lies in a folder of the source; undefined where none does. Throws as `parseManifest`. */
export function manifestIn(folder: string, source: Source): Manifest | undefined {
  const path = folder === "" ? "package.json" : `${folder}/package.json`;
  const entry = source.find(path);
  return entry?.kind === "file" ? parseManifest(entry.bytes(MAX_MANIFEST_BYTES), path, "manifest") : undefined;
}

/** The package as its manifest names it; without a name it is called as `called` says. */
export function manifestSubject(manifest: Manifest, called: string): Subject {
  const name = manifest.name ?? called;
  const isNpm = manifest.name !== undefined && manifest.kind === undefined;
  const purl = isNpm ? packageUrl(name, manifest.version) : undefined;
  return {
    name,
    ...(manifest.version !== undefined && { version: manifest.version }),
    ...(purl !== undefined && { purl }),
    digests: {},
  };
}

/**
 * The declared needs as components without a version: a range is no version, and the package URL names the package only.
 * The strongest kind counts where a name is declared twice. `kinds` are indexes into `SCOPES`.
 */
export function declaredComponents(
  manifest: Manifest,
  file: string,
  kinds: readonly number[],
  lineOf: (name: string) => number | undefined,
): Component[] {
  const byName = new Map<string, Component>();
  for (const kind of kinds) {
    for (const name of Object.keys(manifest.needs[kind] ?? {})) {
      if (byName.has(name) || name === "" || name.length > MAX_NAME) continue;
      const purl = packageUrl(name, undefined);
      const line = lineOf(name);
      byName.set(name, {
        ref: purl ?? name,
        name,
        ...(purl !== undefined && { purl }),
        ecosystem: "npm",
        scope: SCOPES[kind] ?? "runtime",
        direct: true,
        digests: {},
        licences: [],
        occurrences: [{ path: file, ...(line !== undefined && { line }), technique: "declared" }],
        own: false,
      });
    }
  }
  return [...byName.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

/** Edges from the root to each of its declared needs. */
export function declaredEdges(root: ComponentRef, components: readonly Component[]): Dependency[] {
  return components.map((component) => ({ from: root, to: component.ref, scope: component.scope }));
}

/** The ranges as text, for an unknown: the model has no place for a range, and a range is no version. */
export function toldRanges(manifest: Manifest, kinds: readonly number[]): string {
  const told = kinds.flatMap((kind) => Object.entries(manifest.needs[kind] ?? {}));
  const shown = told.slice(0, 20).map(([name, range]) => `${cleanText(name, 80)} ${cleanText(String(range), 40)}`);
  return `${shown.join(", ")}${told.length > shown.length ? ` and ${told.length - shown.length} more` : ""}`;
}

/** The version that is installed under a name for a folder; undefined where none is, or its manifest cannot be read. */
function installedVersion(source: Source, folder: string, name: string): Manifest | undefined {
  const at = /^(?:@[^/]+\/)?[^/@.][^/]*$/u.test(name) ? installedAt(source, folder, name) : undefined;
  try {
    return at === undefined ? undefined : manifestIn(at, source);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** A declared need as what is installed for it, where something is. */
function asInstalled(component: Component, source: Source, folder: string): Component {
  const found = installedVersion(source, folder, component.name);
  if (found?.version === undefined) return component;
  const name = found.name ?? component.name;
  const purl = packageUrl(name, found.version);
  return {
    ...component,
    name,
    version: found.version,
    ref: purl ?? `${name}@${found.version}`,
    ...(purl !== undefined && { purl }),
  };
}

function badName(name: string, where: string): Fault {
  return new Fault({
    code: "WB-MANIFEST-FORM",
    kind: "input",
    what: "npm takes no package of this name",
    where,
    expected: "NAME or @SCOPE/NAME",
    found: cleanText(name, 80),
    fix: "correct the name; npm install refuses it, too",
  });
}

/** Needs that are names in another world than npm's: not read as npm packages. */
function otherNeeds(manifest: Manifest, file: string, source: Source): Extraction {
  return {
    subject: manifestSubject(manifest, source.artifact.name),
    licences: manifest.licences,
    components: [],
    dependencies: [],
    completeness: { components: "incomplete", dependencies: "incomplete", method: "missing" },
    unknowns: [
      { where: file, what: `the manifest of a ${manifest.kind ?? ""}: its needs are not npm's and are not read` },
    ],
  };
}

/**
 * `package.json` without a lockfile: the declared ranges of the project, with the versions that are installed for them, and that
 * nothing more is known.
 */
export function readDeclared(entry: Entry, source: Source): Extraction {
  const bytes = entry.bytes(MAX_MANIFEST_BYTES);
  const manifest = parseManifest(bytes, entry.path, "manifest");
  const text = Buffer.from(bytes).toString("utf8");
  const lineOf = (name: string): number | undefined => {
    const range = manifest.needs.find((needs) => Object.hasOwn(needs, name))?.[name];
    return typeof range === "string" ? lineOfPair(text, name, range) : undefined;
  };
  if (manifest.name !== undefined && !/^(?:@[^/]+\/)?[^/]+$/u.test(manifest.name))
    throw badName(manifest.name, entry.path);
  if (manifest.kind === "Unity package") return otherNeeds(manifest, entry.path, source);
  const folder = folderOf(entry.path);
  const subject = manifestSubject(manifest, source.artifact.name);
  const ranges = toldRanges(manifest, ALL_KINDS);
  const found = declaredComponents(manifest, entry.path, ALL_KINDS, lineOf).map((component) =>
    asInstalled(component, source, folder),
  );
  // Two names can be installed as one package.
  const components = [...new Map(found.map((each) => [each.ref, each])).values()].toSorted((a, b) =>
    a.ref < b.ref ? -1 : 1,
  );
  const installed = components.length > 0 && components.every(({ version }) => version !== undefined);
  const what = installed
    ? "no lockfile: the versions are those that are installed"
    : "no lockfile: which versions an installation brings, and what those need in turn, is not known";
  return {
    subject,
    licences: manifest.licences,
    components,
    dependencies: declaredEdges(subject.purl ?? subject.name, components),
    completeness: { components: "incomplete", dependencies: "incomplete", method: installed ? "observed" : "missing" },
    unknowns: [{ where: entry.path, what: `${what}${ranges && `; declared are ${ranges}`}` }],
  };
}
