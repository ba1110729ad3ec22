import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { LicenceClaim, Unknown } from "../../model/sbom.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { parseLicence } from "../../artifact/licence.ts";
import { type Capability, type InstalledPackage, installationOf, packagesFault } from "../os/installation.ts";
import { Owners } from "../os/owners.ts";
import { distributionOf } from "../os/release.ts";
import { Header, TAGS } from "./header.ts";
import { DatabaseError } from "./sqlite.ts";
import { headerBlobs } from "./stores.ts";

const MAX_BYTES = 1024 * 1024 * 1024;
const MAX_PACKAGES = 200_000;
const EQUAL = 8;
const LESS_OR_GREATER = 6;
/** Keys that signed what is installed are kept as packages. */
const KEYS = "gpg-pubkey";
const PLACE = /(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm|usr\/share\/rpm)\/[^/]*$/u;

/** rpm's old way of saying `and`, `or` is in words already; expressions stay as they are. */
function licencesOf(text: string | undefined): readonly LicenceClaim[] {
  return text === undefined ? [] : [{ ...parseLicence(text), technique: "package-database" }];
}

/** Names with the version that goes with each; only an exact version is kept, in full as `epoch:version-release`. */
function capabilities(names: readonly string[], versions: readonly string[], flags?: readonly number[]): Capability[] {
  return names.map((name, index) => {
    const version = versions[index] ?? "";
    const exact = flags === undefined || ((flags[index] ?? 0) & (EQUAL | LESS_OR_GREATER)) === EQUAL;
    return exact && version !== "" ? { name, relation: "=", version } : { name };
  });
}

/** Whether a version is the one asked for: epoch 0 may be left out, and a release may (rpm, dependencies). */
function meetsRpm({ version: asked }: Capability, version: string): boolean {
  if (asked === undefined) return true;
  const bare = (text: string): string => text.replace(/^0:/u, "");
  const [a, b] = [bare(asked), bare(version)];
  return a === b || a.startsWith(`${b}-`) || b.startsWith(`${a}-`);
}

function filesOf(header: Header): readonly string[] {
  const [bases, folders, indexes] = [
    header.texts(TAGS.baseNames),
    header.texts(TAGS.dirNames),
    header.numbers(TAGS.dirIndexes),
  ];
  return bases.map((base, at) => `${folders[indexes[at] ?? -1] ?? ""}${base}`);
}

/** The package that a header describes; undefined for what is none. `path`: the file that has the header. */
export function packageOf(header: Header, path: string): InstalledPackage | undefined {
  const [name, version, release] = [header.text(TAGS.name), header.text(TAGS.version), header.text(TAGS.release)];
  if (name === undefined || version === undefined || name === KEYS) return undefined;
  const [epoch] = header.numbers(TAGS.epoch);
  const [architecture, sourceRpm, modularity] = [
    header.text(TAGS.architecture),
    header.text(TAGS.sourceRpm),
    header.text(TAGS.modularity),
  ];
  const full = release === undefined ? version : `${version}-${release}`;
  const own = { name, relation: "=", version: epoch === undefined ? full : `${epoch}:${full}` } as const;
  const needs = capabilities(
    header.texts(TAGS.requireName),
    header.texts(TAGS.requireVersion),
    header.numbers(TAGS.requireFlags),
  );
  return {
    name,
    version: full,
    ...(architecture !== undefined && { architecture }),
    ...(sourceRpm !== undefined && { upstream: sourceRpm }),
    qualifiers: {
      ...(epoch !== undefined && { epoch: String(epoch) }),
      ...(modularity !== undefined && { rpmmod: modularity }),
    },
    manual: undefined,
    licences: licencesOf(header.text(TAGS.licence)),
    needs: needs.map((one) => alternatives(one)),
    provides: [own, ...capabilities(header.texts(TAGS.provideName), header.texts(TAGS.provideVersion))],
    occurrence: { path, technique: "package-database" },
  };
}

/** Of a rich need (`(a if b)`, `(a or b)`) only the plain disjunction is told; the others depend on what else is there. */
function alternatives(one: Capability): readonly Capability[] {
  if (!one.name.startsWith("(")) return [one];
  const words = one.name.slice(1, -1).split(" or ");
  return words.every((word) => /^[^\s()]+$/u.test(word)) ? words.map((name) => ({ name })) : [{ name: "rich" }];
}

interface Read {
  readonly packages: InstalledPackage[];
  readonly files: (readonly string[])[];
  readonly unknowns: Unknown[];
}

function readHeaders(entry: Entry): Read {
  const read: Read = { packages: [], files: [], unknowns: [] };
  try {
    for (const blob of headerBlobs(Buffer.from(entry.bytes(MAX_BYTES)))) {
      const header = new Header(blob);
      const one = packageOf(header, entry.path);
      if (one === undefined) continue;
      read.packages.push(one);
      read.files.push(filesOf(header));
      if (read.packages.length >= MAX_PACKAGES) throw new DatabaseError("it has more packages than are read");
    }
  } catch (error) {
    // Lying lengths end in a RangeError of the buffer where no check of ours comes first.
    if (!(error instanceof DatabaseError) && !(error instanceof RangeError)) throw error;
    const found = error instanceof DatabaseError ? error.message : "an offset beyond the end";
    if (read.packages.length === 0) throw packagesFault(entry.path, "rpm's database (sqlite, ndb or bdb)", found);
    read.unknowns.push({
      where: cleanText(entry.path, 300),
      what: `the database is damaged: ${found}; packages may be missing`,
    });
  }
  return read;
}

/** A need may be a file, which nobody lists among what a package provides. */
function withFiles({ packages, files }: Read): InstalledPackage[] {
  const asked = new Set(
    packages.flatMap(({ needs }) => needs.flat().map(({ name }) => name)).filter((name) => name.startsWith("/")),
  );
  return packages.map((one, index) => {
    const owned = (files[index] ?? []).filter((file) => asked.has(file));
    return owned.length === 0 ? one : { ...one, provides: [...one.provides, ...owned.map((name) => ({ name }))] };
  });
}

/**
 * rpm's database (`rpmdb.sqlite`, `Packages.db`, `Packages`): packages with epoch, source package and module; needs resolved by
 * `Provides` and files. rpm keeps it consistent, so that of the versions only exact ones are looked at. Throws `WB-OS-PACKAGES-FORM`.
 */
export function readDatabase(entry: Entry, source: Source): Extraction {
  const at = entry.path.search(PLACE);
  const root = at <= 0 ? "" : entry.path.slice(0, at);
  const read = readHeaders(entry);
  if ((source.find(`${entry.path}-wal`)?.sizeBytes ?? 0) > 0) {
    read.unknowns.push({
      where: cleanText(`${entry.path}-wal`, 300),
      what: "changes that are not yet in the database are not read",
    });
  }
  const system = {
    type: "rpm",
    distribution: distributionOf(source, root),
    meets: meetsRpm,
    // What rpm itself must be able to do, and needs that depend on what else is installed.
    ignores: (name: string) => name.startsWith("rpmlib(") || name === "rich",
  } as const;
  const { refs, ...extraction } = installationOf(withFiles(read), system, entry.path, read.unknowns);
  const owners = new Owners(root, (add) => {
    for (const [index, files] of read.files.entries()) for (const file of files) add(file, refs[index] ?? "");
  });
  return { ...extraction, ownerOf: (file) => owners.ownerOf(file) };
}
