import { normaliseName } from "./names.ts";
import type { Comment, RequirementLine } from "./requirement-lines.ts";

/**
 * Who needs each line's package, by the comments that pip-compile and uv write: `# via NAME`, or `# via` and one name a line, behind the
 * requirement or below it. An input file or a project (`-r requirements.in`, `name (pyproject.toml)`) is the empty text. Undefined where
 * the file has no such comments; for a line without one, undefined too.
 */
export function needersOf(
  lines: readonly RequirementLine[],
  comments: readonly Comment[],
): readonly (readonly string[] | undefined)[] | undefined {
  const found: (readonly string[] | undefined)[] = [];
  let at = 0;
  let any = false;
  for (const [index, { line }] of lines.entries()) {
    const next = lines[index + 1]?.line ?? Infinity;
    while (at < comments.length && (comments[at]?.line ?? 0) < line) at += 1;
    const own: string[] = [];
    for (; at < comments.length && (comments[at]?.line ?? 0) < next; at += 1) own.push(comments[at]?.text ?? "");
    const needers = viaOf(own);
    any ||= needers !== undefined;
    found.push(needers);
  }
  return any ? found : undefined;
}

function viaOf(comments: readonly string[]): readonly string[] | undefined {
  const start = comments.findIndex((text) => text === "via" || text.startsWith("via "));
  if (start < 0) return undefined;
  const first = (comments[start] ?? "").slice(3).trim();
  const names = [...first.split(","), ...comments.slice(start + 1)].map((text) => text.trim());
  return names.filter((name) => name !== "").map((name) => (/^-[rc]\s|\(|\s/.test(name) ? "" : normaliseName(name)));
}
