import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef } from "../../model/sbom.ts";
import { formFault, lockfileKind } from "../document.ts";
import { fieldsAt, type Fields, isFields, readJsonFields, textAt } from "../fields.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { LineScan } from "../npm/lines.ts";
import { Gathered } from "../packages.ts";
import { keyOf, nugetPurl } from "./names.ts";

const LOCK = lockfileKind("the lockfile of NuGet", "write it anew with dotnet restore --force-evaluate");

interface Locked {
  readonly ref: ComponentRef;
  readonly name: string;
  readonly type: string;
  readonly needs: Fields;
}

/** Reads one framework's section: its packages by name. */
function readSection(section: Fields, path: string, lines: LineScan, gathered: Gathered): Map<string, Locked> {
  const locked = new Map<string, Locked>();
  for (const [name, fields] of Object.entries(section)) {
    const line = lines.next(name);
    if (!isFields(fields) || name === "") continue;
    const type = textAt(fields, "type") ?? "";
    const own = type === "Project";
    const version = own ? undefined : textAt(fields, "resolved");
    if (!own && version === undefined) continue;
    const ref = gathered.add({
      name,
      version,
      purl: own ? undefined : nugetPurl(name, version),
      ecosystem: "NuGet",
      direct: type === "Direct",
      own,
      occurrence: { path, ...(line !== undefined && { line }), technique: "lockfile" },
    });
    locked.set(keyOf(name), { ref, name, type, needs: fieldsAt(fields, "dependencies") });
  }
  return locked;
}

/**
 * `packages.lock.json` (NuGet, "Locking dependencies", versions 1 and 2): a section for each framework, and for each of its runtimes one
 * with what differs. Needs are met inside their section, then by its framework's. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export function readPackagesLock(entry: Entry, source: Source): Extraction {
  const { fields, text } = readJsonFields(entry, LOCK);
  const frameworks = fields["dependencies"];
  if (!isFields(frameworks)) throw formFault(LOCK, entry.path, "dependencies", "an object of frameworks", frameworks);
  const subject = { name: calledAfter(folderOf(entry.path), source), digests: {} };
  const gathered = new Gathered();
  const lines = new LineScan(text);
  const sections = new Map<string, Map<string, Locked>>();
  for (const [framework, section] of Object.entries(frameworks)) {
    lines.next(framework);
    if (isFields(section)) sections.set(framework, readSection(section, entry.path, lines, gathered));
  }
  for (const [framework, section] of sections) {
    const base = sections.get(framework.split("/")[0] ?? "");
    const projectNeeds = new Set<string>();
    for (const { ref, name, type, needs } of section.values()) {
      for (const need of Object.keys(needs)) {
        const target = section.get(keyOf(need)) ?? base?.get(keyOf(need));
        if (target === undefined) gathered.unmet(name, need);
        else gathered.need(ref, target.ref);
        if (type === "Project" && target?.type === "Project") projectNeeds.add(keyOf(need));
      }
    }
    for (const [key, { ref, type }] of section) {
      // Which projects the project itself names is not said: those that no other of them needs.
      if (type === "Direct" || (type === "Project" && !projectNeeds.has(key))) gathered.need(subject.name, ref);
    }
  }
  const unknowns = gathered.unknowns(entry.path);
  return {
    subject,
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: {
      components: "complete",
      dependencies: unknowns.length === 0 ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns,
  };
}
