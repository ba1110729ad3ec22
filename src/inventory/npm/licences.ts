import { archiveFault } from "../../artifact/archive-fault.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { gunzip, isGzip } from "../../artifact/gzip.ts";
import { readTar } from "../../artifact/tar.ts";
import { parseJson } from "../../format/json.ts";
import type { DigestHex, SizeBytes } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, LicenceClaim, Sbom, Unknown } from "../../model/sbom.ts";
import { MANIFEST_LIMITS, readManifest } from "./manifest.ts";

/** What archives may unpack to: one of them, and all of one SBOM. Thousands of real packages have less. */
export interface UnpackLimits {
  readonly archiveBytes: SizeBytes;
  readonly totalBytes: SizeBytes;
}

const UNPACK_LIMITS: UnpackLimits = { archiveBytes: 256 * 1024 ** 2, totalBytes: 8 * 1024 ** 3 };
const MAX_MEMBERS = 200_000;
const MAX_TOLD = 20;

/** The archive of exactly this SHA-512 (hex), its bytes checked; undefined where it is not at hand. */
export type ArchiveOf = (sha512: DigestHex) => Uint8Array | undefined;

interface Licensed {
  readonly components: readonly Component[];
  readonly unknowns: readonly Unknown[];
}

function firstOf(unknowns: readonly Unknown[], where: string): readonly Unknown[] {
  const more = unknowns.length - MAX_TOLD;
  if (more <= 0) return unknowns;
  return [...unknowns.slice(0, MAX_TOLD), { where, what: `${more} more licences could not be read` }];
}

/** Components with the licences that `read` gives, where it gives any; what it cannot read of `what` is told. */
function licensed(
  components: readonly Component[],
  what: string,
  read: (component: Component) => readonly LicenceClaim[],
): Licensed {
  const unknowns: Unknown[] = [];
  const changed = components.map((component): Component => {
    try {
      const licences = read(component);
      return licences.length === 0 ? component : { ...component, licences };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unknowns.push({
        where: cleanText(component.ref),
        what: `its ${what} cannot be read for licences: ${error.facts.what}`,
      });
      return component;
    }
  });
  return { components: changed, unknowns };
}

function untar(archive: Uint8Array, where: string, limit: SizeBytes): Uint8Array {
  return isGzip(archive) ? gunzip(archive, where, limit) : archive;
}

/** The licences that a package's own manifest states, inside its archive; the first path segment is called as the packer liked. */
function licencesIn(tar: Uint8Array, where: string): readonly LicenceClaim[] {
  const entries = readTar(tar, where, MAX_MEMBERS).members.filter(({ path }) => /^[^/]+\/package\.json$/u.test(path));
  const [entry] = entries;
  if (entry === undefined) return [];
  // npm keeps the last, another program the first.
  if (entries.length > 1) throw archiveFault("WB-ARCHIVE-DUPLICATE", "two entries are its manifest", where, entry.path);
  return readManifest(parseJson(entry.content, where, MANIFEST_LIMITS), "archive-verified")?.licences ?? [];
}

function fromArchives(
  sbom: Sbom,
  archiveOf: ArchiveOf,
  limits: UnpackLimits,
  wanted: (component: Component) => boolean,
): Sbom {
  let left = limits.totalBytes;
  let passedOver = 0;
  const { components, unknowns } = licensed(sbom.components, "archive", (component) => {
    const { sha512 } = component.digests;
    if (sha512 === undefined || !wanted(component)) return [];
    if (left <= 0) {
      passedOver += 1;
      return [];
    }
    const archive = archiveOf(sha512);
    if (archive === undefined) return [];
    const limit = Math.min(left, limits.archiveBytes);
    // Taken off beforehand: what is refused as too large has cost as much.
    left -= limit;
    const tar = untar(archive, component.ref, limit);
    left += Math.max(0, limit - tar.length);
    return licencesIn(tar, component.ref);
  });
  const told = [...sbom.unknowns, ...firstOf(unknowns, sbom.root)];
  if (passedOver > 0) {
    const what = `${passedOver} archives were not looked at for licences: the others unpack to ${limits.totalBytes} bytes`;
    told.push({ where: sbom.root, what });
  }
  return { ...sbom, components, unknowns: told };
}

/**
 * Replaces licences that a lockfile states by those in the packages' own archives, where `archiveOf` has the archive of exactly the
 * component's SHA-512. An archive that cannot be read is said in `unknowns` and changes nothing.
 */
export function withArchiveLicences(sbom: Sbom, archiveOf: ArchiveOf, limits: UnpackLimits = UNPACK_LIMITS): Sbom {
  return fromArchives(sbom, archiveOf, limits, () => true);
}

/** The same for components without any licence only: what others state is not looked up in an archive that may or may not be at hand. */
export function withMissingLicences(sbom: Sbom, archiveOf: ArchiveOf): Sbom {
  return fromArchives(sbom, archiveOf, UNPACK_LIMITS, ({ licences }) => licences.length === 0);
}
