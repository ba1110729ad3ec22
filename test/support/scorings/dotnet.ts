import { type Scoring, versioned } from "../scoring.ts";

const scalibr = (upstream: string, ours: string): Scoring => ({
  suite: "scalibr",
  upstream: `language/dotnet/${upstream}`,
  ours: `nuget/${ours}`,
});
const trivy = (upstream: string, ours: string): Scoring => ({ suite: "trivy", upstream, ours: `nuget/${ours}` });

export const dotnet: readonly Scoring[] = [
  scalibr("packageslockjson", "packages-lock"),
  scalibr("projectassetsjson", "project-assets"),
  scalibr("depsjson", "deps"),
  scalibr("packagesconfig", "packages-config"),
  scalibr("nugetcpm", "project"),
  scalibr("csproj", "project"),
  {
    ...scalibr("paketdependencies", "paket-dependencies"),
    apart: {
      why: "takes the bound of a range for a version; here a range has none",
      wanted: (item) =>
        ["NUnit", "FSharp.Core", "System.Text.Json"].includes(item.name) ? item.name : versioned(item),
    },
  },
  scalibr("paketlock", "paket-lock"),
  trivy("nuget/lock", "packages-lock"),
  trivy("nuget/config", "packages-config"),
  trivy("nuget/packagesprops", "project"),
  {
    ...trivy("dotnet/core_deps", "deps"),
    edges: { nameOf: ({ name, version }) => `${name}/${version ?? ""}` },
  },
  { suite: "syft", upstream: "dotnet", ours: "nuget/deps" },
];
