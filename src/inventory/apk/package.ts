import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { packageFault, packageFile } from "../os/package-file.ts";
import { capabilities, licencesOf } from "./installed.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const FIELD = /^\s{0,9}([a-z_]{1,30})\s{0,9}=\s{0,9}(\S.{0,4000}?)\s*$/u;

/** What an `.apk` says of itself in `.PKGINFO`, lines of `name = value` (apk-package(5)). Throws `WB-PACKAGE-FORM`. */
export function readPackage(entry: Entry): Extraction {
  const text = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8");
  const fields = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  const [name] = fields.get("pkgname") ?? [];
  const [version] = fields.get("pkgver") ?? [];
  if (name === undefined || version === undefined) {
    throw packageFault(entry.path, "lines with pkgname and pkgver", text);
  }
  const needs = (fields.get("depend") ?? []).flatMap((field) => capabilities(field)).map((one) => [one]);
  return packageFile(
    {
      name,
      version,
      manual: true,
      licences: licencesOf(fields.get("license")?.[0]),
      needs,
      provides: [],
      occurrence: { path: entry.path, line: 1, technique: "manifest" },
    },
    "apk",
  );
}
