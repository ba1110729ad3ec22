import assert from "node:assert/strict";
import { test } from "node:test";
import { cyclonedxDocument } from "../../../src/format/cyclonedx.ts";
import { prettyJson } from "../../../src/format/json.ts";
import { printSbom, SBOM_FORMS } from "../../../src/format/sbom-forms.ts";
import { spdxDocument } from "../../../src/format/spdx.ts";
import { readStated } from "../../../src/format/score/read.ts";
import { RULE_SETS, type RuleSetName } from "../../../src/format/score/rule-sets.ts";
import { scoreBy, scoreByAll } from "../../../src/format/score/score.ts";
import { Fault } from "../../../src/model/fault.ts";
import { META, SAMPLE } from "./sboms.ts";

type Shape = Record<string, unknown>;

async function red(document: unknown, set: RuleSetName): Promise<readonly string[]> {
  const stated = await readStated(Buffer.from(JSON.stringify(document)), "x.json");
  const score = scoreBy(set, stated);
  assert.equal(
    score.met,
    score.elements.every(({ element, have, asked }) => element.level !== "required" || have === asked),
  );
  return score.elements.filter(({ have, asked }) => have !== asked).map(({ element }) => element.fact);
}

const contact = { name: "Acme", contact: [{ name: "Release", email: "release@acme.example" }] };
const sha512 = [{ alg: "SHA-512", content: "a".repeat(128) }];

/** A component with all that the three rule sets ask for, in fresh objects. */
function component(ref: string): Shape {
  const bsi = { filename: `${ref}.tgz`, executable: "non-executable", archive: "archive", structured: "structured" };
  return structuredClone({
    type: "library",
    "bom-ref": ref,
    name: ref,
    version: "1.0.0",
    purl: `pkg:npm/${ref}@1.0.0`,
    manufacturer: contact,
    hashes: sha512,
    licenses: [
      { license: { id: "MIT", acknowledgement: "concluded" } },
      { license: { id: "MIT", acknowledgement: "declared" } },
    ],
    externalReferences: [
      { type: "distribution", url: `https://acme.example/${ref}.tgz` },
      { type: "source-distribution", url: `https://acme.example/${ref}.src.tgz`, hashes: sha512 },
      { type: "rfc-9116", url: "https://acme.example/.well-known/security.txt" },
    ],
    properties: [
      ...Object.entries(bsi).map(([name, value]) => ({ name: `bsi:component:${name}`, value })),
      { name: "bsi:component:effectiveLicense", value: "MIT" },
    ],
  });
}

function cyclonedx(change: (document: Shape, one: Shape) => void = () => {}, specVersion = "1.6"): Shape {
  const [subject, one] = [component("app"), component("one")];
  const document: Shape = {
    bomFormat: "CycloneDX",
    specVersion,
    serialNumber: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    metadata: {
      timestamp: "2026-01-02T03:04:05Z",
      lifecycles: [{ phase: "build" }],
      authors: [{ name: "Ann", email: "ann@acme.example" }],
      tools: { components: [{ type: "application", name: "t" }] },
      component: subject,
    },
    components: [one],
    dependencies: [{ ref: "app", dependsOn: ["one"] }, { ref: "one" }],
    compositions: [{ aggregate: "complete", dependencies: ["app", "one"] }],
  };
  change(document, one);
  return document;
}

const dropped = (name: string) => (_: unknown, one: Shape) => void delete one[name];
const metadata = (name: string) => (document: Shape) => void delete (document["metadata"] as Shape)[name];
const property = (name: string) => (_: Shape, one: Shape) =>
  void (one["properties"] = (one["properties"] as Shape[]).filter((each) => each["name"] !== `bsi:component:${name}`));
const reference = (type: string) => (_: Shape, one: Shape) =>
  void (one["externalReferences"] = (one["externalReferences"] as Shape[]).filter((each) => each["type"] !== type));
const licence = (acknowledgement: string) => (_: Shape, one: Shape) =>
  void (one["licenses"] = (one["licenses"] as { license: Shape }[]).filter(
    ({ license }) => license["acknowledgement"] !== acknowledgement,
  ));

/** What is taken out, and what is red then in NTIA's, CISA's and the BSI's list. */
const REMOVED: readonly (readonly [string, (document: Shape, one: Shape) => void, string[], string[], string[]])[] = [
  ["nothing", () => {}, [], [], []],
  ["authors", metadata("authors"), ["author"], ["author"], ["author-contact"]],
  [
    "the author's address",
    (document) => void ((document["metadata"] as Shape)["authors"] = [{ name: "Ann" }]),
    [],
    [],
    ["author-contact"],
  ],
  ["tools", metadata("tools"), [], ["tool"], []],
  ["timestamp", metadata("timestamp"), ["timestamp"], ["timestamp"], ["timestamp"]],
  ["lifecycles", metadata("lifecycles"), [], ["generation-context"], []],
  ["serial number", (document) => void delete document["serialNumber"], [], [], ["uri"]],
  ["compositions", (document) => void delete document["compositions"], [], [], ["completeness"]],
  ["an old version", (document) => void (document["specVersion"] = "1.5"), [], [], ["format"]],
  ["name", dropped("name"), ["name"], ["name"], ["name"]],
  ["version", dropped("version"), ["version"], ["version"], ["version"]],
  [
    "a version that says nothing",
    (_, one) => void (one["version"] = "NOASSERTION"),
    ["version"],
    ["version"],
    ["version"],
  ],
  ["maker", dropped("manufacturer"), ["supplier"], ["supplier"], ["creator-contact"]],
  ["maker's address", (_, one) => void (one["manufacturer"] = { name: "Acme" }), [], [], ["creator-contact"]],
  ["package URL", dropped("purl"), ["identifier"], ["identifier"], ["identifier"]],
  ["hashes", dropped("hashes"), [], ["hash"], ["sha512"]],
  ["SHA-512", (_, one) => void (one["hashes"] = [{ alg: "SHA-256", content: "a".repeat(64) }]), [], [], ["sha512"]],
  ["licences", dropped("licenses"), [], ["licence"], ["distribution-licence", "original-licence"]],
  ["concluded licence", licence("concluded"), [], [], ["distribution-licence"]],
  ["declared licence", licence("declared"), [], [], ["original-licence"]],
  [
    "a licence by name",
    (_, one) => void (one["licenses"] = [{ license: { name: "our terms", acknowledgement: "concluded" } }]),
    [],
    [],
    ["distribution-licence", "original-licence"],
  ],
  [
    "edges",
    (document) => void (document["dependencies"] = [{ ref: "app", dependsOn: [] }]),
    ["relationship"],
    ["relationship"],
    ["dependencies"],
  ],
  [
    "the needs of one",
    (document) => void (document["dependencies"] = [{ ref: "app", dependsOn: ["one"] }]),
    [],
    [],
    ["dependencies"],
  ],
  ...["filename", "executable", "archive", "structured"].map(
    (name) =>
      [name, property(name), [], [], [name]] as [string, (d: Shape, o: Shape) => void, string[], string[], string[]],
  ),
  [
    "a property with another value",
    (_, one) => void (one["properties"] as Shape[]).forEach((each) => (each["value"] = "perhaps")),
    [],
    [],
    ["executable", "archive", "structured"],
  ],
  ["effective licence", property("effectiveLicense"), [], [], ["effective-licence"]],
  ["distribution", reference("distribution"), [], [], ["deployable-uri"]],
  ["source", reference("source-distribution"), [], [], ["source-uri", "source-sha512"]],
  ["security.txt", reference("rfc-9116"), [], [], ["security-txt"]],
];

test("CycloneDX: what is taken out turns its elements red, and only those", async () => {
  for (const [name, change, ntia, cisa, bsi] of REMOVED) {
    const document = cyclonedx(change);
    assert.deepEqual(await red(document, "ntia"), ntia, `${name}, NTIA`);
    assert.deepEqual(await red(document, "cisa"), cisa, `${name}, CISA`);
    assert.deepEqual(await red(document, "bsi"), bsi, `${name}, BSI`);
  }
});

test("shares count components, name those that lack an element, and a set's is the mean of its required ones", async () => {
  const document = cyclonedx(dropped("version"));
  const stated = await readStated(Buffer.from(JSON.stringify(document)), "x.json");
  const { share, met, elements } = scoreBy("ntia", stated);
  const version = elements.find(({ element }) => element.fact === "version");
  assert.deepEqual([version?.have, version?.asked, version?.share, version?.carried], [1, 2, 0.5, true]);
  assert.deepEqual(
    version?.missing.map(({ path, name, purl }) => [path, name, purl]),
    [["/components/0", "one", "pkg:npm/one@1.0.0"]],
  );
  assert.deepEqual([share, met], [6.5 / 7, false]);
  // Optional and additional elements count neither for the share nor for what is met.
  const bare = cyclonedx(reference("distribution"));
  const bsi = scoreBy("bsi", await readStated(Buffer.from(JSON.stringify(bare)), "x.json"));
  assert.deepEqual([bsi.share, bsi.met], [1, true]);
});

test("components that lie in others count, are related by that, and are named by their pointer", async () => {
  const document = cyclonedx((_, one) => void (one["components"] = [{ ...component("inner"), version: "" }]));
  const stated = await readStated(Buffer.from(JSON.stringify(document)), "x.json");
  assert.equal(stated.components.length, 3);
  const ntia = scoreBy("ntia", stated).elements.filter(({ have, asked }) => have !== asked);
  assert.deepEqual(
    ntia.map(({ element, missing }) => [element.fact, missing.map(({ path }) => path)]),
    [["version", ["/components/0/components/0"]]],
  );
});

test("what a version or form has no place for is said, not only missed", async () => {
  const cannot = async (document: unknown, set: RuleSetName): Promise<readonly string[]> =>
    scoreBy(set, await readStated(Buffer.from(JSON.stringify(document)), "x.json"))
      .elements.filter(({ carried }) => !carried)
      .map(({ element }) => element.fact);
  assert.deepEqual(await cannot(cyclonedx(), "bsi"), []);
  assert.deepEqual(
    await cannot(
      cyclonedx(() => {}, "1.4"),
      "cisa",
    ),
    ["generation-context"],
  );
  assert.deepEqual(
    await cannot(
      cyclonedx(() => {}, "1.5"),
      "bsi",
    ),
    ["distribution-licence", "source-uri", "original-licence", "source-sha512"],
  );
  assert.deepEqual(await cannot(spdx2(), "cisa"), ["generation-context"]);
  assert.ok((await cannot(spdx2(), "bsi")).includes("executable"));
  assert.deepEqual(await cannot(spdx3(), "bsi"), []);
});

/** SPDX 2.3 with all that it can say. */
function spdx2(change: (document: Shape, one: Shape) => void = () => {}): Shape {
  const packages = ["app", "one"].map((name): Shape => ({
    SPDXID: `SPDXRef-${name}`,
    name,
    versionInfo: "1.0.0",
    packageFileName: `${name}.tgz`,
    supplier: "Organization: Acme (release@acme.example)",
    originator: "Person: Ann (ann@acme.example)",
    downloadLocation: `https://acme.example/${name}.tgz`,
    filesAnalyzed: false,
    checksums: [{ algorithm: "SHA512", checksumValue: "a".repeat(128) }],
    licenseConcluded: "MIT",
    licenseDeclared: "MIT",
    externalRefs: [
      { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: `pkg:npm/${name}@1.0.0` },
    ],
  }));
  const document: Shape = {
    spdxVersion: "SPDX-2.3",
    SPDXID: "SPDXRef-DOCUMENT",
    name: "app",
    dataLicense: "CC0-1.0",
    documentNamespace: "https://acme.example/app",
    creationInfo: {
      created: "2026-01-02T03:04:05Z",
      creators: ["Person: Ann (ann@acme.example)", "Tool: t-1"],
    },
    packages,
    relationships: [
      { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-app" },
      { spdxElementId: "SPDXRef-app", relationshipType: "DEPENDS_ON", relatedSpdxElement: "SPDXRef-one" },
      { spdxElementId: "SPDXRef-one", relationshipType: "DEPENDS_ON", relatedSpdxElement: "NONE" },
    ],
  };
  change(document, packages[1] as Shape);
  return document;
}

test("SPDX 2.3: what is taken out turns its elements red, and only those", async () => {
  const never = ["format", "completeness", "executable", "archive", "structured", "source-uri"];
  const optional = ["effective-licence", "source-sha512", "security-txt"];
  const creation = (change: Shape) => (document: Shape) =>
    void Object.assign(document["creationInfo"] as Shape, change);
  const cases: readonly (readonly [string, (document: Shape, one: Shape) => void, string[], string[], string[]])[] = [
    ["nothing", () => {}, [], [], []],
    ["author", creation({ creators: ["Tool: t-1"] }), ["author"], ["author"], ["author-contact"]],
    ["author without address", creation({ creators: ["Person: Ann", "Tool: t-1"] }), [], [], ["author-contact"]],
    ["tool", creation({ creators: ["Person: Ann (ann@acme.example)"] }), [], ["tool"], []],
    ["time", creation({ created: "1970-01-01T00:00:00Z" }), ["timestamp"], ["timestamp"], ["timestamp"]],
    ["version", dropped("versionInfo"), ["version"], ["version"], ["version"]],
    ["supplier only", dropped("originator"), [], [], ["creator-contact"]],
    ["identifiers", dropped("externalRefs"), ["identifier"], ["identifier"], ["identifier"]],
    ["checksums", dropped("checksums"), [], ["hash"], ["sha512"]],
    ["file name", dropped("packageFileName"), [], [], ["filename"]],
    ["location", (_, one) => void (one["downloadLocation"] = "NOASSERTION"), [], [], ["deployable-uri"]],
    ["concluded", (_, one) => void (one["licenseConcluded"] = "NOASSERTION"), [], [], ["distribution-licence"]],
    ["declared", (_, one) => void (one["licenseDeclared"] = "NOASSERTION"), [], [], ["original-licence"]],
    [
      "edges",
      (document) => void (document["relationships"] as Shape[]).splice(1, 2),
      ["relationship"],
      ["relationship"],
      ["dependencies"],
    ],
  ];
  for (const [name, change, ntia, cisa, bsi] of cases) {
    const document = spdx2(change);
    assert.deepEqual(await red(document, "ntia"), ntia, `${name}, NTIA`);
    assert.deepEqual((await red(document, "cisa")).toSorted(), ["generation-context", ...cisa].sort(), `${name}, CISA`);
    assert.deepEqual((await red(document, "bsi")).toSorted(), [...never, ...optional, ...bsi].sort(), `${name}, BSI`);
  }
});

const A = "https://acme.example/";

/** SPDX 3.0.1 with all that the three rule sets ask for. */
function spdx3(change: (graph: Shape[], one: Shape) => void = () => {}): Shape {
  const info = { creationInfo: "_:creation" };
  const mail = [{ type: "ExternalIdentifier", externalIdentifierType: "email", identifier: "ann@acme.example" }];
  const hash = [{ type: "Hash", algorithm: "sha512", hashValue: "a".repeat(128) }];
  const relation = (from: string, relationshipType: string, to: string[], more: Shape = {}): Shape => ({
    type: "Relationship",
    spdxId: `${A}${relationshipType}-${from}`,
    ...info,
    relationshipType,
    from: A + from,
    to: to.map((one) => (one.includes(":") ? one : A + one)),
    ...more,
  });
  const parts = ["app", "one"].flatMap((name): Shape[] => [
    {
      type: "software_Package",
      spdxId: A + name,
      ...info,
      name,
      software_packageVersion: "1.0.0",
      software_packageUrl: `pkg:npm/${name}@1.0.0`,
      software_downloadLocation: `${A}${name}.tgz`,
      originatedBy: [`${A}ann`],
      externalRef: [{ type: "ExternalRef", externalRefType: "securityOther", locator: [`${A}security.txt`] }],
    },
    {
      type: "software_File",
      spdxId: `${A}${name}-file`,
      ...info,
      name: `${name}.tgz`,
      verifiedUsing: hash,
      software_additionalPurpose: ["archive", "container"],
    },
    {
      type: "software_File",
      spdxId: `${A}${name}-src`,
      ...info,
      verifiedUsing: hash,
      externalRef: [{ type: "ExternalRef" }],
    },
    relation(name, "hasDistributionArtifact", [`${name}-file`]),
    relation(`${name}-src`, "generates", [name]),
    relation(name, "hasDeclaredLicense", ["mit"]),
    relation(name, "hasConcludedLicense", ["mit"]),
    relation(name, "other", ["mit"], { comment: "hasEffectiveLicense" }),
    relation(name, "dependsOn", name === "app" ? ["one"] : ["https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"], {
      completeness: "complete",
    }),
  ]);
  const graph: Shape[] = [
    {
      type: "CreationInfo",
      "@id": "_:creation",
      specVersion: "3.0.1",
      created: "2026-01-02T03:04:05Z",
      createdBy: [`${A}ann`],
      createdUsing: [`${A}tool`],
    },
    { type: "Person", spdxId: `${A}ann`, ...info, name: "Ann", externalIdentifier: mail },
    { type: "Tool", spdxId: `${A}tool`, ...info, name: "t" },
    { type: "SpdxDocument", spdxId: `${A}document`, ...info, rootElement: [`${A}sbom`] },
    { type: "software_Sbom", spdxId: `${A}sbom`, ...info, software_sbomType: ["build"], rootElement: [`${A}app`] },
    {
      type: "simplelicensing_LicenseExpression",
      spdxId: `${A}mit`,
      ...info,
      simplelicensing_licenseExpression: "MIT",
    },
    ...parts,
  ];
  change(graph, graph.find(({ spdxId }) => spdxId === `${A}one`) as Shape);
  return { "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph };
}

test("SPDX 3.0.1: what is taken out turns its elements red, and only those", async () => {
  const without = (id: string) => (graph: Shape[]) =>
    void graph.splice(
      graph.findIndex(({ spdxId }) => spdxId === A + id),
      1,
    );
  const changed = (id: string, change: Shape) => (graph: Shape[]) =>
    void Object.assign(graph.find((each) => (each["spdxId"] ?? each["@id"]) === id) as Shape, change);
  const cases: readonly (readonly [string, (graph: Shape[], one: Shape) => void, string[], string[], string[]])[] = [
    ["nothing", () => {}, [], [], []],
    ["author", changed("_:creation", { createdBy: [`${A}tool`] }), ["author"], ["author"], ["author-contact"]],
    ["tool", changed("_:creation", { createdUsing: [] }), [], ["tool"], []],
    ["time", changed("_:creation", { created: "" }), ["timestamp"], ["timestamp"], ["timestamp"]],
    ["version of SPDX", changed("_:creation", { specVersion: "3.0.0" }), [], [], ["format"]],
    ["kind of SBOM", changed(`${A}sbom`, { software_sbomType: [] }), [], ["generation-context"], []],
    ["version", dropped("software_packageVersion"), ["version"], ["version"], ["version"]],
    ["maker", dropped("originatedBy"), ["supplier"], ["supplier"], ["creator-contact"]],
    ["identifiers", dropped("software_packageUrl"), ["identifier"], ["identifier"], ["identifier"]],
    ["location", dropped("software_downloadLocation"), [], [], ["deployable-uri"]],
    ["declared", without("hasDeclaredLicense-one"), [], [], ["original-licence"]],
    ["concluded", without("hasConcludedLicense-one"), [], [], ["distribution-licence"]],
    ["effective", without("other-one"), [], [], ["effective-licence"]],
    ["sources", without("generates-one-src"), [], [], ["source-uri", "source-sha512"]],
    ["hash", changed(`${A}one-file`, { verifiedUsing: [] }), [], ["hash"], ["sha512"]],
    ["purpose", changed(`${A}one-file`, { software_additionalPurpose: [] }), [], [], ["structured"]],
    [
      "the file",
      without("hasDistributionArtifact-one"),
      [],
      ["hash"],
      ["filename", "sha512", "executable", "archive", "structured"],
    ],
    ["the needs of one", without("dependsOn-one"), [], [], ["dependencies"]],
    ["completeness", (graph) => graph.forEach((each) => delete each["completeness"]), [], [], ["completeness"]],
  ];
  for (const [name, change, ntia, cisa, bsi] of cases) {
    const document = spdx3(change);
    assert.deepEqual(await red(document, "ntia"), ntia, `${name}, NTIA`);
    assert.deepEqual(await red(document, "cisa"), cisa, `${name}, CISA`);
    assert.deepEqual((await red(document, "bsi")).toSorted(), bsi.toSorted(), `${name}, BSI`);
  }
});

test("each form that is written is scored; components, names and versions are all there", async () => {
  const documents: [string, string | Uint8Array][] = [
    ["CycloneDX 1.6", prettyJson(cyclonedxDocument(SAMPLE, META))],
    ["SPDX 2.3", prettyJson(spdxDocument(SAMPLE, META))],
  ];
  for (const form of SBOM_FORMS) documents.push([form, (await printSbom(form, SAMPLE, META)).content]);
  for (const [name, content] of documents) {
    const stated = await readStated(Buffer.from(content as string), name);
    assert.equal(stated.components.length, SAMPLE.components.length + 1, name);
    for (const { elements } of scoreByAll(stated))
      for (const { element, have, asked } of elements) if (element.fact === "name") assert.equal(have, asked, name);
    assert.ok(stated.facts.has("tool"), name);
  }
});

test("what is no SBOM document is said; members of the wrong kind are none", async () => {
  await assert.rejects(
    readStated(Buffer.from("{}"), "x"),
    (error) => error instanceof Fault && error.facts.code === "WB-SBOM-FORM",
  );
  for (const wrong of [null, 7, "x", [], {}, [null, 7, "x", [[]]]]) {
    const names = ["metadata", "components", "dependencies", "compositions", "serialNumber"];
    const document = cyclonedx((all) => names.forEach((name) => (all[name] = wrong)));
    for (const { share } of scoreByAll(await readStated(Buffer.from(JSON.stringify(document)), "x")))
      assert.ok(share >= 0 && share <= 1);
    const inner = cyclonedx((_, one) => Object.keys(one).forEach((name) => (one[name] = wrong)));
    // A list of one text and a text mean the same; nothing else is a name.
    const named = wrong === "x" || (Array.isArray(wrong) && wrong.includes("x"));
    assert.equal((await red(inner, "ntia")).includes("name"), !named);
  }
});

test("every rule set has required elements, each once", () => {
  for (const { elements } of Object.values(RULE_SETS)) {
    assert.ok(elements.some(({ level }) => level === "required"));
    assert.equal(new Set(elements.map(({ fact }) => fact)).size, elements.length);
  }
});
