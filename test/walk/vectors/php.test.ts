import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { php } from "../../support/scorings/php.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(php);

fuzzExtractor("composer/lock", "scalibr", "language/php/composerlock");
fuzzExtractor("composer/installed", "scalibr", "language/php/composerlock");
fuzzFiles("composer/manifest", [
  {
    "composer.json": Buffer.from(
      '{"name":"a/b","require":{"php":"8","c/d":"^1","e/f":"1.0.0"},"require-dev":{"g/h":"*"}}',
    ),
  },
]);
