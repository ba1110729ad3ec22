import assert from "node:assert/strict";
import { test } from "node:test";
import { readEarlier, sinceEarlier } from "../../../src/advisory/since.ts";
import { rootPlace } from "../../../src/format/shape.ts";
import type { Finding } from "../../../src/model/advisory.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Json } from "../../../src/model/statement.ts";

const earlier = (name: string, ids: readonly string[], vex: Json = null): Json => ({
  component: { purl: null, name, version: "1.0.0", ecosystem: "npm" },
  advisory: { id: ids[0] ?? "", ids },
  vex,
});
const now = (name: string, ids: readonly string[], stated = false): Finding =>
  ({
    name,
    ecosystem: "npm",
    version: "2.0.0",
    id: ids[0],
    ids,
    ...(stated && { vex: { status: "fixed", author: "a", document: "d" } }),
  }) as unknown as Finding;

function since(before: readonly Json[], findings: readonly Finding[]) {
  const document = { schema: "waybill.scan/1", findings: before };
  return sinceEarlier(readEarlier(document, rootPlace("x")), findings);
}

test("known is what the same package had under one of its ids, in whatever version", () => {
  const { told, fresh, known, gone } = since(
    [earlier("a", ["GHSA-1", "CVE-1"]), earlier("b", ["GHSA-2"])],
    [now("a", ["CVE-1", "OTHER-1"]), now("a", ["GHSA-9"]), now("c", ["GHSA-2"])],
  );
  assert.deepEqual([told.map(({ id }) => id), fresh, known], [["GHSA-9", "GHSA-2"], 2, 1]);
  assert.deepEqual(gone, ["GHSA-2 in b"]);
});

test("what had a statement that counts no more is told again", () => {
  const before = [earlier("a", ["GHSA-1"], { status: "affected" })];
  assert.deepEqual(since(before, [now("a", ["GHSA-1"])]).again, 1);
  assert.deepEqual(since(before, [now("a", ["GHSA-1"], true)]).known, 1);
});

test("scans of several sources are read, and what is no scan is refused", () => {
  const scan = { schema: "waybill.scan/1", findings: [earlier("a", ["GHSA-1"])] };
  assert.equal(readEarlier({ schema: "waybill.scans/1", scans: [scan, scan] }, rootPlace("x")).length, 2);
  for (const bad of [{}, { schema: "waybill.sbom/1" }, { schema: "waybill.scan/1", findings: [{}] }]) {
    assert.throws(() => readEarlier(bad, rootPlace("x")), Fault);
  }
});
