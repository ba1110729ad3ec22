import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";
import { memorySource } from "../../support/memory-source.ts";

async function images(dockerfile: string): Promise<readonly string[]> {
  const { components } = await collect(memorySource({ Dockerfile: dockerfile }));
  return components.map(({ purl, scope, occurrences }) => `${purl ?? ""} ${scope} ${occurrences[0]?.line ?? ""}`);
}

test("a Dockerfile's images: stages, defaults of arguments, digests, and what is copied from elsewhere", async () => {
  const digest = `sha256:${"b".repeat(64)}`;
  const found = await images(`# syntax=docker/dockerfile:1
ARG NODE=20
ARG VARIANT="\${NODE}-slim"
FROM --platform=$BUILDPLATFORM images.example:5000/acme/go:1.22 AS Build
ARG NODE=99
RUN --mount=type=bind,from=tools:2,target=/t <<EOF
FROM never:1
EOF
RUN echo a \\
  # a comment inside
  && FROM never:2
FROM node:\${VARIANT} AS base
FROM base
COPY --from=build /app /app
COPY --from=0 /app /app
COPY --from=busybox:1@${digest} /bin/busybox /bin/
`);
  assert.deepEqual(
    found,
    [
      `pkg:docker/busybox@${digest}?tag=1 runtime 16`,
      "pkg:docker/acme/go@1.22?repository_url=images.example:5000 build 4",
      "pkg:docker/node@20-slim runtime 12",
      "pkg:docker/tools@2 build 6",
    ].sort(),
  );
});

test("an argument without a default, and what is no reference, is told and not guessed", async () => {
  const sbom = await collect(
    memorySource({
      Dockerfile: "ARG TAG\nFROM nginx:${TAG}\nFROM nginx:${TAG:-1.27}\nFROM Not/A:Reference:At:All\nFROM scratch\n",
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, scope }) => `${ref} ${scope}`),
    ["pkg:docker/nginx@1.27 build"],
  );
  assert.deepEqual(
    sbom.unknowns.map(({ where }) => where),
    ["Dockerfile:2", "Dockerfile:4"],
  );
});

test("another escape character, and texts that are put into each other again and again", async () => {
  assert.deepEqual(await images("# escape=`\nFROM `\n  nginx:1\n"), ["pkg:docker/nginx@1 runtime 2"]);
  const doubled = Array.from({ length: 60 }, (_, at) => `ARG A${at + 1}=$A${at}$A${at}`).join("\n");
  assert.deepEqual(await images(`ARG A0=xxxxxxxxxx\n${doubled}\nFROM nginx:$A60\nFROM nginx:1\n`), [
    "pkg:docker/nginx@1 runtime 63",
  ]);
});

test("here-documents without an end cost no search each", async () => {
  const lines = Array.from({ length: 50_000 }, (_, at) => `RUN <<A${at}`).join("\n");
  const started = cpuMilliseconds();
  assert.deepEqual(await images(`FROM nginx:1\n${lines}\n`), ["pkg:docker/nginx@1 runtime 1"]);
  assert.ok(cpuMilliseconds() - started < 2000);
});

test("Docker's own registry is meant where no host is written; others stay in the package URL", async () => {
  const own = ["docker", "io"].join(".");
  assert.deepEqual(
    await images(`FROM ${own}/library/a:1\nFROM index.${own}/acme/b:1\nFROM my.${own}/c:1\nFROM ${own}.example/d:1\n`),
    [
      "pkg:docker/a@1 build 1",
      "pkg:docker/acme/b@1 build 2",
      `pkg:docker/c@1?repository_url=my.${own} build 3`,
      `pkg:docker/d@1?repository_url=${own}.example runtime 4`,
    ],
  );
});

test("Dockerfile.NAME is read; what lies beside it under such a name is not", async () => {
  const { components } = await collect(
    memorySource({
      "Dockerfile.web": "FROM a:1\n",
      "Containerfile.ci": "FROM b:1\n",
      "Dockerfile.dockerignore": "FROM c:1\n",
      "Dockerfile.j2": "FROM {{ d }}\n",
    }),
  );
  assert.deepEqual(
    components.map(({ ref }) => ref),
    ["pkg:docker/a@1", "pkg:docker/b@1"],
  );
});

test("a Compose file's images: defaults, .env beside it, what is built here, what is not known", async () => {
  const { components, unknowns } = await collect(
    memorySource({
      Dockerfile: "FROM base:1\n",
      ".env": "# tags\nexport DB='16.4' # pinned\nEMPTY=\n",
      "docker-compose.prod.yml": `x-defaults: &defaults { image: worker:2 }
services:
  db:
    image: "postgres:\${DB}"
  cache:
    image: 'images.example/cache:\${CACHE:-7}@sha256:${"a".repeat(64)}'
  built: { build: ., image: acme/app:1 }
  also: { <<: *defaults }
  unknown:
    image: "x:\${TAG}"
  must: { image: "y:\${EMPTY:?a tag}" }
`,
    }),
  );
  assert.deepEqual(
    components.map(({ ref, scope, occurrences }) => `${ref} ${scope} ${occurrences[0]?.line ?? ""}`),
    [
      "pkg:docker/base@1 runtime 1",
      `pkg:docker/cache@sha256:${"a".repeat(64)}?repository_url=images.example&tag=7 runtime 6`,
      "pkg:docker/postgres@16.4 runtime 4",
      "pkg:docker/worker@2 runtime ",
    ],
  );
  assert.deepEqual(
    unknowns.map(({ where }) => where),
    ["docker-compose.prod.yml:10", "docker-compose.prod.yml"],
  );
});

test("a Compose file that is no YAML is refused with its line, and further down only told", async () => {
  const broken = "services:\n  a: [\n";
  await assert.rejects(collect(memorySource({ "compose.yaml": broken })), {
    message: /the Compose file cannot be read/u,
  });
  const { unknowns } = await collect(memorySource({ Dockerfile: "FROM a:1\n", "dev/compose.yml": broken }));
  assert.match(unknowns[0]?.what ?? "", /WB-MANIFEST-SYNTAX/u);
});
