import { gunzip, isGzip } from "../../artifact/gzip.ts";
import { readTar } from "../../artifact/tar.ts";
import { parseJson } from "../../format/json.ts";
import type { DigestHex } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, LicenceClaim, Sbom, Unknown } from "../../model/sbom.ts";
import { readManifest } from "./manifest.ts";

const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_MEMBERS = 200_000;

/** The licences that a package's own manifest states, inside its archive; the first path segment is called as the packer liked. */
function licencesIn(archive: Uint8Array, where: string): readonly LicenceClaim[] {
  const tar = isGzip(archive) ? gunzip(archive, where, MAX_ARCHIVE_BYTES) : archive;
  const entry = readTar(tar, where, MAX_MEMBERS).members.find(({ path }) => /^[^/]+\/package\.json$/u.test(path));
  if (entry === undefined) return [];
  const limits = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 100 };
  return readManifest(parseJson(entry.content, where, limits), "archive-verified")?.licences ?? [];
}

/**
 * Replaces licences that a lockfile states by those in the packages' own archives, where `archiveOf` has the archive of exactly the
 * component's SHA-512. An archive that cannot be read is said in `unknowns` and changes nothing.
 */
export function withArchiveLicences(sbom: Sbom, archiveOf: (sha512: DigestHex) => Uint8Array | undefined): Sbom {
  const unknowns: Unknown[] = [];
  const components = sbom.components.map((component): Component => {
    const archive = component.digests.sha512 === undefined ? undefined : archiveOf(component.digests.sha512);
    if (archive === undefined) return component;
    try {
      const licences = licencesIn(archive, component.ref);
      return licences.length === 0 ? component : { ...component, licences };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unknowns.push({ where: component.ref, what: `its archive cannot be read for licences: ${error.facts.what}` });
      return component;
    }
  });
  return unknowns.length === 0
    ? { ...sbom, components }
    : { ...sbom, components, unknowns: [...sbom.unknowns, ...unknowns] };
}
