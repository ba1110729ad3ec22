import { cleanText } from "../../artifact/clean-text.ts";
import { characters, displayWidth } from "./width.ts";

const GAP = "  ";
/** A column is never made narrower than this for the sake of the width. */
const NARROWEST = 8;
/** A cell is never longer, in UTF-16 units. */
const LONGEST_CELL = 400;
/** Where a long word may break: after what joins the parts of names, package URLs and paths. */
const JOINT = /[/@:._,+-]/;

/**
 * An aligned table for a terminal of `width` columns: heads, a rule, rows. Columns keep their natural width where all fit;
 * else the widest give way and their cells break into several lines. Where even that does not fit, each row becomes a block
 * of `head: cell` lines. Cells are cleaned of control characters; columns of whole numbers align right. No colour, no line
 * feed at the end.
 */
export function printTable(columns: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const cells = rows.map((row) => columns.map((_, i) => cleanText(row[i] ?? "", LONGEST_CELL)));
  const natural = columns.map((head, i) =>
    cells.reduce((most, row) => Math.max(most, displayWidth(row[i] as string)), displayWidth(head)),
  );
  const widths = fit(natural, width - GAP.length * (columns.length - 1));
  if (widths === undefined) return blocks(columns, cells);
  const right = columns.map((_, i) => cells.length > 0 && cells.every((row) => /^\d[\d,]*$/.test(row[i] as string)));
  const line = (row: readonly string[]): string => lines(row, widths, right);
  return [line(columns), widths.map((each) => "─".repeat(each)).join(GAP), ...cells.map(line)].join("\n");
}

/** Widths that sum to `room` or less, taken from the widest first; undefined where there is no such. */
function fit(natural: readonly number[], room: number): readonly number[] | undefined {
  const least = natural.map((each) => Math.min(each, NARROWEST));
  if (sum(least) > room) return undefined;
  if (sum(natural) <= room) return natural;
  // The highest cap under which all fit; what the cap leaves over goes to capped columns, left to right.
  let cap = NARROWEST;
  while (sum(natural.map((each) => Math.min(each, cap + 1))) <= room) cap += 1;
  let over = room - sum(natural.map((each) => Math.min(each, cap)));
  return natural.map((each) => {
    if (each <= cap || over === 0) return Math.min(each, cap);
    over -= 1;
    return cap + 1;
  });
}

function lines(row: readonly string[], widths: readonly number[], right: readonly boolean[]): string {
  const broken = row.map((cell, i) => breakText(cell, widths[i] as number));
  const height = Math.max(1, ...broken.map((parts) => parts.length));
  const out: string[] = [];
  for (let at = 0; at < height; at += 1) {
    const parts = broken.map((each, i) => pad(each[at] ?? "", widths[i] as number, right[i] === true));
    out.push(parts.join(GAP).trimEnd());
  }
  return out.join("\n");
}

/** Breaks at blanks, else after a joint in the second half of the line, else where the line is full. */
export function breakText(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const out: string[] = [];
  let line: string[] = [];
  let used = 0;
  for (const character of characters(text)) {
    const wide = displayWidth(character);
    if (used + wide > width) {
      const keep = breakPoint(line, character);
      out.push(line.slice(0, keep).join("").trimEnd());
      line = line.slice(keep);
      used = displayWidth(line.join(""));
    }
    if (character === " " && line.length === 0) continue;
    line.push(character);
    used += wide;
  }
  if (line.length > 0) out.push(line.join("").trimEnd());
  return out;
}

function breakPoint(line: readonly string[], next: string): number {
  if (next === " ") return line.length;
  const blank = line.lastIndexOf(" ");
  if (blank > 0) return blank + 1;
  for (let i = line.length - 1; i >= line.length / 2; i -= 1) if (JOINT.test(line[i] as string)) return i + 1;
  return line.length;
}

function blocks(columns: readonly string[], cells: readonly (readonly string[])[]): string {
  const most = columns.reduce((widest, head) => Math.max(widest, displayWidth(head)), 0);
  return cells
    .map((row) => row.map((cell, i) => `${pad(`${columns[i]}:`, most + 1, false)} ${cell}`.trimEnd()).join("\n"))
    .join("\n\n");
}

function pad(text: string, width: number, right: boolean): string {
  const fill = " ".repeat(Math.max(0, width - displayWidth(text)));
  return right ? fill + text : text + fill;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
