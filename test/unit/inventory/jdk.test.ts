import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { memorySource } from "../../support/memory-source.ts";

const told = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  (await collect(memorySource({ "package.json": "{}", ...files }))).components.map(({ ref }) => ref);

test("a Java runtime is told by its release file: whose it is, and whether it is a development kit", async () => {
  const release = 'IMPLEMENTOR="Eclipse Adoptium"\nJAVA_RUNTIME_VERSION="21.0.2+13-LTS"\nJAVA_VERSION="21.0.2"\n';
  assert.deepEqual(
    await told({
      "opt/kit/release": release,
      "opt/kit/bin/javac": "",
      "opt/run/release": 'JAVA_VERSION="17.0.1"\r\nBUILD_TYPE="commercial"\r\n',
    }),
    ["pkg:generic/eclipse-adoptium/jdk@21.0.2%2B13-LTS", "pkg:generic/oracle/jre@17.0.1"],
  );
});

test("another file called release says nothing", async () => {
  assert.deepEqual(await told({ release: "stable\n", "b/release": 'JAVA_VERSION=""\n' }), []);
  await assert.rejects(collect(memorySource({ release: "stable\n" })), /nothing here tells/u);
});
