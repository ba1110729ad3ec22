import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../../src/inventory/collect.ts";
import { edges, extract, told, unknown } from "../../../support/extract.ts";
import { memorySource } from "../../../support/memory-source.ts";

const read = (files: Readonly<Record<string, string | Uint8Array>>, path?: string) =>
  extract("python/requirements", files, path);

test("an exact pin is a version, a range is declared and has none, a constraint may fix it", async () => {
  const extraction = await read({
    "requirements.txt": "a==1.0\nb>=2 ; python_version > '3'\nc\n-c constraints.txt\nd===weird\ne==1.*\n",
    "constraints.txt": "c==3.0\nunused==9\n",
  });
  assert.deepEqual(told(extraction), ["a@1.0 runtime", "b runtime", "c@3.0 runtime", "d@weird runtime", "e runtime"]);
  assert.match(unknown(extraction), /requirements\.txt:2: b is asked for without an exact version/);
  assert.equal(extraction.completeness.method, "declared");
  assert.equal(extraction.completeness.dependencies, "unknown");
});

test("included files are read inside of the source only, circles end, and each component has its own file and line", async () => {
  const extraction = await read(
    {
      "app/requirements.txt":
        "-r base/requirements.txt\n--requirement=../../etc/passwd\n-r https://host.example/r.txt\na==1\n",
      "app/base/requirements.txt": "# base\n-r ../requirements.txt\nb==2\n-r missing.txt\n-r /etc/passwd\n",
    },
    "app/requirements.txt",
  );
  assert.deepEqual(
    extraction.components.map(({ name, occurrences }) => [
      name,
      occurrences.map(({ path, line }) => `${path}:${line}`),
    ]),
    [
      ["a", ["app/requirements.txt:4"]],
      ["b", ["app/base/requirements.txt:3"]],
    ],
  );
  const what = unknown(extraction);
  assert.match(what, /requirements\.txt:2: \.\.\/\.\.\/etc\/passwd is included and leads out of the source/);
  assert.match(what, /requirements\.txt:3: .* lies on a server/);
  assert.match(what, /base\/requirements\.txt:4: missing\.txt is included and is not in the source/);
  assert.match(what, /base\/requirements\.txt:5: \/etc\/passwd is included and leads out/);
});

test("continued lines, comments, hashes and options are taken apart as pip does", async () => {
  const hash = "a".repeat(64);
  const extraction = await read({
    "requirements.txt": [
      "--index-url https://user:secret@index.example/simple",
      "a==1.0 \\",
      `    --hash=sha256:${hash}  # why`,
      "b == \\",
      "2.0#not-a-comment",
      "# c==3 \\",
      "d[x, y] == 4.0 ; extra == 'z'  # via",
      "-e .",
    ].join("\r\n"),
  });
  assert.deepEqual(told(extraction), ["a@1.0 runtime", "d@4.0 optional"]);
  assert.equal(extraction.components[0]?.digests.sha256, hash);
  assert.equal(extraction.components[0]?.occurrences[0]?.line, 2);
  assert.match(unknown(extraction), /requirements\.txt:4: b == 2\.0#not-a-comment is no requirement/);
});

test("repositories, URLs and paths have their origin; accounts in addresses are not told", async () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const { components, unknowns } = await read({
    "requirements.txt": [
      `git+https://token:x@git.example/org/tool.git@${commit}#egg=tool[extra]&subdirectory=sub`,
      "named @ https://user:secret@host.example/files/named-1.0.zip ; python_version > '3'",
      "https://host.example/w/wheel_name-2.1-py3-none-any.whl",
      "./vendored/local_pkg-0.3.tar.gz",
      "-e ./plugins/mine",
      "https://secret:y@host.example/what",
    ].join("\n"),
  });
  assert.deepEqual(
    components.map(({ ref, own, digests }) => [decodeURIComponent(ref), own, digests.gitCommit]),
    [
      ["pkg:pypi/local-pkg@0.3?download_url=file:./vendored/local_pkg-0.3.tar.gz", false, undefined],
      ["pkg:pypi/mine", true, undefined],
      ["pkg:pypi/named@1.0?download_url=https://host.example/files/named-1.0.zip", false, undefined],
      [`pkg:pypi/tool?vcs_url=git+https://git.example/org/tool.git@${commit}`, false, commit],
      ["pkg:pypi/wheel-name@2.1?download_url=https://host.example/w/wheel_name-2.1-py3-none-any.whl", false, undefined],
    ],
  );
  assert.doesNotMatch(JSON.stringify([components, unknowns]), /secret|token/);
});

test("comments of pip-compile and uv are edges", async () => {
  const extraction = await read({
    "requirements.txt": [
      "blinker==1.9.0",
      "    # via flask",
      "click==8.1.0  # via flask, black",
      "flask==3.0.0",
      "    # via",
      "    #   -r requirements.in",
      "    #   black",
      "black==24.0",
      "    # via -r requirements.in",
    ].join("\n"),
  });
  assert.deepEqual(edges(extraction), [
    "memory → black@24.0 runtime",
    "memory → flask@3.0.0 runtime",
    "black@24.0 → click@8.1.0 runtime",
    "black@24.0 → flask@3.0.0 runtime",
    "flask@3.0.0 → blinker@1.9.0 runtime",
    "flask@3.0.0 → click@8.1.0 runtime",
  ]);
  assert.deepEqual(
    extraction.components.filter(({ direct }) => direct).map(({ name }) => name),
    ["black", "flask"],
  );
  assert.equal(extraction.completeness.dependencies, "complete");
});

test("the encoding is the mark's, the comment's, or UTF-8", async () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("a==1.0\n", "utf16le")]);
  const latin = Buffer.concat([
    Buffer.from("# -*- coding: latin-1 -*-\n# caf"),
    Buffer.from([0xe9]),
    Buffer.from("\na==1.0\n"),
  ]);
  for (const bytes of [utf16, latin, Buffer.from("\ufeffa==1.0\n"), Buffer.from("a==1.0\r")]) {
    assert.deepEqual(told(await read({ "requirements.txt": bytes })), ["a@1.0 runtime"]);
  }
  await assert.rejects(read({ "requirements.txt": Buffer.from([0x61, 0xff, 0xfe]) }), { name: "Fault" });
});

test("files are found by their names, and the name tells the scope; constraints alone are nothing", async () => {
  const sbom = await collect(
    memorySource({
      "requirements.txt": "run==1\n",
      "requirements-dev.txt": "-r requirements.txt\ndev==1\n",
      "requirements/test.txt": "tests==1\n",
      "requirements/constraints.txt": "never==1\n",
      "notes.txt": "never==1\n",
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ name, scope, own }) => [name, scope, own]),
    [
      ["dev", "dev", false],
      ["run", "runtime", false],
      ["tests", "test", false],
    ],
  );
});

test("a hostile file costs bounded time and is told", async () => {
  const started = performance.now();
  const many = await read({ "requirements.txt": "a==1\n".repeat(120_000) });
  assert.match(unknown(many), /is not read from here on/);
  const long = await read({
    "requirements.txt": `${"a".repeat(5_000_000)}==1\n${"-r x\n".repeat(1000)}${"\\\n".repeat(50_000)}`,
  });
  assert.equal(long.components.length, 0);
  const text = await read({ "requirements.txt": "evil\u202e==1\nbad\u0000name==1\n__proto__==1\nconstructor==2\n" });
  assert.deepEqual(told(text), ["constructor@2 runtime"]);
  assert.doesNotMatch(unknown(text), /\u202e|\u0000/);
  assert.ok(performance.now() - started < 10_000);
});
