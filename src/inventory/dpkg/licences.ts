import type { Source } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import type { LicenceClaim } from "../../model/sbom.ts";
import { parseLicence } from "../licence.ts";

const MAX_BYTES = 1024 * 1024;
const MAX_CLAIMS = 32;
const FORMAT = /^Format:\s*\S*copyright-format\/1\.0/imu;
const LICENCE = /^License:[ \t]*(\S.*)$/gimu;

/** Debian's short names that are SPDX's under another spelling (copyright-format 1.0, 7.1). */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ["expat", "MIT"],
  ["mit/x11", "MIT"],
  ["gpl", "GPL-1.0-or-later"],
  ["psf-2", "PSF-2.0"],
  ["apache-2", "Apache-2.0"],
  ["cc0", "CC0-1.0"],
  ["zlib/libpng", "Zlib"],
]);
const GNU = /^(A|L)?GPL-(\d)(?:\.(\d))?(\+)?$/iu;

function spdxName(short: string): string {
  const known = SHORT_NAMES.get(short.toLowerCase());
  if (known !== undefined) return known;
  const gnu = GNU.exec(short);
  if (gnu === null) return short;
  const [, kind = "", major = "", minor = "0", later] = gnu;
  return `${kind.toUpperCase()}GPL-${major}.${minor}-${later === undefined ? "only" : "or-later"}`;
}

/** `GPL-2+ and Expat` in SPDX's words; `,` and `and` bind the other way round than in SPDX, so that a mixture stays as found. */
function claim(synopsis: string): LicenceClaim {
  const mixed = synopsis.includes(",") || (/\sand\s/iu.test(synopsis) && /\sor\s/iu.test(synopsis));
  const words = synopsis
    .split(/\s+/u)
    .map((word) => (/^(?:and|or)$/iu.test(word) ? word.toUpperCase() : spdxName(word)));
  const licence = parseLicence(mixed ? synopsis : words.join(" "));
  return { ...(licence.spdx ? licence : parseLicence(synopsis)), technique: "package-database" };
}

/** The licences of a machine-readable `copyright` file, each name once; none for a file in free form. */
export function copyrightLicences(text: string): readonly LicenceClaim[] {
  if (!FORMAT.test(text.slice(0, 2000))) return [];
  const found = new Map<string, LicenceClaim>();
  for (const [, written = ""] of text.matchAll(LICENCE)) {
    const synopsis = written.trim().slice(0, 200);
    if (!found.has(synopsis)) found.set(synopsis, claim(synopsis));
    if (found.size >= MAX_CLAIMS) break;
  }
  const claims = new Map([...found.values()].map((one) => [one.expression, one]));
  return [...claims.values()];
}

/** What `usr/share/doc/NAME/copyright` says; packages of one source share it by a link to a folder beside it. */
export function licencesOf(source: Source, root: string, name: string): readonly LicenceClaim[] {
  const docs = `${root}usr/share/doc/`;
  try {
    let entry = source.find(`${docs}${name}/copyright`);
    if (entry === undefined) {
      const target = source.find(`${docs}${name}`)?.target?.replace(/\/+$/u, "");
      if (target !== undefined && !target.includes("/")) entry = source.find(`${docs}${target}/copyright`);
    }
    return entry?.kind === "file" ? copyrightLicences(Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8")) : [];
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}
