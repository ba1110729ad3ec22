import { parseYaml } from "../../format/yaml-data.ts";
import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { type DeclaredNeed, declaredNeeds } from "../declared-needs.ts";
import { type Fields, fieldsAt, isFields, listAt, textAt, textsAt, valuesAt } from "../fields.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { packageFault } from "../os/package-file.ts";
import { gemPurl } from "./names.ts";

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_NAME = 1000;
/** Ruby's names of the kinds of its objects; what they hold are plain mappings. */
const RUBY_TAG = /^((?:.{0,200}?: |[ \t]*- |--- ){0,1}(?:- )?)!ruby\/[A-Za-z:/]{1,100}[ \t]*/gmu;

/**
 * What a `.gem` says of itself in `metadata.gz` (RubyGems, Gem::Specification as YAML): the gem, and what it needs by range.
 * Throws `WB-PACKAGE-FORM`, `WB-YAML-…`.
 */
export async function readGem(entry: Entry): Promise<Extraction> {
  const text = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8");
  const read: unknown = await parseYaml(Buffer.from(text.replace(RUBY_TAG, "$1")), entry.path);
  const gem: Fields = isFields(read) ? read : {};
  const [name, platform] = [textAt(gem, "name"), textAt(gem, "platform")];
  const version = textAt(fieldsAt(gem, "version"), "version");
  if (name === undefined || version === undefined || name.length + version.length > MAX_NAME) {
    throw packageFault(entry.path, "a name and a version", name ?? "neither");
  }
  const purl = gemPurl(name, version, platform === undefined || platform === "ruby" ? {} : { platform });
  const needs: DeclaredNeed[] = [];
  for (const need of listAt(gem, "dependencies")) {
    const needed = textAt(need, "name");
    if (needed === undefined || needed.length > MAX_NAME) continue;
    const scope = textAt(need, "type")?.includes("development") === true ? "dev" : "runtime";
    const occurrence = { path: entry.path, technique: "declared" } as const;
    needs.push({
      met: { name: needed, purl: gemPurl(needed, undefined), ecosystem: "RubyGems", scope, occurrence },
      written: `${needed} ${rangeOf(need)}`,
    });
  }
  const subject = { name, version, ...(purl !== undefined && { purl }), digests: {} };
  return {
    ...declaredNeeds(entry.path, subject, needs),
    licences: licenceClaims(textsAt(gem, "licenses"), "manifest"),
  };
}

/** `>= 1.2, < 3`: each clause is a list of an operator and a version. */
function rangeOf(need: Fields): string {
  const clauses = valuesAt(fieldsAt(need, "requirement"), "requirements").map((clause) => {
    const [operator, version] = Array.isArray(clause) ? (clause as readonly unknown[]) : [];
    return `${String(operator)} ${isFields(version) ? (textAt(version, "version") ?? "") : ""}`;
  });
  return clauses.join(", ");
}
