import { parseSsvcContext, type SsvcContext } from "../../advisory/ssvc-context.ts";
import { type Exceeded, judgeThreshold, parseThreshold, type Threshold } from "../../advisory/threshold.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { readRegular } from "../../artifact/read-file.ts";
import type { MatchResult } from "../../model/advisory.ts";
import type { Call, Option } from "./command.ts";
import { faultText } from "./fault-text.ts";

const SHOWN = 3;

/** Flags of the commands that judge findings without a policy. */
export const FAIL_ON_OPTIONS = {
  "fail-on": {
    value: "CONDITIONS",
    does: "exit 1 where a finding that no statement excuses meets one: high, kev, epss:0.1, high+fixable+without-statement …",
  },
  ssvc: {
    value: "SETTINGS",
    does: "decide by SSVC for where it runs: exposure=open,mission=mef-failure,safety=negligible or a FILE of them",
  },
} as const satisfies Readonly<Record<string, Option>>;

/** The conditions of `--fail-on`. Throws WB-USAGE-OPTION. */
export function readThreshold(call: Call): Threshold | undefined {
  const text = call.flag("fail-on");
  return text === undefined ? undefined : parseThreshold(text);
}

/**
 * The surroundings that `--ssvc` states, itself or in a file; without it nothing is stated, and CERT/CC's defaults are assumed.
 * Throws WB-SSVC-CONTEXT, and the faults of reading a file.
 */
export function readSsvcContext(call: Call): SsvcContext {
  const text = call.flag("ssvc") ?? "";
  if (/[=,]|^(?:role|exposure|mission|safety|density) *:|^SSVCv2\/|^$/.test(text))
    return parseSsvcContext(text, "--ssvc");
  return parseSsvcContext(readRegular(text, text, 1 << 16).toString("utf8"), text);
}

function tell(call: Call, { met, unchecked }: Exceeded): void {
  for (const { condition, findings } of met) {
    const names = findings
      .slice(0, SHOWN)
      .map(({ id, name, version }) => `${cleanText(id, 60)} of ${cleanText(name, 80)}@${cleanText(version, 40)}`);
    const more = findings.length > SHOWN ? [`${findings.length - SHOWN} more`] : [];
    const what = `${findings.length === 1 ? "a finding meets" : `${findings.length} findings meet`} --fail-on ${condition}: ${[...names, ...more].join(", ")}`;
    call.terminal.message(faultText({ code: "WB-SCAN-REFUSED", kind: "refused", what }));
  }
  for (const condition of unchecked) {
    const what = `--fail-on ${condition} could not be judged: the index holds no data on exploitation`;
    const fix = "waybill db update --kev FILE|URL --epss FILE|URL adds it";
    call.terminal.message(faultText({ code: "WB-SCAN-UNCHECKED", kind: "unchecked", what, fix }));
  }
}

/** How the findings of all sources did against `--fail-on`; undefined where it is not asked. */
export function exceededBy(threshold: Threshold | undefined, results: readonly MatchResult[]): Exceeded | undefined {
  if (threshold === undefined) return undefined;
  const all = results.map((result) => judgeThreshold(threshold, result));
  const met = Map.groupBy(
    all.flatMap((one) => one.met),
    ({ condition }) => condition,
  );
  return {
    met: [...met].map(([condition, parts]) => ({ condition, findings: parts.flatMap(({ findings }) => findings) })),
    unchecked: [...new Set(all.flatMap(({ unchecked }) => unchecked))],
  };
}

/** The exit code by `--fail-on`, each condition that was met, or could not be judged, told on stderr. */
export function exitCodeOf(call: Call, exceeded: Exceeded | undefined): 0 | 1 | 3 {
  if (exceeded === undefined) return 0;
  tell(call, exceeded);
  return exceeded.met.length > 0 ? 1 : exceeded.unchecked.length > 0 ? 3 : 0;
}
