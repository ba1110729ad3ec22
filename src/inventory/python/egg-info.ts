import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Scope } from "../../model/sbom.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { readDistributions } from "./distributions.ts";
import { beside, type Declared, declaredExtraction } from "./project.ts";
import { parseRequirement } from "./requirement.ts";

/** Reads the `PKG-INFO` of sources: what the project is called, and what it declares. Throws `WB-MANIFEST-FORM`. */
export function readEggInfo(entry: Entry, source: Source): Extraction {
  const requires = entry.path.includes(".egg-info/") ? beside(entry.path, "requires.txt", source) : undefined;
  const [found] = readDistributions(requires === undefined ? [entry] : [entry, requires]).distributions;
  if (found === undefined) {
    throw new Fault({
      code: "WB-MANIFEST-FORM",
      kind: "input",
      what: "the metadata names no distribution",
      where: cleanText(entry.path, 300),
      expected: "a line `Name: …`",
      fix: "build the source distribution anew",
    });
  }
  const needs = found.requires.flatMap((written): Declared[] => {
    const requirement = parseRequirement(written);
    const scope: Scope = /\bextra\b/.test(requirement?.marker ?? "") ? "optional" : "runtime";
    return requirement === undefined ? [] : [{ requirement, scope, written }];
  });
  const { name, version, licences } = found;
  return declaredExtraction({ name, version, licences, needs, unknowns: [] }, entry.path, source);
}
