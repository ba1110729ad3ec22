import type { Extractor } from "../../model/extractor.ts";

const folderAbove = (path: string): string => path.split("/").slice(0, -2).join("/");

/** NuGet's and Paket's files, and what .NET writes beside a program. */
export const dotnetExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "nuget/packages-lock",
    ecosystem: "NuGet",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: false, lines: true },
    claim: { names: ["packages.lock.json"] },
    extract: async (entry, source) => (await import("./packages-lock.ts")).readPackagesLock(entry, source),
  },
  {
    kind: "file",
    id: "nuget/project-assets",
    ecosystem: "NuGet",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: true, digests: false, licences: false, lines: true },
    claim: { names: ["project.assets.json"] },
    // It lies in the project's `obj`.
    projectOf: folderAbove,
    extract: async (entry, source) => (await import("./project-assets.ts")).readProjectAssets(entry, source),
  },
  {
    kind: "file",
    id: "nuget/paket-lock",
    ecosystem: "NuGet",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: false, lines: true },
    claim: { names: ["paket.lock"] },
    extract: async (entry, source) => (await import("./paket-lock.ts")).readPaketLock(entry, source),
  },
  {
    kind: "file",
    id: "nuget/packages-config",
    ecosystem: "NuGet",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: true, digests: false, licences: false, lines: true },
    claim: { names: ["packages.config"] },
    extract: async (entry, source) => (await import("./packages-config.ts")).readPackagesConfig(entry, source),
  },
  {
    kind: "file",
    id: "nuget/paket-dependencies",
    ecosystem: "NuGet",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: false, digests: false, licences: false, lines: true },
    claim: { names: ["paket.dependencies"] },
    extract: async (entry, source) => (await import("./paket-dependencies.ts")).readPaketDependencies(entry, source),
  },
  {
    kind: "file",
    id: "nuget/project",
    ecosystem: "NuGet",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: true, digests: false, licences: false, lines: true },
    claim: {
      names: ["Directory.Packages.props", "Directory.Build.props"],
      endings: [".csproj", ".fsproj", ".vbproj"],
    },
    extract: async (entry, source) => (await import("./project.ts")).readProject(entry, source),
  },
  {
    kind: "file",
    id: "nuget/package",
    ecosystem: "NuGet",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: false, digests: false, licences: true, lines: true },
    // At the top of a package's file; elsewhere it is a template that a build fills in.
    claim: { endings: [".nuspec"], where: (path) => !path.includes("/") || /\.nupkg!\/[^/]+$/u.test(path) },
    projectOf: (path) => path.replace(/(?:!\/)?[^/]+$/u, ""),
    extract: async (entry) => (await import("./package.ts")).readNuspec(entry),
  },
  {
    kind: "file",
    id: "nuget/deps",
    ecosystem: "NuGet",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: false, digests: false, licences: false, lines: true },
    claim: { endings: [".deps.json"] },
    extract: async (entry) => (await import("./deps.ts")).readDeps(entry),
  },
  {
    kind: "file",
    id: "nuget/assembly",
    ecosystem: "NuGet",
    of: "installation",
    capability: { versions: "exact", edges: false, scopes: false, digests: false, licences: false, lines: false },
    claim: { programs: ({ format }) => format === "pe" },
    extract: async (entry, source) => (await import("./assembly.ts")).readAssembly(entry, source),
  },
];
