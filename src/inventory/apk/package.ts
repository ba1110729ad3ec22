import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { packageFault, packageFile } from "../os/package-file.ts";
import { capabilities, licencesOf } from "./installed.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_VALUE = 4000;

/** What an `.apk` says of itself in `.PKGINFO`, lines of `name = value` (apk-package(5)). Throws `WB-PACKAGE-FORM`. */
export function readPackage(entry: Entry): Extraction {
  const text = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8");
  const fields = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    const [name, value] = [line.slice(0, Math.max(0, equals)).trim(), line.slice(equals + 1).trim()];
    if (!/^[a-z_]{1,30}$/u.test(name) || value === "" || value.length > MAX_VALUE) continue;
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
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
