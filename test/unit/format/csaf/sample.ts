import type { CsafVersion } from "../../../../src/format/csaf/document.ts";
import type { JsonObject } from "../../../../src/model/statement.ts";

const CVSS = {
  version: "3.1",
  vectorString: "CVSS:3.1/AV:L/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H",
  baseScore: 6.5,
  baseSeverity: "MEDIUM",
};

/** A VEX document that passes the mandatory tests of its version and has most of what they look at. */
export function csaf(version: CsafVersion): JsonObject {
  const old = version === "2.0";
  const purl = "pkg:npm/product-a@1.0.0";
  const product = (id: string, number: string): JsonObject => ({
    category: "product_version",
    name: number,
    product: {
      name: `Product A ${number}`,
      product_id: id,
      product_identification_helper: {
        cpe: `cpe:2.3:a:example:product_a:${number}:*:*:*:*:*:*:*`,
        ...(old ? { purl } : { purls: [purl] }),
        hashes: [{ file_hashes: [{ algorithm: "sha256", value: "0".repeat(64) }], filename: "a.tgz" }],
        model_numbers: ["A*"],
      },
    },
  });
  const cwe = {
    id: "CWE-79",
    name: "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')",
  };
  return {
    ...(!old && { $schema: "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json" }),
    document: {
      category: "csaf_vex",
      csaf_version: version,
      distribution: { tlp: { label: old ? "WHITE" : "CLEAR" } },
      lang: "en-US",
      notes: [{ category: "summary", text: "A." }],
      publisher: { category: "vendor", name: "Example", namespace: "https://vendor.example" },
      references: [{ category: "self", summary: "A.", url: "https://vendor.example/esa-1.json" }],
      title: "A title",
      tracking: {
        current_release_date: "2026-01-02T00:00:00Z",
        id: "ESA-1",
        initial_release_date: "2026-01-01T00:00:00Z",
        revision_history: [
          { date: "2026-01-01T00:00:00Z", number: "1", summary: "First." },
          { date: "2026-01-02T00:00:00Z", number: "2", summary: "Second." },
        ],
        status: "final",
        version: "2",
      },
    },
    product_tree: {
      branches: [
        {
          branches: [
            {
              branches: [product("A-1", "1.0.0"), product("A-2", "2.0.0")],
              category: "product_name",
              name: "Product A",
            },
          ],
          category: "vendor",
          name: "Example",
        },
      ],
      full_product_names: [
        { name: "B", product_id: "B-1" },
        { name: "C", product_id: "C-1" },
      ],
      product_groups: [{ group_id: "G-1", product_ids: ["B-1", "C-1"] }],
      ...(old
        ? {
            relationships: [
              {
                category: "installed_on",
                full_product_name: { name: "A on B", product_id: "A-1-on-B" },
                product_reference: "A-1",
                relates_to_product_reference: "B-1",
              },
            ],
          }
        : {
            product_paths: [
              {
                beginning_product_reference: "A-1",
                full_product_name: { name: "A on B", product_id: "A-1-on-B" },
                subpaths: [{ category: "installed_on", next_product_reference: "B-1" }],
              },
            ],
          }),
    },
    vulnerabilities: [
      {
        cve: "CVE-2026-0001",
        ...(old ? { cwe } : { cwes: [{ ...cwe, version: "4.13" }] }),
        flags: [{ group_ids: ["G-1"], label: "component_not_present" }],
        involvements: [{ date: "2026-01-01T00:00:00Z", party: "vendor", status: "completed" }],
        notes: [{ category: "summary", text: "A." }],
        product_status: { fixed: ["A-2"], known_affected: ["A-1"], known_not_affected: ["B-1", "C-1"] },
        remediations: [{ category: "vendor_fix", details: "Update.", product_ids: ["A-1"] }],
        ...(old
          ? { scores: [{ cvss_v3: CVSS, products: ["A-1"] }] }
          : {
              metrics: [
                {
                  content: {
                    cvss_v3: CVSS,
                    epss: { percentile: "0.5", probability: "0.01", timestamp: "2026-01-01T00:00:00Z" },
                    ssvc_v2: {
                      schemaVersion: "2.0.0",
                      selections: [{ key: "E", namespace: "ssvc", values: [{ key: "N" }], version: "1.1.0" }],
                      timestamp: "2026-01-01T00:00:00Z",
                    },
                  },
                  products: ["A-1"],
                },
              ],
            }),
      },
    ],
  };
}
