import { cleanText } from "../../artifact/clean-text.ts";
import { printPurl } from "../../artifact/purl.ts";
import type { Purl } from "../../model/digest.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, ComponentRef, Dependency, LicenceClaim, Occurrence, Unknown } from "../../model/sbom.ts";
import { supportOf } from "./end-of-life.ts";
import { type Distribution, ecosystemOf } from "./release.ts";

const MAX_TOLD = 20;
/** Bounds that no system reaches; they keep the time for a hostile list in proportion to its size. */
const MAX_EDGES = 2_000_000;
const MAX_PROVIDERS = 200;

/** One thing that a package needs or provides: a package's name, a virtual one, a library, a file. */
export interface Capability {
  readonly name: string;
  /** How the version must stand to `version`: as dpkg writes it. Absent: any. */
  readonly relation?: "<<" | "<=" | "=" | ">=" | ">>";
  readonly version?: string;
}

/** One installed package, whatever lists it. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  /** Source package, `NAME` or `NAME@VERSION` where its version is another. */
  readonly upstream?: string;
  /** More qualifiers of the package URL. */
  readonly qualifiers?: Readonly<Record<string, string>>;
  /** Asked for by the administrator; false: there because others need it; undefined: the list does not say. */
  readonly manual: boolean | undefined;
  readonly licences: readonly LicenceClaim[];
  /** Each need is met by any of its alternatives. */
  readonly needs: readonly (readonly Capability[])[];
  readonly provides: readonly Capability[];
  readonly occurrence: Occurrence;
}

/** What the packages of one list have in common. */
export interface PackageSystem {
  /** Type of the package URLs. */
  readonly type: "deb" | "apk" | "rpm" | "opkg";
  readonly distribution: Distribution | undefined;
  /** Whether a version meets what a capability asks for. */
  readonly meets: (asked: Capability, version: string) => boolean;
  /** Needs that nothing has to meet, such as rpm's own `rpmlib(…)`. */
  readonly ignores?: (name: string) => boolean;
}

/** `debian-12`, as other tools write it into package URLs. */
const distroOf = ({ id, version }: Distribution): string => (version === undefined ? id : `${id}-${version}`);

/** The type wants the vendor as namespace: without a distribution there is no package URL (purl-spec, deb, apk, rpm). */
function purlOf(one: InstalledPackage, { type, distribution }: PackageSystem): Purl | undefined {
  if (distribution === undefined) return undefined;
  const { name, version, architecture, upstream } = one;
  const qualifiers: Record<string, string> = {
    ...one.qualifiers,
    ...(architecture !== undefined && { arch: architecture }),
    ...(upstream !== undefined && { upstream }),
    distro: distroOf(distribution),
  };
  const namespace = distribution.id === "rhel" ? "redhat" : distribution.id;
  try {
    return printPurl({ type, namespace, name, version, qualifiers });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function componentsOf(packages: readonly InstalledPackage[], system: PackageSystem): Component[] {
  const ecosystem = ecosystemOf(system.distribution, system.type);
  const used = new Map<ComponentRef, number>();
  return packages.map((one): Component => {
    const purl = purlOf(one, system);
    const key = purl ?? `${one.name}@${one.version}`;
    const nth = (used.get(key) ?? 0) + 1;
    used.set(key, nth);
    return {
      ref: nth === 1 ? key : `${key}#${nth}`,
      name: one.name,
      version: one.version,
      ...(purl !== undefined && { purl }),
      ecosystem,
      scope: "runtime",
      direct: one.manual === true,
      digests: {},
      licences: one.licences,
      occurrences: [one.occurrence],
      own: false,
    };
  });
}

/** Who is called so, and in which version: packages by their own names before those that provide the name. */
class Providers {
  readonly #packages: readonly InstalledPackage[];
  readonly #own = new Map<string, number[]>();
  readonly #virtual = new Map<string, [index: number, version: string | undefined][]>();
  readonly #system: PackageSystem;
  readonly #known = new Map<string, readonly number[]>();

  constructor(packages: readonly InstalledPackage[], system: PackageSystem) {
    this.#packages = packages;
    this.#system = system;
    for (const [index, { name, provides }] of packages.entries()) {
      push(this.#own, name, index);
      // The package's own name among them: rpm states it with the epoch.
      for (const one of provides) push(this.#virtual, one.name, [index, one.version]);
    }
  }

  /** The packages that meet a need of `from`. */
  of(asked: Capability, { architecture }: InstalledPackage): readonly number[] {
    const key = `${keyOf(asked)}\0${architecture ?? ""}`;
    let found = this.#known.get(key);
    if (found === undefined) this.#known.set(key, (found = this.#find(asked, architecture)));
    return found;
  }

  #find(asked: Capability, architecture: string | undefined): readonly number[] {
    const { meets } = this.#system;
    const own = (this.#own.get(asked.name) ?? []).filter((index) => meets(asked, this.#packages[index]?.version ?? ""));
    if (own.length > 0) return this.#near(own, architecture);
    // A need for a version is not met by a name that is provided without one (Debian policy, 7.5).
    const virtual = (this.#virtual.get(asked.name) ?? [])
      .filter(([, version]) => asked.relation === undefined || (version !== undefined && meets(asked, version)))
      .map(([index]) => index);
    return this.#near([...new Set(virtual)], architecture);
  }

  /** Of packages of several architectures those of the one that asks. */
  #near(found: readonly number[], architecture: string | undefined): readonly number[] {
    if (found.length < 2) return found;
    const same = found.filter((index) => this.#packages[index]?.architecture === architecture);
    return same.length > 0 ? same : found;
  }
}

function push<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (list.length < MAX_PROVIDERS) list.push(value);
}

const keyOf = ({ name, relation, version }: Capability): string => `${name}\0${relation ?? ""}\0${version ?? ""}`;

interface Edges {
  readonly edges: readonly Dependency[];
  readonly unmet: readonly string[];
}

function edgesOf(
  packages: readonly InstalledPackage[],
  components: readonly Component[],
  system: PackageSystem,
): Edges {
  const providers = new Providers(packages, system);
  const edges: Dependency[] = [];
  const unmet: string[] = [];
  for (const [index, one] of packages.entries()) {
    const from = components[index]?.ref ?? "";
    const targets = new Set<number>();
    for (const alternatives of new Map(one.needs.map((need) => [need.map(keyOf).join("\0"), need])).values()) {
      if (alternatives.every(({ name }) => system.ignores?.(name) === true)) continue;
      // Of alternatives the first that is there: the package's own order of preference.
      let found: readonly number[] = [];
      for (const asked of alternatives) if (found.length === 0) found = providers.of(asked, one);
      if (found.length === 0) unmet.push(`${one.name} needs ${alternatives.map(({ name }) => name).join(" or ")}`);
      for (const target of found) if (target !== index) targets.add(target);
    }
    for (const target of targets) edges.push({ from, to: components[target]?.ref ?? "", scope: "runtime" });
    if (edges.length > MAX_EDGES) break;
  }
  return { edges, unmet };
}

function unmetUnknowns(where: string, unmet: readonly string[]): Unknown[] {
  if (unmet.length === 0) return [];
  const shown = unmet.slice(0, MAX_TOLD).map((text) => cleanText(text, 100));
  const rest = unmet.length > shown.length ? `, and ${unmet.length - shown.length} more` : "";
  return [{ where, what: `nothing that is installed meets a need: ${shown.join(", ")}${rest}` }];
}

/** The distribution itself: a component that needs what the administrator asked for. */
function systemComponent(distribution: Distribution): Component {
  const { id, version, path } = distribution;
  return {
    ref: version === undefined ? id : `${id}@${version}`,
    name: id,
    ...(version !== undefined && { version }),
    ecosystem: "generic",
    scope: "runtime",
    direct: true,
    digests: {},
    licences: [],
    occurrences: [{ path, technique: "package-database" }],
    own: false,
    kind: "operating-system",
  };
}

/** What one list of packages says: its packages with their edges, and the operating system as a component. */
export function installationOf(
  packages: readonly InstalledPackage[],
  system: PackageSystem,
  where: string,
  unknowns: readonly Unknown[],
): Extraction & { readonly refs: readonly ComponentRef[] } {
  const components = componentsOf(packages, system);
  const { edges, unmet } = edgesOf(packages, components, system);
  const { distribution } = system;
  const os = distribution === undefined ? undefined : systemComponent(distribution);
  const asked = components.filter(({ direct }) => direct);
  const support = distribution === undefined ? undefined : supportOf(distribution);
  const told = cleanText(where, 300);
  return {
    refs: components.map(({ ref }) => ref),
    components: os === undefined ? components : [...components, os],
    dependencies:
      os === undefined
        ? edges
        : [...edges, ...asked.map(({ ref }): Dependency => ({ from: os.ref, to: ref, scope: "runtime" }))],
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: unmet.length === 0 ? "complete" : "incomplete",
      method: "observed",
    },
    unknowns: [
      ...unknowns,
      ...unmetUnknowns(told, unmet),
      ...(distribution === undefined
        ? [{ where: told, what: "no os-release says which distribution this is: its packages have no package URL" }]
        : []),
      ...(distribution !== undefined && support !== undefined ? [{ where: distribution.path, what: support }] : []),
    ],
  };
}

/** `WB-OS-PACKAGES-FORM`: a list of installed packages that cannot be read. */
export function packagesFault(file: string, expected: string, found: string, line?: number): Fault {
  return new Fault({
    code: "WB-OS-PACKAGES-FORM",
    kind: "input",
    what: "an operating system's list of installed packages does not have its form",
    where: line === undefined ? cleanText(file, 300) : `${cleanText(file, 300)}:${line}`,
    expected,
    found: cleanText(found, 100),
    fix: "take the file from the system as its package manager left it",
  });
}
