import { merits, type Scoring } from "../scoring.ts";
import { canonicalPurl } from "../vectors.ts";

const NO_COMMIT = merits("the project needs regex, from a repository: the upstream leaves it out for want of a commit");

export const rust: readonly Scoring[] = [
  { suite: "scalibr", upstream: "language/rust/cargolock", ours: "cargo/cargo-lock" },
  {
    suite: "scalibr",
    upstream: "language/rust/cargotoml",
    ours: "cargo/manifest",
    withSubject: true,
    differs: {
      "language/rust/cargotoml#dependency with only version specified": merits(
        "`0.0.1` is the requirement `^0.0.1` (Cargo reference): which version a build takes is not known, so none is told; the upstream tells 0.0.1",
      ),
      "language/rust/cargotoml#git dependency with tag specified": NO_COMMIT,
      "language/rust/cargotoml#git dependency with pr rev specified": NO_COMMIT,
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
