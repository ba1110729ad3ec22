import type { Extractor } from "../../model/extractor.ts";

/** Files that containers are built from. */
export const dockerExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "docker/dockerfile",
    ecosystem: "docker",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: true, digests: true, licences: false, lines: true },
    claim: {
      names: ["Dockerfile", "Containerfile"],
      starts: ["Dockerfile.", "Containerfile."],
      endings: [".dockerfile", ".Dockerfile", ".containerfile"],
      // Beside it: what is not copied, what it is made from, what is said about it.
      where: (path) => !/\.(?:dockerignore|containerignore|j2|jinja2?|erb|tmpl|tpl|template|in|md|txt)$/iu.test(path),
    },
    extract: async (entry, source) => (await import("./dockerfile.ts")).readDockerfile(entry, source),
  },
  {
    kind: "file",
    id: "docker/compose",
    // A Dockerfile beside it says something else.
    ecosystem: "docker-compose",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: false, digests: true, licences: false, lines: true },
    claim: {
      endings: [".yml", ".yaml"],
      where: (path) => /(?:^|\/)(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml$/u.test(path),
    },
    extract: async (entry, source) => (await import("./compose.ts")).readCompose(entry, source),
  },
];
