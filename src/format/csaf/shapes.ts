import { checkCvss } from "./cvss-form.ts";
import type { CsafVersion } from "./document.ts";
import { EXTENSIONS } from "./extensions.ts";
import { LANGUAGE_FORM } from "./language.ts";
import type { Node } from "./node.ts";
import { checkShape, list, object, type ObjectShape, oneOf, type Shape, text } from "./shape.ts";
import { SSVC_SELECTION_LIST } from "./shapes-ssvc.ts";
import type { TestProblem } from "./test.ts";

/** The JSON schemas of CSAF 2.0 (errata 01) and 2.1, section 3. 2.1 allows no other members; 2.0 does, but 6.2.20 tells them. */

const SCHEMA_21 = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json";

const URI = text({ format: "uri" });
const TIME = text({ format: "time" });
const TEXTS = list(text());
const ID_LIST = list(text(), { unique: true });
const WORDS = /^[^\s\-_.](?:.*[^\s\-_.])?$/;
const LANG = text({ pattern: LANGUAGE_FORM, says: "a language tag (RFC 5646)" });
const VERSION = text({
  pattern:
    /^(?:(?:0|[1-9][0-9]*)|(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?)$/,
  says: "a version: a number, or three of them (Semantic Versioning 2.0.0)",
});

const AV = String.raw`(?:\?*|\*?)(?:[a-zA-Z0-9\-._]|\\[\\*?!"#$%&'()+,/:;<=>@[\]^${"`"}{|}~])+(?:\?*|\*?)`;
const CPE = text({
  pattern: new RegExp(
    `^(?:cpe:2\\.3:[aho*-](?::(?:${AV}|[*-])){5}:(?:[a-zA-Z]{2,3}(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?|[*-])(?::(?:${AV}|[*-])){4}` +
      "|[cC][pP][eE]:/[AHOaho]?(?::[A-Za-z0-9._\\-~%]*){0,6})$",
  ),
  says: "a CPE name (cpe:2.3:… or cpe:/…)",
});
const UUID = text({
  pattern:
    /^(?:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|0{8}-(?:0{4}-){3}0{12}|f{8}-(?:f{4}-){3}f{12})$/,
  says: "a UUID of version 4 in lower case, or the Nil or Max UUID",
});

const RELATIONSHIPS = oneOf(
  "default_component_of external_component_of installed_on installed_with optional_component_of",
);
const PARTIES = "coordinator discoverer other user vendor";
const RESTARTS = "connected dependencies machine none parent service system vulnerable_component zone";

/** Both versions are one table, with what one of them has alone told by `in20` and `in21`. */
function schema(version: CsafVersion): ObjectShape {
  const in20 = version === "2.0";
  const form = object;
  const only = (is: boolean, members: Readonly<Record<string, Shape>>): Readonly<Record<string, Shape>> =>
    is ? members : {};
  const set = (item: Shape): Shape => list(item, in20 ? {} : { unique: true });
  const extensions = only(!in20, { x_extensions: EXTENSIONS });
  const products = { group_ids: ID_LIST, product_ids: ID_LIST };
  const products21 = only(!in20, products);

  const acknowledgments = list(
    form({ names: TEXTS, organization: text(), summary: text(), urls: list(URI) }, { min: 1 }),
  );
  const notes = list(
    form({
      audience: text(),
      "category!": oneOf("description details faq general legal_disclaimer other summary"),
      ...products21,
      "text!": text(),
      title: text(),
    }),
  );
  const references = list(form({ category: oneOf("external self"), "summary!": text(), "url!": URI }));
  const hash = form({
    "algorithm!": in20
      ? text()
      : text({ pattern: /^[0-9a-z][0-9a-z-]*$/, says: "the name of a hash algorithm in lower case" }),
    "value!": text({
      pattern: in20 ? /^[0-9a-fA-F]{32,}$/ : /^[0-9a-f]{32,}$/,
      says: "a hash of at least 32 hexadecimal digits",
    }),
  });
  const purl = text({
    pattern: in20 ? /^pkg:[A-Za-z.\-+][A-Za-z0-9.\-+]*\/./ : /^pkg:[a-z][a-z0-9.-]*\/./,
    says: "a package URL",
    format: "uri",
  });
  const fullProductName = form({
    "name!": text(),
    "product_id!": text(),
    product_identification_helper: form(
      {
        cpe: CPE,
        hashes: set(form({ "file_hashes!": set(hash), "filename!": text() })),
        model_numbers: ID_LIST,
        ...only(in20, { purl }),
        ...only(!in20, { purls: list(purl, { unique: true }) }),
        sbom_urls: set(URI),
        serial_numbers: ID_LIST,
        skus: set(text()),
        x_generic_uris: set(form({ "namespace!": URI, "uri!": URI })),
      },
      { min: 1 },
    ),
    ...extensions,
  });
  const branches: Shape = list(
    form(
      {
        branches: { kind: "own", check: (node) => checkShape(branches, node) },
        "category!": oneOf(
          `architecture host_name language ${in20 ? "legacy" : ""} patch_level ${in20 ? "" : "platform"} product_family
           product_name product_version product_version_range service_pack specification vendor`,
        ),
        "name!": text(),
        product: fullProductName,
      },
      { min: 3, max: 3 },
    ),
  );
  const path = in20
    ? {
        relationships: list(
          form({
            "category!": RELATIONSHIPS,
            "full_product_name!": fullProductName,
            "product_reference!": text(),
            "relates_to_product_reference!": text(),
          }),
        ),
      }
    : {
        product_paths: list(
          form({
            "beginning_product_reference!": text(),
            "full_product_name!": fullProductName,
            "subpaths!": list(form({ "category!": RELATIONSHIPS, "next_product_reference!": text() })),
          }),
        ),
      };
  const tree = form(
    {
      branches,
      full_product_names: list(fullProductName),
      product_groups: list(
        form({ "group_id!": text(), "product_ids!": list(text(), { min: 2, unique: true }), summary: text() }),
      ),
      ...path,
    },
    { min: 1 },
  );

  const label = oneOf(in20 ? "AMBER GREEN RED WHITE" : "AMBER AMBER+STRICT CLEAR GREEN RED");
  const tlp = form({ "label!": label, url: URI });
  const distribution = in20
    ? { distribution: form({ text: text(), tlp }, { min: 1 }) }
    : { "distribution!": form({ sharing_group: form({ "id!": UUID, name: text() }), text: text(), "tlp!": tlp }) };
  const revision = form({ "date!": TIME, legacy_version: text(), "number!": VERSION, "summary!": text() });
  const tracking = form({
    aliases: ID_LIST,
    "current_release_date!": TIME,
    generator: form({ date: TIME, "engine!": form({ "name!": text(), version: text() }) }),
    "id!": text({ pattern: /^\S(?:.*\S)?$/, says: "an identifier without blanks at its ends" }),
    "initial_release_date!": TIME,
    "revision_history!": list(revision),
    "status!": oneOf("draft final interim"),
    "version!": VERSION,
  });
  const document = form({
    acknowledgments,
    aggregate_severity: form({ namespace: URI, "text!": text() }),
    "category!": text({ pattern: WORDS, says: "a category without blanks, dashes, underscores or dots at its ends" }),
    "csaf_version!": text({ values: [version] }),
    ...distribution,
    lang: LANG,
    ...only(!in20, { license_expression: text() }),
    notes,
    "publisher!": form({
      "category!": oneOf(`coordinator discoverer ${in20 ? "" : "multiplier"} other translator user vendor`),
      contact_details: text(),
      issuing_authority: text(),
      "name!": text(),
      "namespace!": URI,
    }),
    references,
    source_lang: LANG,
    "title!": text(),
    "tracking!": tracking,
    ...extensions,
  });

  return form({
    ...only(!in20, { "$schema!": text({ values: [SCHEMA_21] }) }),
    "document!": document,
    product_tree: tree,
    vulnerabilities: list(vulnerability()),
    ...extensions,
  });

  function vulnerability(): ObjectShape {
    const statuses = `first_affected first_fixed fixed known_affected known_not_affected last_affected recommended
      under_investigation ${in20 ? "" : "unknown"}`;
    return form(
      {
        acknowledgments,
        cve: text({ pattern: /^CVE-[0-9]{4}-[0-9]{4,}$/, says: "a CVE" }),
        ...weaknesses(),
        ...only(in20, { release_date: TIME }),
        ...only(!in20, { disclosure_date: TIME }),
        discovery_date: TIME,
        ...only(!in20, {
          first_known_exploitation_dates: set(
            form({ "date!": TIME, "exploitation_date!": TIME, ...products }, { min: 3 }),
          ),
        }),
        flags: list(
          form({
            date: TIME,
            "label!": oneOf(
              `component_not_present inline_mitigations_already_exist vulnerable_code_cannot_be_controlled_by_adversary
               vulnerable_code_not_in_execute_path vulnerable_code_not_present`,
            ),
            ...products,
          }),
          { unique: true },
        ),
        ids: list(form({ ...products21, "system_name!": text(), "text!": text() }), { unique: true }),
        involvements: list(
          form({
            ...only(!in20, { contact: text() }),
            date: TIME,
            "party!": oneOf(PARTIES),
            ...products21,
            "status!": oneOf("completed contact_attempted disputed in_progress not_contacted open"),
            summary: text(),
          }),
          { unique: true },
        ),
        notes,
        product_status: form(
          Object.fromEntries(
            statuses
              .trim()
              .split(/\s+/)
              .map((name) => [name, ID_LIST]),
          ),
          { min: 1 },
        ),
        references,
        remediations: list(
          form({
            "category!": oneOf(
              `${in20 ? "" : "fix_planned"} mitigation no_fix_planned none_available ${in20 ? "" : "optional_patch"} vendor_fix
               workaround`,
            ),
            date: TIME,
            "details!": text(),
            entitlements: TEXTS,
            ...products,
            restart_required: form({ "category!": oneOf(RESTARTS), details: text() }),
            url: URI,
          }),
        ),
        ...scores(),
        threats: list(
          form({ "category!": oneOf("exploit_status impact target_set"), date: TIME, "details!": text(), ...products }),
        ),
        title: text(),
        ...extensions,
      },
      { min: 1 },
    );
  }

  function weaknesses(): Readonly<Record<string, Shape>> {
    const id = text({ pattern: /^CWE-[1-9]\d{0,5}$/, says: "an identifier of CWE" });
    if (in20) return { cwe: form({ "id!": id, "name!": text() }) };
    const name = text({ pattern: WORDS, says: "a name of CWE" });
    const number = text({ pattern: /^[1-9]\d*\.(?:[0-9]|[1-9]\d+)(?:\.\d+)?$/, says: "a version of CWE" });
    return { cwes: list(form({ "id!": id, "name!": name, "version!": number }), { unique: true }) };
  }

  function scores(): Readonly<Record<string, Shape>> {
    const cvss: Shape = { kind: "own", check: checkCvss };
    if (in20) {
      return { scores: list(form({ cvss_v2: cvss, cvss_v3: cvss, "products!": ID_LIST }, { min: 2 })) };
    }
    const share = text({ pattern: /^(?:0\.[0-9]+|1\.0+)$/, says: "a number from 0.0 to 1.0 as a text" });
    const content = form(
      {
        cvss_v2: cvss,
        cvss_v3: cvss,
        cvss_v4: cvss,
        epss: form({ "percentile!": share, "probability!": share, "timestamp!": TIME }),
        qualitative_severity_rating: oneOf("critical high low medium none"),
        ssvc_v2: SSVC_SELECTION_LIST,
        ...extensions,
      },
      { min: 1 },
    );
    return { metrics: list(form({ "content!": content, "products!": ID_LIST, source: URI }), { unique: true }) };
  }
}

const made = new Map<CsafVersion, ObjectShape>();

/** Where a document breaks the JSON schema of its version. Members that it does not name are told in both versions. */
export function checkSchema(version: CsafVersion, root: Node): readonly TestProblem[] {
  const shape = made.get(version) ?? schema(version);
  made.set(version, shape);
  return checkShape(shape, root);
}
