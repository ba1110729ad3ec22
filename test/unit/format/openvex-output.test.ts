import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parseOpenVex } from "../../../src/format/vex/openvex.ts";
import { compareOutput, scanOutput, verdictOutput, verifyOutput } from "../../../src/format/output.ts";
import type { Finding } from "../../../src/model/advisory.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Verdict } from "../../../src/model/policy.ts";
import type { Json } from "../../../src/model/statement.ts";
import type { Verification } from "../../../src/model/trust.ts";
import { golden } from "../../support/golden.ts";
import { shared } from "../../support/shared.ts";
import { SAMPLE } from "./sboms.ts";

const document = {
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://vex.example/1",
  author: "A Team",
  timestamp: "2026-01-01T00:00:00+01:00",
  version: 1,
  statements: [
    {
      vulnerability: { name: "CVE-2026-1", aliases: ["GHSA-x", "CVE-2026-1"] },
      products: [
        {
          "@id": "pkg:npm/app@1.0.0",
          identifiers: { purl: "pkg:npm/app@1.0.0", cpe23: "cpe:2.3:a:x" },
          subcomponents: [{ "@id": "pkg:npm/left@1.0.0" }],
        },
      ],
      status: "not_affected",
      justification: "component_not_present",
      impact_statement: "gone",
    },
    { vulnerability: { name: "CVE-2026-2" }, status: "fixed", timestamp: "2026-02-01T00:00:00Z" },
  ],
};

function faultOf(change: (copy: typeof document) => unknown): string {
  const copy = structuredClone(document);
  const result = change(copy) ?? copy;
  try {
    parseOpenVex(Buffer.from(JSON.stringify(result)), "v.json");
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.kind} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

const named = (purl: string) => ({ ids: [], purls: [purl], cpes: [], hashes: [] });

test("OpenVEX: ids, products, subcomponents, times", () => {
  const vex = parseOpenVex(Buffer.from(JSON.stringify(document)), "v.json");
  assert.match(vex.digest, /^[0-9a-f]{64}$/);
  assert.deepEqual([vex.author, vex.timestamp], ["A Team", "2025-12-31T23:00:00Z"]);
  assert.deepEqual(vex.statements, [
    {
      vulnerability: { name: "CVE-2026-1", aliases: ["GHSA-x"] },
      products: [
        {
          ...named("pkg:npm/app@1.0.0"),
          cpes: ["cpe:2.3:a:x"],
          subcomponents: [named("pkg:npm/left@1.0.0")],
        },
      ],
      status: "not_affected",
      justification: "component_not_present",
      impact: "gone",
      actions: [],
      evidence: [],
      timestamp: "2025-12-31T23:00:00Z",
    },
    {
      vulnerability: { name: "CVE-2026-2", aliases: [] },
      products: [],
      status: "fixed",
      actions: [],
      evidence: [],
      timestamp: "2026-02-01T00:00:00Z",
    },
  ]);
});

test("OpenVEX that is broken names the place", () => {
  const statement = (change: Record<string, unknown>) => (copy: typeof document) => ({
    ...copy,
    statements: [{ ...copy.statements[0], ...change }],
  });
  const at = (path: string): string => `WB-VEX-FORM input v.json#${path}`;
  assert.equal(
    faultOf((copy) => ({ ...copy, "@context": "https://openvex.dev/ns/v9.9.9" })),
    "WB-VEX-VERSION unchecked v.json",
  );
  assert.equal(
    faultOf((copy) => ({ ...copy, "@context": "https://other.example" })),
    at("/@context"),
  );
  assert.equal(
    faultOf((copy) => ({ ...copy, author: "" })),
    at("/author"),
  );
  assert.equal(
    faultOf((copy) => ({ ...copy, statements: {} })),
    at("/statements"),
  );
  assert.equal(faultOf(statement({ status: "safe" })), at("/statements/0/status"));
  assert.equal(faultOf(statement({ justification: "trust_me" })), at("/statements/0/justification"));
  const bare = { justification: undefined, impact_statement: undefined };
  assert.equal(faultOf(statement(bare)), at("/statements/0/justification"));
  assert.equal(faultOf(statement({ justification: undefined })), "read");
  assert.equal(faultOf(statement({ vulnerability: 1 })), at("/statements/0/vulnerability"));
  assert.equal(faultOf(statement({ vulnerability: {} })), at("/statements/0/vulnerability/name"));
  assert.equal(faultOf(statement({ products: [{}] })), at("/statements/0/products/0/@id"));
  assert.equal(
    faultOf(statement({ products: [{ identifiers: { purl: 1 } }] })),
    at("/statements/0/products/0/identifiers/purl"),
  );
  assert.equal(faultOf(statement({ timestamp: "now" })), at("/statements/0/timestamp"));
});

test("OpenVEX 0.0.1: bare texts, subcomponents for all products", () => {
  const old = {
    "@context": "https://openvex.dev/ns",
    author: "A Team",
    timestamp: "2026-01-01T00:00:00Z",
    statements: [
      { vulnerability: "CVE-1", products: ["pkg:npm/a@1"], subcomponents: ["pkg:npm/b@1"], status: "affected" },
      { vulnerability: "CVE-2", products: null, status: "under_investigation" },
    ],
  };
  const { statements } = parseOpenVex(Buffer.from(JSON.stringify(old)), "v.json");
  assert.deepEqual(
    statements.map(({ vulnerability, products }) => [vulnerability, products]),
    [
      [{ name: "CVE-1", aliases: [] }, [{ ...named("pkg:npm/a@1"), subcomponents: [named("pkg:npm/b@1")] }]],
      [{ name: "CVE-2", aliases: [] }, []],
    ],
  );
});

test("OpenVEX documents of the peers are all read", (t) => {
  const folder = shared(t, "vectors/vex");
  if (folder === undefined) return;
  let read = 0;
  for (const file of globSync(`${folder}/**/*.json`)) {
    const bytes = readFileSync(file);
    const json = JSON.parse(bytes.toString()) as { "@context"?: unknown; statements?: unknown[] };
    if (!String(json["@context"]).startsWith("https://openvex.dev/ns")) continue;
    assert.equal(parseOpenVex(bytes, file).statements.length, json.statements?.length, file);
    read += 1;
  }
  assert.equal(read, 25);
});

const finding: Finding = {
  component: "pkg:npm/left@1.2.3",
  purl: "pkg:npm/left@1.2.3",
  name: "left",
  version: "1.2.3",
  ecosystem: "npm",
  scope: "runtime",
  locations: [{ path: "package-lock.json", line: 12 }, { path: "dist/x.js" }],
  id: "GHSA-x",
  ids: ["CVE-1", "GHSA-x"],
  kind: "vulnerable",
  records: [],
  rating: { risk: 0 },
  severity: "high",
  summary: "a summary",
  url: "https://advisory.example/GHSA-x",
  fixed: ["1.2.4"],
  paths: [["pkg:npm/%40acme/app@1.0.0", "pkg:npm/left@1.2.3"]],
  vex: { status: "affected", author: "a", document: "a".repeat(64), at: "2026-01-01T00:00:00Z" },
};

function pretty(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

test("waybill.scan/1", () => {
  const database = { digest: "c".repeat(64), modified: "2026-01-01T00:00:00Z", sources: [] };
  const { vex: _vex, url: _url, purl: _purl, ...bare } = finding;
  const output = scanOutput("dir:app", SAMPLE, {
    database,
    components: 3,
    findings: [finding, { ...bare, component: "loose", locations: [] }],
    unknown: [{ where: "left", what: "a version that the order does not know" }],
  });
  golden("format/scan.json", pretty(output));
});

test("waybill.verify/1 says nothing of a signer or statement that did not verify", () => {
  const refused: Verification = {
    outcome: "refused",
    paper: "a".repeat(64),
    checks: [
      { name: "signature", outcome: "refused", code: "WB-SIGNATURE-WRONG", expected: "a good one", found: "a bad one" },
      { name: "scope", outcome: "verified" },
    ],
  };
  assert.deepEqual(verifyOutput(refused), {
    schema: "waybill.verify/1",
    outcome: "refused",
    checks: [
      { name: "signature", outcome: "refused", code: "WB-SIGNATURE-WRONG", expected: "a good one", found: "a bad one" },
      { name: "scope", outcome: "verified" },
    ],
    signer: null,
    time: null,
    statement: null,
  });
});

test("waybill.verdict/1 and waybill.compare/1 have their schema names", () => {
  const origin = { origin: "builtin", digest: "a".repeat(64) };
  const verdict: Verdict = {
    station: "package",
    subject: { name: "x", digest: "a".repeat(64) },
    decision: "allow",
    reasons: [],
    inputs: { policy: origin, trust: origin, advisories: null, vex: [] },
    at: "2026-01-01T00:00:00Z",
  };
  assert.equal(verdictOutput(verdict)["schema"], "waybill.verdict/1");
  const difference = { path: "a", cause: "mtime", detail: "d", fix: "f" };
  assert.deepEqual(compareOutput({ outcome: "different", normalised: [], differences: [difference] }), {
    schema: "waybill.compare/1",
    outcome: "different",
    normalised: [],
    differences: [difference],
  });
});
