import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../../src/inventory/collect.ts";
import { edges, extract, told, unknown } from "../../../support/extract.ts";
import { memorySource } from "../../../support/memory-source.ts";

const SHA = "ab".repeat(32);

const UV = `version = 1
[manifest]
members = ["app", "lib"]
[[package]]
name = "app"
version = "1.0"
source = { editable = "." }
dependencies = [
    { name = "lib" },
    { name = "torch", version = "2.0", source = { registry = "https://cpu.example/simple" }, marker = "sys_platform == 'linux'" },
    { name = "torch", version = "2.0", source = { registry = "https://pypi.example/simple" }, marker = "sys_platform != 'linux'" },
]
[package.optional-dependencies]
extra = [{ name = "web", extra = ["fast"] }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
test = [{ name = "hypothesis" }]

[[package]]
name = "hypothesis"
version = "6.0"
source = { registry = "https://pypi.example/simple" }
[[package]]
name = "lib"
version = "0.1"
source = { editable = "packages/lib" }
dependencies = [{ name = "web" }, { name = "app" }]
[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://pypi.example/simple" }
[[package]]
name = "speed"
version = "3.0"
source = { registry = "https://pypi.example/simple" }
sdist = { url = "https://files.pypi.example/speed.tar.gz", hash = "sha256:${SHA}" }
[[package]]
name = "torch"
version = "2.0"
source = { registry = "https://cpu.example/simple" }
sdist = { url = "https://cpu.example/torch.tar.gz", hash = "sha256:${"cd".repeat(32)}" }
[[package]]
name = "torch"
version = "2.0"
source = { registry = "https://pypi.example/simple" }
sdist = { url = "https://files.pypi.example/torch.tar.gz", hash = "sha256:${SHA}" }
[[package]]
name = "web"
version = "2.0"
source = { registry = "https://pypi.example/simple" }
[package.optional-dependencies]
fast = [{ name = "speed" }]
slow = [{ name = "pytest" }]
`;

test("uv: members are the project's own, needs lead by name, version and source, extras where they are asked for", async () => {
  const extraction = await extract("python/uv-lock", { "uv.lock": UV });
  assert.equal(extraction.subject?.purl, "pkg:pypi/app@1.0");
  assert.deepEqual(told(extraction), [
    "hypothesis@6.0 test",
    "lib@0.1 runtime",
    "pytest@8.0 dev",
    "speed@3.0 optional",
    "torch@2.0 runtime",
    "torch@2.0#2 runtime",
    "web@2.0 runtime",
  ]);
  assert.deepEqual(edges(extraction), [
    "app@1.0 → hypothesis@6.0 test",
    "app@1.0 → lib@0.1 runtime",
    "app@1.0 → pytest@8.0 dev",
    "app@1.0 → torch@2.0 runtime",
    "app@1.0 → torch@2.0#2 runtime",
    "app@1.0 → web@2.0 optional",
    "lib@0.1 → web@2.0 runtime",
    "web@2.0 → speed@3.0 runtime",
  ]);
  const lib = extraction.components.find(({ name }) => name === "lib");
  assert.equal(lib?.own, true);
  assert.deepEqual(lib?.occurrences, [{ path: "uv.lock", line: 24, position: "packages/lib", technique: "lockfile" }]);
  assert.equal(extraction.completeness.dependencies, "complete");
});

test("uv: a member's manifest is covered by the lockfile, another one is told", async () => {
  const sbom = await collect(
    memorySource({
      "uv.lock": UV,
      "packages/lib/pyproject.toml": '[project]\nname = "lib"\ndependencies = ["web"]\n',
      "other/pyproject.toml": '[project]\nname = "other"\ndependencies = ["web"]\n',
    }),
  );
  assert.deepEqual(
    sbom.unknowns.map(({ where }) => where),
    ["other/pyproject.toml"],
  );
});

const POETRY = `[[package]]
name = "Web.Kit"
version = "1.5"
optional = false
groups = ["main"]
[package.dependencies]
many = [
    {version = ">=1.0,<2.0", markers = "python_version < '3.9'"},
    {version = "^2.0", markers = "python_version >= '3.9'"},
]
socks = {version = "*", optional = true}
unused = {version = "*", optional = true}
[package.extras]
proxy = ["socks (>=1)"]
other = ["unused"]
[[package]]
name = "many"
version = "1.2"
optional = false
groups = ["main"]
[[package]]
name = "many"
version = "2.4"
optional = false
groups = ["main"]
[[package]]
name = "socks"
version = "1.7"
optional = false
groups = ["main"]
[[package]]
name = "tool"
version = "0.1"
optional = false
groups = ["dev"]
[package.source]
type = "git"
url = "https://user:secret@git.example/tool.git"
reference = "main"
resolved_reference = "0123456789abcdef0123456789abcdef01234567"
[metadata]
lock-version = "2.1"
`;

const POETRY_PROJECT = `[tool.poetry]
name = "My_App"
version = "3.0"
license = "MIT"
[tool.poetry.dependencies]
python = "^3.8"
web-kit = {version = "^1.0", extras = ["proxy"]}
[tool.poetry.group.dev.dependencies]
tool = {git = "https://git.example/tool.git"}
gone = "^1"
`;

test("poetry: needs lead to the versions that they allow, extras count where asked for, the manifest tells the root's", async () => {
  const files = { "poetry.lock": POETRY, "pyproject.toml": POETRY_PROJECT };
  const extraction = await extract("python/poetry-lock", files);
  assert.equal(extraction.subject?.purl, "pkg:pypi/my-app@3.0");
  assert.equal(extraction.licences?.[0]?.expression, "MIT");
  assert.deepEqual(
    edges(extraction).map((edge) => edge.replace(/\?vcs_url\S+/, "")),
    [
      "my-app@3.0 → tool@0.1 dev",
      "my-app@3.0 → web-kit@1.5 runtime",
      "web-kit@1.5 → many@1.2 runtime",
      "web-kit@1.5 → many@2.4 runtime",
      "web-kit@1.5 → socks@1.7 runtime",
    ],
  );
  const tool = extraction.components.find(({ name }) => name === "tool");
  assert.equal(tool?.digests.gitCommit, "0123456789abcdef0123456789abcdef01234567");
  assert.equal(tool?.scope, "dev");
  assert.match(unknown(extraction), /the project needs gone, which the lockfile does not have/);
  assert.doesNotMatch(JSON.stringify(extraction), /secret/);
});

test("poetry without a manifest: what the project needs is not known, and that is told", async () => {
  const extraction = await extract("python/poetry-lock", { "poetry.lock": POETRY });
  assert.ok(extraction.components.every(({ direct }) => !direct));
  assert.equal(extraction.completeness.dependencies, "incomplete");
  assert.match(unknown(extraction), /does not tell what the project itself needs/);
});

test("pdm: a package that is written again for an extra is one package", async () => {
  const extraction = await extract("python/pdm-lock", {
    "pdm.lock": `[[package]]
name = "requests"
version = "2.31"
groups = ["default"]
dependencies = ["idna<4,>=2.5"]
[[package]]
name = "requests"
version = "2.31"
extras = ["socks"]
groups = ["default"]
dependencies = ["PySocks!=1.5.7,>=1.5.6", "requests==2.31"]
[[package]]
name = "idna"
version = "3.4"
groups = ["default"]
[[package]]
name = "pysocks"
version = "1.7"
groups = ["default"]
`,
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["requests[socks]>=2"]\n',
  });
  assert.deepEqual(edges(extraction), [
    "app@1 → requests@2.31 runtime",
    "requests@2.31 → idna@3.4 runtime",
    "requests@2.31 → pysocks@1.7 runtime",
  ]);
});

test("pylock: markers tell extras and groups, a dependency is what all its members identify", async () => {
  const extraction = await extract("python/pylock", {
    "pylock.toml": `lock-version = "1.0"
created-by = "x"
[[packages]]
name = "a"
version = "1"
dependencies = [{name = "b", version = "2"}]
[[packages]]
name = "b"
version = "1"
marker = "'fast' in extras"
[[packages]]
name = "b"
version = "2"
marker = "'dev' in dependency_groups or 'test' in dependency_groups"
`,
  });
  assert.deepEqual(told(extraction), ["a@1 runtime", "b@1 optional", "b@2 dev"]);
  assert.deepEqual(edges(extraction), ["a@1 → b@2 runtime"]);
});

test("Pipfile.lock: categories are scopes, the Pipfile tells what is direct, edges are not known", async () => {
  const extraction = await extract("python/pipfile-lock", {
    "Pipfile.lock": JSON.stringify({
      _meta: {},
      default: { a: { version: "==1.0", hashes: [`sha256:${SHA}`] }, b: { version: "==2.0" } },
      develop: { c: { git: "https://git.example/c.git", ref: "f".repeat(40) }, d: { version: ">=1" } },
    }),
    Pipfile: '[packages]\na = "*"\n[dev-packages]\nc = {git = "https://git.example/c.git"}\n',
  });
  assert.deepEqual(
    extraction.components.map(({ name, version, scope, direct }) => [name, version, scope, direct]),
    [
      ["a", "1.0", "runtime", true],
      ["b", "2.0", "runtime", false],
      ["c", undefined, "dev", true],
      ["d", undefined, "dev", false],
    ],
  );
  assert.equal(extraction.components[0]?.digests.sha256, SHA);
  assert.equal(extraction.completeness.dependencies, "unknown");
  assert.match(unknown(extraction), /d has no exact version/);
});

test("the strongest file of a folder counts, other lockfiles beside it are told", async () => {
  const sbom = await collect(
    memorySource({ "uv.lock": UV, "poetry.lock": POETRY, "requirements.txt": "never==1\n", "setup.py": "setup()" }),
  );
  assert.equal(sbom.subject.name, "app");
  assert.ok(!sbom.components.some(({ name }) => name === "never"));
  assert.deepEqual(
    sbom.unknowns.map(({ where, what }) => `${where} ${what}`),
    [
      "poetry.lock is not read: another lockfile beside it wins",
      "requirements.txt is not read: another lockfile beside it wins",
    ],
  );
});

const FORM = { name: "Fault" };

test("what is no lockfile is refused with file and line", async () => {
  await assert.rejects(
    extract("python/uv-lock", { "a/uv.lock": 'version = 1\n[[package]\nname = "x"\n' }),
    (fault: unknown) => {
      const { facts } = fault as { facts: { code: string; where: string } };
      assert.equal(facts.code, "WB-LOCKFILE-SYNTAX");
      assert.match(facts.where, /^a\/uv\.lock:2$/);
      return true;
    },
  );
  await assert.rejects(extract("python/poetry-lock", { "poetry.lock": "package = 1\n" }), FORM);
  await assert.rejects(extract("python/poetry-lock", { "poetry.lock": "[[package]]\nname = 1\n" }), FORM);
  await assert.rejects(extract("python/poetry-lock", { "poetry.lock": Buffer.from([0xff, 0xfe, 0x00]) }), FORM);
  await assert.rejects(extract("python/pipfile-lock", { "Pipfile.lock": '{"default": {"a": 1}}' }), FORM);
  await assert.rejects(extract("python/pylock", { "pylock.toml": `a = ${"[".repeat(100_000)}` }), FORM);
});

test("hostile lockfiles cost bounded time", async () => {
  const started = performance.now();
  const packages = Array.from({ length: 4000 }, (_, at) => `[[package]]\nname = "a"\nversion = "${at}"\n`).join("");
  const needs = Array.from({ length: 4000 }, () => '{ name = "a" }').join(", ");
  await extract("python/uv-lock", {
    "uv.lock": `version = 1\n[manifest]\n${packages}[[package]]\nname = "x"\nsource = { virtual = "." }\ndependencies = [${needs}]\n`,
  });
  const circle = Array.from(
    { length: 5000 },
    (_, at) => `[[package]]\nname = "p${at}"\nversion = "1"\n[package.dependencies]\np${(at + 1) % 5000} = "*"\n`,
  );
  const { dependencies } = await extract("python/poetry-lock", { "poetry.lock": circle.join("") });
  assert.equal(dependencies.length, 5000);
  const own =
    '[[package]]\nname = "constructor"\nversion = "1"\n[package.dependencies]\nconstructor = "*"\ntoString = "*"\n';
  const named = await extract("python/poetry-lock", { "poetry.lock": own });
  assert.deepEqual(told(named), ["constructor@1 runtime"]);
  assert.match(unknown(named), /constructor 1 needs tostring/);
  await assert.rejects(extract("python/poetry-lock", { "poetry.lock": `${own}"__proto__" = "*"\n` }), FORM);
  assert.ok(performance.now() - started < 10_000);
});

test("what a lockfile leaves out on purpose is no gap: markers that never hold, groups that are not locked, the project itself", async () => {
  const extraction = await extract("python/pdm-lock", {
    "pdm.lock": `[metadata]
groups = ["default", "test"]
[[package]]
name = "plugin"
version = "1"
groups = ["test"]
dependencies = ["app", "importlib-resources; python_version < '3.9'", "gone"]
`,
    "pyproject.toml":
      '[project]\nname = "app"\nversion = "1"\n[project.optional-dependencies]\nall = ["app[web]"]\n[dependency-groups]\ntest = ["plugin"]\ndocs = ["sphinx"]\n',
  });
  assert.equal(unknown(extraction), "pdm.lock: plugin 1 needs gone, which the lockfile does not have");
  assert.deepEqual(edges(extraction), ["app@1 → plugin@1 test"]);
});
