import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreEdges, scoreVectors, toldWithOwn } from "../../support/vectors.ts";

scoreVectors({ suite: "scalibr", upstream: "language/javascript/packagelockjson", ours: "npm/package-lock" });
scoreVectors({ suite: "trivy", upstream: "nodejs/npm", ours: "npm/package-lock", told: toldWithOwn });
scoreEdges("nodejs/npm", "npm/package-lock");
fuzzExtractor("npm/package-lock", "scalibr", "language/javascript/packagelockjson");
fuzzExtractor("npm/shrinkwrap", "scalibr", "language/javascript/packagelockjson");
fuzzExtractor("npm/manifest", "scalibr", "language/javascript/packagejson");
