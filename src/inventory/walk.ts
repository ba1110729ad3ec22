import type { Entry, Source } from "../model/artifact.ts";
import type { Extractor } from "../model/extractor.ts";

/** What one extractor is to read: one file, or the files of one group. */
export interface Unit {
  readonly extractor: Extractor;
  /** The file's path, or the group's key. */
  readonly path: string;
  readonly entries: readonly Entry[];
}

/** Version control, and what an interpreter makes anew: never part of the sources. */
const NEVER = new Set([".git", ".hg", ".svn", ".bzr", "__pycache__"]);
/** Folders that hold installed packages: what lies in them is not the project's own. */
const INSTALLED = /(?:^|\/)(?:node_modules|site-packages|dist-packages|bower_components|vendor\/bundle|Pods)\//u;
const HEAD_BYTES = 4;
/** ELF; Mach-O in both orders and widths and as a fat file; PE begins with `MZ`. */
const PROGRAMS = new Set(["7f454c46", "feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe"]);
/** Files called like this are programs only rarely, and there are many of them. */
const TEXT =
  /\.(?:c|h|cc|cpp|go|rs|js|ts|mjs|cjs|jsx|tsx|json|map|md|txt|py|pyc|rb|html?|css|xml|ya?ml|toml|sh|svg|png|gif|jpe?g|woff2?|ttf|gz|xz|zip)$/iu;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Extractors by what their claims can be looked up by, so that a tree of 100,000 files costs a look-up each. */
class Claims {
  readonly #names = new Map<string, Extractor[]>();
  readonly #endings = new Map<string, (readonly [string, Extractor])[]>();
  readonly #folders = new Map<string, Extractor[]>();
  readonly #programs: readonly Extractor[];

  constructor(extractors: readonly Extractor[]) {
    for (const extractor of extractors) {
      for (const name of extractor.claim.names ?? []) push(this.#names, name, extractor);
      for (const folder of extractor.claim.folders ?? []) push(this.#folders, folder, extractor);
      for (const ending of extractor.claim.endings ?? []) {
        push(this.#endings, ending.slice(ending.lastIndexOf(".")), [ending, extractor]);
      }
    }
    this.#programs = extractors.filter(({ claim }) => claim.programs === true);
  }

  /** Those that read this file, in the order of the list. `alone`: the file was named by the user, so that where it lies says nothing. */
  of(entry: Entry, alone: boolean): readonly Extractor[] {
    const { path } = entry;
    const name = baseName(path);
    const dot = name.lastIndexOf(".");
    const found = [
      ...(this.#names.get(name) ?? []),
      ...(this.#folders.get(baseName(path.slice(0, -name.length - 1))) ?? []),
      ...(dot < 0 ? [] : (this.#endings.get(name.slice(dot)) ?? []))
        .filter(([ending]) => name.endsWith(ending))
        .map(([, extractor]) => extractor),
    ].filter(({ claim, of }) => claim.where?.(path) !== false && (of === "installation" || !INSTALLED.test(path)));
    if (found.length > 0 || this.#programs.length === 0 || !(alone || isProgram(entry, name))) return found;
    return this.#programs;
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function isProgram(entry: Entry, name: string): boolean {
  if (TEXT.test(name) || entry.sizeBytes < 1024) return false;
  // Windows' own have no mode; elsewhere a program can be run, or is a shared library.
  if ((entry.mode & 0o111) === 0 && !/\.(?:exe|dll|so(?:\.[\d.]+)?|dylib|ko)$/iu.test(name)) return false;
  const head = Buffer.from(entry.range(0, HEAD_BYTES)).toString("hex");
  return PROGRAMS.has(head) || head.startsWith("4d5a");
}

/** What there is to read in a source, in the order of its paths. `alone`: the source is one file that the user named. */
export function findUnits(source: Source, extractors: readonly Extractor[], alone = false): readonly Unit[] {
  const claims = new Claims(extractors);
  const pruning = extractors.filter(({ prunes }) => prunes !== undefined);
  const skip = (directory: string): boolean =>
    NEVER.has(baseName(directory)) || pruning.some((extractor) => extractor.prunes?.(directory) === true);
  const units: { extractor: Extractor; path: string; entries: Entry[] }[] = [];
  const groups = new Map<string, Entry[]>();
  for (const entry of source.entries(skip)) {
    if (entry.kind !== "file") continue;
    for (const extractor of claims.of(entry, alone)) {
      if (extractor.kind === "file") {
        units.push({ extractor, path: entry.path, entries: [entry] });
        continue;
      }
      const path = extractor.groupOf(entry.path);
      const key = `${extractor.id}\0${path}`;
      const group = groups.get(key);
      if (group !== undefined) group.push(entry);
      else {
        const entries = [entry];
        groups.set(key, entries);
        units.push({ extractor, path, entries });
      }
    }
  }
  return units;
}
