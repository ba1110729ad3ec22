import { readEarlier, sinceEarlier } from "../advisory/since.ts";
import { cleanText } from "../artifact/clean-text.ts";
import type { Scanned } from "../format/findings/scanned.ts";
import { parseJson } from "../format/json.ts";
import { rootPlace } from "../format/shape.ts";
import { readInput } from "../station/inputs.ts";
import type { Call } from "./shell/command.ts";

const MAX_TOLD = 20;

/** `--baseline FILE`: the scans with what is new since then, or counts again; the rest is counted on stderr. */
export function sinceBaseline(call: Call, scans: readonly Scanned[]): readonly Scanned[] {
  const file = call.flag("baseline") ?? "";
  const earlier = readEarlier(parseJson(readInput(file, "earlier scan"), file), rootPlace(file));
  const since = sinceEarlier(
    earlier,
    scans.flatMap(({ matched }) => matched.findings),
  );
  const { fresh, again, known, gone } = since;
  call.terminal.message(
    `since ${cleanText(file, 200)}: ${fresh} new, ${again} counting again, ${known} known, ${gone.length} gone`,
  );
  for (const line of gone.slice(0, MAX_TOLD)) call.terminal.message(`gone: ${cleanText(line, 200)}`);
  if (gone.length > MAX_TOLD) call.terminal.message(`gone: ${gone.length - MAX_TOLD} more`);
  const told = new Set(since.told);
  return scans.map((scanned) => ({
    ...scanned,
    matched: { ...scanned.matched, findings: scanned.matched.findings.filter((finding) => told.has(finding)) },
  }));
}
