import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";

const PACKAGES = [
  {
    name: "acme/app-lib",
    version: "1.0.0",
    require: { php: ">=8", "ext-json": "*", "Psr/Log-Implementation": "1.0" },
    license: ["MIT"],
  },
  {
    name: "acme/logger",
    version: "v2.0.0",
    provide: { "psr/log-implementation": "1.0" },
    dist: { shasum: "a".repeat(40) },
  },
  { name: "acme/whole", version: "3.0.0", replace: { "acme/part": "self.version" } },
];
const DEV = [
  {
    name: "acme/tests",
    version: "dev-main",
    require: { "acme/part": "*" },
    source: { type: "git", url: "https://git.example/acme/tests.git", reference: "0123abcd" },
  },
];

const edges = (sbom: Sbom): readonly string[] =>
  sbom.dependencies.map(({ from, to, scope }) =>
    `${from} ${to} ${scope}`.replaceAll("pkg:composer/", "").replaceAll(/\?\S*/gu, ""),
  );

test("composer.lock: needs are met by name, by what provides and by what replaces; platform packages are none", async () => {
  const sbom = await collect(
    memorySource({
      "composer.json": JSON.stringify({
        name: "acme/app",
        license: "MIT",
        require: { php: ">=8", "acme/app-lib": "^1", "acme/whole": "^3" },
        "require-dev": { "acme/tests": "*" },
      }),
      "composer.lock": JSON.stringify({ packages: PACKAGES, "packages-dev": DEV }, null, 4),
    }),
  );
  assert.equal(sbom.root, "pkg:composer/acme/app");
  assert.deepEqual(edges(sbom), [
    "acme/app acme/app-lib@1.0.0 runtime",
    "acme/app acme/tests@dev-main dev",
    "acme/app acme/whole@3.0.0 runtime",
    "acme/app-lib@1.0.0 acme/logger@v2.0.0 runtime",
    "acme/tests@dev-main acme/whole@3.0.0 runtime",
  ]);
  assert.deepEqual(
    sbom.components.map(({ ref, scope, direct, digests, occurrences }) => [
      ref.replace("pkg:composer/acme/", ""),
      scope,
      direct,
      digests.sha1?.length,
      occurrences[0]?.line,
    ]),
    [
      ["app-lib@1.0.0", "runtime", true, undefined, 4],
      ["logger@v2.0.0", "runtime", false, 40, 16],
      [
        "tests@dev-main?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Facme%2Ftests.git%400123abcd",
        "dev",
        true,
        undefined,
        35,
      ],
      ["whole@3.0.0", "runtime", true, undefined, 26],
    ],
  );
});

test("what Composer installed is told by its own list, of either version", async () => {
  const two = { packages: [...PACKAGES, ...DEV], "dev-package-names": ["acme/tests"] };
  for (const list of [two, [...PACKAGES, ...DEV]]) {
    const sbom = await collect(memorySource({ "app/vendor/composer/installed.json": JSON.stringify(list) }));
    assert.deepEqual(
      sbom.components.map(({ name, scope }) => `${name} ${scope}`),
      [
        "acme/app-lib runtime",
        "acme/logger runtime",
        `acme/tests ${Array.isArray(list) ? "runtime" : "dev"}`,
        "acme/whole runtime",
      ],
    );
    assert.ok(edges(sbom).includes("acme/app-lib@1.0.0 acme/logger@v2.0.0 runtime"));
  }
});

test("composer.json without a lockfile: needs by range, exact versions, nothing of PHP itself or of vendor", async () => {
  const sbom = await collect(
    memorySource({
      "composer.json": JSON.stringify(
        {
          name: "acme/app",
          license: "MIT",
          require: { php: ">=8.2", "ext-json": "*", "acme/exact": "1.0.2", "acme/range": "^2.0" },
          "require-dev": { "acme/tests": "dev-main" },
        },
        null,
        1,
      ),
      "vendor/acme/exact/composer.json": JSON.stringify({ name: "acme/exact", require: { "acme/never": "1.0.0" } }),
    }),
  );
  assert.equal(sbom.root, "pkg:composer/acme/app");
  assert.deepEqual(
    sbom.components.map(({ ref, scope, occurrences }) => `${ref} ${scope} ${occurrences[0]?.line ?? ""}`),
    ["pkg:composer/acme/exact@1.0.2 runtime 7", "pkg:composer/acme/range runtime 8", "pkg:composer/acme/tests dev 11"],
  );
  assert.match(
    sbom.unknowns.map(({ what }) => what).join("\n"),
    /no lockfile: .*acme\/range \^2\.0; acme\/tests dev-main/u,
  );
});
