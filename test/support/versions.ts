import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { VersionOrder } from "../../src/model/advisory.ts";

/** An ecosystem of each order. */
export const ORDERED: readonly string[] =
  "npm,crates.io,Go,Pub,Julia,Bitnami,ConanCenter,PyPI,RubyGems,Maven,NuGet,Packagist,Hackage,CRAN,opam,Debian,Red Hat,Alpine,FreeBSD,Homebrew,Android,Linux,Root:npm,Echo".split(
    ",",
  );

/** `A < B`, `A = B` or `A > B`. */
export type Relation = readonly [a: string, relation: string, b: string];

/** The lines of a file of version comparisons, without its comments. */
export function relationsOf(path: string): readonly Relation[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .filter((line) => line !== "" && !/^(?:#|\/\/) /.test(line))
    .map((line) => {
      const [a = "", relation = "", b = "", ...rest] = line.split(" ");
      assert.deepEqual(rest, [], line);
      return [a, relation, b];
    });
}

/** What an order says of two versions. */
export function relation(order: VersionOrder, a: string, b: string): string {
  const difference = order.compare(a, b);
  assert.ok(!Number.isNaN(difference), `${a} ${b}`);
  return difference < 0 ? "<" : difference > 0 ? ">" : "=";
}

/** Each line holds, read in both directions. */
export function assertRelations(order: VersionOrder, lines: readonly string[]): void {
  const turned: Readonly<Record<string, string>> = { "<": ">", "=": "=", ">": "<" };
  for (const line of lines) {
    const [a = "", expected = "", b = ""] = line.split(" ");
    assert.ok(order.valid(a), `${order.ecosystem}: ${a}`);
    assert.ok(order.valid(b), `${order.ecosystem}: ${b}`);
    assert.equal(relation(order, a, b), expected, `${order.ecosystem}: ${line}`);
    assert.equal(relation(order, b, a), turned[expected], `${order.ecosystem}: ${line}, turned`);
  }
}

/** Sorts, and asserts that any two then stand as their places say: what no order without a circle can fail. */
export function assertTotal(order: VersionOrder, versions: readonly string[]): void {
  const sorted = versions.toSorted(order.compare);
  for (const [at, a] of sorted.entries()) {
    assert.equal(order.compare(a, a), 0, a);
    for (const b of sorted.slice(at + 1)) {
      assert.ok(order.compare(a, b) <= 0 && order.compare(b, a) >= 0, `${order.ecosystem}: ${a} before ${b}`);
      assert.equal(order.compare(a, b) === 0, order.compare(b, a) === 0, `${order.ecosystem}: ${a} and ${b}`);
    }
  }
}
