import { cleanText } from "../../artifact/clean-text.ts";
import { printPurl } from "../../artifact/purl.ts";
import { parseJson } from "../../format/json.ts";
import type { Entry } from "../../model/artifact.ts";
import type { DigestSet, Purl } from "../../model/digest.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, Dependency, Unknown } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { digestOf } from "./archives.ts";
import { matchSpec } from "./conda-spec.ts";
import { isFields, type Fields, textAt, textsAt } from "../fields.ts";

/** A record lists every file of its package. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_TOLD = 20;

interface Installed {
  readonly component: Component;
  readonly depends: readonly string[];
}

/** The package URL of a conda package (purl-spec, conda): build, channel, subdir and type tell archives apart. */
function purlOf(record: Fields, name: string, version: string): Purl | undefined {
  const channel = textAt(record, "channel")?.replace(/\/+$/, "") ?? "";
  const subdir = textAt(record, "subdir");
  const file = textAt(record, "fn") ?? "";
  const qualifiers = {
    build: textAt(record, "build") ?? "",
    // An address ends in the channel's name, and in the subdir.
    channel: channel.split("/").findLast((part) => part !== "" && part !== subdir) ?? "",
    subdir: subdir ?? "",
    type: file.endsWith(".conda") ? "conda" : file.endsWith(".tar.bz2") ? "tar.bz2" : "",
  };
  try {
    return printPurl({ type: "conda", name, version, qualifiers });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function digestsOf(record: Fields): DigestSet {
  return { ...digestOf(`sha256:${textAt(record, "sha256") ?? ""}`), ...digestOf(`md5:${textAt(record, "md5") ?? ""}`) };
}

function readRecord(entry: Entry): Installed {
  const record: unknown = parseJson(entry.bytes(MAX_BYTES), entry.path, { maxBytes: MAX_BYTES });
  const name = isFields(record) ? textAt(record, "name") : undefined;
  const version = isFields(record) ? textAt(record, "version") : undefined;
  if (!isFields(record) || name === undefined || version === undefined) {
    throw new Fault({
      code: "WB-MANIFEST-FORM",
      kind: "input",
      what: "the record of a conda package has no name or no version",
      where: cleanText(entry.path, 300),
      fix: "install the package anew",
    });
  }
  const purl = purlOf(record, name, version);
  return {
    component: {
      ref: purl ?? `${name}@${version}`,
      name,
      version,
      ...(purl !== undefined && { purl }),
      ecosystem: "conda",
      scope: "runtime",
      direct: (textAt(record, "requested_spec") ?? "None") !== "None",
      digests: digestsOf(record),
      licences: licenceClaims(textAt(record, "license"), "installed"),
      occurrences: [{ path: entry.path, technique: "installed" }],
      own: false,
    },
    depends: textsAt(record, "depends"),
  };
}

/** Reads the records of one conda environment (`conda-meta/*.json`); a bad one of several is an unknown. */
export function readCondaMeta(entries: readonly Entry[]): Extraction {
  const installed: Installed[] = [];
  const unknowns: Unknown[] = [];
  for (const entry of entries) {
    try {
      installed.push(readRecord(entry));
    } catch (error) {
      if (!(error instanceof Fault) || entries.length === 1) throw error;
      unknowns.push({ where: cleanText(entry.path, 300), what: `${error.facts.what} (${error.facts.code})` });
    }
  }
  const unread = unknowns.length;
  // One name is linked once in an environment.
  const byName = new Map(installed.map(({ component }) => [component.name, component.ref]));
  const dependencies: Dependency[] = [];
  for (const { component, depends } of installed) {
    for (const spec of depends) {
      const name = matchSpec(spec)?.name;
      const to = name === undefined ? undefined : byName.get(name);
      if (to !== undefined) dependencies.push({ from: component.ref, to, scope: "runtime" });
      // `__glibc` and its like are what the system has, not packages.
      else if (name?.startsWith("__") !== true && unknowns.length < MAX_TOLD + unread) {
        const what = `${cleanText(component.name, 100)} needs ${cleanText(spec, 100)}, which is not installed`;
        unknowns.push({ where: cleanText(component.occurrences[0]?.path ?? "", 300), what });
      }
    }
  }
  const components = new Map(installed.map(({ component }) => [component.ref, component]));
  return {
    components: [...components.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: dependencies.sort((a, b) => (`${a.from}\0${a.to}` < `${b.from}\0${b.to}` ? -1 : 1)),
    completeness: {
      components: unread === 0 ? "complete" : "incomplete",
      dependencies: unknowns.length === 0 ? "complete" : "incomplete",
      method: "observed",
    },
    unknowns,
  };
}
