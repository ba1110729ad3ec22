import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef } from "../../model/sbom.ts";
import { lockfileKind, readText } from "../document.ts";
import { calledAfter, folderOf, inFolder } from "../folders.ts";
import { Gathered } from "../packages.ts";
import { keyOf, nugetPurl } from "./names.ts";

const LOCK = lockfileKind("Paket's lockfile", "write it anew with paket install");
/** Four blanks: a package with its version; six: what it needs. */
const PACKAGE = /^ {4}(\S+) \(([^)\s]+)\)/u;
const NEED = /^ {6}(\S+)/u;
const MAX_BYTES = 4 * 1024 * 1024;

interface Locked {
  readonly ref: ComponentRef;
  readonly name: string;
  readonly group: string;
  readonly needs: string[];
}

/** The names that `paket.dependencies` asks for, with their group. */
function wantedOf(source: Source, folder: string): ReadonlySet<string> {
  const wanted = new Set<string>();
  const entry = source.find(inFolder(folder, "paket.dependencies"));
  if (entry?.kind !== "file" || entry.sizeBytes > MAX_BYTES) return wanted;
  let group = "main";
  for (const line of Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8").split("\n")) {
    const [word = "", name = ""] = line.trim().split(/\s+/u);
    if (word.toLowerCase() === "group") group = keyOf(name);
    else if (word.toLowerCase() === "nuget" && name !== "") wanted.add(`${group}\0${keyOf(name)}`);
  }
  return wanted;
}

/**
 * `paket.lock` (Paket, "The paket.lock file"): NuGet packages of each group; needs are met inside their group. Files from repositories
 * and servers are passed over. Throws `WB-LOCKFILE-SYNTAX`.
 */
export function readPaketLock(entry: Entry, source: Source): Extraction {
  const folder = folderOf(entry.path);
  const subject = { name: calledAfter(folder, source), digests: {} };
  const wanted = wantedOf(source, folder);
  const gathered = new Gathered();
  const locked: Locked[] = [];
  let [group, section] = ["main", ""];
  for (const [index, line] of readText(entry, LOCK).split(/\r?\n/u).entries()) {
    const heading = /^[A-Z]/u.test(line) ? line.trim().split(/\s+/u) : [];
    if (heading[0] === "GROUP") [group, section] = [keyOf(heading[1] ?? ""), ""];
    else if (heading[0] !== undefined) section = heading[0].replace(/:$/u, "");
    if (section !== "NUGET") continue;
    const [, name, version] = PACKAGE.exec(line) ?? [];
    if (name !== undefined && version !== undefined) {
      const direct = wanted.has(`${group}\0${keyOf(name)}`);
      const ref = gathered.add({
        name,
        version,
        purl: nugetPurl(name, version),
        ecosystem: "NuGet",
        direct,
        occurrence: { path: entry.path, line: index + 1, technique: "lockfile" },
      });
      if (direct) gathered.need(subject.name, ref);
      locked.push({ ref, name, group, needs: [] });
      continue;
    }
    const need = NEED.exec(line)?.[1];
    if (need !== undefined) locked.at(-1)?.needs.push(need);
  }
  const byName = new Map(locked.map(({ ref, name, group: of }) => [`${of}\0${keyOf(name)}`, ref]));
  for (const { ref, name, group: of, needs } of locked) {
    for (const need of needs) {
      const to = byName.get(`${of}\0${keyOf(need)}`);
      if (to === undefined) gathered.unmet(name, need);
      else gathered.need(ref, to);
    }
  }
  const unknowns = gathered.unknowns(entry.path);
  return {
    subject,
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: {
      components: "complete",
      dependencies: wanted.size > 0 && unknowns.length === 0 ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns,
  };
}
