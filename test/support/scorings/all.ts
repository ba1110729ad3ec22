import type { Scoring } from "../scoring.ts";
import { actions } from "./actions.ts";
import { dotnet } from "./dotnet.ts";
import { go } from "./go.ts";
import { java } from "./java.ts";
import { javascript } from "./javascript.ts";
import { os } from "./os.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";
import { ruby } from "./ruby.ts";
import { rust } from "./rust.ts";
import { sbom } from "./sbom.ts";

/** How the upstreams' cases are scored, one list an ecosystem. */
export const scorings: readonly Scoring[] = [
  ...javascript,
  ...python,
  ...rust,
  ...go,
  ...java,
  ...dotnet,
  ...ruby,
  ...php,
  ...actions,
  ...os,
  ...sbom,
];

/** Upstream extractors of ecosystems that docs/ecosystems.md does not name. Cases of all others count, whether they are read or not. */
export const otherEcosystems: Readonly<Record<Scoring["suite"], readonly string[]>> = {
  scalibr: [
    "containers/k8simage",
    "containers/podman",
    "language/cpp/conanlock",
    "language/dart/pubspec",
    "language/elixir/mixlock",
    "language/erlang/mixlock",
    "language/gleam/gleamtoml",
    "language/haskell/cabal",
    "language/julia/manifesttoml",
    "language/julia/projecttoml",
    "language/perl/cpan",
    "language/r/renvlock",
    "language/swift/packageresolved",
    "misc/bazelmaven",
    "misc/chrome/extensions",
    "misc/netscaler",
    "misc/vscodeextensions",
    "os/chocolatey",
    "os/cos",
    "os/homebrew",
    "os/kernel/module",
    "os/macapps",
    "os/pacman",
    "os/portage",
    "os/spack",
    "runtime/mise",
  ],
  trivy: ["c/conan", "dart/pub", "frameworks/wordpress", "hex/mix", "julia/manifest", "swift/cocoapods", "swift/swift"],
  syft: [
    "apple",
    "binary",
    "bitnami",
    "cpp",
    "dart",
    "erlang",
    "gentoo",
    "haskell",
    "homebrew",
    "lua",
    "ocaml",
    "swift",
    "swipl",
  ],
};
