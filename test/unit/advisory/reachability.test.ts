import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../src/advisory/match.ts";
import {
  affectedPaths,
  type GoProgram,
  reachabilityInPrograms,
  withBytes,
} from "../../../src/advisory/reachability.ts";
import type { AffectedSymbols, Finding } from "../../../src/model/advisory.ts";
import { componentOf, indexOf, osv, sbomOf } from "../../support/records.ts";

const TEXT = "golang.org/x/text/language";

function findingOf(...imports: readonly (readonly AffectedSymbols[])[]): Pick<Finding, "records"> {
  return {
    records: imports.map((symbols, index) => ({
      id: `GO-${index}`,
      modified: "2026-01-01T00:00:00Z",
      ecosystem: "Go",
      name: "golang.org/x/text",
      reason: { by: "range" },
      version: "0.3.5",
      ...(symbols.length > 0 && { symbols }),
    })),
  };
}

const program = (names: readonly string[], system = "linux"): GoProgram => ({
  path: "bin/app",
  functions: {
    system,
    architecture: "amd64",
    hasPackage: (path) => names.some((name) => name.startsWith(`${path}.`)),
    has: (path, symbol) => names.includes(`${path}.${symbol}`),
  },
});

test("functions that a record names are present, absent or not known, each with why", () => {
  const named = findingOf([{ path: TEXT, symbols: ["Parse", "MatchStrings"] }]);
  assert.deepEqual(reachabilityInPrograms(named, [program([`${TEXT}.Parse`])]), {
    found: "present",
    by: "symbols",
    evidence: [`bin/app: ${TEXT}.Parse`],
  });
  assert.equal(reachabilityInPrograms(named, [program([`${TEXT}.Compose`])])?.found, "absent");
  assert.equal(reachabilityInPrograms(named, [{ path: "bin/app", functions: undefined }])?.found, "unknown");
  // One of two programs that cannot be read may have it.
  const blind = [program([]), { path: "bin/old", functions: undefined }];
  assert.equal(reachabilityInPrograms(named, blind)?.found, "unknown");
});

test("a record without names of functions is about the whole package, and one without a package leaves it open", () => {
  const whole = findingOf([{ path: TEXT, symbols: [] }]);
  assert.equal(reachabilityInPrograms(whole, [program([`${TEXT}.Compose`])])?.found, "present");
  assert.equal(reachabilityInPrograms(findingOf([]), [program([])]), undefined);
  const mixed = findingOf([{ path: TEXT, symbols: ["Parse"] }], []);
  assert.equal(reachabilityInPrograms(mixed, [program([])])?.found, "unknown");
  assert.deepEqual([...affectedPaths(mixed)], [TEXT]);
});

test("code for another system is not in the program", () => {
  const windows = findingOf([{ path: TEXT, symbols: ["Parse"], systems: ["windows"] }]);
  assert.equal(reachabilityInPrograms(windows, [program([`${TEXT}.Parse`])])?.found, "absent");
  assert.equal(reachabilityInPrograms(windows, [program([`${TEXT}.Parse`], "windows")])?.found, "present");
});

test("whether a package's bytes are in the artifact is evidence, and no filter", () => {
  const record = osv("GHSA-aaaa-bbbb-cccc", "npm", "widget", [{ introduced: "0" }]);
  const other = osv("GHSA-dddd-eeee-ffff", "npm", "builder", [{ introduced: "0" }]);
  const declared = sbomOf([componentOf("pkg:npm/builder@1.0.0"), componentOf("pkg:npm/widget@1.0.0")]);
  const { findings } = match(declared, indexOf([record, other]));
  const shipped = sbomOf([
    componentOf("pkg:npm/widget@1.0.0", { occurrences: [{ path: "dist/app.js", technique: "source-map" }] }),
  ]);
  const told = withBytes(findings, shipped).map(({ name, reachability }) => [name, reachability]);
  assert.deepEqual(told, [
    ["builder", { found: "absent", by: "bytes", evidence: ["no file of the artifact is the package's"] }],
    ["widget", { found: "present", by: "bytes", evidence: ["dist/app.js"] }],
  ]);
  const partly = { ...shipped, completeness: { ...shipped.completeness, components: "incomplete" as const } };
  assert.equal(withBytes(findings, partly)[0]?.reachability?.found, "unknown");
});
