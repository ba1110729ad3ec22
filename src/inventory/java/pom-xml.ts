import { posix } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction, Surroundings } from "../../model/extractor.ts";
import type { Component, ComponentRef, Dependency, Scope, Subject, Unknown } from "../../model/sbom.ts";
import { strongerScope } from "../join-components.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { reachedScopes } from "../scopes.ts";
import { artifactComponent, mavenPurl } from "./coordinates.ts";
import { Models } from "./models.ts";
import { readPom } from "./pom.ts";
import { fixedVersion, type Resolution, resolve, type Resolved } from "./resolve.ts";
import { under } from "./under.ts";
import { Lines } from "../xml.ts";

const MAX_TOLD = 20;

/** Maven's scopes in ours; what is provided is expected of the surroundings, as a peer is. */
function scopeOf(scope: string, optional: boolean): Scope {
  if (scope === "test") return "test";
  if (optional) return "optional";
  return scope === "provided" ? "peer" : "runtime";
}

/**
 * Reads `pom.xml` by an effective model made off line: parents from the source and from the local repository, properties,
 * dependencyManagement, imported poms; and from the repository's poms all that is needed in turn. The repository is a `.m2/repository`
 * in the source, else the one of `around`. What is not there is said. Throws `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM`.
 */
export function readPomXml(entry: Entry, source: Source, around: Surroundings = {}): Extraction {
  const file = entry.path;
  const pom = readPom(entry);
  const models = modelsOf(source, around);
  models.enter(posix.dirname(file));
  const project = models.effective(pom, posix.dirname(file));
  const resolution = resolve(project, models);
  const subject = subjectOf(project.group, project.artifact, project.version, source.artifact.name);
  const root: ComponentRef = subject.purl ?? subject.name;
  const lines = new Lines(pom.document.text);
  const refs = new Map<string, ComponentRef>();
  const drafts = new Map<ComponentRef, Component>();
  for (const [key, node] of resolution.nodes) {
    const component = componentOf(node, file, pom.document.text, lines);
    refs.set(key, component.ref);
    if (component.ref !== root && !drafts.has(component.ref)) drafts.set(component.ref, component);
  }
  const dependencies = edgesOf(resolution, refs, root);
  const scopes = scopesOf(dependencies, root);
  const components = [...drafts.values()]
    .map((component): Component => ({ ...component, scope: scopes.get(component.ref) ?? "runtime" }))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  const unknowns = unknownsOf(resolution, file);
  const whole = unknowns.length === 0;
  return {
    subject,
    licences: project.licences.flatMap((name) => licenceClaims(name, "manifest")),
    components,
    dependencies,
    completeness: {
      components: whole ? "complete" : "incomplete",
      dependencies: whole ? "complete" : "incomplete",
      method: whole ? "locked" : "declared",
    },
    unknowns,
  };
}

/** Kept for as long as the source lives: the modules of one build share parents and most of what they need. */
const known = new WeakMap<Source, Models>();

function modelsOf(source: Source, { mavenRepository }: Surroundings): Models {
  const repositories = [under(source, ".m2/repository"), ...(mavenRepository === undefined ? [] : [mavenRepository])];
  const models = known.get(source) ?? new Models(source, repositories);
  known.set(source, models);
  return models;
}

function subjectOf(group: string, artifact: string, version: string | undefined, called: string): Subject {
  if (artifact === "") return { name: called, digests: {} };
  const fixed = fixedVersion(version);
  const purl = mavenPurl({ group, artifact, ...(fixed !== undefined && { version: fixed }) });
  return {
    name: group === "" ? artifact : `${group}:${artifact}`,
    ...(fixed !== undefined && { version: fixed }),
    ...(purl !== undefined && { purl }),
    digests: {},
  };
}

function componentOf(node: Resolved, file: string, text: string, lines: Lines): Component {
  const { coordinates, dependency, direct, licences, folder } = node;
  // An inherited dependency stands in another file: no line is better than a wrong one.
  const here = direct && text.startsWith("<dependency", dependency.offset);
  const named = here && text.slice(dependency.offset, dependency.offset + 2000).includes(`>${coordinates.artifact}<`);
  return artifactComponent(
    coordinates,
    [
      {
        path: file,
        ...(named && { line: lines.at(dependency.offset) }),
        technique: node.known || direct ? "lockfile" : "declared",
      },
    ],
    { direct, own: folder !== undefined, licences: licences.flatMap((name) => licenceClaims(name, "manifest")) },
  );
}

function edgesOf(
  { edges }: Resolution,
  refs: ReadonlyMap<string, ComponentRef>,
  root: ComponentRef,
): readonly Dependency[] {
  const byPair = new Map<string, Dependency>();
  for (const edge of edges) {
    const from = edge.from === undefined ? root : refs.get(edge.from);
    const to = refs.get(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    const scope = scopeOf(edge.scope, edge.optional);
    const before = byPair.get(`${from}\0${to}`);
    byPair.set(`${from}\0${to}`, { from, to, scope: before ? strongerScope(before.scope, scope) : scope });
  }
  return [...byPair].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
}

/** What the project names itself keeps the scope that it gives, also where others need it more (Maven's scope selection). */
function scopesOf(dependencies: readonly Dependency[], root: ComponentRef): ReadonlyMap<ComponentRef, Scope> {
  const direct = new Map(dependencies.filter(({ from }) => from === root).map(({ to, scope }) => [to, scope]));
  const kept = dependencies.map((edge) => ({ ...edge, scope: direct.get(edge.to) ?? edge.scope }));
  return reachedScopes(kept, [root]);
}

function unknownsOf({ nodes, missing, cut }: Resolution, file: string): readonly Unknown[] {
  const told = (list: readonly string[], what: string): Unknown[] => {
    if (list.length === 0) return [];
    const shown = list.slice(0, MAX_TOLD).map((one) => cleanText(one, 120));
    const rest = list.length > MAX_TOLD ? ` and ${list.length - MAX_TOLD} more` : "";
    return [{ where: file, what: `${what}: ${shown.join(", ")}${rest}` }];
  };
  const all = [...nodes.values()];
  const name = ({ coordinates: { group, artifact, version } }: Resolved): string =>
    `${group}:${artifact}${version === undefined ? "" : `:${version}`}`;
  const open = all.filter(({ coordinates }) => coordinates.version === undefined);
  const closed = all.filter(({ coordinates, known }) => coordinates.version !== undefined && !known);
  return [
    ...told([...missing].toSorted(), "parents and imported poms that are not in the local repository"),
    ...told(open.map(name), "dependencies of no fixed version"),
    ...told(closed.map(name), "poms are not in the local repository, so that what these need is not known"),
    ...(cut ? [{ where: file, what: "the tree of dependencies is too large to be followed to its end" }] : []),
  ];
}
