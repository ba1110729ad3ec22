import assert from "node:assert/strict";
import { test } from "node:test";
import { readGoFunctions } from "../../../src/inventory/go/functions.ts";
import type { Entry } from "../../../src/model/artifact.ts";
import { memorySource } from "../../support/memory-source.ts";
import { elf, goFunctions, goInfo, machO, pe } from "../../support/programs.ts";

const NAMES = [
  "runtime.main",
  "golang.org/x/text/language.Parse",
  "golang.org/x/text/language.(*Matcher).Match.func1",
  "golang.org/x/text/language.Tag.Parent",
  "golang.org/x/text/language.MatchStrings-fm",
  "gopkg.in/yaml%2ev2.Unmarshal",
  "example.com/gen.Map[go.shape.int,go.shape.string]",
];
const TEXT = "golang.org/x/text/language";
const PATHS = new Set([TEXT, "gopkg.in/yaml.v2", "example.com/gen", "net/http"]);

const entryOf = (bytes: Uint8Array): Entry => memorySource({ app: bytes }).find("app") as Entry;

test("functions of a Go program are told in every format, by the names that records use", () => {
  const table = goFunctions(NAMES);
  const programs = {
    elf: elf([{ name: ".gopclntab", data: table }]),
    pie: elf([{ name: ".data.rel.ro.gopclntab", data: table }]),
    machO: machO([{ name: "__gopclntab", data: table }]),
    // No section has its name there: it is looked for.
    pe: pe([{ name: ".rdata", data: Buffer.concat([Buffer.alloc(4096 - 8), table]) }]),
    go116: elf([{ name: ".gopclntab", data: goFunctions(NAMES, 0xfffffffa) }]),
    go118: elf([{ name: ".gopclntab", data: goFunctions(NAMES, 0xfffffff0) }]),
  };
  for (const [format, bytes] of Object.entries(programs)) {
    const found = readGoFunctions(entryOf(bytes), PATHS);
    assert.ok(found, format);
    assert.deepEqual(
      [
        found.has(TEXT, "Parse"),
        found.has(TEXT, "Matcher.Match"),
        found.has(TEXT, "Tag.Parent"),
        found.has(TEXT, "MatchStrings"),
        found.has("gopkg.in/yaml.v2", "Unmarshal"),
        found.has("example.com/gen", "Map"),
        found.has(TEXT, "Compose"),
        found.hasPackage(TEXT),
        found.hasPackage("net/http"),
      ],
      [true, true, true, true, true, true, false, true, false],
      format,
    );
  }
});

test("the system that a program was built for is told with them", () => {
  const info = goInfo("go1.26.1", "path\texample.com/app\nbuild\tGOARCH=amd64\nbuild\tGOOS=linux\n");
  const program = elf([
    { name: ".go.buildinfo", data: info },
    { name: ".gopclntab", data: goFunctions(NAMES) },
  ]);
  const found = readGoFunctions(entryOf(program), PATHS);
  assert.deepEqual([found?.system, found?.architecture], ["linux", "amd64"]);
});

test("a table that is none, of before Go 1.16, or lies about its places tells nothing", () => {
  const lying = goFunctions(NAMES);
  lying.writeBigUInt64LE(1n << 40n, 8 + 4 * 8);
  const turned = goFunctions(NAMES);
  turned.writeBigUInt64LE(10_000n, 8 + 3 * 8);
  for (const table of [
    Buffer.alloc(200),
    goFunctions(NAMES, 0xfffffffb),
    lying,
    turned,
    goFunctions(NAMES).subarray(0, 20),
  ]) {
    assert.equal(readGoFunctions(entryOf(elf([{ name: ".gopclntab", data: table }])), PATHS), undefined);
  }
  assert.equal(readGoFunctions(entryOf(Buffer.from("#!/bin/sh\n")), PATHS), undefined);
});
