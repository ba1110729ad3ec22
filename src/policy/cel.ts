import type { ASTNode, ParseResult } from "@marcbachmann/cel-js";
import { cleanText } from "../artifact/clean-text.ts";
import type { Known } from "../model/digest.ts";
import type { ConfigPlace } from "../model/policy.ts";
import { policyFault } from "./values.ts";

const MAX_LENGTH = 2000;
const LIMITS = { maxAstNodes: 300, maxDepth: 40, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 };

/** Calls that are linear in their arguments. `matches` is not among them: its regular expressions can backtrack without end. */
const CALLS = ["size", "has", "int", "double", "string", "startsWith", "endsWith", "contains"];
/** Walk a list. One inside another would multiply their lengths, so it is refused. */
const MACROS = ["all", "exists", "exists_one", "filter", "map"];

/** Variables by name with their CEL type. */
export type CelVariables = Readonly<Record<string, "int" | "double" | "bool" | "string" | "dyn">>;

/** A compiled expression. A variable without a value makes it unknown only where the result rests on it. */
export interface CelExpression {
  readonly source: string;
  evaluate(values: Readonly<Record<string, unknown>>): Known<boolean>;
}

let library: typeof import("@marcbachmann/cel-js") | undefined;

/** Loads the CEL engine; `compileCel` needs it. Apart, so that a policy without expressions starts without it. */
export async function loadCel(): Promise<void> {
  library ??= await import("@marcbachmann/cel-js");
}

/**
 * Compiles an expression of the Common Expression Language (cel-spec, langdef.md) that gives a bool: at most 2,000
 * characters, 300 nodes and one level of list macros, without regular expressions, so that it always ends soon. Throws
 * `WB-POLICY-CEL` with file and line.
 */
export function compileCel(
  source: string,
  variables: CelVariables,
  constants: Readonly<Record<string, bigint>>,
  place: ConfigPlace,
): CelExpression {
  const fail = (why: string): Error =>
    policyFault("WB-POLICY-CEL", place, `the expression cannot be used: ${cleanText(why, 120)}`, {
      expected: `a CEL expression that gives true or false over ${[...Object.keys(variables), ...Object.keys(constants)].join(", ")}`,
      found: cleanText(source, 80),
    });
  if (library === undefined) throw new Error("loadCel() comes before compileCel()");
  if (source.length > MAX_LENGTH) throw fail(`it is longer than ${MAX_LENGTH} characters`);
  const environment = new library.Environment({ limits: LIMITS });
  for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type);
  for (const [name, value] of Object.entries(constants)) environment.registerConstant(name, "int", value);
  let program: ParseResult;
  try {
    program = environment.parse(source);
    judgeCalls(program.ast, false, fail);
    const checked = program.check();
    if (!checked.valid) throw fail(checked.error?.summary ?? "its types do not fit");
    if (checked.type !== "bool" && checked.type !== "dyn")
      throw fail(`it gives ${checked.type ?? "nothing"}, not a bool`);
  } catch (error) {
    if (error instanceof library.ParseError || error instanceof RangeError)
      throw fail(error.message.split("\n")[0] ?? "");
    throw error;
  }
  return { source, evaluate: (values) => run(program, values) };
}

function run(program: ParseResult, values: Readonly<Record<string, unknown>>): Known<boolean> {
  try {
    const result: unknown = program({ ...values });
    if (typeof result === "boolean") return { known: true, value: result };
    return { known: false, why: "the expression gave no bool" };
  } catch (error) {
    const text = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    return { known: false, why: cleanText(text.replace(/^Unknown variable: (\w+)$/, "there is no data for $1"), 120) };
  }
}

/** Refuses calls that are not listed and a list macro inside another. `inside`: this node is evaluated once per item. */
function judgeCalls(node: ASTNode, inside: boolean, fail: (why: string) => Error): void {
  if (node.op === "call") {
    const [name, args] = node.args;
    if (!CALLS.includes(name)) throw fail(`${name}() is not available`);
    for (const arg of args) judgeCalls(arg, inside, fail);
  } else if (node.op === "rcall") {
    const [name, receiver, args] = node.args;
    const macro = MACROS.includes(name);
    if (!macro && !CALLS.includes(name)) throw fail(`${name}() is not available`);
    if (macro && inside) throw fail(`${name}() stands inside another list macro`);
    judgeCalls(receiver, inside, fail);
    for (const arg of args) judgeCalls(arg, inside || macro, fail);
  } else {
    for (const child of childrenOf(node.args)) judgeCalls(child, inside, fail);
  }
}

function childrenOf(value: unknown): readonly ASTNode[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => childrenOf(item));
  if (typeof value === "object" && value !== null && "op" in value && "args" in value) return [value as ASTNode];
  return [];
}
