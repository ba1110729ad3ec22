import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../../src/inventory/collect.ts";
import { extract, told, unknown } from "../../../support/extract.ts";
import { memorySource } from "../../../support/memory-source.ts";

test("pyproject.toml: extras, groups that include each other, and poetry's tables are needs with their scopes", async () => {
  const extraction = await extract("python/pyproject", {
    "pyproject.toml": `[project]
name = "My.App"
version = "1.0"
license = "Apache-2.0"
dependencies = [
    "requests[socks]>=2; python_version > '3'",
    "pinned==1.2.3",
]
[project.optional-dependencies]
web = ["flask"]
[dependency-groups]
dev = ["ruff", {include-group = "test"}]
test = ["pytest", {include-group = "dev"}]
[tool.pdm.dev-dependencies]
lint = ["mypy", "-e file:///x"]
`,
  });
  assert.equal(extraction.subject?.purl, "pkg:pypi/my-app@1.0");
  assert.deepEqual(told(extraction), [
    "flask optional",
    "mypy dev",
    "pinned@1.2.3 runtime",
    "pytest dev",
    "requests runtime",
    "ruff dev",
  ]);
  assert.equal(extraction.components.find(({ name }) => name === "pinned")?.occurrences[0]?.line, 7);
  assert.equal(extraction.completeness.method, "missing");
});

test("a pyproject.toml of settings only is no project; what setup.cfg and setup.py declare beside it is read", async () => {
  const settings = "[tool.black]\nline-length = 100\n";
  const alone = await extract("python/pyproject", { "pyproject.toml": settings });
  assert.equal(alone.subject, undefined);
  const setup = await extract(
    "python/pyproject",
    {
      "pyproject.toml": settings,
      "setup.cfg": "[metadata]\nname = old\n[options]\ninstall_requires =\n    six>=1 # why\n    attrs\n",
    },
    "pyproject.toml",
  );
  assert.deepEqual(told(setup), ["attrs runtime", "six runtime"]);
  assert.equal(setup.components[0]?.occurrences[0]?.path, "setup.cfg");
  assert.equal(setup.components[0]?.occurrences[0]?.line, 6);
});

test("setup.cfg: sections, continued values, extras", async () => {
  const extraction = await extract("python/setup-cfg", {
    "setup.cfg": `[metadata]
name = thing
version = attr: thing.__version__
license = MIT
[options]
setup_requires = wheel; cython
tests_require =
    pytest
install_requires =
    a>=1 ; python_version < "3.9"
    # a comment
    b==2
    not a requirement
[options.extras_require]
fast = c
`,
  });
  assert.deepEqual(told(extraction), [
    "a runtime",
    "b@2 runtime",
    "c optional",
    "cython build",
    "pytest test",
    "wheel build",
  ]);
  assert.equal(extraction.subject?.version, undefined);
  assert.match(unknown(extraction), /setup\.cfg:13: not a requirement is no requirement/);
});

test("setup.py: literals, names, sums and splits are read; what is computed is told and nothing is run", async () => {
  const extraction = await extract("python/setup-py", {
    "setup.py": `import os, setuptools
os.system("touch /nothing-is-run")
BASE = ["a==1.0", 'b' ">=2"]
MORE = BASE + ("c", )
BASE += ["late"]
EXTRAS = {"x": ["d"], "y": """
e==5.0
f
""".split(), **other()}
setuptools.setup(
    name="thing", version=read("VERSION"), license='MIT',
    install_requires=MORE + [f"g=={version}", "%s" % name, r"h~=1.0"],
    extras_require=EXTRAS,
    tests_require=open("r.txt").read().split(),
)
`,
  });
  assert.deepEqual(told(extraction), [
    "a@1.0 runtime",
    "b runtime",
    "c runtime",
    "d optional",
    "e@5.0 optional",
    "f optional",
    "h runtime",
    "late runtime",
  ]);
  assert.equal(extraction.components.find(({ name }) => name === "e")?.occurrences[0]?.line, 7);
  const what = unknown(extraction);
  assert.match(what, /setup\.py:12: a requirement is computed/);
  assert.match(what, /setup\.py:14: a requirement is computed/);
});

test("setup.py made to exhaust ends soon", async () => {
  const started = performance.now();
  const doubled = Array.from({ length: 40 }, (_, at) => `a${at + 1} = a${at} + a${at}`).join("\n");
  const nested = Array.from({ length: 40 }, (_, at) => `b${at + 1} = [b${at}, b${at}]`).join("\n");
  const texts = [
    `a0 = ["x"]\n${doubled}\nb0 = ["y"]\n${nested}\nsetup(install_requires=a40, extras_require={"b": b40})`,
    `setup(install_requires=${"[".repeat(50_000)}`,
    `setup(${"]".repeat(50_000)}`,
    `x = y\ny = x\nsetup(install_requires=x)`,
    `setup(install_requires=${'"""'.repeat(10_001)}`,
    `setup(install_requires=["a" ${"+ 'b'".repeat(50_000)}])`,
  ];
  for (const text of texts) {
    const extraction = await extract("python/setup-py", { "setup.py": text });
    assert.ok(extraction.components.length < 10);
  }
  assert.ok(performance.now() - started < 5000, `${performance.now() - started}`);
});

test("Pipfile: packages and development packages are declared", async () => {
  const extraction = await extract("python/pipfile", {
    Pipfile:
      '[packages]\na = "==1.0"\nb = {version = ">=2", extras = ["x"]}\n[dev-packages]\nc = "*"\n[requires]\npython_version = "3.9"\n',
  });
  assert.deepEqual(told(extraction), ["a@1.0 runtime", "b runtime", "c dev"]);
});

test("an sdist is called by its PKG-INFO, and what a build left in egg-info is the project above it", async () => {
  const info =
    "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\nRequires-Dist: six (>=1)\nRequires-Dist: x ; extra == 'y'\n\nText\nName: no\n";
  const sdist = await collect(memorySource({ "thing-1.0/PKG-INFO": info }, "archive"));
  assert.equal(sdist.root, "pkg:pypi/thing@1.0");
  assert.deepEqual(sbom(sdist.components), ["pkg:pypi/six", "pkg:pypi/x"]);
  const built = await collect(
    memorySource({
      "src/thing.egg-info/PKG-INFO": "Name: thing\nVersion: 1.0\n",
      "src/thing.egg-info/requires.txt": "six\n\n[y:python_version < '3']\nx\n",
    }),
  );
  assert.equal(built.root, "pkg:pypi/thing@1.0");
  assert.deepEqual(sbom(built.components), ["pkg:pypi/six", "pkg:pypi/x"]);
});

const sbom = (components: readonly { readonly ref: string }[]): readonly string[] => components.map(({ ref }) => ref);

test("conda: an environment declares its packages and pip's; records are installed packages with their needs", async () => {
  const declared = await extract("conda/environment", {
    "environment.yml":
      "name: lab\ndependencies:\n  - conda-forge::numpy=1.26.0=py311_0\n  - scipy>=1.10\n  - pip:\n    - requests==2.31.0\n    - -e .\n",
  });
  assert.equal(declared.subject?.name, "lab");
  assert.deepEqual(told(declared), ["numpy@1.26.0 runtime", "scipy runtime", "requests@2.31.0 runtime"]);
  const record = (name: string, depends: readonly string[]): string =>
    JSON.stringify({
      name,
      version: "1.0",
      build: "h0",
      channel: "https://conda.example/main/linux-64",
      subdir: "linux-64",
      fn: `${name}-1.0-h0.conda`,
      sha256: "ab".repeat(32),
      license: "MIT",
      depends,
    });
  const { components, dependencies, completeness, unknowns } = await extract("conda/meta", {
    "env/conda-meta/a-1.0-h0.json": record("a", ["b >=1,<2", "__glibc >=2.17"]),
    "env/conda-meta/b-1.0-h0.json": record("b", ["gone"]),
    "env/conda-meta/c.json": "{",
  });
  assert.deepEqual(
    components.map(({ ref, digests }) => [ref, digests.sha256?.length]),
    [
      ["pkg:conda/a@1.0?build=h0&channel=main&subdir=linux-64&type=conda", 64],
      ["pkg:conda/b@1.0?build=h0&channel=main&subdir=linux-64&type=conda", 64],
    ],
  );
  assert.equal(dependencies.length, 1);
  assert.equal(completeness.components, "incomplete");
  assert.deepEqual(
    unknowns.map(({ what }) => what.replace(/:.*/, "")),
    ["not valid JSON", "b needs gone, which is not installed"],
  );
});

test("groups that include each other in thousands are read up to a bound, and that is told", async () => {
  const started = performance.now();
  const groups = Array.from({ length: 20_000 }, (_, at) => `g${at} = [{include-group="g${at + 1}"}, "a"]`).join("\n");
  const extraction = await extract("python/pyproject", { "pyproject.toml": `[dependency-groups]\n${groups}\n` });
  assert.deepEqual(told(extraction), ["a dev"]);
  assert.match(unknown(extraction), /is not read from here on/);
  const lines = await extract("python/setup-cfg", {
    "setup.cfg": `[options]\ninstall_requires = ${"a;".repeat(100_000)}\n`,
  });
  assert.match(unknown(lines), /is not read from here on/);
  assert.ok(performance.now() - started < 10_000);
});
