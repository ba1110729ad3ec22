import { cleanText } from "../../artifact/clean-text.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Subject, Unknown } from "../../model/sbom.ts";
import type { Graph } from "./graph.ts";
import type { Project } from "./project.ts";

/** What a lockfile gave. */
export interface LockRead {
  readonly file: string;
  readonly subject: Subject;
  /** The manifest beside the lockfile, or what the lockfile itself says of the project. */
  readonly project: Pick<Project, "licences"> | undefined;
  readonly graph: Graph;
  /** False: the format does not say what needs what. */
  readonly edgesKnown: boolean;
  readonly unknowns?: readonly Unknown[];
}

/** An inventory of a lockfile, with how far it can be relied upon. */
export function lockedExtraction({ file, subject, project, graph, edgesKnown, unknowns = [] }: LockRead): Extraction {
  const rootKnown = project !== undefined || graph.components.length === 0;
  const whole = graph.unknowns.length + unknowns.length === 0;
  const told = [...graph.unknowns, ...unknowns];
  if (!rootKnown) {
    const what = "the lockfile does not tell what the project itself needs, and no manifest beside it does";
    told.push({ where: cleanText(file, 300), what });
  }
  return {
    subject,
    licences: project?.licences ?? [],
    components: graph.components,
    dependencies: graph.dependencies,
    completeness: {
      components: whole ? "complete" : "incomplete",
      dependencies: !edgesKnown ? "unknown" : whole && rootKnown ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns: told,
  };
}
