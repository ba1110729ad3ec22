import { deflateSync } from "node:zlib";
import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { elf, machO, pe } from "../../support/programs.ts";
import { scoreEdges, scoreVectors, toldWithOwn } from "../../support/vectors.ts";

scoreVectors({ suite: "scalibr", upstream: "language/rust/cargolock", ours: "cargo/cargo-lock" });
scoreVectors({
  suite: "scalibr",
  upstream: "language/rust/cargotoml",
  ours: "cargo/manifest",
  // The upstream lists the project itself as one of its packages; here it is the subject.
  wanted: ({ name, version }) => (name === "hello_world" ? undefined : version ? `${name}@${version}` : name),
  differs: {
    "language/rust/cargotoml#dependency with only version specified":
      "`0.0.1` is the requirement `^0.0.1` (Cargo reference): which version a build takes is not known, so none is told; the upstream tells 0.0.1",
    "language/rust/cargotoml#git dependency with tag specified":
      "the project needs regex, from a repository: the upstream leaves it out for want of a commit",
    "language/rust/cargotoml#git dependency with pr rev specified":
      "the project needs regex, from a repository: the upstream leaves it out for want of a commit",
  },
});
scoreVectors({ suite: "scalibr", upstream: "language/rust/cargoauditable", ours: "cargo/auditable" });
scoreVectors({ suite: "trivy", upstream: "rust/cargo", ours: "cargo/cargo-lock", told: toldWithOwn });
scoreVectors({ suite: "trivy", upstream: "rust/binary", ours: "cargo/auditable" });
scoreEdges("rust/cargo", "cargo/cargo-lock");
scoreEdges("rust/binary", "cargo/auditable");
scoreVectors({
  suite: "syft",
  upstream: "rust",
  ours: "cargo/cargo-lock",
  // Ours tell a crate from a repository by its `vcs_url`; the upstream gives both the same package URL.
  told: ({ own, purl }) => (own ? undefined : purl?.replace(/\?vcs_url=.*$/u, "")),
});
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
