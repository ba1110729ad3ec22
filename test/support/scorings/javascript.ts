import type { Component } from "../../../src/model/sbom.ts";
import { type Apart, merits, type Scoring } from "../scoring.ts";
import { canonicalPurl } from "../vectors.ts";

const scalibr = { suite: "scalibr" } as const;
const trivy = { suite: "trivy" } as const;
const syft = { suite: "syft", upstream: "javascript" } as const;

const isDev = ({ scope }: Component): boolean => scope === "dev";
const WITHOUT_DEV: Apart = { why: "leaves out what is needed for development only", without: isDev };
// A manifest that lies alone is a project's own: its name and version are those of the root, its needs are ranges.
const PROJECT_ONLY: Apart = {
  why: "tells the project only, here its needs are told too, without a version",
  without: ({ occurrences, purl }) => occurrences.length > 0 || purl === undefined,
};

export const javascript: readonly Scoring[] = [
  { ...scalibr, upstream: "language/javascript/packagelockjson", ours: "npm/package-lock" },
  { ...trivy, upstream: "nodejs/npm", ours: "npm/package-lock" },
  { ...scalibr, upstream: "language/javascript/yarnlock", ours: "yarn/lock" },
  {
    ...trivy,
    upstream: "nodejs/yarn",
    ours: "yarn/lock",
    differs: {
      "nodejs/yarn#happy v2": merits(
        "trivy leaves out patched packages; yarn installs fsevents 2.1.3 (on macOS), and node-gyp is there for it alone",
      ),
    },
  },
  {
    ...syft,
    only: ["#TestParseYarnLock"],
    ours: "yarn/lock",
    apart: {
      why: "does not say that a package comes out of git (`vcs_url`)",
      told: (component) => canonicalPurl(component)?.replace(/\?.*$/u, ""),
    },
  },
  { ...scalibr, upstream: "language/javascript/bunlock", ours: "bun/lock" },
  { ...trivy, upstream: "nodejs/bun", ours: "bun/lock" },
  { ...scalibr, upstream: "language/javascript/pnpmlock", ours: "pnpm/lock" },
  {
    ...trivy,
    upstream: "nodejs/pnpm",
    ours: "pnpm/lock",
    apart: {
      why: "leaves out what is needed for development, pnpm itself and workspace members, but not folders that are copied as packages",
      without: ({ scope, own, version }) => scope === "build" || scope === "dev" || (own && version === undefined),
    },
    // Instances of one version are told apart by their peers there, and are one component here.
    edges: { idOf: (id) => id.replace(/\(.*$/u, "") },
  },
  { ...syft, only: ["pnpm"], ours: "pnpm/lock" },
  {
    ...scalibr,
    upstream: "language/javascript/packagejson",
    ours: "npm/manifest",
    withSubject: true,
    apart: PROJECT_ONLY,
  },
  // An archive that is opened as any other.
  {
    ...scalibr,
    upstream: "language/javascript/vsix",
    apart: {
      why: "does not open archives inside of the archive",
      without: ({ occurrences }) => occurrences.every(({ path }) => path.includes("!/")),
    },
  },
  { ...trivy, upstream: "nodejs/packagejson", ours: "npm/manifest" },
  { ...syft, only: ["ParsePackageJSON"], ours: "npm/manifest", withSubject: true, apart: PROJECT_ONLY },
  {
    ...syft,
    only: ["TestParsePackageLock#", "TestParsePackageLockV1"],
    ours: "npm/package-lock",
    apart: WITHOUT_DEV,
  },
  // From version 2 on syft counts the project itself.
  {
    ...syft,
    only: ["TestParsePackageLockV2", "TestParsePackageLockV3", "LicenseWithArray"],
    ours: "npm/package-lock",
    withSubject: true,
    apart: WITHOUT_DEV,
  },
  { ...syft, only: ["Test_JavascriptCataloger"], apart: WITHOUT_DEV },
];
