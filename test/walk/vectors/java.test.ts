import { fuzzExtractor } from "../../support/fuzz.ts";
import { java } from "../../support/scorings/java.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(java);

fuzzExtractor("maven/jar", "trivy", "java/jar");
fuzzExtractor("maven/pom", "scalibr", "language/java/pomxml");
fuzzExtractor("maven/gradle-lockfile", "scalibr", "language/java/gradlelockfile");
fuzzExtractor("maven/gradle-verification", "scalibr", "language/java/gradleverificationmetadataxml");
fuzzExtractor("maven/gradle-catalog", "scalibr", "language/java/gradleversioncatalog");
fuzzExtractor("java/release", "syft", "java");
