import { absent, type Scoring } from "../scoring.ts";

export const actions: readonly Scoring[] = [
  {
    suite: "scalibr",
    upstream: "misc/githubactions",
    ours: "github-actions/workflow",
    apart: { why: "leaves out images of `docker://` steps", without: ({ ecosystem }) => ecosystem === "docker" },
  },
  {
    suite: "syft",
    upstream: "githubactions",
    ours: "github-actions/workflow",
    apart: {
      why: "has another reader for reusable workflows",
      without: ({ purl }) => purl?.includes("#.github/workflows/") === true,
    },
  },
  { suite: "scalibr", upstream: "containers/dockerbaseimage", ours: "docker/dockerfile" },
  {
    suite: "scalibr",
    upstream: "containers/dockercomposeimage",
    ours: "docker/compose",
    differs: {
      "containers/dockercomposeimage#multi_stage_docker_compose_file": absent(
        "the .env beside it, which gives image4 its tag; test/unit/inventory/docker.test.ts has such a file",
      ),
    },
  },
];
