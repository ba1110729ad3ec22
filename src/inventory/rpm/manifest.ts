import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { type InstalledPackage, installationOf, packagesFault } from "../os/installation.ts";
import { distributionOf } from "../os/release.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const COLUMNS = 10;

/**
 * The list that images of Azure Linux without a database carry (`var/lib/rpmmanifest/container-manifest-2`): ten columns, as
 * `rpm -qa` was told to print them. Nothing tells the needs. Throws `WB-OS-PACKAGES-FORM`.
 */
export function readManifest(entry: Entry, source: Source): Extraction {
  const root = entry.path.replace(/var\/lib\/rpmmanifest\/[^/]*$/u, "");
  const lines = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8").split("\n");
  const packages = lines.flatMap((line, index): InstalledPackage[] => {
    if (line.trim() === "") return [];
    const columns = line.split("\t");
    const [name = "", version = "", , , , , , architecture = "", epoch = "", sourceRpm = ""] = columns;
    if (columns.length !== COLUMNS || name === "" || version === "")
      throw packagesFault(entry.path, "ten columns, divided by tabs", line, index + 1);
    return [
      {
        name,
        version,
        ...(architecture !== "" && { architecture }),
        ...(sourceRpm !== "" && sourceRpm !== "(none)" && { upstream: sourceRpm }),
        ...(/^[1-9]\d*$/u.test(epoch) && { qualifiers: { epoch } }),
        manual: undefined,
        licences: [],
        needs: [],
        provides: [],
        occurrence: { path: entry.path, line: index + 1, technique: "package-database" },
      },
    ];
  });
  const system = {
    type: "rpm",
    distribution: distributionOf(source, root === entry.path ? "" : root),
    meets: () => true,
  } as const;
  const { refs: _, ...extraction } = installationOf(packages, system, entry.path, []);
  return { ...extraction, completeness: { ...extraction.completeness, dependencies: "unknown" } };
}
