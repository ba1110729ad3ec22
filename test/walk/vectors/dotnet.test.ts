import { assembly } from "../../support/assembly.ts";
import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { dotnet } from "../../support/scorings/dotnet.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(dotnet);

fuzzExtractor("nuget/packages-lock", "scalibr", "language/dotnet/packageslockjson");
// The fixture of its own is too large to be mutated often; the form is nearly the same.
fuzzExtractor("nuget/project-assets", "trivy", "dotnet/core_deps");
fuzzExtractor("nuget/deps", "trivy", "dotnet/core_deps");
fuzzExtractor("nuget/packages-config", "scalibr", "language/dotnet/packagesconfig");
fuzzExtractor("nuget/project", "trivy", "nuget/packagesprops");
fuzzExtractor("nuget/paket-dependencies", "scalibr", "language/dotnet/paketdependencies");
fuzzFiles("nuget/assembly", [
  { "a.dll": assembly("Acme.Lib", [4, 0, 0, 0], "4.2.1") },
  { "b.exe": assembly("App", [1, 2, 3, 4]) },
]);
fuzzExtractor("nuget/paket-lock", "scalibr", "language/dotnet/paketlock");
