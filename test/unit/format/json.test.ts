import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { canonicalJson, parseJson, prettyJson } from "../../../src/format/json.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Json } from "../../../src/model/statement.ts";

function faultOf(run: () => unknown): Fault["facts"] {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error.facts;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const broken: readonly (readonly [string, number, string])[] = [
  ["", 1, "the text ends where a value is due"],
  ['{\n  "a": 1,\n}', 3, "a name in double quotes is due here"],
  ['{\n"a" 1}', 2, "`:` is due here"],
  ["[1\n2]", 2, "`,` or `]` is due here"],
  ['{"a":1\n\n"b":2}', 3, "`,` or `}` is due here"],
  ["[1,\n]", 2, "a value is due here"],
  ['\n\n"a\\x"', 3, "an escape that JSON does not know"],
  ['[\n"a\tb"]', 2, "a control character in a string"],
  ['["abc', 1, "the text ends inside a string"],
  ['{"a":{"b":[1,2', 1, "the text ends where `,` or `]` is due"],
  ["{} x", 1, "nothing after the value is due here"],
  ["[01]", 1, "`,` or `]` is due here"],
  ["[tru]", 1, "a value is due here"],
  ['[{},{}\n,{"k":[]}}', 2, "`,` or `]` is due here"],
];

test("a syntax error names file, line and what is due", () => {
  for (const [text, line, what] of broken) {
    const facts = faultOf(() => parseJson(text, "a.json"));
    assert.equal(facts.code, "WB-JSON-SYNTAX");
    assert.equal(facts.where, `a.json:${line}`, text);
    assert.ok(facts.what.includes(what), `${text}: ${facts.what}`);
  }
});

test("every text that JSON.parse refuses gets a place, every other its value", () => {
  const mutated = fc.tuple(fc.json(), fc.nat(), fc.constantFrom("", "}", "]", ",", '"', "\\", "1", "\n", ":"));
  fc.assert(
    fc.property(mutated, ([json, at, piece]) => {
      const text = json.slice(0, at % (json.length + 1)) + piece + json.slice((at % (json.length + 1)) + 1);
      let expected: { value: unknown } | undefined;
      try {
        expected = { value: JSON.parse(text) };
      } catch {
        expected = undefined;
      }
      if (expected !== undefined) assert.deepEqual(parseJson(text, "x"), expected.value);
      else assert.match(faultOf(() => parseJson(text, "x")).where ?? "", /^x:\d+$/);
    }),
  );
});

test("bounds: size, depth, encoding", () => {
  assert.equal(faultOf(() => parseJson("[1,2,3]", "x", { maxBytes: 6 })).code, "WB-JSON-TOO-LARGE");
  assert.deepEqual(parseJson("[1,2,3]", "x", { maxBytes: 7 }), [1, 2, 3]);
  const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  parseJson(deep(200), "x");
  assert.equal(faultOf(() => parseJson(deep(201), "x")).code, "WB-JSON-TOO-DEEP");
  assert.equal(faultOf(() => parseJson("[".repeat(1_000_000), "x")).code, "WB-JSON-TOO-DEEP");
  parseJson(`{"${"[".repeat(300)}":"\\"${"{".repeat(300)}"}`, "x");
  assert.equal(faultOf(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]), "x")).code, "WB-JSON-UTF8");
  assert.deepEqual(parseJson(new Uint8Array([0xef, 0xbb, 0xbf, 0x31]), "x"), 1);
});

test("`__proto__` and `constructor` are names like any other", () => {
  const value = parseJson('{"__proto__":{"polluted":true},"constructor":1}', "x") as Record<string, Json>;
  assert.ok(Object.hasOwn(value, "__proto__"));
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(canonicalJson(value), '{"__proto__":{"polluted":true},"constructor":1}');
});

test("canonical form: the rules of RFC 8785", () => {
  assert.equal(
    canonicalJson(
      JSON.parse('{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}') as Json,
    ),
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
  );
  assert.equal(
    canonicalJson([Number("333333333.33333329"), 1e30, 4.5, 2e-3, 1e-27, -0, 1e21]),
    "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21]",
  );
  assert.equal(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/'), '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
  assert.equal(faultOf(() => canonicalJson({ a: "\ud800" })).code, "WB-JSON-CANONICAL");
  assert.equal(faultOf(() => canonicalJson({ "\udc00": 1 })).code, "WB-JSON-CANONICAL");
  assert.equal(faultOf(() => canonicalJson([Number.NaN])).code, "WB-JSON-CANONICAL");
});

test("canonical form: one text for one value, whatever the order of names", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value as Json);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(reversed(JSON.parse(text) as Json)), text);
    }),
  );
});

function reversed(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member as Json)]),
  );
}

test("pretty form: two blanks, a final line feed, names as given", () => {
  assert.equal(prettyJson({ b: 1, a: [] }), '{\n  "b": 1,\n  "a": []\n}\n');
});
