import assert from "node:assert/strict";
import { test } from "node:test";
import type { CsafVersion } from "../../../../src/format/csaf/document.ts";
import { schemeOrder } from "../../../../src/advisory/vers/schemes.ts";
import { type CsafReport, validateCsaf, type ValidateOptions } from "../../../../src/format/csaf/validate.ts";
import type { Json } from "../../../../src/model/statement.ts";
import { csaf } from "./sample.ts";

const CONTEXT: ValidateOptions = {
  now: new Date("2026-11-24T00:00:00Z"),
  compareVersions: (type, one, other) => schemeOrder(type)?.compare(one, other),
};
type Open = { [key: string]: Json | Open } & Json;

/** Sets members by JSON pointer; undefined takes one away, `-` at the end of a list adds an item. */
function edited(version: CsafVersion, edits: Readonly<Record<string, Json | undefined>>): Json {
  const document = structuredClone(csaf(version)) as Open;
  for (const [pointer, value] of Object.entries(edits)) {
    const keys = pointer.split("/").slice(1);
    const last = keys.pop() ?? "";
    let at = document;
    for (const key of keys) at = (at[key] ??= {}) as Open;
    if (last === "-") (at as unknown as Json[]).push(value ?? null);
    else if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return document;
}

/** The mandatory tests, and those of the group of one. */
function validate(document: Json, id = ""): CsafReport {
  const group = id.startsWith("6.2.") ? "recommended" : "informative";
  const groups = id.startsWith("6.1.") ? (["mandatory"] as const) : (["mandatory", group] as const);
  return validateCsaf(Buffer.from(JSON.stringify(document)), "x", { ...CONTEXT, groups });
}

const red = ({ problems }: CsafReport, group: string): readonly string[] => [
  ...new Set(problems.filter((each) => each.fails && each.group === group).map((each) => each.test)),
];

const TREE = "/product_tree";
const FIRST = "/vulnerabilities/0";
const TRACKING = "/document/tracking";
const HISTORY = `${TRACKING}/revision_history`;
const PRODUCT = `${TREE}/branches/0/branches/0/branches/0`;
const HELPER = `${PRODUCT}/product/product_identification_helper`;
const METRIC = `${FIRST}/metrics/0`;
const SCORE = `${METRIC}/content/cvss_v3`;
const SSVC = `${METRIC}/content/ssvc_v2`;
const SELECTION = `${SSVC}/selections/0`;
const revision = (date: string, number: string): Json => ({ date, number, summary: "A." });
const note = (title: string, category = "description"): Json => ({ category, text: "A.", title });
const EXTENSION = {
  $schema:
    "https://raw.githubusercontent.com/oasis-tcs/csaf/refs/heads/master/csaf_2.1/extension/data/valid/documentation-11/documentation-11-content_1.0.0.json",
  category: "significant",
  content: {
    documentation:
      "This extension is for documentation and test purposed only. It is valid. It is not allowed to be used in a production CSAF.",
  },
  critical: false,
};

type Edits = Readonly<Record<string, Json | undefined>>;
/** A test, what is changed in the sample, the place that is told, and the mandatory tests that this turns red too. */
type Row = readonly [id: string, edits: Edits, path: string, also?: readonly string[]];

/** In both versions. */
const BOTH: readonly Row[] = [
  ["6.1.1", { [`${FIRST}/product_status/fixed/0`]: "Z" }, `${FIRST}/product_status/fixed/0`],
  [
    "6.1.1",
    { [`${TREE}/product_groups/0/product_ids/0`]: "Z" },
    `${TREE}/product_groups/0/product_ids/0`,
    ["6.1.27.9"],
  ],
  [
    "6.1.2",
    { [`${TREE}/full_product_names/1/product_id`]: "B-1" },
    `${TREE}/full_product_names/1/product_id`,
    ["6.1.1"],
  ],
  ["6.1.4", { [`${FIRST}/remediations/0/group_ids`]: ["Z"] }, `${FIRST}/remediations/0/group_ids/0`],
  [
    "6.1.5",
    { [`${TREE}/product_groups/-`]: { group_id: "G-1", product_ids: ["B-1", "C-1"] } },
    `${TREE}/product_groups/1/group_id`,
  ],
  [
    "6.1.6",
    { [`${FIRST}/product_status/under_investigation`]: ["A-2"] },
    `${FIRST}/product_status/under_investigation/0`,
  ],
  ["6.1.12", { "/document/lang": "ez" }, "/document/lang"],
  ["6.1.12", { "/document/lang": "en-Latn-GB-scouse-scouse" }, "/document/lang"],
  ["6.1.14", { [`${HISTORY}/0/date`]: "2026-01-03T00:00:00Z" }, HISTORY, ["6.1.16", "6.1.21"]],
  ["6.1.15", { "/document/publisher/category": "translator" }, "/document/source_lang"],
  ["6.1.16", { [`${TRACKING}/version`]: "1" }, `${TRACKING}/version`],
  ["6.1.17", { [`${TRACKING}/version`]: "0" }, `${TRACKING}/status`, ["6.1.16"]],
  [
    "6.1.18",
    { [`${HISTORY}/0/number`]: "0", [`${HISTORY}/1/number`]: "1", [`${TRACKING}/version`]: "1" },
    `${HISTORY}/0/number`,
  ],
  [
    "6.1.19",
    { [`${HISTORY}/0/number`]: "1.0.0-rc", [`${HISTORY}/1/number`]: "1.0.0", [`${TRACKING}/version`]: "1.0.0" },
    `${HISTORY}/0/number`,
  ],
  [
    "6.1.20",
    { [`${HISTORY}/0/number`]: "1.0.0", [`${HISTORY}/1/number`]: "2.0.0", [`${TRACKING}/version`]: "2.0.0-a" },
    `${TRACKING}/version`,
    ["6.1.16", "6.1.17"],
  ],
  ["6.1.21", { [`${HISTORY}/1/number`]: "3", [`${TRACKING}/version`]: "3" }, HISTORY],
  ["6.1.22", { [`${HISTORY}/-`]: revision("2026-01-02T00:00:00Z", "2") }, `${HISTORY}/2/number`],
  ["6.1.23", { "/vulnerabilities/-": { cve: "CVE-2026-0001" } }, "/vulnerabilities/1/cve", ["6.1.27.5", "6.1.27.7"]],
  [
    "6.1.24",
    { [`${FIRST}/involvements/-`]: { date: "2026-01-01T00:00:00Z", party: "vendor", status: "open" } },
    `${FIRST}/involvements/1`,
  ],
  [
    "6.1.25",
    { [`${HELPER}/hashes/0/file_hashes/-`]: { algorithm: "sha256", value: "1".repeat(64) } },
    `${HELPER}/hashes/0/file_hashes/1/algorithm`,
  ],
  ["6.1.26", { "/document/category": "Security—Advisory" }, "/document/category"],
  ["6.1.26", { "/document/category": "CSAF_other" }, "/document/category"],
  [
    "6.1.27.1",
    { "/document/category": "csaf_security_incident_response", "/document/notes": [] },
    "/document/notes",
    ["6.1.27.2"],
  ],
  ["6.1.27.2", { "/document/category": "csaf_security_incident_response" }, "/document/references"],
  [
    "6.1.27.3",
    {
      "/document/category": "csaf_informational_advisory",
      "/document/references/0/category": "external",
    },
    "/vulnerabilities",
  ],
  ["6.1.27.4", { "/document/category": "csaf_security_advisory", [TREE]: undefined, "/vulnerabilities": [] }, TREE],
  ["6.1.27.5", { [`${FIRST}/notes`]: undefined }, `${FIRST}/notes`],
  [
    "6.1.27.6",
    { "/document/category": "csaf_security_advisory", [`${FIRST}/product_status`]: undefined },
    `${FIRST}/product_status`,
    ["6.1.27.12"],
  ],
  ["6.1.27.7", { [`${FIRST}/product_status`]: { recommended: ["A-2"] } }, `${FIRST}/product_status`],
  ["6.1.27.8", { [`${FIRST}/cve`]: undefined }, FIRST],
  ["6.1.27.9", { [`${FIRST}/flags`]: undefined }, `${FIRST}/product_status/known_not_affected/0`],
  ["6.1.27.10", { [`${FIRST}/remediations`]: undefined }, `${FIRST}/product_status/known_affected/0`],
  ["6.1.27.11", { "/vulnerabilities": undefined }, "/vulnerabilities"],
  ["6.1.28", { "/document/source_lang": "en-us" }, "/document/source_lang"],
  ["6.1.29", { [`${FIRST}/remediations/-`]: { category: "mitigation", details: "A." } }, `${FIRST}/remediations/1`],
  ["6.1.30", { [`${TRACKING}/version`]: "2.0.0" }, `${TRACKING}/version`],
  ["6.1.31", { [`${PRODUCT}/name`]: "all before 2" }, `${PRODUCT}/name`],
  ["6.1.32", { [`${FIRST}/flags/-`]: { label: "component_not_present" } }, `${FIRST}/flags/1`],
  [
    "6.1.33",
    { [`${FIRST}/flags/-`]: { label: "vulnerable_code_not_present", product_ids: ["B-1"] } },
    `${FIRST}/flags/1`,
  ],
  [
    "6.2.1",
    { [`${TREE}/full_product_names/-`]: { name: "D", product_id: "D" } },
    `${TREE}/full_product_names/2/product_id`,
  ],
  [
    "6.2.2",
    { [`${FIRST}/product_status/under_investigation`]: ["A-1-on-B"] },
    `${FIRST}/product_status/under_investigation/0`,
  ],
  [
    "6.2.4",
    { [`${TRACKING}/version`]: "2.0.0", [HISTORY]: [revision("2026-01-02T00:00:00Z", "1.0.0+a")] },
    `${HISTORY}/0/number`,
    ["6.1.16"],
  ],
  ["6.2.5", { [`${TRACKING}/initial_release_date`]: "2025-12-31T23:59:59Z" }, `${TRACKING}/initial_release_date`],
  ["6.2.6", { [`${TRACKING}/current_release_date`]: "2026-01-02T00:00:00+00:01" }, `${TRACKING}/current_release_date`],
  ["6.2.7", { [`${FIRST}/involvements/0/date`]: undefined }, `${FIRST}/involvements/0`],
  ["6.2.8", { [`${HELPER}/hashes/0/file_hashes/0/algorithm`]: "md5" }, `${HELPER}/hashes/0/file_hashes`],
  ["6.2.9", { [`${HELPER}/hashes/0/file_hashes/0/algorithm`]: "sha1" }, `${HELPER}/hashes/0/file_hashes`],
  ["6.2.11", { [`${TRACKING}/id`]: "ESA 1" }, "/document/references"],
  ["6.2.12", { "/document/lang": undefined }, "/document/lang"],
  ["6.2.13", { "/document/aggregate_severity": { text: "high" } }, "/document/aggregate_severity"],
  ["6.2.14", { "/document/lang": "en-x-a" }, "/document/lang"],
  ["6.2.15", { "/document/lang": "i-default" }, "/document/lang"],
  ["6.2.16", { [HELPER]: undefined }, `${PRODUCT}/product`],
  ["6.2.17", { [`${FIRST}/ids`]: [{ system_name: "CVE", text: "CVE-2026-0002" }] }, `${FIRST}/ids/0/text`],
  ["6.2.18", { [`${PRODUCT}/category`]: "product_version_range", [`${PRODUCT}/name`]: "<2" }, `${PRODUCT}/name`],
  ["6.3.3", { [`${FIRST}/cve`]: undefined, [`${FIRST}/ids`]: [{ system_name: "A", text: "1" }] }, FIRST],
  ["6.3.5", { [`${HELPER}/hashes/0/file_hashes/0/value`]: "0".repeat(40) }, `${HELPER}/hashes/0/file_hashes/0/value`],
  ["6.3.9", { [`${TREE}/branches/0/category`]: "product_family" }, `${PRODUCT}/product`],
  ["6.3.10", { [`${PRODUCT}/category`]: "product_version_range", [`${PRODUCT}/name`]: "<2" }, `${PRODUCT}/category`],
  ["6.3.11", { [`${PRODUCT}/name`]: "v1" }, `${PRODUCT}/name`],
];

const OLD_SCORE = `${FIRST}/scores/0/cvss_v3`;
const ONLY_20: readonly Row[] = [
  [
    "6.1.3",
    { [`${TREE}/relationships/0/relates_to_product_reference`]: "A-1-on-B" },
    `${TREE}/relationships/0/full_product_name/product_id`,
  ],
  ["6.1.7", { [`${FIRST}/scores/-`]: { cvss_v3: csafScore(), products: ["A-1"] } }, `${FIRST}/scores/1/cvss_v3`],
  ["6.1.8", { [`${OLD_SCORE}/baseSeverity`]: undefined }, `${OLD_SCORE}/baseSeverity`],
  ["6.1.9", { [`${OLD_SCORE}/baseScore`]: 6.6 }, `${OLD_SCORE}/baseScore`],
  ["6.1.9", { [`${OLD_SCORE}/temporalScore`]: 6.4 }, `${OLD_SCORE}/temporalScore`],
  ["6.1.10", { [`${OLD_SCORE}/attackVector`]: "NETWORK" }, `${OLD_SCORE}/attackVector`],
  ["6.1.11", { [`${FIRST}/cwe/name`]: "Cross-site Scripting" }, `${FIRST}/cwe/name`],
  ["6.1.13", { [`${HELPER}/purl`]: "pkg:maven/@1" }, `${HELPER}/purl`],
  ["6.2.3", { [`${FIRST}/scores`]: undefined }, `${FIRST}/product_status/known_affected/0`],
  ["6.2.10", { "/document/distribution": undefined }, "/document/distribution/tlp/label"],
  ["6.2.19", { [`${FIRST}/scores/0/products/-`]: "A-2" }, OLD_SCORE],
  ["6.2.20", { [`${OLD_SCORE}/extra`]: 1 }, `${OLD_SCORE}/extra`],
  ["6.2.20", { "/document/extra": 1 }, "/document/extra"],
  [
    "6.3.1",
    {
      [`${FIRST}/scores/0`]: {
        cvss_v2: { version: "2.0", vectorString: "AV:N/AC:L/Au:N/C:C/I:C/A:C", baseScore: 10 },
        products: ["A-1"],
      },
    },
    `${FIRST}/scores/0/cvss_v2`,
  ],
  [
    "6.3.2",
    { [`${OLD_SCORE}/version`]: "3.0", [`${OLD_SCORE}/vectorString`]: "CVSS:3.0/AV:L/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H" },
    `${OLD_SCORE}/version`,
  ],
  ["6.3.4", { [`${FIRST}/cwe`]: undefined }, FIRST],
];

const ONLY_21: readonly Row[] = [
  [
    "6.1.3",
    { [`${TREE}/product_paths/0/subpaths/0/next_product_reference`]: "A-1-on-B" },
    `${TREE}/product_paths/0/full_product_name/product_id`,
  ],
  [
    "6.1.8",
    { [`${METRIC}/content/cvss_v4`]: { version: "4.0", baseScore: 5, baseSeverity: "MEDIUM" } },
    `${METRIC}/content/cvss_v4/vectorString`,
  ],
  ["6.1.9", { [`${SCORE}/baseSeverity`]: "HIGH" }, `${SCORE}/baseSeverity`],
  ["6.1.11", { [`${FIRST}/cwes/0/id`]: "CWE-19" }, `${FIRST}/cwes/0/id`],
  ["6.1.13", { [`${HELPER}/purls/0`]: "pkg:maven/@1" }, `${HELPER}/purls/0`],
  [
    "6.1.35",
    { [`${FIRST}/remediations/-`]: { category: "none_available", details: "A.", product_ids: ["A-1"] } },
    `${FIRST}/remediations/1`,
  ],
  ["6.1.36", { [`${FIRST}/remediations/0/product_ids/-`]: "A-2" }, `${FIRST}/remediations/0`],
  ["6.1.37", { [`${FIRST}/involvements/0/date`]: "2026-01-01 00:00:00Z" }, `${FIRST}/involvements/0/date`],
  ["6.1.37", { [`${FIRST}/involvements/0/date`]: "2016-12-31T23:59:60Z" }, `${FIRST}/involvements/0/date`],
  [
    "6.1.38",
    { "/document/distribution": { sharing_group: { id: MAX(), name: "Public" }, tlp: { label: "RED" } } },
    "/document/distribution/sharing_group/id",
  ],
  [
    "6.1.39",
    { "/document/distribution/sharing_group": { id: "86c81730-1a06-478d-82d4-978e41eb332f" } },
    "/document/distribution/sharing_group/id",
  ],
  [
    "6.1.40",
    {
      "/document/distribution": {
        sharing_group: { id: "86c81730-1a06-478d-82d4-978e41eb332f", name: "Public" },
        tlp: { label: "RED" },
      },
    },
    "/document/distribution/sharing_group/name",
  ],
  ["6.1.41", { "/document/distribution/sharing_group": { id: MAX() } }, "/document/distribution/sharing_group/name"],
  ["6.1.42", { [`${HELPER}/purls/-`]: "pkg:npm/other@1.0.0" }, `${HELPER}/purls/1`],
  ["6.1.43", { [`${HELPER}/model_numbers/0`]: "*A*" }, `${HELPER}/model_numbers/0`],
  ["6.1.44", { [`${HELPER}/serial_numbers`]: ["*A\\**"] }, `${HELPER}/serial_numbers/0`],
  ["6.1.45", { [`${FIRST}/disclosure_date`]: "2026-01-03T00:00:00Z" }, `${FIRST}/disclosure_date`],
  ["6.1.46", { [`${SELECTION}/key`]: "*" }, `${SELECTION}/key`, ["6.1.48"]],
  ["6.1.47", { [`${SSVC}/target_ids`]: ["CVE-2026-0002"] }, `${SSVC}/target_ids/0`],
  ["6.1.48", { [`${SELECTION}/values`]: [{ key: "A" }, { key: "N" }] }, `${SELECTION}/values`],
  ["6.1.49", { [`${SSVC}/timestamp`]: "2026-01-03T00:00:00Z" }, `${SSVC}/timestamp`],
  [
    "6.1.50",
    { [`${PRODUCT}/category`]: "product_version_range", [`${PRODUCT}/name`]: "vers:npm/<2.0.0|>=3.0.0|<1.0.0" },
    `${PRODUCT}/name`,
  ],
  [
    "6.1.50",
    { [`${PRODUCT}/category`]: "product_version_range", [`${PRODUCT}/name`]: "vers:intdot/<1.2|>=1.1" },
    `${PRODUCT}/name`,
  ],
  ["6.1.51", { [`${METRIC}/content/epss/timestamp`]: "2026-01-03T00:00:00Z" }, `${METRIC}/content/epss/timestamp`],
  [
    "6.1.52",
    {
      [`${FIRST}/first_known_exploitation_dates`]: [
        { date: "2026-01-03T00:00:00Z", exploitation_date: "2026-01-01T00:00:00Z", product_ids: ["A-1"] },
      ],
    },
    `${FIRST}/first_known_exploitation_dates/0/date`,
  ],
  [
    "6.1.53",
    {
      [`${FIRST}/first_known_exploitation_dates`]: [
        { date: "2026-01-01T00:00:00Z", exploitation_date: "2026-01-02T00:00:00Z", product_ids: ["A-1"] },
      ],
    },
    `${FIRST}/first_known_exploitation_dates/0/exploitation_date`,
  ],
  ["6.1.54", { "/document/license_expression": "MIT AND (Apache-2.0" }, "/document/license_expression"],
  ["6.1.55", { "/document/license_expression": "LicenseRef-a" }, "/document/notes"],
  [
    "6.1.56",
    { [`${FIRST}/metrics/-`]: { content: { qualitative_severity_rating: "low" }, products: ["A-1"] } },
    `${FIRST}/metrics/1/content/qualitative_severity_rating`,
  ],
  ["6.1.57", { [`${TREE}/branches/0/category`]: "product_name" }, `${PRODUCT}/product`],
  [
    "6.1.58",
    { [`${TREE}/branches/0/category`]: "product_version_range", [`${TREE}/branches/0/name`]: "vers:npm/<2" },
    `${PRODUCT}/product`,
  ],
  [
    "6.1.59",
    { [`${PRODUCT}/category`]: "product_version_range", [`${PRODUCT}/name`]: "vers:npm/1.0.0" },
    `${PRODUCT}/name`,
  ],
  ["6.1.60.1", { "/x_extensions": [{ ...EXTENSION, extra: 1 }] }, "/x_extensions/0/extra"],
  [
    "6.1.60.2",
    { "/x_extensions": [{ ...EXTENSION, content: { documentation: "A." } }] },
    "/x_extensions/0/content/documentation",
  ],
  ["6.1.60.3", { "/x_extensions": [EXTENSION, { ...EXTENSION, category: "supplementary" }] }, "/x_extensions/1"],
  ["6.1.61", { [`${HELPER}/skus`]: ["*a*"] }, `${HELPER}/skus/0`],
  [
    "6.1.27.13",
    { "/document/category": "csaf_security_advisory", [`${PRODUCT}/category`]: "patch_level" },
    `${FIRST}/product_status/fixed/0`,
  ],
  [
    "6.1.27.17",
    { ...withdrawn("csaf_withdrawn"), "/document/notes": [note("Reasoning for Withdrawal", "general"), note("A")] },
    "/document/notes/0/category",
  ],
  [
    "6.1.27.18",
    {
      ...withdrawn("csaf_superseded"),
      "/document/references/0/summary": "Superseding Document",
      "/document/references/0/category": "external",
      "/document/notes": [note("A")],
    },
    "/document/notes",
  ],
  [
    "6.1.27.19",
    { ...withdrawn("csaf_superseded"), "/document/notes": [note("Reasoning for Supersession")] },
    "/document/references",
  ],
  [
    "6.1.27.16",
    {
      ...withdrawn("csaf_withdrawn"),
      "/document/notes": [note("Reasoning for Withdrawal")],
      [HISTORY]: [revision("2026-01-02T00:00:00Z", "1")],
      [`${TRACKING}/version`]: "1",
    },
    HISTORY,
  ],
  [
    "6.1.27.15",
    {
      ...withdrawn("csaf_withdrawn"),
      "/document/notes": [note("Reasoning for Withdrawal")],
      [TREE]: { full_product_names: [{ name: "a", product_id: "a" }] },
    },
    TREE,
  ],
  ["6.1.27.14", { ...withdrawn("csaf_withdrawn"), "/document/lang": "de" }, "/document/notes"],
  [
    "6.1.27.12",
    { "/document/category": "csaf_security_advisory", [`${FIRST}/product_status/known_affected`]: undefined },
    `${FIRST}/product_status/known_affected`,
    ["6.1.27.13"],
  ],
  ["6.2.21", { [`${HISTORY}/1/date`]: "2026-01-01T01:00:00+01:00" }, `${HISTORY}/1/date`],
  ["6.2.22", { "/document/title": "ESA-1: A" }, "/document/title"],
  ["6.2.24", { [`${TRACKING}/id`]: "a" }, `${FIRST}/cwes/0/version`],
  [
    "6.2.25",
    { [`${FIRST}/cwes/0`]: { id: "CWE-20", name: "Improper Input Validation", version: "4.13" } },
    `${FIRST}/cwes/0`,
  ],
  [
    "6.2.27",
    { [`${FIRST}/remediations/-`]: { category: "no_fix_planned", details: "A.", product_ids: ["B-1"] } },
    `${FIRST}/remediations/1`,
  ],
  [
    "6.2.33",
    { "/document/distribution/tlp/label": "RED", [`${FIRST}/disclosure_date`]: "2026-01-03T00:00:00Z" },
    `${FIRST}/disclosure_date`,
  ],
  ["6.2.34", { [`${SELECTION}/namespace`]: "x_example.test#a" }, `${SELECTION}/namespace`],
  ["6.2.38", { "/document/category": "csaf_deprecated_security_advisory" }, "/document/category"],
  ["6.2.40", { "/document/notes/-": note("Product Description of A") }, "/document/notes/1"],
  ["6.2.41", { [`${METRIC}/content/epss/timestamp`]: "2025-12-01T00:00:00Z" }, `${METRIC}/content/epss/timestamp`],
  ["6.2.42", { [`${HELPER}/cpe`]: "cpe:2.3:a:example:product_a:1.1:*:*:*:*:*:*:*" }, `${HELPER}/cpe`],
  ["6.2.42", { [`${HELPER}/purls/0`]: "pkg:npm/product-a" }, `${HELPER}/purls/0`],
  ["6.2.44", { "/document/license_expression": "GPL-2.0+" }, "/document/license_expression"],
  ["6.2.48", { [`${TREE}/branches/0/name`]: "Open  source" }, `${TREE}/branches/0/name`],
  [
    "6.2.49",
    { [`${PRODUCT}/category`]: "product_version_range", [`${PRODUCT}/name`]: "vers:npm/>=2" },
    `${PRODUCT}/name`,
  ],
  [
    "6.2.50.3",
    { [`${PRODUCT}/category`]: "product_version_range", [`${PRODUCT}/name`]: "vers:intdot/<3" },
    `${TREE}/branches/0/branches/0/branches/1/name`,
  ],
  [
    "6.2.53",
    { [`${FIRST}/ids`]: [{ system_name: "https://euvd.enisa.europa.eu", text: "EUVD-1" }] },
    `${FIRST}/ids/0/text`,
  ],
  ["6.2.54.3", { "/x_extensions": [{ ...EXTENSION, critical: true }] }, "/x_extensions/0", ["6.1.60.2"]],
  ["6.3.13", { [`${SELECTION}/version`]: "1.0.0" }, `${SELECTION}/version`],
];

function csafScore(): Json {
  const { scores } = (csaf("2.0")["vulnerabilities"] as readonly Open[])[0] as Open;
  return (scores as unknown as readonly Open[])[0]?.["cvss_v3"] ?? null;
}

function MAX(): string {
  return "ffffffff-ffff-ffff-ffff-ffffffffffff";
}

/** A document that says no more than that it is withdrawn. */
function withdrawn(category: string): Edits {
  return { "/document/category": category, [TREE]: undefined, "/vulnerabilities": undefined };
}

for (const version of ["2.0", "2.1"] as const) {
  test(`CSAF ${version}: the sample passes all mandatory tests`, () => {
    const report = validate(csaf(version));
    assert.deepEqual(red(report, "schema"), []);
    assert.deepEqual(red(report, "mandatory"), []);
    assert.equal(report.outcome, "valid");
  });

  const rows = [...BOTH, ...(version === "2.0" ? ONLY_20 : ONLY_21)];
  for (const [id, edits, path, also = []] of rows) {
    test(`CSAF ${version}: ${id} tells ${path}`, () => {
      const report = validate(edited(version, edits), id);
      const places = report.problems.flatMap((each) => (each.test === id && each.fails ? [each.path] : []));
      assert.ok(places.includes(path), `${id} tells ${places.join(", ")}`);
      const others = red(report, "mandatory").filter((each) => each !== id && report.testsRun.includes(each));
      assert.deepEqual(
        others,
        also.filter((each) => report.testsRun.includes(each)),
      );
    });
  }
}
