import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreEdges, scoreVectors } from "../../support/vectors.ts";

const ABSENT =
  "the file that holds the version is not among the vectors; test/unit/inventory/ruby.test.ts has such files";

scoreVectors({ suite: "scalibr", upstream: "language/ruby/gemfilelock", ours: "gem/gemfile-lock" });
scoreVectors({
  suite: "scalibr",
  upstream: "language/ruby/gemspec",
  ours: "gem/gemspec",
  withSubject: true,
  differs: {
    "language/ruby/gemspec#version constant with freeze": ABSENT,
    "language/ruby/gemspec#version constant via File.join multiline": ABSENT,
    "language/ruby/gemspec#version constant via File.dirname": ABSENT,
    "language/ruby/gemspec#version constant via require": ABSENT,
    "language/ruby/gemspec#version constant via nested File.expand_path and File.join": ABSENT,
    "language/ruby/gemspec#version constant different casing": ABSENT,
  },
});
scoreVectors({ suite: "trivy", upstream: "ruby/bundler", ours: "gem/gemfile-lock" });
scoreEdges("ruby/bundler", "gem/gemfile-lock");
scoreVectors({ suite: "trivy", upstream: "ruby/gemspec", ours: "gem/gemspec", withSubject: true });
scoreVectors({ suite: "syft", upstream: "ruby", ours: "gem/installed" });

fuzzExtractor("gem/gemfile-lock", "scalibr", "language/ruby/gemfilelock");
fuzzExtractor("gem/gemspec", "scalibr", "language/ruby/gemspec");
fuzzExtractor("gem/installed", "trivy", "ruby/gemspec");
