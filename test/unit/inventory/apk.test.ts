import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { memorySource } from "../../support/memory-source.ts";

const INSTALLED = `P:busybox
V:1.36.1-r15
A:x86_64
L:GPL-2.0-only
o:busybox
D:so:libc.musl-x86_64.so.1
F:bin
R:busybox
F:bin
R:sh

P:musl
V:1.2.4-r2
A:x86_64
L:MIT
o:musl
p:so:libc.musl-x86_64.so.1=1

P:ssl_client
V:1.36.1-r15
A:x86_64
L:GPL-2.0-only
o:busybox
D:so:libc.musl-x86_64.so.1 /bin/sh !uclibc musl>=1.2 absent

P:old
V:1
A:x86_64
L:MIT BSD-3-Clause
`;

test("needs of Alpine packages are met by libraries, files and names; asked for is the world", async () => {
  const sbom = await collect(
    memorySource({
      "etc/os-release": 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n',
      "etc/apk/world": "ssl_client\nold@edge>1\n",
      "lib/apk/db/installed": INSTALLED,
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, direct, ecosystem }) => [ref, direct, ecosystem]),
    [
      ["alpine@3.19.1", true, "generic"],
      ["pkg:apk/alpine/busybox@1.36.1-r15?arch=x86_64&distro=alpine-3.19.1", false, "Alpine:v3.19"],
      ["pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.19.1", false, "Alpine:v3.19"],
      ["pkg:apk/alpine/old@1?arch=x86_64&distro=alpine-3.19.1", true, "Alpine:v3.19"],
      ["pkg:apk/alpine/ssl_client@1.36.1-r15?arch=x86_64&distro=alpine-3.19.1&upstream=busybox", true, "Alpine:v3.19"],
    ],
  );
  const short = (ref: string): string => ref.replace("pkg:apk/alpine/", "").replace(/@.*/u, "");
  assert.deepEqual(
    sbom.dependencies.map(({ from, to }) => `${short(from)} ${short(to)}`),
    ["alpine old", "alpine ssl_client", "memory alpine", "busybox musl", "ssl_client busybox", "ssl_client musl"],
  );
  assert.deepEqual(
    sbom.components.find(({ name }) => name === "old")?.licences.map(({ expression }) => expression),
    ["MIT", "BSD-3-Clause"],
  );
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /ssl_client needs absent/u);
});
