import type { Finding } from "../../model/advisory.ts";
import { Fault } from "../../model/fault.ts";
import type { Sbom } from "../../model/sbom.ts";
import type { VexDocument, VexJustification, VexProduct, VexStatement } from "../../model/vex.ts";
import { sha256 } from "../../artifact/digest.ts";
import { harmlessJsonText } from "../json.ts";
import { vexComponent } from "../vex/component.ts";
import { printVex, type VexFormName } from "../vex/write.ts";
import { JUSTIFICATIONS } from "../vex/words.ts";
import type { Scanned, ScanResult } from "./scanned.ts";

/**
 * A form of VEX with a statement for each weakness: what is known of it as it stands, malicious code as affected, all else as under
 * investigation, a draft for who then says more. Faults: WB-USAGE-OPTION without an author, and those of `printVex`.
 */
export function findingsVex(form: VexFormName, specVersion: string): (result: ScanResult) => string {
  return (result) => {
    const { author, namespace, at } = result;
    if (author === undefined) {
      throw new Fault({
        code: "WB-USAGE-OPTION",
        kind: "input",
        what: "a statement is somebody's word",
        expected: "--author NAME",
        fix: "--author says whose; for CSAF --namespace gives its publisher's URL too",
      });
    }
    const document = wellFormed({ ...vexDocument(result), author });
    const settings = { specVersion, at, ...(namespace !== undefined && { namespace }) };
    return harmlessJsonText(printVex(document, form, settings).text);
  };
}

/** Records can hold halves of characters, which no canonical form has. */
function wellFormed(document: VexDocument): VexDocument {
  const replaced = (_name: string, value: unknown): unknown =>
    typeof value === "string" ? value.toWellFormed() : value;
  return JSON.parse(JSON.stringify(document), replaced) as VexDocument;
}

function vexDocument({ scans, at, tool }: ScanResult): VexDocument {
  const { sbom, matched } = scans[0] as Scanned;
  const spoken = matched.findings.filter(({ kind }) => kind === "vulnerable" || kind === "malicious");
  return {
    form: "openvex",
    author: tool.name,
    tooling: `${tool.name} ${tool.version}`,
    title: `What is known about ${[sbom.subject.name, sbom.subject.version].filter(Boolean).join(" ") || "the source"}`,
    version: "1",
    timestamp: at,
    digest: sha256(new Uint8Array()),
    statements: joined(spoken, sbom),
    unheeded: [],
  };
}

/** One statement about all components of which the same is said of one weakness. */
function joined(findings: readonly Finding[], sbom: Sbom): readonly VexStatement[] {
  const groups = Map.groupBy(findings, ({ id, vex, fixed }) => JSON.stringify([id, vex ?? null, fixed]));
  return [...groups.values()].map((group) => ({
    ...statement(group[0] as Finding),
    products: [productOf(group, sbom)].flat(),
  }));
}

/** The product that was scanned, with the components in it; without a name of its own each component is the product. */
function productOf(group: readonly Finding[], { subject }: Sbom): readonly VexProduct[] {
  const parts = group.map((finding) =>
    vexComponent({ names: [finding.purl ?? finding.component], name: `${finding.name} ${finding.version}` }),
  );
  if (subject.purl === undefined) return parts.map((part) => ({ ...part, subcomponents: [] }));
  const name = [subject.name, subject.version].filter(Boolean).join(" ");
  return [{ ...vexComponent({ names: [subject.purl], name }), subcomponents: parts }];
}

function statement({ id, ids, url, summary, kind, vex, fixed, name }: Finding): Omit<VexStatement, "products"> {
  const vulnerability = {
    name: id,
    ...(url !== undefined && { id: url }),
    aliases: ids.filter((each) => each !== id),
    ...(summary !== "" && { description: summary }),
  };
  const notes = fixed.length === 0 ? "No fixed version is known." : `Fixed in ${name} ${fixed.slice(0, 8).join(", ")}.`;
  if (vex === undefined) {
    if (kind !== "malicious") return { vulnerability, status: "under_investigation", actions: [], notes, evidence: [] };
    return { vulnerability, status: "affected", actions: [{ text: `Remove ${name}.` }], evidence: [] };
  }
  const justification = JUSTIFICATIONS.find((one): one is VexJustification => one === vex.justification);
  const said = `As said by ${vex.author} in sha256:${vex.document}.`;
  return {
    vulnerability,
    status: vex.status,
    ...(justification !== undefined && { justification }),
    ...(vex.status === "not_affected" && { impact: vex.text ?? said }),
    actions: vex.status === "affected" ? [{ text: vex.text ?? notes }] : [],
    author: vex.author,
    ...(vex.at !== undefined && { timestamp: vex.at }),
    ...(vex.expires !== undefined && { expires: vex.expires }),
    notes: said,
    evidence: [],
  };
}
