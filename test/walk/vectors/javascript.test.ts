import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openSource } from "../../../src/artifact/open.ts";
import { collect } from "../../../src/inventory/collect.ts";
import type { Component } from "../../../src/model/sbom.ts";
import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { shared } from "../../support/shared.ts";
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
scoreEdges("nodejs/pnpm", "pnpm/lock", undefined, {}, { idOf: withoutPeers });
scoreVectors({ suite: "syft", upstream: "javascript", only: ["pnpm"], ours: "pnpm/lock" });
fuzzExtractor("pnpm/lock", "scalibr", "language/javascript/pnpmlock");

// A manifest that lies alone is a project's own: its name and version are those of the root, its needs are ranges.
const projectOnly = (component: Component): string | undefined =>
  component.occurrences.length > 0 ? undefined : component.purl === undefined ? undefined : toldWithOwn(component);
const projectPurl = (component: Component): string | undefined =>
  component.occurrences.length > 0 ? undefined : canonicalPurl(component);

scoreVectors({
  suite: "scalibr",
  upstream: "language/javascript/packagejson",
  ours: "npm/manifest",
  withSubject: true,
  told: projectOnly,
});
scoreVectors({ suite: "trivy", upstream: "nodejs/packagejson", ours: "npm/manifest" });
scoreVectors({
  suite: "syft",
  upstream: "javascript",
  only: ["ParsePackageJSON"],
  ours: "npm/manifest",
  withSubject: true,
  told: projectPurl,
});
/** syft leaves out what is needed for development only. */
const withoutDev = (component: Component): string | undefined =>
  component.scope === "dev" ? undefined : canonicalPurl(component);

scoreVectors({
  suite: "syft",
  upstream: "javascript",
  only: ["TestParsePackageLock#", "TestParsePackageLockV1"],
  ours: "npm/package-lock",
  told: withoutDev,
});
// From version 2 on syft counts the project itself.
scoreVectors({
  suite: "syft",
  upstream: "javascript",
  only: ["TestParsePackageLockV2", "TestParsePackageLockV3", "LicenseWithArray"],
  ours: "npm/package-lock",
  withSubject: true,
  told: withoutDev,
});
fuzzExtractor("npm/installed", "syft", "javascript");

test("syft javascript: a folder with a lockfile and an installation gives its packages, each once", async (t) => {
  const folder = shared(t, "vectors/extractors-syft");
  if (folder === undefined) return;
  const row = readFileSync(join(folder, "cases.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line.includes("Test_JavascriptCataloger"))
    .map((line) => JSON.parse(line) as { fixture: string; packages: { purl: string }[] })[0];
  assert.ok(row !== undefined);
  const { components } = await collect(await openSource(join(folder, row.fixture)));
  assert.deepEqual(
    components.map(withoutDev).filter((purl) => purl !== undefined),
    row.packages.map(({ purl }) => purl).toSorted(),
  );
});

fuzzFiles("bun/lockb", [{ "bun.lockb": Buffer.from("#!/usr/bin/env bun\nbun-lockfile-format-v0\n\0\0") }]);
