import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { type DeclaredNeed, declaredNeeds } from "../declared-needs.ts";
import { manifestKind } from "../document.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { packageFault } from "../os/package-file.ts";
import { Lines, readXml, type XmlElement } from "../xml.ts";
import { nugetPurl } from "./names.ts";

const SPECIFICATION = manifestKind("the package's specification");

const child = (of: XmlElement | undefined, name: string): XmlElement | undefined =>
  of?.children.find((one) => one.name === name);

function* dependenciesIn(list: XmlElement | undefined): Iterable<XmlElement> {
  for (const one of list?.children ?? []) {
    if (one.name === "dependency") yield one;
    else if (one.name === "group") yield* dependenciesIn(one);
  }
}

/**
 * What a `.nupkg` says of itself in its `.nuspec` (NuGet, ".nuspec reference"): the package, and what it needs for any framework, by range.
 * Throws `WB-MANIFEST-SYNTAX`, `WB-PACKAGE-FORM`.
 */
export function readNuspec(entry: Entry): Extraction {
  const { root, text } = readXml(entry, SPECIFICATION);
  const metadata = child(root, "metadata");
  const [name, version] = [child(metadata, "id")?.text, child(metadata, "version")?.text];
  if (name === undefined || name === "" || version === undefined || version === "") {
    throw packageFault(entry.path, "metadata with id and version", name ?? "neither");
  }
  const purl = nugetPurl(name, version);
  const lines = new Lines(text);
  const needs: DeclaredNeed[] = [];
  for (const need of dependenciesIn(child(metadata, "dependencies"))) {
    const id = need.attributes.get("id");
    if (id === undefined || id === "") continue;
    const occurrence = { path: entry.path, line: lines.at(need.offset), technique: "declared" } as const;
    needs.push({
      met: { name: id, purl: nugetPurl(id, undefined), ecosystem: "NuGet", occurrence },
      written: `${id} ${need.attributes.get("version") ?? ""}`,
    });
  }
  const licence = child(metadata, "license");
  const subject = { name, version, ...(purl !== undefined && { purl }), digests: {} };
  return {
    ...declaredNeeds(entry.path, subject, needs),
    // A file's name says nothing of what is in it.
    licences: licence?.attributes.get("type") === "expression" ? licenceClaims(licence.text, "manifest") : [],
  };
}
