import type { Field, Forms, Option, Span, Type } from "./form.ts";
import { atMostOne, attr, content, el, exactlyOne, flat, form, needs, of, wrap } from "./form.ts";
import { licences, patentAssertions } from "./forms-licence.ts";
import * as v from "./values.ts";
import { TEXT } from "./values.ts";

/** The document, its metadata, components, services and how they hang together. */

const SIGNATURE = el("signature", of("signature"), { since: "1.4", only: "json" });

/** A list of tools until 1.4; since then components and services, the list only as legacy. */
export const TOOLS: Type = {
  kind: "union",
  options: [
    { type: v.list(of("tool"), "tool"), fits: Array.isArray },
    { since: "1.5", type: of("tools"), fits: v.isObject },
  ],
};

const REFERENCE_TYPES = v.values(
  {
    "1.2": `vcs issue-tracker website advisories bom mailing-list social chat documentation support distribution license
      build-meta build-system other`,
    "1.4": "release-notes",
    "1.5": `distribution-intake security-contact model-card log configuration evidence formulation attestation threat-model
      adversary-model risk-assessment vulnerability-assertion exploitability-statement pentest-report static-analysis-report
      dynamic-analysis-report runtime-analysis-report component-analysis-report maturity-report certification-report
      codified-infrastructure quality-metrics poam`,
    "1.6": "source-distribution electronic-signature digital-signature rfc-9116",
    "1.7": "patent patent-family patent-assertion citation",
  },
  "other",
);

export const COMPONENT_TYPES = v.values(
  {
    "1.2": "application framework library container operating-system device firmware file",
    "1.5": "platform device-driver machine-learning-model data",
    "1.6": "cryptographic-asset",
  },
  "library",
);

const MIME_TYPE = v.matching(/^[-+a-z0-9.]+\/[-+a-z0-9.]+$/, "a media type in lower case", { collapse: true });
const FLOW = v.values({ "1.2": "inbound outbound bi-directional unknown" });

/** JSON's serial number is a URN; XML's may also be a UUID in braces. */
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const SERIAL = v.matching(new RegExp(`^urn:uuid:${UUID}$`), "urn:uuid: and a UUID in lower case");
const XML_SERIAL = v.matching(new RegExp(`^(?:urn:uuid:${UUID}|\\{${UUID}\\})$`), "urn:uuid: and a UUID in lower case");

const FLOWS: readonly Option[] = [
  {
    type: of("dataClassification"),
    element: "classification",
    fits: (value) => !v.having("name", "description", "governance", "source", "destination")(value),
  },
  { until: "1.4", type: of("dataClassification"), element: "classification", fits: v.isObject },
  { since: "1.5", type: of("dataflow"), element: "dataflow", fits: v.isObject },
];

/** XML of 1.2 took several where JSON, and XML since, has one. */
function severalIn12(name: string, type: Type, later: Span = {}): readonly Field[] {
  return [
    el(name, type, { until: "1.2", only: "xml", many: true }),
    el(name, type, { until: "1.2", only: "json" }),
    el(name, type, { since: "1.3", ...later }),
  ];
}

export const bomForms = (): Forms => ({
  bom: form(
    [
      el("$schema", TEXT, { only: "json" }),
      el("bomFormat", v.values({ "1.2": "CycloneDX" }), { only: "json", required: true }),
      el("specVersion", TEXT, { only: "json", required: true }),
      attr("serialNumber", SERIAL, { only: "json" }),
      attr("serialNumber", XML_SERIAL, { only: "xml" }),
      attr("version", v.INTEGER, { until: "1.4" }),
      attr("version", { ...v.INTEGER, min: 1 }, { since: "1.5" }),
      el("metadata", of("metadata")),
      wrap("components", "component", of("component"), { unique: true, foreign: v.EA }),
      wrap("services", "service", of("service"), { unique: true, foreign: v.EA }),
      v.externalReferences(),
      wrap("dependencies", "dependency", of("dependency"), { unique: true }),
      wrap("compositions", "composition", of("composition"), { since: "1.3", unique: true, foreign: v.EA }),
      v.properties({ since: "1.3", only: "xml" }),
      v.properties({ since: "1.5", only: "json" }),
      wrap("vulnerabilities", "vulnerability", of("vulnerability"), { since: "1.4", unique: true, foreign: v.EA }),
      wrap("annotations", "annotation", of("annotation"), { since: "1.5", unique: true, foreign: v.EA }),
      wrap("formulation", "formula", of("formula"), { since: "1.5", unique: true, foreign: v.EA }),
      el("declarations", of("declarations"), { since: "1.6" }),
      el("definitions", of("definitions"), { since: "1.6" }),
      wrap("citations", "citation", of("citation"), { since: "1.7", only: "json", unique: true }),
      wrap("citations", "citation", of("citation"), { since: "1.7", only: "xml", min: 1 }),
      SIGNATURE,
    ],
    { foreign: v.EA },
  ),

  metadata: form(
    [
      el("timestamp", v.TIME),
      wrap("lifecycles", "lifecycle", of("lifecycle"), { since: "1.5" }),
      el("tools", TOOLS),
      wrap("authors", "author", of("contact")),
      el("component", of("component")),
      el("manufacturer", of("organization"), { since: "1.6" }),
      ...severalIn12("manufacture", of("organization")),
      ...severalIn12("supplier", of("organization")),
      licences({ since: "1.3" }),
      v.properties({ since: "1.3" }),
      el("distributionConstraints", of("distributionConstraints"), { since: "1.7" }),
    ],
    { foreign: v.EO },
  ),
  lifecycle: form(
    [
      el("phase", v.values({ "1.5": "design pre-build build post-build operations discovery decommission" })),
      el("name", TEXT),
      el("description", TEXT),
    ],
    { rules: [exactlyOne(["phase", "name"]), needs("description", "name")] },
  ),
  distributionConstraints: form([
    el("tlp", v.values({ "1.7": "CLEAR GREEN AMBER AMBER_AND_STRICT RED" }), { empty: "CLEAR" }),
  ]),
  tools: form([
    wrap("components", "component", of("component"), { unique: true, foreign: v.EA }),
    wrap("services", "service", of("service"), { unique: true, foreign: v.EA }),
  ]),
  tool: form(
    [
      el("vendor", TEXT),
      el("name", TEXT),
      el("version", TEXT, { until: "1.5" }),
      el("version", v.VERSION, { since: "1.6" }),
      v.hashes(),
      v.externalReferences({ since: "1.4" }),
    ],
    { foreign: v.EO },
  ),

  organization: form(
    [
      attr("bom-ref", v.REF, { since: "1.5" }),
      el("name", TEXT),
      el("address", of("postalAddress"), { since: "1.6" }),
      flat("url", v.IRI),
      flat("contact", of("contact")),
    ],
    { foreign: v.EO },
  ),
  contact: form(
    [
      attr("bom-ref", v.REF, { since: "1.5" }),
      el("name", TEXT),
      ...severalIn12("email", TEXT, { until: "1.3" }),
      el("email", v.EMAIL, { since: "1.4" }),
      ...severalIn12("phone", TEXT),
    ],
    { foreign: v.EO },
  ),
  postalAddress: form([
    attr("bom-ref", v.REF),
    el("country", TEXT),
    el("region", TEXT),
    el("locality", TEXT),
    el("postOfficeBoxNumber", TEXT),
    el("postalCode", TEXT),
    el("streetAddress", TEXT),
  ]),

  component: form(
    [
      attr("type", COMPONENT_TYPES, { required: true }),
      attr("mime-type", MIME_TYPE),
      attr("isExternal", v.BOOLEAN, { since: "1.7" }),
      attr("bom-ref", v.OLD_REF, { until: "1.4" }),
      attr("bom-ref", v.REF, { since: "1.5" }),
      el("supplier", of("organization")),
      el("manufacturer", of("organization"), { since: "1.6" }),
      wrap("authors", "author", of("contact"), { since: "1.6" }),
      el("author", TEXT),
      el("publisher", TEXT),
      el("group", TEXT),
      el("name", TEXT, { required: true }),
      el("version", TEXT, { until: "1.3", required: true, filler: "" }),
      el("version", TEXT, { since: "1.4", until: "1.5" }),
      el("version", v.VERSION, { since: "1.6" }),
      el("versionRange", v.VERSION_RANGE, { since: "1.7" }),
      el("description", TEXT),
      el("scope", v.values({ "1.2": "required optional excluded" }), { until: "1.4" }),
      el("scope", v.values({ "1.2": "required optional excluded" }), { since: "1.5", empty: "required" }),
      v.hashes(),
      licences(),
      el("copyright", TEXT),
      patentAssertions(),
      el("cpe", { kind: "text", format: "cpe" }),
      el("purl", { kind: "text", role: "purl" }, { only: "json" }),
      el("purl", { ...v.IRI, role: "purl" }, { only: "xml" }),
      flat("omniborId", TEXT, { since: "1.6" }),
      flat("swhid", TEXT, { since: "1.6" }),
      el("swid", of("swid")),
      el("modified", v.BOOLEAN),
      el("pedigree", of("pedigree")),
      v.externalReferences(),
      v.properties({ since: "1.3" }),
      wrap("components", "component", of("component"), { unique: true, foreign: v.E }),
      el("evidence", of("evidence"), { since: "1.3" }),
      el("releaseNotes", of("releaseNotes"), { since: "1.4" }),
      el("modelCard", of("modelCard"), { since: "1.5" }),
      flat("data", of("componentData"), { since: "1.5", until: "1.5", only: "xml", max: 1 }),
      flat("data", of("componentData"), { since: "1.5", until: "1.5", only: "json" }),
      flat("data", of("componentData"), { since: "1.6" }),
      el("cryptoProperties", of("cryptoProperties"), { since: "1.6" }),
      wrap("tags", "tag", TEXT, { since: "1.6" }),
      SIGNATURE,
    ],
    {
      foreign: v.EA,
      rules: [
        atMostOne(["version", "versionRange"], { since: "1.7" }),
        {
          since: "1.7",
          prose: "xml",
          check: (value) =>
            Object.hasOwn(value, "versionRange") && value["isExternal"] !== true
              ? { member: "versionRange", expected: "isExternal true beside it" }
              : undefined,
        },
      ],
    },
  ),
  swid: form(
    [
      attr("tagId", TEXT, { required: true }),
      attr("name", TEXT, { required: true }),
      attr("version", TEXT),
      attr("tagVersion", v.INTEGER),
      attr("patch", v.BOOLEAN),
      el("text", of("attachment")),
      el("url", v.IRI),
    ],
    { foreign: v.E },
  ),
  attachment: form([
    attr("contentType", TEXT, { element: "content-type" }),
    attr("encoding", v.values({ "1.2": "base64" })),
    content("content", TEXT, { required: true }),
  ]),
  hash: form([
    attr("alg", v.HASH_ALGORITHMS, { required: true }),
    content(
      "content",
      v.matching(
        /^(?:[a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$/,
        "32, 40, 64, 96 or 128 hex digits",
        { collapse: true },
      ),
      { required: true },
    ),
  ]),
  property: form(
    [
      attr("name", TEXT, { required: "xml", until: "1.5" }),
      attr("name", TEXT, { required: true, since: "1.6" }),
      content("value", TEXT),
    ],
    { open: { until: "1.5" } },
  ),
  externalReference: form(
    [
      attr("type", REFERENCE_TYPES, { required: true }),
      el("url", v.IRI, { required: true }),
      el("comment", TEXT),
      v.hashes({ since: "1.3" }),
      v.properties({ since: "1.7" }),
    ],
    { foreign: v.A },
  ),

  pedigree: form(
    [
      wrap("ancestors", "component", of("component"), { foreign: v.EA }),
      wrap("descendants", "component", of("component"), { foreign: v.EA }),
      wrap("variants", "component", of("component"), { foreign: v.EA }),
      wrap("commits", "commit", of("commit"), { foreign: v.E }),
      wrap("patches", "patch", of("patch"), { foreign: v.E }),
      el("notes", TEXT),
    ],
    { foreign: v.E },
  ),
  commit: form(
    [
      el("uid", TEXT),
      el("url", v.IRI),
      el("author", of("identifiableAction")),
      el("committer", of("identifiableAction")),
      el("message", TEXT),
    ],
    { foreign: v.E },
  ),
  identifiableAction: form([el("timestamp", v.TIME), el("name", TEXT), el("email", v.EMAIL)], { foreign: v.E }),
  patch: form(
    [
      attr("type", v.values({ "1.2": "unofficial monkey backport cherry-pick" }), { required: true }),
      el("diff", of("diff")),
      wrap("resolves", "issue", of("issue")),
    ],
    { foreign: v.E },
  ),
  diff: form([el("text", of("attachment")), el("url", v.IRI)], { foreign: v.E }),
  issue: form(
    [
      attr("type", v.values({ "1.2": "defect enhancement security" }), { required: true }),
      el("id", TEXT),
      el("name", TEXT),
      el("description", TEXT),
      el("source", of("issueSource")),
      wrap("references", "url", v.IRI),
    ],
    { foreign: v.E },
  ),
  issueSource: form([el("name", TEXT), el("url", v.IRI)]),
  releaseNotes: form(
    [
      el("type", TEXT, { required: true }),
      el("title", TEXT),
      el("featuredImage", v.IRI),
      el("socialImage", v.IRI),
      el("description", TEXT),
      el("timestamp", v.TIME),
      v.texts("aliases", "alias"),
      v.texts("tags", "tag"),
      wrap("resolves", "issue", of("issue")),
      wrap("notes", "note", of("note")),
      v.properties(),
    ],
    { foreign: v.EA, rounds: ["type"] },
  ),
  note: form(
    [
      el("locale", v.matching(/^[a-z]{2}(?:-[A-Z]{2})?$/, "a language, as en or en-US")),
      el("text", of("attachment"), { required: true }),
    ],
    { rounds: ["text"] },
  ),

  dependency: form(
    [
      attr("ref", v.OLD_LINK, { required: true, until: "1.4" }),
      attr("ref", v.LINK, { required: true, since: "1.5" }),
      flat("dependsOn", v.OLD_LINK, { element: "dependency", attribute: "ref", until: "1.4", unique: true }),
      flat("dependsOn", v.LINK, { element: "dependency", attribute: "ref", since: "1.5", unique: true }),
      flat("provides", v.LINK, { attribute: "ref", since: "1.6", unique: true }),
    ],
    { foreign: v.O, rounds: [] },
  ),
  composition: form(
    [
      attr("bom-ref", v.REF, { since: "1.5" }),
      el(
        "aggregate",
        v.values(
          {
            "1.3": "complete incomplete incomplete_first_party_only incomplete_third_party_only unknown not_specified",
            "1.5": `incomplete_first_party_proprietary_only incomplete_first_party_opensource_only
              incomplete_third_party_proprietary_only incomplete_third_party_opensource_only`,
          },
          "incomplete",
        ),
        { required: "json", empty: "not_specified", filler: "not_specified" },
      ),
      v.refs("assemblies", "assembly", { unique: true, foreign: v.E }, v.OLD_LINK, { until: "1.4" }),
      v.refs("assemblies", "assembly", { unique: true, foreign: v.E }, v.LINK, { since: "1.5" }),
      v.refs("dependencies", "dependency", { unique: true, foreign: v.E }, v.OLD_LINK),
      v.refs("vulnerabilities", "vulnerability", { unique: true, foreign: v.E }, v.OLD_LINK, { since: "1.5" }),
      SIGNATURE,
    ],
    { rounds: ["aggregate"] },
  ),

  service: form(
    [
      attr("bom-ref", v.OLD_REF, { until: "1.4" }),
      attr("bom-ref", v.REF, { since: "1.5" }),
      el("provider", of("organization")),
      el("group", TEXT),
      el("name", TEXT, { required: true }),
      el("version", TEXT, { until: "1.5" }),
      el("version", v.VERSION, { since: "1.6" }),
      el("description", TEXT),
      wrap("endpoints", "endpoint", v.IRI),
      el("authenticated", v.BOOLEAN),
      el("x-trust-boundary", v.BOOLEAN),
      el("trustZone", TEXT, { since: "1.5" }),
      el("data", { kind: "list", item: { kind: "union", options: FLOWS }, uniform: true }),
      licences(),
      patentAssertions(),
      v.externalReferences(),
      v.properties({ since: "1.3" }),
      wrap("services", "service", of("service"), { unique: true, foreign: v.E }),
      el("releaseNotes", of("releaseNotes"), { since: "1.4" }),
      wrap("tags", "tag", TEXT, { since: "1.6" }),
      SIGNATURE,
    ],
    { foreign: v.EA },
  ),
  dataClassification: form([
    attr("flow", FLOW, { required: true }),
    content("classification", TEXT, { required: true }),
  ]),
  dataflow: form(
    [
      attr("name", TEXT),
      attr("description", TEXT),
      attr("flow", FLOW, { within: "classification", required: "json", filler: "unknown" }),
      content("classification", TEXT, { within: "classification", required: "json", filler: "" }),
      el("governance", of("dataGovernance")),
      wrap("source", "url", v.IRI),
      wrap("destination", "url", v.IRI),
    ],
    { foreign: v.A, rules: [needs("classification", "flow", { only: "xml" })] },
  ),
});
