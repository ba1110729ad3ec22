import { cleanText } from "../../artifact/clean-text.ts";
import { type DocumentKind, manifestKind, syntaxFault } from "../document.ts";
import { isVersion } from "./version.ts";

export const GO_MOD: DocumentKind = manifestKind("go.mod");

export interface Requirement {
  readonly path: string;
  readonly version: string;
  /** Marked `// indirect`: no package of the main module imports it. */
  readonly indirect: boolean;
  readonly line: number;
}

export interface Replacement {
  readonly path: string;
  /** Absent: every version. */
  readonly version?: string;
  readonly to: string;
  /** Absent: `to` is a folder. */
  readonly toVersion?: string;
  readonly line: number;
}

/** What is read of `go.mod` and `go.work` (Go Modules Reference, "go.mod files", "Workspaces"). */
export interface Directives {
  module?: string;
  go?: { readonly version: string; readonly line: number };
  toolchain?: { readonly version: string; readonly line: number };
  readonly requires: Requirement[];
  readonly replaces: Replacement[];
  readonly excludes: { readonly path: string; readonly version: string }[];
  /** Packages that `go tool` runs. */
  readonly tools: string[];
  /** Folders of a workspace. */
  readonly uses: { readonly folder: string; readonly line: number }[];
}

interface Line {
  readonly words: readonly string[];
  readonly comment: string;
  readonly number: number;
}

/** Reads the directives of a file. Throws `WB-MANIFEST-SYNTAX` with the line. Directives of later versions of Go are passed over. */
export function parseDirectives(text: string, file: string, kind: DocumentKind): Directives {
  const found: Directives = { requires: [], replaces: [], excludes: [], tools: [], uses: [] };
  let block: string | undefined;
  let number = 0;
  for (const written of text.split("\n")) {
    number += 1;
    const wrong = (expected: string): Error => syntaxFault(kind, file, number, `expected is ${expected}`);
    const { words, comment } = wordsOf(written, wrong);
    if (words.length === 0) continue;
    if (block === undefined && words.length === 2 && words[1] === "(") {
      block = words[0];
      continue;
    }
    if (block !== undefined && words.length === 1 && words[0] === ")") {
      block = undefined;
      continue;
    }
    const verb = block ?? words[0] ?? "";
    readDirective(found, verb, { words: block === undefined ? words.slice(1) : words, comment, number }, wrong);
  }
  if (block !== undefined) throw syntaxFault(kind, file, number, `the block ${cleanText(block, 40)} is not closed`);
  return found;
}

function readDirective(found: Directives, verb: string, line: Line, wrong: (expected: string) => Error): void {
  const { words, number } = line;
  const [first, second] = words;
  switch (verb) {
    case "module":
      if (first === undefined || words.length > 1) throw wrong("module PATH");
      found.module = first;
      return;
    case "go":
      if (first === undefined || !/^\d/.test(first)) throw wrong("go VERSION");
      found.go = { version: first, line: number };
      return;
    case "toolchain":
      if (first === undefined) throw wrong("toolchain NAME");
      found.toolchain = { version: first, line: number };
      return;
    case "require":
      if (first === undefined || second === undefined || words.length > 2) throw wrong("require PATH VERSION");
      found.requires.push({ path: first, version: second, indirect: isIndirect(line.comment), line: number });
      return;
    case "exclude":
      if (first === undefined || second === undefined) throw wrong("exclude PATH VERSION");
      found.excludes.push({ path: first, version: second });
      return;
    case "tool":
      if (first === undefined) throw wrong("tool PACKAGE");
      found.tools.push(first);
      return;
    case "use":
      if (first === undefined) throw wrong("use FOLDER");
      found.uses.push({ folder: first, line: number });
      return;
    case "replace":
      found.replaces.push(replacement(words, number, wrong));
      return;
    // `retract`, `godebug`, `ignore` say nothing of what is in it.
    default:
      if (!/^[a-z]{2,32}$/.test(verb)) throw wrong("a directive, such as require");
  }
}

function replacement(words: readonly string[], line: number, wrong: (expected: string) => Error): Replacement {
  const arrow = words.indexOf("=>");
  const [path, version] = words.slice(0, arrow);
  const [to, toVersion] = words.slice(arrow + 1);
  if (arrow < 1 || arrow > 2 || path === undefined || to === undefined || words.length > arrow + 3) {
    throw wrong("replace PATH [VERSION] => PATH [VERSION]");
  }
  // Only a folder, which is written with a leading `./`, `../` or `/`, goes without a version.
  if (toVersion === undefined && !/^(?:\.{1,2}(?:\/|\\|$)|\/|[A-Za-z]:[\\/])/.test(to))
    throw wrong("a version behind =>");
  if (toVersion !== undefined && !isVersion(toVersion) && toVersion.startsWith("v")) throw wrong("a version behind =>");
  return {
    path,
    ...(version !== undefined && { version }),
    to,
    ...(toVersion !== undefined && { toVersion }),
    line,
  };
}

function isIndirect(comment: string): boolean {
  return /^\s*indirect\s*(?:;|$)/.test(comment);
}

const WORD = /[^ \t\r"`]+/y;

/** The words of a line, quoted ones without quotes, and its comment. */
function wordsOf(line: string, wrong: (expected: string) => Error): Pick<Line, "words" | "comment"> {
  const words: string[] = [];
  for (let at = 0; at < line.length;) {
    const character = line[at] ?? "";
    if (character === " " || character === "\t" || character === "\r") at += 1;
    else if (line.startsWith("//", at)) return { words, comment: line.slice(at + 2) };
    else if (character === '"' || character === "`") {
      const end = line.indexOf(character, at + 1);
      if (end < 0) throw wrong("a closing quote");
      words.push(line.slice(at + 1, end));
      at = end + 1;
    } else {
      WORD.lastIndex = at;
      const [run = ""] = WORD.exec(line) ?? [];
      const comment = run.indexOf("//");
      const word = comment < 0 ? run : run.slice(0, comment);
      words.push(...bracketed(word));
      at += word.length;
    }
  }
  return { words, comment: "" };
}

/** `require(` and `(` may stand without a blank. */
function bracketed(word: string): string[] {
  return word.length > 1 && word.endsWith("(") ? [word.slice(0, -1), "("] : [word];
}
