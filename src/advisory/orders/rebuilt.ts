import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";

/** `1.2.3.root.io.4`, for Python `1.2.3+root.io.4`; `1.2.3+echo.4`. Alpine's `-r10071` needs nothing of its own. */
function split(version: string): readonly [upstream: string, build: Natural] {
  // The inner order refuses what is as long.
  const match = version.length > 300 ? null : /^(.+)[.+](?:root\.io|echo)\.([0-9]{1,15})$/.exec(version);
  return [match?.[1] ?? version, natural(match?.[2] ?? "")];
}

/** The order of packages that Root or Echo rebuilds: that of what they are packages of, then the number of the build. */
export function rebuiltOrder(inner: VersionOrder): VersionOrder {
  return {
    ecosystem: inner.ecosystem,
    valid: (version) => inner.valid(split(version)[0]),
    compare(a, b) {
      const [left, right] = [split(a), split(b)];
      return inner.compare(left[0], right[0]) || byValue(left[1], right[1]);
    },
  };
}
