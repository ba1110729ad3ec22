import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry } from "../../model/artifact.ts";
import type { DigestSet } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { LicenceClaim, Unknown } from "../../model/sbom.ts";
import { digestOf } from "./archives.ts";
import { isFields, textAt, fieldsAt } from "../fields.ts";
import { readMetadata } from "./metadata.ts";
import { commitDigest, isName, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import { holderOf, parentOf } from "./paths.ts";
import { readLine, splitRequirements } from "./requirement-lines.ts";
import { parseRequirement } from "./requirement.ts";
import { pinOf } from "./version.ts";

/** A distribution as it lies in an installation. */
export interface Distribution {
  /** Normalised. */
  readonly name: string;
  readonly version: string | undefined;
  /** The file that names it, and where in it. */
  readonly path: string;
  readonly line: number;
  /** The folder that holds it. */
  readonly holder: string;
  /** Requirements in the form of PEP 508. */
  readonly requires: readonly string[];
  readonly licences: readonly LicenceClaim[];
  readonly origin: Origin | undefined;
  readonly digests: DigestSet;
  /** A link to sources, made for work on them (PEP 660): part of the project. */
  readonly own: boolean;
  /** The user asked for it by name (recording installed projects, `REQUESTED`). */
  readonly requested: boolean;
  /** Modules that it brings, where it says so. */
  readonly topLevel: () => readonly string[];
}

/** What a group of entries holds. */
export interface Distributions {
  readonly distributions: readonly Distribution[];
  readonly wheels: readonly Entry[];
  readonly unknowns: readonly Unknown[];
}

const MAX_SIDE_BYTES = 1024 * 1024;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Files of a `.dist-info`, `.egg-info` or `EGG-INFO` folder that say more than the metadata. */
const SIDE = new Set(["REQUESTED", "WHEEL", "direct_url.json", "requires.txt", "top_level.txt", "RECORD", "INSTALLER"]);

/**
 * Reads the metadata of distributions among entries: `METADATA` and `PKG-INFO` in their folders, `.egg-info` files, lists of vendored
 * copies. A file that cannot be read is an unknown. Pure over entries, so that a wheel, an sdist or an egg can be read the same way.
 */
export function readDistributions(entries: readonly Entry[]): Distributions {
  const unknowns: Unknown[] = [];
  const sides = new Map<string, Entry>();
  const wheels: Entry[] = [];
  const main: Entry[] = [];
  for (const entry of entries) {
    const name = baseName(entry.path);
    if (name === "WHEEL") wheels.push(entry);
    if (SIDE.has(name)) sides.set(entry.path, entry);
    else if (isMetadata(entry.path, name, entries.length)) main.push(entry);
  }
  const distributions = main.flatMap((entry) => {
    try {
      const found =
        baseName(entry.path) === "vendor.txt" || baseName(entry.path) === "vendored.txt"
          ? vendorList(entry)
          : [one(entry, sides)];
      if (found.every((each) => each !== undefined)) return found;
      unknowns.push({ where: cleanText(entry.path, 300), what: "names no distribution (WB-MANIFEST-FORM)" });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unknowns.push({ where: cleanText(entry.path, 300), what: `${error.facts.what} (${error.facts.code})` });
    }
    return [];
  });
  return { distributions, wheels, unknowns };
}

function isMetadata(path: string, name: string, count: number): boolean {
  if (name === "METADATA" || name === "PKG-INFO" || name.endsWith(".egg-info")) return true;
  if (name === "vendor.txt" || name === "vendored.txt") return true;
  // A single file that was named to be read as one.
  return count === 1 && path === name;
}

function one(entry: Entry, sides: ReadonlyMap<string, Entry>): Distribution | undefined {
  const metadata = readMetadata(entry, "installed");
  if (metadata === undefined) return undefined;
  const folder = parentOf(entry.path);
  const side = (name: string): Entry | undefined => sides.get(folder === "" ? name : `${folder}/${name}`);
  const url = side("direct_url.json");
  const requires = side("requires.txt");
  return {
    name: normaliseName(metadata.name),
    version: metadata.version,
    path: entry.path,
    line: metadata.line,
    holder: holderOf(entry.path),
    requires: metadata.requires.length === 0 && requires !== undefined ? eggRequires(requires) : metadata.requires,
    licences: metadata.licences,
    ...(url === undefined ? FROM_INDEX : directUrl(url)),
    requested: side("REQUESTED") !== undefined,
    topLevel: () => {
      const file = side("top_level.txt");
      return file === undefined
        ? []
        : textOf(file)
            .split("\n")
            .map((line) => line.trim());
    },
  };
}

const textOf = (entry: Entry): string => Buffer.from(entry.bytes(MAX_SIDE_BYTES)).toString("utf8");

const FROM_INDEX = { origin: undefined, digests: {}, own: false };

/** Direct URL data structure: where an installer took it from, if not from an index. */
function directUrl(entry: Entry): Pick<Distribution, "origin" | "digests" | "own"> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(entry));
  } catch (error) {
    if (error instanceof Fault) throw error;
    return FROM_INDEX;
  }
  const url = isFields(value) ? textAt(value, "url") : undefined;
  if (!isFields(value) || url === undefined) return FROM_INDEX;
  const vcs = fieldsAt(value, "vcs_info");
  const commit = textAt(vcs, "commit_id");
  if (Object.hasOwn(value, "vcs_info")) {
    return { origin: vcsOrigin(textAt(vcs, "vcs") ?? "git", url, commit), digests: commitDigest(commit), own: false };
  }
  const archive = fieldsAt(value, "archive_info");
  const hashes = fieldsAt(archive, "hashes");
  const sha256 = textAt(hashes, "sha256");
  const hash = sha256 === undefined ? (textAt(archive, "hash") ?? "") : `sha256:${sha256}`;
  // A folder of the machine where it was installed says nothing elsewhere.
  const local = url.startsWith("file:");
  return {
    origin: local ? undefined : { key: "download_url", url: withoutCredentials(url) },
    digests: digestOf(hash),
    own: fieldsAt(value, "dir_info")["editable"] === true,
  };
}

/** setuptools' `requires.txt`: sections `[extra:marker]` of requirements. */
function eggRequires(entry: Entry): readonly string[] {
  let extra = "";
  let marker = "";
  const found: string[] = [];
  for (const raw of textOf(entry).split("\n")) {
    const line = raw.trim();
    const [, name, condition] = /^\[([^:\]]*)(?::(.*))?\]$/.exec(line) ?? [];
    if (name !== undefined) [extra, marker] = [name, condition ?? ""];
    else if (line !== "") {
      const conditions = [marker === "" ? "" : `(${marker})`, extra === "" ? "" : `extra == "${extra}"`].filter(
        (text) => text !== "",
      );
      found.push(conditions.length === 0 ? line : `${line} ; ${conditions.join(" and ")}`);
    }
  }
  return found;
}

/** What a package says that it carries: pip's and setuptools' lists of exact pins beside the copies. */
function vendorList(entry: Entry): Distribution[] {
  const { lines } = splitRequirements(textOf(entry));
  return lines.flatMap(({ text, line }) => {
    const asked = readLine(text);
    const requirement = asked.kind === "requirement" ? parseRequirement(asked.text) : undefined;
    const version = requirement === undefined ? undefined : pinOf(requirement.clauses);
    if (requirement === undefined || version === undefined || !isName(requirement.name)) return [];
    return [
      {
        name: requirement.name,
        version,
        path: entry.path,
        line,
        holder: parentOf(entry.path),
        requires: [],
        licences: [],
        ...FROM_INDEX,
        requested: false,
        topLevel: () => [],
      },
    ];
  });
}
