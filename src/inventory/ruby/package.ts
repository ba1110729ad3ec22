import { parseYaml } from "../../format/yaml-data.ts";
import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Json } from "../../model/statement.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { licenceClaims } from "../licence.ts";
import { packageFault } from "../os/package-file.ts";
import { Gathered } from "../packages.ts";
import { gemPurl } from "./names.ts";

const MAX_BYTES = 8 * 1024 * 1024;
/** Ruby's names of the kinds of its objects; what they hold are plain mappings. */
const RUBY_TAG = /^((?:.{0,200}?: |[ \t]*- |--- ){0,1}(?:- )?)!ruby\/[A-Za-z:/]{1,100}[ \t]*/gmu;

const field = (of: Json | undefined, name: string): Json | undefined =>
  of !== null && typeof of === "object" && !Array.isArray(of)
    ? (of as Readonly<Record<string, Json>>)[name]
    : undefined;
const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= 1000 ? value : undefined;
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/**
 * What a `.gem` says of itself in `metadata.gz` (RubyGems, Gem::Specification as YAML): the gem, and what it needs by range.
 * Throws `WB-PACKAGE-FORM`, `WB-YAML-…`.
 */
export async function readGem(entry: Entry): Promise<Extraction> {
  const text = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8");
  const gem = await parseYaml(Buffer.from(text.replace(RUBY_TAG, "$1")), entry.path);
  const [name, version, platform] = [
    textOf(field(gem, "name")),
    textOf(field(field(gem, "version"), "version")),
    textOf(field(gem, "platform")),
  ];
  if (name === undefined || version === undefined) {
    throw packageFault(entry.path, "a name and a version", name ?? "neither");
  }
  const purl = gemPurl(name, version, platform === undefined || platform === "ruby" ? {} : { platform });
  const root = purl ?? name;
  const gathered = new Gathered();
  for (const need of listOf(field(gem, "dependencies"))) {
    const needed = textOf(field(need, "name"));
    if (needed === undefined) continue;
    const scope = textOf(field(need, "type"))?.includes("development") === true ? "dev" : "runtime";
    const ref = gathered.add({
      name: needed,
      purl: gemPurl(needed, undefined),
      ecosystem: "RubyGems",
      scope,
      direct: true,
      occurrence: { path: entry.path, technique: "declared" },
    });
    gathered.need(root, ref, scope);
  }
  const licences = listOf(field(gem, "licenses")).map(textOf);
  return {
    subject: { name, version, ...(purl !== undefined && { purl }), digests: {} },
    licences: licenceClaims(
      licences.filter((licence) => licence !== undefined),
      "manifest",
    ),
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: { components: "incomplete", dependencies: "incomplete", method: "missing" },
    unknowns: [
      {
        where: cleanText(entry.path, 300),
        what: "a package's file: which versions its installation brings is not known",
      },
    ],
  };
}
