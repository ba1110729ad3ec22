import { claimJson } from "../format/output.ts";
import { isArray } from "../format/json.ts";
import { Fields, type Place } from "../format/shape.ts";
import { CYCLONEDX_JUSTIFICATION, JUSTIFICATIONS } from "../format/vex/words.ts";
import { STATES } from "../format/vex/cyclonedx.ts";
import { asString } from "../format/shape.ts";
import type { VexClaim } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Component, Sbom } from "../model/sbom.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import type { VexDocument } from "../model/vex.ts";
import type { Applied } from "./vex-apply.ts";
import { VexStatements } from "./vex.ts";

function componentOf(purl: string, version: string | undefined): Component {
  return {
    ref: purl,
    name: "",
    ...(version !== undefined && { version }),
    purl,
    ecosystem: "",
    scope: "runtime",
    direct: false,
    digests: {},
    licences: [],
    occurrences: [],
    own: false,
  };
}

/**
 * Sets `vex` and `passedOver` of the findings of a `waybill.scan/1` document. It tells some of the paths only, so that a statement of a
 * component in between cannot count: scan with the statements for that. Faults: WB-VEX-FORM with the JSON pointer.
 */
export function applyToScan(
  document: JsonObject,
  documents: readonly VexDocument[],
  at: Timestamp,
  place: Place,
): Applied {
  const told: string[] = [];
  const bySubject = new Map<string, VexStatements>();
  const findings = new Fields(document, place).list("findings", (item, here) => {
    const finding = new Fields(item, here);
    const component = finding.object("component");
    const purl = component.optionalString("purl");
    const ids = finding.object("advisory").list("ids", asString);
    const [path] = finding.list("paths", (one, there) => new Fields({ path: one }, there).list("path", asString));
    if (purl === undefined) return finding.raw;
    const subject = path?.[0] ?? "";
    let statements = bySubject.get(subject);
    if (statements === undefined) {
      bySubject.set(subject, (statements = new VexStatements(documents, bareSbom(subject), at)));
    }
    const { vex, passedOver } = statements.about(ids, componentOf(purl, component.optionalString("version")));
    const { passedOver: _before, ...rest } = finding.raw;
    if (vex !== undefined) told.push(`${ids[0] ?? ""} in ${purl}: ${vex.status}`);
    return {
      ...rest,
      vex: vex === undefined ? null : claimJson(vex),
      ...(passedOver !== undefined && { passedOver: passedOver.map((one) => ({ ...one })) }),
    };
  });
  return { document: { ...document, findings }, told };
}

/** The subject alone, without components or edges. */
function bareSbom(subject: string): Sbom {
  return {
    lifecycle: "source",
    subject: { name: subject, ...(subject.startsWith("pkg:") && { purl: subject }), digests: {} },
    root: subject,
    components: [],
    dependencies: [],
    completeness: { components: "unknown", dependencies: "unknown", method: "missing" },
    unknowns: [],
    licences: [],
  };
}

/**
 * Sets `analysis` of the vulnerabilities of a CycloneDX document, of which `sbom` is the inventory. A vulnerability of several components
 * about which different things are said becomes one for each. Faults: WB-VEX-FORM with the JSON pointer.
 */
export function applyToCycloneDx(
  document: JsonObject,
  sbom: Sbom,
  documents: readonly VexDocument[],
  at: Timestamp,
  place: Place,
): Applied {
  const statements = new VexStatements(documents, sbom, at);
  const componentFor = componentsByRef(new Fields(document, place), sbom);
  const told: string[] = [];
  const vulnerabilities = new Fields(document, place).optionalList("vulnerabilities", (item, here) => {
    const vulnerability = new Fields(item, here);
    const name = vulnerability.optionalString("id") ?? "";
    const aliases = vulnerability.optionalList(
      "references",
      (one, there) => new Fields(one, there).optionalString("id") ?? "",
    );
    const groups = new Map<string, { claim: VexClaim | undefined; affects: Json[] }>();
    vulnerability.optionalList("affects", (target, there) => {
      const ref = new Fields(target, there).optionalString("ref") ?? "";
      const component = componentFor(ref);
      const claim = component === undefined ? undefined : statements.about([name, ...aliases], component).vex;
      const key = JSON.stringify(claim ?? null);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { claim, affects: [target] });
      else group.affects.push(target);
      if (claim !== undefined) told.push(`${name} in ${ref}: ${claim.status}`);
    });
    if (groups.size === 0) return [vulnerability.raw];
    return [...groups.values()].map(({ claim, affects }, index) => ({
      ...withoutRef(vulnerability.raw, index),
      ...(claim !== undefined && { analysis: analysisOf(claim) }),
      affects,
    }));
  });
  return { document: { ...document, vulnerabilities: vulnerabilities.flat() }, told };
}

/** References are given once. */
function withoutRef(raw: JsonObject, index: number): JsonObject {
  if (index === 0) return raw;
  const { "bom-ref": _ref, ...rest } = raw;
  return rest;
}

/** A component of the inventory by a reference of the document: by its package URL, as inventories name components so. */
function componentsByRef(root: Fields, sbom: Sbom): (ref: string) => Component | undefined {
  const purls = new Map<string, string>();
  const walk = (value: Json | undefined): void => {
    if (typeof value !== "object" || value === null || isArray(value)) return;
    const { "bom-ref": ref, purl, components } = value;
    if (typeof ref === "string" && typeof purl === "string") purls.set(ref, purl);
    if (components !== undefined && isArray(components)) for (const one of components) walk(one);
  };
  walk(root.optionalObject("metadata")?.get("component"));
  const top = root.get("components");
  if (top !== undefined && isArray(top)) for (const one of top) walk(one);
  const known = new Map(sbom.components.map((component) => [component.purl ?? component.ref, component]));
  return (ref) => {
    const purl = purls.get(ref) ?? (ref.startsWith("pkg:") ? ref : undefined);
    if (purl === undefined) return undefined;
    return known.get(purl) ?? componentOf(purl, undefined);
  };
}

function analysisOf({ status, justification, text, at }: VexClaim): JsonObject {
  const state =
    Object.entries(STATES).find(([, one]) => one.status === status && one.exact === undefined)?.[0] ?? "in_triage";
  const five = JUSTIFICATIONS.find((one) => one === justification);
  return {
    state,
    ...(five !== undefined && { justification: CYCLONEDX_JUSTIFICATION[five] }),
    ...(text !== undefined && { detail: text }),
    ...(at !== undefined && { lastUpdated: at }),
  };
}
