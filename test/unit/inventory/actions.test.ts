import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { memorySource } from "../../support/memory-source.ts";

const COMMIT = "11bd71901bbe5b1630ceea73d27597364c9af683";
const WORKFLOW = `on: push
jobs:
  call:
    uses: acme/flows/.github/workflows/build.yml@v2
  build:
    runs-on: ubuntu-latest
    container: "images.example/acme/builder:1.2"
    services:
      db:
        image: postgres@sha256:${"a".repeat(64)}
    steps:
      - uses: actions/checkout@${COMMIT} # v4.2.2
      - name: own
        uses: ./.github/actions/own
      - uses: 'docker://alpine:3.18'
      - run: |
          cat > x.yml <<EOF
          uses: actions/cache@v3
          EOF
      - uses: actions/cache@v3
      - uses: \${{ matrix.action }}
`;

test("workflows: actions by reference or commit, reusable workflows, images; what is computed is told", async () => {
  const sbom = await collect(memorySource({ ".github/workflows/ci.yml": WORKFLOW }));
  assert.deepEqual(
    sbom.components.map(({ ref, scope, digests, occurrences }) => [
      ref,
      scope,
      Object.keys(digests)[0],
      occurrences[0]?.line,
    ]),
    [
      ["pkg:docker/acme/builder@1.2?repository_url=images.example", "build", undefined, 7],
      ["pkg:docker/alpine@3.18", "build", undefined, 15],
      [`pkg:docker/postgres@sha256:${"a".repeat(64)}`, "build", "sha256", 10],
      ["pkg:github/acme/flows@v2#.github/workflows/build.yml", "build", undefined, 4],
      // Written twice, used once: which line it is cannot be told.
      ["pkg:github/actions/cache@v3", "build", undefined, undefined],
      ["pkg:github/actions/checkout@v4.2.2", "build", "gitCommit", 12],
    ],
  );
  const told = sbom.unknowns.map(({ where, what }) => `${where} ${what}`).join("\n");
  assert.match(told, /ci\.yml:12 version v4\.2\.2 of actions\/checkout is what a comment says/u);
  assert.match(told, /ci\.yml:21 not of the form OWNER\/REPOSITORY@REFERENCE/u);
  assert.equal(sbom.completeness.method, "declared");
});

test("a repository's own actions are read; a broken workflow is told and stops nothing", async () => {
  const sbom = await collect(
    memorySource({
      ".github/actions/own/action.yml": "runs:\n  using: composite\n  steps:\n    - uses: acme/tool/sub@main\n",
      ".github/workflows/bad.yaml": "jobs: [",
      "action.yml": "runs:\n  using: docker\n  image: docker://tools:1\n",
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref }) => ref),
    ["pkg:docker/tools@1", "pkg:github/acme/tool@main#sub"],
  );
  assert.match(
    sbom.unknowns.map(({ where, what }) => `${where} ${what}`).join("\n"),
    /bad\.yaml:1 the workflow cannot be read: not YAML/u,
  );
});

test("workflows that repeat themselves by aliases end", async () => {
  const steps = Array.from({ length: 200 }, () => "      - uses: actions/cache@v3").join("\n");
  const jobs = Array.from({ length: 2000 }, (_, at) => `  j${at}: *job`).join("\n");
  const sbom = await collect(
    memorySource({ ".github/workflows/ci.yml": `jobs:\n  first: &job\n    steps:\n${steps}\n${jobs}\n` }),
  );
  assert.equal(sbom.components.length, 1);
});
