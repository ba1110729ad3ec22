import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../src/inventory/collect.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { extract } from "../support/extract.ts";
import { memorySource } from "../support/memory-source.ts";

const spaces = (count: number): string => " ".repeat(count);

/** Each costs seconds where a reader searches to the end of the line or of the text again and again. */
const HOSTILE: readonly (readonly [id: string, what: string, files: Readonly<Record<string, string>>, path: string])[] =
  [
    ["gem/gemfile", "blanks behind a name", { Gemfile: `gem "a"${spaces(3900)}x\n`.repeat(250) }, "Gemfile"],
    [
      "gem/gemfile",
      "options without values",
      { Gemfile: `gem("a", ${"group: ".repeat(500)}\n`.repeat(250) },
      "Gemfile",
    ],
    [
      "composer/manifest",
      "50,000 needs on one line",
      {
        "composer.json": JSON.stringify({
          require: Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`a/b${at}`, `1.${"0.".repeat(50)}`])),
        }),
      },
      "composer.json",
    ],
    [
      "docker/compose",
      "variables, each an image of its own",
      {
        "compose.yml": `services:\n${Array.from({ length: 900 }, (_, at) => ` s${at}: { image: "${"$A".repeat(400)}${at}" }\n`).join("")}`,
      },
      "compose.yml",
    ],
    [
      "docker/compose",
      "blanks in .env",
      { "compose.yml": "services: { a: { image: 'x:$A' } }", ".env": `A=${spaces(1900)}x\n`.repeat(500) },
      "compose.yml",
    ],
    [
      "nuget/paket-dependencies",
      "blanks",
      { "paket.dependencies": `nuget a 1${spaces(1900)}x\n`.repeat(2000) },
      "paket.dependencies",
    ],
  ];

for (const [id, what, files, path] of HOSTILE) {
  test(`${id}: ${what} cost no more than two seconds`, async () => {
    const started = cpuMilliseconds();
    await extract(id, files, path);
    assert.ok(cpuMilliseconds() - started < 2000);
  });
}

test("a .PKGINFO of one long line of blanks, or of one field again and again: time in proportion to the file", async () => {
  for (const text of [`pkgname = a${" ".repeat(3_000_000)}x\npkgver = 1\n`, "depend = b\n".repeat(300_000)]) {
    const started = cpuMilliseconds();
    await collect(memorySource({ ".PKGINFO": `pkgname = a\npkgver = 1\n${text}` }));
    assert.ok(cpuMilliseconds() - started < 5000);
  }
});
