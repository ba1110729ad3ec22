import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, comparePadded, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/**
 * Android's bulletins: `RELEASE:LEVEL`, the level being a security patch level (`2023-07-05`) or 0 for none; kernels have an
 * empty release. One release's levels are in order of date; a record speaks of each release apart.
 */
export const androidOrder: VersionOrder = orderOf({
  ecosystem: "Android",
  parse(text) {
    const match = /^([0-9]*)([0-9A-Za-z.-]*):(0|[0-9]{4}-[0-9]{2}-[0-9]{2})$/.exec(text);
    if (match === null) return undefined;
    return { number: natural(match[1] ?? ""), rest: match[2] ?? "", level: match[3] ?? "" };
  },
  compare: (a, b) => byValue(a.number, b.number) || byValue(a.rest, b.rest) || byValue(a.level, b.level),
});

/**
 * Releases of the Linux kernel itself (kernel.org, "Releases"): numbers, with candidates (`6.1-rc3`) before them. A distribution's
 * kernel (`5.15.0-91-generic`) is another thing, and no version here.
 */
export const kernelOrder: VersionOrder = orderOf({
  ecosystem: "Linux",
  parse(text) {
    const match = /^v?([0-9]+(?:\.[0-9]+)*)(?:-rc([0-9]+))?$/.exec(text);
    if (match === null) return undefined;
    return {
      numbers: (match[1] ?? "").split(".").map(natural),
      candidate: match[2] === undefined ? Infinity : natural(match[2]),
    };
  },
  compare: (a, b) => comparePadded(a.numbers, b.numbers) || byValue(a.candidate, b.candidate),
});
