import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { ruby } from "../../support/scorings/ruby.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(ruby);

fuzzExtractor("gem/gemfile-lock", "scalibr", "language/ruby/gemfilelock");
fuzzExtractor("gem/gemspec", "scalibr", "language/ruby/gemspec");
fuzzExtractor("gem/installed", "trivy", "ruby/gemspec");
fuzzFiles("gem/gemfile", [
  {
    Gemfile: Buffer.from(
      'gem "a", "~> 1", ">= 2", group: [:test], git: "https://b.example/c.git"\ngroup :test do\n gem "d"\nend\n',
    ),
  },
]);
