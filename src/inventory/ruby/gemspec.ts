import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { declaredNeeds } from "../declared-needs.ts";
import { formFault, manifestKind } from "../document.ts";
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
  const purl = name === undefined ? undefined : gemPurl(name, version);
  const subject = {
    name: name ?? "",
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    digests: {},
  };
  const declared = needs.map((need) => ({
    met: {
      name: need.name,
      purl: gemPurl(need.name, undefined),
      ecosystem: "RubyGems",
      scope: need.development ? ("dev" as const) : ("runtime" as const),
      occurrence: { path: entry.path, line: need.line, technique: "declared" as const },
    },
    written: `${need.name} ${need.clauses.join(", ")}`,
  }));
  const what = "the gem's version is computed: it is not known without running it";
  const unknowns = computed ? [{ where: cleanText(entry.path, 300), what }] : [];
  const { subject: named, ...extraction } = declaredNeeds(entry.path, subject, declared, unknowns);
  return { ...extraction, licences, ...(name !== undefined && { subject: named }) };
}
