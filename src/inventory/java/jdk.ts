import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { folderOf, inFolder } from "../folders.ts";
import { Gathered, purlOf } from "../packages.ts";

const MAX_BYTES = 256 * 1024;
const FIELD = /^([A-Z][A-Z0-9_]{0,60})="?([^"\r\n]{0,500})"?\s*$/gmu;
const NOTHING: Extraction = {
  components: [],
  dependencies: [],
  completeness: { components: "complete", dependencies: "complete", method: "observed" },
  unknowns: [],
};

/** Who made it: Oracle's commercial builds say so by their kind, others by `IMPLEMENTOR`. */
function makerOf(fields: ReadonlyMap<string, string>): string | undefined {
  if (fields.get("BUILD_TYPE") === "commercial") return "oracle";
  const slug = (fields.get("IMPLEMENTOR") ?? "").toLowerCase().replace(/[^a-z0-9]+/gu, "-");
  return slug.replace(/^-|-$/gu, "") || undefined;
}

/**
 * The file `release` of a Java runtime (JEP 223; JEP 220, "release file"): a development kit where the compiler lies beside it. A file
 * of that name which tells no Java version says nothing here.
 */
export function readJavaRelease(entry: Entry, source: Source): Extraction {
  if (entry.sizeBytes > MAX_BYTES) return NOTHING;
  const text = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8");
  const fields = new Map([...text.matchAll(FIELD)].map(([, name = "", value = ""]) => [name, value]));
  const version = fields.get("JAVA_RUNTIME_VERSION") ?? fields.get("JAVA_VERSION");
  if (!fields.has("JAVA_VERSION") || version === undefined || version === "") return NOTHING;
  const compiler = ["bin/javac", "bin/javac.exe"].some(
    (path) => source.find(inFolder(folderOf(entry.path), path)) !== undefined,
  );
  const name = compiler ? "jdk" : "jre";
  const namespace = makerOf(fields);
  const gathered = new Gathered();
  gathered.add({
    name,
    version,
    purl: purlOf({ type: "generic", ...(namespace !== undefined && { namespace }), name, version }),
    ecosystem: "generic",
    kind: "framework",
    occurrence: { path: entry.path, technique: "installed" },
  });
  return { ...NOTHING, components: gathered.components };
}
