import type { Entry } from "../../model/artifact.ts";
import type { LicenceClaim, Technique } from "../../model/sbom.ts";
import { parseLicence } from "../../artifact/licence.ts";
import { isName } from "./names.ts";

/** What is read of core metadata (Core metadata specifications, version 2.4 and all before). */
export interface Metadata {
  /** As written. */
  readonly name: string;
  readonly version: string | undefined;
  /** 1-based line of the name. */
  readonly line: number;
  /** `Requires-Dist` as written. */
  readonly requires: readonly string[];
  readonly licences: readonly LicenceClaim[];
}

/** Headers end before the description, which may be long: more is read only where they do not end here. */
const HEAD_BYTES = 16 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_LICENCE = 200;

/** The headers of a metadata file, without its description. Undefined where they name no distribution. */
export function readMetadata(entry: Entry, technique: Technique): Metadata | undefined {
  let bytes = entry.range(0, HEAD_BYTES);
  let end = headersEnd(bytes);
  if (end < 0 && bytes.length === HEAD_BYTES) {
    bytes = entry.bytes(MAX_BYTES);
    end = headersEnd(bytes);
  }
  return parseMetadata(
    Buffer.from(bytes.buffer, bytes.byteOffset, end < 0 ? bytes.length : end).toString("utf8"),
    technique,
  );
}

/** Where the empty line is that ends the headers (RFC 822); -1: none. */
function headersEnd(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const unix = buffer.indexOf("\n\n");
  const windows = buffer.indexOf("\r\n\r\n");
  return unix < 0 ? windows : windows < 0 ? unix : Math.min(unix, windows);
}

/** As `readMetadata`, from the text of the headers. */
export function parseMetadata(text: string, technique: Technique): Metadata | undefined {
  let name: string | undefined;
  let version: string | undefined;
  let nameLine = 1;
  let line = 0;
  const requires: string[] = [];
  const licences: LicenceTexts = { expression: undefined, licence: undefined, long: false, classifiers: [] };
  let inLicence = false;
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    line += 1;
    const first = text.charCodeAt(at);
    const start = at;
    at = end + 1;
    if (first === 32 || first === 9) {
      if (inLicence) licences.long = true;
      continue;
    }
    const colon = text.indexOf(":", start);
    inLicence = false;
    if (colon < 0 || colon >= end) continue;
    const value = (): string => text.slice(colon + 1, end).trim();
    switch (text.slice(start, colon).toLowerCase()) {
      case "name":
        if (name === undefined) {
          name = value();
          nameLine = line;
        }
        break;
      case "version":
        version ??= value();
        break;
      case "requires-dist":
        requires.push(value());
        break;
      case "license-expression":
        licences.expression ??= value();
        break;
      case "license":
        licences.licence ??= value();
        inLicence = true;
        break;
      case "classifier":
        if (text.startsWith("License", colon + 2)) licences.classifiers.push(value());
        break;
      default:
    }
  }
  if (name === undefined || !isName(name)) return undefined;
  const known = version !== undefined && version !== "" && version.length <= 200;
  return {
    name,
    version: known ? version : undefined,
    line: nameLine,
    requires,
    licences: claimsOf(licences, technique),
  };
}

interface LicenceTexts {
  expression: string | undefined;
  licence: string | undefined;
  /** The licence field goes on for lines: it is the text of the licence, not its name. */
  long: boolean;
  classifiers: string[];
}

/** Classifiers that mean exactly one identifier (the list of trove classifiers); the others stay as found. */
const CLASSIFIERS: ReadonlyMap<string, string> = new Map([
  ["MIT License", "MIT"],
  ["MIT No Attribution License (MIT-0)", "MIT-0"],
  ["ISC License (ISCL)", "ISC"],
  ["The Unlicense (Unlicense)", "Unlicense"],
  ["Boost Software License 1.0 (BSL-1.0)", "BSL-1.0"],
  ["Mozilla Public License 1.0 (MPL)", "MPL-1.0"],
  ["Mozilla Public License 1.1 (MPL 1.1)", "MPL-1.1"],
  ["Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"],
  ["Eclipse Public License 1.0 (EPL-1.0)", "EPL-1.0"],
  ["Eclipse Public License 2.0 (EPL-2.0)", "EPL-2.0"],
  ["European Union Public Licence 1.1 (EUPL 1.1)", "EUPL-1.1"],
  ["European Union Public Licence 1.2 (EUPL 1.2)", "EUPL-1.2"],
  ["GNU General Public License v2 (GPLv2)", "GPL-2.0-only"],
  ["GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"],
  ["GNU General Public License v3 (GPLv3)", "GPL-3.0-only"],
  ["GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"],
  ["GNU Lesser General Public License v2 (LGPLv2)", "LGPL-2.0-only"],
  ["GNU Lesser General Public License v2 or later (LGPLv2+)", "LGPL-2.0-or-later"],
  ["GNU Lesser General Public License v3 (LGPLv3)", "LGPL-3.0-only"],
  ["GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later"],
  ["GNU Affero General Public License v3", "AGPL-3.0-only"],
  ["GNU Affero General Public License v3 or later (AGPLv3+)", "AGPL-3.0-or-later"],
  ["Universal Permissive License (UPL)", "UPL-1.0"],
  ["CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0"],
]);

/** The expression; else the field where it is one; else the classifiers; else the field as found. */
function claimsOf(
  { expression, licence, long, classifiers }: LicenceTexts,
  technique: Technique,
): readonly LicenceClaim[] {
  if (expression !== undefined && expression !== "") return [{ ...parseLicence(expression), technique }];
  const field = licence === undefined || licence === "" || /^(?:UNKNOWN|None)$/i.test(licence) ? undefined : licence;
  const parsed = field === undefined || long ? undefined : parseLicence(field);
  if (parsed?.spdx === true) return [{ ...parsed, technique }];
  const named = [...new Set(classifiers.map((text) => text.slice(text.lastIndexOf("::") + 2).trim()))];
  const claims = named
    .filter((name) => name !== "OSI Approved" && name !== "License" && name !== "")
    .slice(0, 16)
    .map((name) => ({ ...parseLicence(CLASSIFIERS.get(name) ?? name), technique }));
  if (claims.length > 0) return claims;
  return field === undefined ? [] : [{ expression: field.slice(0, MAX_LICENCE), spdx: false, technique }];
}
