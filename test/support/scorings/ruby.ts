import { absent, type Scoring } from "../scoring.ts";

const ABSENT = absent("the file that holds the version; test/unit/inventory/ruby.test.ts has such files");

export const ruby: readonly Scoring[] = [
  { suite: "scalibr", upstream: "language/ruby/gemfilelock", ours: "gem/gemfile-lock" },
  {
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
  },
  { suite: "trivy", upstream: "ruby/bundler", ours: "gem/gemfile-lock" },
  { suite: "trivy", upstream: "ruby/gemspec", ours: "gem/gemspec", withSubject: true },
  { suite: "syft", upstream: "ruby", ours: "gem/installed" },
];
