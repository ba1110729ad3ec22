// What a CycloneDX document says, against what is true of the input. Reads the JSON itself, without src/: whoever is measured is no yardstick.
import { readFileSync } from "node:fs";

/** What is true of an input: packages as `name@version`, edges as `name@version > name@version`. */
export interface Truth {
  /** The purl type of the input's ecosystem; packages of other types are counted apart. */
  readonly type: string;
  readonly packages: ReadonlySet<string>;
  /** `name@version` of what the document is about. */
  readonly root?: string;
  readonly edges?: ReadonlySet<string>;
  /** Copies that another package carries: in the input but not installed in it, so neither right nor wrong. */
  readonly vendored?: ReadonlySet<string>;
  /** The packages whose licence, and those whose digest, stands in the input. */
  readonly licensed?: ReadonlySet<string>;
  readonly hashed?: ReadonlySet<string>;
}

export interface Tally {
  readonly right: number;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

export interface Score {
  readonly packages: Tally;
  readonly edges: Tally | undefined;
  readonly vendored: number;
  /** How many components there are of other types, files apart. */
  readonly elsewhere: ReadonlyMap<string, number>;
  readonly licences: Tally | undefined;
  readonly hashes: Tally | undefined;
}

interface Component {
  readonly "bom-ref"?: string;
  readonly purl?: string;
  readonly licenses?: readonly unknown[];
  readonly hashes?: readonly unknown[];
  readonly components?: readonly Component[];
}

interface Document {
  readonly metadata?: { readonly component?: Component };
  readonly components?: readonly Component[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** A package's name as its ecosystem compares it, so that no peer loses by a way of writing. */
function plainName(type: string, name: string): string {
  if (type === "pypi") return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
  if (type === "golang") return name.toLowerCase();
  if (type === "maven") return name.replace("/", ":");
  return type === "deb" ? name.slice(name.lastIndexOf("/") + 1) : name;
}

/** `name@version` as truth and documents are compared by it; Go's versions without their v, as some peers write them. */
export const key = (type: string, name: string, version: string): string =>
  `${plainName(type, name)}@${type === "golang" ? version.replace(/^v/, "") : version}`;

/** `pkg:type/namespace/name@version?qualifiers#subpath` (purl-spec, "Rules for each purl component"). */
function readPurl(purl: string): { readonly type: string; readonly key: string } | undefined {
  const found = /^pkg:\/*([^/]+)\/([^?#]+?)(?:@([^@?#/]*))?(?:\?([^#]*))?(?:#.*)?$/.exec(purl);
  if (found === null) return undefined;
  const [, type = "", name = "", version = "", qualifiers = ""] = found;
  // Some peers write the epoch of a Debian version apart, where the purl's type says that it is in the version.
  const epoch = type === "deb" ? /(?:^|&)epoch=([0-9]+)/.exec(qualifiers)?.[1] : undefined;
  const whole = `${epoch === undefined || version.includes("%3A") || version.includes(":") ? "" : `${epoch}:`}${decodeURIComponent(version)}`;
  return { type, key: key(type, decodeURIComponent(name), whole) };
}

function* flattened(components: readonly Component[]): Generator<Component> {
  for (const component of components) {
    yield component;
    yield* flattened(component.components ?? []);
  }
}

const tally = (truth: ReadonlySet<string>, found: ReadonlySet<string>): Tally => ({
  right: truth.intersection(found).size,
  wrong: [...found.difference(truth)],
  missed: [...truth.difference(found)],
});

const nameOf = (one: string): string => one.slice(0, one.lastIndexOf("@"));

/** Reads FILE, CycloneDX JSON, and counts what it has right, wrong and missed of the truth. */
export function score(file: string, truth: Truth): Score {
  const document = JSON.parse(readFileSync(file, "utf8")) as Document;
  const keys = new Map<string, string>();
  const found = {
    packages: new Set<string>(),
    edges: new Set<string>(),
    licensed: new Set<string>(),
    hashed: new Set<string>(),
  };
  const elsewhere = new Map<string, number>();
  const root = document.metadata?.component;
  for (const component of flattened([...(root === undefined ? [] : [root]), ...(document.components ?? [])])) {
    const purl = component.purl === undefined ? undefined : readPurl(component.purl);
    if (purl === undefined || purl.type !== truth.type) {
      if (purl !== undefined) elsewhere.set(purl.type, (elsewhere.get(purl.type) ?? 0) + 1);
      continue;
    }
    keys.set(component["bom-ref"] ?? component.purl ?? "", purl.key);
    found.packages.add(purl.key);
    if ((component.licenses ?? []).length > 0) found.licensed.add(purl.key);
    if ((component.hashes ?? []).length > 0) found.hashed.add(purl.key);
  }
  if (root?.["bom-ref"] !== undefined && truth.root !== undefined) keys.set(root["bom-ref"], truth.root);
  // The project itself, by whatever version, and Go's standard library are neither right nor wrong where the truth leaves them out.
  const beside = new Set([truth.root === undefined ? "" : nameOf(truth.root), truth.type === "golang" ? "stdlib" : ""]);
  const outside = found.packages.difference(truth.packages);
  const vendored = outside.intersection(truth.vendored ?? new Set());
  for (const one of outside) if (beside.has(nameOf(one)) || vendored.has(one)) found.packages.delete(one);
  for (const { ref, dependsOn = [] } of document.dependencies ?? []) {
    for (const target of dependsOn) {
      const [from, to] = [keys.get(ref), keys.get(target)];
      if (from !== undefined && to !== undefined && !vendored.has(from) && !vendored.has(to))
        found.edges.add(`${from} > ${to}`);
    }
  }
  return {
    packages: tally(truth.packages, found.packages),
    edges: truth.edges === undefined ? undefined : tally(truth.edges, found.edges),
    vendored: vendored.size,
    elsewhere,
    licences: truth.licensed === undefined ? undefined : tally(truth.licensed, found.licensed),
    hashes: truth.hashed === undefined ? undefined : tally(truth.hashed, found.hashed),
  };
}
