import type { ComponentFact, DocumentFact } from "./stated.ts";

/** One element of a rule set. Only required ones count for its share and for whether it is met. */
export type Element = {
  readonly title: string;
  readonly level: "required" | "additional" | "optional";
} & (
  | { readonly of: "document"; readonly fact: DocumentFact }
  | { readonly of: "component"; readonly fact: ComponentFact }
);

/** What somebody demands of an SBOM. */
export interface RuleSet {
  readonly title: string;
  readonly elements: readonly Element[];
}

export const RULE_SET_NAMES = ["ntia", "cisa", "bsi"] as const;
export type RuleSetName = (typeof RULE_SET_NAMES)[number];

function document(fact: DocumentFact, title: string, level: Element["level"] = "required"): Element {
  return { of: "document", fact, title, level };
}

function component(fact: ComponentFact, title: string, level: Element["level"] = "required"): Element {
  return { of: "component", fact, title, level };
}

/**
 * The elements in the words of each text:
 * - NTIA, "The Minimum Elements For a Software Bill of Materials" (12 July 2021), section III, data fields;
 * - CISA, "2025 Minimum Elements for a Software Bill of Materials (SBOM)", draft of August 2025: renames the supplier and the
 *   identifiers, adds hash, licence, tool name and generation context;
 * - BSI TR-03183-2 version 2.1.0: formats (section 4), required (5.2.1, 5.2.2), additional (5.2.3, 5.2.4: to be given where
 *   they exist, which a document cannot show) and optional fields (5.2.5).
 */
export const RULE_SETS: Readonly<Record<RuleSetName, RuleSet>> = {
  ntia: {
    title: "NTIA minimum elements (2021)",
    elements: [
      document("author", "author of SBOM data"),
      document("timestamp", "timestamp"),
      component("supplier", "supplier name"),
      component("name", "component name"),
      component("version", "version of the component"),
      component("identifier", "other unique identifiers"),
      component("relationship", "dependency relationship"),
    ],
  },
  cisa: {
    title: "CISA minimum elements (draft of August 2025)",
    elements: [
      document("author", "SBOM author"),
      document("tool", "tool name"),
      document("timestamp", "timestamp"),
      document("generation-context", "generation context"),
      component("supplier", "software producer"),
      component("name", "component name"),
      component("version", "component version"),
      component("identifier", "software identifiers"),
      component("hash", "component hash"),
      component("licence", "license"),
      component("relationship", "dependency relationship"),
    ],
  },
  bsi: {
    title: "BSI TR-03183-2 v2.1.0",
    elements: [
      document("format", "format: CycloneDX 1.6+, SPDX 3.0.1+"),
      document("author-contact", "creator of the SBOM: email or URL"),
      document("timestamp", "timestamp"),
      document("completeness", "completeness of the dependencies"),
      component("creator-contact", "component creator: email or URL"),
      component("name", "component name"),
      component("version", "component version"),
      component("filename", "filename of the component"),
      component("dependencies", "dependencies on other components"),
      component("distribution-licence", "distribution licences"),
      component("sha512", "SHA-512 of the deployable component"),
      component("executable", "executable property"),
      component("archive", "archive property"),
      component("structured", "structured property"),
      document("uri", "SBOM-URI", "additional"),
      component("source-uri", "source code URI", "additional"),
      component("deployable-uri", "URI of the deployable form", "additional"),
      component("identifier", "other unique identifiers", "additional"),
      component("original-licence", "original licences", "additional"),
      component("effective-licence", "effective licence", "optional"),
      component("source-sha512", "SHA-512 of the source code", "optional"),
      component("security-txt", "URL of the security.txt", "optional"),
    ],
  },
};
