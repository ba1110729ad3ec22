import { Fault } from "../../model/fault.ts";
import { cleanText } from "../../artifact/clean-text.ts";

/** A logical line of a requirements file: continued lines joined, comments cut off. */
export interface RequirementLine {
  /** 1-based line where it begins. */
  readonly line: number;
  /** 1-based line where it ends. */
  readonly last: number;
  readonly text: string;
}

/** A comment of a line of its own, or behind a requirement. */
export interface Comment {
  readonly line: number;
  readonly text: string;
}

const BOMS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe, 0x00, 0x00], "utf-32"],
  [[0x00, 0x00, 0xfe, 0xff], "utf-32"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
const CODING = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

/** As pip decodes (its `auto_decode`): by a byte order mark, else by a coding comment (PEP 263), else UTF-8. */
export function decodeRequirements(bytes: Uint8Array, file: string): string {
  const marked = BOMS.find(([bom]) => bom.every((byte, index) => bytes[index] === byte));
  const head = marked === undefined ? Buffer.from(bytes.subarray(0, 400)).toString("latin1").split("\n", 2) : [];
  const named = head.map((line) => CODING.exec(line)?.[1]).find((name) => name !== undefined);
  const encoding = webName(marked?.[1] ?? named ?? "utf-8");
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Fault({
      code: "WB-LOCKFILE-SYNTAX",
      kind: "input",
      what: "the requirements file is not text in its encoding",
      where: cleanText(file, 300),
      expected: cleanText(encoding, 40),
      fix: "save it as UTF-8",
    });
  }
}

/** Python's names of encodings that the Encoding standard spells otherwise. */
function webName(encoding: string): string {
  const plain = encoding.toLowerCase().replaceAll("_", "-");
  if (/^(?:latin-?1|l1|iso8859-1)$/.test(plain)) return "latin1";
  return plain.replace(/^cp(125\d)$/, "windows-$1");
}

const isComment = (line: string): boolean => /^\s*#/.test(line);

/** Where a comment begins: at `#` at the start or behind white space; -1 where there is none. */
export function commentAt(text: string): number {
  for (let at = text.indexOf("#"); at >= 0; at = text.indexOf("#", at + 1)) {
    if (at === 0 || /\s/.test(text.charAt(at - 1))) return at;
  }
  return -1;
}

/** Logical lines and comments, as pip takes a file apart (pip documentation, "Requirements File Format"). */
export function splitRequirements(text: string): {
  readonly lines: readonly RequirementLine[];
  readonly comments: readonly Comment[];
} {
  const lines: RequirementLine[] = [];
  const comments: Comment[] = [];
  let pieces: string[] = [];
  let start = 0;
  const physical = text.split(/\r\n|\r|\n/);
  for (const [index, raw] of physical.entries()) {
    if (pieces.length === 0) start = index + 1;
    // A comment ends what was continued before it, and is never continued itself.
    const continues = raw.endsWith("\\") && !isComment(raw) && index + 1 < physical.length;
    const at = continues ? -1 : commentAt(raw);
    if (at >= 0) comments.push({ line: index + 1, text: raw.slice(at + 1).trim() });
    pieces.push(continues ? raw.slice(0, -1) : at >= 0 ? raw.slice(0, at) : raw);
    if (continues) continue;
    const whole = pieces.join("").trim();
    if (whole !== "") lines.push({ line: start, last: index + 1, text: whole });
    pieces = [];
  }
  return { lines, comments };
}

/** What a logical line asks for. */
export type Asked =
  | { readonly kind: "requirement"; readonly text: string; readonly hashes: readonly string[] }
  | { readonly kind: "editable"; readonly text: string }
  | { readonly kind: "include"; readonly path: string }
  | { readonly kind: "constraint"; readonly path: string }
  | { readonly kind: "option"; readonly text: string };

const PER_LINE = /\s--?(?:hash|global-option|config-settings?|install-option|C)\b/;

/** Reads a logical line: an option of the whole file, or a requirement with options of its own. */
export function readLine(text: string): Asked {
  const include = option(text, "-r", "--requirement");
  if (include !== undefined) return { kind: "include", path: include };
  const constraint = option(text, "-c", "--constraint");
  if (constraint !== undefined) return { kind: "constraint", path: constraint };
  const editable = option(text, "-e", "--editable");
  if (editable !== undefined) return { kind: "editable", text: editable };
  if (text.startsWith("-")) return { kind: "option", text };
  const options = PER_LINE.exec(text)?.index ?? text.length;
  const hashes = [...text.slice(options).matchAll(/--hash[=\s]\s*([a-z0-9]+:[0-9a-fA-F]+)/g)].map(
    ([, hash]) => hash ?? "",
  );
  return { kind: "requirement", text: text.slice(0, options).trim(), hashes };
}

function option(text: string, short: string, long: string): string | undefined {
  const rest =
    text.startsWith(long) && /^[=\s]/.test(text.slice(long.length, long.length + 1))
      ? text.slice(long.length + 1)
      : text.startsWith(short) && !text.startsWith("--")
        ? text.slice(short.length)
        : undefined;
  const value = rest?.trim().replace(/^=\s*/, "");
  return value === undefined || value === "" ? undefined : unquoted(value);
}

const unquoted = (value: string): string => /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;
