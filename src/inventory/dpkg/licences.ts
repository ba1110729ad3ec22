import type { Source } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import type { LicenceClaim } from "../../model/sbom.ts";
import { parseLicence } from "../../artifact/licence.ts";

const MAX_BYTES = 1024 * 1024;
const MAX_CLAIMS = 128;
const FORMAT = /^Format:\s*\S*copyright-format\/1\.0/imu;
const LICENCE = "\nLicense:";

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

/** Claims by what is written, for one list of packages: most say the same few. */
type Known = Map<string, LicenceClaim>;

/** The licences of a machine-readable `copyright` file, each name once; none for a file in free form. */
function copyrightLicences(text: string, known: Known): readonly LicenceClaim[] {
  if (!FORMAT.test(text.slice(0, 2000))) return [];
  const claims = new Map<string, LicenceClaim>();
  for (let at = text.indexOf(LICENCE); at !== -1 && claims.size < MAX_CLAIMS; at = text.indexOf(LICENCE, at + 1)) {
    const end = text.indexOf("\n", at + LICENCE.length);
    const synopsis = text
      .slice(at + LICENCE.length, end === -1 ? undefined : end)
      .trim()
      .slice(0, 200);
    if (synopsis === "") continue;
    let one = known.get(synopsis);
    if (one === undefined) known.set(synopsis, (one = claim(synopsis)));
    claims.set(one.expression, one);
  }
  return [...claims.values()];
}

/** Reads what `usr/share/doc/NAME/copyright` says of the packages of one root file system. */
export class Copyrights {
  readonly #source: Source;
  readonly #docs: string;
  readonly #known: Known = new Map();

  /** `root`: "" or a folder with a final `/`. */
  constructor(source: Source, root: string) {
    this.#source = source;
    this.#docs = `${root}usr/share/doc/`;
  }

  /** The licences of a package; packages of one source share the file by a link to a folder beside it. */
  of(name: string): readonly LicenceClaim[] {
    try {
      let entry = this.#source.find(`${this.#docs}${name}/copyright`);
      if (entry === undefined) {
        const target = this.#source.find(`${this.#docs}${name}`)?.target?.replace(/\/+$/u, "");
        if (target !== undefined && !target.includes("/"))
          entry = this.#source.find(`${this.#docs}${target}/copyright`);
      }
      if (entry?.kind !== "file") return [];
      return copyrightLicences(Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8"), this.#known);
    } catch (error) {
      if (error instanceof Fault) return [];
      throw error;
    }
  }
}
