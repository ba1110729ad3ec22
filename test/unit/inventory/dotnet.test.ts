import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";

const edges = (sbom: Sbom): readonly string[] =>
  sbom.dependencies.map(({ from, to, scope }) => `${from} ${to} ${scope}`.replaceAll("pkg:nuget/", ""));
const lines = (sbom: Sbom): readonly string[] =>
  sbom.components.map(({ name, version, occurrences }) => `${name}@${version ?? ""}:${occurrences[0]?.line ?? "-"}`);

test("packages.lock.json: each framework has its own versions, a runtime adds to its framework's", async () => {
  const text = JSON.stringify(
    {
      version: 2,
      dependencies: {
        "net6.0": {
          Top: { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", dependencies: { inner: "1.0.0" } },
          Inner: { type: "Transitive", resolved: "1.0.0" },
          data: { type: "Project", dependencies: { Inner: "[1.0.0, )" } },
        },
        "net6.0/linux-x64": { Native: { type: "Transitive", resolved: "3.0.0", dependencies: { Inner: "1.0.0" } } },
        net472: {
          Top: { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", dependencies: { Inner: "2.0.0" } },
          Inner: { type: "CentralTransitive", resolved: "2.0.0" },
        },
      },
    },
    null,
    2,
  );
  const sbom = await collect(memorySource({ "app/packages.lock.json": text }));
  assert.deepEqual(edges(sbom), [
    "app data runtime",
    "app Top@1.0.0 runtime",
    "data Inner@1.0.0 runtime",
    "memory app runtime",
    "Native@3.0.0 Inner@1.0.0 runtime",
    "Top@1.0.0 Inner@1.0.0 runtime",
    "Top@1.0.0 Inner@2.0.0 runtime",
  ]);
  assert.deepEqual(
    sbom.components.filter(({ own }) => own).map(({ name }) => name),
    ["app", "data"],
  );
  assert.ok(lines(sbom).includes("Inner@2.0.0:42"), lines(sbom).join());
});

test("project.assets.json: what only the build needs is dev, with all that it needs", async () => {
  const library = (type: string): object => ({ type, path: "x" });
  const sbom = await collect(
    memorySource({
      "web/obj/project.assets.json": JSON.stringify({
        version: 3,
        targets: {
          "net8.0": {
            "Analyser/1.0.0": { type: "package", dependencies: { Rules: "1.0.0" } },
            "Rules/1.0.0": { type: "package" },
            "Run/2.0.0": { type: "package" },
            "Data/1.0.0": { type: "project", dependencies: { Run: "2.0.0" } },
          },
        },
        libraries: {
          "Analyser/1.0.0": library("package"),
          "Rules/1.0.0": library("package"),
          "Run/2.0.0": library("package"),
          "Data/1.0.0": library("project"),
        },
        projectFileDependencyGroups: { "net8.0": ["Analyser >= 1.0.0", "Data >= 1.0.0"] },
        project: {
          restore: { projectName: "Web" },
          frameworks: { "net8.0": { dependencies: { Analyser: { suppressParent: "All" } } } },
        },
      }),
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ name, scope, direct }) => `${name} ${scope} ${direct}`),
    ["Data runtime true", "Web runtime true", "Analyser dev true", "Rules dev false", "Run runtime false"],
  );
});

test("project files take versions from central management and properties; what is no version is told", async () => {
  const sbom = await collect(
    memorySource({
      "Directory.Packages.props": `<Project><PropertyGroup><TextVersion>8.0.1</TextVersion></PropertyGroup>
        <ItemGroup><PackageVersion Include="central.text" Version="$(TextVersion)" /></ItemGroup></Project>`,
      "src/Web/Web.csproj": `<Project Sdk="Microsoft.NET.Sdk">
  <ItemGroup>
    <PackageReference Include="Central.Text" />
    <PackageReference Include="Plain"><Version>1.2.0</Version></PackageReference>
    <PackageReference Include="Float" Version="2.*" />
    <PackageReference Include="Lint" Version="[3.0.0]" PrivateAssets="all" />
    <ProjectReference Include="..\\Data\\Data.csproj" />
  </ItemGroup>
</Project>`,
      "src/Data/Data.csproj": `<Project><ItemGroup><PackageReference Include="Plain" Version="1.2.0" /></ItemGroup></Project>`,
    }),
  );
  assert.deepEqual(edges(sbom), [
    "Data Plain@1.2.0 runtime",
    "Web Data runtime",
    "Web Central.Text@8.0.1 runtime",
    "Web Float runtime",
    "Web Lint@3.0.0 dev",
    "Web Plain@1.2.0 runtime",
    "memory Data runtime",
    "memory Web runtime",
  ]);
  assert.deepEqual(
    lines(sbom).filter((line) => line.startsWith("Float") || line.startsWith("Lint")),
    ["Float@:5", "Lint@3.0.0:6"],
  );
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /not a version: Float 2\.\*/u);
});

test("paket.lock: groups have their own versions; asked for is what paket.dependencies names", async () => {
  const sbom = await collect(
    memorySource({
      "paket.dependencies": "source https://packages.example/index.json\nnuget Top ~> 1\ngroup Build\n  nuget Make\n",
      "paket.lock": `RESTRICTION: == net6.0
NUGET
  remote: https://packages.example/index.json
    Core (6.0)
    Top (1.0.1)
      core (>= 5.0)
GITHUB
  remote: some/repository
    file.fs (0123456789)

GROUP Build
NUGET
  remote: https://packages.example/index.json
    Core (4.0)
    Make (5.0) - restriction: >= net6.0
      Core (>= 4.0)
`,
    }),
  );
  assert.deepEqual(edges(sbom), [
    "memory Make@5.0 runtime",
    "memory Top@1.0.1 runtime",
    "Make@5.0 Core@4.0 runtime",
    "Top@1.0.1 Core@6.0 runtime",
  ]);
  assert.deepEqual(lines(sbom), ["Core@4.0:14", "Core@6.0:4", "Make@5.0:15", "Top@1.0.1:5"]);
});

test("deps.json beside a program: the program is the project's own, its libraries are what is installed", async () => {
  const sbom = await collect(
    memorySource({
      "app/Web.deps.json": JSON.stringify({
        runtimeTarget: { name: "t" },
        targets: {
          t: { "Web/1.0.0": { dependencies: { Lib: "2.0.0" } }, "Lib/2.0.0": {}, "runtimepack.Core/8.0.0": {} },
        },
        libraries: {
          "Web/1.0.0": { type: "project" },
          "Lib/2.0.0": { type: "package" },
          "runtimepack.Core/8.0.0": { type: "runtimepack" },
          "Local/1.0.0.0": { type: "reference" },
        },
      }),
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, kind }) => `${ref} ${kind ?? "library"}`),
    [
      "Local@1.0.0.0 library",
      "pkg:nuget/Core@8.0.0 library",
      "pkg:nuget/Lib@2.0.0 library",
      "pkg:nuget/Web@1.0.0 application",
    ],
  );
  assert.ok(edges(sbom).includes("Web@1.0.0 Lib@2.0.0 runtime"));
});

test("paket.dependencies without its lockfile: exact versions, ranges without, repositories", async () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const sbom = await collect(
    memorySource({
      "paket.dependencies": `source https://packages.example/index.json
nuget Exact = 1.2.3 framework: net8.0 // why
nuget Range >= 1.0 < 2.0
nuget Plain 4.0.0 # pinned
nuget Between 1.0 <= 2.0
github acme/tools:${commit} src/File.fs
`,
    }),
  );
  assert.deepEqual(lines(sbom), ["acme/tools@:6", "Between@:5", "Exact@1.2.3:2", "Plain@4.0.0:4", "Range@:3"]);
  assert.ok(sbom.components.some(({ ref }) => ref === `pkg:github/acme/tools@${commit}`));
});
