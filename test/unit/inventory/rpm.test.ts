import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";
import { ndb, sqlite } from "../../support/rpm-database.ts";

const RELEASE = { "etc/os-release": 'ID="rocky"\nVERSION_ID="9.4"\n' };
const short = (ref: string): string => ref.replace("pkg:rpm/rocky/", "").replace(/\?.*/u, "");
const needsOf = (sbom: Sbom, name: string): readonly string[] =>
  sbom.dependencies.filter(({ from }) => short(from).startsWith(`${name}@`)).map(({ to }) => short(to));

for (const [form, path, bytes] of [
  ["sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite", sqlite()],
  ["ndb", "var/lib/rpm/Packages.db", ndb()],
] as const) {
  test(`rpm's database as ${form}: packages, and needs by what is provided, by exact version and by file`, async () => {
    const sbom = await collect(memorySource({ ...RELEASE, [path]: bytes }));
    const app = sbom.components.find(({ name }) => name === "app");
    assert.equal(
      app?.purl,
      "pkg:rpm/rocky/app@1.0-1.el9?arch=x86_64&distro=rocky-9.4&epoch=2&rpmmod=app:1:8080:abc&upstream=app-1.0-1.el9.src.rpm",
    );
    assert.equal(app.ecosystem, "Rocky Linux:9");
    assert.deepEqual(
      app.licences.map(({ expression }) => expression),
      ["GPL-2.0-or-later AND MIT"],
    );
    assert.deepEqual(needsOf(sbom, "app"), ["base@2-1.el9", "files@1-1.el9", "libx@1-1.el9"]);
    assert.deepEqual(needsOf(sbom, "libx"), ["app@1.0-1.el9"]);
    assert.equal(
      sbom.components.some(({ name }) => name === "gpg-pubkey"),
      false,
    );
    assert.equal(sbom.components.filter(({ name }) => /^p\d+$/u.test(name)).length, form === "sqlite" ? 300 : 0);
    assert.equal(sbom.completeness.components, "complete");
  });
}

test("a damaged database gives what can be read, and says so", async () => {
  const cut = ndb();
  cut.writeUInt32LE(0x7fffffff, 32 + 3 * 16 + 8);
  const sbom = await collect(memorySource({ ...RELEASE, "var/lib/rpm/Packages.db": cut }));
  assert.deepEqual(
    sbom.components.filter(({ kind }) => kind === undefined).map(({ name }) => name),
    ["app", "base", "base"],
  );
  assert.equal(sbom.completeness.components, "incomplete");
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /damaged/u);
});
