import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, Unknown } from "../../model/sbom.ts";
import { manifestKind, readText } from "../document.ts";
import { fieldOf, isFields, type Fields, fieldsAt, textAt } from "../fields.ts";
import { parseToml } from "../toml.ts";
import { artifactComponent } from "./coordinates.ts";

const CATALOG = manifestKind("the version catalog");

/** A version text, or the rich version that Gradle's resolution begins with: `strictly`, `require`, `prefer`, or a reference. */
function versionOf(value: unknown, versions: Fields): string | undefined {
  if (typeof value === "string") return value;
  if (!isFields(value)) return undefined;
  const ref = textAt(value, "ref");
  if (ref !== undefined) return versionOf(fieldOf(versions, ref), {});
  return textAt(value, "strictly") ?? textAt(value, "require") ?? textAt(value, "prefer");
}

/** `+`, `1.+` and `[1,2)` are ranges: no version. */
function isExact(version: string): boolean {
  return version !== "" && !/[[\](),+\s]|^latest\./.test(version);
}

function coordinatesOf(value: unknown, versions: Fields): readonly [string, string, string | undefined] | undefined {
  if (typeof value === "string") {
    const [group, artifact, version] = value.split(":");
    return group && artifact ? [group, artifact, version] : undefined;
  }
  if (!isFields(value)) return undefined;
  const [group, artifact] = (textAt(value, "module") ?? "").split(":");
  const version = versionOf(fieldOf(value, "version"), versions);
  if (group && artifact) return [group, artifact, version];
  const [named, called] = [textAt(value, "group"), textAt(value, "name")];
  return named && called ? [named, called, version] : undefined;
}

/** Lines of `ALIAS = …` under `[libraries]`. */
function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  if (text.includes('"""') || text.includes("'''")) return lines;
  let within = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("[")) within = /^\[\s{0,9}libraries\s{0,9}\]/.test(line);
    const name = within ? /^["']?([A-Za-z0-9_.-]{1,200})["']?\s{0,99}=/.exec(line)?.[1] : undefined;
    if (name !== undefined && !lines.has(name)) lines.set(name, index + 1);
  }
  return lines;
}

/**
 * Reads a version catalog (`gradle/libs.versions.toml`; Gradle User Manual, "Version Catalogs"): what builds may choose from. Throws
 * `WB-MANIFEST-SYNTAX` with the line.
 */
export function readCatalog(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const text = readText(entry, CATALOG);
  const table = parseToml(text, file, CATALOG);
  const versions = fieldsAt(table, "versions");
  const lines = linesOf(text);
  const byRef = new Map<string, Component>();
  const unknowns: Unknown[] = [];
  for (const [alias, value] of Object.entries(fieldsAt(table, "libraries"))) {
    const [group, artifact, version] = coordinatesOf(value, versions) ?? [];
    const line = lines.get(alias);
    if (group === undefined || artifact === undefined) {
      unknowns.push({
        where: line === undefined ? file : `${file}:${line}`,
        what: `${cleanText(alias, 80)} names no module`,
      });
      continue;
    }
    const exact = version !== undefined && isExact(version) ? version : undefined;
    const component = artifactComponent({ group, artifact, ...(exact !== undefined && { version: exact }) }, [
      { path: file, ...(line !== undefined && { line }), technique: "declared" },
    ]);
    if (!byRef.has(component.ref)) byRef.set(component.ref, component);
  }
  unknowns.push({ where: file, what: "a version catalog tells what builds may choose from, not what they take" });
  const folder = file.replace(/(?:^|\/)(?:gradle\/)?[^/]+$/u, "");
  return {
    subject: { name: folder === "" ? source.artifact.name : folder.slice(folder.lastIndexOf("/") + 1), digests: {} },
    components: [...byRef.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: [],
    completeness: { components: "unknown", dependencies: "unknown", method: "declared" },
    unknowns,
  };
}
