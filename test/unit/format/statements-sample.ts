import type { VexDocument } from "../../../src/model/vex.ts";

/** Says all that the neutral model can say and every form can hold in a field or an extension of its own. */
export const STATEMENTS: VexDocument = {
  form: "openvex",
  id: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  author: "Example Product Security",
  role: "vendor",
  version: "2",
  timestamp: "2026-01-01T00:00:00Z",
  lastUpdated: "2026-03-01T00:00:00Z",
  digest: "0".repeat(64),
  statements: [
    {
      id: "https://vex.example/1",
      vulnerability: {
        name: "CVE-2026-0001",
        id: "https://cve.example/CVE-2026-0001",
        aliases: ["GHSA-aaaa-bbbb-cccc"],
        description: "Reads past the end of a buffer.",
      },
      products: [
        {
          ids: [],
          purls: ["pkg:npm/app@1.0.0"],
          cpes: [],
          hashes: [{ algorithm: "sha-256", value: "a".repeat(64) }],
          subcomponents: [
            { ids: [], purls: ["pkg:npm/left-pad"], cpes: [], hashes: [], versions: "vers:npm/>=1.0.0|<1.3.0" },
            { ids: [], purls: ["pkg:npm/right-pad@2.0.0"], cpes: [], hashes: [] },
          ],
        },
      ],
      status: "not_affected",
      justification: "vulnerable_code_not_in_execute_path",
      impact: "The function is never called.",
      actions: [],
      notes: "Looked at by two people.\n\nAnd once more.",
      supplier: "Example",
      author: "A colleague",
      timestamp: "2026-02-01T00:00:00Z",
      lastUpdated: "2026-02-02T00:00:00Z",
      expires: "2027-01-01T00:00:00Z",
      carryOver: "minor",
      evidence: ["https://ci.example/run/1", `sha256:${"b".repeat(64)}`],
    },
    {
      vulnerability: { name: "GHSA-dddd-eeee-ffff", aliases: [] },
      products: [
        { ids: [], purls: ["pkg:npm/app"], cpes: [], hashes: [], versions: "vers:npm/<1.0.0", subcomponents: [] },
      ],
      status: "affected",
      actions: [{ text: "Take 1.0.0." }],
      timestamp: "2026-02-03T00:00:00Z",
      evidence: [],
    },
    {
      vulnerability: { name: "CVE-2026-0002", aliases: [] },
      products: [
        {
          ids: [],
          purls: ["pkg:oci/app@sha256%3Acccc"],
          cpes: ["cpe:2.3:a:example:app:1.0:*:*:*:*:*:*:*"],
          hashes: [],
          subcomponents: [],
        },
      ],
      status: "fixed",
      actions: [],
      timestamp: "2026-02-04T00:00:00Z",
      evidence: [],
    },
  ],
  unheeded: [],
};
