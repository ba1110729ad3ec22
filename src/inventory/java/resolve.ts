import type { Coordinates } from "./coordinates.ts";
import { keyOf, type Model, type Models } from "./models.ts";
import type { PomDependency } from "./pom.ts";

/** One artifact of the resolved tree. */
export interface Resolved {
  readonly coordinates: Coordinates;
  readonly dependency: PomDependency;
  /** Named by the project itself. */
  readonly direct: boolean;
  /** Whether its own pom was there, so that what it needs is known. */
  readonly known: boolean;
  readonly licences: readonly string[];
  /** Of a module of the same build: its folder in the source. */
  readonly folder: string | undefined;
}

/** `from` undefined: the project. `to` and `from` are keys of `nodes`. */
export interface ResolvedEdge {
  readonly from: string | undefined;
  readonly to: string;
  readonly scope: string;
  readonly optional: boolean;
}

export interface Resolution {
  readonly nodes: ReadonlyMap<string, Resolved>;
  readonly edges: readonly ResolvedEdge[];
  /** Parents and imported poms that are not there. */
  readonly missing: ReadonlySet<string>;
  /** Whether the bound was reached. */
  readonly cut: boolean;
}

interface Waiting {
  readonly key: string;
  readonly dependency: PomDependency;
  readonly exclusions: ReadonlySet<string>;
}

/** Far above any project; a tree that is larger is cut, and said to be. */
const MAX_NODES = 20_000;
const MAX_EDGES = 200_000;
const MAX_RELOCATIONS = 8;
/** Scopes of others that do not come along (Maven, "Dependency Scope"). */
const NOT_TRANSITIVE = new Set(["test", "provided", "system", "import"]);

/**
 * Resolves the dependencies of a project as Maven 3 does: breadth first, the nearest and then the first wins, the project's own
 * dependencyManagement overrides what others ask for, optional, test and provided needs of others are left out, exclusions hold for
 * all that is below ("Introduction to the Dependency Mechanism").
 */
export function resolve(project: Model, models: Models): Resolution {
  const nodes = new Map<string, Resolved>();
  const edges: ResolvedEdge[] = [];
  const missing = new Set(project.missing);
  const queue: Waiting[] = [];
  const meet = (from: string | undefined, written: PomDependency, exclusions: ReadonlySet<string>): void => {
    const dependency = relocated(written, models);
    const key = keyOf(dependency);
    edges.push({ from, to: key, scope: dependency.scope ?? "compile", optional: dependency.optional === "true" });
    if (nodes.has(key) || nodes.size >= MAX_NODES) return;
    const { group, artifact, version, type, classifier } = dependency;
    const fixed = fixedVersion(version);
    const model = fixed === undefined ? undefined : models.of(group, artifact, fixed);
    const licences = model?.licences ?? [];
    const coordinates = {
      group,
      artifact,
      type,
      ...(fixed !== undefined && { version: fixed }),
      ...(classifier !== undefined && { classifier }),
    };
    const facts = { known: model !== undefined, licences, folder: model?.folder };
    nodes.set(key, { coordinates, dependency, direct: from === undefined, ...facts });
    queue.push({ key, dependency, exclusions: new Set([...exclusions, ...dependency.exclusions]) });
  };
  for (const dependency of project.dependencies) meet(undefined, dependency, new Set());
  // The queue grows while it is walked.
  for (const { key, dependency, exclusions } of queue) {
    const version = fixedVersion(dependency.version);
    const model = version === undefined ? undefined : models.of(dependency.group, dependency.artifact, version);
    if (model === undefined || edges.length > MAX_EDGES) continue;
    for (const lost of model.missing) missing.add(lost);
    for (const need of model.dependencies) {
      if (need.optional === "true" || NOT_TRANSITIVE.has(need.scope ?? "")) continue;
      if (isExcluded(need, exclusions)) continue;
      meet(key, overridden(need, project.management.get(keyOf(need))), exclusions);
    }
  }
  return { nodes, edges, missing, cut: nodes.size >= MAX_NODES || edges.length > MAX_EDGES };
}

function isExcluded({ group, artifact }: PomDependency, exclusions: ReadonlySet<string>): boolean {
  return (
    exclusions.size > 0 &&
    (exclusions.has(`${group}:${artifact}`) ||
      exclusions.has(`${group}:*`) ||
      exclusions.has(`*:${artifact}`) ||
      exclusions.has("*:*"))
  );
}

/** The project's word on a need of others goes before theirs. */
function overridden(need: PomDependency, by: PomDependency | undefined): PomDependency {
  if (by === undefined) return need;
  return {
    ...need,
    ...(by.version !== undefined && { version: by.version }),
    ...(by.scope !== undefined && { scope: by.scope }),
    ...(by.optional !== undefined && { optional: by.optional }),
    exclusions: [...need.exclusions, ...by.exclusions],
  };
}

/** An artifact that moved: its pom names the new coordinates. */
function relocated(written: PomDependency, models: Models): PomDependency {
  let at = written;
  for (let times = 0; times < MAX_RELOCATIONS; times += 1) {
    const version = fixedVersion(at.version);
    const move = version === undefined ? undefined : models.of(at.group, at.artifact, version)?.pom.relocation;
    if (move === undefined) return at;
    at = {
      ...at,
      group: move.group ?? at.group,
      artifact: move.artifact ?? at.artifact,
      ...((move.version ?? version) !== undefined && { version: move.version ?? version ?? "" }),
    };
  }
  return at;
}

/** The one version that is asked for, `[1.0]` included; undefined for ranges, and for what no property fills. */
export function fixedVersion(version: string | undefined): string | undefined {
  const written = /^\[([^,[\]()]+)\]$/.exec(version ?? "")?.[1]?.trim() ?? version;
  return written === undefined || /[[\](),\s]|\$\{/.test(written) ? undefined : written;
}
