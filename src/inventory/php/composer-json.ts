import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { type DeclaredNeed, declaredNeeds } from "../declared-needs.ts";
import { manifestKind } from "../document.ts";
import { fieldOf, fieldsAt, readJsonFields, textAt } from "../fields.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { TextLines } from "../text-lines.ts";
import { composerPurl, isPlatform, subjectOf } from "./composer.ts";

const MANIFEST = manifestKind("composer.json");
/** A constraint without an operator means this version alone (Composer, "Versions and constraints"). */
const EXACT = /^=?\s*(v?\d+(?:\.\d+){1,3}(?:-(?:alpha|beta|rc|patch|p)\.?\d*)?)$/iu;
const SECTIONS = [
  ["require", "runtime"],
  ["require-dev", "dev"],
] as const;

/** `composer.json` without a lockfile: what the project asks for, by range. Throws `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM`. */
export function readComposerJson(entry: Entry, source: Source): Extraction {
  const { fields, text } = readJsonFields(entry, MANIFEST);
  const needs: DeclaredNeed[] = [];
  for (const [section, scope] of SECTIONS) {
    const lines = new TextLines(text);
    lines.next(`"${section}"`);
    const wanted = fieldsAt(fields, section);
    for (const name of Object.keys(wanted)) {
      if (isPlatform(name)) continue;
      const range = textAt(wanted, name) ?? "";
      const version = EXACT.exec(range)?.[1];
      const line = lines.next(JSON.stringify(name));
      const occurrence = { path: entry.path, ...(line !== undefined && { line }), technique: "declared" } as const;
      const purl = composerPurl(name, version, undefined);
      needs.push({
        met: { name, version, purl, ecosystem: "Packagist", scope, occurrence },
        written: `${name} ${range}`,
      });
    }
  }
  const subject = subjectOf(fields, calledAfter(folderOf(entry.path), source));
  const licences = licenceClaims(fieldOf(fields, "license"), "manifest");
  return { ...declaredNeeds(entry.path, subject, needs), licences };
}
