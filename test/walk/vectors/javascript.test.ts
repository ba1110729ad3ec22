import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { javascript } from "../../support/scorings/javascript.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(javascript);

fuzzExtractor("yarn/lock", "scalibr", "language/javascript/yarnlock");
fuzzExtractor("bun/lock", "scalibr", "language/javascript/bunlock");
fuzzExtractor("pnpm/lock", "scalibr", "language/javascript/pnpmlock");
fuzzExtractor("npm/installed", "syft", "javascript");
fuzzExtractor("npm/package-lock", "scalibr", "language/javascript/packagelockjson");

fuzzFiles("bun/lockb", [{ "bun.lockb": Buffer.from("#!/usr/bin/env bun\nbun-lockfile-format-v0\n\0\0") }]);
fuzzExtractor("npm/shrinkwrap", "scalibr", "language/javascript/packagelockjson");
fuzzExtractor("npm/manifest", "scalibr", "language/javascript/packagejson");
