import { cleanText } from "../../artifact/clean-text.ts";
import type { DigestAlgorithm, DigestHex, DigestSet } from "../../model/digest.ts";
import type { Completeness, LicenceClaim, Occurrence, Scope, Technique, Unknown } from "../../model/sbom.ts";
import { assemble, type Part, type PartEdge, readPurl, type ReadSbom } from "../assemble.ts";
import { TECHNIQUES } from "../cyclonedx-names.ts";
import { isDigest } from "../digest-set.ts";
import type { ReadTags } from "./coswid-read.ts";
import { LICENCES, WAYBILL_NAMESPACE } from "./from-sbom.ts";
import type { SoftwareIdentity, SwidCollection, SwidLink } from "./model.ts";

const ALGORITHMS: Readonly<Record<string, DigestAlgorithm>> = {
  "sha-256": "sha256",
  "sha-384": "sha384",
  "sha-512": "sha512",
};
const USES: Readonly<Record<string, Scope>> = { required: "runtime", optional: "optional", recommended: "optional" };
const SCOPES: readonly Scope[] = ["runtime", "optional", "peer", "dev", "build", "test"];
const METHODS = ["locked", "observed", "declared", "missing"] as const;
const COMPLETENESS: readonly Completeness[] = ["complete", "incomplete", "unknown"];
const LIFECYCLES = ["source", "build", "analyzed"] as const;

/**
 * The SBOM of a set of SWID or CoSWID tags: each tag a component, `requires` and `component` links edges. The subject is the
 * only tag that no other one links to. What `swidTags` wrote comes back whole. A tag of somebody else with a payload or
 * evidence speaks of what was delivered: `analyzed`.
 */
export function sbomOfSwid({ tags, lost: unread }: ReadTags, where: string): ReadSbom {
  const lost = new Map<string, number>();
  const lose = (what: string): unknown => lost.set(what, (lost.get(what) ?? 0) + 1);
  const unknowns: Unknown[] = [];
  const targets = new Set(tags.flatMap(({ links }) => links.map(({ href }) => href)));
  const tops = tags.filter(({ tagId }) => !targets.has(`swid:${tagId}`));
  const [first] = tops.length === 1 ? tops : tags;
  const said = first === undefined ? undefined : factsOf(first);
  const ours = said?.("lifecycle") !== undefined;
  const lifecycle = LIFECYCLES.find((one) => one === said?.("lifecycle"));
  const delivered = tags.some(({ payload, evidence }) => payload !== undefined || evidence !== undefined);
  if (!delivered && lifecycle === undefined) unknowns.push({ where, what: "the document does not say its lifecycle" });
  for (const row of readRows(said?.("unknowns"))) {
    const [place, what] = row;
    if (typeof place === "string" && typeof what === "string") unknowns.push({ where: place, what });
  }
  const [components, dependencies, method] = readList(said?.("completeness"));
  const sbom = assemble({
    where,
    parts: tags.map((tag) => partOf(tag, ours && tag !== first, unknowns, lose)),
    edges: tags.flatMap((tag) => edges(tag, ours, lose)),
    described: (tops.length === 1 ? tops : tags.slice(0, tops.length === 0 ? 1 : 0)).map(({ tagId }) => tagId),
    document: { id: where, name: where },
    rest: {
      lifecycle: lifecycle ?? (delivered ? "analyzed" : "source"),
      completeness: {
        components: COMPLETENESS.find((one) => one === components) ?? "unknown",
        dependencies: COMPLETENESS.find((one) => one === dependencies) ?? "unknown",
        method: METHODS.find((one) => one === method) ?? (delivered ? "observed" : "declared"),
      },
      unknowns,
    },
  });
  for (const line of unread) lose(`not read: ${line}`);
  return { sbom, lost: [...lost].map(([what, count]) => `${what}: ${count}`).sort() };
}

/** Our facts stand in the attributes of `Meta`. */
function factsOf({ metas }: SoftwareIdentity): (name: string) => string | undefined {
  const all = new Map(
    metas.flatMap(({ any }) =>
      any.filter((one) => one.namespace === WAYBILL_NAMESPACE).map(({ name, value }) => [name, value]),
    ),
  );
  return (name) => all.get(name);
}

function edges({ tagId, links }: SoftwareIdentity, ours: boolean, lose: (what: string) => unknown): PartEdge[] {
  return links.flatMap((link) => {
    const { href, rel, use } = link;
    if (rel !== "requires" && rel !== "component") {
      if (!isName(link)) lose(`link ${cleanText(String(rel), 60)}`);
      return [];
    }
    // In our sets every tag is a component of the subject, which says nothing of who needs it.
    if (rel === "component" && ours) return [];
    if (!href.startsWith("swid:")) {
      lose(`link ${rel} that names no tag`);
      return [];
    }
    const written = link.any.find(({ namespace, name }) => namespace === WAYBILL_NAMESPACE && name === "scope")?.value;
    const byUse = typeof use === "string" && Object.hasOwn(USES, use) ? USES[use] : undefined;
    return [{ from: tagId, to: href.slice(5), scope: SCOPES.find((one) => one === written) ?? byUse ?? "runtime" }];
  });
}

function isName({ href, rel }: SwidLink): boolean {
  return (rel === "see-also" && href.startsWith("pkg:")) || (rel === "license" && href.startsWith(LICENCES));
}

function partOf(tag: SoftwareIdentity, ours: boolean, unknowns: Unknown[], lose: (what: string) => unknown): Part {
  const fact = factsOf(tag);
  const link = tag.links.find(({ href, rel }) => rel === "see-also" && href.startsWith("pkg:"))?.href;
  const purl = link === undefined ? undefined : readPurl(link);
  if (link !== undefined && purl === undefined) {
    unknowns.push({ where: tag.tagId, what: `${cleanText(link, 200)} is no package URL` });
  }
  for (const flag of ["corpus", "patch", "supplemental"] as const) if (tag[flag]) lose(`tag ${flag}`);
  const creator = tag.entities.find(({ roles }) => roles.includes("software-creator"));
  for (const entity of tag.entities)
    if (entity !== creator && entity.roles.some((role) => role !== "tag-creator")) lose("entity");
  const email = /^mailto:(.+)$/.exec(creator?.regId ?? "")?.[1];
  const filename = fact("filename");
  if (tag.evidence !== undefined) lose("evidence");
  for (const { texts } of tag.metas)
    for (const name of Object.keys(texts)) if (name !== "generator") lose(`meta ${name}`);
  const claims = readRows(fact("licences")).flatMap(readClaim);
  const ecosystem = fact("ecosystem");
  const ref = fact("ref");
  const direct = fact("direct");
  const scope = SCOPES.find((one) => one === fact("scope"));
  return {
    id: tag.tagId,
    name: tag.name,
    ...(tag.version !== undefined && { version: tag.version }),
    ...(purl !== undefined && { purl }),
    digests: digestsOf(tag, fact, lose),
    licences: claims.length > 0 ? claims : linkedLicences(tag.links),
    occurrences: readRows(fact("occurrences")).flatMap(readOccurrence),
    ...(ref !== undefined && { ref }),
    ...(ecosystem !== undefined && { ecosystem }),
    ...(direct !== undefined && { direct: direct === "true" }),
    ...((ours || scope !== undefined) && { scope: scope ?? "runtime" }),
    own: fact("own") === "true",
    ...(creator !== undefined && { author: { name: creator.name, ...(email !== undefined && { email }) } }),
    ...(filename !== undefined && { filename }),
  };
}

/** One payload file is the package itself; several are what lies in it, and no digest of it. */
function digestsOf(
  { payload }: SoftwareIdentity,
  fact: (name: string) => string | undefined,
  lose: (what: string) => unknown,
): DigestSet {
  const digests: Partial<Record<DigestAlgorithm, DigestHex>> = {};
  const file = onlyFile(payload);
  if (payload !== undefined && file === undefined) lose("payload");
  for (const { algorithm, value } of file?.hashes ?? []) {
    const name =
      typeof algorithm === "string" && Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
    if (name !== undefined && isDigest(name, value)) digests[name] = value;
    else lose(`hash ${cleanText(String(algorithm), 40)}`);
  }
  for (const algorithm of ["md5", "sha1", "gitCommit", "gitTree", "dirHash"] as const) {
    const hex = fact(`digest-${algorithm}`);
    if (hex !== undefined && isDigest(algorithm, hex)) digests[algorithm] = hex;
  }
  return digests;
}

function onlyFile(payload: SwidCollection | undefined): SwidCollection["files"][number] | undefined {
  const { files = [], directories = [], processes = [], resources = [] } = payload ?? {};
  const others = directories.length + processes.length + resources.length;
  return files.length === 1 && others === 0 ? files[0] : undefined;
}

function linkedLicences(links: readonly SwidLink[]): readonly LicenceClaim[] {
  return links
    .filter((link) => link.rel === "license" && isName(link))
    .map(({ href }) => ({ expression: href.slice(LICENCES.length), spdx: true, technique: "manifest" }));
}

function readList(text: string | undefined): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function readRows(text: string | undefined): readonly (readonly unknown[])[] {
  return readList(text).filter((row) => Array.isArray(row));
}

function asTechnique(value: unknown): Technique {
  return (Object.keys(TECHNIQUES) as Technique[]).find((one) => one === value) ?? "manifest";
}

function readClaim([expression, spdx, technique, written]: readonly unknown[]): LicenceClaim[] {
  if (typeof expression !== "string") return [];
  return [
    {
      expression,
      spdx: spdx === true,
      technique: asTechnique(technique),
      ...(typeof written === "string" && { written }),
    },
  ];
}

function readOccurrence([path, line, position, technique]: readonly unknown[]): Occurrence[] {
  if (typeof path !== "string") return [];
  return [
    {
      path,
      ...(typeof line === "number" && { line }),
      ...(typeof position === "string" && { position }),
      technique: asTechnique(technique),
    },
  ];
}
