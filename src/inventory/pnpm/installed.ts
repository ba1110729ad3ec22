import type { Entry } from "../../model/artifact.ts";
import { lockText } from "../npm/lock-form.ts";
import type { Installed } from "../npm/place.ts";
import { section, versionOf } from "./document.ts";
import { readInstances } from "./packages.ts";
import { readYaml } from "./yaml.ts";

/** What pnpm's copy of the lockfile in `node_modules/.pnpm` says of each package: `name@version` → record. */
export async function installedByPnpm(entry: Entry): Promise<ReadonlyMap<string, Installed>> {
  const found = new Map<string, Installed>();
  for (const document of await readYaml(lockText(entry, "pnpm"), entry.path)) {
    const [packages, snapshots] = [
      section(document, "packages", entry.path),
      section(document, "snapshots", entry.path),
    ];
    const { byKey } = readInstances(packages, snapshots, versionOf(document, entry.path), entry.path);
    for (const { place } of byKey.values()) {
      const { name, version = "", integrity, resolved, dev, optional } = place;
      found.set(`${name}@${version}`, {
        ...(integrity !== undefined && { integrity }),
        ...(resolved !== undefined && { resolved }),
        dev,
        optional,
        peer: false,
      });
    }
  }
  return found;
}
