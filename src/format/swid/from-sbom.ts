import type { DigestSet } from "../../model/digest.ts";
import type { Author, Component, Dependency, LicenceClaim, Sbom, Scope } from "../../model/sbom.ts";
import { WAYBILL_URI } from "../../model/statement.ts";
import { ecosystemOf } from "../cyclonedx-names.ts";
import type { DocumentMeta } from "../document.ts";
import { uuidOfContent } from "../uuid.ts";
import type { SoftwareIdentity, SwidAttribute, SwidEntity, SwidFile, SwidHash, SwidLink } from "./model.ts";

/** Of the attributes that say what neither standard has a name for; in CoSWID it stands before them in braces. */
export const WAYBILL_NAMESPACE = `${WAYBILL_URI}/swid/v1`;
export const LICENCES = "https://spdx.org/licenses/";

const SEMVER = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
/** Ecosystems whose versions are semantic versions by rule. */
const SEMVER_ECOSYSTEMS = new Set(["npm", "crates.io", "Go"]);
const HASH_NAMES = { sha256: "sha-256", sha384: "sha-384", sha512: "sha-512" } as const;
/** The `use` of a required link (RFC 9393, section 2.7); what it cannot tell apart stands in an attribute beside it. */
const USES: Readonly<Record<Scope, string>> = {
  runtime: "required",
  peer: "required",
  optional: "optional",
  dev: "recommended",
  build: "recommended",
  test: "recommended",
};

/**
 * The SBOM as a set of primary tags, the subject's first. A component is a tag of its own and not only a link, because a link
 * (RFC 9393, section 2.7) holds a reference and a relation but neither name, version nor hash; the links `component` and
 * `requires` want a tag to refer to, and name it by `swid:` and its identifier (section 5.1). The subject has a `component`
 * link to every tag of the set; edges are `requires`. Package URLs are `see-also` links, licences on SPDX's list `license`
 * links, digests the hashes of a payload file: the package archive. Identifiers are UUID version 5 of the content. SWID says
 * nowhere when a tag was made: the time is not written.
 */
export function swidTags(sbom: Sbom, meta: DocumentMeta): readonly SoftwareIdentity[] {
  const { root, subject, licences, components, dependencies, lifecycle, completeness, unknowns } = sbom;
  const ids = new Map<string, string>();
  ids.set(
    root,
    tagIdOf(["subject", root, subject.name, subject.version, subject.digests, components.map(({ ref }) => ref)]),
  );
  for (const one of components) ids.set(one.ref, tagIdOf([root, one.ref, one.name, one.version, one.digests]));
  const edges = Map.groupBy(dependencies, ({ from }) => from);
  const named = new Set((edges.get(root) ?? []).map(({ to }) => to));
  const facts = [
    attribute("lifecycle", lifecycle),
    attribute(
      "completeness",
      JSON.stringify([completeness.components, completeness.dependencies, completeness.method]),
    ),
    ...(unknowns.length > 0
      ? [attribute("unknowns", JSON.stringify(unknowns.map(({ where, what }) => [where, what])))]
      : []),
    ...refFact(root, subject.purl),
  ];
  const contains = components.map(({ ref }): SwidLink => ({ href: `swid:${ids.get(ref)}`, rel: "component", any: [] }));
  const tag = (
    ref: string,
    what: Named,
    claims: readonly LicenceClaim[],
    any: readonly SwidAttribute[],
    links: readonly SwidLink[],
  ) =>
    tagOf(
      ids.get(ref) ?? ref,
      what,
      meta,
      [...licenceFact(claims), ...any],
      [...nameLinks(what.purl, claims), ...links, ...(edges.get(ref) ?? []).map((edge) => edgeLink(edge, ids))],
    );
  return [
    tag(root, { ...subject, ecosystem: ecosystemOf(subject.purl) }, licences, facts, contains),
    ...components.map((one) => tag(one.ref, one, one.licences, componentFacts(one, named.has(one.ref)), [])),
  ];
}

interface Named {
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly ecosystem: string;
  readonly digests: DigestSet;
  readonly author?: Author;
  readonly filename?: string;
}

function tagIdOf(content: readonly unknown[]): string {
  // Digests by name, so that the order in which they were found does not matter.
  return uuidOfContent(
    JSON.stringify(content, (_key, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    ),
  );
}

function tagOf(
  tagId: string,
  { name, version, ecosystem, digests, author, filename }: Named,
  { tool, author: maker }: DocumentMeta,
  facts: readonly SwidAttribute[],
  links: readonly SwidLink[],
): SoftwareIdentity {
  const files = archive(filename ?? (version === undefined ? name : `${name}-${version}`), digests);
  const others = (["md5", "sha1", "gitCommit", "gitTree", "dirHash"] as const).flatMap((algorithm) => {
    const hex = digests[algorithm];
    return hex === undefined ? [] : [attribute(`digest-${algorithm}`, hex)];
  });
  const semantic = version !== undefined && SEMVER_ECOSYSTEMS.has(ecosystem) && SEMVER.test(version);
  const file = filename === undefined ? [] : [attribute("filename", filename)];
  const any = [...facts, ...others, ...file].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    tagId,
    tagVersion: 0,
    corpus: false,
    patch: false,
    supplemental: false,
    name,
    ...(version !== undefined && { version }),
    ...(semantic && { versionScheme: "semver" }),
    entities: [
      maker === undefined
        ? { name: tool.name, regId: WAYBILL_URI, roles: ["tag-creator"], any: [] }
        : { ...creator(maker), roles: ["tag-creator"] },
      ...(author === undefined ? [] : [creator(author)]),
    ],
    metas: [{ texts: { generator: `${tool.name}-${tool.version}` }, any }],
    links,
    ...(files.length > 0 && { payload: { directories: [], files, processes: [], resources: [], any: [] } }),
    any: [],
  };
}

/** `regid` is a URI (RFC 9393, section 2.6): of a person, that of the mailbox. */
function creator({ name, email }: Author): SwidEntity {
  return { name, ...(email !== undefined && { regId: `mailto:${email}` }), roles: ["software-creator"], any: [] };
}

function archive(name: string, digests: DigestSet): readonly SwidFile[] {
  const hashes = (["sha256", "sha384", "sha512"] as const).flatMap((algorithm): SwidHash[] => {
    const value = digests[algorithm];
    return value === undefined ? [] : [{ algorithm: HASH_NAMES[algorithm], value }];
  });
  return hashes.length === 0 ? [] : [{ name, hashes, any: [] }];
}

function nameLinks(purl: string | undefined, claims: readonly LicenceClaim[]): SwidLink[] {
  const listed = claims.filter(({ expression, spdx }) => spdx && /^(?!LicenseRef-)[A-Za-z0-9.-]+$/.test(expression));
  return [
    ...(purl === undefined ? [] : [{ href: purl, rel: "see-also", any: [] }]),
    ...listed.map(({ expression }) => ({ href: LICENCES + expression, rel: "license", any: [] })),
  ];
}

function edgeLink({ to, scope }: Dependency, ids: ReadonlyMap<string, string>): SwidLink {
  const any = scope === "runtime" || scope === "optional" ? [] : [attribute("scope", scope)];
  return { href: `swid:${ids.get(to)}`, rel: "requires", use: USES[scope], any };
}

function attribute(name: string, value: string): SwidAttribute {
  return { namespace: WAYBILL_NAMESPACE, name, value };
}

function refFact(ref: string, purl: string | undefined): SwidAttribute[] {
  return ref === purl ? [] : [attribute("ref", ref)];
}

function licenceFact(claims: readonly LicenceClaim[]): SwidAttribute[] {
  if (claims.length === 0) return [];
  return [
    attribute(
      "licences",
      JSON.stringify(
        claims.map(({ expression, spdx, technique, written }) => [
          expression,
          spdx,
          technique,
          ...(written === undefined ? [] : [written]),
        ]),
      ),
    ),
  ];
}

function componentFacts(component: Component, namedByRoot: boolean): SwidAttribute[] {
  const { ref, purl, scope, direct, ecosystem, own, occurrences } = component;
  const seen = occurrences.map(({ path, line, position, technique }) => [
    path,
    line ?? null,
    position ?? null,
    technique,
  ]);
  return [
    ...refFact(ref, purl),
    ...(scope === "runtime" ? [] : [attribute("scope", scope)]),
    ...(direct === namedByRoot ? [] : [attribute("direct", String(direct))]),
    ...(ecosystem === ecosystemOf(purl) ? [] : [attribute("ecosystem", ecosystem)]),
    ...(own ? [attribute("own", "true")] : []),
    ...(seen.length === 0 ? [] : [attribute("occurrences", JSON.stringify(seen))]),
  ];
}
