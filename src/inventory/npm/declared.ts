import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, ComponentRef, Dependency } from "../../model/sbom.ts";
import { lineOfPair } from "./lines.ts";
import { installedAt } from "./links.ts";
import { type Manifest, manifestIn, manifestSubject, MANIFEST_LIMITS, MAX_NAME, parseManifest } from "./manifest.ts";
import { packageUrl } from "./package-url.ts";
import { SCOPES } from "./place.ts";
import { folderOf } from "./position.ts";

const ALL_KINDS = [0, 1, 2, 3];

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
  const bytes = entry.bytes(MANIFEST_LIMITS.maxBytes);
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
