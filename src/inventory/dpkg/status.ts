import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef, Unknown } from "../../model/sbom.ts";
import { type InstalledPackage, installationOf, packagesFault } from "../os/installation.ts";
import { Owners } from "../os/owners.ts";
import { distributionOf } from "../os/release.ts";
import { Copyrights } from "./licences.ts";
import { relations } from "./relations.ts";
import { type Stanza, StanzaError, stanzas } from "./stanzas.ts";
import { meetsDebian } from "./version.ts";

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_LIST_BYTES = 64 * 1024 * 1024;
const WANTED = new Set([
  "package",
  "status",
  "version",
  "architecture",
  "source",
  "depends",
  "pre-depends",
  "provides",
  "auto-installed",
  "multi-arch",
]);
const MARKS = new Set(["package", "architecture", "auto-installed"]);
/** States whose files are wholly there and run (dpkg(1), "Package states"). */
const INSTALLED = new Set(["installed", "triggers-awaited", "triggers-pending"]);
/** States whose files are there, not set up or not all. */
const PARTLY = new Set(["unpacked", "half-configured", "half-installed"]);
const SOURCE = /^(\S+)(?:\s+\(([^)]+)\))?$/u;

function readStanzas(entry: Entry, wanted: ReadonlySet<string>): readonly Stanza[] {
  const text = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8");
  try {
    return [...stanzas(text, wanted)];
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    throw packagesFault(entry.path, "lines of the form Field: value", error.message, error.line);
  }
}

/** `NAME` or `NAME@VERSION` where the source's version is another: binary rebuilds, several versions of one source. */
function upstreamOf(field: string | undefined, name: string, version: string): string | undefined {
  const [, source = "", written] = SOURCE.exec(field ?? "") ?? [];
  if (source === "") return undefined;
  if (written !== undefined && written !== version) return `${source}@${written}`;
  return source === name ? undefined : source;
}

interface Read {
  readonly packages: InstalledPackage[];
  /** Those that may be there for several architectures: their lists of files carry theirs in the name. */
  readonly several: Set<string>;
  readonly unknowns: Unknown[];
}

function readPackages(entry: Entry, copyrights: Copyrights, marks: ReadonlyMap<string, boolean>, read: Read): void {
  // Images without a shell have one file for each package and no state: what is listed is there.
  const single = entry.path.includes("/status.d/");
  const where = (line: number): string => `${cleanText(entry.path, 300)}:${line}`;
  for (const { line, fields } of readStanzas(entry, WANTED)) {
    const [name, version] = [fields.get("package"), fields.get("version")];
    const state = fields.get("status")?.split(/\s+/u)[2];
    if (state === undefined ? !single : !INSTALLED.has(state)) {
      if (state !== undefined && PARTLY.has(state))
        read.unknowns.push({
          where: where(line),
          what: `${cleanText(name ?? "a package", 100)} is ${state}: its files may be there`,
        });
      continue;
    }
    if (name === undefined || name === "" || version === undefined || version === "" || name.includes("/")) {
      read.unknowns.push({ where: where(line), what: "an installed package without a name or a version" });
      continue;
    }
    const architecture = fields.get("architecture");
    if (fields.get("multi-arch") === "same") read.several.add(name);
    const upstream = upstreamOf(fields.get("source"), name, version);
    read.packages.push({
      name,
      version,
      ...(architecture !== undefined && architecture !== "" && { architecture }),
      ...(upstream !== undefined && { upstream }),
      manual: marks.get(`${name}:${architecture ?? ""}`) !== true,
      licences: copyrights.of(name),
      needs: [...relations(fields.get("pre-depends")), ...relations(fields.get("depends"))],
      provides: relations(fields.get("provides")).flat(),
      occurrence: { path: entry.path, line, technique: "package-database" },
    });
  }
}

/** Packages that apt brought only because others need them (apt-mark(8)). */
function autoInstalled(source: Source, root: string): ReadonlyMap<string, boolean> {
  const marks = new Map<string, boolean>();
  const entry = source.find(`${root}var/lib/apt/extended_states`);
  if (entry?.kind !== "file") return marks;
  for (const { fields } of readStanzas(entry, MARKS)) {
    const key = (architecture: string): string => `${fields.get("package") ?? ""}:${architecture}`;
    const auto = fields.get("auto-installed") === "1";
    marks.set(key(fields.get("architecture") ?? ""), auto);
    // apt keeps the mark of an `all` package under the machine's own architecture.
    marks.set(key("all"), auto);
  }
  return marks;
}

/** The files of each package: `info/NAME.list`, `info/NAME:ARCH.list`, and the sums of an image without a shell. */
function ownersOf(
  source: Source,
  root: string,
  folder: string,
  { packages, several }: Read,
  refs: readonly ComponentRef[],
): Owners {
  return new Owners(root, (add) => {
    for (const [index, { name, architecture, occurrence }] of packages.entries()) {
      const ref = refs[index] ?? name;
      const plain = `${folder}info/${name}.list`;
      const withArchitecture = `${folder}info/${name}:${architecture ?? ""}.list`;
      // A look for what is not there costs more than one for what is.
      const lists = several.has(name) ? [withArchitecture, plain] : [plain, withArchitecture];
      const sums = occurrence.path.includes("/status.d/")
        ? `${occurrence.path}.md5sums`
        : `${folder}info/${name}.md5sums`;
      const list = source.find(lists[0] ?? "") ?? source.find(lists[1] ?? "");
      const entry = list ?? source.find(sums);
      if (entry?.kind !== "file") continue;
      for (const line of Buffer.from(entry.bytes(MAX_LIST_BYTES)).toString("utf8").split("\n")) {
        const path = list === undefined ? line.slice(line.indexOf("  ") + 2) : line;
        if (path !== "" && path !== "/.") add(path, ref);
      }
    }
  });
}

/** The root file system's folder, "" or with a final `/`, of a file of dpkg's or opkg's. */
export function rootOf(path: string): string {
  const at = path.search(/(?:^|\/)(?:var\/lib\/dpkg|usr\/lib\/opkg|var\/lib\/opkg)\//u);
  return at <= 0 ? "" : path.slice(0, at + 1);
}

/**
 * dpkg's list of what is installed (`var/lib/dpkg/status`, `status.d/*` of images without a shell; deb822(5), dpkg(1)) or opkg's:
 * packages with source, architecture and licences, needs resolved by name, version, architecture and `Provides`.
 * Throws `WB-OS-PACKAGES-FORM`.
 */
export function readStatus(entries: readonly Entry[], source: Source, type: "deb" | "opkg"): Extraction {
  const [first] = entries;
  const path = first?.path ?? "";
  const root = rootOf(path);
  const folder = path.slice(0, path.search(/status(?:\.d\/[^/]*)?$/u));
  const read: Read = { packages: [], several: new Set(), unknowns: [] };
  const marks = autoInstalled(source, root);
  const copyrights = new Copyrights(source, root);
  for (const entry of entries) readPackages(entry, copyrights, marks, read);
  const system = { type, distribution: distributionOf(source, root), meets: meetsDebian };
  const { refs, ...extraction } = installationOf(read.packages, system, path, read.unknowns);
  const owners = ownersOf(source, root, folder, read, refs);
  return { ...extraction, ownerOf: (file) => owners.ownerOf(file) };
}
