import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { writeAtomic } from "../artifact/write.ts";
import { openPapers } from "../evidence/papers.ts";
import { parseBundle, printBundle } from "../format/bundle.ts";
import { parseStatement } from "../format/intoto.ts";
import { printTable } from "../format/report/table.ts";
import type { Paper } from "../model/bundle.ts";
import { Fault } from "../model/fault.ts";
import { PREDICATE_TYPES } from "../model/statement.ts";
import { readInput } from "../station/inputs.ts";
import { type Call, type Command, formatOf } from "./shell/command.ts";
import { give, giveJson } from "./shell/result.ts";

/** The short name of a predicate type for file names and lists, else its last path parts. */
function shortType(predicateType: string): string {
  const known = Object.entries(PREDICATE_TYPES).find(([, uri]) => uri === predicateType);
  return (
    known?.[0] ??
    predicateType
      .replace(/^https?:\/\/[^/]*\//u, "")
      .replaceAll(/[^A-Za-z0-9.]+/gu, "-")
      .slice(0, 60)
  );
}

/** What a paper claims to be. One that is no statement is listed and exported all the same: anybody can add one. */
function claimOf(paper: Paper, file: string): { readonly predicateType: string; readonly subject: string } {
  try {
    const { predicateType, subject } = parseStatement(
      Buffer.from(paper.bundle.dsseEnvelope.payload, "base64"),
      `${file}:${paper.line}`,
    );
    return { predicateType, subject: subject[0]?.name ?? "" };
  } catch (error) {
    if (error instanceof Fault) return { predicateType: "unreadable", subject: "" };
    throw error;
  }
}

function read(file: string): readonly Paper[] {
  const papers = openPapers(`${file}.waybill.jsonl`).read();
  if (papers.length > 0) return papers;
  throw new Fault({
    code: "WB-PAPERS-MISSING",
    kind: "refused",
    what: "the file has no papers",
    where: `${file}.waybill.jsonl`,
    fix: "papers travel beside the file as FILE.waybill.jsonl",
  });
}

function list(call: Call, file: string): void {
  const rows = read(file).map((paper) => {
    const { predicateType, subject } = claimOf(paper, file);
    return {
      line: paper.line,
      type: shortType(predicateType),
      predicateType,
      subject,
      signer: paper.bundle.verificationMaterial.publicKey.hint,
      digest: paper.digest,
    };
  });
  if (formatOf(call, ["table", "json"]) === "json")
    giveJson(call, { schema: "waybill.papers/1", file: basename(file), papers: rows });
  else
    give(
      call,
      printTable(
        ["line", "type", "about", "sha256"],
        rows.map((row) => [String(row.line), row.type, row.subject, row.digest]),
        call.terminal.columns,
      ),
    );
}

function exportAll(call: Call, file: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const paper of read(file)) {
    const name = `${basename(file)}.${String(paper.line).padStart(2, "0")}-${shortType(claimOf(paper, file).predicateType)}.sigstore.json`;
    writeAtomic(join(folder, name), Buffer.from(`${printBundle(paper.bundle)}\n`));
    call.terminal.result(join(folder, name));
  }
}

export const papers: Command = {
  name: "papers",
  summary: "Lists, exports and adds the papers of a file. Lists what they claim: `receive` and `verify` judge it.",
  usage: ["waybill papers list FILE", "waybill papers export FILE --to FOLDER", "waybill papers add FILE BUNDLE…"],
  network: "never",
  options: {
    to: { value: "FOLDER", does: "where export writes one Sigstore bundle a file, for cosign and other tools" },
  },
  examples: [
    ["waybill papers list app-1.0.0.tgz", "a line for each paper"],
    ["waybill papers export app-1.0.0.tgz --to bundles", "for cosign verify-blob-attestation --bundle"],
  ],
  async run(call) {
    const [verb, file, ...bundles] = call.words;
    if (file === undefined)
      throw new Fault({ code: "WB-USAGE-WORD", kind: "input", what: "which file?", fix: "waybill papers --help" });
    if (verb === "list") list(call, file);
    else if (verb === "export") exportAll(call, file, call.flag("to") ?? ".");
    else if (verb === "add") {
      const parsed = bundles.map((path) => parseBundle(readInput(path, "bundle"), path));
      openPapers(`${file}.waybill.jsonl`).put(parsed);
      call.terminal.message(`${parsed.length} added to ${file}.waybill.jsonl`);
    } else {
      throw new Fault({
        code: "WB-USAGE-WORD",
        kind: "input",
        what: "what to do with the papers?",
        expected: "list, export or add",
        found: verb ?? "nothing",
      });
    }
    return 0;
  },
};
