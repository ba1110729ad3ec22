import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { matchPurl, npmPurl, parsePurl, printPurl, type PurlParts } from "../../../src/artifact/purl.ts";
import { Fault } from "../../../src/model/fault.ts";
import { shared } from "../../support/shared.ts";

interface Case {
  readonly description: string;
  readonly test_group: "required" | "recommended";
  readonly test_type: "parse" | "build" | "validate";
  readonly input: string | Record<string, unknown>;
  readonly expected_output?: string | Record<string, unknown>;
  readonly expected_failure: boolean;
}

/** The parts without nulls, as the model has them. */
function present(parts: Record<string, unknown>): PurlParts {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null)) as unknown as PurlParts;
}

function answer(test: Case): string | PurlParts {
  if (typeof test.input !== "string") return printPurl(present(test.input));
  if (test.test_type === "parse") return parsePurl(test.input, test.test_group === "recommended");
  return printPurl(parsePurl(test.input, true));
}

const invalid = (error: unknown): boolean => error instanceof Fault && error.facts.code === "WB-PURL-INVALID";

describe("package URLs", () => {
  it("gives the answer of every case of the specification's test suite", (t) => {
    const folder = shared(t, "vectors/purl");
    if (folder === undefined) return;
    let run = 0;
    for (const part of ["spec", "types"]) {
      const files: readonly string[] = readdirSync(join(folder, part));
      for (const file of files) {
        const { tests } = JSON.parse(readFileSync(join(folder, part, file), "utf8")) as { tests: Case[] };
        for (const test of tests) {
          run += 1;
          const label: string = `${file}: ${test.test_type} ${JSON.stringify(test.input)}`;
          if (test.expected_failure) assert.throws(() => answer(test), invalid, label);
          else {
            const expected = test.expected_output;
            assert.deepEqual(answer(test), typeof expected === "object" ? present(expected) : expected, label);
          }
        }
      }
    }
    assert.equal(run, 586);
  });

  it("what is printed parses to the same parts", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/u);
    fc.assert(
      fc.property(word, word, fc.option(word, { nil: undefined }), (namespace, name, version) => {
        const parts: PurlParts = {
          type: "npm",
          namespace: `@${namespace}`,
          name,
          ...(version !== undefined && { version }),
        };
        assert.deepEqual(parsePurl(printPurl(parts)), parts);
      }),
    );
  });

  it("a pattern without a version fits every version, and a scope is escaped as the specification says", () => {
    assert.equal(npmPurl("@acme/app", "1.0.0"), "pkg:npm/%40acme/app@1.0.0");
    assert.equal(matchPurl("pkg:npm/%40acme/*", "pkg:npm/%40acme/app@1.0.0"), true);
    assert.equal(matchPurl("pkg:npm/app", "pkg:npm/app@2.0.0"), true);
    assert.equal(matchPurl("pkg:npm/app@1.0.0", "pkg:npm/app@2.0.0"), false);
    assert.equal(matchPurl("pkg:npm/app", "pkg:npm/apple@2.0.0"), false);
  });
});
