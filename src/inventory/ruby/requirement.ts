const MAX_LENGTH = 100;
const CLAUSE = /^\s*(=|!=|>=|<=|>|<|~>)?\s*([0-9A-Za-z.-]+)\s*$/u;

/** Numbers and words of a version; a dash starts a pre-release (RubyGems, Gem::Version). */
function segments(version: string): readonly (number | string)[] {
  const parts =
    version
      .slice(0, MAX_LENGTH)
      .replaceAll("-", ".pre.")
      .match(/\d+|[A-Za-z]+/gu) ?? [];
  const all = parts.map((part) => (/^\d/u.test(part) ? Number(part) : part));
  while (all.length > 1 && all.at(-1) === 0) all.pop();
  return all;
}

/** Which of two gem versions comes first: negative, zero, positive. A word comes before any number (Gem::Version, `<=>`). */
export function compareGem(a: string, b: string): number {
  const [x, y] = [segments(a), segments(b)];
  for (let at = 0; at < Math.max(x.length, y.length); at += 1) {
    const [left, right] = [x[at] ?? 0, y[at] ?? 0];
    if (left === right) continue;
    if (typeof left === "string") return typeof right === "string" ? (left < right ? -1 : 1) : -1;
    return typeof right === "string" ? 1 : left - right;
  }
  return 0;
}

/** The version up to which `~> 1.2.3` goes: 1.3 (Gem::Version, `bump`). */
function bumped(version: string): string {
  const numbers = /^\d+(?:\.\d+)*/u.exec(version)?.[0].split(".").map(Number) ?? [0];
  const kept = numbers.length > 1 ? numbers.slice(0, -1) : numbers;
  return [...kept.slice(0, -1), (kept.at(-1) ?? 0) + 1].join(".");
}

/** Whether a version meets all clauses (`>= 1.0`, `~> 2.1`); one that is not understood is met by none. */
export function meetsGem(clauses: readonly string[], version: string): boolean {
  return clauses.every((clause) => {
    const [, operator = "=", asked = ""] = CLAUSE.exec(clause.slice(0, MAX_LENGTH)) ?? [];
    if (asked === "") return false;
    const order = compareGem(version, asked);
    if (operator === "=") return order === 0;
    if (operator === "!=") return order !== 0;
    if (operator === ">") return order > 0;
    if (operator === "<") return order < 0;
    if (operator === ">=") return order >= 0;
    if (operator === "<=") return order <= 0;
    return order >= 0 && compareGem(version, bumped(asked)) < 0;
  });
}
