import type { SizeBytes } from "../../model/digest.ts";
import type { Reason, Verdict } from "../../model/policy.ts";
import { bearingOf } from "./reason-groups.ts";

/** How something turned out, for the eye: each has a word, a sign and a colour, so that none stands alone. */
export type Tone = "good" | "warn" | "bad" | "open";

export const DECISION: Readonly<Record<Verdict["decision"], { readonly word: string; readonly tone: Tone }>> = {
  allow: { word: "Allowed", tone: "good" },
  warn: { word: "Allowed with warnings", tone: "warn" },
  deny: { word: "Refused", tone: "bad" },
};

/** One or two sentences: what was decided and what it rests on. */
export function inPlainWords({ decision, reasons }: Verdict): string {
  const of = (bearing: string): number => reasons.filter((reason) => bearingOf(reason) === bearing).length;
  const failed = of("failed");
  const open = of("unchecked");
  const excepted = of("excepted");
  const passed = ` ${count(of("passed"), "check")} passed${excepted > 0 ? `, ${grouped(excepted)} excepted` : ""}.`;
  if (decision === "deny") {
    const causes = [
      failed > 0 ? `${count(failed, "required check")} failed` : "",
      open > 0 ? `${count(open, "required check")} could not be made` : "",
    ].filter((cause) => cause !== "");
    return `This artifact must not be used here: ${causes.join(" and ") || "the policy refuses it"}.${passed}`;
  }
  if (reasons.length === 0) return "This artifact may be used: the policy asks nothing of it.";
  const warned = of("warned");
  const but = warned > 0 ? `, but ${count(warned, "check warns", "checks warn")}` : "";
  if (decision === "warn" || but !== "") return `This artifact may be used${but}.${passed}`;
  return `This artifact may be used: the policy's requirements are met.${passed}`;
}

/** `not met, required`, `not checked, warns only`, `excepted`: what became of a rule and how it weighs. */
export function outcomeWords({ outcome, mode }: Pick<Reason, "outcome" | "mode">): string {
  if (outcome === "pass") return "met";
  if (outcome === "excepted") return "excepted";
  const weight = { enforce: "required", warn: "warns only", observe: "observed only" } as const;
  return `${outcome === "fail" ? "not met" : "not checked"}, ${weight[mode]}`;
}

/** `1 component`, `1,600 components`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

/** `1600` as `1,600`, the same in every locale. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Bytes for people, in powers of 1000: `15.2 kB`. */
export function size(bytes: SizeBytes): string {
  let value = bytes;
  let unit = 0;
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** `sha256:3f2a91c0b7d4…` */
export function shortDigest(hex: string, algorithm = "sha256"): string {
  return `${algorithm}:${hex.length > 16 ? `${hex.slice(0, 12)}…` : hex}`;
}
