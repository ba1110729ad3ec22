import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { joinProducts, vexComponent } from "../../src/format/vex/component.ts";
import { parseVex } from "../../src/format/vex/read.ts";
import { JUSTIFICATION_OF, JUSTIFICATIONS } from "../../src/format/vex/words.ts";
import { Fault } from "../../src/model/fault.ts";
import type { VexAction, VexComponent, VexDocument, VexStatement } from "../../src/model/vex.ts";
import { assertValid, cyclonedxValidator, validatorOf } from "../support/schemas.ts";
import { shared } from "../support/shared.ts";
import { said, through } from "../support/vex.ts";
import { STATEMENTS } from "../unit/format/statements-sample.ts";
import { validateCsaf } from "../../src/format/csaf/validate.ts";

const date = fc
  .integer({ min: 1, max: 2_000 })
  .map((days) => new Date(days * 86_400_000 + 1_600_000_000_000))
  .map((one) => `${one.toISOString().slice(0, 19)}Z`);
const words = fc
  .array(fc.constantFrom("never", "called", "ünïcode", "<b>", '"quoted"', "a: b", "Waybill", "\n\n", "&amp;"), {
    minLength: 1,
    maxLength: 5,
  })
  .map((list) =>
    list
      .join(" ")
      .trim()
      .replaceAll(/ *\n\n */gu, "\n\n"),
  )
  .filter((text) => text !== "");
const maybe = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((one) => (one === undefined ? {} : { [key]: one }));
const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Record<string, unknown>);

const component: fc.Arbitrary<VexComponent> = fc
  .record({
    name: fc.constantFrom("a", "b", "c"),
    version: fc.constantFrom("", "@1.0.0", "@2.0.0"),
    range: fc.constantFrom(undefined, "vers:npm/<2.0.0", "vers:npm/>=1.0.0|<1.5.0", "vers:npm/1.2.3"),
    hash: fc.constantFrom(undefined, "a".repeat(64), "b".repeat(64)),
    cpe: fc.constantFrom(undefined, "cpe:2.3:a:example:a:1.0:*:*:*:*:*:*:*"),
  })
  .map(({ name, version, range, hash, cpe }) =>
    vexComponent({
      names: [`pkg:npm/${name}${version}`],
      ...(cpe !== undefined && { cpes: [cpe] }),
      ...(hash !== undefined && { hashes: [{ algorithm: "sha-256", value: hash }] }),
      ...(range !== undefined && version === "" && { versions: range }),
    }),
  );
/** OpenVEX and the others have one text of an action; CSAF has an action of its own kind for each. */
const action: fc.Arbitrary<VexAction> = merged(
  fc.record({ text: words.map((text) => `Do: ${text}`) }),
  maybe("at", date),
).map((one) => one as unknown as VexAction);

function statement(index: number): fc.Arbitrary<VexStatement> {
  const common = merged(
    fc.record({
      vulnerability: merged(
        fc.constant({
          name: `CVE-2026-${1000 + index}`,
          aliases: index % 2 === 0 ? [] : [`GHSA-aaaa-bbbb-ccc${index}`],
        }),
        maybe("description", words),
        maybe("id", fc.constant(`https://cve.example/${index}`)),
      ),
      products: fc.array(
        fc.record({ product: component, parts: fc.array(component, { maxLength: 2 }) }).map(({ product, parts }) => ({
          ...product,
          subcomponents: parts,
        })),
        { minLength: 1, maxLength: 3 },
      ),
      evidence: fc.uniqueArray(fc.constantFrom("https://ci.example/1", `sha256:${"c".repeat(64)}`), { maxLength: 2 }),
      timestamp: date,
    }),
    maybe(
      "notes",
      words.map((text) => `Note: ${text}`),
    ),
    maybe("supplier", fc.constant("Example")),
    maybe("author", fc.constant("A colleague")),
    maybe("lastUpdated", date),
    maybe("expires", date),
    maybe("carryOver", fc.constantFrom("none", "minor", "major", "until fixed")),
  );
  const kind = fc.oneof(
    fc.record({
      status: fc.constant("not_affected"),
      justification: fc.constantFrom(...JUSTIFICATIONS),
      impact: words,
      actions: fc.constant([]),
    }),
    fc.record({
      status: fc.constant("not_affected"),
      justification: fc.constantFrom(...JUSTIFICATIONS),
      actions: fc.constant([]),
    }),
    fc
      .constantFrom(...Object.entries(JUSTIFICATION_OF))
      .map(([finer, justification]) => ({ status: "not_affected", justification, finer, actions: [] })),
    fc.record({
      status: fc.constant("not_affected"),
      impact: words,
      exact: fc.constant("false_positive"),
      actions: fc.constant([]),
    }),
    fc.record({ status: fc.constant("affected"), actions: fc.tuple(action) }),
    fc.record({ status: fc.constant("affected"), exact: fc.constant("last_affected"), actions: fc.tuple(action) }),
    fc.record({ status: fc.constantFrom("fixed", "under_investigation"), actions: fc.constant([]) }),
    fc.record({
      status: fc.constant("fixed"),
      exact: fc.constantFrom("first_fixed", "resolved_with_pedigree"),
      actions: fc.constant([]),
    }),
  );
  return fc.tuple(common, kind).map(([a, b]) => {
    const one = { ...a, ...b } as unknown as VexStatement;
    return { ...one, products: joinProducts(one.products) };
  });
}

const documents = fc
  .tuple(statement(0), statement(1), statement(2))
  .map((statements): VexDocument => ({ ...STATEMENTS, statements }));

for (const [first, second, third] of [
  ["openvex", "csaf", "openvex"],
  ["openvex", "cyclonedx-json", "csaf"],
  ["csaf", "cyclonedx-xml", "openvex"],
] as const) {
  test(`nothing is lost from ${first} by ${second} to ${third}`, async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const one = await through(document, first, undefined);
        const two = await through(one.read, second, undefined);
        const three = await through(two.read, third, undefined);
        // OpenVEX has no place for the publisher's name space, which CSAF demands.
        const lost = [...one.lost, ...two.lost, ...three.lost].filter((line) => !line.includes("namespace"));
        assert.deepEqual(lost, []);
        assert.deepEqual(said(three.read.statements), said(document.statements));
      }),
      { numRuns: 40 },
    );
  });
}

/** What a document of the vectors may lose on its way; all of it is named. */
const LOST: Readonly<Record<string, RegExp>> = {
  csaf: /^(?:the author's role|.*affected without an action|.*an older statement|.*a statement without a product|.*an action for a product that is not affected)/u,
  openvex: /^(?:the document's (?:title|namespace)|the name |.*the kind of an action|.*affected without an action)/u,
};

test("VEX documents of the peers: all are read, and go through every form", async (t) => {
  const folder = shared(t, "vectors/vex");
  if (folder === undefined) return;
  let read = 0;
  let same = 0;
  let all = 0;
  let refused = 0;
  for (const file of globSync(`${folder}/**/*.{json,yaml}`).sort()) {
    if (/schema\.json$|\.sarif\.json$/u.test(file)) continue;
    const document = await parseVex(readFileSync(file), basename(file));
    assert.ok(document.statements.length > 0, file);
    read += 1;
    for (const [form, version] of [
      ["openvex", undefined],
      ["csaf", "2.0"],
      ["csaf", "2.1"],
      ["cyclonedx-json", "1.4"],
      ["cyclonedx-json", "1.7"],
      ["cyclonedx-xml", "1.6"],
    ] as const) {
      all += 1;
      // CSAF wants products, and two of these documents name none.
      if (form === "csaf" && document.statements.every(({ products }) => products.length === 0)) {
        await assert.rejects(
          through(document, form, version),
          (error) => error instanceof Fault && error.facts.code === "WB-VEX-INCOMPLETE",
        );
        refused += 1;
        continue;
      }
      const { read: back, lost } = await through(document, form, version);
      const known = LOST[form];
      for (const line of lost) assert.ok(known?.test(line), `${basename(file)} to ${form}: ${line}`);
      const changing = lost.some((line) =>
        /^the name |older statement|without a product|the kind of|an action for/u.test(line),
      );
      if (changing) continue;
      assert.deepEqual(said(back.statements), said(document.statements), `${file} by ${form} ${version ?? ""}`);
      same += 1;
    }
  }
  t.diagnostic(
    `${read} documents read; ${same} of ${all} ways lose nothing, ${refused} are refused, the rest name what they lose`,
  );
  assert.deepEqual([read, same, refused, all], [32, 178, 4, 192]);
});

test("what is written is valid by the schemas of OpenVEX and CycloneDX", async (t) => {
  const folder = shared(t, "vectors/vex");
  if (folder === undefined) return;
  assertValid(cyclonedxValidator(), JSON.parse((await through(STATEMENTS, "cyclonedx-json", "1.6")).text));
  const { $schema: _dialect, ...schema } = JSON.parse(
    readFileSync(`${folder}/openvex_json_schema.json`, "utf8"),
  ) as Record<string, unknown>;
  const validate = validatorOf(schema);
  assertValid(validate, JSON.parse((await through(STATEMENTS, "openvex", undefined)).text));
  let written = 0;
  for (const file of globSync(`${folder}/**/*.{json,yaml}`).sort()) {
    if (/schema\.json$|\.sarif\.json$/u.test(file)) continue;
    const document = await parseVex(readFileSync(file), basename(file));
    assertValid(validate, JSON.parse((await through(document, "openvex", undefined)).text), file);
    written += 1;
  }
  t.diagnostic(`${written} documents of the vectors, each written in OpenVEX 0.2.0, are valid`);
  assert.equal(written, 32);
});

test("what is written in CSAF passes the schema and all mandatory tests", async (t) => {
  const folder = shared(t, "vectors/vex");
  if (folder === undefined) return;
  const files = globSync(`${folder}/**/*.{json,yaml}`)
    .sort()
    .filter((file) => !/schema\.json$|\.sarif\.json$/u.test(file));
  const documents = [STATEMENTS];
  for (const file of files) documents.push(await parseVex(readFileSync(file), basename(file)));
  let valid = 0;
  for (const document of documents.filter(({ statements }) => statements.some(({ products }) => products.length > 0))) {
    for (const version of ["2.0", "2.1"] as const) {
      const { text } = await through(document, "csaf", version);
      const report = validateCsaf(Buffer.from(text), "v", { groups: ["mandatory"] });
      assert.deepEqual(
        report.problems.filter(({ fails }) => fails),
        [],
      );
      valid += 1;
    }
  }
  t.diagnostic(`${valid} documents written in CSAF 2.0 and 2.1 pass every mandatory test`);
  assert.equal(valid, 62);
});
