import { fuzzExtractor } from "../../support/fuzz.ts";
import { actions } from "../../support/scorings/actions.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(actions);

fuzzExtractor("github-actions/workflow", "syft", "githubactions");
fuzzExtractor("docker/dockerfile", "scalibr", "containers/dockerbaseimage");
fuzzExtractor("docker/compose", "scalibr", "containers/dockercomposeimage");
