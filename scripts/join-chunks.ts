import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

/** Source files that are loaded together, and how the one file is called that holds them with all that they import. */
export interface Together {
  readonly name: string;
  readonly sources: readonly string[];
}

type Outputs = Metafile["outputs"];

/** What remains of a chunk that was joined: the exports that others ask for, and the file that holds them now. */
interface Joined {
  readonly file: string;
  readonly exports: readonly string[];
}

const CHUNKS = "dist/chunks";
const IMPORT = /^import (?:\{([^}]*)\}|[^"]*) from "([^"]*)";$/gmu;
/** Stands for the names of an import of the whole module. */
const WHOLE = "*";

/**
 * Joins chunks of a split build that one task loads together. esbuild makes a chunk for each set of entries that share code, and Node
 * takes 0.7 ms to resolve, read and link each one, which for 48 of them is more than the work on most projects. What was joined stays
 * as a file of that name which hands on its exports, so that the other chunks, and the library, find the very same modules.
 */
export async function joinChunks({ outputs }: Metafile, groups: readonly Together[]): Promise<void> {
  const importedBy = (path: string): readonly string[] =>
    (outputs[path]?.imports ?? []).filter(({ kind }) => kind === "import-statement").map(({ path: to }) => to);
  // Whoever asks for the version waits for nothing else.
  const alone = reached(["dist/cli.js"], importedBy);
  const imports = importsOf(outputs);
  const joined = new Map<string, Joined>();
  for (const { name, sources } of groups) {
    const roots = sources.map((source) => entryOf(outputs, source));
    const chunks = new Set(
      [...reached(roots, importedBy)].filter((path) => path in outputs && !alone.has(path) && !joined.has(path)),
    );
    const remains = new Map(
      [...chunks].map((path) => [path, { file: `${name}.js`, exports: askedExports(path, chunks, outputs, imports) }]),
    );
    await build({
      stdin: {
        contents: [...remains].map(([path, { exports }]) => entryLine(path, exports)).join("\n"),
        resolveDir: CHUNKS,
      },
      outfile: join(CHUNKS, `${name}.js`),
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node24",
      sourcemap: true,
      minifySyntax: true,
      legalComments: "linked",
      logOverride: { "ignored-bare-import": "silent" },
      plugins: [resolveChunks(chunks, joined), lazyBuiltins(chunks, imports)],
    });
    for (const [path, one] of remains) joined.set(path, one);
  }
  for (const [path, one] of joined) {
    writeFileSync(path, remainder(path, one));
    rmSync(`${path}.map`, { force: true });
  }
  // Fails where an import was not understood. What several entries share is shared here too, or each would be written with all of it.
  await build({
    entryPoints: Object.keys(outputs).filter(isScript),
    outdir: "none",
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    platform: "node",
    logLevel: "error",
  });
}

const isScript = (path: string): boolean => path.endsWith(".js");

function entryOf(outputs: Outputs, source: string): string {
  const [found] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source) ?? [];
  if (found === undefined) throw new Error(`${source} is no chunk of its own: nothing imports it by import()`);
  return found;
}

function reached(roots: readonly string[], next: (path: string) => readonly string[]): Set<string> {
  const found = new Set(roots);
  // A Set is walked in the order of insertion, also what is added on the way.
  for (const path of found) for (const to of next(path)) found.add(to);
  return found;
}

/** What each script imports by name, by module: read from the statements that esbuild has just written. */
type Imports = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

function importsOf(outputs: Outputs): Imports {
  return new Map(
    Object.keys(outputs)
      .filter(isScript)
      .map((path) => {
        const modules = new Map<string, Set<string>>();
        for (const [, list = WHOLE, module = ""] of readFileSync(path, "utf8").matchAll(IMPORT)) {
          const key = module.startsWith("node:") ? module : join(dirname(path), module);
          const names = modules.get(key) ?? new Set();
          for (const each of list.split(",")) names.add(each.trim().split(" ")[0] ?? "");
          modules.set(key, names);
        }
        return [path, modules];
      }),
  );
}

/** The exports of a chunk that files outside of a set ask for: the rest need not be in the joined file. */
function askedExports(path: string, inside: ReadonlySet<string>, outputs: Outputs, imports: Imports): string[] {
  const { entryPoint, exports } = outputs[path] ?? { exports: [] };
  // What import() gives is the whole.
  if (entryPoint !== undefined) return exports;
  const names = [...imports].flatMap(([by, modules]) => (inside.has(by) ? [] : [...(modules.get(path) ?? [])]));
  return exports.filter((name) => names.includes(name));
}

/** One name for an export of any chunk. */
const joinedName = (path: string, name: string): string => `${basename(path, ".js").replaceAll(/\W/gu, "_")}$${name}`;

function handOn(exports: readonly string[], from: string, named: (name: string) => string): string {
  return exports.length === 0 ? "" : `export { ${exports.map(named).join(", ")} } from "./${from}";\n`;
}

/** A line of the joined file's entry. */
const entryLine = (path: string, exports: readonly string[]): string =>
  handOn(exports, basename(path), (name) => `${name} as ${joinedName(path, name)}`);

/** What is left in the chunk's own file. */
const remainder = (path: string, { file, exports }: Joined): string =>
  handOn(exports, file, (name) => `${joinedName(path, name)} as ${name}`);

function resolveChunks(inside: ReadonlySet<string>, joined: ReadonlyMap<string, Joined>): Plugin {
  return {
    name: "chunks",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, kind }) => {
        const chunk = join(CHUNKS, path);
        if (inside.has(chunk)) return { path: resolve(chunk), sideEffects: false };
        if (kind === "import-statement" && joined.has(chunk)) return { path: chunk, namespace: "joined" };
        return { path, external: true, sideEffects: false };
      });
      onLoad({ filter: /./, namespace: "joined" }, ({ path }) => ({
        contents: remainder(path, joined.get(path) as Joined),
        resolveDir: CHUNKS,
      }));
    },
  };
}

/**
 * Node's own modules, each loaded when first used, and without `import`: that reads every export to make a namespace, and so loads what
 * is behind the lazy ones too, such as node:fs/promises and Web Crypto.
 */
function lazyBuiltins(inside: ReadonlySet<string>, imports: Imports): Plugin {
  const namesOf = (module: string): readonly string[] => [
    ...new Set([...inside].flatMap((path) => [...(imports.get(path)?.get(module) ?? [])])),
  ];
  return {
    name: "builtins",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:/ }, ({ path, kind }) =>
        kind === "import-statement" ? { path, namespace: "builtin", sideEffects: false } : { path, external: true },
      );
      onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => {
        if (namesOf(path).includes(WHOLE)) throw new Error(`import what is needed of ${path} by name`);
        return {
          contents: `let loaded;
const load = () => (loaded ??= process.getBuiltinModule(${JSON.stringify(path)}));
module.exports = {
${namesOf(path)
  .map((name) => `  get ${name}() { return load().${name}; },`)
  .join("\n")}
};`,
        };
      });
    },
  };
}
