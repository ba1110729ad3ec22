import type { Timestamp } from "../../model/digest.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import type { VexComponent, VexDocument, VexStatement } from "../../model/vex.ts";
import { canonicalJson, prettyJson } from "../json.ts";
import { uuidOfContent } from "../uuid.ts";
import { purlWithVersions } from "./component.ts";
import { IGNORED, Losses, type Written } from "./lost.ts";
import { OPENVEX_CONTEXT } from "./openvex.ts";
import { withTrailers } from "./trailers.ts";
import { NOT_STATED } from "./words.ts";

/** Of the hashes that a product may have (OpenVEX 0.2.0, JSON schema). */
const HASHES = `md5 sha1 sha-256 sha-384 sha-512 sha3-224 sha3-256 sha3-384 sha3-512 blake2s-256 blake2b-256 blake2b-512`;

/**
 * Prints OpenVEX 0.2.0. A version range goes into the package URL's `vers` qualifier, where a reader that does not know it matches
 * nothing rather than too much; what else the form has no member for goes into trailers of `status_notes`. A document without
 * an id gets one that its content decides. `at` is the document's time where it has none.
 */
export function printOpenVex(document: VexDocument, at: Timestamp): Written {
  const losses = new Losses();
  const { author, role, tooling, version, timestamp = at, lastUpdated } = document;
  for (const name of ["title", "namespace"] as const) {
    if (document[name] !== undefined) losses.tell(`the document's ${name}: ${document[name]}`);
  }
  const whole = /^[1-9]\d{0,8}$/u.test(version ?? "1");
  if (!whole) losses.tell(`the document's version ${version}: OpenVEX counts 1, 2, 3`);
  const statements = document.statements.flatMap((one) => statementJson(one, timestamp, losses) ?? []);
  const body = {
    author,
    ...(role !== undefined && { role }),
    timestamp,
    ...(lastUpdated !== undefined && { last_updated: lastUpdated }),
    version: whole ? Number(version ?? "1") : 1,
    ...(tooling !== undefined && { tooling }),
    // The schema wants each once.
    statements: [...new Map(statements.map((one) => [canonicalJson(one), one])).values()],
  };
  const id = document.id ?? `urn:uuid:${uuidOfContent(canonicalJson(body))}`;
  return { text: prettyJson({ "@context": `${OPENVEX_CONTEXT}/v0.2.0`, "@id": id, ...body }), lost: losses.all };
}

function statementJson(one: VexStatement, documentTime: Timestamp, losses: Losses): JsonObject | undefined {
  const { vulnerability, id, version, timestamp, lastUpdated, products, status, supplier } = one;
  if (vulnerability === undefined || one.ignore !== undefined) {
    losses.tell(IGNORED);
    return undefined;
  }
  const notes = withTrailers(one.notes, {
    ...(one.expires !== undefined && { expires: one.expires }),
    ...(one.carryOver !== undefined && { carryOver: one.carryOver }),
    evidence: one.evidence,
    ...(one.author !== undefined && { author: one.author }),
    ...(one.exact !== undefined && { exact: one.exact }),
    ...(one.finer !== undefined && { finer: one.finer }),
  });
  return {
    ...(id !== undefined && { "@id": id }),
    ...(version !== undefined && { version }),
    vulnerability: {
      ...(vulnerability.id !== undefined && { "@id": vulnerability.id }),
      name: vulnerability.name,
      ...(vulnerability.description !== undefined && { description: vulnerability.description }),
      ...(vulnerability.aliases.length > 0 && { aliases: vulnerability.aliases }),
    },
    ...(timestamp !== undefined && timestamp !== documentTime && { timestamp }),
    ...(lastUpdated !== undefined && { last_updated: lastUpdated }),
    ...(products.length > 0 && {
      products: products.map((product) => ({
        ...componentJson(product, losses),
        ...(product.subcomponents.length > 0 && {
          subcomponents: product.subcomponents.map((part) => componentJson(part, losses)),
        }),
      })),
    }),
    status,
    ...(supplier !== undefined && { supplier }),
    ...(notes !== undefined && { status_notes: notes }),
    ...(one.justification !== undefined && { justification: one.justification }),
    ...impactJson(one, losses),
    ...actionJson(one, losses),
  };
}

/** `not_affected` needs a reason. */
function impactJson({ status, justification, impact, vulnerability }: VexStatement, losses: Losses): JsonObject {
  if (impact !== undefined) return { impact_statement: impact };
  if (status !== "not_affected" || justification !== undefined) return {};
  losses.tell(`${vulnerability?.name}: not affected without a reason; "${NOT_STATED}" is written`);
  return { impact_statement: NOT_STATED };
}

function actionJson({ actions, status, vulnerability }: VexStatement, losses: Losses): JsonObject {
  const of = vulnerability?.name ?? "";
  const text = actions.map((action) => [action.text, action.url].filter(Boolean).join(" ")).join("\n\n");
  for (const { response } of actions) {
    if (response !== undefined) losses.tell(`${of}: the kind of an action, ${response}`);
  }
  if (status === "affected" && text === "") {
    losses.tell(`${of}: affected without an action; OpenVEX asks for one, so "${NOT_STATED}" is written`);
    return { action_statement: NOT_STATED };
  }
  const times = new Set(actions.map(({ at }) => at));
  const [time] = times;
  if (times.size > 1) losses.tell(`${of}: the times of several actions`);
  return {
    ...(text !== "" && { action_statement: text }),
    ...(time !== undefined && times.size === 1 && { action_statement_timestamp: time }),
  };
}

function componentJson(component: VexComponent, losses: Losses): JsonObject {
  const { ids, cpes, hashes, name, versions } = component;
  const purls = component.purls.map((purl) => purlWithVersions(purl, versions));
  if (versions !== undefined && purls.every((purl, index) => purl === component.purls[index])) {
    losses.tell(`the range ${versions}: only a package URL without version can carry it`);
  }
  if (name !== undefined) losses.tell(`the name ${name}`);
  const [id, ...moreIds] = ids;
  const [first, ...morePurls] = id === undefined ? purls : [undefined, ...purls];
  const [purl, ...lostPurls] = morePurls;
  const split = (pattern: RegExp): readonly string[] => cpes.filter((cpe) => pattern.test(cpe));
  const [cpe22, ...more22] = split(/^cpe:\//iu);
  const [cpe23, ...more23] = split(/^cpe:2\.3:/iu);
  for (const extra of [...moreIds, ...lostPurls, ...more22, ...more23]) losses.tell(`a further identifier, ${extra}`);
  const known = hashes.filter(({ algorithm }) => HASHES.split(" ").includes(algorithm));
  for (const { algorithm } of hashes) if (!HASHES.split(" ").includes(algorithm)) losses.tell(`a ${algorithm} hash`);
  const identifiers: Record<string, Json> = {
    ...(purl !== undefined && { purl }),
    ...(cpe22 !== undefined && { cpe22 }),
    ...(cpe23 !== undefined && { cpe23 }),
  };
  // A hash alone is not enough for the schema: it becomes the id.
  const strong = known.find(({ algorithm }) => /^sha-(?:256|384|512)$/u.test(algorithm));
  const named =
    id ??
    first ??
    (Object.keys(identifiers).length === 0 && strong ? `${strong.algorithm}:${strong.value}` : undefined);
  return {
    ...(named !== undefined && { "@id": named }),
    ...(Object.keys(identifiers).length > 0 && { identifiers }),
    ...(known.length > 0 && { hashes: Object.fromEntries(known.map(({ algorithm, value }) => [algorithm, value])) }),
  };
}
