import { parseJson } from "../../format/json.ts";
import type { Source } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import type { Author, LicenceClaim, Subject } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { type Fields, isFields } from "../fields.ts";
import { readAuthor } from "./author.ts";
import { packageUrl } from "./package-url.ts";

/** npm's registry refuses manifests far smaller than this. */
export const MANIFEST_LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 100 } as const;
export const MAX_NAME = 512;
const MAX_PATTERNS = 200;

/** What is read of a `package.json` (npm docs, package.json). */
export interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly licences: readonly LicenceClaim[];
  readonly author: Author | undefined;
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
    author: readAuthor(value["author"]),
    needs: [Object.fromEntries(runtime), optional, needs("peerDependencies"), needs("devDependencies")],
    peerDependenciesMeta: needs("peerDependenciesMeta"),
    workspaces: patternsOf(value["workspaces"]),
    resolutions: needs("resolutions"),
    ...kindOf(value),
  };
}

function parseStrictly(bytes: Uint8Array, file: string): unknown {
  try {
    return parseJson(bytes, file, MANIFEST_LIMITS);
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
  return entry?.kind === "file" ? parseManifest(entry.bytes(MANIFEST_LIMITS.maxBytes), path, "manifest") : undefined;
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
    ...(manifest.author !== undefined && { author: manifest.author }),
    digests: {},
  };
}
