import { fuzzExtractor } from "../../support/fuzz.ts";
import { php } from "../../support/scorings/php.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(php);

fuzzExtractor("composer/lock", "scalibr", "language/php/composerlock");
fuzzExtractor("composer/installed", "scalibr", "language/php/composerlock");
