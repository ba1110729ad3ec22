import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test, type TestContext } from "node:test";
import * as fc from "fast-check";
import { cyclonedxDocument } from "../../src/format/cyclonedx.ts";
import {
  type CycloneDxDocument,
  parseCycloneDxDocument,
  printCycloneDxDocument,
  validateCycloneDx,
} from "../../src/format/cyclonedx/document.ts";
import { CYCLONEDX_VERSIONS } from "../../src/format/cyclonedx/form.ts";
import type { Lost, Problem } from "../../src/format/cyclonedx/problem.ts";
import { statedByCycloneDx } from "../../src/format/score/cyclonedx.ts";
import { scoreByAll } from "../../src/format/score/score.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Json } from "../../src/model/statement.ts";
import { shared } from "../support/shared.ts";
import { anySbom, META, SAMPLE } from "../unit/format/sboms.ts";

interface Vector {
  readonly name: string;
  readonly bytes: Buffer;
}

const SYNTAXES = ["json", "xml"] as const;

function vectors(t: TestContext, pattern: string): readonly Vector[] {
  const folder = shared(t, "vectors/cyclonedx-spec");
  if (folder === undefined) return [];
  return globSync(`${folder}/*/${pattern}`)
    .toSorted()
    .map((file) => ({ name: `${basename(file)}`, bytes: readFileSync(file) }));
}

function against(problems: readonly Problem[], code: string): readonly Problem[] {
  return problems.filter((problem) => problem.code === code);
}

/** Doubled references are against XML's schema, but only against the text in JSON: there they are no matter of conversion. */
function schemaProblems(read: CycloneDxDocument): readonly Problem[] {
  const problems = against(validateCycloneDx(read), "WB-CYCLONEDX-SCHEMA");
  return problems.filter(({ expected }) => !expected.startsWith("a reference of its own"));
}

/**
 * What two documents say alike: no list is as good as an empty one, one identity as a list of one, no value of a property as an
 * empty one; the order of members, `$schema` and the members that say which syntax it is do not count.
 */
function meaning(value: Json): Json {
  if (Array.isArray(value)) return value.map(meaning);
  if (value === null || typeof value !== "object") return value;
  const out: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (["$schema", "bomFormat", "specVersion"].includes(name)) continue;
    if ((Array.isArray(member) && member.length === 0) || (name === "value" && member === "")) continue;
    out[name] = name === "identity" && !Array.isArray(member) ? [meaning(member)] : meaning(member);
  }
  return out;
}

/** The document without what a conversion listed as lost; later items first, so that numbers stay right. */
function without(document: Json, lost: readonly Lost[]): Json {
  const copy = structuredClone(document) as Record<string, Json>;
  const paths = lost.map(({ path }) =>
    path
      .split("/")
      .slice(1)
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")),
  );
  for (const keys of paths.toSorted((a, b) => b.join("/").localeCompare(a.join("/"), "en", { numeric: true }))) {
    let holder: unknown = copy;
    for (const key of keys.slice(0, -1)) holder = (holder as Record<string, unknown> | undefined)?.[key];
    const last = keys.at(-1);
    if (last === undefined || holder === undefined || holder === null) continue;
    // What only XML has is named among the items: `/components/foo:bar`.
    if (Array.isArray(holder)) holder.splice(/^\d+$/.test(last) ? Number(last) : holder.length, 1);
    else delete (holder as Record<string, unknown>)[last];
  }
  return copy;
}

test("CycloneDX: the verdict of each of the specification's 601 documents", (t) => {
  const counts = { valid: 0, invalid: 0, informal: 0 };
  for (const { name, bytes } of vectors(t, "*.{json,xml}")) {
    const verdict = name.startsWith("valid-") ? "valid" : name.startsWith("invalid-") ? "invalid" : "informal";
    counts[verdict] += 1;
    let problems: readonly Problem[];
    try {
      problems = validateCycloneDx(parseCycloneDxDocument(bytes, name));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      assert.equal(verdict, "invalid", `${name}: ${error.facts.code} ${error.facts.what}`);
      assert.match(error.facts.where ?? "", /^invalid-/);
      continue;
    }
    const schema = against(problems, "WB-CYCLONEDX-SCHEMA");
    const shown = `${name}: ${JSON.stringify(schema[0] ?? problems[0])}`;
    if (verdict === "valid") assert.equal(schema.length, 0, shown);
    else if (verdict === "informal") assert.deepEqual([schema.length, problems.length > 0], [0, true], shown);
    else {
      assert.notEqual(schema.length, 0, name);
      for (const { path, line } of schema) {
        if (name.endsWith(".xml")) assert.ok(/^\/bom(?:\/|$)/.test(path) && line !== undefined && line > 0, shown);
        else assert.match(path, /^(?:$|\/)/, shown);
      }
    }
  }
  if (counts.valid > 0) assert.deepEqual(counts, { valid: 376, invalid: 223, informal: 2 });
});

test("CycloneDX: every valid document survives read → write, and the way over the other syntax", (t) => {
  let through = 0;
  for (const { name, bytes } of vectors(t, "valid-*")) {
    const read = parseCycloneDxDocument(bytes, name);
    const printed = printCycloneDxDocument(read);
    const again = parseCycloneDxDocument(printed.bytes, name);
    assert.deepEqual([printed.lost, again.document], [[], read.document], name);
    assert.deepEqual(again.extensions.map(plainExtension), read.extensions.map(plainExtension), name);
    assert.deepEqual(printCycloneDxDocument(again).bytes, printed.bytes, name);

    const there = printCycloneDxDocument(read, { syntax: read.syntax === "json" ? "xml" : "json" });
    const other = parseCycloneDxDocument(there.bytes, name);
    assert.deepEqual(schemaProblems(other), [], name);
    const back = printCycloneDxDocument(other, { syntax: read.syntax });
    const home = parseCycloneDxDocument(back.bytes, name);
    // Only what was listed may be missing; where nothing was, all is there.
    const kept = without(read.document, there.lost);
    assert.deepEqual(meaning(without(home.document, [])), meaning(without(kept, back.lost)), name);
    if (there.lost.length === 0 && back.lost.length === 0) through += 1;
  }
  t.diagnostic(`${through} documents lose nothing on the way over the other syntax and back`);
});

function plainExtension({ path, element, attribute }: CycloneDxDocument["extensions"][number]): unknown {
  return {
    path,
    attribute,
    element: element && {
      ...element,
      line: 0,
      children: JSON.stringify(element.children).replaceAll(/"line":\d+/g, ""),
    },
  };
}

test("CycloneDX: every valid document, in every version and syntax, is valid there", (t) => {
  let conversions = 0;
  for (const { name, bytes } of vectors(t, "valid-*")) {
    const read = parseCycloneDxDocument(bytes, name);
    for (const version of CYCLONEDX_VERSIONS) {
      for (const syntax of SYNTAXES) {
        const { bytes: converted, lost } = printCycloneDxDocument(read, { version, syntax });
        const target = parseCycloneDxDocument(converted, name);
        assert.deepEqual([target.version, target.syntax], [version, syntax]);
        assert.deepEqual(schemaProblems(target), [], `${name} as ${version} ${syntax}`);
        for (const { path, reason } of lost) assert.ok(reason.length > 0 && /^(?:$|\/)/.test(path), name);
        conversions += 1;
      }
    }
  }
  t.diagnostic(`${conversions} conversions`);
});

test("CycloneDX: what we write is valid in every version and syntax, and comes back over XML", () => {
  const check = (sbom: typeof SAMPLE): void => {
    const document = cyclonedxDocument(sbom, META);
    const made = { version: "1.6", syntax: "json", document, extensions: [] } as const;
    for (const version of CYCLONEDX_VERSIONS) {
      for (const syntax of SYNTAXES) {
        const target = parseCycloneDxDocument(printCycloneDxDocument(made, { version, syntax }).bytes, "x");
        assert.deepEqual(schemaProblems(target), [], `${version} ${syntax}`);
      }
    }
    const xml = printCycloneDxDocument(made, { syntax: "xml" });
    const back = printCycloneDxDocument(parseCycloneDxDocument(xml.bytes, "x"), { syntax: "json" });
    assert.deepEqual([xml.lost, back.lost], [[], []]);
    assert.deepEqual(meaning(parseCycloneDxDocument(back.bytes, "x").document), meaning(document));
  };
  check(SAMPLE);
  fc.assert(fc.property(anySbom, check), { numRuns: 100 });
});

/** Changes that a careless or hostile hand makes, from a seed: the same every time. */
function mutate(bytes: Buffer, random: () => number, all: readonly Vector[]): Buffer {
  const at = (length: number): number => Math.floor(random() * length);
  const copy = Buffer.from(bytes);
  const [from, to] = [at(copy.length), at(copy.length)].sort((a, b) => a - b) as [number, number];
  const piece = (): Buffer => {
    const other = all[at(all.length)]?.bytes ?? copy;
    const start = at(other.length);
    return other.subarray(start, start + at(80));
  };
  switch (at(6)) {
    case 0:
      copy[from] = at(256);
      return copy;
    case 1:
      return Buffer.concat([copy.subarray(0, from), copy.subarray(from + at(12))]);
    case 2:
      return Buffer.concat([copy.subarray(0, from), piece(), copy.subarray(from)]);
    case 3:
      return Buffer.concat([copy.subarray(0, to), copy.subarray(from)]);
    case 4:
      return copy.subarray(0, from);
    default: {
      const words = [
        "null",
        "[]",
        "{}",
        '""',
        "-1",
        "1e999",
        "true",
        "<a/>",
        "</bom>",
        "&lt;",
        "\0",
        "\u202e",
        '"__proto__":',
      ];
      return Buffer.concat([copy.subarray(0, from), Buffer.from(words[at(words.length)] ?? ""), copy.subarray(to)]);
    }
  }
}

/** Whole values exchanged: most stay documents, which bytes seldom do. */
function graft(value: Json, random: () => number, parts: readonly Json[]): Json {
  const copy = structuredClone(value);
  const holders: (Json[] | Record<string, Json>)[] = [];
  const walk = (one: Json): void => {
    if (one === null || typeof one !== "object") return;
    holders.push(one as Record<string, Json>);
    for (const member of Object.values(one)) walk(member as Json);
  };
  walk(copy);
  const holder = holders[Math.floor(random() * holders.length)] as Record<string, Json>;
  const keys = Object.keys(holder);
  const key = keys[Math.floor(random() * keys.length)];
  if (key !== undefined) holder[key] = structuredClone(parts[Math.floor(random() * parts.length)] ?? null);
  return copy;
}

test("CycloneDX: 6,000 mutated documents give problems or faults, and convert or not, in bounded time", (t) => {
  const all = vectors(t, "*.{json,xml}");
  if (all.length === 0) return;
  let seed = 20_260_131;
  const random = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const parts: Json[] = [null, 1, "", "x", true, [], {}, [[]], [{}], { ref: "x" }, ["x"]];
  const documents: Json[] = [];
  for (const { bytes, name } of all) {
    if (!name.startsWith("valid-") || !name.endsWith(".json")) continue;
    const document = JSON.parse(bytes.toString("utf8")) as Record<string, Json>;
    documents.push(document);
    parts.push(...Object.values(document));
  }
  const outcomes = { fault: 0, problems: 0, valid: 0 };
  let slowest = 0;
  const judge = (bytes: Buffer): void => {
    const start = performance.now();
    try {
      const read = parseCycloneDxDocument(bytes, "x");
      outcomes[validateCycloneDx(read).length === 0 ? "valid" : "problems"] += 1;
      scoreByAll(statedByCycloneDx(read));
      const version = CYCLONEDX_VERSIONS[Math.floor(random() * CYCLONEDX_VERSIONS.length)] ?? "1.6";
      for (const syntax of SYNTAXES)
        parseCycloneDxDocument(printCycloneDxDocument(read, { version, syntax }).bytes, "y");
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      assert.doesNotMatch(error.facts.where ?? "", /^y/, "what is printed can be read");
      outcomes.fault += 1;
    }
    slowest = Math.max(slowest, performance.now() - start);
  };
  for (let round = 0; round < 4000; round += 1) {
    judge(mutate(all[Math.floor(random() * all.length)]?.bytes ?? Buffer.alloc(0), random, all));
  }
  for (let round = 0; round < 2000; round += 1) {
    judge(Buffer.from(JSON.stringify(graft(documents[round % documents.length] ?? null, random, parts))));
  }
  t.diagnostic(`${JSON.stringify(outcomes)}, the slowest ${Math.round(slowest)} ms`);
  assert.ok(outcomes.fault > 500 && outcomes.problems > 500 && outcomes.valid > 100, JSON.stringify(outcomes));
  assert.ok(slowest < 2_000, `the slowest took ${slowest} ms`);
});
