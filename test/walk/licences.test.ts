import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { digestBytes } from "../../src/artifact/digest.ts";
import { makeTar } from "../unit/artifact/make-archive.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "waybill-licences-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const project = join(folder, "app");
const cache = join(folder, "npm-cache");

/** A package for a system that this is not: npm leaves it out, so that no build fetches it. Its licence is in no lockfile. */
function setUp(): void {
  const manifest = JSON.stringify({ name: "odd", version: "1.0.0", licenses: [{ type: "ISC" }], os: ["aix"] });
  const archive = gzipSync(makeTar([{ path: "package/package.json", content: manifest }]));
  const sha512 = digestBytes(archive).sha512 ?? "";
  const content = join(cache, "_cacache/content-v2/sha512", sha512.slice(0, 2), sha512.slice(2, 4));
  mkdirSync(content, { recursive: true });
  writeFileSync(join(content, sha512.slice(4)), archive);
  mkdirSync(project);
  const root = { name: "app", version: "1.0.0", license: "MIT", optionalDependencies: { odd: "1.0.0" } };
  const odd = {
    version: "1.0.0",
    resolved: "https://registry.example/odd/-/odd-1.0.0.tgz",
    integrity: `sha512-${Buffer.from(sha512, "hex").toString("base64")}`,
    optional: true,
    os: ["aix"],
  };
  const put = (name: string, content: string): void => writeFileSync(join(project, name), content);
  put("package.json", JSON.stringify({ ...root, files: ["index.js"] }));
  put(
    "package-lock.json",
    JSON.stringify({ ...root, lockfileVersion: 3, packages: { "": root, "node_modules/odd": odd } }),
  );
  put("index.js", "module.exports = 42;\n");
  put(".npmrc", "registry=https://registry.example/\n");
  writeFileSync(join(folder, "passphrase"), "not a secret\n");
}

function waybill(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...process.env, WAYBILL_HOME: join(folder, "home"), WAYBILL_DB: "", npm_config_cache: cache },
    encoding: "utf8",
    timeout: 120_000,
  });
  // 3: without an index the verdict is "unchecked".
  assert.ok(status === 0 || (words[0] === "ship" && status === 3), `${words.join(" ")}: ${status} ${stderr}`);
  return stdout;
}

interface Document {
  readonly components: readonly {
    readonly licenses?: readonly { readonly expression?: string }[];
    readonly properties?: readonly { readonly name: string; readonly value: string }[];
  }[];
}

function licenceIn(text: string): { readonly licence: string | undefined; readonly technique: string | undefined } {
  const [odd] = (JSON.parse(text) as Document).components;
  const technique = odd?.properties?.find(({ name }) => name === "waybill:licence-technique")?.value;
  return { licence: odd?.licenses?.[0]?.expression, technique };
}

test("ship takes from npm's cache what the lockfile does not state; what judges a folder alone does not depend on it", () => {
  setUp();
  assert.deepEqual(licenceIn(waybill("sbom", "app")), { licence: undefined, technique: undefined });
  const passphrase = ["--passphrase-file", "passphrase"];
  waybill("keys", "generate", "--output", "release", ...passphrase);
  waybill("ship", "app", "--key", "release.key", ...passphrase, "--output", "out");
  const shipped = licenceIn(readFileSync(join(folder, "out/app-1.0.0.source.cdx.json"), "utf8"));
  assert.deepEqual(shipped, { licence: "ISC", technique: "archive-verified" });
});

test("an installation beside the lockfile is weaker evidence, named as such", () => {
  const place = join(project, "node_modules/odd");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ name: "odd", version: "1.0.0", license: "MIT" }));
  const first = waybill("sbom", "app");
  assert.deepEqual(licenceIn(first), { licence: "MIT", technique: "installed" });
  assert.equal(waybill("sbom", "app"), first);
});
