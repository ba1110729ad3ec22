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
FROM docker.io/library/node:\${VARIANT} AS base
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
