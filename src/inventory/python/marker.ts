import { normaliseName } from "./names.ts";
import { type Clause, meets } from "./version.ts";

/** An environment marker as a tree (PEP 508, "Environment Markers"; PEP 751 adds `extras` and `dependency_groups`). */
export type Marker =
  | { readonly kind: "and" | "or"; readonly parts: readonly Marker[] }
  | { readonly kind: "compare"; readonly left: Operand; readonly operator: string; readonly right: Operand };

type Operand = { readonly kind: "variable" | "text"; readonly value: string };

/** What is known of where the packages run. */
export interface MarkerContext {
  /** `python_version`, `sys_platform`…: absent is unknown. */
  readonly environment: ReadonlyMap<string, string>;
  /** Extras that were asked for, normalised; "any": whichever a marker asks about. */
  readonly extras: ReadonlySet<string> | "any";
  readonly groups: ReadonlySet<string> | "any";
}

/** Nothing is known of the place, no extra and no group asked for. */
export const NO_EXTRAS: MarkerContext = { environment: new Map(), extras: new Set(), groups: new Set() };
/** As above, with every extra. */
export const ALL_EXTRAS: MarkerContext = { environment: new Map(), extras: "any", groups: new Set() };

const MAX_LENGTH = 8192;
const MAX_DEPTH = 64;
const TOKEN = /\s*(?:(\(|\))|(===|==|!=|<=|>=|~=|<|>)|"([^"]*)"|'([^']*)'|([A-Za-z_][A-Za-z0-9_.]*))/y;
/** Names of PEP 345 that old metadata still has. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ["os.name", "os_name"],
  ["sys.platform", "sys_platform"],
  ["platform.version", "platform_version"],
  ["platform.machine", "platform_machine"],
  ["platform.python_implementation", "platform_python_implementation"],
  ["python_implementation", "platform_python_implementation"],
]);
const VERSIONS = new Set(["python_version", "python_full_version", "implementation_version", "platform_release"]);

interface Token {
  readonly kind: "paren" | "operator" | "text" | "word";
  readonly value: string;
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    const [, paren, operator, double, single, word] = found;
    if (paren !== undefined) tokens.push({ kind: "paren", value: paren });
    else if (operator !== undefined) tokens.push({ kind: "operator", value: operator });
    else if (word !== undefined) tokens.push({ kind: "word", value: word });
    else tokens.push({ kind: "text", value: double ?? single ?? "" });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Marker | undefined {
    const marker = this.#either(0);
    return this.#at === this.#tokens.length ? marker : undefined;
  }

  #either(depth: number): Marker | undefined {
    return this.#joined("or", () => this.#joined("and", () => this.#single(depth)));
  }

  #joined(kind: "and" | "or", next: () => Marker | undefined): Marker | undefined {
    const parts: Marker[] = [];
    do {
      const part = next();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.#takeWord(kind));
    return parts.length === 1 ? parts[0] : { kind, parts };
  }

  #single(depth: number): Marker | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind === "paren") {
      if (token.value !== "(" || depth >= MAX_DEPTH) return undefined;
      this.#at += 1;
      const inner = this.#either(depth + 1);
      const close = this.#tokens[this.#at];
      this.#at += 1;
      return close?.kind === "paren" && close.value === ")" ? inner : undefined;
    }
    const left = this.#operand();
    const operator = this.#operator();
    const right = this.#operand();
    return left === undefined || operator === undefined || right === undefined
      ? undefined
      : { kind: "compare", left, operator, right };
  }

  #operand(): Operand | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === "text") return { kind: "text", value: token.value };
    return token?.kind === "word" ? { kind: "variable", value: OLD_NAMES.get(token.value) ?? token.value } : undefined;
  }

  #operator(): string | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === "operator") return token.value;
    if (token?.kind !== "word") return undefined;
    if (token.value === "in") return "in";
    return token.value === "not" && this.#takeWord("in") ? "not in" : undefined;
  }

  #takeWord(value: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || token.value !== value) return false;
    this.#at += 1;
    return true;
  }
}

/** Reads a marker; undefined where the text is none. */
export function parseMarker(text: string): Marker | undefined {
  const tokens = text.length > MAX_LENGTH ? undefined : tokensOf(text);
  return tokens === undefined ? undefined : new Parser(tokens).whole();
}

/** Whether a marker holds; undefined where that depends on what is not known. */
export function holds(marker: Marker, context: MarkerContext): boolean | undefined {
  if (marker.kind === "compare") return compare(marker, context);
  const deciding = marker.kind === "or";
  let open = false;
  for (const part of marker.parts) {
    const found = holds(part, context);
    if (found === deciding) return deciding;
    if (found === undefined) open = true;
  }
  return open ? undefined : !deciding;
}

/** As `holds`, for a text: no marker always holds, and what is no marker is not known. */
export function textHolds(text: string | undefined, context: MarkerContext): boolean | undefined {
  if (text === undefined || text.trim() === "") return true;
  const marker = parseMarker(text);
  return marker === undefined ? undefined : holds(marker, context);
}

function compare(
  { left, operator, right }: Extract<Marker, { kind: "compare" }>,
  { environment, extras, groups }: MarkerContext,
): boolean | undefined {
  const set = setOf(left, extras, groups) ?? setOf(right, extras, groups);
  if (set !== undefined) {
    const asked = left.kind === "text" ? left.value : right.value;
    const has = set === "any" || set.has(normaliseName(asked));
    return operator === "!=" || operator === "not in" ? (set === "any" ? true : !has) : has;
  }
  const a = valueOf(left, environment);
  const b = valueOf(right, environment);
  if (a === undefined || b === undefined) return undefined;
  if (operator === "in") return b.includes(a);
  if (operator === "not in") return !b.includes(a);
  if (VERSIONS.has(left.value))
    return meets(a, { operator: operator as Clause["operator"], version: b }) ?? texts(a, operator, b);
  if (VERSIONS.has(right.value)) return meets(b, { operator: turned(operator), version: a }) ?? texts(a, operator, b);
  return texts(a, operator, b);
}

function setOf(
  { kind, value }: Operand,
  extras: MarkerContext["extras"],
  groups: MarkerContext["groups"],
): MarkerContext["extras"] | undefined {
  if (kind !== "variable") return undefined;
  if (value === "extra" || value === "extras") return extras;
  return value === "dependency_groups" ? groups : undefined;
}

const valueOf = ({ kind, value }: Operand, environment: ReadonlyMap<string, string>): string | undefined =>
  kind === "text" ? value : environment.get(value);

/** `"3.8" <= python_version` asks the version. */
function turned(operator: string): Clause["operator"] {
  const swapped = operator.replace(/[<>]/, (sign) => (sign === "<" ? ">" : "<"));
  return swapped as Clause["operator"];
}

function texts(a: string, operator: string, b: string): boolean | undefined {
  if (operator === "==" || operator === "===") return a === b;
  if (operator === "!=") return a !== b;
  if (operator === "<=") return a <= b;
  if (operator === ">=") return a >= b;
  if (operator === "<") return a < b;
  return operator === ">" ? a > b : undefined;
}
