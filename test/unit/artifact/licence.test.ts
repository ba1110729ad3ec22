import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { expressionProblem, licenceClaims, parseLicence } from "../../../src/artifact/licence.ts";

describe("licences as packages write them", () => {
  const shapes: readonly (readonly [unknown, readonly (readonly [string, boolean])[]])[] = [
    ["mit", [["MIT", true]]],
    ["(MIT or Apache-2.0)", [["(MIT OR Apache-2.0)", true]]],
    [{ type: "BSD-3-Clause", url: "https://lib.example/licence" }, [["BSD-3-Clause", true]]],
    [
      [{ type: "MIT" }, { type: "GPL-2.0" }],
      [
        ["MIT", true],
        ["GPL-2.0", true],
      ],
    ],
    [["MIT", "MIT"], [["MIT", true]]],
    ["SEE LICENSE IN COPYING", [["SEE LICENSE IN COPYING", false]]],
    ["UNLICENSED", [["UNLICENSED", false]]],
    ["MIT\0evil", [["MIT\ufffdevil", false]]],
    ["MIT\u202eTIM\nMIT", [["MIT\ufffdTIM\ufffdMIT", false]]],
    ["  ", []],
    [{ url: "https://lib.example/licence" }, []],
    [{ type: ["MIT"] }, []],
    [[null, 7, [["MIT"]], {}], []],
    [Array.from({ length: 10_000 }, () => 7), []],
    [undefined, []],
    [true, []],
  ];
  for (const [written, expected] of shapes) {
    it(`${JSON.stringify(written)?.slice(0, 60)}`, () => {
      const claims = licenceClaims(written, "installed");
      assert.deepEqual(
        claims.map(({ expression, spdx }) => [expression, spdx]),
        expected,
      );
    });
  }

  it("a text without end is cut, and nested parentheses end", async () => {
    for (const text of ["x".repeat(1 << 20), "(".repeat(1 << 20), `MIT${" OR MIT".repeat(1 << 16)}`]) {
      const [claim] = licenceClaims(text, "installed");
      assert.equal(claim?.spdx, false);
      assert.ok((claim?.expression.length ?? 0) <= 1000);
    }
  });
});

/** Text, what it is read as, and what is wrong with it in a document. */
const EXPRESSIONS: readonly (readonly [text: string, expression: string | undefined, problem: RegExp | undefined])[] = [
  ["MIT", "MIT", undefined],
  ["mit", "MIT", undefined],
  ["apache-2.0 and (MIT or gpl-2.0+)", "Apache-2.0 AND (MIT OR GPL-2.0+)", undefined],
  ["Apache-2.0+", "Apache-2.0+", undefined],
  ["GPL-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", undefined],
  ["MIT WITH AdditionRef-own", "MIT WITH AdditionRef-own", undefined],
  ["MIT WITH DocumentRef-d:AdditionRef-own", "MIT WITH DocumentRef-d:AdditionRef-own", undefined],
  ["DocumentRef-d:LicenseRef-l OR MIT", "DocumentRef-d:LicenseRef-l OR MIT", undefined],
  ["Apache 2.0", "Apache-2.0", /Apache-2\.0 is meant/u],
  ["MIT OR Apache License, Version 2.0", "MIT OR Apache-2.0", /MIT OR Apache-2\.0 is meant/u],
  ["MIT Or ISC", "MIT OR ISC", /MIT OR ISC is meant/u],
  ["NONE", undefined, /NONE/u],
  ["NOASSERTION", undefined, /NOASSERTION/u],
  ["MIT OR NOASSERTION", undefined, /NOASSERTION/u],
  ["AdditionRef-own", undefined, /AdditionRef-own/u],
  ["Nobody-1.0", undefined, /Nobody-1\.0, which is not on the SPDX License List/u],
  ["MIT WITH Nobody-exception", undefined, /no exception/u],
  ["(MIT OR ISC) WITH Classpath-exception-2.0", undefined, /more than one licence/u],
  ["MIT ISC", undefined, /MIT ISC/u],
  ["MIT OR", undefined, /ends where/u],
  ["OR MIT", undefined, /no licence before OR/u],
  ["(MIT", undefined, /parenthesis open/u],
  ["MIT)", undefined, /not opened/u],
  ["(MIT) ISC", undefined, /no operator before ISC/u],
  ["()", undefined, /no licence before/u],
  ["", undefined, /ends where/u],
];

test("SPDX expressions are read, made canonical and repaired; in a document each mistake is said", () => {
  for (const [text, expression, problem] of EXPRESSIONS) {
    const read = parseLicence(text);
    assert.deepEqual([read.spdx, read.expression], [expression !== undefined, expression ?? text], text);
    // What is repaired is said: the text as it was found stands beside the expression.
    assert.equal(read.written, expression === undefined || expression === text ? undefined : text);
    if (problem === undefined) assert.equal(expressionProblem(text), undefined, text);
    else assert.match(expressionProblem(text) ?? "", problem, text);
    // What is canonical is no mistake, and stays.
    if (expression !== undefined) {
      assert.equal(expressionProblem(expression), undefined);
      assert.equal(parseLicence(expression).expression, expression);
    }
  }
});
