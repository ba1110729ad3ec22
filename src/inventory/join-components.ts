import type { DigestAlgorithm, DigestSet } from "../model/digest.ts";
import type { Component, ComponentRef, LicenceClaim, Occurrence, Scope, Technique } from "../model/sbom.ts";

const SCOPES: readonly Scope[] = ["runtime", "optional", "peer", "build", "dev", "test"];

/** The scope that wins where a component is needed in two ways. */
export function strongerScope(a: Scope, b: Scope): Scope {
  return SCOPES.indexOf(a) <= SCOPES.indexOf(b) ? a : b;
}

/** Whether two sets of digests cannot be of one content: they share an algorithm and no value of it. */
function contradict(a: DigestSet, b: DigestSet): boolean {
  for (const algorithm of Object.keys(b) as DigestAlgorithm[]) {
    if (a[algorithm] !== undefined && a[algorithm] !== b[algorithm]) return true;
  }
  return false;
}

/** A lockfile's licence may be somebody's word; the package's own manifest is the packager's. */
const LICENCE_ORDER: readonly Technique[] = [
  "archive-verified",
  "content-match",
  "package-database",
  "manifest",
  "binary",
  "source-map",
  "lockfile",
  "installed",
  "declared",
  "file-name",
];

function strongerLicences(a: readonly LicenceClaim[], b: readonly LicenceClaim[]): readonly LicenceClaim[] {
  const rank = (claims: readonly LicenceClaim[]): number =>
    claims.length === 0 ? Infinity : Math.min(...claims.map(({ technique }) => LICENCE_ORDER.indexOf(technique)));
  return rank(b) < rank(a) ? b : a;
}

const sameOccurrence = (a: Occurrence, b: Occurrence): boolean =>
  a.path === b.path && a.line === b.line && a.position === b.position && a.technique === b.technique;

function merge(a: Component, b: Component): Component {
  const fresh = b.occurrences.filter((one) => !a.occurrences.some((other) => sameOccurrence(one, other)));
  return {
    ...a,
    ...(a.kind === undefined && b.kind !== undefined && { kind: b.kind }),
    ...(a.ownedBy === undefined && b.ownedBy !== undefined && { ownedBy: b.ownedBy }),
    ...(a.author === undefined && b.author !== undefined && { author: b.author }),
    ...(a.notes === undefined && b.notes !== undefined && { notes: b.notes }),
    ...(a.filename === undefined && b.filename !== undefined && { filename: b.filename }),
    scope: strongerScope(a.scope, b.scope),
    direct: a.direct || b.direct,
    own: a.own || b.own,
    digests: { ...b.digests, ...a.digests },
    licences: strongerLicences(a.licences, b.licences),
    occurrences: [...a.occurrences, ...fresh],
  };
}

/** What a ref says without the number of the content. */
export const keyOf = ({ purl, name, version }: Component): string =>
  purl ?? (version === undefined ? name : `${name}@${version}`);

/** Components of a whole, sorted by ref, and for each list what its refs are called there (only where it differs). */
export interface JoinedComponents {
  readonly components: readonly Component[];
  readonly refs: readonly ReadonlyMap<ComponentRef, ComponentRef>[];
}

/**
 * One component for each package and content: lists join where package URL (else name and version) are the same and no digest
 * contradicts. Where one does, it is another content under the same name, called `#2` and so on; so is what is called like the root.
 */
export function joinComponents(root: ComponentRef, lists: readonly (readonly Component[])[]): JoinedComponents {
  const byRef = new Map<ComponentRef, Component>();
  const sameKey = new Map<string, ComponentRef[]>();
  const refs = lists.map((list) => {
    const names = new Map<ComponentRef, ComponentRef>();
    const taken = new Set<ComponentRef>();
    for (const component of list) {
      const key = keyOf(component);
      // The project itself, installed into its own environment for work on it.
      if (component.own && key === root) {
        names.set(component.ref, root);
        continue;
      }
      const candidates = sameKey.get(key) ?? [];
      const match = candidates.find((ref) => {
        const known = byRef.get(ref);
        // Two of one list are two: their extractor had a reason.
        return known !== undefined && !taken.has(ref) && !contradict(known.digests, component.digests);
      });
      const nth = candidates.length + (key === root ? 1 : 0);
      const ref = match ?? (nth === 0 ? key : `${key}#${nth + 1}`);
      const known = byRef.get(ref);
      byRef.set(ref, known === undefined ? { ...component, ref } : merge(known, component));
      if (match === undefined) sameKey.set(key, [...candidates, ref]);
      taken.add(ref);
      if (ref !== component.ref) names.set(component.ref, ref);
    }
    return names;
  });
  const sorted = [...byRef].sort(([a], [b]) => (a < b ? -1 : 1));
  return { components: sorted.map(([, component]) => component), refs };
}
