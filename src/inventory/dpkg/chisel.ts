import { zstdDecompressSync } from "node:zlib";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef } from "../../model/sbom.ts";
import { type InstalledPackage, installationOf, packagesFault } from "../os/installation.ts";
import { Owners } from "../os/owners.ts";
import { distributionOf } from "../os/release.ts";
import { meetsDebian } from "./version.ts";

const MAX_BYTES = 64 * 1024 * 1024;
const PLACE = "var/lib/chisel/";

type Row = Readonly<Record<string, unknown>>;

function rowsOf(entry: Entry): readonly (readonly [Row, line: number])[] {
  let text: string;
  try {
    text = zstdDecompressSync(entry.bytes(MAX_BYTES), { maxOutputLength: MAX_BYTES }).toString("utf8");
  } catch {
    throw packagesFault(entry.path, "a manifest of chisel, compressed by zstd", "other bytes");
  }
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    let row: unknown;
    try {
      row = JSON.parse(line.slice(0, 1024 * 1024));
    } catch {
      throw packagesFault(entry.path, "one JSON object a line", line, index + 1);
    }
    if (typeof row !== "object" || row === null)
      throw packagesFault(entry.path, "one JSON object a line", line, index + 1);
    return [[row as Row, index + 1] as const];
  });
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Chisel's manifest of the slices of Debian packages that an image holds (`var/lib/chisel/manifest.wall`, jsonwall 1.0): no needs are
 * stated. Throws `WB-OS-PACKAGES-FORM`.
 */
export function readChisel(entry: Entry, source: Source): Extraction {
  const at = entry.path.indexOf(PLACE);
  const root = at <= 0 ? "" : entry.path.slice(0, at);
  const rows = rowsOf(entry);
  const packages = rows.flatMap(([row]): InstalledPackage[] => {
    const [name, version, architecture] = [textOf(row["name"]), textOf(row["version"]), textOf(row["arch"])];
    if (row["kind"] !== "package" || name === "" || version === "") return [];
    const occurrence = { path: entry.path, technique: "package-database" } as const;
    return [
      {
        name,
        version,
        ...(architecture !== "" && { architecture }),
        manual: undefined,
        licences: [],
        needs: [],
        provides: [],
        occurrence,
      },
    ];
  });
  const system = { type: "deb", distribution: distributionOf(source, root), meets: meetsDebian } as const;
  const { refs, ...extraction } = installationOf(packages, system, entry.path, []);
  const byName = new Map(packages.map(({ name }, index) => [name, refs[index] as ComponentRef]));
  const owners = new Owners(root, (add) => {
    for (const [row] of rows) {
      const slices = row["slices"];
      const slice = Array.isArray(slices) ? textOf(slices[0]) : "";
      const ref = byName.get(slice.slice(0, slice.lastIndexOf("_")));
      if (row["kind"] === "path" && ref !== undefined) add(textOf(row["path"]), ref);
    }
  });
  return {
    ...extraction,
    completeness: { ...extraction.completeness, dependencies: "unknown" },
    ownerOf: (file) => owners.ownerOf(file),
  };
}
