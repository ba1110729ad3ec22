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
/** What a Python environment has beside its packages: their data, such as the pages of Jupyter with manifests of their own. */
const ENVIRONMENT = "pyvenv.cfg";
const ENVIRONMENT_DATA = ["etc/", "share/"];
/** Folders that hold installed packages: what lies in them is not the project's own. */
const INSTALLED = /(?:^|\/)(?:node_modules|site-packages|dist-packages|bower_components|vendor\/bundle|Pods)\//u;
/** The folder that holds the installed packages which a path leads through first: of `a/node_modules/b/c` it is `a`. */
export function installedIn(path: string): string | undefined {
  const at = INSTALLED.exec(path)?.index;
  return at === undefined ? undefined : path.slice(0, at);
}

const HEAD_BYTES = 4;
/** ELF; Mach-O in both orders and widths and as a fat file; PE begins with `MZ`. */
const PROGRAMS = new Set(["7f454c46", "feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe"]);
/** Files called like this are programs only rarely, and there are many of them. */
const TEXT =
  /\.(?:c|h|cc|cpp|go|rs|js|ts|mjs|cjs|jsx|tsx|json|map|md|txt|py|pyc|rb|pyi|pyx|pxd|typed|mo|po|html?|css|xml|ya?ml|toml|sh|svg|png|gif|jpe?g|woff2?|ttf|gz|xz|zip)$/iu;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** A name up to its first dot. */
const startOf = (name: string): string => name.slice(0, name.indexOf(".") + 1);

const NONE: readonly Extractor[] = [];

/** The base name of the folder that a file lies in. */
function folderName(path: string, name: string): string {
  const end = path.length - name.length - 1;
  return end <= 0 ? "" : path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

/** Extractors by what their claims can be looked up by, so that a tree of 100,000 files costs a look-up each. */
class Claims {
  readonly #names = new Map<string, Extractor[]>();
  readonly #starts = new Map<string, Extractor[]>();
  /** The first letters of these beginnings, so that most names need not be cut. */
  readonly #initials = new Set<number>();
  readonly #endings = new Map<string, (readonly [string, Extractor])[]>();
  readonly #folders = new Map<string, Extractor[]>();
  readonly #programs: readonly Extractor[];

  constructor(extractors: readonly Extractor[]) {
    for (const extractor of extractors) {
      for (const name of extractor.claim.names ?? []) push(this.#names, name, extractor);
      for (const start of extractor.claim.starts ?? []) {
        push(this.#starts, start, extractor);
        this.#initials.add(start.charCodeAt(0));
      }
      for (const folder of extractor.claim.folders ?? []) push(this.#folders, folder, extractor);
      for (const ending of extractor.claim.endings ?? []) {
        push(this.#endings, ending.slice(ending.lastIndexOf(".")), [ending, extractor]);
      }
    }
    this.#programs = extractors.filter(({ claim }) => claim.programs === true);
  }

  /** Those that read this file, in the order of the list. `alone`: the file was named by the user, so that where it lies says nothing. */
  of(entry: Entry, name: string, alone: boolean): readonly Extractor[] {
    const { path } = entry;
    const dot = name.lastIndexOf(".");
    const byName = this.#names.get(name);
    const byStart = dot < 0 || !this.#initials.has(name.charCodeAt(0)) ? undefined : this.#starts.get(startOf(name));
    const byEnding = dot < 0 ? undefined : this.#endings.get(name.slice(dot));
    const byFolder = this.#folders.size === 0 ? undefined : this.#folders.get(folderName(path, name));
    let found: readonly Extractor[] = NONE;
    // Most files are asked for by nobody: they cost three look-ups and no list.
    if (byName !== undefined || byStart !== undefined || byEnding !== undefined || byFolder !== undefined) {
      const ending = (byEnding ?? []).filter(([end]) => name.endsWith(end)).map(([, extractor]) => extractor);
      found = [...(byName ?? []), ...(byStart ?? []), ...ending, ...(byFolder ?? [])].filter(
        ({ claim, of }) => claim.where?.(path) !== false && (of === "installation" || !INSTALLED.test(path)),
      );
    }
    if (found.length > 0 || this.#programs.length === 0 || !(alone || looksRunnable(entry, name))) return found;
    return this.#programs;
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Whether a file begins as a program does. */
export function isProgram(entry: Entry): boolean {
  const head = Buffer.from(entry.range(0, HEAD_BYTES)).toString("hex");
  return PROGRAMS.has(head) || head.startsWith("4d5a");
}

/** Whether an extractor reads files of this name. */
export function isClaimedByName(path: string, extractors: readonly Extractor[]): boolean {
  const name = baseName(path);
  return extractors.some(
    ({ claim }) =>
      (claim.names?.includes(name) === true ||
        claim.starts?.includes(startOf(name)) === true ||
        claim.endings?.some((ending) => name.endsWith(ending)) === true) &&
      claim.where?.(path) !== false,
  );
}

function looksRunnable(entry: Entry, name: string): boolean {
  if (TEXT.test(name) || entry.sizeBytes < 1024) return false;
  // Windows' own have no mode; elsewhere a program can be run, or is a shared library.
  if ((entry.mode & 0o111) === 0 && !/\.(?:exe|dll|so(?:\.[\d.]+)?|dylib|ko)$/iu.test(name)) return false;
  return isProgram(entry);
}

/** What there is to read in a source, in the order of its paths. `alone`: the source is one file that the user named. */
export function findUnits(source: Source, extractors: readonly Extractor[], alone = false): readonly Unit[] {
  const claims = new Claims(extractors);
  const pruning = extractors.filter(({ prunes }) => prunes !== undefined);
  const skip = (directory: string): boolean =>
    NEVER.has(baseName(directory)) || pruning.some((extractor) => extractor.prunes?.(directory) === true);
  const units: { extractor: Extractor; path: string; entries: Entry[] }[] = [];
  const groups = new Map<string, Entry[]>();
  const environments: string[] = [];
  for (const entry of source.entries(skip)) {
    if (entry.kind !== "file") continue;
    const name = baseName(entry.path);
    if (name === ENVIRONMENT) environments.push(entry.path.slice(0, -ENVIRONMENT.length));
    for (const extractor of claims.of(entry, name, alone)) {
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
  const isData = ({ extractor, path }: Unit): boolean =>
    extractor.of === "project" &&
    environments.some((folder) => ENVIRONMENT_DATA.some((data) => path.startsWith(`${folder}${data}`)));
  return environments.length === 0 ? units : units.filter((unit) => !isData(unit));
}
