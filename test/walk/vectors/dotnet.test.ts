import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreEdges, scoreVectors, toldWithOwn } from "../../support/vectors.ts";

scoreVectors({ suite: "scalibr", upstream: "language/dotnet/packageslockjson", ours: "nuget/packages-lock" });
scoreVectors({ suite: "scalibr", upstream: "language/dotnet/projectassetsjson", ours: "nuget/project-assets" });
scoreVectors({ suite: "scalibr", upstream: "language/dotnet/depsjson", ours: "nuget/deps", told: toldWithOwn });
scoreVectors({ suite: "scalibr", upstream: "language/dotnet/packagesconfig", ours: "nuget/packages-config" });
scoreVectors({ suite: "scalibr", upstream: "language/dotnet/nugetcpm", ours: "nuget/project" });
scoreVectors({ suite: "scalibr", upstream: "language/dotnet/csproj", ours: "nuget/project" });
scoreVectors({ suite: "trivy", upstream: "nuget/lock", ours: "nuget/packages-lock" });
scoreVectors({ suite: "trivy", upstream: "nuget/config", ours: "nuget/packages-config" });
scoreVectors({ suite: "trivy", upstream: "nuget/packagesprops", ours: "nuget/project" });
scoreVectors({ suite: "trivy", upstream: "dotnet/core_deps", ours: "nuget/deps", told: toldWithOwn });
scoreEdges("nuget/lock", "nuget/packages-lock");
scoreEdges("dotnet/core_deps", "nuget/deps", ({ name, version }) => `${name}/${version ?? ""}`);
scoreVectors({ suite: "syft", upstream: "dotnet", ours: "nuget/deps" });
scoreVectors({ suite: "scalibr", upstream: "language/dotnet/paketlock", ours: "nuget/paket-lock" });

fuzzExtractor("nuget/packages-lock", "scalibr", "language/dotnet/packageslockjson");
// The fixture of its own is too large to be mutated often; the form is nearly the same.
fuzzExtractor("nuget/project-assets", "trivy", "dotnet/core_deps");
fuzzExtractor("nuget/deps", "trivy", "dotnet/core_deps");
fuzzExtractor("nuget/packages-config", "scalibr", "language/dotnet/packagesconfig");
fuzzExtractor("nuget/project", "trivy", "nuget/packagesprops");
fuzzExtractor("nuget/paket-lock", "scalibr", "language/dotnet/paketlock");
