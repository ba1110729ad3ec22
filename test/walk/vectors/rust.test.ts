import { deflateSync } from "node:zlib";
import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { elf, machO, pe } from "../../support/programs.ts";
import { rust } from "../../support/scorings/rust.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(rust);

fuzzExtractor("cargo/cargo-lock", "syft", "rust");
fuzzExtractor("cargo/manifest", "scalibr", "language/rust/cargotoml");

const audit = deflateSync(
  JSON.stringify({
    packages: [
      { name: "a", version: "1.0.0", source: "crates.io" },
      { name: "tool", version: "2.0.0", source: "local", root: true, dependencies: [0] },
    ],
  }),
);
const section = { name: ".dep-v0", data: audit };
fuzzFiles(
  "cargo/auditable",
  [elf([section]), pe([section]), machO([section])].map((program) => ({ tool: program })),
);
