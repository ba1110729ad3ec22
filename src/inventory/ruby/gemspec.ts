import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { formFault, manifestKind } from "../document.ts";
import { Gathered } from "../packages.ts";
import { gemPurl } from "./names.ts";
import { readSpecification } from "./specification.ts";

const SPECIFICATION = manifestKind("the gem's specification");

/** `NAME.gemspec` of a gem that is written here: the gem, and what it needs by range. Throws `WB-MANIFEST-FORM`. */
export function readGemspec(entry: Entry, source: Source): Extraction {
  const { name, version, computed, licences, needs } = readSpecification(entry, source, "manifest");
  const nothing = entry.sizeBytes === 0;
  if (!nothing && (name === undefined || (version === undefined && !computed))) {
    const missing = name === undefined ? "name" : "version";
    throw formFault(SPECIFICATION, entry.path, missing, "a text, or a constant of a file that it requires", undefined);
  }
  const gathered = new Gathered();
  const purl = name === undefined ? undefined : gemPurl(name, version);
  const root = purl ?? name ?? "";
  for (const need of needs) {
    const scope = need.development ? "dev" : "runtime";
    const ref = gathered.add({
      name: need.name,
      purl: gemPurl(need.name, undefined),
      ecosystem: "RubyGems",
      scope,
      direct: true,
      occurrence: { path: entry.path, line: need.line, technique: "declared" },
    });
    gathered.need(root, ref, scope);
  }
  const ranges = needs.slice(0, 20).map((need) => cleanText(`${need.name} ${need.clauses.join(", ")}`, 100));
  return {
    ...(name !== undefined && {
      subject: { name, ...(version !== undefined && { version }), ...(purl !== undefined && { purl }), digests: {} },
    }),
    licences,
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: { components: "incomplete", dependencies: "incomplete", method: "missing" },
    unknowns: [
      ...(computed
        ? [
            {
              where: cleanText(entry.path, 300),
              what: "the gem's version is computed: it is not known without running it",
            },
          ]
        : []),
      {
        where: cleanText(entry.path, 300),
        what: `no lockfile: which versions an installation brings is not known${ranges.length === 0 ? "" : `; declared are ${ranges.join("; ")}`}`,
      },
    ],
  };
}
