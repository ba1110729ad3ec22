import type { Forms, Type } from "./form.ts";
import { atMostOne, attr, el, exactlyOne, flat, form, of, wrap } from "./form.ts";
import * as v from "./values.ts";
import { TEXT } from "./values.ts";

/** Models of machine learning and their data. */

const DATASET: Type = {
  kind: "union",
  options: [
    { type: v.LINK, element: "ref", member: "ref", fits: v.having("ref") },
    { type: of("componentData"), element: "dataset", fits: v.isObject },
  ],
};

const ACTIVITIES = v.values({
  "1.6": "design data-collection data-preparation training fine-tuning validation deployment inference other",
});
const SOURCES = v.values({
  "1.6": "coal oil natural-gas nuclear wind solar geothermal hydropower biofuel unknown other",
});

export const modelForms = (): Forms => ({
  modelCard: form([
    attr("bom-ref", v.REF),
    el("modelParameters", of("modelParameters")),
    el("quantitativeAnalysis", of("quantitativeAnalysis")),
    el("considerations", of("considerations")),
    v.properties(),
  ]),
  modelParameters: form([
    el("approach", of("approach")),
    el("task", TEXT),
    el("architectureFamily", TEXT),
    el("modelArchitecture", TEXT),
    el("datasets", { kind: "list", item: DATASET }),
    wrap("inputs", "input", of("modelInput")),
    wrap("outputs", "output", of("modelInput")),
  ]),
  approach: form([
    el("type", v.values({ "1.5": "supervised unsupervised reinforcement-learning semi-supervised self-supervised" })),
  ]),
  modelInput: form([el("format", TEXT, { required: "xml", filler: "" })]),
  quantitativeAnalysis: form([
    wrap("performanceMetrics", "performanceMetric", of("performanceMetric")),
    el("graphics", of("graphics")),
  ]),
  performanceMetric: form([
    el("type", TEXT),
    el("value", TEXT),
    el("slice", TEXT),
    el("confidenceInterval", of("confidenceInterval")),
  ]),
  confidenceInterval: form([el("lowerBound", TEXT), el("upperBound", TEXT)]),
  graphics: form([el("description", TEXT), wrap("collection", "graphic", of("graphic"))]),
  graphic: form([el("name", TEXT), el("image", of("attachment"))]),
  considerations: form([
    v.texts("users", "user"),
    v.texts("useCases", "useCase"),
    v.texts("technicalLimitations", "technicalLimitation"),
    v.texts("performanceTradeoffs", "performanceTradeoff"),
    wrap("ethicalConsiderations", "ethicalConsideration", of("risk")),
    el("environmentalConsiderations", of("environmentalConsiderations"), { since: "1.6" }),
    wrap("fairnessAssessments", "fairnessAssessment", of("fairnessAssessment")),
  ]),
  risk: form([el("name", TEXT), el("mitigationStrategy", TEXT)]),
  fairnessAssessment: form([
    el("groupAtRisk", TEXT),
    el("benefits", TEXT),
    el("harms", TEXT),
    el("mitigationStrategy", TEXT),
  ]),
  environmentalConsiderations: form([
    wrap("energyConsumptions", "energyConsumption", of("energyConsumption"), { foreign: v.EA, many: true }),
    v.properties(),
  ]),
  energyConsumption: form([
    el("activity", ACTIVITIES, { required: true }),
    flat("energyProviders", of("energyProvider"), { required: true }),
    el("activityEnergyCost", of("energyMeasure"), { required: true }),
    el("co2CostEquivalent", of("co2Measure")),
    el("co2CostOffset", of("co2Measure")),
    v.properties(),
  ]),
  energyProvider: form([
    attr("bom-ref", v.REF),
    el("description", TEXT),
    el("organization", of("organization"), { required: true }),
    el("energySource", SOURCES, { required: true }),
    el("energyProvided", of("energyMeasure"), { required: true }),
    v.externalReferences(),
  ]),
  energyMeasure: form([
    el("value", v.DECIMAL, { required: true }),
    el("unit", v.values({ "1.6": "kWh" }), { required: true }),
  ]),
  co2Measure: form([
    el("value", v.DECIMAL, { required: true }),
    el("unit", v.values({ "1.6": "tCO2eq" }), { required: true }),
  ]),

  componentData: form([
    attr("bom-ref", v.REF),
    el("type", v.values({ "1.5": "source-code configuration dataset definition other" }), { required: true }),
    el("name", TEXT),
    el("contents", of("dataContents")),
    el("classification", TEXT),
    flat("sensitiveData", TEXT),
    el("graphics", of("graphics")),
    el("description", TEXT),
    el("governance", of("dataGovernance")),
  ]),
  dataContents: form([el("attachment", of("attachment")), el("url", v.IRI), v.properties()]),
  dataGovernance: form([
    wrap("custodians", "custodian", of("responsibleParty")),
    wrap("stewards", "steward", of("responsibleParty")),
    wrap("owners", "owner", of("responsibleParty")),
  ]),
  responsibleParty: form(
    [el("organization", of("organization")), el("contact", of("contact"), { element: "individual" })],
    {
      rules: [
        exactlyOne(["organization", "contact"], { only: "json" }),
        atMostOne(["organization", "contact"], { only: "xml" }),
      ],
    },
  ),

  declarations: form(
    [
      wrap("assessors", "assessor", of("assessor")),
      wrap("attestations", "attestation", of("attestation")),
      wrap("claims", "claim", of("claim")),
      wrap("evidence", "evidence", of("declaredEvidence")),
      el("targets", of("targets")),
      el("affirmation", of("affirmation")),
      el("signature", of("signature"), { only: "json" }),
    ],
    { foreign: v.E },
  ),
  assessor: form([attr("bom-ref", v.REF), el("thirdParty", v.BOOLEAN), el("organization", of("organization"))], {
    foreign: v.O,
  }),
  attestation: form(
    [
      el("summary", TEXT),
      el("assessor", v.LINK),
      flat("map", of("attestationMap")),
      el("signature", of("signature"), { only: "json" }),
    ],
    { foreign: v.E },
  ),
  attestationMap: form([
    el("requirement", v.LINK),
    wrap("claims", "claim", v.LINK),
    wrap("counterClaims", "counterClaim", v.LINK),
    el("conformance", of("conformance")),
    el("confidence", of("confidence")),
  ]),
  conformance: form([
    el("score", v.SHARE, { required: "xml" }),
    el("rationale", TEXT),
    wrap("mitigationStrategies", "mitigationStrategy", v.LINK),
  ]),
  confidence: form([el("score", v.SHARE, { required: "xml" }), el("rationale", TEXT)]),
  claim: form(
    [
      attr("bom-ref", v.REF),
      el("target", v.LINK),
      el("predicate", TEXT),
      wrap("mitigationStrategies", "mitigationStrategy", v.LINK),
      el("reasoning", TEXT),
      flat("evidence", v.LINK),
      flat("counterEvidence", v.LINK),
      v.externalReferences(),
      el("signature", of("signature"), { only: "json" }),
    ],
    { foreign: v.EO },
  ),
  declaredEvidence: form(
    [
      attr("bom-ref", v.REF),
      el("propertyName", TEXT),
      el("description", TEXT),
      flat("data", of("evidenceData")),
      el("created", v.TIME),
      el("expires", v.TIME),
      el("author", of("contact")),
      el("reviewer", of("contact")),
      el("signature", of("signature"), { only: "json" }),
    ],
    { foreign: v.EO },
  ),
  evidenceData: form([
    el("name", TEXT),
    el("contents", of("evidenceContents")),
    el("classification", TEXT),
    flat("sensitiveData", TEXT),
    el("governance", of("dataGovernance")),
  ]),
  evidenceContents: form([el("attachment", of("attachment")), el("url", v.IRI)]),
  targets: form([
    wrap("organizations", "organization", of("organization")),
    wrap("components", "component", of("component")),
    wrap("services", "service", of("service")),
  ]),
  affirmation: form(
    [
      el("statement", TEXT),
      wrap("signatories", "signatory", of("signatory")),
      el("signature", of("signature"), { only: "json" }),
    ],
    { foreign: v.E },
  ),
  signatory: form(
    [
      el("name", TEXT),
      el("role", TEXT),
      el("organization", of("organization")),
      el("externalReference", of("externalReference")),
      el("signature", of("signature"), { only: "json" }),
    ],
    {
      foreign: v.E,
      rules: [
        {
          only: "json",
          check: (value) => {
            const elsewhere = Object.hasOwn(value, "externalReference") && Object.hasOwn(value, "organization");
            if (Object.hasOwn(value, "signature") !== elsewhere) return undefined;
            return { member: "", expected: "either a signature, or an organization and an externalReference" };
          },
        },
      ],
    },
  ),
  standard: form(
    [
      attr("bom-ref", v.REF),
      el("name", TEXT, { required: "xml", filler: "" }),
      el("version", TEXT, { required: "xml", filler: "" }),
      el("description", TEXT, { required: "xml", filler: "" }),
      el("owner", TEXT, { required: "xml", filler: "" }),
      wrap("requirements", "requirement", of("requirement")),
      wrap("levels", "level", of("level")),
      v.externalReferences(),
      el("signature", of("signature"), { only: "json" }),
    ],
    { foreign: v.EO },
  ),
  requirement: form(
    [
      attr("bom-ref", v.REF),
      el("identifier", TEXT),
      el("title", TEXT),
      el("text", TEXT),
      v.texts("descriptions", "description"),
      flat("openCre", v.matching(/^CRE:[0-9]+-[0-9]+$/, "CRE: and two numbers, as CRE:123-456")),
      el("parent", v.LINK),
      v.properties(),
      v.externalReferences(),
    ],
    { foreign: v.O },
  ),
  level: form(
    [
      attr("bom-ref", v.REF),
      el("identifier", TEXT),
      el("title", TEXT),
      el("description", TEXT),
      wrap("requirements", "requirement", v.LINK),
    ],
    { foreign: v.O },
  ),
});

const RESOURCE_REFERENCES = wrap("resourceReferences", "resourceReference", of("resourceReference"), {
  unique: true,
  foreign: v.EA_LAST,
});
const TASK_TYPES = wrap(
  "taskTypes",
  "taskType",
  v.values({ "1.5": "copy clone lint scan merge build test deliver deploy release clean other" }),
  { required: true },
);
const INPUTS = wrap("inputs", "input", of("input"), { unique: true });
const OUTPUTS = wrap("outputs", "output", of("output"), { unique: true });
const NAMED = [
  attr("bom-ref", v.REF, { required: true }),
  el("uid", TEXT, { required: true }),
  el("name", TEXT),
  el("description", TEXT),
  RESOURCE_REFERENCES,
] as const;
const RUN = [
  el("trigger", of("trigger")),
  wrap("steps", "step", of("step"), { unique: true }),
  INPUTS,
  OUTPUTS,
  el("timeStart", v.TIME),
  el("timeEnd", v.TIME),
  wrap("workspaces", "workspace", of("workspace"), { unique: true, foreign: v.EA_LAST }),
  wrap("runtimeTopology", "dependency", of("dependency"), { unique: true }),
  v.properties(),
] as const;
const ENVIRONMENT = el("environmentVars", {
  kind: "list",
  unique: true,
  item: {
    kind: "union",
    options: [
      { type: TEXT, element: "value", fits: v.isText },
      { type: of("property"), element: "environmentVar", fits: v.isObject },
    ],
  },
});

/** How something was made (1.5): workflows, tasks, steps. */
export const formulationForms = (): Forms => ({
  formula: form(
    [
      attr("bom-ref", v.REF),
      wrap("components", "component", of("component"), { unique: true, foreign: v.EA }),
      wrap("services", "service", of("service"), { unique: true, foreign: v.EA }),
      wrap("workflows", "workflow", of("workflow"), { unique: true, foreign: v.EA_LAST }),
      v.properties(),
    ],
    { foreign: v.A },
  ),
  workflow: form(
    [
      ...NAMED,
      wrap("tasks", "task", of("task"), { unique: true, foreign: v.EA_LAST }),
      wrap("taskDependencies", "dependency", of("dependency"), { unique: true }),
      TASK_TYPES,
      ...RUN,
    ],
    { foreign: v.EA },
  ),
  task: form([...NAMED, TASK_TYPES, ...RUN], { foreign: v.EA }),
  step: form([el("name", TEXT), el("description", TEXT), wrap("commands", "command", of("command")), v.properties()], {
    foreign: v.EA,
  }),
  command: form([el("executed", TEXT), v.properties()]),
  workspace: form(
    [
      attr("bom-ref", v.REF, { required: true }),
      el("uid", TEXT, { required: true }),
      el("name", TEXT),
      v.texts("aliases", "alias"),
      el("description", TEXT),
      RESOURCE_REFERENCES,
      el("accessMode", v.values({ "1.5": "read-only read-write read-write-once write-once write-only" })),
      el("mountPath", TEXT),
      el("managedDataType", TEXT),
      el("volumeRequest", TEXT),
      el("volume", of("volume")),
      v.properties(),
    ],
    { foreign: v.EA, rounds: ["uid"] },
  ),
  volume: form([
    el("uid", TEXT),
    el("name", TEXT),
    el("mode", v.values({ "1.5": "filesystem block" }), { empty: "filesystem" }),
    el("path", TEXT),
    el("sizeAllocated", TEXT),
    el("persistent", v.BOOLEAN),
    el("remote", v.BOOLEAN),
    v.properties(),
  ]),
  trigger: form(
    [
      ...NAMED,
      el("type", v.values({ "1.5": "manual api webhook scheduled" }), { required: true }),
      el("event", of("event")),
      wrap("conditions", "condition", of("condition"), { unique: true }),
      el("timeActivated", v.TIME),
      INPUTS,
      OUTPUTS,
      v.properties(),
    ],
    { foreign: v.EA },
  ),
  event: form(
    [
      el("uid", TEXT),
      el("description", TEXT),
      el("timeReceived", v.TIME),
      el("data", of("attachment")),
      el("source", of("resourceReference")),
      el("target", of("resourceReference")),
      v.properties(),
    ],
    { foreign: v.EA },
  ),
  condition: form([el("description", TEXT), el("expression", TEXT), v.properties()]),
  input: form(
    [
      el("resource", of("resourceReference")),
      wrap("parameters", "parameter", of("parameter"), { unique: true }),
      ENVIRONMENT,
      el("data", of("attachment")),
      el("source", of("resourceReference")),
      el("target", of("resourceReference")),
      v.properties(),
    ],
    { foreign: v.EA, rules: [exactlyOne(["resource", "parameters", "environmentVars", "data"])] },
  ),
  output: form(
    [
      el("resource", of("resourceReference")),
      ENVIRONMENT,
      el("data", of("attachment")),
      el("type", v.values({ "1.5": "artifact attestation log evidence metrics other" })),
      el("source", of("resourceReference")),
      el("target", of("resourceReference")),
      v.properties(),
    ],
    { foreign: v.EA, rules: [exactlyOne(["resource", "environmentVars", "data"])] },
  ),
  parameter: form([el("name", TEXT), el("value", TEXT), el("dataType", TEXT)], { foreign: v.EA }),
  resourceReference: form([el("ref", v.LINK), el("externalReference", of("externalReference"))], {
    foreign: v.EA,
    rules: [exactlyOne(["ref", "externalReference"])],
  }),
});
