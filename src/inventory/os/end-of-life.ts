import type { Distribution } from "./release.ts";

/** Until when a distribution's maintainers mend flaws; dates are days (RFC 3339 full-date). */
interface Support {
  /** Who says so, and when it was looked up. */
  readonly source: string;
  readonly asOf: string;
  /** How much of `VERSION_ID` names the release. */
  readonly release: "major" | "minor";
  /** The last day of updates for all, and of those that a volunteers' or paid team goes on with. */
  readonly ends: Readonly<Record<string, readonly [updates: string, extended?: string]>>;
}

/** Facts, no forecast: a release that is not listed, or whose days a second source does not confirm, is not judged. */
const SUPPORT: ReadonlyMap<string, Support> = new Map([
  [
    "debian",
    {
      source: "Debian, distro-info-data 0.58+deb12u7",
      asOf: "2026-11",
      release: "major",
      ends: {
        "7": ["2016-04-25", "2018-05-31"],
        "8": ["2018-06-17", "2020-06-30"],
        "9": ["2020-07-18", "2022-06-30"],
        "10": ["2022-09-10", "2024-06-30"],
        "11": ["2024-08-14", "2026-08-31"],
        "12": ["2026-07-11", "2028-06-30"],
        "13": ["2028-08-09", "2030-06-30"],
      },
    },
  ],
  [
    "ubuntu",
    {
      source: "Debian, distro-info-data 0.58+deb12u7",
      asOf: "2026-11",
      release: "minor",
      ends: {
        "14.04": ["2019-04-25", "2024-04-25"],
        "14.10": ["2015-07-23"],
        "15.04": ["2016-02-04"],
        "15.10": ["2016-07-28"],
        "16.04": ["2021-04-30", "2026-04-23"],
        "16.10": ["2017-07-20"],
        "17.04": ["2018-01-13"],
        "17.10": ["2018-07-19"],
        "18.04": ["2023-05-31", "2028-04-26"],
        "18.10": ["2019-07-18"],
        "19.04": ["2020-01-23"],
        "19.10": ["2020-07-17"],
        "20.04": ["2025-05-29", "2030-04-23"],
        "20.10": ["2021-07-22"],
        "21.04": ["2022-01-20"],
        "21.10": ["2022-07-14"],
        "22.04": ["2027-06-01", "2032-04-21"],
        "22.10": ["2023-07-20"],
        "23.04": ["2024-01-25"],
        "23.10": ["2024-07-11"],
        "24.04": ["2029-05-31", "2034-04-25"],
        "24.10": ["2025-07-10"],
        "25.04": ["2026-01-15"],
        "25.10": ["2026-07-09"],
        "26.04": ["2031-05-29", "2036-04-23"],
        "26.10": ["2027-07-15"],
      },
    },
  ],
  [
    "alpine",
    {
      source: "Alpine Linux, Releases",
      asOf: "2025-12",
      release: "minor",
      ends: {
        "3.9": ["2020-11-01"],
        "3.10": ["2021-05-01"],
        "3.11": ["2021-11-01"],
        "3.12": ["2022-05-01"],
        "3.13": ["2022-11-01"],
        "3.14": ["2023-05-01"],
        "3.15": ["2023-11-01"],
        "3.16": ["2024-05-23"],
      },
    },
  ],
  [
    "rhel",
    {
      source: "Red Hat Enterprise Linux life cycle",
      asOf: "2025-12",
      release: "major",
      ends: { "6": ["2020-11-30"], "7": ["2024-06-30"] },
    },
  ],
  [
    "centos",
    {
      source: "CentOS, end of life",
      asOf: "2025-12",
      release: "major",
      ends: { "6": ["2020-11-30"], "7": ["2024-06-30"], "8": ["2021-12-31"] },
    },
  ],
]);

/**
 * The last day of updates for all of a release, and of those that a volunteers' or paid team goes on with; undefined where nothing is
 * known of it. `id` is that of os-release, `version` its `VERSION_ID`.
 */
export function supportEnd(
  id: string,
  version: string,
): { readonly release: string; readonly updates: string; readonly extended?: string } | undefined {
  const support = SUPPORT.get(id);
  if (support === undefined) return undefined;
  const release = version
    .split(".")
    .slice(0, support.release === "major" ? 1 : 2)
    .join(".");
  if (!Object.hasOwn(support.ends, release)) return undefined;
  const [updates, extended] = support.ends[release] ?? [];
  if (updates === undefined) return undefined;
  return { release, updates, ...(extended !== undefined && { extended }) };
}

/** One line about the support of a release, to be judged by whoever knows the day; undefined where nothing is known of it. */
export function supportOf({ id, version, supportEnd: stated, path }: Distribution): string | undefined {
  if (stated !== undefined) return `${id} ${version ?? ""}: support ends on ${stated} (SUPPORT_END of its own ${path})`;
  const support = SUPPORT.get(id);
  const end = version === undefined ? undefined : supportEnd(id, version);
  if (support === undefined || end === undefined) return undefined;
  const more = end.extended === undefined ? "" : `, extended support on ${end.extended}`;
  return `${id} ${end.release}: updates for all end on ${end.updates}${more} (${support.source}; as of ${support.asOf})`;
}
