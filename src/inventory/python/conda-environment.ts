import { cleanText } from "../../artifact/clean-text.ts";
import { printPurl } from "../../artifact/purl.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, Unknown } from "../../model/sbom.ts";
import { readText } from "../document.ts";
import { parseYaml } from "../yaml.ts";
import { matchSpec } from "./conda-spec.ts";
import { formFault, MANIFEST } from "./documents.ts";
import { type Declared, declaredExtraction, subjectOf } from "./project.ts";
import { parseRequirement } from "./requirement.ts";
import { isFields, type Fields, textAt } from "../fields.ts";

const MAX_BYTES = 1024 * 1024;

function condaComponent(text: string, file: string): Component | undefined {
  const spec = matchSpec(text);
  if (spec === undefined) return undefined;
  const { name, version } = spec;
  const purl: string = printPurl({ type: "conda", name, ...(version !== undefined && { version }) });
  return {
    ref: purl,
    name,
    ...(version !== undefined && { version }),
    purl,
    ecosystem: "conda",
    scope: "runtime",
    direct: true,
    digests: {},
    licences: [],
    occurrences: [{ path: file, technique: "declared" }],
    own: false,
  };
}

/** Reads a conda `environment.yml`: its packages, and those that pip is to install. Throws `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM`. */
export function readCondaEnvironment(entry: Entry, source: Source): Extraction {
  const text = readText(entry, MANIFEST, MAX_BYTES);
  const table = parseYaml(text, entry.path, MANIFEST);
  const document = { file: entry.path, text, table: {}, kind: MANIFEST };
  if (!isFields(table)) throw formFault(document, "the whole file", "an object", table);
  const listed: unknown = table["dependencies"] ?? [];
  if (!Array.isArray(listed)) throw formFault(document, "dependencies", "a list", listed);
  const conda = new Map<string, Component>();
  const needs: Declared[] = [];
  const unknowns: Unknown[] = [];
  for (const item of listed as unknown[]) {
    const text = typeof item === "string" ? item : undefined;
    if (text === undefined && !isFields(item))
      throw formFault(document, "dependencies", "texts, and a list for pip", item);
    if (isFields(item)) {
      pipNeeds(item, document, needs, unknowns);
      continue;
    }
    const component = text === undefined ? undefined : condaComponent(text, entry.path);
    if (component !== undefined) conda.set(component.ref, component);
    else unknowns.push({ where: cleanText(entry.path, 300), what: `${cleanText(text ?? "", 100)} is no package` });
  }
  const name = textAt(table, "name");
  const pip = declaredExtraction(
    { name: undefined, version: undefined, licences: [], needs, unknowns },
    entry.path,
    source,
  );
  const subject = {
    ...subjectOf(undefined, entry.path, source),
    ...(name !== undefined && { name: cleanText(name, 200) }),
  };
  const components = [...conda.values(), ...pip.components].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  return {
    ...pip,
    subject,
    components,
    dependencies: components.map(({ ref, scope }) => ({ from: subject.name, to: ref, scope })),
  };
}

function pipNeeds(
  item: Fields,
  document: Parameters<typeof formFault>[0],
  needs: Declared[],
  unknowns: Unknown[],
): void {
  for (const key of Object.keys(item)) {
    const list = item[key];
    if (!Array.isArray(list)) throw formFault(document, `dependencies.${key}`, "a list of texts", list);
    for (const written of list as unknown[]) {
      if (typeof written !== "string") throw formFault(document, `dependencies.${key}`, "a list of texts", written);
      const requirement = parseRequirement(written);
      if (requirement !== undefined) needs.push({ requirement, scope: "runtime", written });
      else {
        const what = `${cleanText(written.replace(/\/\/[^/@]*@/, "//"), 100)} is no requirement that can be read`;
        unknowns.push({ where: cleanText(document.file, 300), what });
      }
    }
  }
}
