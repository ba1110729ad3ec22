import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors({
  suite: "scalibr",
  upstream: "misc/githubactions",
  ours: "github-actions/workflow",
  // Upstream leaves out images.
  told: ({ ecosystem, name, version }) => (ecosystem === "docker" ? undefined : `${name}@${version ?? ""}`),
});
scoreVectors({
  suite: "syft",
  upstream: "githubactions",
  ours: "github-actions/workflow",
  // These cases are of upstream's reader of actions; it has another for reusable workflows.
  told: ({ purl }) => (purl?.includes("#.github/workflows/") === true ? undefined : purl),
});
scoreVectors({ suite: "scalibr", upstream: "containers/dockerbaseimage", ours: "docker/dockerfile" });

fuzzExtractor("github-actions/workflow", "syft", "githubactions");
fuzzExtractor("docker/dockerfile", "scalibr", "containers/dockerbaseimage");
