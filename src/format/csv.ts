import { cleanText } from "../artifact/clean-text.ts";
import { Fault, type FaultCode } from "../model/fault.ts";

const MAX_FIELDS = 4_000_000;

/**
 * Reads CSV (RFC 4180, with LF as well as CRLF): rows of fields, quoted ones with `""` for a quote and line feeds inside. A blank
 * line is passed over. Takes time in proportion to the text. Throws `code` (input) with the line where a quote is not closed or
 * something follows a closed one, or for more than four million fields.
 */
export function parseCsv(text: string, where: string, code: FaultCode): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let [row, line, at, fields] = [[] as string[], 1, 0, 0];
  const refuse = (what: string): Fault =>
    new Fault({ code, kind: "input", what, where: `${cleanText(where, 300)}:${line}`, expected: "CSV (RFC 4180)" });
  const close = (): void => {
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  while (at <= text.length) {
    let field: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end === -1) throw refuse("a quoted field is not closed");
      field = text.slice(at + 1, end).replaceAll('""', '"');
      line += field.split("\n").length - 1;
      at = end + 1;
    } else {
      const end = nextEnd(text, at);
      field = text.slice(at, end);
      at = end;
    }
    row.push(field);
    if ((fields += 1) > MAX_FIELDS) throw refuse("more fields than are read");
    if (text.startsWith("\r\n", at)) at += 1;
    if (text[at] === ",") at += 1;
    else if (at >= text.length || text[at] === "\n") {
      close();
      line += 1;
      if ((at += 1) >= text.length) break;
    } else throw refuse("something follows a quoted field");
  }
  return rows;
}

function closingQuote(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', end + 2)) {
    if (text[end + 1] !== '"') return end;
  }
  return -1;
}

const ENDS = /[,\n]/g;

/** Where an unquoted field ends: before a comma, a line feed or the carriage return before one. */
function nextEnd(text: string, from: number): number {
  ENDS.lastIndex = from;
  const end = ENDS.exec(text)?.index ?? text.length;
  return text[end] === "\n" && end > from && text[end - 1] === "\r" ? end - 1 : end;
}
