import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { type DeclaredNeed, declaredNeeds } from "../declared-needs.ts";
import { manifestKind, readText } from "../document.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { type Met, purlOf } from "../packages.ts";
import { nugetPurl } from "./names.ts";

const MANIFEST = manifestKind("paket.dependencies");
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_LINE = 2000;
const NUGET = /^nuget\s+([A-Za-z0-9_.-]{1,100})(?:\s+(.*))?$/iu;
const GITHUB = /^github\s+([A-Za-z0-9-]{1,39})\/([A-Za-z0-9._-]{1,100})(?::([^\s/]{1,200}))?(?:\s|$)/iu;
/** `= 1.2`, `== 1.2` and a version alone, with settings behind it; two bounds are a range (Paket, "Version constraints"). */
const EXACT = /^(?:={1,2}\s*)?(\d[0-9A-Za-z.+-]*)(?=\s+\w+:|\s*$)/u;
const COMMIT = /^[0-9a-f]{39,40}$/u;

function githubNeed([, owner = "", repository = "", reference]: RegExpExecArray): Pick<
  Met,
  "name" | "version" | "purl" | "ecosystem" | "digests"
> {
  const commit = reference !== undefined && COMMIT.test(reference) ? reference : undefined;
  return {
    name: `${owner}/${repository}`,
    version: commit === undefined ? reference : undefined,
    purl: purlOf({
      type: "github",
      namespace: owner,
      name: repository,
      ...(reference !== undefined && { version: reference }),
    }),
    ecosystem: "github",
    digests: commit?.length === 40 ? { gitCommit: commit } : {},
  };
}

/**
 * `paket.dependencies` without its lockfile (Paket, "The paket.dependencies file"): NuGet packages by range, and repositories of which
 * files are taken. Of other lines nothing is told. Throws `WB-MANIFEST-SYNTAX`.
 */
export function readPaketDependencies(entry: Entry, source: Source): Extraction {
  const needs: DeclaredNeed[] = [];
  for (const [index, raw] of readText(entry, MANIFEST, MAX_BYTES).split(/\r?\n/u).entries()) {
    const line = (raw.length > MAX_LINE ? "" : raw).replace(/(?:^|\s)#.*$|(?<!:)\/\/.*$/u, "").trim();
    const occurrence = { path: entry.path, line: index + 1, technique: "declared" } as const;
    const [, name, range = ""] = NUGET.exec(line) ?? [];
    if (name !== undefined) {
      const version = EXACT.exec(range)?.[1];
      const met = { name, version, purl: nugetPurl(name, version), ecosystem: "NuGet", occurrence } as const;
      needs.push({ met, written: `${name} ${range}`.trim() });
    }
    const repository = GITHUB.exec(line);
    if (repository !== null) needs.push({ met: { ...githubNeed(repository), occurrence }, written: line });
  }
  return declaredNeeds(entry.path, { name: calledAfter(folderOf(entry.path), source), digests: {} }, needs);
}
