import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors({
  suite: "scalibr",
  upstream: "language/java/pomxml",
  ours: "maven/pom",
  differs: {
    "language/java/pomxml#interpolation":
      "`[9.4.35.v20201120,9.5)` is a range: Maven takes the highest version that the repositories have, the upstream tells the lowest; here no version is told",
    "language/java/pomxml#with parent": "org.dave stands in parent/pom.xml, which the vectors lack",
    "language/java/pomxml#multi version dependency":
      "of two declarations of one artifact Maven takes the last, 1.1.1; the upstream tells the first",
  },
});
scoreVectors({ suite: "scalibr", upstream: "language/java/gradlelockfile", ours: "maven/gradle-lockfile" });
scoreVectors({
  suite: "scalibr",
  upstream: "language/java/gradleverificationmetadataxml",
  ours: "maven/gradle-verification",
});
scoreVectors({ suite: "scalibr", upstream: "language/java/gradleversioncatalog", ours: "maven/gradle-catalog" });
scoreVectors({ suite: "syft", upstream: "java", only: ["Gradle"], ours: "maven/gradle-lockfile" });
scoreVectors({ suite: "trivy", upstream: "java/jar", ours: "maven/jar" });
fuzzExtractor("maven/jar", "trivy", "java/jar");
fuzzExtractor("maven/pom", "scalibr", "language/java/pomxml");
fuzzExtractor("maven/gradle-lockfile", "scalibr", "language/java/gradlelockfile");
fuzzExtractor("maven/gradle-verification", "scalibr", "language/java/gradleverificationmetadataxml");
fuzzExtractor("maven/gradle-catalog", "scalibr", "language/java/gradleversioncatalog");
