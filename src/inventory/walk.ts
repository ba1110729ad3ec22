import type { Entry, Source } from "../model/artifact.ts";
import type { Extractor, ProgramHeaders } from "../model/extractor.ts";
import { HEAD_BYTES, isProgram, readProgram } from "./binary/program.ts";

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
    this.#programs = extractors.filter(({ claim }) => claim.programs !== undefined);
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
    if (found.length > 0 || this.#programs.length === 0) return found;
    if (alone) return this.#programs;
    const headers = looksRunnable(entry, name) ? headersOf(entry) : undefined;
    return headers === undefined ? NONE : this.#programs.filter(({ claim }) => claim.programs?.(headers) === true);
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Whether a file begins as a program does. */
export function isProgramFile(entry: Entry): boolean {
  return isProgram(entry.range(0, HEAD_BYTES));
}

function headersOf(entry: Entry): ProgramHeaders | undefined {
  const head = entry.range(0, HEAD_BYTES);
  return isProgram(head) ? readProgram(entry, head) : undefined;
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
  return (entry.mode & 0o111) !== 0 || /\.(?:exe|dll|so(?:\.[\d.]+)?|dylib|ko)$/iu.test(name);
}

/** What there is to read in a source. */
export interface Units {
  readonly units: readonly Unit[];
  /** The folder of the source's own project: "", or the one folder that holds all of an archive, as releases are packed. */
  readonly top: string;
}

/** The one folder that all entries met so far lie in; "" where there is none. */
class Top {
  folder: string | undefined;

  meet(path: string, isFolder: boolean): void {
    if (this.folder === "") return;
    const slash = path.indexOf("/");
    const first = slash < 0 ? (isFolder ? path : "") : path.slice(0, slash);
    // What is entered lies beside its archive.
    if (this.folder === undefined) this.folder = first.endsWith("!") ? "" : first;
    else if (this.folder !== first) this.folder = "";
  }
}

/**
 * What there is to read in a source, in the order of its paths. `alone`: the source is one file that the user named. Of an archive that
 * is a package of its own, such as a jar, the file itself is read by whom it is for, and no part of it a second time.
 */
export function findUnits(source: Source, extractors: readonly Extractor[], alone = false): Units {
  const claims = new Claims(extractors);
  const pruning = extractors.filter(({ prunes }) => prunes !== undefined);
  const skip = (directory: string): boolean =>
    NEVER.has(baseName(directory)) || pruning.some((extractor) => extractor.prunes?.(directory) === true);
  const units: { extractor: Extractor; path: string; entries: Entry[] }[] = [];
  const groups = new Map<string, Entry[]>();
  const environments: string[] = [];
  const top = new Top();
  const { self } = source;
  const whole = self === undefined ? NONE : claims.of(self, self.path, false);
  if (self !== undefined) for (const extractor of whole) units.push({ extractor, path: self.path, entries: [self] });
  for (const entry of source.entries(skip)) {
    top.meet(entry.path, entry.kind === "directory");
    if (entry.kind !== "file") continue;
    const name = baseName(entry.path);
    if (name === ENVIRONMENT) environments.push(entry.path.slice(0, -ENVIRONMENT.length));
    for (const extractor of claims.of(entry, name, alone)) {
      if (whole.includes(extractor)) continue;
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
  return {
    units: environments.length === 0 ? units : units.filter((unit) => !isData(unit)),
    top: source.artifact.kind === "archive" && whole.length === 0 ? (top.folder ?? "") : "",
  };
}
