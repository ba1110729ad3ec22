import { type Scoring, versioned } from "../scoring.ts";
import { canonicalPurl } from "../vectors.ts";

export const rust: readonly Scoring[] = [
  { suite: "scalibr", upstream: "language/rust/cargolock", ours: "cargo/cargo-lock" },
  {
    suite: "scalibr",
    upstream: "language/rust/cargotoml",
    ours: "cargo/manifest",
    withSubject: true,
    // `0.0.1` is the requirement `^0.0.1` (Cargo reference).
    apart: {
      why: "takes the bound of a range for a version, and leaves out what comes from a repository and not at a commit",
      without: ({ purl, digests }) => purl?.includes("?vcs_url=") === true && digests.gitCommit === undefined,
      wanted: (item) => (item.name === "regex" ? item.name : versioned(item)),
    },
  },
  { suite: "scalibr", upstream: "language/rust/cargoauditable", ours: "cargo/auditable" },
  { suite: "trivy", upstream: "rust/cargo", ours: "cargo/cargo-lock" },
  { suite: "trivy", upstream: "rust/binary", ours: "cargo/auditable" },
  {
    suite: "syft",
    upstream: "rust",
    ours: "cargo/cargo-lock",
    apart: {
      why: "gives a crate out of git the package URL of the registry's crate; here it carries `vcs_url`",
      told: ({ own, ...component }) => (own ? undefined : canonicalPurl(component)?.replace(/\?vcs_url=.*$/u, "")),
    },
  },
];
