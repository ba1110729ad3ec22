import type { Extractor } from "../../model/extractor.ts";

const WORKFLOW = /(?:^|\/)\.github\/workflows\/[^/]+$/u;
const isAction = (path: string): boolean => /(?:^|\/)action\.ya?ml$/u.test(path);

/** GitHub's workflows and actions, which build what is delivered. */
export const actionsExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "github-actions/workflow",
    ecosystem: "GitHub Actions",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: true, digests: true, licences: false, lines: true },
    claim: { endings: [".yml", ".yaml"], where: (path) => WORKFLOW.test(path) || isAction(path) },
    // Workflows and a repository's own actions are the repository's.
    projectOf: (path) =>
      WORKFLOW.test(path) || path.includes(".github/")
        ? path.slice(0, Math.max(0, path.lastIndexOf(".github/") - 1))
        : path.slice(0, Math.max(0, path.lastIndexOf("/"))),
    extract: async (entry, source) => (await import("./workflow.ts")).readWorkflow(entry, source),
  },
];
