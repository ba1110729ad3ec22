import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FAILSAFE_SCHEMA, loadAll } from "js-yaml";
import { collect } from "../../../src/inventory/collect.ts";
import { readPlainYaml, type Yaml, YamlMap } from "../../../src/inventory/pnpm/plain-yaml.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";
import { shared } from "../../support/shared.ts";

const edges = (sbom: Sbom): readonly string[] =>
  sbom.dependencies.map(({ from, to, scope }) => `${from} ${to} ${scope}`.replaceAll("pkg:npm/", ""));
const component = (sbom: Sbom, ref: string) => sbom.components.find((one) => one.ref === `pkg:npm/${ref}`);
const sha512 = (letter: string): string => `sha512-${Buffer.alloc(64, letter).toString("base64")}`;

const NINE = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

catalogs:
  default:
    react:
      specifier: ^18.0.0
      version: 18.3.1

importers:

  .:
    dependencies:
      react:
        specifier: 'catalog:'
        version: 18.3.1
      renamed:
        specifier: npm:left@^1.0.0
        version: left@1.0.0
    devDependencies:
      archive:
        specifier: https://files.example/archive.tgz
        version: https://files.example/archive.tgz

  packages/a:
    dependencies:
      b:
        specifier: workspace:*
        version: link:../b
      plugin:
        specifier: ^1.0.0
        version: 1.0.0(react@17.0.2)
      react:
        specifier: ^17.0.0
        version: 17.0.2
    optionalDependencies:
      native:
        specifier: ^1.0.0
        version: 1.0.0

  packages/b:
    dependencies:
      plugin:
        specifier: ^1.0.0
        version: 1.0.0(react@18.3.1)(typescript@5.0.0)
    devDependencies:
      typescript:
        specifier: ^5.0.0
        version: 5.0.0

packages:

  archive@https://files.example/archive.tgz:
    resolution: {tarball: https://files.example/archive.tgz}
    version: 3.0.0

  left@1.0.0:
    resolution: {integrity: ${sha512("l")}}
    deprecated: |-
      not any more:
        use right

  native@1.0.0:
    resolution: {integrity: ${sha512("n")}}
    os: [darwin]

  plugin@1.0.0:
    resolution: {integrity: ${sha512("p")}}
    peerDependencies:
      react: '*'
    peerDependenciesMeta:
      typescript:
        optional: true

  react@17.0.2:
    resolution: {integrity: ${sha512("r")}}

  react@18.3.1:
    resolution: {integrity: ${sha512("s")}}

  typescript@5.0.0:
    resolution: {integrity: ${sha512("t")}}

snapshots:

  archive@https://files.example/archive.tgz: {}

  left@1.0.0: {}

  native@1.0.0:
    optional: true

  plugin@1.0.0(react@17.0.2):
    dependencies:
      left: 1.0.0
      react: 17.0.2

  plugin@1.0.0(react@18.3.1)(typescript@5.0.0):
    dependencies:
      left: 1.0.0
      react: 18.3.1
    optionalDependencies:
      typescript: 5.0.0
    transitivePeerDependencies:
      - supports-color

  react@17.0.2: {}

  react@18.3.1: {}

  typescript@5.0.0: {}
`;

test("version 9: each importer has its own edges, instances of one version are one component, peers are told from other needs", async () => {
  const sbom = await collect(
    memorySource({
      "pnpm-lock.yaml": NINE,
      "package.json": JSON.stringify({
        name: "whole",
        version: "1.0.0",
        dependencies: { react: "catalog:", renamed: "npm:left@^1.0.0" },
        devDependencies: { archive: "https://files.example/archive.tgz" },
      }),
      "packages/a/package.json": '{"name":"a","version":"1.0.0"}',
      "packages/b/package.json": '{"name":"b","version":"1.0.0"}',
    }),
  );
  const archive = "archive@3.0.0?download_url=https:%2F%2Ffiles.example%2Farchive.tgz";
  assert.deepEqual(edges(sbom), [
    "a@1.0.0 b@1.0.0 runtime",
    "a@1.0.0 native@1.0.0 optional",
    "a@1.0.0 plugin@1.0.0 runtime",
    "a@1.0.0 react@17.0.2 runtime",
    "b@1.0.0 plugin@1.0.0 runtime",
    "b@1.0.0 typescript@5.0.0 dev",
    "plugin@1.0.0 left@1.0.0 runtime",
    "plugin@1.0.0 react@17.0.2 peer",
    "plugin@1.0.0 react@18.3.1 peer",
    "plugin@1.0.0 typescript@5.0.0 peer",
    "whole@1.0.0 a@1.0.0 runtime",
    `whole@1.0.0 ${archive} dev`,
    "whole@1.0.0 b@1.0.0 runtime",
    "whole@1.0.0 left@1.0.0 runtime",
    "whole@1.0.0 react@18.3.1 runtime",
  ]);
  const plugin = component(sbom, "plugin@1.0.0");
  assert.deepEqual(plugin?.digests, { sha512: Buffer.alloc(64, "p").toString("hex") });
  const lines = NINE.split("\n");
  assert.deepEqual(
    plugin?.occurrences.map(({ line = 0 }) => lines[line - 1]),
    ["  plugin@1.0.0(react@17.0.2):", "  plugin@1.0.0(react@18.3.1)(typescript@5.0.0):"],
  );
  assert.equal(component(sbom, "native@1.0.0")?.scope, "optional");
  assert.deepEqual(
    sbom.components.filter(({ own }) => own).map(({ name, occurrences }) => [name, occurrences[0]?.position]),
    [
      ["a", "packages/a"],
      ["b", "packages/b"],
    ],
  );
  assert.deepEqual(sbom.unknowns, []);
});

test("versions 5 and 6: keys with slashes, peers behind an underscore, names that hold one, repositories and folders", async () => {
  const five = `lockfileVersion: 5.4

specifiers:
  '@types/babel__core': ^7.0.0
  is-positive: kevva/is-positive

dependencies:
  '@types/babel__core': 7.20.5_react@18.3.1
  is-positive: github.com/kevva/is-positive/${"ab".repeat(20)}

packages:

  /@types/babel__core/7.20.5_react@18.3.1:
    resolution: {integrity: ${sha512("a")}}
    peerDependencies:
      react: '*'
    dependencies:
      react: 18.3.1
    dev: false

  /react/18.3.1:
    resolution: {integrity: ${sha512("r")}}
    dev: false

  github.com/kevva/is-positive/${"ab".repeat(20)}:
    resolution: {type: git, repo: git@github.com:kevva/is-positive.git, commit: ${"ab".repeat(20)}}
    name: is-positive
    version: 3.1.0
    dev: false
`;
  const git = `is-positive@3.1.0?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fkevva%2Fis-positive.git%23${"ab".repeat(20)}`;
  const sbom = await collect(memorySource({ "pnpm-lock.yaml": five, "package.json": '{"name":"whole"}' }));
  assert.deepEqual(edges(sbom), [
    "%40types/babel__core@7.20.5 react@18.3.1 peer",
    "whole %40types/babel__core@7.20.5 runtime",
    `whole ${git} runtime`,
  ]);
  assert.match(sbom.unknowns.map(({ what }) => what).join(), /differ in 2 needs/u);
});

test("a member that is copied into another with its own peers is still that member", async () => {
  const lock = NINE.replace("version: link:../b", "version: file:packages/b(react@17.0.2)")
    .replace(
      "packages:\n",
      "packages:\n\n  b@file:packages/b:\n    resolution: {directory: packages/b, type: directory}\n    peerDependencies:\n      react: '*'\n",
    )
    .replace(
      "snapshots:\n",
      "snapshots:\n\n  b@file:packages/b(react@17.0.2):\n    dependencies:\n      react: 17.0.2\n",
    );
  const sbom = await collect(
    memorySource({ "pnpm-lock.yaml": lock, "packages/b/package.json": '{"name":"b","version":"1.0.0"}' }),
  );
  assert.deepEqual(
    sbom.components.filter(({ name }) => name === "b").map(({ ref, own }) => [ref, own]),
    [["pkg:npm/b@1.0.0", true]],
  );
  assert.ok(edges(sbom).includes("b@1.0.0 react@17.0.2 peer"));
});

test("what pnpm locks of itself is needed to build, and no part of the project's own graph", async () => {
  const tools = `---
lockfileVersion: '9.0'

importers:

  .:
    packageManagerDependencies:
      pnpm:
        specifier: 12.0.0
        version: 12.0.0

packages:

  pnpm@12.0.0:
    resolution: {integrity: ${sha512("p")}}

snapshots:

  pnpm@12.0.0: {}

---
`;
  const sbom = await collect(memorySource({ "pnpm-lock.yaml": tools + NINE }));
  assert.equal(component(sbom, "pnpm@12.0.0")?.scope, "build");
  assert.deepEqual(
    edges(sbom).filter((edge) => edge.includes("pnpm")),
    ["memory pnpm@12.0.0 build"],
  );
  assert.equal(component(sbom, "left@1.0.0")?.scope, "runtime");
});

function plainObject(value: Yaml): unknown {
  if (value instanceof YamlMap) return Object.fromEntries([...value].map(([key, each]) => [key, plainObject(each)]));
  return Array.isArray(value) ? value.map(plainObject) : value;
}

test("the fast reader of pnpm's YAML says what a whole YAML parser says, or nothing", (t) => {
  const folder = shared(t, "vectors");
  if (folder === undefined) return;
  let read = 0;
  for (const suite of ["scalibr", "trivy", "syft"]) {
    for (const path of readdirSync(join(folder, `extractors-${suite}/fixtures`), { recursive: true }) as string[]) {
      if (!/pnpm.*\.yaml$/u.test(path)) continue;
      const text: string = readFileSync(join(folder, `extractors-${suite}/fixtures`, path), "utf8");
      const plain = readPlainYaml(text);
      assert.ok(plain !== undefined, `${path} is read`);
      const whole: readonly unknown[] = loadAll(text, { schema: FAILSAFE_SCHEMA }).filter(
        (document) => document !== "" && document !== null,
      );
      assert.deepEqual(plain.map(plainObject), whole, path);
      read += 1;
    }
  }
  assert.ok(read > 20);
});

const UNUSUAL = [
  "a: &x 1\nb: *x\n",
  "a: !!str 1\n",
  "? key\n: value\n",
  "a: [1,\n  2]\n",
  'a: "\\x41"\n',
  "a: 1\na: 2\n",
  "a: b: c\n",
  "a: text # remark\n",
  "a:\n\tb: 1\n",
  "a: plain\n  goes on\n",
  "- a\n",
  "a: {b: c, b: d}\n",
  "a: 'b' c\n",
  "a: -\n",
  "%YAML 1.2\n---\na: b\n",
];

test("what pnpm does not write is left to a whole YAML parser, which refuses aliases and keys given twice", async () => {
  for (const text of UNUSUAL) assert.equal(readPlainYaml(text), undefined, JSON.stringify(text));
  const refused = (text: string, code: string) =>
    assert.rejects(collect(memorySource({ "pnpm-lock.yaml": text })), (error: { facts?: { code: string } }) => {
      assert.equal(error.facts?.code, code);
      return true;
    });
  await refused("lockfileVersion: '9.0'\na: &x 1\nb: *x\n", "WB-LOCKFILE-SYNTAX");
  await refused("lockfileVersion: '9.0'\nimporters: {}\nimporters: {}\n", "WB-LOCKFILE-SYNTAX");
  await refused("lockfileVersion: '12.0'\n", "WB-LOCKFILE-FORM");
  await refused("lockfileVersion: '9.0'\npackages: []\n", "WB-LOCKFILE-FORM");
  await refused(`lockfileVersion: '9.0'\na: ${"[".repeat(100_000)}\n`, "WB-LOCKFILE-SYNTAX");
});
