import { parseJson } from "../../format/json.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Subject, Unknown } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { graphOf } from "./graph.ts";
import { type Fields, isFields } from "../fields.ts";
import { formFault, lockText, MAX_LOCKFILE_BYTES, syntaxFault, textOf } from "./lock-form.ts";
import { readPackages } from "./lock-packages.ts";
import { readNested } from "./lock-v1.ts";
import { manifestIn } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { packageUrl } from "./package-url.ts";
import { folderOf } from "./position.ts";
import { driftOf, NEEDS } from "./project.ts";
import type { Place } from "./place.ts";
import { joinTree } from "./tree.ts";

/** Larger texts are looked at before anything is made of them: of a few bytes each, there may be millions of values. */
const PLAIN_CHARACTERS = 4 << 20;

function parse(text: string, file: string): Fields {
  let value: unknown;
  try {
    // Depth needs no check here: V8 parses without recursion, and readers go down a known number of levels.
    value = text.length > PLAIN_CHARACTERS ? parseSlowly(text, file) : JSON.parse(text);
  } catch (error) {
    if (error instanceof Fault) throw error;
    value = parseSlowly(text, file);
  }
  if (!isFields(value)) throw formFault(file, "the whole file", "an object", value);
  return value;
}

/** For the message: which line is wrong. */
function parseSlowly(text: string, file: string): unknown {
  try {
    return parseJson(text, file, { maxBytes: MAX_LOCKFILE_BYTES, maxDepth: Infinity });
  } catch (error) {
    throw error instanceof Fault ? syntaxFault(error.facts, "npm") : error;
  }
}

/** `packages` is the newer and richer part; a file of version 2 holds both (npm docs, package-lock.json). */
function readPlaces(lock: Fields, text: string, file: string): Place[] {
  if (isFields(lock["packages"])) return readPackages(lock["packages"], text, file);
  if (lock["packages"] !== undefined) throw formFault(file, "packages", "an object", lock["packages"]);
  if (isFields(lock["dependencies"])) return readNested(lock["dependencies"], text, file);
  // npm writes a lockfile without either for a project that needs nothing.
  if (lock["dependencies"] === undefined && typeof lock["lockfileVersion"] === "number")
    return readNested({}, text, file);
  throw formFault(file, "dependencies", "an object", lock["dependencies"]);
}

/** Whether the lockfile tells what the project needs; else the manifest beside it does, where there is one. */
function completeRoot(root: Place, manifest: Manifest | undefined): boolean {
  if (NEEDS.some((field) => root[field] !== undefined)) return true;
  if (manifest === undefined) return false;
  for (const [kind, field] of NEEDS.entries()) root[field] = manifest.needs[kind];
  root.peerDependenciesMeta = manifest.peerDependenciesMeta;
  return true;
}

function subjectOf(lock: Fields, root: Place, manifest: Manifest | undefined, file: string, called: string): Subject {
  const name = root.name !== "" ? root.name : (textOf(lock["name"], file, "name") ?? manifest?.name ?? called);
  const version = root.version ?? textOf(lock["version"], file, "version") ?? manifest?.version;
  const purl = packageUrl(name, version);
  return {
    name,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    ...(manifest?.author !== undefined && { author: manifest.author }),
    digests: {},
  };
}

/**
 * Reads `package-lock.json` and `npm-shrinkwrap.json` of versions 1, 2 and 3. Throws `WB-LOCKFILE-SYNTAX` (no JSON, with line),
 * `WB-LOCKFILE-FORM` (not npm's form).
 */
export function readPackageLock(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const text = lockText(entry, "npm");
  const lock = parse(text, file);
  const tree = joinTree(readPlaces(lock, text, file));
  const manifest = manifestIn(folderOf(file), source);
  const rootKnown = completeRoot(tree.root, manifest) || tree.places.length === 1;
  const subject = subjectOf(lock, tree.root, manifest, file, source.artifact.name);
  const graph = graphOf(tree, file, subject.purl ?? subject.name, rootKnown);
  const unknowns: Unknown[] = [...graph.unknowns, ...driftOf(tree.root, manifest, file)];
  if (!rootKnown) {
    const what = "the lockfile does not tell what the project itself needs, and no package.json is beside it";
    unknowns.push({ where: file, what });
  }
  const claims = licenceClaims(tree.root.licence, "lockfile");
  return {
    subject,
    licences: claims.length > 0 ? claims : (manifest?.licences ?? []),
    components: graph.components,
    dependencies: graph.dependencies,
    completeness: {
      components: graph.whole ? "complete" : "incomplete",
      dependencies: graph.whole && rootKnown ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns,
  };
}
