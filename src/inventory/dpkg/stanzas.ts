/** One block of `Field: value` lines (deb822(5)); names in lower case. */
export interface Stanza {
  /** 1-based line of its first field. */
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
}

/** Told where a line is neither a field nor the continuation of one. */
export class StanzaError extends Error {
  readonly line: number;
  constructor(line: number, text: string) {
    super(text);
    this.line = line;
  }
}

/** The blocks of a text of fields (deb822(5)), continuation lines joined by line feeds. Throws `StanzaError`. */
export function* stanzas(text: string, wanted: ReadonlySet<string>): Iterable<Stanza> {
  let fields = new Map<string, string>();
  let first = 0;
  let line = 0;
  let last: string | undefined;
  let seen = false;
  for (let start = 0; start < text.length; line += 1) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    const at = start;
    start = end + 1;
    const unit = text.charCodeAt(at);
    if (at === end || text.slice(at, Math.min(end, at + 200)).trim() === "") {
      if (seen) yield { line: first, fields };
      fields = new Map();
      seen = false;
      last = undefined;
      continue;
    }
    if (unit === 0x20 || unit === 0x09) {
      if (!seen) throw new StanzaError(line + 1, text.slice(at, Math.min(end, at + 100)));
      if (last !== undefined) fields.set(last, `${fields.get(last) ?? ""}\n${text.slice(at + 1, end)}`);
      continue;
    }
    if (unit === 0x23) continue;
    const colon = text.indexOf(":", at);
    if (colon === -1 || colon > end) throw new StanzaError(line + 1, text.slice(at, Math.min(end, at + 100)));
    if (!seen) first = line + 1;
    seen = true;
    const name = text.slice(at, Math.min(colon, at + 100)).toLowerCase();
    last = wanted.has(name) ? name : undefined;
    if (last !== undefined) fields.set(last, text.slice(colon + 1, end).trim());
  }
  if (seen) yield { line: first, fields };
}
