import { fuzzExtractor } from "../../support/fuzz.ts";
import { ruby } from "../../support/scorings/ruby.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(ruby);

fuzzExtractor("gem/gemfile-lock", "scalibr", "language/ruby/gemfilelock");
fuzzExtractor("gem/gemspec", "scalibr", "language/ruby/gemspec");
fuzzExtractor("gem/installed", "trivy", "ruby/gemspec");
