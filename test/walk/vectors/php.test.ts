import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreEdges, scoreVectors } from "../../support/vectors.ts";

scoreVectors({ suite: "scalibr", upstream: "language/php/composerlock", ours: "composer/lock" });
scoreVectors({ suite: "trivy", upstream: "php/composer", ours: "composer/lock" });
scoreEdges("php/composer", "composer/lock");
scoreVectors({
  suite: "syft",
  upstream: "php",
  ours: "composer/lock",
  // Upstream leaves out what is for development.
  told: ({ scope, purl }) => (scope === "dev" ? undefined : purl),
});

fuzzExtractor("composer/lock", "scalibr", "language/php/composerlock");
fuzzExtractor("composer/installed", "scalibr", "language/php/composerlock");
