import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { npmOrder } from "../../../src/advisory/orders/semver.ts";
import { csafToOsv } from "../../../src/format/csaf-to-osv.ts";
import { nextVersion, parseGhsaRange } from "../../../src/format/ghsa-range.ts";
import { ghsaToOsv } from "../../../src/format/ghsa.ts";
import { parseJson } from "../../../src/format/json.ts";
import { readOsv } from "../../../src/format/osv.ts";
import { validateOsv } from "../../../src/format/osv-validate.ts";
import { toOsv } from "../../../src/format/to-osv.ts";
import type { Json, JsonObject } from "../../../src/model/statement.ts";
import { shared } from "../../support/shared.ts";

const load = (path: string): Json => parseJson(readFileSync(path), path);

describe("conversion to OSV: GitHub's advisories", () => {
  it("gives exactly what OSV's own converter gives", (t) => {
    const folder = shared(t, "vectors/osv-schema/ghsa-to-osv");
    if (folder === undefined) return;
    const names = readdirSync(folder).filter((name) => !name.endsWith(".osv.json"));
    for (const name of names) {
      const converted = toOsv(load(join(folder, name)), name, { complete: false });
      assert.deepEqual(converted, load(join(folder, name.replace(".json", ".osv.json"))), name);
    }
    t.diagnostic(`${names.length} of 11 pairs are equal`);
    assert.equal(names.length, 11);
  });

  const advisory = (change: object, vulnerability: object = {}): JsonObject => ({
    ghsaId: "GHSA-jvf4-g24p-2qgw",
    identifiers: [{ value: "CVE-2020-7738" }],
    references: [],
    description: "d",
    summary: "s",
    severity: "HIGH",
    cvss: { vectorString: "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:L" },
    permalink: "https://github.com/advisories/GHSA-jvf4-g24p-2qgw",
    publishedAt: "2021-05-10T18:37:34Z",
    updatedAt: "2021-05-10T18:37:34Z",
    vulnerabilities: {
      nodes: [
        {
          package: { ecosystem: "NPM", name: "shiba" },
          firstPatchedVersion: null,
          vulnerableVersionRange: "<= 1.2.1",
          ...vulnerability,
        },
      ],
    },
    ...change,
  });

  it("complete: keeps ratings, and the end of what is known, which the reader honours", () => {
    const converted = ghsaToOsv(advisory({}), "a.json", true);
    assert.deepEqual(validateOsv(converted), []);
    const [read] = readOsv(converted, "a.json").advisories;
    assert.equal(read?.severity, "high");
    assert.deepEqual(read?.vectors, ["CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:L"]);
    assert.deepEqual(read?.ranges[0]?.events, [{ introduced: "0" }, { last_affected: "1.2.1" }]);
  });

  it("complete: vectors of CVSS 3 and 4, each once with its type", () => {
    const three = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:L";
    const four = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    const rated = (change: object): unknown => ghsaToOsv(advisory(change), "a.json", true)["severity"];
    const both = [
      { type: "CVSS_V3", score: three },
      { type: "CVSS_V4", score: four },
    ];
    assert.deepEqual(
      rated({ cvssSeverities: { cvssV3: { vectorString: three }, cvssV4: { vectorString: four } } }),
      both,
    );
    assert.deepEqual(
      rated({ cvss: null, cvss_severities: { cvss_v3: { vector_string: three }, cvss_v4: { vector_string: four } } }),
      both,
    );
    assert.equal(rated({ cvss: { score: 0, vectorString: null } }), undefined);
  });

  it("reads the members of the REST API as those of GraphQL", () => {
    const rest = {
      ghsa_id: "GHSA-jvf4-g24p-2qgw",
      identifiers: [{ type: "CVE", value: "CVE-2020-7738" }],
      references: ["https://nvd.nist.gov/vuln/detail/CVE-2020-7738"],
      description: "d",
      summary: "s",
      severity: "high",
      cwes: [{ cwe_id: "CWE-94", name: "n" }],
      html_url: "https://github.com/advisories/GHSA-jvf4-g24p-2qgw",
      published_at: "2021-05-10T18:37:34Z",
      updated_at: "2021-05-10T18:37:34Z",
      withdrawn_at: null,
      vulnerabilities: [
        {
          package: { ecosystem: "pip", name: "Zope.X" },
          first_patched_version: "1.2.2",
          vulnerable_version_range: "> 1.0.0, <= 1.2.1",
        },
      ],
    };
    const converted = ghsaToOsv(rest, "a.json");
    assert.deepEqual(validateOsv(converted), []);
    assert.deepEqual(converted["references"], [{ type: "ADVISORY", url: rest.references[0] }]);
    assert.deepEqual(converted["affected"], [
      {
        package: { ecosystem: "PyPI", name: "zope-x" },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "1.0.0.post0.dev0" }, { fixed: "1.2.2" }] }],
        versions: [],
        database_specific: { ghsa: rest.html_url, cwes: rest.cwes },
      },
    ]);
  });

  it("refuses what it does not understand, with its place", () => {
    const node = "/vulnerabilities/nodes/0";
    const at = (value: JsonObject): unknown => {
      try {
        return ghsaToOsv(value, "a.json");
      } catch (error) {
        return (error as Error).message.split(" is not ")[0];
      }
    };
    for (const range of ["", "1.0", "=> 1", "< 1, < 2", "= 1, < 2", "< 1 2", `< ${"1".repeat(5000)}`]) {
      assert.equal(at(advisory({}, { vulnerableVersionRange: range })), `${node}/vulnerableVersionRange`, range);
    }
    assert.equal(at(advisory({}, { vulnerableVersionRange: "> x" })), `${node}/vulnerableVersionRange`);
    assert.equal(at(advisory({}, { package: { ecosystem: "constructor", name: "x" } })), `${node}/package/ecosystem`);
    assert.equal(at(advisory({ identifiers: {} })), "/identifiers");
  });

  it("a bound that excludes begins at the very next version", () => {
    assert.deepEqual(parseGhsaRange(">2.1.0,<3.0.0"), {
      lower: { version: "2.1.0", inclusive: false },
      upper: { version: "3.0.0", inclusive: false },
    });
    for (const version of ["2.1.0", "v2.1.9", "1.0.0-rc.1", "1.0.0-0", "3.0.0+b"]) {
      const next = nextVersion("npm", version) ?? "";
      assert.ok(npmOrder.compare(next, version.replace("v", "")) > 0, `${version} < ${next}`);
    }
    assert.deepEqual(
      ["2.1.0", "1.0.0-rc.1", "2.1", "x", `${"9".repeat(25)}.0.0`].map((version) => nextVersion("npm", version)),
      ["2.1.1-0", "1.0.0-rc.1.0", "2.1.1-0", undefined, undefined],
    );
    assert.equal(nextVersion("Maven", "11.6"), "11.6.1");
  });
});

describe("conversion to OSV: Red Hat's CSAF", () => {
  const AT = "2024-09-02T14:30:00Z";

  it("gives exactly what OSV's own converter gives", (t) => {
    const folder = shared(t, "vectors/osv-schema/csaf-to-osv");
    if (folder === undefined) return;
    const converted = toOsv(load(join(folder, "CSAF/rhsa-2024_4546.json")), "r.json", { complete: false, at: AT });
    assert.deepEqual(converted, load(join(folder, "OSV/RHSA-2024_4546.json")));
    // The other document has no pair: no vector of CVSS 3, and products of another generation.
    const old = csafToOsv(load(join(folder, "CSAF/rhsa-2003_315.json")), "r.json");
    assert.deepEqual(validateOsv(old), []);
    assert.equal(old["severity"], undefined);
    assert.deepEqual([old["published"], old["modified"]], ["2003-11-12T14:16:00Z", "2024-09-12T22:06:44Z"]);
    const advisories = readOsv(old, "r.json").advisories;
    assert.deepEqual(
      advisories.map(({ ecosystem, name }) => `${ecosystem} ${name}`).sort(),
      ["3::as", "3::es"].flatMap((release) =>
        ["quagga", "quagga-debuginfo"].map((name) => `Red Hat:enterprise_linux:${release} ${name}`),
      ),
    );
    t.diagnostic("1 of 1 pair is equal; the document without a pair converts to a valid record");
  });

  it("a package of a module of a product is one of the product, in circles of none", () => {
    const part = (product_id: string, product_reference: string, relates_to_product_reference: string): object => ({
      product_reference,
      relates_to_product_reference,
      full_product_name: { product_id },
    });
    const named = (product_id: string, product_identification_helper: object): object => ({
      product: { product_id, product_identification_helper },
    });
    const document = {
      document: {
        csaf_version: "2.0",
        title: "t",
        tracking: {
          id: "RHSA-1",
          initial_release_date: "2026-01-01T00:00:00+02:00",
          current_release_date: "2026-01-02T00:00:00Z",
        },
      },
      product_tree: {
        branches: [
          named("p", { cpe: "cpe:/a:redhat:rhel_aus:8.6::appstream" }),
          named("m", { purl: "pkg:rpmmod/redhat/python39@3.9" }),
          named("r", { purls: ["pkg:rpm/redhat/PyYAML@5.4.1-1?arch=src&epoch=2"] }),
        ],
        relationships: [part("p:m", "m", "p"), part("p:m:r", "r", "p:m"), part("x", "r", "y"), part("y", "r", "x")],
      },
      vulnerabilities: [{ cve: "CVE-2026-1", product_status: { fixed: ["p:m", "p:m:r", "x", "y", "nowhere"] } }],
    };
    const converted = csafToOsv(document as unknown as Json, "x.json");
    assert.deepEqual(validateOsv(converted), []);
    assert.equal(converted["published"], "2025-12-31T22:00:00Z");
    assert.deepEqual(converted["affected"], [
      {
        package: {
          name: "PyYAML",
          ecosystem: "Red Hat:rhel_aus:8.6::appstream",
          purl: "pkg:rpm/redhat/PyYAML",
        },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "2:5.4.1-1" }] }],
      },
    ]);
  });

  it("refuses a document that OSV has no names for", () => {
    const document = {
      document: { csaf_version: "2.0", title: "t", tracking: { id: "X-1" } },
      product_tree: {},
      vulnerabilities: [{ cve: "CVE-2026-1", product_status: { fixed: ["a"] } }],
    };
    assert.throws(() => csafToOsv(document as unknown as Json, "x.json"), {
      message: "/vulnerabilities is not a list with fixed RPM packages of Red Hat's products",
    });
  });
});
