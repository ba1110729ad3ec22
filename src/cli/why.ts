import { cleanText } from "../artifact/clean-text.ts";
import { Fault } from "../model/fault.ts";
import { story } from "../station/install/story.ts";
import { readInputs } from "../station/inputs.ts";
import { type Command, formatOf, oneWord } from "./shell/command.ts";
import { INPUT_OPTIONS, inputPlaces, judgedAt } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";

const QUESTIONS = {
  built: "built how",
  contents: "what is in it",
  known: "what was known",
  rebuilt: "rebuilt",
  judged: "judged",
  papers: "papers",
  other: "also said",
} as const;

export const why: Command = {
  name: "why",
  summary: "Tells the story of a file from its papers: where from, built how, from what, who vouched.",
  usage: ["waybill why FILE [--trust FILE]"],
  network: "never",
  options: { trust: INPUT_OPTIONS["trust"] as (typeof INPUT_OPTIONS)[string] },
  examples: [["waybill why app-1.0.0.tgz --trust app-1.0.0.pub", "each claim, and whether it is verified"]],
  async run(call) {
    const file = oneWord(call, "file");
    const inputs = await readInputs({
      ...inputPlaces(call),
      policy: undefined,
      index: undefined,
      vex: [],
      overrules: undefined,
    });
    inputs.index?.close();
    const told = await story(file, inputs.trust, judgedAt(call));
    if (told.chapters.length === 0) {
      throw new Fault({
        code: "WB-PAPERS-MISSING",
        kind: "refused",
        what: "nothing is known of this file: it has no papers",
        where: `${file}.waybill.jsonl`,
      });
    }
    const digest = told.artifact.digests.sha256 ?? "";
    if (formatOf(call, ["text", "json"]) === "json") {
      giveJson(call, {
        schema: "waybill.why/1",
        subject: { name: told.artifact.name, digest, purl: told.stated ?? null },
        chapters: told.chapters.map((chapter) => ({ ...chapter })),
      });
      return 0;
    }
    const mark = {
      verified: ["good", "verified"],
      refused: ["bad", "refused"],
      unchecked: ["warn", "unchecked"],
    } as const;
    const lines = told.chapters.map(({ question, says, outcome, by }) => {
      const [role, word] = mark[outcome];
      return `  ${QUESTIONS[question].padEnd(15)} ${call.terminal.color(role, word.padEnd(9))} ${says}\n${" ".repeat(28)}${call.terminal.color("dim", by)}`;
    });
    give(
      call,
      [
        `${cleanText(told.artifact.name)} sha256:${digest}${told.stated === undefined ? "" : `\n  ${"says it is".padEnd(15)} ${cleanText(told.stated, 400)}`}`,
        ...lines,
      ].join("\n"),
    );
    return 0;
  },
};
