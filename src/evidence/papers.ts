import { sha256 } from "../artifact/digest.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { readRegular } from "../artifact/read-file.ts";
import { writeAtomic } from "../artifact/write.ts";
import { parseBundle, printBundle } from "../format/bundle.ts";
import type { Bundle, Paper, PaperStore } from "../model/bundle.ts";
import type { DigestHex, Known } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";

/** The content of a papers file: each paper once, at its first line; `duplicates` counts the copies that were left out. */
export interface Papers {
  readonly papers: readonly Paper[];
  readonly duplicates: number;
}

/** A store that is a file of one bundle a line. */
export interface PapersFile extends PaperStore {
  /** As `read`, telling a file that is not there from one without papers. */
  contents(): Known<Papers>;
}

/** Above this a file is not papers of one artifact any more. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_LINES = 10_000;
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A bundle as it stands in a papers file: its line without the line feed, and the SHA-256 of that. */
export function paperOf(bundle: Bundle): { readonly digest: DigestHex; readonly text: string } {
  const text = printBundle(bundle);
  return { digest: sha256(text), text };
}

/** The bytes of a papers file, undefined where there is none. */
function readPapersFile(path: string): Uint8Array | undefined {
  try {
    return readRegular(path, path, MAX_FILE_BYTES, true);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, kind, what, expected, found } = error.facts;
    if (code === "WB-SOURCE-MISSING") return undefined;
    throw new Fault({
      code: "WB-PAPERS-UNREADABLE",
      kind,
      what: `the papers cannot be read: ${what}`,
      where: cleanText(path, 300),
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
      fix: "papers are a file of at most 256 MiB that this user may read",
    });
  }
}

function lineFault(path: string, line: number, expected: string, found: string): Fault {
  return new Fault({
    code: "WB-PAPERS-LINE",
    kind: "input",
    what: "a line of the papers is no bundle, so none of them is used",
    where: `${cleanText(path, 300)}:${line}`,
    expected,
    found: cleanText(found, 200),
    fix: `look at line ${line}; get the papers again from where the artifact came from`,
  });
}

function splitLines(bytes: Uint8Array, path: string): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, at);
    const end = feed < 0 ? bytes.length : feed;
    if (lines.length >= MAX_LINES) throw lineFault(path, MAX_LINES + 1, `at most ${MAX_LINES} lines`, "more");
    lines.push(bytes.subarray(at, end));
    at = end + 1;
  }
  // One blank line at the end is what an editor leaves.
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

function parseLine(bytes: Uint8Array, path: string, line: number): Bundle {
  const place = `${cleanText(path, 300)}:${line}`;
  if (bytes.length === 0) throw lineFault(path, line, "one bundle a line", "a blank line");
  if (bytes.length > MAX_LINE_BYTES) throw lineFault(path, line, "at most 64 MiB a line", `${bytes.length} bytes`);
  if (bytes.includes(CARRIAGE_RETURN))
    throw lineFault(path, line, "lines that end in a line feed alone", "a carriage return");
  if (bytes[0] !== 0x7b)
    throw lineFault(path, line, "one bundle a line, from its first byte", "something before the `{`");
  try {
    return parseBundle(bytes, place);
  } catch (error) {
    if (!(error instanceof Fault) || error.facts.kind === "unchecked") throw error;
    const { code, what, found } = error.facts;
    throw lineFault(
      path,
      line,
      "a Sigstore bundle v0.3",
      `${code}: ${what}${found === undefined ? "" : ` (${found})`}`,
    );
  }
}

function parsePapers(bytes: Uint8Array, path: string): Papers {
  const seen = new Map<DigestHex, Paper>();
  const lines = splitLines(bytes, path);
  for (const [index, text] of lines.entries()) {
    const digest = sha256(text);
    // A copy was parsed already; it never counts twice (DESIGN, rule 10).
    if (!seen.has(digest)) seen.set(digest, { digest, line: index + 1, bundle: parseLine(text, path, index + 1) });
  }
  return { papers: [...seen.values()], duplicates: lines.length - seen.size };
}

/**
 * Opens the papers of an artifact, `FILE.waybill.jsonl`: one Sigstore bundle a line, line feeds alone, a blank last line allowed.
 * Nothing is read before it is asked for.
 *
 * `read` gives each paper once; one bad line refuses the whole file (`WB-PAPERS-LINE`, input, with `file:line`), for what was
 * meant to stand there is unknown. A sound bundle of a kind that is not read here keeps its `WB-BUNDLE-KIND` (unchecked). A file
 * that is not there gives no papers; `contents` tells the difference. `put` appends what is not there yet, atomically and leaving
 * every old byte as it is, and gives the papers put, with their lines.
 *
 * Throws also `WB-PAPERS-UNREADABLE` (input or unchecked, as `readRegular` says), and the faults of `writeAtomic`.
 */
export function openPapers(path: string): PapersFile {
  const contents = (): Known<Papers> => {
    const bytes = readPapersFile(path);
    if (bytes === undefined) return { known: false, why: "there is no papers file" };
    return { known: true, value: parsePapers(bytes, path) };
  };
  return {
    contents,
    read() {
      const found = contents();
      return found.known ? found.value.papers : [];
    },
    put: (bundles) => appendPapers(path, bundles),
  };
}

function appendPapers(path: string, bundles: readonly Bundle[]): readonly Paper[] {
  const old = readPapersFile(path) ?? new Uint8Array();
  // Parsed before it is added to: nothing is appended to a file that would be refused.
  const all = new Map(parsePapers(old, path).papers.map((paper) => [paper.digest, paper]));
  const lines = splitLines(old, path);
  let line = lines.length;
  const added: string[] = [];
  const put = bundles.map((bundle): Paper => {
    const { digest, text } = paperOf(bundle);
    const there = all.get(digest);
    if (there !== undefined) return there;
    line += 1;
    added.push(text);
    const paper = { digest, line, bundle };
    all.set(digest, paper);
    return paper;
  });
  if (added.length > 0) {
    // The old lines byte by byte; only a blank last line or a missing line feed gives way.
    const end = lines.reduce((sum, { length }) => sum + length + 1, 0);
    const kept = Buffer.alloc(end, LINE_FEED);
    kept.set(old.subarray(0, Math.min(end, old.length)));
    writeAtomic(path, Buffer.concat([kept, Buffer.from(`${added.join("\n")}\n`)]));
  }
  return put;
}
