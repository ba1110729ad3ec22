import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import { describeValue, readYaml, type YamlDocument, type YamlForm } from "../../format/yaml.ts";
import { Fault, type FaultCode } from "../../model/fault.ts";
import type { SandboxLimits } from "../../model/build.ts";

/** What `waybill.yaml` (or the default of the ecosystem) says about a build. */
export interface BuildConfiguration {
  readonly commands: readonly (readonly string[])[];
  /** Patterns with `*` (which also matches `/`) of paths in the workspace. */
  readonly outputs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  /** Versions come from a lockfile. */
  readonly locked: boolean;
}

/** Where the default npm build packs to: a folder that is empty while npm decides what to pack. */
export const OUTPUT_FOLDER = ".waybill-out";

const DEFAULT_LIMITS: SandboxLimits = {
  timeSeconds: 30 * 60,
  memoryBytes: 8 * 2 ** 30,
  processes: 2048,
  outputBytes: 64 << 20,
  fileBytes: 4 * 2 ** 30,
};

const FILE = "waybill.yaml";
const FORM: YamlForm = {
  name: "the build configuration",
  code: "WB-CONFIG-SYNTAX",
  maxBytes: 64 << 10,
  maxValues: 10_000,
};
/** npm's own lockfiles; npm prefers the first where both are. */
export const LOCKFILES = ["npm-shrinkwrap.json", "package-lock.json"];
/** Set by the builder itself; a project that could change them could lead the build around the recorder. */
const RESERVED = /^(?:PATH|HOME|SOURCE_DATE_EPOCH|(?:https?|no|all)_proxy|npm_config_.*|LD_.*|NODE_OPTIONS)$/i;

/**
 * The build of the project in a folder: its `waybill.yaml` over npm's default. Reports `WB-CONFIG-SYNTAX`,
 * `WB-CONFIG-UNKNOWN-KEY`, `WB-CONFIG-VALUE` with file and line, and `WB-CONFIG-NO-BUILD` where nothing says how to build.
 */
export async function readConfiguration(directory: string): Promise<BuildConfiguration> {
  const locked = LOCKFILES.some((name) => existsSync(join(directory, name)));
  const path = join(directory, FILE);
  const own = existsSync(path) ? await parseConfiguration(readFileSync(path), FILE) : {};
  if (own.commands === undefined && !existsSync(join(directory, "package.json")))
    throw new Fault({
      code: "WB-CONFIG-NO-BUILD",
      kind: "input",
      what: "nothing says how to build this project",
      where: cleanText(directory, 300),
      expected: "package.json, or build.commands in waybill.yaml",
      fix: "write a waybill.yaml with build.commands and build.outputs",
    });
  return {
    commands: own.commands ?? npmCommands(locked),
    outputs: own.outputs ?? [`${OUTPUT_FOLDER}/*.tgz`],
    environment: own.environment ?? {},
    limits: { ...DEFAULT_LIMITS, ...own.limits },
    locked,
  };
}

function npmCommands(locked: boolean): readonly (readonly string[])[] {
  return [
    locked ? ["npm", "ci"] : ["npm", "install", "--no-package-lock"],
    ["npm", "run", "build", "--if-present"],
    ["npm", "pack", "--pack-destination", OUTPUT_FOLDER],
  ];
}

/** The parts of a configuration that a file gives. */
export interface ConfigurationFile {
  readonly commands?: readonly (readonly string[])[];
  readonly outputs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: Partial<SandboxLimits>;
}

/** Reads the text of a `waybill.yaml`; `where` names it in messages. Reports as `readConfiguration`. */
export async function parseConfiguration(bytes: Uint8Array, where: string): Promise<ConfigurationFile> {
  const { value, placeOf } = await readYaml(bytes, where, FORM);
  return new ConfigReader(placeOf).read(value);
}

type Path = readonly (string | number)[];

class ConfigReader {
  readonly #placeOf: YamlDocument["placeOf"];

  constructor(placeOf: YamlDocument["placeOf"]) {
    this.#placeOf = placeOf;
  }

  read(root: unknown): ConfigurationFile {
    const top = this.#members(root, [], ["version", "build"]);
    if (top.get("version") !== 1) throw this.#fault(["version"], top.get("version"), "version: 1");
    const build = top.get("build");
    if (build === undefined) return {};
    const parts = this.#members(build, ["build"], ["commands", "outputs", "environment", "limits"]);
    const [commands, outputs] = [parts.get("commands"), parts.get("outputs")];
    const [environment, limits] = [parts.get("environment"), parts.get("limits")];
    return {
      ...(commands === undefined ? {} : { commands: this.#items(commands, ["build", "commands"], this.#command) }),
      ...(outputs === undefined ? {} : { outputs: this.#items(outputs, ["build", "outputs"], this.#outputPattern) }),
      ...(environment === undefined ? {} : { environment: this.#environment(environment) }),
      ...(limits === undefined ? {} : { limits: this.#limits(limits) }),
    };
  }

  #fault(path: Path, found: unknown, expected: string, code: FaultCode = "WB-CONFIG-VALUE"): Fault {
    const { file, line } = this.#placeOf(path);
    return new Fault({
      code,
      kind: "input",
      what: "the build configuration is not understood",
      where: `${file}:${line}`,
      expected,
      found: cleanText(describeValue(found), 60),
      fix: "correct waybill.yaml",
    });
  }

  #members(value: unknown, path: Path, known?: readonly string[]): ReadonlyMap<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.#fault(path, value, "a mapping");
    const members = new Map<string, unknown>(Object.entries(value));
    for (const [name, member] of members) {
      if (known !== undefined && !known.includes(name))
        throw this.#fault([...path, name], name, known.join(", "), "WB-CONFIG-UNKNOWN-KEY");
      if (member === null) throw this.#fault([...path, name], member, "a value");
    }
    return members;
  }

  #items<T>(value: unknown, path: Path, read: (item: unknown, path: Path) => T): readonly T[] {
    if (!Array.isArray(value) || value.length === 0) throw this.#fault(path, value, "a list that is not empty");
    return value.map((item: unknown, index) => read(item, [...path, index]));
  }

  readonly #text = (value: unknown, path: Path): string => {
    if (typeof value !== "string" || value === "" || value.includes("\0")) throw this.#fault(path, value, "a text");
    return value;
  };

  /** A list is run as it is, a text by the shell. */
  readonly #command = (value: unknown, path: Path): readonly string[] =>
    Array.isArray(value) ? this.#items(value, path, this.#text) : ["sh", "-c", this.#text(value, path)];

  readonly #outputPattern = (value: unknown, path: Path): string => {
    const pattern = this.#text(value, path);
    if (pattern.startsWith("/") || pattern.split("/").includes(".."))
      throw this.#fault(path, value, "a path inside the project");
    return pattern;
  };

  #environment(value: unknown): Record<string, string> {
    const variables: [string, string][] = [];
    for (const [name, text] of this.#members(value, ["build", "environment"])) {
      const path = ["build", "environment", name];
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || RESERVED.test(name))
        throw this.#fault(path, name, "a variable that the builder does not set itself");
      if ((typeof text !== "string" && typeof text !== "number") || String(text).includes("\0"))
        throw this.#fault(path, text, "a text");
      variables.push([name, String(text)]);
    }
    return Object.fromEntries(variables);
  }

  #limits(value: unknown): Partial<SandboxLimits> {
    const limits: Partial<Record<keyof SandboxLimits, number>> = {};
    const path = ["build", "limits"];
    const members = this.#members(value, path, Object.keys(DEFAULT_LIMITS));
    for (const name of Object.keys(DEFAULT_LIMITS) as (keyof SandboxLimits)[]) {
      const number = members.get(name);
      if (number === undefined) continue;
      if (typeof number !== "number" || !Number.isSafeInteger(number) || number <= 0)
        throw this.#fault([...path, name], number, "a whole number above 0");
      limits[name] = number;
    }
    return limits;
  }
}
