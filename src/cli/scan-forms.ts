import type { ScanResult } from "../format/findings/scanned.ts";
import type { TableView } from "../format/findings/table.ts";

type Print = (result: ScanResult, view: TableView) => string;

/** What a form is, for the help, and its writer, loaded when it is asked for. */
export interface ScanForm {
  readonly does: string;
  /** It speaks of one product or artifact, so of one source. */
  readonly oneSource?: true;
  load(): Promise<Print>;
}

/** Every form of `scan --format`, the default first. */
export const SCAN_FORMS: Readonly<Record<string, ScanForm>> = {
  table: {
    does: "for the terminal",
    load: async () => (await import("../format/findings/table.ts")).findingsTable,
  },
  json: {
    does: "waybill.scan/1; of several sources waybill.scans/1",
    load: async () => (await import("../format/findings/json.ts")).findingsJson,
  },
  sarif: {
    does: "SARIF 2.1.0, for code scanning",
    load: async () => (await import("../format/findings/sarif.ts")).sarif,
  },
  cyclonedx: {
    does: "CycloneDX 1.6: the SBOM with its vulnerabilities and their analysis",
    oneSource: true,
    load: async () => (await import("../format/findings/cyclonedx.ts")).cyclonedxFindings,
  },
  "cyclonedx-vex": {
    does: "statements as CycloneDX 1.6, for who says more of them",
    oneSource: true,
    load: async () => (await import("../format/findings/vex.ts")).findingsVex("cyclonedx-json", "1.6"),
  },
  openvex: {
    does: "statements as OpenVEX 0.2.0",
    oneSource: true,
    load: async () => (await import("../format/findings/vex.ts")).findingsVex("openvex", "0.2.0"),
  },
  csaf: {
    does: "statements as CSAF 2.0, profile VEX",
    oneSource: true,
    load: async () => (await import("../format/findings/vex.ts")).findingsVex("csaf", "2.0"),
  },
  "csaf-2.1": {
    does: "statements as CSAF 2.1, profile VEX",
    oneSource: true,
    load: async () => (await import("../format/findings/vex.ts")).findingsVex("csaf", "2.1"),
  },
  github: {
    does: "annotations of a GitHub workflow, the ten worst of each level",
    load: async () => (await import("../format/findings/github.ts")).githubAnnotations,
  },
  gitlab: {
    does: "GitLab's dependency scanning report",
    load: async () => (await import("../format/findings/gitlab.ts")).gitlabReport("dependency_scanning"),
  },
  "gitlab-container": {
    does: "GitLab's container scanning report",
    load: async () => (await import("../format/findings/gitlab.ts")).gitlabReport("container_scanning"),
  },
  html: {
    does: "one page for people, without script",
    load: async () => (await import("../format/findings/html.ts")).findingsHtml,
  },
  junit: {
    does: "JUnit's XML, a test case for each finding",
    load: async () => (await import("../format/findings/junit.ts")).junit,
  },
  markdown: {
    does: "for the comment of a change",
    load: async () => (await import("../format/findings/markdown.ts")).findingsMarkdown,
  },
  text: {
    does: "a line for each finding; what table is with --quiet",
    load: async () => (await import("../format/findings/text.ts")).findingsText,
  },
  vulns: {
    does: "in-toto's vulnerabilities predicate v0.2, to sign",
    oneSource: true,
    load: async () => (await import("../format/findings/vulns.ts")).vulns,
  },
};
