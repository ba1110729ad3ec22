import { fuzzExtractor } from "../../support/fuzz.ts";
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
