import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LineCounter, Node } from "yaml";
import { cleanText } from "../../artifact/clean-text.ts";
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
const MAX_BYTES = 64 << 10;
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
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  if (bytes.byteLength > MAX_BYTES) throw configFault("WB-CONFIG-SYNTAX", `${where}:1`, "larger than 64 KiB");
  const document = yaml.parseDocument(Buffer.from(bytes).toString("utf8"), {
    version: "1.2",
    schema: "core",
    prettyErrors: false,
    lineCounter: lines,
    logLevel: "silent",
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined)
    throw configFault("WB-CONFIG-SYNTAX", at(where, lines, problem.pos[0]), cleanText(problem.message, 120));
  const reader = new ConfigReader(yaml, where, lines);
  return reader.read(document.contents as Node | null);
}

function at(where: string, lines: LineCounter, offset: number): string {
  return `${where}:${Math.max(1, lines.linePos(offset).line)}`;
}

function configFault(code: FaultCode, where: string, found: string, expected?: string): Fault {
  return new Fault({
    code,
    kind: "input",
    what: "the build configuration is not understood",
    where,
    found,
    ...(expected === undefined ? {} : { expected }),
    fix: "correct waybill.yaml",
  });
}

class ConfigReader {
  readonly #yaml: typeof import("yaml");
  readonly #where: string;
  readonly #lines: LineCounter;

  constructor(yaml: typeof import("yaml"), where: string, lines: LineCounter) {
    this.#yaml = yaml;
    this.#where = where;
    this.#lines = lines;
  }

  read(root: Node | null): ConfigurationFile {
    const top = this.#members(root, ["version", "build"]);
    if (this.#scalar(top.get("version") ?? root) !== 1) throw this.#fault(top.get("version") ?? root, "version: 1");
    const build = top.get("build");
    if (build === undefined) return {};
    const parts = this.#members(build, ["commands", "outputs", "environment", "limits"]);
    const [commands, outputs] = [parts.get("commands"), parts.get("outputs")];
    const [environment, limits] = [parts.get("environment"), parts.get("limits")];
    return {
      ...(commands === undefined ? {} : { commands: this.#items(commands).map((item) => this.#command(item)) }),
      ...(outputs === undefined ? {} : { outputs: this.#items(outputs).map((item) => this.#outputPattern(item)) }),
      ...(environment === undefined ? {} : { environment: this.#environment(environment) }),
      ...(limits === undefined ? {} : { limits: this.#limits(limits) }),
    };
  }

  #fault(node: Node | null | undefined, expected: string, code: FaultCode = "WB-CONFIG-VALUE"): Fault {
    const found = cleanText(node === null || node === undefined ? "nothing" : String(node), 60);
    return configFault(code, at(this.#where, this.#lines, node?.range?.[0] ?? 0), found, expected);
  }

  #members(node: Node | null, known?: readonly string[]): Map<string, Node> {
    if (!this.#yaml.isMap(node)) throw this.#fault(node, "a mapping");
    const members = new Map<string, Node>();
    for (const pair of node.items) {
      const key = pair.key as Node;
      const name = this.#text(key);
      if (known !== undefined && !known.includes(name))
        throw this.#fault(key, known.join(", "), "WB-CONFIG-UNKNOWN-KEY");
      if (pair.value === null) throw this.#fault(key, "a value");
      members.set(name, pair.value as Node);
    }
    return members;
  }

  #items(node: Node): readonly Node[] {
    if (!this.#yaml.isSeq(node) || node.items.length === 0) throw this.#fault(node, "a list that is not empty");
    return node.items as Node[];
  }

  #scalar(node: Node | null): unknown {
    return this.#yaml.isScalar(node) ? node.value : undefined;
  }

  #text(node: Node): string {
    const value = this.#scalar(node);
    if (typeof value !== "string" || value === "" || value.includes("\0")) throw this.#fault(node, "a text");
    return value;
  }

  /** A list is run as it is, a text by the shell. */
  #command(node: Node): readonly string[] {
    if (this.#yaml.isSeq(node)) return this.#items(node).map((item) => this.#text(item));
    return ["sh", "-c", this.#text(node)];
  }

  #outputPattern(node: Node): string {
    const pattern = this.#text(node);
    if (pattern.startsWith("/") || pattern.split("/").includes(".."))
      throw this.#fault(node, "a path inside the project");
    return pattern;
  }

  #environment(node: Node): Record<string, string> {
    const variables: [string, string][] = [];
    for (const [name, value] of this.#members(node)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || RESERVED.test(name))
        throw this.#fault(value, `a variable that the builder does not set itself (${cleanText(name, 40)})`);
      const text = this.#scalar(value);
      if (typeof text !== "string" && typeof text !== "number") throw this.#fault(value, "a text");
      variables.push([name, String(text)]);
    }
    return Object.fromEntries(variables);
  }

  #limits(node: Node): Partial<SandboxLimits> {
    const limits: Partial<Record<keyof SandboxLimits, number>> = {};
    const members = this.#members(node, Object.keys(DEFAULT_LIMITS));
    for (const name of Object.keys(DEFAULT_LIMITS) as (keyof SandboxLimits)[]) {
      const value = members.get(name);
      if (value === undefined) continue;
      const number = this.#scalar(value);
      if (typeof number !== "number" || !Number.isSafeInteger(number) || number <= 0)
        throw this.#fault(value, "a whole number above 0");
      limits[name] = number;
    }
    return limits;
  }
}
