import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { parseOverrules } from "../../src/advisory/overrule-file.ts";
import { readGzip } from "../../src/artifact/gzip.ts";
import { parsePurl } from "../../src/artifact/purl.ts";
import { versContains, simplifyVers } from "../../src/advisory/vers/contains.ts";
import { versProblems } from "../../src/advisory/vers/validate.ts";
import { parseVers, printVers } from "../../src/advisory/vers/vers.ts";
import { readTar } from "../../src/artifact/tar.ts";
import { readZip, zipContent } from "../../src/artifact/zip.ts";
import { parseAdvisories } from "../../src/format/advisories-claim.ts";
import { parseBuildClaims } from "../../src/format/build-claims.ts";
import { parseBundle } from "../../src/format/bundle.ts";
import { readExpression } from "../../src/format/csaf/licence-expression.ts";
import { parseNamespace } from "../../src/format/csaf/ssvc.ts";
import { parseInstant } from "../../src/format/csaf/time.ts";
import { parseVersion } from "../../src/format/csaf/version.ts";
import { parseRange } from "../../src/format/csaf/version-range.ts";
import { validateCsaf } from "../../src/format/csaf/validate.ts";
import { parseCbor } from "../../src/format/cbor.ts";
import {
  parseCycloneDxDocument,
  printCycloneDxDocument,
  validateCycloneDx,
} from "../../src/format/cyclonedx/document.ts";
import { parseSsvcContext } from "../../src/advisory/ssvc-context.ts";
import { parseThreshold } from "../../src/advisory/threshold.ts";
import { parseCycloneDx } from "../../src/format/cyclonedx-read.ts";
import { cyclonedxDocument } from "../../src/format/cyclonedx.ts";
import { parseCvss, scoreCvss } from "../../src/format/cvss.ts";
import { parseCsv } from "../../src/format/csv.ts";
import { parseEpss } from "../../src/format/epss.ts";
import { parseKev } from "../../src/format/kev.ts";
import { parseStatement } from "../../src/format/intoto.ts";
import { isArray, parseJson, prettyJson } from "../../src/format/json.ts";
import { parseOsv, readOsv } from "../../src/format/osv.ts";
import { parseGhsaRange } from "../../src/format/ghsa-range.ts";
import { toOsv } from "../../src/format/to-osv.ts";
import { lintOsv } from "../../src/advisory/lint.ts";
import { parseCsaf } from "../../src/format/vex/csaf.ts";
import { parseCycloneDxVex } from "../../src/format/vex/cyclonedx.ts";
import { parseOpenVex, readOpenVexPredicate } from "../../src/format/vex/openvex.ts";
import { parseVex } from "../../src/format/vex/read.ts";
import { printVex } from "../../src/format/vex/write.ts";
import { readStatements } from "../../src/advisory/ignore/read.ts";
import { parseManifest, parseRebuild } from "../../src/format/predicates.ts";
import { parseSbomDocument } from "../../src/format/sbom-document.ts";
import { parseProvenance, parseVsa } from "../../src/format/slsa.ts";
import { parseExpression } from "../../src/format/spdx/expression.ts";
import { parseSsvcVector } from "../../src/format/ssvc-vector.ts";
import { parseTimestamp } from "../../src/format/timestamp.ts";
import { parseVerdict } from "../../src/format/verdict.ts";
import { parseXml } from "../../src/format/xml.ts";
import { parseYaml } from "../../src/format/yaml-data.ts";
import { parseLicence } from "../../src/artifact/licence.ts";
import { parseRelease } from "../../src/inventory/os/release.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Json, JsonObject } from "../../src/model/statement.ts";
import { parsePolicy } from "../../src/policy/policy-file.ts";
import { parseConfiguration } from "../../src/station/build/configuration.ts";
import { parseNpmrc } from "../../src/station/proxy/npmrc.ts";
import { generateKey, readPublicKey } from "../../src/trust/keys.ts";
import { parseTrust } from "../../src/trust/trust-file.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { FUZZED } from "../support/fixtures.ts";
import { INPUTS, mutate, numbers, SLOW_MS } from "../support/fuzz.ts";
import { makeTar, makeZip } from "../unit/artifact/make-archive.ts";
import { csaf as csafSample } from "../unit/format/csaf/sample.ts";
import { META, SAMPLE } from "../unit/format/sboms.ts";
import { STATEMENTS } from "../unit/format/statements-sample.ts";
import { extractors } from "../../src/inventory/extractors.ts";

const SRC = join(import.meta.dirname, "../../src");
const DIGEST = "0".repeat(64);
const guide = readFileSync(join(SRC, "../docs/policy.md"), "utf8");
const policy = guide.split("```yaml\n")[1]?.split("```")[0] ?? "";
const pem = (await generateKey("ed25519", Buffer.from("x"))).publicPem;
const trust = `version: 1\nentries:\n  - name: a\n    key: |\n${pem.trimEnd().replaceAll(/^/gmu, "      ")}\n    may:\n      predicates: [provenance, "https://a.example/*"]\n      subjects: ["pkg:npm/@a/*"]\n      builders: { "https://b.example": SLSA_BUILD_LEVEL_1 }\n      verifiers: []\n    validFrom: 2026-01-01\n    revoked: { at: 2026-11-23T10:00:00Z, reason: superseded }\n`;
const cyclonedx = cyclonedxDocument(SAMPLE, META);
const xml = Buffer.from(
  printCycloneDxDocument({ version: "1.6", syntax: "json", document: cyclonedx, extensions: [] }, { syntax: "xml" })
    .bytes,
);

const EPSS =
  "#model_version:v2025.03.14,score_date:2026-01-02T00:00:00+0000\ncve,epss,percentile\nCVE-2021-44228,0.94358,0.99958\nCVE-1999-0001,1e-05,0.1\n";

const vexOf = (form: "openvex" | "csaf" | "cyclonedx-json" | "cyclonedx-xml", specVersion?: string): string =>
  printVex(STATEMENTS, form, {
    at: "2026-01-02T03:04:05Z",
    namespace: "https://a.example",
    ...(specVersion !== undefined && { specVersion }),
  }).text;

interface Parser {
  readonly seeds: readonly (string | Uint8Array)[];
  readonly read: (bytes: Buffer) => unknown;
}

/** Of a reader of a predicate, which is JSON by then. */
function ofJson(read: (value: JsonObject) => unknown, ...seeds: readonly Json[]): Parser {
  return {
    seeds: seeds.map((seed) => JSON.stringify(seed)),
    read: (bytes) => {
      const value = parseJson(bytes, "x");
      if (typeof value === "object" && value !== null && !isArray(value)) read(value as JsonObject);
    },
  };
}
const ofText = (read: (text: string) => unknown, ...seeds: readonly string[]): Parser => ({
  seeds,
  read: (bytes) => read(bytes.toString("utf8")),
});
const ofBytes = (read: (bytes: Buffer) => unknown, ...seeds: readonly (string | Uint8Array)[]): Parser => ({
  seeds,
  read,
});

const resource = { name: "a", uri: "pkg:npm/a@1", digest: { sha256: DIGEST } };
const provenance = {
  buildDefinition: {
    buildType: "https://b.example/t",
    externalParameters: { source: resource },
    internalParameters: {},
    resolvedDependencies: [resource],
  },
  runDetails: {
    builder: { id: "https://b.example", version: { a: "1" } },
    metadata: { invocationId: "1", startedOn: "2026-01-02T03:04:05Z", finishedOn: "2026-01-02T03:04:06Z" },
    byproducts: [resource],
  },
};
const vsa = {
  verifier: { id: "https://v.example", version: { a: "1" } },
  timeVerified: "2026-01-02T03:04:05Z",
  resourceUri: "pkg:npm/a@1",
  policy: resource,
  inputAttestations: [resource],
  verificationResult: "PASSED",
  verifiedLevels: ["SLSA_BUILD_LEVEL_1"],
  dependencyLevels: { SLSA_BUILD_LEVEL_1: 1 },
  slsaVersion: "1.0",
};

const osv = {
  id: "GHSA-a",
  modified: "2026-01-02T03:04:05Z",
  aliases: ["CVE-2026-1"],
  severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
  affected: [
    {
      package: { ecosystem: "npm", name: "a" },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.0.0" }] }],
      versions: ["0.1.0"],
    },
  ],
  references: [{ type: "WEB", url: "https://a.example" }],
};
const ghsa = {
  ghsaId: "GHSA-a",
  identifiers: [{ value: "CVE-2026-1" }],
  references: [{ url: "https://a.example/" }],
  description: "d",
  summary: "s",
  cwes: { nodes: [{ cweId: "CWE-1" }] },
  cvss: { vectorString: "CVSS:3.1/AV:N" },
  permalink: "https://a.example/",
  publishedAt: "2021-05-10T18:37:34Z",
  updatedAt: "2021-05-10T18:37:34Z",
  vulnerabilities: {
    nodes: [
      {
        package: { ecosystem: "NPM", name: "a" },
        firstPatchedVersion: { identifier: "1.0.0" },
        vulnerableVersionRange: "> 0.1.0, <= 0.9.0",
      },
    ],
  },
};
const named = (product_id: string, helper: object): object => ({
  product: { name: product_id, product_id, product_identification_helper: helper },
});
const redHat = {
  document: {
    csaf_version: "2.0",
    title: "t",
    tracking: {
      id: "RHSA-1",
      initial_release_date: "2021-05-10T18:37:34Z",
      current_release_date: "2021-05-10T18:37:34Z",
    },
    references: [{ category: "self", url: "https://a.example/" }],
  },
  product_tree: {
    branches: [{ branches: [named("p", { cpe: "cpe:/o:redhat:x:1" }), named("r", { purl: "pkg:rpm/redhat/a@1-1" })] }],
    relationships: [
      { product_reference: "r", relates_to_product_reference: "p", full_product_name: { product_id: "p:r" } },
    ],
  },
  vulnerabilities: [
    {
      cve: "CVE-2026-1",
      product_status: { fixed: ["p:r"] },
      scores: [{ cvss_v3: { baseScore: 7, vectorString: "CVSS:3.1/AV:N" } }],
    },
  ],
};

const PARSERS: Readonly<Record<string, Parser>> = {
  parseAdvisories: ofJson((value) => parseAdvisories(value, "x"), {
    index: { sha256: DIGEST },
    sizeBytes: 4096,
    shards: [{ name: "npm", digest: { sha256: DIGEST }, records: 2 }],
    at: "2026-01-02T03:04:05Z",
  }),
  parseBuildClaims: ofJson((value) => parseBuildClaims(value, "x"), provenance),
  parseBundle: ofBytes(
    (bytes) => parseBundle(bytes, "x"),
    JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: "x" }, tlogEntries: [] },
      dsseEnvelope: {
        payload: "e30=",
        payloadType: "application/vnd.in-toto+json",
        signatures: [{ sig: "AAAA", keyid: "" }],
      },
    }),
  ),
  parseCbor: ofBytes(
    (bytes) => parseCbor(bytes, "x"),
    Buffer.from("da53574944a4006161018201f602c11a0009000003bf0143616263ff", "hex"),
  ),
  parseConfiguration: ofBytes(
    (bytes) => parseConfiguration(bytes, "x"),
    "version: 1\nbuild:\n  commands: [[npm, ci], [npm, pack]]\n  outputs: ['*.tgz']\n  limits: { timeSeconds: 10 }\n",
  ),
  parseCvss: ofText(
    (text) => {
      const vector = parseCvss(text);
      return vector.known ? scoreCvss(vector.value) : vector.why;
    },
    "AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U/RL:ND/CDP:LM/TD:H/CR:H",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/MAV:L",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P/CR:L/MSI:S/U:Amber",
  ),
  validateCsaf: ofBytes(
    (bytes) => validateCsaf(bytes, "x"),
    JSON.stringify(csafSample("2.0")),
    JSON.stringify(csafSample("2.1")),
  ),
  parseCsaf: ofBytes((bytes) => parseCsaf(bytes, "x"), vexOf("csaf"), vexOf("csaf", "2.1")),
  parseCycloneDx: ofBytes((bytes) => parseCycloneDx(bytes, "x"), prettyJson(cyclonedx), xml),
  parseCycloneDxDocument: ofBytes(
    (bytes) => {
      const document = parseCycloneDxDocument(bytes, "x");
      validateCycloneDx(document);
      printCycloneDxDocument(document, { version: "1.3", syntax: "xml" });
      printCycloneDxDocument(document, { version: "1.7", syntax: "json" });
    },
    prettyJson(cyclonedx),
    xml,
  ),
  parseCsv: ofText((text) => parseCsv(text, "x", "WB-KEV-FORM"), 'a,b\r\n"c ""d""\n",e\n\n,\n'),
  parseEpss: ofBytes((bytes) => parseEpss(bytes, "x"), EPSS, gzipSync(EPSS)),

  parseCycloneDxVex: ofBytes(
    (bytes) => parseCycloneDxVex(bytes, "x"),
    vexOf("cyclonedx-json"),
    Buffer.from(vexOf("cyclonedx-xml")),
  ),
  parseExpression: ofText(parseExpression, "(MIT OR Apache-2.0+) AND LicenseRef-a WITH Classpath-exception-2.0"),
  parseInstant: ofText(parseInstant, "2026-01-02T03:04:05.678+09:30"),
  parseJson: ofBytes((bytes) => parseJson(bytes, "x"), '{"a":[1,-2.5e3,"\\u00e4\\n",true,null,{"b":{}}]}'),
  parseKev: ofBytes(
    (bytes) => parseKev(bytes, "x"),
    '{"dateReleased":"2026-01-02T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"2021-12-10","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known"}]}',
    'cveID,dateAdded,dueDate,knownRansomwareCampaignUse,notes\nCVE-2021-44228,2021-12-10,2021-12-24,Known,"a, b"\n',
  ),
  parseLicence: ofText(parseLicence, "MIT/Apache-2.0 or (GPL-2.0+ and BSD)"),
  parseGhsaRange: ofText(parseGhsaRange, ">= 1.0.0, < 1.2.3", "= 1.0.0"),
  parseManifest: ofJson((value) => parseManifest(value, "x"), {
    at: "2026-01-02T03:04:05Z",
    papers: [{ predicateType: "https://a.example", digest: { sha256: DIGEST } }],
  }),
  parseNamespace: ofText(parseNamespace, "ssvc//.example.test#a/de-DE", "x_example.test#b"),
  parseNpmrc: ofText(
    (text) => parseNpmrc(text, { A: "b" }),
    '; c\n@a:registry = "https://r.example/"\n//r.example/:_authToken=${A?}\nx[]=1\n',
  ),
  readOpenVexPredicate: ofJson(
    (value) => readOpenVexPredicate(value, DIGEST, "x"),
    JSON.parse(vexOf("openvex")) as Json,
  ),
  parseSsvcContext: ofText(
    (text) => parseSsvcContext(text, "x"),
    "exposure=open,mission=mef-failure,safety=negligible",
    "SSVCv2/E:A/2026-01-02T03:04:05Z/",
  ),
  parseThreshold: ofText(parseThreshold, "high+fixable+without-statement,kev,epss>=0.1,ssvc:immediate"),
  parseOpenVex: ofBytes(
    (bytes) => parseOpenVex(bytes, "x"),
    JSON.stringify({
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": "https://v.example/1",
      author: "a",
      timestamp: "2026-01-02T03:04:05Z",
      version: 1,
      statements: [
        {
          vulnerability: { name: "CVE-2026-1", aliases: ["GHSA-a"] },
          products: [{ "@id": "pkg:npm/a@1", subcomponents: [{ "@id": "pkg:npm/b@1" }] }],
          status: "not_affected",
          justification: "component_not_present",
        },
      ],
    }),
  ),
  parseOverrules: ofBytes(
    (bytes) => parseOverrules(bytes, "x"),
    "schema: waybill.overrules/1\noverrules:\n  - change: CVE-2026-1\n    package: pkg:npm/a@1.*\n    versions: vers:npm/>=1|<2\n    affected: [{ introduced: 1.0, fixed: 1.10 }]\n    reason: r\n    owner: o\n    expires: 2027-01-01\n",
    "schema: waybill.overrules/1\noverrules:\n  - add: { id: A-1, modified: 2026-01-01T00:00:00Z, affected: [{ package: { ecosystem: npm, name: a }, versions: [1.0] }] }\n    reason: r\n    owner: o\n    expires: 2027-01-01T00:00:00Z\n",
  ),
  parseOsv: ofJson((value) => parseOsv(value, "x"), osv),
  parseOsvScannerToml: ofBytes(
    (bytes) => readStatements(bytes, "osv-scanner.toml", ""),
    '[[IgnoredVulns]]\nid = "GHSA-a"\nignoreUntil = 2026-01-02\nreason = "a"\n[[PackageOverrides]]\nname = "b"\necosystem = "npm"\nvulnerability.ignore = true\neffectiveUntil = 2026-01-02T03:04:05Z\n',
  ),
  parseTrivyIgnore: ofBytes(
    (bytes) => readStatements(bytes, ".trivyignore"),
    "# a\nCVE-2026-1 exp:2026-01-02\nGHSA-b # c\n",
  ),
  parseTrivyIgnoreYaml: ofBytes(
    (bytes) => readStatements(bytes, ".trivyignore.yaml"),
    "vulnerabilities:\n  - id: CVE-2026-1\n    paths: [a/*]\n    purls: ['pkg:npm/a@1']\n    expired_at: 2026-01-02\n    statement: b\nsecrets: []\n",
  ),
  parsePolicy: ofBytes((bytes) => parsePolicy(bytes, "x", "x"), policy),
  parseProvenance: ofJson((value) => parseProvenance(value, "x"), provenance),
  parsePurl: ofText(
    (text) => [parsePurl(text, true), parsePurl(text)],
    "pkg:npm/%40a/b@1.0.0?arch=x&vcs_url=git%2Bhttps://h.example/a#sub/path",
  ),
  parseRange: ofText(parseRange, "vers:npm/1.2.3|>=2.0.0|!=3.0.0|<5.0.0", ">10.9a|!=10.9c|<=10.9k"),
  parseRebuild: ofJson((value) => parseRebuild(value, "x"), {
    outcome: "identical",
    relation: "self-reproduced",
    builder: { id: "https://b.example" },
    normalised: ["tar-order"],
    factors: [],
    first: { digest: { sha256: DIGEST } },
    second: { digest: { sha256: DIGEST } },
    differences: [{ path: "a", cause: "b", detail: "c", fix: "d" }],
  }),
  parseRelease: ofText((text) => parseRelease(text, "x"), 'ID=debian\nVERSION_ID="12"\nNAME=\'De\\"bian\'\n'),
  parseSbomDocument: ofBytes((bytes) => parseSbomDocument(bytes, "x"), prettyJson(cyclonedx), xml),
  parseSsvcVector: ofText(parseSsvcVector, "SSVCv2/E:A/EXP:O/A:Y/SI:M/MI:MSC/HI:L/DSOI:O/2026-11-20T00:00:00Z/"),
  parseStatement: ofBytes(
    (bytes) => parseStatement(bytes, "x"),
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "a", digest: { sha256: DIGEST } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: provenance,
    }),
  ),
  parseTimestamp: ofText(parseTimestamp, "2026-01-02T03:04:05.678+01:00"),
  parseTrust: ofBytes((bytes) => parseTrust(bytes, "x"), trust),
  parseVersion: ofText(parseVersion, "1.0.0-alpha.1+b.2", "12"),
  parseVerdict: ofJson((value) => parseVerdict(value, "x"), {
    schema: "waybill.verdict/1",
    station: "install",
    subject: { name: "a", digest: DIGEST },
    decision: "allow",
    reasons: [
      {
        rule: "install.a",
        mode: "enforce",
        outcome: "pass",
        expected: "a",
        found: "b",
        evidence: [DIGEST],
        fix: "c",
        exception: { owner: "a", reason: "b", expires: "2026-01-02T03:04:05Z" },
      },
    ],
    inputs: { policy: { origin: "p", digest: DIGEST }, vex: [{ origin: "p", digest: DIGEST }] },
    at: "2026-01-02T03:04:05Z",
    verifier: { id: "https://v.example" },
  }),
  parseVers: ofText(
    (text) => {
      const vers = parseVers(text);
      versProblems(text);
      versContains(vers, "1.2.3");
      parseVers(printVers(simplifyVers(vers)));
    },
    "vers:npm/1.2.3|>=2.0.0|<5.0.0",
    "vers:deb/!=1%3A1.0-1|>2~rc1",
    "vers:pypi/<=1!0.0.5.post1+a%2Ab",
    "vers:maven/>=1.0.0-beta1|<=1.7.5|>=7.0.0-M1",
  ),
  parseVsa: ofJson((value) => parseVsa(value, "x"), vsa),
  parseXml: ofBytes(
    (bytes) => parseXml(bytes, "x"),
    xml,
    '<?xml version="1.0" encoding="UTF-8"?><a:b xmlns:a="u" a:c="&lt;&#x41;"><!-- c --><![CDATA[x]]><?p i?></a:b>',
  ),
  parseVex: ofBytes(
    (bytes) => parseVex(bytes, "x"),
    "author: a\nstatements:\n  - vulnerability: { name: CVE-1 }\n    status: fixed\n    products: [a]\n",
    vexOf("openvex"),
  ),
  parseYaml: ofBytes(
    (bytes) => parseYaml(bytes, "x"),
    "a: &a {b: [1, 'c', \"d\\u00e4\"]}\ne: *a\nf: |\n  g\n  h\n? i\n: >-\n  j\n",
  ),
  readExpression: ofText(readExpression, "(MIT OR Apache-2.0+) and LicenseRef-a WITH Classpath-exception-2.0"),
  readGzip: ofBytes(
    (bytes) => readGzip(bytes, "x", 1 << 20),
    Buffer.concat([gzipSync("a".repeat(900)), gzipSync("b")]),
  ),
  readOsv: ofJson((value) => [readOsv(value, "x"), lintOsv(value)], osv),
  readPublicKey: ofText((text) => readPublicKey(text, "x"), pem),
  readTar: ofBytes(
    (bytes) => readTar(bytes, "x", 1000),
    makeTar([
      { path: "a", content: "b", pax: { path: "c", mtime: "1.5" } },
      { path: "d", type: "2", link: "a" },
    ]),
  ),
  toOsv: ofJson((value) => toOsv(value, "x", { complete: true }), ghsa as Json, redHat as unknown as Json),
  readZip: ofBytes(
    (bytes) => readZip(bytes, "x", 1000).entries.map((entry) => zipContent(entry, "x", 1 << 20)),
    makeZip([
      { name: "a", content: "b".repeat(500) },
      { name: "c", content: "d", stored: true, wide: true, descriptor: "signed" },
    ]),
  ),
};

/** Read by one of those above, or fuzzed elsewhere; each with where. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  parseCoswid: "document-fuzz",
  parseSpdx: "document-fuzz",
  parseSpdxDocument: "document-fuzz",
  parseSwid: "document-fuzz",
  readPurl: "parsePurl",
  readSpdxText: "document-fuzz",
  readStated: "document-fuzz",
  parseSemver: "bounds/versions",
  readChunk: "bounds/advisories: an index whose bits are flipped",
  readCurve: "bounds/advisories: an index whose bits are flipped",
  readKev: "parseKev reads the catalog; of an index bounds/advisories",
  readLines: "bounds/advisories: an index whose bits are flipped",
  readSteps: "bounds/advisories: an index whose bits are flipped",
  readStatements: "parseOsvScannerToml, parseTrivyIgnore, parseTrivyIgnoreYaml, parseVex",
  readYaml: "parseTrust, parsePolicy, parseConfiguration",
  parseTimes: "one regular expression over what our own shell wrote",
};

for (const [name, { seeds, read }] of Object.entries(PARSERS)) {
  test(`${name}: mutated input is read or refused by a Fault`, async () => {
    const next = numbers(20_261_124);
    for (const seed of seeds) {
      const bytes = Buffer.from(seed as Uint8Array);
      // What is refused as it is would be refused at the same place whatever is changed behind it.
      await read(bytes);
      for (let input = 0; input < INPUTS / seeds.length; input += 1) {
        const started = cpuMilliseconds();
        try {
          await read(mutate(bytes, next));
        } catch (error) {
          assert.ok(error instanceof Fault, `input ${input}: ${String((error as Error).stack)}`);
        }
        const took = cpuMilliseconds() - started;
        assert.ok(took < SLOW_MS, `input ${input} took ${took.toFixed(0)} ms`);
      }
    }
  });
}

test("every parser of bytes or text, and every extractor, is fuzzed", () => {
  const missing: string[] = [];
  for (const path of globSync("{advisory,artifact,format,trust,policy,station}/**/*.ts", { cwd: SRC })) {
    const text = readFileSync(join(SRC, path), "utf8");
    const declared =
      /export (?:async )?function (?<name>(?:parse|read)\w+)\(\s*(?:bytes|line|text|pem|predicate|record)\b/gu;
    for (const { groups } of text.matchAll(declared)) {
      const name = groups?.["name"] ?? "";
      if (!Object.hasOwn(PARSERS, name) && !Object.hasOwn(ELSEWHERE, name)) missing.push(`${path}: ${name}`);
    }
  }
  const walks = globSync(join(import.meta.dirname, "vectors/*.test.ts")).map((path) => readFileSync(path, "utf8"));
  const files = walks.flatMap((text) => [...text.matchAll(/fuzzFiles\(\s*"([^"]+)"/gu)].map(([, id]) => id));
  const ids = new Set([...FUZZED.map(([ours]) => ours), ...files]);
  missing.push(...extractors.map(({ id }) => id).filter((id) => !ids.has(id)));
  assert.deepEqual(missing, []);
});
