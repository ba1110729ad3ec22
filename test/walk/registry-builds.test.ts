import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { lockfileOf, openRegistry, type Registry } from "../support/registry.ts";
import { assertNothingLeft, fill, openPlace, payloads, type Place, ship } from "../support/waybill.ts";

const TOKEN = "not-a-token-of-anybody";
const LEFT = { name: "left", version: "1.2.3", dependencies: { right: "^2.0.0" } };
const RIGHT = { name: "right", version: "2.0.1" };
const ROOT = { name: "app", version: "1.0.0", dependencies: { left: "^1.0.0" } };

let place: Place;
let registry: Registry;

/** A project whose build uses its dependencies, and whose build tells all that it finds of npm's configuration. */
function project(name: string, more: Readonly<Record<string, string>> = {}): string {
  const { host } = new URL(registry.url);
  return fill(join(place.folder, name), {
    "package.json": JSON.stringify({
      ...ROOT,
      license: "MIT",
      files: ["index.js"],
      scripts: { build: "node build.js" },
    }),
    "build.js": [
      "const fs = require('node:fs');",
      "fs.writeFileSync('index.js', `module.exports = ${JSON.stringify(require('left'))};\\n`);",
      "console.log(fs.readFileSync('.npmrc', 'utf8'), JSON.stringify(process.env));",
      "fs.appendFileSync('index.js', `// ${JSON.stringify(fs.readFileSync('.npmrc', 'utf8'))}\\n`);\n",
    ].join("\n"),
    ".npmrc": `registry=${registry.url}\n//${host}/:_authToken=${TOKEN}\nfund=false\n`,
    ...more,
  });
}

const lockfile = (): string =>
  lockfileOf(
    ROOT,
    registry.packages.map((one) => (one.name === "left" ? { ...one, dependencies: LEFT.dependencies } : one)),
  );

interface Provenance {
  readonly buildDefinition: {
    readonly internalParameters: { readonly locked: boolean };
    readonly resolvedDependencies: readonly {
      readonly uri?: string;
      readonly digest: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, unknown>>;
    }[];
  };
  readonly runDetails: { readonly byproducts: readonly { readonly name: string; readonly digest: object }[] };
}

function provenanceOf(out: string): Provenance {
  const found = [...payloads(join(out, "app-1.0.0.tgz.waybill.jsonl"))].find(([type]) =>
    type.endsWith("provenance/v1"),
  );
  assert.ok(found !== undefined);
  return found[1].predicate as unknown as Provenance;
}

const fetched = (provenance: Provenance): readonly string[] =>
  provenance.buildDefinition.resolvedDependencies
    .filter(
      ({ annotations, digest }) => annotations["role"] === "network" && /^[0-9a-f]{128}$/u.test(digest["sha512"] ?? ""),
    )
    .map(({ uri }) => (uri ?? "").replace(registry.url, ""));

/** The token as it is, and as the papers would hold it. */
function assertNoToken(out: string, ...texts: readonly string[]): void {
  const forms = [0, 1, 2].map((shift) =>
    Buffer.from("x".repeat(shift) + TOKEN)
      .toString("base64")
      .slice(4, -4),
  );
  const files = readdirSync(out, { recursive: true, encoding: "utf8" });
  assert.ok(files.length >= 10);
  for (const text of [...files.map((name) => readFileSync(join(out, name), "latin1")), ...texts])
    for (const form of [TOKEN, ...forms]) assert.ok(!text.includes(form), "the token of .npmrc is told");
}

describe("ship with a registry", { concurrency: 3 }, () => {
  before(async () => {
    place = await openPlace();
    registry = await openRegistry(place.folder, [LEFT, RIGHT], TOKEN);
  });
  after(async () => {
    await registry.close();
    place.close();
  });

  test("locked without addresses: each answer is recorded, and the token reaches the registry and nobody else", async () => {
    const folder = project("locked", { "package-lock.json": lockfile() });
    const ran = await ship(place, folder);
    assert.equal(ran.status, 0, ran.stderr);
    const out = join(folder, "out");
    const provenance = provenanceOf(out);
    assert.equal(provenance.buildDefinition.internalParameters.locked, true);
    assert.deepEqual(fetched(provenance), ["left", "left/-/left-1.2.3.tgz", "right", "right/-/right-2.0.1.tgz"]);
    for (const { name, integrity } of registry.packages) {
      const entry = provenance.buildDefinition.resolvedDependencies.find(({ uri }) => uri?.includes(`/${name}/-/`));
      assert.equal(entry?.digest["sha512"], Buffer.from(integrity.slice(7), "base64").toString("hex"));
    }
    const sources = JSON.parse(readFileSync(join(out, "app-1.0.0.source.cdx.json"), "utf8")) as {
      readonly components: readonly { readonly purl: string }[];
    };
    assert.deepEqual(
      sources.components.map(({ purl }) => purl),
      ["pkg:npm/left@1.2.3", "pkg:npm/right@2.0.1"],
    );
    assert.ok(
      registry.asked.length > 0 && registry.asked.every(({ authorization }) => authorization === `Bearer ${TOKEN}`),
    );
    assert.match(
      readFileSync(join(out, "app-1.0.0.build.log"), "utf8"),
      /_authToken is withheld from the build\nfund=false/u,
    );
    assertNoToken(out, ran.stdout, ran.stderr);
    assertNothingLeft(ran, folder);
  });

  test("without a lockfile: recorded as unlocked, and the SBOM of the sources says that versions are missing", async () => {
    const folder = project("unlocked");
    const ran = await ship(place, folder);
    assert.equal(ran.status, 0, ran.stderr);
    const out = join(folder, "out");
    const provenance = provenanceOf(out);
    assert.equal(provenance.buildDefinition.internalParameters.locked, false);
    assert.deepEqual(fetched(provenance), ["left", "left/-/left-1.2.3.tgz", "right", "right/-/right-2.0.1.tgz"]);
    const sources = readFileSync(join(out, "app-1.0.0.source.cdx.json"), "utf8");
    assert.match(sources, /"waybill:method",\s+"value": "missing"/u);
    assert.match(sources, /"aggregate": "incomplete"/u);
    assertNoToken(out, ran.stdout, ran.stderr);
  });

  test("a token in the environment alone serves as well and is told as little", async () => {
    const folder = project("by-environment", { "package-lock.json": lockfile(), ".npmrc": "fund=false\n" });
    const { host } = new URL(registry.url);
    const ran = await ship(place, folder, [], {
      environment: { npm_config_registry: registry.url, [`npm_config_//${host}/:_authToken`]: TOKEN },
    });
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(fetched(provenanceOf(join(folder, "out"))).length, 4);
    assertNoToken(join(folder, "out"), ran.stdout, ran.stderr);
  });
});
