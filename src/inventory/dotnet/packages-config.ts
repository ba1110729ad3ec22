import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Unknown } from "../../model/sbom.ts";
import { lockfileKind, formFault } from "../document.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { Gathered } from "../packages.ts";
import { Lines, readXml } from "../xml.ts";
import { nugetPurl } from "./names.ts";

const CONFIG = lockfileKind("packages.config", "write it anew with nuget or Visual Studio");

/**
 * `packages.config` (NuGet 2): all packages, exact and flat; which of them the project asked for is not said.
 * Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export function readPackagesConfig(entry: Entry, source: Source): Extraction {
  const { root, text } = readXml(entry, CONFIG);
  if (root.name !== "packages") throw formFault(CONFIG, entry.path, "the whole file", "<packages>", root.name);
  const gathered = new Gathered();
  const lines = new Lines(text);
  const unknowns: Unknown[] = [];
  for (const element of root.children) {
    if (element.name !== "package") continue;
    const [name, version] = [element.attributes.get("id"), element.attributes.get("version")];
    const line = lines.at(element.offset);
    if (name === undefined || name === "" || version === undefined || version === "") {
      unknowns.push({ where: `${cleanText(entry.path, 300)}:${line}`, what: "a package without a name or a version" });
      continue;
    }
    gathered.add({
      name,
      version,
      purl: nugetPurl(name, version),
      ecosystem: "NuGet",
      scope: element.attributes.get("developmentDependency") === "true" ? "dev" : "runtime",
      occurrence: { path: entry.path, line, technique: "lockfile" },
    });
  }
  return {
    subject: { name: calledAfter(folderOf(entry.path), source), digests: {} },
    components: gathered.components,
    dependencies: [],
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: "unknown",
      method: "locked",
    },
    unknowns,
  };
}
