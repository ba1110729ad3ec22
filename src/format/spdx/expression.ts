/** Longer texts, and deeper ones, are no expression that anybody wrote; they stay as they are. */
const MAX_LENGTH = 65_536;
const MAX_DEPTH = 64;
const OPERAND =
  /^(?:(?:DocumentRef-[A-Za-z0-9.-]+:)?(?:LicenseRef|AdditionRef)-[A-Za-z0-9.-]+|[A-Za-z0-9][A-Za-z0-9.-]*\+?)$/;

type Expression =
  | { readonly kind: "licence"; readonly text: string }
  | { readonly kind: "AND" | "OR"; readonly members: readonly Expression[] };

/**
 * The canonical text of a licence expression (SPDX 2.3, annex D): operators in capitals, no superfluous parentheses, the
 * members of AND and of OR sorted and each once, because RDF has them as sets without order. Undefined where the text is no
 * expression. Syntax only: whether an identifier is on the licence list is not asked. `NONE` and `NOASSERTION` are operands.
 */
export function parseExpression(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;

  function either(depth: number): Expression | undefined {
    return chain("OR", () => chain("AND", () => operand(depth)));
  }

  function chain(kind: "AND" | "OR", read: () => Expression | undefined): Expression | undefined {
    const members: Expression[] = [];
    for (;;) {
      const member = read();
      if (member === undefined) return undefined;
      members.push(member);
      if (tokens[at]?.toUpperCase() !== kind) break;
      at += 1;
    }
    const [only] = members;
    return members.length === 1 ? only : { kind, members };
  }

  function operand(depth: number): Expression | undefined {
    const token = tokens[at] ?? "";
    at += 1;
    if (token === "(") {
      const inner = depth >= MAX_DEPTH ? undefined : either(depth + 1);
      at += 1;
      return tokens[at - 1] === ")" ? inner : undefined;
    }
    if (!OPERAND.test(token) || /^(?:and|or|with)$/i.test(token)) return undefined;
    if (tokens[at]?.toUpperCase() !== "WITH") return { kind: "licence", text: token };
    const exception = tokens[at + 1] ?? "";
    at += 2;
    return OPERAND.test(exception) ? { kind: "licence", text: `${token} WITH ${exception}` } : undefined;
  }

  const whole = either(0);
  return whole === undefined || at !== tokens.length ? undefined : print(whole);
}

/** As `parseExpression`, but a text that is no expression comes back as it is, without blanks around. */
export function canonicalExpression(text: string): string {
  return parseExpression(text) ?? text.trim();
}

/** Joins members by AND or OR; canonical again. */
export function joinExpressions(kind: "AND" | "OR", members: readonly string[]): string {
  return canonicalExpression(
    members.map((member) => (member.includes(" ") ? `(${member})` : member)).join(` ${kind} `),
  );
}

/** Members as texts, flattened (`a AND (b AND c)` has three), sorted, each once; one that is left alone is no set. */
interface Printed {
  readonly kind: Expression["kind"];
  readonly texts: readonly string[];
}

function print(expression: Expression): string {
  return joined(normal(expression));
}

function normal(expression: Expression): Printed {
  if (expression.kind === "licence") return { kind: "licence", texts: [expression.text] };
  const { kind } = expression;
  const texts = new Set<string>();
  let last: Printed | undefined;
  for (const member of expression.members) {
    last = normal(member);
    if (last.kind === kind) for (const text of last.texts) texts.add(text);
    else texts.add(last.kind === "OR" ? `(${joined(last)})` : joined(last));
  }
  if (texts.size === 1 && last !== undefined) return last;
  return { kind, texts: [...texts].sort() };
}

function joined({ kind, texts }: Printed): string {
  return texts.join(` ${kind} `);
}
