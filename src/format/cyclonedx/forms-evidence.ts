import type { Forms } from "./form.ts";
import { atLeastOne, atMostOne, attr, content, el, exactlyOne, flat, form, needs, of, wrap } from "./form.ts";
import { TOOLS } from "./forms-bom.ts";
import { licences } from "./forms-licence.ts";
import * as v from "./values.ts";
import { TEXT } from "./values.ts";

/** What was found and how: evidence, vulnerabilities, annotations, citations, signatures. */

const SIGNATURE = el("signature", of("signature"), { only: "json" });
const RATING_METHODS = v.values({ "1.4": "CVSSv2 CVSSv3 CVSSv31 OWASP other", "1.5": "CVSSv4 SSVC" }, "other");

const ALGORITHM = v.matching(
  /^(?:[RPEH]S(?:256|384|512)|Ed25519|Ed448|[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+)$/,
  "an algorithm of JSON Signature Format, or a URI",
);

export const evidenceForms = (): Forms => ({
  evidence: form(
    [
      el("identity", of("identity"), { since: "1.5", until: "1.5" }),
      flat("identity", of("identity"), { since: "1.6", only: "xml" }),
      el(
        "identity",
        {
          kind: "union",
          options: [
            { type: v.list(of("identity"), "identity"), fits: Array.isArray },
            { type: of("identity"), fits: v.isObject },
          ],
        },
        { since: "1.6", only: "json" },
      ),
      wrap("occurrences", "occurrence", of("occurrence"), { since: "1.5" }),
      el("callstack", of("callstack"), { since: "1.5" }),
      licences(),
      el("copyright", v.list(of("copyright"), "text")),
    ],
    { foreign: v.EA },
  ),
  copyright: form([content("text", TEXT, { required: true })]),
  identity: form([
    el("field", v.values({ "1.5": "group name version purl cpe swid hash", "1.6": "omniborId swhid" }), {
      required: true,
    }),
    el("confidence", v.SHARE),
    el("concludedValue", TEXT, { since: "1.6" }),
    wrap("methods", "method", of("method")),
    v.refs("tools", "tool", { unique: true }),
  ]),
  method: form([
    el(
      "technique",
      v.values({
        "1.5": `source-code-analysis binary-analysis manifest-analysis ast-fingerprint hash-comparison instrumentation
          dynamic-analysis filename attestation other`,
      }),
      { required: true },
    ),
    el("confidence", v.SHARE, { required: true }),
    el("value", TEXT),
  ]),
  occurrence: form([
    attr("bom-ref", v.REF),
    el("location", TEXT, { required: true }),
    el("line", v.NATURAL, { since: "1.6" }),
    el("offset", v.NATURAL, { since: "1.6" }),
    el("symbol", TEXT, { since: "1.6" }),
    el("additionalContext", TEXT, { since: "1.6" }),
  ]),
  callstack: form([
    wrap("frames", "frame", of("frame")),
    // Only the XML schema has it.
    v.refs("tools", "tool", {}, v.LINK, { only: "xml" }),
  ]),
  frame: form([
    el("package", TEXT),
    el("module", TEXT, { required: true }),
    el("function", TEXT),
    v.texts("parameters", "parameter"),
    el("line", v.INTEGER),
    el("column", v.INTEGER),
    el("fullFilename", TEXT),
  ]),

  vulnerability: form([
    attr("bom-ref", v.OLD_REF, { until: "1.4" }),
    attr("bom-ref", v.REF, { since: "1.5" }),
    el("id", TEXT),
    el("source", of("vulnerabilitySource")),
    wrap("references", "reference", of("vulnerabilityReference"), { foreign: v.E }),
    wrap("ratings", "rating", of("rating")),
    wrap("cwes", "cwe", v.INTEGER, { only: "xml" }),
    wrap("cwes", "cwe", { ...v.INTEGER, min: 1 }, { only: "json" }),
    el("description", TEXT),
    el("detail", TEXT),
    el("recommendation", TEXT),
    el("workaround", TEXT, { since: "1.5" }),
    el("proofOfConcept", of("proofOfConcept"), { since: "1.5" }),
    wrap("advisories", "advisory", of("advisory")),
    el("created", v.TIME),
    el("published", v.TIME),
    el("updated", v.TIME),
    el("rejected", v.TIME, { since: "1.5" }),
    el("credits", of("credits")),
    el("tools", TOOLS),
    el("analysis", of("analysis")),
    wrap("affects", "target", of("affected"), { unique: true }),
    v.properties(),
  ]),
  vulnerabilitySource: form([el("name", TEXT), el("url", TEXT, { only: "json" }), el("url", v.IRI, { only: "xml" })], {
    rounds: [],
  }),
  vulnerabilityReference: form([
    el("id", TEXT, { required: "json", until: "1.4" }),
    el("source", of("vulnerabilitySource"), { required: "json", until: "1.4" }),
    el("id", TEXT, { required: true, since: "1.5" }),
    el("source", of("vulnerabilitySource"), { required: true, since: "1.5" }),
  ]),
  rating: form([
    el("source", of("vulnerabilitySource")),
    el("score", v.DECIMAL),
    el("severity", v.values({ "1.4": "critical high medium low info none unknown" })),
    el("method", RATING_METHODS),
    el("vector", TEXT),
    el("justification", TEXT),
  ]),
  proofOfConcept: form(
    [
      el("reproductionSteps", TEXT),
      el("environment", TEXT),
      wrap("supportingMaterial", "attachment", of("attachment")),
    ],
    { open: {} },
  ),
  advisory: form([el("title", TEXT), el("url", v.IRI, { required: true })]),
  credits: form([
    wrap("organizations", "organization", of("organization")),
    wrap("individuals", "individual", of("contact")),
  ]),
  analysis: form([
    el(
      "state",
      v.values({ "1.4": "resolved resolved_with_pedigree exploitable in_triage false_positive not_affected" }),
    ),
    el(
      "justification",
      v.values({
        "1.4": `code_not_present code_not_reachable requires_configuration requires_dependency requires_environment
          protected_by_compiler protected_at_runtime protected_at_perimeter protected_by_mitigating_control`,
      }),
    ),
    wrap("response", "response", v.values({ "1.4": "can_not_fix will_not_fix update rollback workaround_available" }), {
      element: "responses",
    }),
    el("detail", TEXT),
    el("firstIssued", v.TIME, { since: "1.5" }),
    el("lastUpdated", v.TIME, { since: "1.5" }),
  ]),
  affected: form([
    el("ref", v.OLD_LINK, { required: true, until: "1.4" }),
    el("ref", v.LINK, { required: true, since: "1.5" }),
    wrap("versions", "version", of("affectedVersion")),
  ]),
  affectedVersion: form(
    [
      el("version", { kind: "text", minLength: 1, maxLength: 1024 }, { only: "json", until: "1.5" }),
      el("range", { kind: "text", minLength: 1, maxLength: 1024 }, { only: "json", until: "1.5" }),
      el("version", TEXT, { only: "xml", until: "1.5" }),
      el("range", TEXT, { only: "xml", until: "1.5" }),
      el("version", v.VERSION, { since: "1.6" }),
      el("range", v.VERSION_RANGE, { since: "1.6" }),
      el("status", v.values({ "1.4": "affected unaffected unknown" }), { empty: "affected" }),
    ],
    { rules: [exactlyOne(["version", "range"])] },
  ),

  annotation: form(
    [
      attr("bom-ref", v.REF),
      { ...v.refs("subjects", "subject", { unique: true, foreign: v.E }), required: "json", filler: [] },
      el("annotator", of("annotator"), { required: true }),
      el("timestamp", v.TIME, { required: true }),
      el("text", TEXT, { required: true }),
      SIGNATURE,
    ],
    { foreign: v.EA },
  ),
  annotator: form(
    [
      el("organization", of("organization")),
      el("individual", of("contact")),
      el("component", of("component")),
      el("service", of("service")),
    ],
    {
      rules: [
        exactlyOne(["organization", "individual", "component", "service"], { only: "json" }),
        atMostOne(["organization", "individual", "component", "service"], { only: "xml" }),
      ],
    },
  ),

  citation: form(
    [
      attr("bom-ref", v.REF),
      wrap("pointers", "pointer", TEXT, { min: 1 }),
      wrap("expressions", "expression", TEXT, { min: 1 }),
      el("timestamp", v.TIME, { required: true }),
      el("attributedTo", v.LINK),
      el("process", v.LINK),
      el("note", TEXT),
      SIGNATURE,
    ],
    {
      foreign: v.EO,
      rules: [exactlyOne(["pointers", "expressions"]), atLeastOne(["attributedTo", "process"], { only: "json" })],
    },
  ),

  // JSON Signature Format 0.82; XML has XML Signature in its own name space instead.
  signature: form(
    [
      el("signers", v.list(of("signer"), "signer")),
      el("chain", v.list(of("signer"), "signer")),
      el("algorithm", ALGORITHM),
      el("keyId", TEXT),
      el("publicKey", of("publicKey")),
      el("certificatePath", v.list(TEXT, "certificate")),
      el("excludes", v.list(TEXT, "exclude")),
      el("value", TEXT),
    ],
    {
      rules: [
        exactlyOne(["signers", "chain", "algorithm"]),
        ...["keyId", "publicKey", "certificatePath", "excludes", "value"].map((member) => needs(member, "algorithm")),
        needs("algorithm", "value"),
      ],
    },
  ),
  signer: form([
    el("algorithm", ALGORITHM, { required: true }),
    el("keyId", TEXT),
    el("publicKey", of("publicKey")),
    el("certificatePath", v.list(TEXT, "certificate")),
    el("excludes", v.list(TEXT, "exclude")),
    el("value", TEXT, { required: true }),
  ]),
  publicKey: form(
    [
      el("kty", v.values({ "1.4": "EC OKP RSA" }), { required: true }),
      el("crv", v.values({ "1.4": "P-256 P-384 P-521 Ed25519 Ed448" })),
      el("x", TEXT),
      el("y", TEXT),
      el("n", TEXT),
      el("e", TEXT),
    ],
    {
      rules: [
        {
          check: (value) => {
            const expected = { EC: "crv,x,y", OKP: "crv,x", RSA: "e,n" }[String(value["kty"])];
            const found = Object.keys(value).filter((name) => name !== "kty");
            if (expected === undefined || found.toSorted().join(",") === expected) return undefined;
            return { member: "", expected: `kty and ${expected}, no other` };
          },
        },
        {
          check: ({ kty, crv }) =>
            typeof crv !== "string" || kty === "RSA" || crv.startsWith("Ed") === (kty === "OKP")
              ? undefined
              : { member: "crv", expected: "a curve of the key type" },
        },
      ],
    },
  ),
});
