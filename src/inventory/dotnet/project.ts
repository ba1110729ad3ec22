import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import { formFault, manifestKind } from "../document.ts";
import { calledAfter, folderOf, inFolder, upwards } from "../folders.ts";
import { Gathered } from "../packages.ts";
import { Lines, readXml, type XmlElement } from "../xml.ts";
import { keyOf, nugetPurl } from "./names.ts";

const PROJECT = manifestKind("the project file");
const PROPS = ["Directory.Packages.props", "Directory.Build.props"];
/** A plain version is the lowest that is allowed, which NuGet takes; `[1.0]` is exact (NuGet, "Package versioning"). */
const PLAIN = /^\[?(\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)\]?$/u;
const PROPERTY = /\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/gu;
const MAX_DEPTH = 10;
const MAX_LENGTH = 1000;

/** What a project takes from the files above it. */
interface Central {
  readonly versions: Map<string, string>;
  readonly properties: Map<string, string>;
}

/** An element's attribute, or its child of the same name: MSBuild takes either. */
function metadata(element: XmlElement, name: string): string | undefined {
  const found = element.attributes.get(name) ?? element.children.find((child) => child.name === name)?.text;
  return found === undefined || found.trim() === "" ? undefined : found.trim();
}

function* itemsOf(root: XmlElement, ...names: readonly string[]): Iterable<XmlElement> {
  for (const group of root.children) {
    if (group.name !== "ItemGroup") continue;
    for (const item of group.children) if (names.includes(item.name)) yield item;
  }
}

function addProperties(root: XmlElement, central: Central): void {
  for (const group of root.children) {
    if (group.name !== "PropertyGroup") continue;
    for (const { name, text } of group.children) central.properties.set(name.toLowerCase(), text.slice(0, MAX_LENGTH));
  }
}

/** Properties filled in; undefined where one is not known. MSBuild's functions and conditions are not evaluated. */
function filled(text: string, central: Central): string | undefined {
  let value = text;
  for (let depth = 0; value.includes("$("); depth += 1) {
    let known = depth < MAX_DEPTH && value.length <= MAX_LENGTH;
    value = value.replace(PROPERTY, (_, name: string) => {
      const found = central.properties.get(name.toLowerCase());
      known &&= found !== undefined;
      return found ?? "";
    });
    if (!known || (value.includes("$(") && !value.match(PROPERTY))) return undefined;
  }
  return value;
}

/** The nearest files above, as MSBuild imports them: of each name one. */
function centralOf(entry: Entry, source: Source): Central {
  const central: Central = { versions: new Map(), properties: new Map() };
  for (const name of PROPS.toReversed()) {
    for (const folder of upwards(folderOf(entry.path))) {
      const path = inFolder(folder, name);
      const found = path === entry.path ? undefined : source.find(path);
      if (found?.kind !== "file") continue;
      try {
        const { root } = readXml(found, PROJECT);
        addProperties(root, central);
        for (const item of itemsOf(root, "PackageVersion")) {
          const id = item.attributes.get("Include") ?? item.attributes.get("Update");
          const version = metadata(item, "Version");
          if (id !== undefined && version !== undefined) central.versions.set(keyOf(id), version);
        }
      } catch (error) {
        // It is read by itself, too, and its fault told there.
        if (!(error instanceof Fault)) throw error;
      }
      break;
    }
  }
  return central;
}

/**
 * A project file of .NET or the settings of a folder (MSBuild): the packages that it references, with versions from central management
 * (`Directory.Packages.props`) and properties. Versions are the lowest that are allowed; what they need is not known.
 * Throws `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM`.
 */
export function readProject(entry: Entry, source: Source): Extraction {
  const { root, text } = readXml(entry, PROJECT);
  if (root.name !== "Project") throw formFault(PROJECT, entry.path, "the whole file", "<Project>", root.name);
  const base = entry.path.slice(entry.path.lastIndexOf("/") + 1);
  const shared = PROPS.includes(base);
  const name = shared ? calledAfter(folderOf(entry.path), source) : base.replace(/\.[a-z]+proj$/u, "");
  const central = centralOf(entry, source);
  addProperties(root, central);
  const gathered = new Gathered();
  const lines = new Lines(text);
  const ranges: string[] = [];
  for (const item of itemsOf(root, "PackageReference", "GlobalPackageReference")) {
    const written = item.attributes.get("Include") ?? item.attributes.get("Update") ?? "";
    for (const id of written.split(";").map((each) => each.trim())) {
      if (id === "" || id.includes("$(") || id.length > 200) continue;
      const asked = metadata(item, "VersionOverride") ?? metadata(item, "Version") ?? central.versions.get(keyOf(id));
      const range = asked === undefined ? undefined : filled(asked, central);
      const version = range === undefined ? undefined : PLAIN.exec(range.replaceAll(/\s/gu, ""))?.[1];
      // `Update` without a version changes what is set elsewhere, and an empty version is none.
      if (asked === undefined) {
        ranges.push(`${id} without a version`);
        continue;
      }
      if (version === undefined) ranges.push(`${id} ${asked}`);
      const dev = item.name === "GlobalPackageReference" || /^all$/iu.test(metadata(item, "PrivateAssets") ?? "");
      const scope = dev ? "dev" : "runtime";
      const ref = gathered.add({
        name: id,
        version,
        purl: nugetPurl(id, version),
        ecosystem: "NuGet",
        scope,
        direct: true,
        occurrence: { path: entry.path, line: lines.at(item.offset), technique: "declared" },
      });
      gathered.need(name, ref, scope);
    }
  }
  for (const item of itemsOf(root, "ProjectReference")) {
    const path = item.attributes.get("Include") ?? "";
    const other =
      path
        .replaceAll("\\", "/")
        .split("/")
        .at(-1)
        ?.replace(/\.[a-z]+proj$/u, "") ?? "";
    if (other === "" || other === name || other.includes("$(") || other.length > 200) continue;
    const occurrence = { path: entry.path, line: lines.at(item.offset), technique: "declared" } as const;
    gathered.need(name, gathered.add({ name: other, ecosystem: "NuGet", own: true, direct: true, occurrence }));
  }
  const told = ranges.slice(0, 20).map((range) => cleanText(range, 100));
  return {
    subject: { name, digests: {} },
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: { components: "incomplete", dependencies: "incomplete", method: "declared" },
    unknowns: [
      {
        where: cleanText(entry.path, 300),
        what: `no lockfile: versions are the lowest that are allowed, and what they need in turn is not known${told.length === 0 ? "" : `; not a version: ${told.join(", ")}`}`,
      },
    ],
  };
}
