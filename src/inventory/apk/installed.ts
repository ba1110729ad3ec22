import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { LicenceClaim, Unknown } from "../../model/sbom.ts";
import { parseLicence } from "../../artifact/licence.ts";
import { type Capability, type InstalledPackage, installationOf, packagesFault } from "../os/installation.ts";
import { Owners } from "../os/owners.ts";
import { distributionOf } from "../os/release.ts";

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_WORLD_BYTES = 1024 * 1024;
/** `name`, `name>=1.2`, `name~1`, `name@repository` (apk-world(5)). */
const NEED = /^([^<>=~@\s]+)(?:@[^<>=~\s]+)?(?:([<>=~]+)([^@\s]+))?/u;

interface Block {
  readonly line: number;
  readonly fields: Map<string, string>;
  /** Paths, without a first `/`. */
  readonly files: string[];
}

/** Blocks of `X:value` lines; `F:` opens a folder and `R:` is a file in it (apk-package(5), "installed database"). */
function blocksOf(entry: Entry): readonly Block[] {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let folder = "";
  const lines = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") {
      block = undefined;
      continue;
    }
    if (line[1] !== ":") throw packagesFault(entry.path, "lines of a letter, a colon and a value", line, index + 1);
    if (block === undefined) {
      block = { line: index + 1, fields: new Map(), files: [] };
      blocks.push(block);
      folder = "";
    }
    const [key = "", value] = [line[0], line.slice(2).trim()];
    if (key === "F") folder = value;
    else if (key === "R") block.files.push(folder === "" ? value : `${folder}/${value}`);
    else if (!block.fields.has(key)) block.fields.set(key, value);
  }
  return blocks;
}

/** Needs or provisions as apk writes them, one after the other. */
export function capabilities(field: string | undefined): readonly Capability[] {
  return (field ?? "").split(" ").flatMap((text): Capability[] => {
    // A `!` forbids; it needs nothing.
    const match = text === "" || text.startsWith("!") ? null : NEED.exec(text.slice(0, 1000));
    if (match === null) return [];
    const [, name = "", relation, version] = match;
    return [relation === "=" && version !== undefined ? { name, relation, version } : { name }];
  });
}

/** What the administrator asked for; undefined where nothing says it. */
function worldOf(source: Source, root: string): ReadonlySet<string> | undefined {
  const entry = source.find(`${root}etc/apk/world`);
  if (entry?.kind !== "file" || entry.sizeBytes > MAX_WORLD_BYTES) return undefined;
  const text = Buffer.from(entry.bytes(MAX_WORLD_BYTES)).toString("utf8");
  return new Set(capabilities(text.replaceAll(/\s+/gu, " ")).map(({ name }) => name));
}

/** Before SPDX expressions Alpine wrote its licences one after the other, and meant all of them. */
export function licencesOf(field: string | undefined): readonly LicenceClaim[] {
  if (field === undefined || field === "") return [];
  const whole = parseLicence(field);
  const words = field.split(/\s+/u);
  const each = whole.spdx || words.length < 2 || words.length > 16 ? [] : words.map(parseLicence);
  const claims = each.length > 0 && each.every(({ spdx }) => spdx) ? each : [whole];
  return claims.map((claim) => ({ ...claim, technique: "package-database" }));
}

/**
 * apk's list of what is installed (`lib/apk/db/installed`, since apk 3 `usr/lib/apk/db/installed`): needs resolved by name, `p:`
 * (libraries, commands) and the files of packages; asked for is what `etc/apk/world` names. apk keeps the list consistent, so that
 * of the versions only exact ones are looked at. Throws `WB-OS-PACKAGES-FORM`.
 */
export function readInstalled(entry: Entry, source: Source): Extraction {
  const root = entry.path.replace(/(?:usr\/)?lib\/apk\/db\/[^/]*$/u, "");
  const base = root === entry.path ? "" : root;
  const world = worldOf(source, base);
  const unknowns: Unknown[] = [];
  const packages: InstalledPackage[] = [];
  const kept: Block[] = [];
  for (const block of blocksOf(entry)) {
    const { fields, line } = block;
    const [name, version] = [fields.get("P"), fields.get("V")];
    if (name === undefined || name === "" || version === undefined || version === "") {
      unknowns.push({ where: `${cleanText(entry.path, 300)}:${line}`, what: "a package without a name or a version" });
      continue;
    }
    const [architecture, origin] = [fields.get("A"), fields.get("o")];
    kept.push(block);
    packages.push({
      name,
      version,
      ...(architecture !== undefined && architecture !== "" && { architecture }),
      ...(origin !== undefined && origin !== "" && origin !== name && { upstream: origin }),
      manual: world?.has(name),
      licences: licencesOf(fields.get("L")),
      needs: capabilities(fields.get("D")).map((one) => [one]),
      provides: capabilities(fields.get("p")),
      occurrence: { path: entry.path, line, technique: "package-database" },
    });
  }
  addFiles(packages, kept);
  const meets = ({ version }: Capability, found: string): boolean => version === undefined || version === found;
  const system = { type: "apk", distribution: distributionOf(source, base), meets } as const;
  const { refs, ...extraction } = installationOf(packages, system, entry.path, unknowns);
  const owners = new Owners(base, (add) => {
    for (const [index, { files }] of kept.entries()) for (const file of files) add(file, refs[index] ?? "");
  });
  return { ...extraction, ownerOf: (file) => owners.ownerOf(file) };
}

/** A need may be a file (`/bin/sh`): whoever has it provides it. */
function addFiles(packages: InstalledPackage[], blocks: readonly Block[]): void {
  const asked = new Set(
    packages.flatMap(({ needs }) => needs.flat().map(({ name }) => name)).filter((name) => name.startsWith("/")),
  );
  if (asked.size === 0) return;
  for (const [index, { files }] of blocks.entries()) {
    const owned = files.filter((file) => asked.has(`/${file}`)).map((file) => ({ name: `/${file}` }));
    const one = packages[index];
    if (owned.length > 0 && one !== undefined) packages[index] = { ...one, provides: [...one.provides, ...owned] };
  }
}
