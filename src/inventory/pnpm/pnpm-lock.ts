import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { joinGraph } from "../npm/graph.ts";
import type { Graph } from "../npm/graph.ts";
import { lockText } from "../npm/lock-form.ts";
import { manifestIn } from "../npm/manifest.ts";
import { folderOf } from "../npm/position.ts";
import { driftOf, extractionOf, lockSubject } from "../npm/project.ts";
import { section, versionOf } from "./document.ts";
import { pnpmGraph } from "./graph.ts";
import { type Importer, readImporters } from "./importers.ts";
import { readInstances } from "./packages.ts";
import { YamlMap } from "./plain-yaml.ts";
import { readYaml } from "./yaml.ts";

/** What one document says; `called` is how the root is called in it. */
function graphIn(
  document: YamlMap,
  importers: readonly [Importer, ...Importer[]],
  file: string,
  called: string,
): Graph {
  const instances = readInstances(
    section(document, "packages", file),
    section(document, "snapshots", file),
    versionOf(document, file),
    file,
  );
  const { tree, edges } = pnpmGraph(importers, instances, file);
  const graph = joinGraph(tree, edges, file, called, true);
  return { ...graph, unknowns: [...instances.unknowns, ...graph.unknowns] };
}

/** What pnpm 11 locks of itself and its configuration, before the project's own document: needed to build, and nothing else. */
function withTools(graph: Graph, tools: Graph): Graph {
  const known = new Set(graph.components.map(({ ref }) => ref));
  const components = tools.components.filter(({ ref }) => !known.has(ref));
  const added = new Set(components.map(({ ref }) => ref));
  const edges = tools.dependencies.filter(({ from, to }) => added.has(to) || added.has(from));
  return {
    components: [
      ...graph.components,
      ...components.map((component) => ({ ...component, scope: "build" as const })),
    ].sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: [...graph.dependencies, ...edges.map((edge) => ({ ...edge, scope: "build" as const }))].sort((a, b) =>
      a.from < b.from || (a.from === b.from && a.to < b.to) ? -1 : 1,
    ),
    unknowns: [...graph.unknowns, ...tools.unknowns],
    whole: graph.whole && tools.whole,
  };
}

/**
 * Reads `pnpm-lock.yaml` of the versions 5 to 9 (pnpm 3 to 11). Edges are those of the lockfile's own keys; instances of one version
 * with several choices of peers are one component. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export async function readPnpmLock(entry: Entry, source: Source): Promise<Extraction> {
  const file = entry.path;
  const folder = folderOf(file);
  const documents = await readYaml(lockText(entry, "pnpm"), file);
  const manifest = manifestIn(folder, source);
  // A file without a document is what an empty project has.
  const document = documents.at(-1) ?? new YamlMap([["lockfileVersion", "9.0"]]);
  const importers = readImporters(document, folder, source, file);
  const root = importers[0].place;
  const subject = lockSubject(root, manifest, source.artifact.name);
  const called = subject.purl ?? subject.name;
  let graph = graphIn(document, importers, file, called);
  for (const tools of documents.slice(0, -1)) {
    graph = withTools(graph, graphIn(tools, readImporters(tools, folder, source, file), file, called));
  }
  // Overrides change what the lockfile says of the root's own needs.
  const unknowns = document.has("overrides") ? [] : driftOf(root, manifest, file);
  return extractionOf({ subject, manifest, graph, rootKnown: true, unknowns });
}
