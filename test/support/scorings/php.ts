import type { Scoring } from "../scoring.ts";

export const php: readonly Scoring[] = [
  { suite: "scalibr", upstream: "language/php/composerlock", ours: "composer/lock" },
  { suite: "trivy", upstream: "php/composer", ours: "composer/lock" },
  {
    suite: "syft",
    upstream: "php",
    ours: "composer/lock",
    apart: { why: "leaves out what is for development", without: ({ scope }) => scope === "dev" },
  },
];
