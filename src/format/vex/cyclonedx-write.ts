import type { Timestamp } from "../../model/digest.ts";
import type { JsonObject } from "../../model/statement.ts";
import type { VexDocument, VexProduct, VexStatement } from "../../model/vex.ts";
import { printCycloneDxDocument } from "../cyclonedx/document.ts";
import type { CycloneDxSyntax, CycloneDxVersion } from "../cyclonedx/form.ts";
import { summarizeLost } from "../cyclonedx/problem.ts";
import { canonicalJson } from "../json.ts";
import { uuidOfContent } from "../uuid.ts";
import { actionMembers } from "./cyclonedx-actions.ts";
import { BomComponents, type Property } from "./cyclonedx-components.ts";
import { STATES } from "./cyclonedx.ts";
import { PROPERTY } from "./cyclonedx-refs.ts";
import { IGNORED, Losses, type Written } from "./lost.ts";
import { CYCLONEDX_JUSTIFICATION, JUSTIFICATION_OF } from "./words.ts";

/** The form in which all is said; other versions are made of it. */
const SPEC_VERSION = "1.6";
const SERIAL = /^urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

/**
 * Prints a CycloneDX document that holds statements and the components that they are about, and nothing else. What the form has no
 * member for stands in properties (`waybill:vex:…`). `at` is the document's time where it has none.
 */
export function printCycloneDxVex(
  document: VexDocument,
  settings: { readonly version: CycloneDxVersion; readonly syntax: CycloneDxSyntax; readonly at: Timestamp },
): Written {
  const losses = new Losses();
  const timestamp = document.timestamp ?? settings.at;
  const components = new BomComponents(losses);
  const vulnerabilities = document.statements.flatMap((one) =>
    vulnerabilityJson(one, components, timestamp, settings.version, losses),
  );
  const number = /^[1-9]\d{0,8}$/u.test(document.version ?? "1");
  const body = { components: components.all(), vulnerabilities };
  const serial =
    document.id !== undefined && SERIAL.test(document.id)
      ? document.id
      : `urn:uuid:${uuidOfContent(canonicalJson({ ...body, id: document.id ?? "", author: document.author, timestamp }))}`;
  const properties: Property[] = property({
    id: serial === document.id ? undefined : document.id,
    role: document.role,
    namespace: document.namespace,
    title: document.title,
    tooling: document.tooling,
    version: number ? undefined : document.version,
    updated: document.lastUpdated,
  });
  const json: JsonObject = {
    $schema: `http://cyclonedx.org/schema/bom-${SPEC_VERSION}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion: SPEC_VERSION,
    serialNumber: serial,
    version: number ? Number(document.version ?? "1") : 1,
    metadata: {
      timestamp,
      authors: [{ name: document.author }],
      ...(properties.length > 0 && { properties }),
    },
    ...body,
  };
  const { bytes, lost } = printCycloneDxDocument(
    { version: SPEC_VERSION, syntax: "json", document: json, extensions: [] },
    { version: settings.version, syntax: settings.syntax },
  );
  for (const one of summarizeLost(lost)) losses.tell(one);
  return { text: Buffer.from(bytes).toString("utf8"), lost: losses.all };
}

function property(values: Readonly<Record<string, string | readonly string[] | undefined>>): Property[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const all = typeof value === "string" ? [value] : (value ?? []);
    return all.map((one) => ({ name: `${PROPERTY}${name}`, value: one }));
  });
}

function vulnerabilityJson(
  one: VexStatement,
  components: BomComponents,
  documentTime: Timestamp,
  version: CycloneDxVersion,
  losses: Losses,
): readonly JsonObject[] {
  const { vulnerability, justification, finer, impact, timestamp, lastUpdated, products } = one;
  if (vulnerability === undefined || one.ignore !== undefined) {
    losses.tell(IGNORED);
    return [];
  }
  const { members, response, properties } = actionMembers(one.actions, version !== "1.4");
  const word = finer ?? (justification === undefined ? undefined : CYCLONEDX_JUSTIFICATION[justification]);
  const state = stateOf(one);
  // Without it, the reader would take what the finer word comes to.
  const five =
    word !== undefined && (finer === undefined || JUSTIFICATION_OF[word] !== justification) ? justification : undefined;
  const issued = timestamp === documentTime ? undefined : timestamp;
  // 1.4 has no times for an analysis and no workaround.
  const isOld = version === "1.4";
  const own = [
    ...property({
      notes: one.notes,
      issued: isOld ? issued : undefined,
      updated: isOld ? lastUpdated : undefined,
      state: STATES[state]?.exact === one.exact ? undefined : one.exact,
      justification: five,
      "carry-over": one.carryOver,
      expires: one.expires,
      evidence: one.evidence,
      author: one.author,
      supplier: one.supplier,
      "statement-id": one.id,
      "statement-version": one.version === undefined ? undefined : String(one.version),
    }),
    ...properties,
  ];
  return [
    {
      id: vulnerability.name,
      ...(vulnerability.id !== undefined && { source: { url: vulnerability.id } }),
      ...(vulnerability.aliases.length > 0 && {
        references: vulnerability.aliases.map((id) => ({ id, source: {} })),
      }),
      ...(vulnerability.description !== undefined && { description: vulnerability.description }),
      ...members,
      analysis: {
        state,
        ...(word !== undefined && { justification: word }),
        ...(response.length > 0 && { response }),
        ...(impact !== undefined && { detail: impact }),
        ...(!isOld && issued !== undefined && { firstIssued: issued }),
        ...(!isOld && lastUpdated !== undefined && { lastUpdated }),
      },
      ...(products.length > 0 && { affects: affectsJson(products, components) }),
      ...(own.length > 0 && { properties: own }),
    },
  ];
}

function stateOf({ status, exact }: VexStatement): string {
  const states = Object.entries(STATES).filter(([, meaning]) => meaning.status === status);
  const exactly = states.find(([, meaning]) => meaning.exact !== undefined && meaning.exact === exact);
  return (exactly ?? states.find(([, meaning]) => meaning.exact === undefined))?.[0] ?? "in_triage";
}

/** One target for each component, with all ranges that are about it. */
function affectsJson(products: readonly VexProduct[], components: BomComponents): readonly JsonObject[] {
  const targets = new Map<string, (string | undefined)[]>();
  for (const { ref, versions } of products.flatMap((product) => components.targetsOf(product))) {
    const known = targets.get(ref);
    if (known === undefined) targets.set(ref, [versions]);
    else known.push(versions);
  }
  return [...targets].flatMap(([ref, ranges]) => {
    const named = ranges.filter((range) => range !== undefined);
    // The component as it is, beside ranges of it, is a target of its own.
    const whole = named.length < ranges.length ? [{ ref }] : [];
    return [...whole, ...(named.length > 0 ? [{ ref, versions: named.map(versionJson) }] : [])];
  });
}

/** A range of one version is written as that version. */
function versionJson(range: string): JsonObject {
  const single = /^vers:[a-z0-9.+-]+\/([^|<>=!*%\s]+)$/u.exec(range)?.[1];
  return single === undefined ? { range } : { version: single };
}
