import { normalize } from "node:path/posix";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef, Subject, Unknown } from "../../model/sbom.ts";
import { lockfileKind, readText } from "../document.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { Gathered } from "../packages.ts";
import { gemPurl, splitPlatform } from "./names.ts";

const LOCK = lockfileKind("Bundler's lockfile", "write it anew with bundle lock");
const SPEC = /^ {4}([^\s()]+) \(([^\s()]+)\)$/u;
const NEED = /^ {6}([^\s()]+)(?: \(.*\))?$/u;
const WANTED = /^ {2}([^\s()!]+)(?: \(.*\))?(!)?$/u;
const CHECKSUM = /^ {2}([^\s()]+) \(([^\s()]+)\) (.+)$/u;
const SHA256 = /(?:^|,)sha256=([0-9a-f]{64})(?:,|$)/u;
const SOURCES = new Set(["GEM", "GIT", "PATH", "PLUGIN SOURCE"]);
const MAX_LINE = 2000;

interface Spec {
  readonly name: string;
  readonly version: string;
  readonly platform: string | undefined;
  readonly line: number;
  readonly origin: Origin;
  readonly needs: string[];
}

/** Where the gems of a section come from. */
interface Origin {
  readonly kind: string;
  remote?: string;
  revision?: string;
}

interface Lock {
  readonly specs: Spec[];
  readonly wanted: Set<string>;
  /** By `NAME VERSION[-PLATFORM]`. */
  readonly checksums: Map<string, string>;
}

function readOrigin(line: string, origin: Origin): void {
  const [, key, value] = /^ {2}([a-z]+): (.*)$/u.exec(line) ?? [];
  if (key === "remote") origin.remote ??= value ?? "";
  if (key === "revision") origin.revision ??= value ?? "";
}

/** Sections begin at the left; what is in them is told by the indentation (Bundler, LockfileParser). */
function parse(text: string): Lock {
  const lock: Lock = { specs: [], wanted: new Set(), checksums: new Map() };
  let section = "";
  let origin: Origin = { kind: "" };
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trimEnd();
    if (line === "" || line.length > MAX_LINE) continue;
    if (line[0] !== " ") {
      section = line;
      origin = { kind: section };
    } else if (SOURCES.has(section)) {
      const [, name, written] = SPEC.exec(line) ?? [];
      const need = NEED.exec(line)?.[1];
      if (name !== undefined && written !== undefined) {
        const [version, platform] = splitPlatform(written);
        lock.specs.push({ name, version, platform, line: index + 1, origin, needs: [] });
      } else if (need !== undefined) lock.specs.at(-1)?.needs.push(need);
      else readOrigin(line, origin);
    } else if (section === "DEPENDENCIES") {
      const name = WANTED.exec(line)?.[1];
      if (name !== undefined) lock.wanted.add(name);
    } else if (section === "CHECKSUMS") {
      const [, name = "", version = "", sums = ""] = CHECKSUM.exec(line) ?? [];
      const sha256 = SHA256.exec(sums)?.[1];
      if (sha256 !== undefined) lock.checksums.set(`${name} ${version}`, sha256);
    }
  }
  return lock;
}

/** What is not from a gem server says where it is from; without credentials. */
function qualifiersOf({ platform, origin }: Spec): Record<string, string> {
  const { kind, remote = "", revision = "" } = origin;
  const url = remote.replace(/^(https?:\/\/)[^/@]*@/u, "$1");
  return {
    ...(platform !== undefined && platform !== "ruby" && { platform }),
    ...(kind === "GIT" && remote !== "" && { vcs_url: `git+${url}${revision === "" ? "" : `@${revision}`}` }),
  };
}

/** The folder of a `PATH` gem, relative to the lockfile's; undefined for one that leads out. */
function positionOf({ kind, remote = "" }: Origin): string | undefined {
  if (kind !== "PATH") return undefined;
  const position = normalize(remote).replace(/\/$/u, "");
  return position.startsWith("..") || position.startsWith("/") ? undefined : position;
}

function subjectOf(lock: Lock, called: string): { readonly subject: Subject; readonly root: Spec | undefined } {
  const here = lock.specs.filter(({ origin }) => positionOf(origin) === ".");
  const [root] = here.length === 1 ? here : [];
  if (root === undefined) return { subject: { name: called, digests: {} }, root };
  const { name, version } = root;
  const purl = gemPurl(name, version);
  return { subject: { name, version, ...(purl !== undefined && { purl }), digests: {} }, root };
}

/**
 * `Gemfile.lock` (Bundler; sections GEM, GIT, PATH, PLUGIN SOURCE, DEPENDENCIES, CHECKSUMS). A gem for several platforms is one component
 * each; a gem in the lockfile's own folder is the project. Which groups of the Gemfile need what is not in it.
 * Throws `WB-LOCKFILE-SYNTAX`.
 */
export function readGemfileLock(entry: Entry, source: Source): Extraction {
  const lock = parse(readText(entry, LOCK));
  const { subject, root } = subjectOf(lock, calledAfter(folderOf(entry.path), source));
  const rootRef = subject.purl ?? subject.name;
  const gathered = new Gathered();
  const refs = new Map<Spec, ComponentRef>();
  const byName = new Map<string, ComponentRef[]>();
  for (const spec of lock.specs) {
    const { name, version, line, origin, platform } = spec;
    const position = positionOf(origin);
    const sha256 = lock.checksums.get(`${name} ${version}${platform === undefined ? "" : `-${platform}`}`);
    const ref =
      spec === root
        ? rootRef
        : gathered.add({
            name,
            version,
            purl: gemPurl(name, version, qualifiersOf(spec)),
            ecosystem: "RubyGems",
            direct: lock.wanted.has(name),
            ...(sha256 !== undefined && { digests: { sha256 } }),
            own: origin.kind === "PATH",
            occurrence: {
              path: entry.path,
              line,
              ...(position !== undefined && position !== "." && { position }),
              technique: "lockfile",
            },
          });
    refs.set(spec, ref);
    byName.set(name, [...(byName.get(name) ?? []).slice(0, 50), ref]);
  }
  for (const name of lock.wanted) {
    for (const ref of byName.get(name) ?? []) gathered.need(rootRef, ref);
    if (!byName.has(name)) gathered.unmet(subject.name, name);
  }
  for (const [spec, from] of refs) {
    for (const need of spec.needs) {
      // Bundler itself is no gem of the lockfile.
      if (!byName.has(need) && need !== "bundler") gathered.unmet(spec.name, need);
      for (const to of byName.get(need) ?? []) gathered.need(from, to);
    }
  }
  const unknowns: readonly Unknown[] = gathered.unknowns(entry.path);
  const empty: readonly Unknown[] =
    lock.specs.length === 0 && lock.wanted.size === 0
      ? [{ where: cleanText(entry.path, 300), what: "no gem is locked in it" }]
      : [];
  return {
    subject,
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: {
      components: empty.length === 0 ? "complete" : "unknown",
      dependencies: unknowns.length === 0 ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns: [...unknowns, ...empty],
  };
}
