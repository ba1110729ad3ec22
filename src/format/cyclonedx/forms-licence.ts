import type { Field, Forms, Span, Type } from "./form.ts";
import { atMostOne, attr, content, el, exactlyOne, flat, form, of, wrap } from "./form.ts";
import * as v from "./values.ts";
import { TEXT } from "./values.ts";

/** Licences, what was agreed on them, and patents. */

const LICENCE: Type = {
  kind: "union",
  options: [
    { type: of("license"), element: "license", member: "license", fits: v.having("license") },
    {
      since: "1.7",
      type: of("expressionDetailed"),
      element: "expression-detailed",
      fits: v.having("expressionDetails", "licensing", "properties"),
    },
    { type: of("expression"), element: "expression", fits: v.isObject },
  ],
};

const EXPRESSION: Type = { kind: "text", role: "expression" };

/** Before 1.7 either licences or one expression; JSON had the rule only since 1.5. */
const EITHER_LICENCES: readonly Span[] = [
  { only: "xml", until: "1.6" },
  { only: "json", since: "1.5", until: "1.6" },
];

export function licences(span: Span = {}): Field {
  return el("licenses", { kind: "list", item: LICENCE, licences: EITHER_LICENCES }, span);
}

export function patentAssertions(): Field {
  return wrap("patentAssertions", "patentAssertion", of("patentAssertion"), { since: "1.7" });
}

/** An organisation or a person, which JSON tells apart by what only one of them has. */
function party(person: "individual" | "contact") {
  return [
    { type: of("organization"), child: "organization", fits: v.having("url", "address", "contact") },
    { type: of("contact"), child: person, fits: v.having("email", "phone") },
  ];
}

const ASSIGNEE: Type = { kind: "union", options: party("individual") };
const ASSERTER: Type = {
  kind: "union",
  options: [...party("contact"), { type: v.LINK, child: "ref", fits: v.isText }],
};
const PATENT: Type = {
  kind: "union",
  options: [
    { type: of("patentFamily"), element: "patentFamily", fits: v.having("familyId") },
    { type: of("patent"), element: "patent", fits: v.isObject },
  ],
};

const PATENT_NUMBER = v.matching(
  /^[A-Za-z0-9][A-Za-z0-9\-/.()\s]{0,28}[A-Za-z0-9]$/,
  "2 to 30 letters, digits and - / . ( ) or blanks",
);
const JURISDICTION = v.matching(/^[A-Z]{2}$/, "two capital letters");
const ACKNOWLEDGEMENT = attr("acknowledgement", v.values({ "1.6": "declared concluded" }), { since: "1.6" });
const BOM_REF = attr("bom-ref", v.REF, { since: "1.5" });
const EITHER = [
  exactlyOne(["organization", "individual"], { only: "json" }),
  atMostOne(["organization", "individual"], { only: "xml" }),
];

export const licenceForms = (): Forms => ({
  license: form(
    [
      BOM_REF,
      ACKNOWLEDGEMENT,
      el("id", { kind: "text", format: "licence" }),
      el("name", TEXT),
      el("text", of("attachment")),
      el("url", v.IRI),
      el("licensing", of("licensing"), { since: "1.5" }),
      v.properties({ since: "1.5" }),
    ],
    {
      foreign: v.E,
      rules: [
        exactlyOne(["id", "name"], { only: "json" }),
        exactlyOne(["id", "name"], { only: "xml", since: "1.6" }),
        atMostOne(["id", "name"], { only: "xml", until: "1.5" }),
      ],
    },
  ),
  expression: form([BOM_REF, ACKNOWLEDGEMENT, content("expression", EXPRESSION, { required: true })]),
  expressionDetailed: form(
    [
      BOM_REF,
      ACKNOWLEDGEMENT,
      attr("expression", EXPRESSION, { required: true }),
      flat("expressionDetails", of("expressionDetail"), { element: "details" }),
      el("licensing", of("licensing")),
      v.properties(),
    ],
    { foreign: v.E },
  ),
  expressionDetail: form(
    [
      attr("licenseIdentifier", TEXT, { element: "license-identifier", required: true }),
      BOM_REF,
      el("text", of("attachment")),
      el("url", v.IRI),
    ],
    { foreign: v.E },
  ),
  licensing: form(
    [
      v.texts("altIds", "altId"),
      el("licensor", of("licensingParty")),
      el("licensee", of("licensingParty")),
      el("purchaser", of("licensingParty")),
      el("purchaseOrder", TEXT),
      wrap(
        "licenseTypes",
        "licenseType",
        v.values({
          "1.5": `academic appliance client-access concurrent-user core-points custom-metric device evaluation named-user
            node-locked oem perpetual processor-points subscription user other`,
        }),
      ),
      el("lastRenewal", v.TIME),
      el("expiration", v.TIME),
    ],
    { foreign: v.E },
  ),
  licensingParty: form([el("organization", of("organization")), el("individual", of("contact"))], { rules: EITHER }),

  definitions: form([
    wrap("standards", "standard", of("standard"), { foreign: v.EA }),
    el("patents", { kind: "list", item: PATENT }, { since: "1.7" }),
  ]),
  patent: form(
    [
      BOM_REF,
      el("patentNumber", PATENT_NUMBER, { required: true }),
      el("applicationNumber", PATENT_NUMBER),
      el("jurisdiction", JURISDICTION, { required: true }),
      el("priorityApplication", of("priorityApplication")),
      el("publicationNumber", PATENT_NUMBER),
      el("title", TEXT),
      el("abstract", TEXT),
      el("filingDate", v.DATE),
      el("grantDate", v.DATE),
      el("patentExpirationDate", v.DATE),
      el(
        "patentLegalStatus",
        v.values({
          "1.7": `pending granted revoked expired lapsed withdrawn abandoned suspended reinstated opposed terminated invalidated
            in-force`,
        }),
        { required: true },
      ),
      flat("patentAssignee", ASSIGNEE),
      v.externalReferences(),
    ],
    { foreign: v.O },
  ),
  patentFamily: form(
    [
      BOM_REF,
      el("familyId", TEXT, { required: true }),
      el("priorityApplication", of("priorityApplication")),
      wrap("members", "ref", v.LINK),
      v.externalReferences(),
    ],
    { foreign: v.O },
  ),
  priorityApplication: form([
    el("applicationNumber", PATENT_NUMBER, { required: true }),
    el("jurisdiction", JURISDICTION, { required: true }),
    el("filingDate", v.DATE, { required: true }),
  ]),
  patentAssertion: form(
    [
      BOM_REF,
      el(
        "assertionType",
        v.values({
          "1.7": `ownership license third-party-claim standards-inclusion prior-art exclusive-rights non-assertion
            research-or-evaluation`,
        }),
        { required: true },
      ),
      wrap("patentRefs", "bom-ref", v.LINK),
      el("asserter", ASSERTER, { required: true }),
      el("notes", TEXT),
    ],
    { foreign: v.O },
  ),
});
