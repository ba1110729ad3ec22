import { createHash } from "node:crypto";
import { cleanText } from "../../artifact/clean-text.ts";
import { isZip, readZip, zipContent } from "../../artifact/zip.ts";
import type { Entry } from "../../model/artifact.ts";
import type { DigestHex, SizeBytes } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { LicenceClaim, Unknown } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import type { Coordinates } from "./coordinates.ts";
import { readPom } from "./pom.ts";

/** A file of an archive, read when its content is asked for. */
export interface ArchiveFile {
  readonly path: string;
  readonly sizeBytes: SizeBytes;
  content(limit: SizeBytes): Uint8Array;
}

/** One artifact that an archive says it is, or that was copied into it. */
export interface FoundArtifact {
  /** The group is empty where nothing states it. */
  readonly coordinates: Coordinates;
  readonly licences: readonly LicenceClaim[];
  /** The file that states it; the archive's own name where that alone tells. */
  readonly statedBy: string;
  readonly byName: boolean;
}

/** What an archive is and holds. */
export interface JavaArchive {
  /** Where it lies, `OUTER!/INNER` for one inside another. */
  readonly path: string;
  readonly sha256: DigestHex | undefined;
  /** What the archive itself is, where it can be told. */
  readonly own: FoundArtifact | undefined;
  /** What was copied into it, file by file ("shaded"). */
  readonly copied: readonly FoundArtifact[];
  readonly nested: readonly JavaArchive[];
}

/** Bounds over one archive and all that is inside of it. */
export interface Budget {
  bytes: SizeBytes;
  archives: number;
  readonly unknowns: Unknown[];
}

export const newBudget = (): Budget => ({ bytes: 1024 * 1024 * 1024, archives: 10_000, unknowns: [] });

const MAX_DEPTH = 8;
const MAX_ENTRIES = 500_000;
const MAX_STATEMENT_BYTES = 1024 * 1024;
const MAX_NESTED_BYTES = 256 * 1024 * 1024;
const MAX_TEXT = 300;
const NESTED = /\.(?:jar|war|ear|par|sar|aar|jpi|hpi)$/iu;
const PROPERTIES = /(?:^|\/)META-INF\/(?:[^/]+\/){0,4}pom\.properties$/u;
/** `NAME-VERSION.jar`: the version begins at the first number behind a hyphen. */
const FILE_NAME = /^([A-Za-z0-9_.]{1,200}(?:-[A-Za-z_][A-Za-z0-9_.]{0,100}){0,20})-(\d[A-Za-z0-9_.+-]{0,100})$/u;

/** The files of an archive in memory. Throws `WB-ARCHIVE-…`. */
export function archiveFiles(bytes: Uint8Array, where: string): readonly ArchiveFile[] {
  return readZip(bytes, where, MAX_ENTRIES).entries.map((entry) => ({
    path: entry.name,
    sizeBytes: entry.sizeBytes,
    content: (limit) => zipContent(entry, where, limit),
  }));
}

/**
 * What an archive's files state: Maven's `pom.properties` and `pom.xml`, else `MANIFEST.MF`, else the file's name; and the same of the
 * archives inside of it, at most 8 deep. What cannot be read goes to the budget's unknowns.
 */
export function readArchive(
  path: string,
  sha256: DigestHex | undefined,
  files: Iterable<ArchiveFile>,
  budget: Budget,
  depth = 0,
): JavaArchive {
  const stated: FoundArtifact[] = [];
  const nested: JavaArchive[] = [];
  const byPath = new Map<string, ArchiveFile>();
  for (const file of files) byPath.set(file.path, file);
  for (const file of byPath.values()) {
    if (PROPERTIES.test(file.path)) {
      const found = attempt(path, file, budget, () => statedIn(file, byPath));
      if (found !== undefined) stated.push(found);
    } else if (NESTED.test(file.path)) {
      const inner = attempt(path, file, budget, () => innerArchive(path, file, budget, depth));
      if (inner !== undefined) nested.push(inner);
    }
  }
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.[A-Za-z]{2,4}$/u, "");
  const own = stated.find((one) => isCalled(one, name)) ?? (stated.length === 1 ? stated[0] : undefined);
  const manifest = own === undefined && stated.length === 0 ? byPath.get("META-INF/MANIFEST.MF") : undefined;
  const fields = manifest && attempt(path, manifest, budget, () => manifestFields(manifest));
  return {
    path,
    sha256,
    own: own ?? byManifest(fields ?? new Map(), name, stated.length > 0 || nested.length > 0),
    copied: stated.filter((one) => one !== own),
    nested,
  };
}

function attempt<T>(path: string, file: ArchiveFile, budget: Budget, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const where = cleanText(`${path}!/${file.path}`, MAX_TEXT);
    budget.unknowns.push({ where, what: `${error.facts.what} (${error.facts.code})` });
    return undefined;
  }
}

function innerArchive(path: string, file: ArchiveFile, budget: Budget, depth: number): JavaArchive | undefined {
  const where = `${path}!/${file.path}`;
  budget.bytes -= file.sizeBytes;
  budget.archives -= 1;
  if (depth >= MAX_DEPTH || budget.bytes < 0 || budget.archives < 0) {
    budget.unknowns.push({
      where: cleanText(where, MAX_TEXT),
      what: "is not looked into: too many or too deep archives",
    });
    return undefined;
  }
  const bytes = file.content(MAX_NESTED_BYTES);
  if (!isZip(bytes)) return undefined;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return readArchive(where, sha256, archiveFiles(bytes, where), budget, depth + 1);
}

const isCalled = ({ coordinates: { artifact, version } }: FoundArtifact, name: string): boolean =>
  name === artifact || name.startsWith(`${artifact}-${version ?? ""}`);

/** `groupId`, `artifactId` and `version` of a properties file, and the licences of the pom beside it. */
function statedIn(file: ArchiveFile, byPath: ReadonlyMap<string, ArchiveFile>): FoundArtifact | undefined {
  const fields = new Map<string, string>();
  for (const line of textOf(file).split(/\r?\n/u)) {
    const [, key, value] = /^\s{0,9}([A-Za-z]{1,20})\s{0,9}[=:]\s{0,9}(\S.{0,300}?)\s{0,9}$/u.exec(line) ?? [];
    if (key !== undefined && value !== undefined) fields.set(key, value);
  }
  const [group, artifact, version] = ["groupId", "artifactId", "version"].map((key) => fields.get(key));
  if (group === undefined || artifact === undefined) return undefined;
  const beside = byPath.get(file.path.replace(/properties$/u, "xml"));
  return {
    coordinates: { group, artifact, ...(version !== undefined && !version.includes("${") && { version }) },
    licences: beside === undefined ? [] : licencesIn(beside),
    statedBy: file.path,
    byName: false,
  };
}

/** A pom that cannot be read says nothing of licences; what the archive is, is known without it. */
function licencesIn(file: ArchiveFile): readonly LicenceClaim[] {
  try {
    return readPom(asEntry(file)).licences.flatMap((name) => licenceClaims(name, "manifest"));
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}

function asEntry(file: ArchiveFile): Entry {
  const bytes = (): Uint8Array => file.content(MAX_STATEMENT_BYTES);
  return {
    path: file.path,
    kind: "file",
    sizeBytes: file.sizeBytes,
    mode: 0o644,
    bytes,
    range: (offset, length) => bytes().subarray(offset, offset + length),
    sha256: () => createHash("sha256").update(bytes()).digest("hex"),
  };
}

const textOf = (file: ArchiveFile): string => Buffer.from(file.content(MAX_STATEMENT_BYTES)).toString("utf8");

/** The main section of a manifest; a line that begins with a blank goes on (JAR File Specification). */
function manifestFields(file: ArchiveFile): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const [main = ""] = textOf(file).replaceAll("\r\n", "\n").split("\n\n");
  for (const line of main.replaceAll("\n ", "").split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0)
      fields.set(
        line.slice(0, colon).toLowerCase(),
        line
          .slice(colon + 2)
          .trim()
          .slice(0, MAX_TEXT),
      );
  }
  return fields;
}

/**
 * By manifest and file name: the group is told only where the manifest states it, never guessed. `holdsOthers`: an archive of others
 * is not called by its file's name alone.
 */
function byManifest(
  fields: ReadonlyMap<string, string>,
  name: string,
  holdsOthers: boolean,
): FoundArtifact | undefined {
  const [, called, numbered] = FILE_NAME.exec(name) ?? [];
  const written = fields.get("bundle-version") ?? fields.get("implementation-version");
  const version =
    written !== undefined && numbered !== undefined && numbered.startsWith(written) ? numbered : (written ?? numbered);
  const title = fields.get("bundle-symbolicname")?.split(";")[0]?.trim();
  if (called === undefined && title === undefined) return undefined;
  if (written === undefined && title === undefined && (holdsOthers || numbered === undefined)) return undefined;
  const vendor = fields.get("implementation-vendor-id");
  return {
    coordinates: {
      group: vendor !== undefined && /^[a-z][a-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+$/u.test(vendor) ? vendor : "",
      artifact: called ?? title ?? name,
      ...(version !== undefined && { version }),
    },
    licences: licenceClaims(fields.get("bundle-license"), "manifest"),
    statedBy: "META-INF/MANIFEST.MF",
    byName: written === undefined && title === undefined,
  };
}
