import type { Component } from "../../../src/model/sbom.ts";
import { fuzzExtractor } from "../../support/fuzz.ts";
import { canonicalPurl, scoreEdges, scoreVectors, toldWithOwn } from "../../support/vectors.ts";

/** syft does not say where a package comes from; a package out of git is told with its `vcs_url` here. */
const withoutOrigin = (component: Component): string | undefined => canonicalPurl(component)?.replace(/\?.*$/u, "");

const PATCHED =
  "trivy leaves out patched packages; yarn installs fsevents 2.1.3 (on macOS), and node-gyp is there for it alone";

scoreVectors({ suite: "scalibr", upstream: "language/javascript/yarnlock", ours: "yarn/lock", told: toldWithOwn });
scoreVectors({
  suite: "trivy",
  upstream: "nodejs/yarn",
  ours: "yarn/lock",
  differs: { "nodejs/yarn#happy v2": PATCHED },
});
scoreEdges("nodejs/yarn", "yarn/lock");
scoreVectors({ suite: "syft", upstream: "javascript", only: ["yarn"], ours: "yarn/lock", told: withoutOrigin });
fuzzExtractor("yarn/lock", "scalibr", "language/javascript/yarnlock");

scoreVectors({ suite: "scalibr", upstream: "language/javascript/bunlock", ours: "bun/lock" });
scoreVectors({ suite: "trivy", upstream: "nodejs/bun", ours: "bun/lock" });
scoreEdges("nodejs/bun", "bun/lock");
fuzzExtractor("bun/lock", "scalibr", "language/javascript/bunlock");

/**
 * trivy leaves out the needs of development, of pnpm itself (pnpm 11 locks them in a document of their own; scope `build` here), and
 * workspace members, but not folders that are copied as packages.
 */
const trivyPnpm = (component: Component): string | undefined =>
  ["build", "dev"].includes(component.scope) || (component.own && component.version === undefined)
    ? undefined
    : toldWithOwn(component);
/** trivy tells instances of one version apart by their peers, which are one component here. */
const withoutPeers = (id: string): string => id.replace(/\(.*$/u, "");

scoreVectors({ suite: "scalibr", upstream: "language/javascript/pnpmlock", ours: "pnpm/lock" });
scoreVectors({ suite: "trivy", upstream: "nodejs/pnpm", ours: "pnpm/lock", told: trivyPnpm });
scoreEdges("nodejs/pnpm", "pnpm/lock", undefined, {}, withoutPeers);
scoreVectors({ suite: "syft", upstream: "javascript", only: ["pnpm"], ours: "pnpm/lock" });
fuzzExtractor("pnpm/lock", "scalibr", "language/javascript/pnpmlock");
