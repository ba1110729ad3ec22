import type { Entry } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import type { Unknown } from "../../model/sbom.ts";
import { isInstalledFile } from "./installed-paths.ts";
import { type Fields, isFields } from "../fields.ts";
import { folderOf } from "./position.ts";
import type { Installed } from "./place.ts";

const MAX_RECORD_BYTES = 64 * 1024 * 1024;
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** What npm and pnpm noted beside what they installed: by install position, and by package. */
export class Records {
  readonly #byPosition = new Map<string, Installed>();
  readonly #byPackage = new Map<string, Installed>();
  /** The `node_modules` folders that npm listed whole. */
  readonly listed = new Set<string>();
  /** Links in `node_modules` to folders of the project, as npm noted them: position → folder. */
  readonly links = new Map<string, string>();
  readonly unknowns: Unknown[] = [];

  async read(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      try {
        if (entry.path.endsWith("/lock.yaml")) await this.#pnpm(entry);
        else this.#npm(entry);
      } catch (error) {
        if (!(error instanceof Fault) && !(error instanceof SyntaxError)) throw error;
        const why = error instanceof Fault ? error.facts.what : "not valid JSON";
        this.unknowns.push({ where: entry.path, what: `the list of installed packages cannot be read: ${why}` });
      }
    }
  }

  /** npm's hidden lockfile (npm docs, package-lock.json, "hidden lockfiles"): positions are relative to its project. */
  #npm(entry: Entry): void {
    const modules = folderOf(entry.path);
    const folder = folderOf(modules);
    const prefix = folder === "" ? "" : `${folder}/`;
    const lock: unknown = JSON.parse(Buffer.from(entry.bytes(MAX_RECORD_BYTES)).toString("utf8"));
    const packages: Fields = isFields(lock) && isFields(lock["packages"]) ? lock["packages"] : {};
    for (const position of Object.keys(packages)) {
      const said = packages[position];
      if (!isFields(said)) continue;
      if (said["link"] === true) {
        const target = text(said["resolved"]);
        // With a store, packages are links too.
        const outside = target === undefined || target.startsWith("..") || target.includes("node_modules/");
        if (!outside) this.links.set(prefix + position, prefix + target);
      } else if (isInstalledFile(`${position}/package.json`)) this.#byPosition.set(prefix + position, installed(said));
    }
    this.listed.add(modules);
  }

  /** pnpm's own copy of the lockfile, of what is in its virtual store. */
  async #pnpm(entry: Entry): Promise<void> {
    const { installedByPnpm } = await import("../pnpm/installed.ts");
    for (const [key, said] of await installedByPnpm(entry)) this.#byPackage.set(key, said);
  }

  /** What was noted of the package at a position, by its position or else by name and version. */
  of(position: string, name: string, version: string | undefined): Installed | undefined {
    return this.#byPosition.get(position) ?? this.#byPackage.get(`${name}@${version ?? ""}`);
  }

  has(position: string): boolean {
    return this.#byPosition.has(position);
  }

  positions(): Iterable<string> {
    return this.#byPosition.keys();
  }
}

function installed(said: Fields): Installed {
  const version = text(said["version"]);
  const resolved = text(said["resolved"]);
  const integrity = text(said["integrity"]);
  return {
    ...(version !== undefined && { version }),
    ...(resolved !== undefined && { resolved }),
    ...(integrity !== undefined && { integrity }),
    dev: said["dev"] === true,
    optional: said["optional"] === true || said["devOptional"] === true,
    peer: said["peer"] === true,
  };
}
