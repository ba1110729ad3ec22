import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef, Unknown } from "../../model/sbom.ts";
import { Gathered } from "../packages.ts";
import { gemPurl } from "./names.ts";
import { compareGem, meetsGem } from "./requirement.ts";
import { readSpecification, type Specification } from "./specification.ts";

interface Installed {
  readonly ref: ComponentRef;
  readonly version: string;
  readonly specification: Specification;
}

/**
 * The gems of one place (`specifications/*.gemspec`, as RubyGems writes them when it installs): each need is met by the highest installed
 * version that it allows, which is the one that RubyGems takes.
 */
export function readInstalledGems(entries: readonly Entry[], source: Source): Extraction {
  const gathered = new Gathered();
  const unknowns: Unknown[] = [];
  const byName = new Map<string, Installed[]>();
  for (const entry of entries) {
    const specification = readSpecification(entry, source, "installed");
    const { name, version, platform, line, licences } = specification;
    if (name === undefined || version === undefined) {
      unknowns.push({ where: cleanText(entry.path, 300), what: "a gem without a name or a version that can be read" });
      continue;
    }
    const ref = gathered.add({
      name,
      version,
      purl: gemPurl(name, version, platform === undefined ? {} : { platform }),
      ecosystem: "RubyGems",
      licences,
      occurrence: { path: entry.path, ...(line !== undefined && { line }), technique: "installed" },
    });
    byName.set(name, [...(byName.get(name) ?? []), { ref, version, specification }]);
  }
  for (const all of byName.values()) all.sort((a, b) => compareGem(b.version, a.version));
  for (const { ref, specification } of [...byName.values()].flat()) {
    for (const { name, clauses, development } of specification.needs) {
      if (development) continue;
      const met = byName.get(name)?.find(({ version }) => meetsGem(clauses, version));
      if (met === undefined) gathered.unmet(specification.name ?? "", name);
      else gathered.need(ref, met.ref);
    }
  }
  const [first] = entries;
  const all = [...gathered.unknowns(first?.path ?? "."), ...unknowns];
  return {
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: all.length === 0 ? "complete" : "incomplete",
      method: "observed",
    },
    unknowns: all,
  };
}
