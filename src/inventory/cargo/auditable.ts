import { constants, inflateSync } from "node:zlib";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, ComponentRef, Dependency, Scope, Subject, Unknown } from "../../model/sbom.ts";
import { readProgram, sectionBytes } from "../binary/program.ts";
import { strongerScope } from "../join-components.ts";
import { Refs } from "../refs.ts";
import { reachedScopes } from "../scopes.ts";
import { AUDIT_SECTION } from "./audit-section.ts";
import { cratePurl } from "./package-url.ts";

/** cargo-auditable's own readers stop at 8 MiB; both bounds are far above any real program. */
const MAX_SECTION_BYTES = 1024 * 1024;
const MAX_JSON_BYTES = 8 * 1024 * 1024;
const MAX_TEXT = 512;

/** One package of the audit data (cargo-auditable, "Data format"). */
interface Audited {
  readonly name: string;
  readonly version: string;
  /** `crates.io`, `git`, `local`, `registry`, or text of a later version. */
  readonly source: string;
  readonly build: boolean;
  readonly dependencies: readonly number[];
  readonly root: boolean;
}

const NOTHING: Extraction = {
  components: [],
  dependencies: [],
  completeness: { components: "complete", dependencies: "complete", method: "observed" },
  unknowns: [],
};

/**
 * Reads what cargo-auditable left in a program: zlib-compressed JSON in the section `.dep-v0`. A program without it has no
 * components. The main crate is the subject where the source is that program alone, else a component. Throws `WB-PROGRAM-DATA`.
 */
export function readAuditable(entry: Entry, source: Source): Extraction {
  const section = readProgram(entry)?.sections.find(({ name }) => name === AUDIT_SECTION);
  if (section === undefined) return NOTHING;
  if (section.size > MAX_SECTION_BYTES) throw dataFault(entry, "at most 1 MiB of it", `${section.size} bytes`);
  const packages = parse(entry, unpack(entry, sectionBytes(entry, section, MAX_SECTION_BYTES)));
  return extractionOf(packages, entry.path, source.artifact.kind === "file");
}

function dataFault(entry: Entry, expected: string, found: string): Fault {
  return new Fault({
    code: "WB-PROGRAM-DATA",
    kind: "input",
    what: "the program's own list of its parts (.dep-v0) cannot be read",
    where: cleanText(entry.path, 300),
    expected,
    found,
    fix: "build it again with cargo auditable build",
  });
}

function unpack(entry: Entry, bytes: Uint8Array): Uint8Array {
  try {
    // The section may be padded behind the compressed data.
    return inflateSync(bytes, { maxOutputLength: MAX_JSON_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw dataFault(entry, "zlib-compressed JSON of at most 8 MiB", "something else");
  }
}

function parse(entry: Entry, json: Uint8Array): readonly Audited[] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(json).toString("utf8"));
  } catch {
    throw dataFault(entry, "JSON", "something else");
  }
  const list: unknown = isObject(value) ? value["packages"] : undefined;
  if (!Array.isArray(list)) throw dataFault(entry, "a list of packages", "none");
  return list.map((item: unknown) => {
    if (!isObject(item)) throw dataFault(entry, "an object for each package", typeof item);
    const { name, version, source, kind, dependencies, root } = item;
    if (!isText(name) || !isText(version)) throw dataFault(entry, "name and version of each package", "none");
    const needs = Array.isArray(dependencies) ? dependencies : [];
    return {
      name,
      version,
      source: typeof source === "string" ? source : "",
      build: kind === "build",
      dependencies: needs.filter((index) => Number.isSafeInteger(index) && index >= 0 && index < list.length),
      root: root === true,
    };
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_TEXT;
}

function extractionOf(packages: readonly Audited[], file: string, alone: boolean): Extraction {
  const unknowns: Unknown[] = [];
  const refs = refsOf(packages);
  const main = packages.findIndex(({ root }) => root);
  if (main < 0)
    unknowns.push({ where: cleanText(file, 300), what: "the program does not say which crate it is made from" });
  const subject = alone ? packages[main] : undefined;
  const edges = new Map<string, Dependency>();
  for (const [index, { dependencies }] of packages.entries()) {
    for (const need of dependencies) {
      const [from, to] = [refs[index], refs[need]];
      if (from === undefined || to === undefined || from === to) continue;
      const scope: Scope = packages[need]?.build === true ? "build" : "runtime";
      const before = edges.get(`${from}\0${to}`);
      edges.set(`${from}\0${to}`, { from, to, scope: before ? strongerScope(before.scope, scope) : scope });
    }
  }
  const dependencies = [...edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
  const root = refs[main];
  const scopes = reachedScopes(dependencies, root === undefined ? [] : [root]);
  const direct = new Set(dependencies.filter(({ from }) => from === root).map(({ to }) => to));
  const components: Component[] = packages.flatMap((one, index) => {
    const ref = refs[index];
    if (ref === undefined || (subject !== undefined && index === main)) return [];
    const isDirect = index === main || direct.has(ref);
    const scope = one.build ? "build" : (scopes.get(ref) ?? "runtime");
    return [
      { ...componentOf(one, ref, file), scope, direct: isDirect, ...(index === main && { kind: "application" }) },
    ];
  });
  return {
    ...(subject !== undefined && { subject: subjectOf(subject) }),
    components: components.toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies,
    completeness: {
      components: "complete",
      dependencies: main < 0 ? "incomplete" : "complete",
      method: "observed",
    },
    unknowns,
  };
}

/** One ref for each package; two of one name, version and source are two contents. */
function refsOf(packages: readonly Audited[]): readonly ComponentRef[] {
  const refs = new Refs();
  return packages.map(({ name, version }) => refs.next(cratePurl(name, version) ?? `${name}@${version}`));
}

function componentOf({ name, version }: Audited, ref: ComponentRef, file: string): Component {
  const purl = cratePurl(name, version);
  return {
    ref,
    name,
    version,
    ...(purl !== undefined && { purl }),
    ecosystem: "crates.io",
    scope: "runtime",
    direct: false,
    digests: {},
    licences: [],
    occurrences: [{ path: file, technique: "binary" }],
    own: false,
  };
}

function subjectOf({ name, version }: Audited): Subject {
  const purl = cratePurl(name, version);
  return { name, version, ...(purl !== undefined && { purl }), digests: {} };
}
