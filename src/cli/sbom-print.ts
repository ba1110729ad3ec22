import { cleanText } from "../artifact/clean-text.ts";
import type { CycloneDxDocument } from "../format/cyclonedx/document.ts";
import type { CycloneDxVersion } from "../format/cyclonedx/form.ts";
import type { DocumentMeta } from "../format/document.ts";
import { prettyJson } from "../format/json.ts";
import { SBOM_FORMS } from "../format/sbom-forms.ts";
import { Fault } from "../model/fault.ts";
import type { Author, Sbom } from "../model/sbom.ts";
import { type Call, formatOf, type Option } from "./shell/command.ts";
import { documentTime } from "./shell/places.ts";
import { VERSION } from "./version.ts";

const FORMS = ["cyclonedx-json", "cyclonedx-xml", "spdx-json", "json", ...SBOM_FORMS, "table"] as const;
type Form = (typeof FORMS)[number];

/** For the usage lines: `json` is the default under another name. */
export const SBOM_FORMATS = FORMS.filter((form) => form !== "json").join("|");

/** Flags of the commands that write SBOM documents. */
export const SBOM_OPTIONS: Readonly<Record<string, Option>> = {
  author: { value: "NAME", does: "who makes the document, `NAME <EMAIL>`; NTIA, CISA and BSI ask for it" },
  "spec-version": { value: "V", does: "version of CycloneDX, 1.2 to 1.7; default 1.6" },
};

/** The form that was asked for. Throws `WB-USAGE-FORMAT` (input). */
export const sbomFormOf = (call: Call): Form => formatOf(call, FORMS);

/** What a printed document holds, and what its form could not. */
export interface Printed {
  readonly content: string | Uint8Array;
  readonly lost: readonly string[];
}

/** Throws `WB-USAGE-FORMAT` (input) for a version that is not written. */
async function versionOf(asked: string): Promise<CycloneDxVersion> {
  const { CYCLONEDX_VERSIONS } = await import("../format/cyclonedx/form.ts");
  const version = CYCLONEDX_VERSIONS.find((one) => one === asked);
  if (version !== undefined) return version;
  throw new Fault({
    code: "WB-USAGE-FORMAT",
    kind: "input",
    what: "this command does not print that version of CycloneDX",
    expected: CYCLONEDX_VERSIONS.join(", "),
    found: cleanText(asked, 40),
  });
}

async function printDocument(read: CycloneDxDocument, syntax: "json" | "xml", asked: string): Promise<Printed> {
  const [{ printCycloneDxDocument }, { summarizeLost }] = await Promise.all([
    import("../format/cyclonedx/document.ts"),
    import("../format/cyclonedx/problem.ts"),
  ]);
  const { bytes, lost } = printCycloneDxDocument(read, { version: await versionOf(asked), syntax });
  return { content: Buffer.from(bytes).toString("utf8"), lost: summarizeLost(lost) };
}

/** A CycloneDX document in another syntax or version (default its own), with all that both can hold. */
export async function convertCycloneDx(
  bytes: Uint8Array,
  where: string,
  syntax: "json" | "xml",
  asked: string | undefined,
): Promise<Printed> {
  const read = (await import("../format/cyclonedx/document.ts")).parseCycloneDxDocument(bytes, where);
  return printDocument(read, syntax, asked ?? read.version);
}

async function cyclonedx(sbom: Sbom, meta: DocumentMeta, asked: string, syntax: "json" | "xml"): Promise<Printed> {
  const { cyclonedxDocument } = await import("../format/cyclonedx.ts");
  const document = cyclonedxDocument(sbom, meta);
  if (asked === "1.6" && syntax === "json") return { content: prettyJson(document), lost: [] };
  return printDocument({ version: "1.6", syntax: "json", document, extensions: [] }, syntax, asked);
}

/** Who makes the document, as `--author` says it. Throws `WB-USAGE-WORD` (input). */
async function authorOf(call: Call): Promise<Author | undefined> {
  const said = call.flag("author");
  if (said === undefined) return undefined;
  const author = (await import("../inventory/npm/author.ts")).readAuthor(said);
  if (author !== undefined) return author;
  throw new Fault({
    code: "WB-USAGE-WORD",
    kind: "input",
    what: "--author names nobody",
    expected: "NAME or NAME <EMAIL>",
    found: cleanText(said, 80),
  });
}

/** The components of an SBOM as a table for people. */
export async function sbomTable({ components }: Sbom, columns: number): Promise<string> {
  const { printTable } = await import("../format/report/table.ts");
  const rows = components.map(({ name, version, ecosystem, scope, direct, licences }) => [
    name,
    version ?? "unknown",
    ecosystem,
    scope,
    direct ? "direct" : "",
    licences.map(({ expression }) => expression).join(", "),
  ]);
  const head = ["package", "version", "ecosystem", "scope", "", "licence"];
  return `${printTable(head, rows, columns)}\n${rows.length} components`;
}

/** An SBOM in a form. What writes a form is loaded when it is asked for. Throws `WB-USAGE-FORMAT`, `WB-USAGE-TIME` (input). */
export async function printSbomAs(form: Form, call: Call, sbom: Sbom): Promise<Printed> {
  const author = await authorOf(call);
  const tool = { name: "waybill", version: VERSION };
  const meta: DocumentMeta = { timestamp: documentTime(), ...(author !== undefined && { author }), tool };
  const other = SBOM_FORMS.find((one) => one === form);
  if (other !== undefined) return (await import("../format/sbom-forms.ts")).printSbom(other, sbom, meta);
  if (form === "table") return { content: await sbomTable(sbom, call.terminal.columns), lost: [] };
  if (form === "spdx-json") {
    const { spdxDocument } = await import("../format/spdx.ts");
    return { content: prettyJson(spdxDocument(sbom, meta)), lost: [] };
  }
  return cyclonedx(sbom, meta, call.flag("spec-version") ?? "1.6", form === "cyclonedx-xml" ? "xml" : "json");
}
