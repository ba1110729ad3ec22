import { matchPurl, printPurl } from "../artifact/purl.ts";
import type { DigestSet, Purl } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Component, ComponentRef, Sbom } from "../model/sbom.ts";
import type { CarryOver, VexComponent, VexProduct } from "../model/vex.ts";
import { ReachGraph } from "./vex-graph.ts";
import { isCarriedOver, isInRange, purlParts } from "./vex-versions.ts";

/** How far a statement is about a finding. */
export type About =
  | { readonly is: "no" }
  | { readonly is: "whole"; readonly carriedFrom?: string }
  | { readonly is: "not"; readonly why: string };

/** What a statement may name: the component, the subject, or what lies between. */
interface Target {
  readonly purl: Purl | undefined;
  readonly version: string | undefined;
  readonly digests: DigestSet;
  readonly refs: readonly string[];
}

const NO: About = { is: "no" };
const WHOLE: About = { is: "whole" };
/** OpenVEX's names of the hashes that prove something (DESIGN, rule 11). */
const STRONG = { "sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512" } as const;

function byHash(named: VexComponent, { digests }: Target): boolean | undefined {
  let known: boolean | undefined;
  for (const { algorithm, value } of named.hashes) {
    const own = digests[STRONG[algorithm as keyof typeof STRONG]];
    if (own === undefined) continue;
    if (own === value) return true;
    known = false;
  }
  return known;
}

/** `sha256:HEX` as the version of an image's package URL, or at the end of its reference. */
const IMAGE_DIGEST = /(?:^|@)sha256:([0-9a-f]{64})$/u;

function byImage(named: VexComponent, { digests }: Target): boolean {
  if (digests.sha256 === undefined) return false;
  const versions = named.purls
    .map((purl) => purlParts(purl))
    .map((parts) => (parts?.type === "oci" || parts?.type === "docker" ? (parts.version ?? "") : ""));
  return [...versions, ...named.ids].some((text) => IMAGE_DIGEST.exec(text)?.[1] === digests.sha256);
}

/** OpenVEX knows no patterns: an identifier with a `*` in it names nothing. */
function byPurl(asked: string, named: VexComponent, { purl, version }: Target, rule: CarryOver): About {
  if (purl === undefined || asked.includes("*")) return NO;
  if (matchPurl(asked, purl)) {
    if (named.versions === undefined) return WHOLE;
    if (version === undefined) return NO;
    const reached = isInRange(named.versions, version);
    return reached === "yes" ? WHOLE : reached === "no" ? NO : { is: "not", why: reached.why };
  }
  const parts = rule === "none" ? undefined : purlParts(asked);
  if (parts?.version === undefined || version === undefined) return NO;
  const { version: from, ...open } = parts;
  if (!matchPurl(printed(open) ?? "", purl)) return NO;
  const reached = isCarriedOver(purl, from, version, rule);
  if (reached === "no") return NO;
  return reached === "yes" ? { is: "whole", carriedFrom: from } : { is: "not", why: reached.why };
}

function printed(parts: Parameters<typeof printPurl>[0]): Purl | undefined {
  try {
    return printPurl(parts);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** A statement of many products and parts is compared with each finding: some seconds' worth, and no hostile document's hours. */
const MAX_COMPARED = 2_000_000;

/** Whether what a statement names is this. A strong hash decides, either way; else any package URL or reference. */
function names(named: VexComponent, target: Target, rule: CarryOver): About {
  const hash = byHash(named, target);
  if (hash !== undefined) return hash ? WHOLE : NO;
  if (byImage(named, target)) return WHOLE;
  if (named.versions === undefined && named.ids.some((id) => target.refs.includes(id))) return WHOLE;
  return best(named.purls.map((purl) => byPurl(purl, named, target, rule)));
}

/** The best of several answers. */
function best(answers: readonly About[]): About {
  return (
    answers.find((one) => one.is === "whole" && one.carriedFrom === undefined) ??
    answers.find(({ is }) => is === "whole") ??
    answers.find(({ is }) => is === "not") ??
    NO
  );
}

/** Both must hold; what was carried over stays told, of the component before that of the product. */
function both(a: About, b: About): About {
  if (a.is === "no" || b.is === "no") return NO;
  if (a.is === "not") return a;
  if (b.is === "not") return b;
  return b.carriedFrom === undefined ? a : b;
}

/** The products of one SBOM, ready to be asked about its components. */
export class VexProducts {
  readonly #sbom: Sbom;
  readonly #subject: Target;
  #byName: Map<string, Component[]> | undefined;
  #graph: ReachGraph | undefined;
  #compared = 0;

  constructor(sbom: Sbom) {
    const { subject, root } = sbom;
    this.#sbom = sbom;
    const version = subject.version ?? (subject.purl === undefined ? undefined : purlParts(subject.purl)?.version);
    this.#subject = { purl: subject.purl, version, digests: subject.digests, refs: [root] };
  }

  /**
   * How far a product of a statement is about a component: it is the component itself; or the subject, as a whole or with the component
   * named in it; or another component on the way to it. Of the last it counts only where every way leads through it: the
   * same component reached otherwise may be affected all the same.
   */
  about(product: VexProduct, component: Component, rule: CarryOver): About {
    const target = targetOf(component);
    const parts = product.subcomponents;
    this.#compared += parts.length + 1;
    if (this.#compared > MAX_COMPARED) return { is: "not", why: "more products and parts are named than are compared" };
    const inside = parts.length === 0 ? WHOLE : best(parts.map((part) => names(part, target, rule)));
    if (inside.is === "no") return NO;
    const itself = parts.length === 0 ? names(product, target, rule) : NO;
    const whole = best([itself, both(names(product, this.#subject, rule), inside)]);
    return whole.is === "no" ? both(this.#between(product, component, rule), inside) : whole;
  }

  #between(product: VexProduct, component: Component, rule: CarryOver): About {
    const found = this.#named(product, component, rule);
    const via = found.filter(({ about }) => about.is === "whole").map(({ ref }) => ref);
    if (via.length === 0) return best(found.map(({ about }) => about));
    this.#graph ??= new ReachGraph(this.#sbom);
    const outside = this.#graph.isReached(component.ref, via);
    const name = `${via.slice(0, 3).join(", ")}${via.length > 3 ? ", …" : ""}`;
    if (outside === undefined) return { is: "not", why: `too many products to follow, ${name} among them` };
    if (outside) return { is: "not", why: `it is about ${name}, and other paths lead here, too` };
    if (this.#graph.isReached(component.ref, []) !== true)
      return { is: "not", why: `no path is known from ${name} to here` };
    return found.find(({ about }) => about.is === "whole")?.about ?? WHOLE;
  }

  /** Other components that a product names. */
  #named(
    product: VexProduct,
    component: Component,
    rule: CarryOver,
  ): { readonly ref: ComponentRef; readonly about: About }[] {
    this.#byName ??= byName(this.#sbom.components);
    const candidates = new Set(product.purls.flatMap((purl) => this.#byName?.get(nameOf(purl)) ?? []));
    return [...candidates]
      .filter(({ ref }) => ref !== component.ref)
      .map((one) => ({ ref: one.ref, about: names(product, targetOf(one), rule) }))
      .filter(({ about }) => about.is !== "no");
  }
}

function targetOf({ purl, version, digests, ref }: Component): Target {
  const own = version ?? (purl === undefined ? undefined : purlParts(purl)?.version);
  return { purl, version: own, digests, refs: [ref] };
}

/** A package URL without version, qualifiers and subpath, in canonical form. */
function nameOf(purl: string): string {
  const parts = purlParts(purl);
  if (parts === undefined) return purl;
  const { type, namespace, name } = parts;
  return [type, namespace ?? "", name].join("\n");
}

function byName(components: readonly Component[]): Map<string, Component[]> {
  const found = new Map<string, Component[]>();
  for (const component of components) {
    if (component.purl === undefined) continue;
    const name = nameOf(component.purl);
    const list = found.get(name);
    if (list === undefined) found.set(name, [component]);
    else list.push(component);
  }
  return found;
}
