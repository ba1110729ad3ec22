import type { Extraction } from "../../model/extractor.ts";
import type { Subject, Unknown } from "../../model/sbom.ts";
import type { Graph } from "./graph.ts";
import type { Manifest } from "./manifest.ts";
import { packageUrl } from "./package-url.ts";
import type { Place } from "./place.ts";

/** The project as its lockfile names it, else as the manifest beside it does, else as the source is called. */
export function lockSubject(root: Place, manifest: Manifest | undefined, called: string): Subject {
  const named = root.name !== "" ? root.name : manifest?.name;
  const version = root.version ?? manifest?.version;
  const purl = named === undefined ? undefined : packageUrl(named, version);
  return {
    name: named ?? called,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
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
