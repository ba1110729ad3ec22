import { posix } from "node:path";
import type { Source } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import { type Pom, type PomDependency, readPom } from "./pom.ts";
import { type Module, modulesOf, topOf } from "./reactor.ts";

/** A pom after inheritance and interpolation (Maven, "Introduction to the POM"). */
export interface Model {
  readonly pom: Pom;
  readonly group: string;
  readonly artifact: string;
  readonly version: string | undefined;
  readonly dependencies: readonly PomDependency[];
  /** By `keyOf`, imported ones included. */
  readonly management: ReadonlyMap<string, PomDependency>;
  readonly licences: readonly string[];
  /** Parents and imported poms that are not there, as `GROUP:ARTIFACT:VERSION`. */
  readonly missing: readonly string[];
  /** Where it lies in the source; undefined for one of a repository. */
  readonly folder: string | undefined;
}

const MAX_PARENTS = 32;
const MAX_IMPORTS = 16;
const MAX_EXPANSIONS = 32;
const MAX_TEXT = 2048;
const PART = /^[A-Za-z0-9_.+-]{1,200}$/;

/** Dependencies are the same where group, artifact, type and classifier are. */
export function keyOf({ group, artifact, type, classifier }: PomDependency): string {
  return `${group}:${artifact}:${type}:${classifier ?? ""}`;
}

/**
 * Effective models, each made once. Poms come from the source itself (`relativePath`) and from repositories in the layout of
 * `~/.m2/repository`; the first that has one is asked.
 */
export class Models {
  readonly #source: Source;
  readonly #repositories: readonly Source[];
  readonly #poms = new Map<string, Pom | undefined>();
  readonly #models = new Map<string, Model | undefined>();
  readonly #inProgress = new Set<string>();
  readonly #modules = new Map<string, Module>();
  readonly #entered = new Set<string>();

  constructor(source: Source, repositories: readonly Source[]) {
    this.#source = source;
    this.#repositories = repositories;
  }

  /** The effective model of an artifact; undefined where its pom is not there, cannot be read, or needs itself to be known. */
  of(group: string, artifact: string, version: string): Model | undefined {
    const key = `${group}:${artifact}:${version}`;
    if (this.#models.has(key)) return this.#models.get(key);
    if (this.#inProgress.has(key)) return undefined;
    const module = this.#modules.get(key);
    const pom = module?.pom ?? this.#stored(group, artifact, version);
    if (pom === undefined || this.#inProgress.size > MAX_IMPORTS) return undefined;
    this.#inProgress.add(key);
    const model = this.effective(pom, module?.folder);
    this.#inProgress.delete(key);
    this.#models.set(key, model);
    return model;
  }

  /** Makes the modules of the build that the project in `folder` belongs to known: they go before what a repository has. */
  enter(folder: string): void {
    const read = (path: string): Pom | undefined => this.inSource(path);
    const top = topOf(folder, read);
    if (this.#entered.has(top)) return;
    this.#entered.add(top);
    for (const module of modulesOf(top, read)) {
      const { group, artifact, version } = this.#named(module);
      if (version !== undefined) this.#modules.set(`${group}:${artifact}:${version}`, module);
    }
  }

  #named({ pom, folder }: Module): { readonly group: string; readonly artifact: string; readonly version?: string } {
    const group = pom.group ?? pom.parent?.group ?? "";
    const version = pom.version ?? pom.parent?.version;
    const { artifact } = pom;
    if (![group, artifact, version ?? ""].some((text) => text.includes("${"))) {
      return { group, artifact, ...(version !== undefined && { version }) };
    }
    const model = this.effective(pom, folder);
    return {
      group: model.group,
      artifact: model.artifact,
      ...(model.version !== undefined && { version: model.version }),
    };
  }

  /** The effective model of a pom; `folder` is where it lies in the source, undefined for one of a repository. */
  effective(pom: Pom, folder: string | undefined): Model {
    const missing: string[] = [];
    const lineage = this.#lineage(pom, folder, missing);
    const group = pom.group ?? pom.parent?.group ?? "";
    const version = pom.version ?? pom.parent?.version;
    const properties = new Map<string, string>();
    for (const one of lineage.toReversed()) for (const [name, value] of one.properties) properties.set(name, value);
    for (const prefix of ["project.", "pom.", ""]) {
      properties.set(`${prefix}groupId`, group);
      properties.set(`${prefix}artifactId`, pom.artifact);
      if (version !== undefined) properties.set(`${prefix}version`, version);
      if (pom.parent === undefined) continue;
      properties.set(`${prefix}parent.groupId`, pom.parent.group);
      properties.set(`${prefix}parent.artifactId`, pom.parent.artifact);
      properties.set(`${prefix}parent.version`, pom.parent.version);
    }
    const fill = (text: string): string => interpolate(text, properties);
    const filled = (one: PomDependency): PomDependency => fillDependency(one, fill);
    const management = new Map<string, PomDependency>();
    const imports: PomDependency[] = [];
    for (const one of lineage.flatMap((each) => lastOfEach(each.management)).map(filled)) {
      if (one.scope === "import" && one.type === "pom") imports.push(one);
      else if (!management.has(keyOf(one))) management.set(keyOf(one), one);
    }
    for (const { group: from, artifact, version: of } of imports) {
      const imported = of === undefined ? undefined : this.of(from, artifact, of);
      if (imported === undefined) missing.push(`${from}:${artifact}:${of ?? ""}`);
      else missing.push(...imported.missing);
      for (const [key, one] of imported?.management ?? []) if (!management.has(key)) management.set(key, one);
    }
    const dependencies = new Map<string, PomDependency>();
    for (const one of lineage.flatMap((each) => lastOfEach(each.dependencies)).map(filled)) {
      const key = keyOf(one);
      if (!dependencies.has(key)) dependencies.set(key, managed(one, management.get(key)));
    }
    const licences = lineage.find((one) => one.licences.length > 0)?.licences ?? [];
    return {
      pom,
      group: fill(group),
      artifact: fill(pom.artifact),
      version: version === undefined ? undefined : fill(version),
      dependencies: [...dependencies.values()],
      management,
      licences: licences.map(fill),
      missing,
      folder,
    };
  }

  /** The pom and its parents, nearest first; a parent that comes again ends it. */
  #lineage(pom: Pom, folder: string | undefined, missing: string[]): readonly Pom[] {
    const lineage = [pom];
    let at = folder;
    for (let parent = pom.parent; parent !== undefined && lineage.length < MAX_PARENTS;) {
      const found = this.#beside(parent, at) ?? this.#inRepository(parent);
      if (found === undefined || lineage.includes(found.pom)) {
        missing.push(`${parent.group}:${parent.artifact}:${parent.version}`);
        break;
      }
      lineage.push(found.pom);
      at = found.folder;
      parent = found.pom.parent;
    }
    return lineage;
  }

  #beside(parent: NonNullable<Pom["parent"]>, folder: string | undefined) {
    if (folder === undefined || parent.relativePath === "") return undefined;
    const named = posix.join(folder, parent.relativePath);
    const path = named.endsWith(".xml") ? named : posix.join(named, "pom.xml");
    const pom = this.inSource(path);
    // Another project's pom may lie there: Maven then asks the repository.
    if (pom === undefined || pom.artifact !== parent.artifact) return undefined;
    if ((pom.group ?? pom.parent?.group) !== parent.group) return undefined;
    return { pom, folder: posix.dirname(path) };
  }

  #inRepository({ group, artifact, version }: NonNullable<Pom["parent"]>) {
    const pom = this.#stored(group, artifact, version);
    return pom && { pom, folder: undefined };
  }

  /** The pom at a path of the source. Throws the faults of `readPom`. */
  inSource(path: string): Pom | undefined {
    const key = `\0${path}`;
    if (!this.#poms.has(key)) {
      const entry = path.startsWith("..") ? undefined : this.#source.find(path);
      this.#poms.set(key, entry?.kind === "file" ? readPom(entry) : undefined);
    }
    return this.#poms.get(key);
  }

  #stored(group: string, artifact: string, version: string): Pom | undefined {
    const key = `${group}:${artifact}:${version}`;
    if (this.#poms.has(key)) return this.#poms.get(key);
    this.#poms.set(key, this.#read(group, artifact, version));
    return this.#poms.get(key);
  }

  #read(group: string, artifact: string, version: string): Pom | undefined {
    if (![group, artifact, version].every((part) => PART.test(part) && !part.includes(".."))) return undefined;
    const path = `${group.replaceAll(".", "/")}/${artifact}/${version}/${artifact}-${version}.pom`;
    for (const repository of this.#repositories) {
      const entry = repository.find(path);
      if (entry?.kind !== "file") continue;
      try {
        return readPom(entry);
      } catch (error) {
        // A broken file of somebody else's is as if it were not there, and is said to be.
        if (!(error instanceof Fault)) throw error;
      }
    }
    return undefined;
  }
}

/** Of several of one key in one pom the last counts, at the place of the first (Maven's model normalisation). */
function lastOfEach(dependencies: readonly PomDependency[]): readonly PomDependency[] {
  return [...new Map(dependencies.map((one) => [keyOf(one), one])).values()];
}

/** What is left open is taken from dependencyManagement. */
function managed(one: PomDependency, by: PomDependency | undefined): PomDependency {
  if (by === undefined) return one;
  return {
    ...by,
    ...one,
    exclusions: one.exclusions.length > 0 ? one.exclusions : by.exclusions,
    offset: one.offset,
  };
}

function fillDependency(one: PomDependency, fill: (text: string) => string): PomDependency {
  return {
    ...one,
    group: fill(one.group),
    artifact: fill(one.artifact),
    type: fill(one.type),
    ...(one.version !== undefined && { version: fill(one.version) }),
    ...(one.classifier !== undefined && { classifier: fill(one.classifier) }),
    ...(one.scope !== undefined && { scope: fill(one.scope) }),
    ...(one.optional !== undefined && { optional: fill(one.optional) }),
    exclusions: one.exclusions.map(fill),
  };
}

/** Puts properties in, also those in properties; what is unknown, endless or grows too long stays as written. */
function interpolate(text: string, properties: ReadonlyMap<string, string>): string {
  let out = text;
  for (let times = 0; times < MAX_EXPANSIONS && out.includes("${"); times += 1) {
    const before = out;
    out = before.replace(
      /\$\{([^${}]{1,200})\}/,
      (whole, name: string) => properties.get(name) ?? `\0${whole.slice(1)}`,
    );
    if (out === before || out.length > MAX_TEXT) break;
  }
  return out.replaceAll("\0{", "${").slice(0, MAX_TEXT);
}
