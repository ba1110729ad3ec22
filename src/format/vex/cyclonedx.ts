import { parsePurl, printPurl } from "../../artifact/purl.ts";
import { sha256 } from "../../artifact/digest.ts";
import type { VexStatus } from "../../model/advisory.ts";
import type { Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Json } from "../../model/statement.ts";
import type {
  ExactStatus,
  VexComponent,
  VexDocument,
  VexProduct,
  VexStatement,
  VexVulnerability,
} from "../../model/vex.ts";
import { parseCycloneDxDocument } from "../cyclonedx/document.ts";
import { Fields, type Place, rootPlace } from "../shape.ts";
import { parseTimestamp } from "../timestamp.ts";
import { joinProducts } from "./component.ts";
import { readActions } from "./cyclonedx-actions.ts";
import { propertiesOf, readReferences, type References } from "./cyclonedx-refs.ts";
import { CARRY_OVERS, EXACT_STATUSES, FINER, JUSTIFICATION_OF, JUSTIFICATIONS } from "./words.ts";

/** `analysis.state` (CycloneDX 1.7, "impactAnalysisState"). */
export const STATES: Readonly<Record<string, { readonly status: VexStatus; readonly exact?: ExactStatus }>> = {
  resolved: { status: "fixed" },
  resolved_with_pedigree: { status: "fixed", exact: "resolved_with_pedigree" },
  exploitable: { status: "affected" },
  in_triage: { status: "under_investigation" },
  false_positive: { status: "not_affected", exact: "false_positive" },
  not_affected: { status: "not_affected" },
};
const NO_AUTHOR = "an author who is not named";

/**
 * Reads the analyses of CycloneDX 1.4 to 1.7, JSON or XML, inside an SBOM or apart from it. A vulnerability without an analysis says
 * nothing of who is affected and is passed over. An analysis is about the listed versions with status `affected`, or about the
 * component as it is; versions listed as `unaffected` or `unknown` make statements of their own. Faults: WB-VEX-FORM with the
 * JSON pointer; those of `parseCycloneDxDocument`.
 */
export function parseCycloneDxVex(bytes: Uint8Array, where: string): VexDocument {
  const root = new Fields(parseCycloneDxDocument(bytes, where).document, rootPlace(where, "WB-VEX-FORM"));
  const metadata = root.optionalObject("metadata");
  const own = metadata === undefined ? new Map<string, readonly string[]>() : propertiesOf(metadata);
  const told = (name: string): string | undefined => own.get(name)?.[0];
  const references = readReferences(root);
  const timestamp = metadata?.optionalTimestamp("timestamp");
  const serial = root.optionalString("serialNumber");
  const number = root.get("version");
  const id = told("id") ?? serial;
  const version = told("version") ?? (typeof number === "number" ? String(number) : undefined);
  const lastUpdated = parseTimestamp(told("updated") ?? "");
  const texts = { role: told("role"), namespace: told("namespace"), title: told("title"), tooling: told("tooling") };
  const unheeded: string[] = [];
  return {
    form: "cyclonedx",
    ...(id !== undefined && { id }),
    author: authorOf(metadata),
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
    ...(version !== undefined && { version }),
    ...(timestamp !== undefined && { timestamp }),
    ...(lastUpdated !== undefined && { lastUpdated }),
    digest: sha256(bytes),
    statements: root
      .optionalList("vulnerabilities", (item, place) => readVulnerability(item, place, references, timestamp, unheeded))
      .flat(),
    unheeded,
  };
}

function authorOf(metadata: Fields | undefined): string {
  if (metadata === undefined) return NO_AUTHOR;
  const [author] = metadata.optionalList("authors", (item, place) => {
    const one = new Fields(item, place);
    return one.optionalString("name") ?? one.optionalString("email");
  });
  if (author) return author;
  for (const name of ["manufacturer", "supplier", "manufacture"]) {
    const said = metadata.optionalObject(name)?.optionalString("name");
    if (said) return said;
  }
  return NO_AUTHOR;
}

function readVulnerability(
  item: Json,
  place: Place,
  references: References,
  documentTime: Timestamp | undefined,
  unheeded: string[],
): readonly VexStatement[] {
  const fields = new Fields(item, place);
  const vulnerability = readIdentity(fields);
  const analysis = fields.optionalObject("analysis");
  if (analysis === undefined || !analysis.has("state")) {
    unheeded.push(`${vulnerability.name}: no analysis, so nothing is stated`);
    return [];
  }
  const { status, exact } = STATES[analysis.oneOf("state", Object.keys(STATES))] as (typeof STATES)[string];
  const affects = readAffects(fields, references);
  const base = { vulnerability, ...readRest(fields, analysis, documentTime) };
  const { justification: _justification, finer: _finer, impact: _impact, ...said } = base;
  const statements: VexStatement[] = [];
  const main = affects.filter((one) => one.status === "affected").map(({ product }) => product);
  if (main.length > 0 || affects.length === 0) {
    const own = exact === undefined ? {} : { exact };
    statements.push({ status, ...own, ...base, products: joinProducts(main) });
  }
  for (const other of ["unaffected", "unknown"] as const) {
    const products = affects.filter((one) => one.status === other).map(({ product }) => product);
    if (products.length === 0) continue;
    const meaning =
      other === "unaffected"
        ? { status: "not_affected" as const, impact: "Listed as unaffected." }
        : { status: "under_investigation" as const, exact: "unknown" as const };
    statements.push({ ...said, ...meaning, actions: [], products: joinProducts(products) });
  }
  return statements;
}

function readIdentity(fields: Fields): VexVulnerability {
  const name = fields.string("id");
  const url = fields.optionalObject("source")?.optionalString("url");
  const aliases = fields.optionalList("references", (one, at) => new Fields(one, at).optionalString("id") ?? "");
  const description = fields.optionalString("description");
  return {
    name,
    ...(url && { id: url }),
    aliases: [...new Set(aliases.filter((alias) => alias !== "" && alias !== name))],
    ...(description && { description }),
  };
}

type Rest = Omit<VexStatement, "vulnerability" | "products" | "status" | "exact"> & Pick<VexStatement, "exact">;

function readRest(fields: Fields, analysis: Fields, documentTime: Timestamp | undefined): Rest {
  const own = propertiesOf(fields);
  const told = (name: string): string | undefined => own.get(name)?.[0];
  const finer = analysis.has("justification") ? analysis.oneOf("justification", FINER) : undefined;
  const exact = EXACT_STATUSES.find((one) => one === told("state"));
  const five = JUSTIFICATIONS.find((one) => one === told("justification"));
  const impact = analysis.optionalString("detail");
  const notes = told("notes");
  const timestamp = analysis.optionalTimestamp("firstIssued") ?? parseTimestamp(told("issued") ?? "") ?? documentTime;
  const lastUpdated = analysis.optionalTimestamp("lastUpdated") ?? parseTimestamp(told("updated") ?? "");
  // An expiry that cannot be read must not become none.
  const expires = own.has("expires") ? (parseTimestamp(told("expires") ?? "") ?? "0001-01-01T00:00:00Z") : undefined;
  const carryOver = CARRY_OVERS.find((one) => one === told("carry-over"));
  const [author, supplier, id] = [told("author"), told("supplier"), told("statement-id")];
  const number = Number(told("statement-version"));
  return {
    ...(id !== undefined && { id }),
    ...(number >= 1 && { version: number }),
    ...(exact !== undefined && { exact }),
    ...(finer !== undefined &&
      (five !== undefined ? { justification: five } : { justification: JUSTIFICATION_OF[finer], finer })),
    ...(impact && { impact }),
    actions: readActions(fields, own.get("action") ?? []),
    ...(notes !== undefined && { notes }),
    ...(supplier !== undefined && { supplier }),
    ...(author !== undefined && { author }),
    ...(timestamp !== undefined && { timestamp }),
    ...(lastUpdated !== undefined && { lastUpdated }),
    ...(expires !== undefined && { expires }),
    ...(carryOver !== undefined && { carryOver }),
    evidence: own.get("evidence") ?? [],
  };
}

type VersionStatus = "affected" | "unaffected" | "unknown";

/** One entry for each range of each component; `affected` is the default of the form. */
function readAffects(
  fields: Fields,
  references: References,
): readonly { readonly status: VersionStatus; readonly product: VexProduct }[] {
  return fields
    .optionalList("affects", (item, place) => {
      const target = new Fields(item, place);
      const product = references.product(target.string("ref"));
      const versions = target.optionalList("versions", (one, at) => {
        const listed = new Fields(one, at);
        const status = listed.has("status")
          ? listed.oneOf("status", ["affected", "unaffected", "unknown"])
          : "affected";
        return { status, range: listed.optionalString("range"), version: listed.optionalString("version") };
      });
      if (versions.length === 0) return [{ status: "affected" as const, product }];
      return versions.map(({ status, range, version }) => ({ status, product: ranged(product, range, version) }));
    })
    .flat();
}

/** The range is about what is named: the part where there is one. */
function ranged(product: VexProduct, range: string | undefined, version: string | undefined): VexProduct {
  const [part] = product.subcomponents;
  if (part !== undefined) return { ...product, subcomponents: [withRange(part, range, version)] };
  return { ...withRange(product, range, version), subcomponents: [] };
}

function withRange(component: VexComponent, range: string | undefined, version: string | undefined): VexComponent {
  const { type, purls } = withoutVersions(component.purls);
  const versions = range ?? (version === undefined ? undefined : `vers:${type}/${encodeURIComponent(version)}`);
  return versions === undefined ? component : { ...component, purls, versions };
}

function withoutVersions(written: readonly string[]): { readonly type: string; readonly purls: readonly string[] } {
  let type = "generic";
  const purls = written.map((purl) => {
    try {
      const { version: _version, ...parts } = parsePurl(purl, true);
      type = parts.type;
      return printPurl(parts);
    } catch (error) {
      if (error instanceof Fault) return purl;
      throw error;
    }
  });
  return { type, purls };
}
