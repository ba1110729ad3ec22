import { cleanText } from "../../artifact/clean-text.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Subject, Unknown } from "../../model/sbom.ts";
import type { Fields } from "../fields.ts";
import type { Graph } from "./graph.ts";
import type { Manifest } from "./manifest.ts";
import { packageUrl } from "./package-url.ts";
import type { Place } from "./place.ts";

/** The fields of needs in the order of `SCOPES`. */
export const NEEDS = ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"] as const;

/** The project as its lockfile names it, else as the manifest beside it does, else as the source is called. */
export function lockSubject(root: Place, manifest: Manifest | undefined, called: string): Subject {
  const named = root.name !== "" ? root.name : manifest?.name;
  const version = root.version ?? manifest?.version;
  const purl = named === undefined ? undefined : packageUrl(named, version);
  return {
    name: named ?? called,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    ...(manifest?.author !== undefined && { author: manifest.author }),
    digests: {},
  };
}

/** What a lockfile's reader found out. */
export interface LockFacts {
  readonly subject: Subject;
  readonly manifest: Manifest | undefined;
  readonly graph: Graph;
  /** Whether anybody tells what the project itself needs. */
  readonly rootKnown: boolean;
  readonly unknowns: readonly Unknown[];
  /** False where the lockfile leaves out a kind of edge. */
  readonly edgesWhole?: boolean;
}

/** An extraction from a lockfile, with how far it can be relied upon. */
export function extractionOf({ subject, manifest, graph, rootKnown, unknowns, edgesWhole }: LockFacts): Extraction {
  const whole = graph.whole && rootKnown && edgesWhole !== false;
  return {
    subject,
    licences: manifest?.licences ?? [],
    components: graph.components,
    dependencies: graph.dependencies,
    completeness: {
      components: graph.whole ? "complete" : "incomplete",
      dependencies: whole ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns: [...graph.unknowns, ...unknowns],
  };
}

/** Needs that manifest and lockfile tell differently: `npm ci` would refuse, `npm install` would change the lockfile. */
export function driftOf(root: Place, manifest: Manifest | undefined, file: string): Unknown[] {
  if (manifest === undefined) return [];
  const differing = new Set<string>();
  for (const [kind, field] of NEEDS.entries()) {
    const locked = root[field] ?? {};
    const declared = manifest.needs[kind] ?? {};
    for (const name of [...Object.keys(locked), ...Object.keys(declared)]) {
      if (kind === 0 && Object.hasOwn(root.optionalDependencies ?? {}, name)) continue;
      if (valueOf(locked, name) !== valueOf(declared, name)) differing.add(name);
    }
  }
  const first = [...differing].toSorted().slice(0, 5);
  if (first.length === 0) return [];
  const names = first.map((name) => cleanText(name, 80)).join(", ");
  return [
    { where: file, what: `package.json and the lockfile differ in ${differing.size} needs of the project: ${names}` },
  ];
}

function valueOf(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
