import type { Extractor } from "../../model/extractor.ts";

/** Files that containers are built from. */
export const dockerExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "docker/dockerfile",
    ecosystem: "docker",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: true, digests: true, licences: false, lines: true },
    claim: { names: ["Dockerfile", "Containerfile"], endings: [".dockerfile", ".Dockerfile", ".containerfile"] },
    extract: async (entry, source) => (await import("./dockerfile.ts")).readDockerfile(entry, source),
  },
];
