/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  /** In capitals. */
  readonly name: string;
  readonly rest: string;
  /** 1-based line on which it begins. */
  readonly line: number;
}

const MAX_INSTRUCTION = 64 * 1024;
/** Here-documents without an end, each of which costs a search to the end of the file. */
const MAX_MISSES = 16;
const HEREDOC = /<<-?(["']?)([A-Za-z_][A-Za-z0-9_]*)\1/gu;

/** The instructions of a Dockerfile (Dockerfile reference: format, escape directive, here-documents). */
export function* instructions(text: string): Iterable<Instruction> {
  const lines = text.split("\n");
  // Directives stand before all else.
  const escape = /^#\s*escape\s*=\s*`\s*$/imu.test(text.slice(0, Math.max(0, text.search(/^[^#\s]/mu)))) ? "`" : "\\";
  let misses = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const first = at;
    let joined = "";
    for (; at < lines.length; at += 1) {
      const line = (lines[at] ?? "").trimEnd();
      // Comments and empty lines inside of a continued instruction are passed over.
      if (/^\s*(?:#|$)/u.test(line)) {
        if (joined === "") break;
        continue;
      }
      const continued = line.endsWith(escape);
      if (joined.length < MAX_INSTRUCTION) joined += continued ? `${line.slice(0, -1)} ` : line;
      if (!continued) break;
    }
    const [, name, rest] = /^\s*([A-Za-z]+)\s+(.*)$/u.exec(joined) ?? [];
    if (name === undefined || rest === undefined) continue;
    const upper = name.toUpperCase();
    yield { name: upper, rest: rest.trim(), line: first + 1 };
    if (upper !== "RUN" && upper !== "COPY" && upper !== "ADD") continue;
    for (const [, , mark] of rest.matchAll(HEREDOC)) {
      if (misses >= MAX_MISSES) break;
      let end = at + 1;
      while (end < lines.length && lines[end]?.trim() !== mark) end += 1;
      if (end < lines.length) at = end;
      else misses += 1;
    }
  }
}
