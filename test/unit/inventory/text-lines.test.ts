import assert from "node:assert/strict";
import { test } from "node:test";
import { TextLines } from "../../../src/inventory/text-lines.ts";

test("pieces in their order, in either spelling, have their lines; what is not there has none", () => {
  const lines = new TextLines('a: 1\n"b":2\nc: 3\n\nb: 9\n');
  const of = (name: string): number | undefined => lines.next(`${name}: `, `"${name}":`);
  assert.deepEqual([of("a"), of("b"), of("c"), of("d"), of("b"), of("a")], [1, 2, 3, undefined, 5, undefined]);
});
