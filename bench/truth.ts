// The truth of each input of ../shared/bench, read from what its README names, without src/.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Truth, key } from "./score.ts";

const text = (...path: readonly string[]): string => readFileSync(join(...path), "utf8");
const lines = (...path: readonly string[]): readonly string[] =>
  text(...path)
    .trim()
    .split("\n");

interface NpmEntry {
  readonly version?: string;
  readonly name?: string;
  readonly integrity?: string;
}

interface Npm {
  readonly packages: Readonly<Record<string, NpmEntry>>;
}

/** The packages of a lockfile by its install positions, and the edges that edges.json states by Node's resolution of them. */
export function npm(shared: string): Truth {
  const { root, dependsOn } = JSON.parse(text(shared, "edges.json")) as {
    readonly root: string;
    readonly dependsOn: Readonly<Record<string, readonly string[]>>;
  };
  return {
    type: "npm",
    packages: new Set(installPositions(shared).map(({ name }) => name)),
    root,
    edges: new Set(Object.entries(dependsOn).flatMap(([from, all]) => all.map((to) => `${from} > ${to}`))),
  };
}

function installPositions(folder: string): readonly (NpmEntry & { readonly name: string; readonly path: string })[] {
  const { packages } = JSON.parse(text(folder, "package-lock.json")) as Npm;
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, entry]) => ({
      ...entry,
      path,
      name: `${entry.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${entry.version}`,
    }));
}

/** As of `npm`, with the licences that the installed manifests name and the digests of the lockfile. */
export function nodeModules(shared: string, folder: string): Truth {
  const positions = installPositions(folder);
  const licensed = positions.filter(({ path }) => {
    const manifest = join(folder, path, "package.json");
    return existsSync(manifest) && /"licen[cs]es?"\s*:/.test(readFileSync(manifest, "utf8"));
  });
  return {
    ...npm(shared),
    licensed: new Set(licensed.map(({ name }) => name)),
    hashed: new Set(positions.filter(({ integrity }) => integrity !== undefined).map(({ name }) => name)),
  };
}

/** What pip's own `packaging` says of the requirements of each installed distribution, extras that are asked for included. */
const PYTHON_EDGES = `
from importlib.metadata import distributions
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name as plain
here = {plain(d.metadata["Name"]): d for d in distributions()}
todo, seen = [(name, "") for name in here], set()
while todo:
    name, extra = one = todo.pop()
    if one in seen:
        continue
    seen.add(one)
    for line in here[name].requires or []:
        need = Requirement(line)
        target = plain(need.name)
        if target in here and (need.marker is None or need.marker.evaluate({"extra": extra})):
            print(f"{name}@{here[name].version} > {target}@{here[target].version}")
            todo += [(target, wanted) for wanted in need.extras]
`;

/** Exact pins, the edges by PYTHON_EDGES in the environment that was made of them, and what the vendor.txt files in it pin. */
export function python(shared: string, environment: string): Truth {
  const run = spawnSync(join(environment, "bin/python"), ["-c", PYTHON_EDGES], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`the Python environment does not tell its requirements\n${run.stderr}`);
  const vendored = globSync(join(environment, "lib/python*/site-packages/*/_vendor/vendor.txt")).flatMap((file) =>
    [...text(file).matchAll(/^\s*([\w.-]+)==([\w.]+)/gm)].map(([, name = "", version = ""]) =>
      key("pypi", name, version),
    ),
  );
  const pins = lines(shared, "requirements.txt").map((line) => line.split("==") as [string, string]);
  return {
    type: "pypi",
    packages: new Set(pins.map(([name, version]) => key("pypi", name, version))),
    edges: new Set(run.stdout.trim().split("\n")),
    vendored: new Set(vendored),
  };
}

/** The required modules of a go.mod; which of them needs which is in the modules' own go.mod files. */
export function goMod(shared: string): Truth {
  const required = text(shared, "go.mod").matchAll(
    /^\s*(?:require )?([^\s()/]+\.[^\s()]+) (v\S+)(?: \/\/ indirect)?$/gm,
  );
  const module = /^module (\S+)$/m.exec(text(shared, "go.mod"))?.[1] ?? "";
  return {
    type: "golang",
    packages: new Set([...required].map(([, name = "", version = ""]) => key("golang", name, version))),
    root: `${module}@`,
  };
}

/** The modules that `go version -m` tells of the binary, the main one included. */
export function goBinary(shared: string): Truth {
  const modules = lines(shared, "binary-modules.txt").map((line) => line.split("\t") as [string, string]);
  return {
    type: "golang",
    packages: new Set(modules.map(([name, version]) => key("golang", name, version))),
  };
}

/** The packages of a Cargo.lock; a dependency names its version where the lock has several of the name. */
export function cargo(shared: string): Truth {
  const packages = text(shared, "Cargo.lock")
    .split("[[package]]\n")
    .slice(1)
    .map((block) => ({
      name: /^name = "(.*)"$/m.exec(block)?.[1] ?? "",
      version: /^version = "(.*)"$/m.exec(block)?.[1] ?? "",
      isRoot: !/^source = /m.test(block),
      needs: [...(/^dependencies = \[\n([^\]]*)\]/m.exec(block)?.[1] ?? "").matchAll(/"([^"]*)"/g)].map(
        ([, need = ""]) => need,
      ),
    }));
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  const named = (need: string): string => {
    const [name = "", version = versions.get(name)] = need.split(" ");
    return `${name}@${version}`;
  };
  return {
    type: "cargo",
    packages: new Set(packages.map(({ name, version }) => `${name}@${version}`)),
    root: packages.filter(({ isRoot }) => isRoot).map(({ name, version }) => `${name}@${version}`)[0] ?? "",
    edges: new Set(
      packages.flatMap(({ name, version, needs }) => needs.map((need) => `${name}@${version} > ${named(need)}`)),
    ),
  };
}

/** What `mvn dependency:list` says, group:artifact:type:[classifier:]version:scope, and the edges of Maven's own verbose tree. */
export function maven(shared: string, tree: string): Truth {
  const versions = new Map(
    lines(shared, "dependency-list.txt").map((line) => {
      const parts = line.trim().split(":");
      return [`${parts[0]}:${parts[1]}`, parts.at(-2) ?? ""];
    }),
  );
  const [root = "", ...nodes] = lines(tree);
  const project = root.split(":");
  const above = [`${project[0]}:${project[1]}@${project[3]}`];
  const edges = nodes.map((line) => {
    // Three characters a level; a node in parentheses is left out here, for it or another version of it stands elsewhere.
    const [, indent = "", name = ""] = /^([|+\\\- ]*)\(?([^:]+:[^:]+):/.exec(line) ?? [];
    const depth = indent.length / 3;
    above[depth] = `${name}@${versions.get(name)}`;
    return `${above[depth - 1]} > ${above[depth]}`;
  });
  return {
    type: "maven",
    packages: new Set([...versions].map(([name, version]) => `${name}@${version}`)),
    root: above[0] ?? "",
    edges: new Set(edges),
  };
}

/** The installed packages as dpkg-query tells them. */
export function debian(folder: string): Truth {
  const installed = lines(folder, "packages.txt").map((line) => line.split("\t") as [string, string]);
  return {
    type: "deb",
    packages: new Set(installed.map(([name, version]) => key("deb", name, version))),
  };
}
