import { absent, merits, type Scoring, versioned } from "../scoring.ts";

const scalibr = (upstream: string, ours: string): Scoring => ({
  suite: "scalibr",
  upstream: `language/java/${upstream}`,
  ours: `maven/${ours}`,
});

export const java: readonly Scoring[] = [
  {
    ...scalibr("pomxml", "pom"),
    // `[9.4.35.v20201120,9.5)`: Maven takes the highest version that the repositories have.
    apart: {
      why: "takes the bound of a range for a version; here a range has none",
      wanted: (item) => (item.name === "org.mine:ranged-package" ? item.name : versioned(item)),
    },
    differs: {
      "language/java/pomxml#with parent": absent("org.dave stands in parent/pom.xml"),
      "language/java/pomxml#multi version dependency": merits(
        "of two declarations of one artifact Maven takes the last, 1.1.1; the upstream tells the first",
      ),
    },
  },
  scalibr("gradlelockfile", "gradle-lockfile"),
  scalibr("gradleverificationmetadataxml", "gradle-verification"),
  scalibr("gradleversioncatalog", "gradle-catalog"),
  { suite: "syft", upstream: "java", only: ["Gradle"], ours: "maven/gradle-lockfile" },
  { suite: "syft", upstream: "java", only: ["JvmDistributionCatalogerFromFile"], ours: "java/release" },
  { suite: "syft", upstream: "java", only: ["JvmDistributionCataloger#"] },
  { suite: "trivy", upstream: "java/jar", ours: "maven/jar" },
];
