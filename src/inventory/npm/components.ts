import { cleanText } from "../../artifact/clean-text.ts";
import type { DigestSet, Purl } from "../../model/digest.ts";
import type { Author, Component, ComponentRef, LicenceClaim, Note, Occurrence, Unknown } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { noteOf } from "../notes.ts";
import { readAuthor } from "./author.ts";
import { readIntegrity } from "./integrity.ts";
import { archiveName, originOf, packageUrl } from "./package-url.ts";
import { DEV, OPTIONAL, PEER, RUNTIME, SCOPES, told } from "./place.ts";
import type { Place } from "./place.ts";

/** A component while its places are being joined. */
interface Draft {
  readonly name: string;
  readonly version: string | undefined;
  readonly purl: Purl | undefined;
  ref: ComponentRef;
  digests: DigestSet;
  licences: readonly LicenceClaim[];
  readonly occurrences: Occurrence[];
  level: number;
  direct: boolean;
  own: boolean;
  author: Author | undefined;
  notes: readonly Note[];
  filename: string | undefined;
}

/** What is known of places besides the places themselves. */
export interface PlaceFacts {
  /** The lockfile's path in the source. */
  readonly file: string;
  /** `installed`: each place is proved by the manifest at its position. */
  readonly technique: "lockfile" | "installed";
  readonly rootRef: ComponentRef;
  readonly levels: Uint8Array;
  readonly direct: ReadonlySet<Place>;
  readonly byUrl: ReadonlySet<Place>;
}

/** Components and, for each place, the index of its component in the sorted list (-1: the root, links). */
export interface Joined {
  readonly components: readonly Component[];
  readonly componentOf: Int32Array;
  readonly unknowns: readonly Unknown[];
}

class Drafts {
  readonly drafts: Draft[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #byKey = new Map<string, Draft[]>();
  readonly #licences = new Map<string, readonly LicenceClaim[]>();
  readonly #facts: PlaceFacts;

  constructor(facts: PlaceFacts) {
    this.#facts = facts;
  }

  add(place: Place): Draft {
    const { levels, direct, byUrl } = this.#facts;
    const name = place.name === "" ? place.calledAs : place.name;
    const purl = packageUrl(name, place.version, place.own ? undefined : originOf(place.resolved, byUrl.has(place)));
    const key = purl ?? `${name}@${place.version ?? ""}`;
    const digests = this.#digests(place);
    const level = levels[place.index] ?? 4;
    const draft = this.#same(key, digests, place) ?? this.#open(key, { name, version: place.version, purl, digests });
    draft.digests = mergeDigests(draft.digests, digests);
    draft.level = Math.min(draft.level, level < 4 ? level : levelByFlags(place));
    draft.direct ||= direct.has(place);
    draft.own ||= place.own || place.link;
    if (draft.licences.length === 0) draft.licences = this.#claims(place.licence);
    draft.author ??= readAuthor(place.author);
    if (draft.notes.length === 0) draft.notes = noteOf("deprecated", place.deprecated);
    draft.filename ??= place.own ? undefined : archiveName(place.resolved);
    draft.occurrences.push(this.#occurrence(place));
    return draft;
  }

  #occurrence({ position, line, manifest }: Place): Occurrence {
    const { file, technique } = this.#facts;
    if (manifest !== undefined) return { path: manifest, position, technique: "manifest" };
    if (technique === "installed") return { path: `${position}/package.json`, position, technique };
    return { path: file, ...(line !== undefined && { line }), ...(position !== "" && { position }), technique };
  }

  #open(key: string, facts: Pick<Draft, "name" | "version" | "purl" | "digests">): Draft {
    const draft: Draft = {
      ...facts,
      ref: key,
      licences: [],
      occurrences: [],
      level: DEV,
      direct: false,
      own: false,
      author: undefined,
      notes: [],
      filename: undefined,
    };
    const same = this.#byKey.get(key);
    const nth = (same?.length ?? 0) + (key === this.#facts.rootRef ? 1 : 0);
    if (nth > 0) draft.ref = `${key}#${nth + 1}`;
    if (same === undefined) this.#byKey.set(key, [draft]);
    else same.push(draft);
    this.drafts.push(draft);
    return draft;
  }

  /** The draft of the same package with no digest against it. */
  #same(key: string, digests: DigestSet, place: Place): Draft | undefined {
    const same = this.#byKey.get(key);
    const found = same?.find((draft) => draft.own === (place.own || place.link) && !contradict(draft.digests, digests));
    if (same !== undefined && found === undefined && !place.own && same.some((draft) => !draft.own)) {
      this.#doubt(place, "has the name and version of another place, but another integrity");
    }
    return found;
  }

  #digests(place: Place): DigestSet {
    if (place.integrity === undefined) return {};
    const { digests, doubt } = readIntegrity(place.integrity);
    if (doubt !== undefined) this.#doubt(place, `has ${doubt}`);
    return digests;
  }

  #claims(licence: unknown): readonly LicenceClaim[] {
    const { technique } = this.#facts;
    if (typeof licence !== "string") return licenceClaims(licence, technique);
    let claims = this.#licences.get(licence);
    if (claims === undefined) {
      claims = licenceClaims(licence, technique);
      this.#licences.set(licence, claims);
    }
    return claims;
  }

  #doubt(place: Place, what: string): void {
    const { file } = this.#facts;
    this.unknowns.push({
      where: place.line === undefined ? file : `${file}:${place.line}`,
      what: `${cleanText(told(place))} ${what}`,
    });
  }
}

/** What npm noted, where no path from the root is known. */
function levelByFlags(place: Place): number {
  if (place.dev) return DEV;
  if (place.optional) return OPTIONAL;
  return place.peer ? PEER : RUNTIME;
}

function contradict(a: DigestSet, b: DigestSet): boolean {
  for (const algorithm of ["sha512", "sha384", "sha256", "sha1", "md5"] as const) {
    const value = a[algorithm];
    if (value !== undefined && b[algorithm] !== undefined && b[algorithm] !== value) return true;
  }
  return false;
}

function contains(a: DigestSet, b: DigestSet): boolean {
  for (const algorithm of Object.keys(b)) if (!Object.hasOwn(a, algorithm)) return false;
  return true;
}

function mergeDigests(a: DigestSet, b: DigestSet): DigestSet {
  return a === b || contains(a, b) ? a : { ...a, ...b };
}

function finish(draft: Draft): Component {
  return {
    ref: draft.ref,
    name: draft.name,
    ...(draft.version !== undefined && { version: draft.version }),
    ...(draft.purl !== undefined && { purl: draft.purl }),
    ecosystem: "npm",
    scope: SCOPES[draft.level] ?? "runtime",
    direct: draft.direct,
    digests: draft.digests,
    licences: draft.licences,
    occurrences: draft.occurrences,
    own: draft.own,
    ...(draft.author !== undefined && { author: draft.author }),
    ...(draft.notes.length > 0 && { notes: draft.notes }),
    ...(draft.filename !== undefined && { filename: draft.filename }),
  };
}

/** One component for each distinct package and content, with all its places as occurrences; sorted by ref. */
export function joinPlaces(places: readonly Place[], root: Place, facts: PlaceFacts): Joined {
  const drafts = new Drafts(facts);
  const draftOf = places.map((place) => (place === root || place.target !== undefined ? undefined : drafts.add(place)));
  // Refs are distinct, and the default order of texts is that of their code units.
  const byRef = new Map(drafts.drafts.map((draft) => [draft.ref, draft]));
  const refs = [...byRef.keys()].sort();
  const rank = new Map(refs.map((ref, index) => [ref, index]));
  const componentOf = new Int32Array(places.length).fill(-1);
  for (const [index, draft] of draftOf.entries()) {
    if (draft !== undefined) componentOf[index] = rank.get(draft.ref) ?? -1;
  }
  const components = refs.flatMap((ref) => byRef.get(ref) ?? []).map(finish);
  return { components, componentOf, unknowns: drafts.unknowns };
}
