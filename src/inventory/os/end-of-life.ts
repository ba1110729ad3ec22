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

/** Facts, no forecast: a release that is not listed is not judged. */
const SUPPORT: ReadonlyMap<string, Support> = new Map([
  [
    "debian",
    {
      source: "Debian wiki, DebianReleases and LTS",
      asOf: "2025-12",
      release: "major",
      ends: {
        "7": ["2016-04-25", "2018-05-31"],
        "8": ["2018-06-17", "2020-06-30"],
        "9": ["2020-07-18", "2022-06-30"],
        "10": ["2022-09-10", "2024-06-30"],
        "11": ["2024-08-14", "2026-08-31"],
        "12": ["2026-06-10", "2028-06-30"],
        "13": ["2028-08-09", "2030-06-30"],
      },
    },
  ],
  [
    "ubuntu",
    {
      source: "Ubuntu wiki, Releases",
      asOf: "2025-12",
      release: "minor",
      ends: {
        "14.04": ["2019-04-25", "2024-04-25"],
        "16.04": ["2021-04-30", "2026-04-30"],
        "18.04": ["2023-05-31", "2028-04-30"],
        "20.04": ["2025-05-31", "2030-04-30"],
        "22.04": ["2027-04-30", "2032-04-30"],
        "23.10": ["2024-07-11"],
        "24.04": ["2029-04-30", "2034-04-30"],
        "24.10": ["2025-07-10"],
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
        "3.17": ["2024-11-22"],
        "3.18": ["2025-05-09"],
        "3.19": ["2025-11-01"],
        "3.20": ["2026-04-01"],
        "3.21": ["2026-11-01"],
        "3.22": ["2027-05-01"],
      },
    },
  ],
  [
    "rhel",
    {
      source: "Red Hat Enterprise Linux life cycle",
      asOf: "2025-12",
      release: "major",
      ends: {
        "6": ["2020-11-30"],
        "7": ["2024-06-30"],
        "8": ["2029-05-31"],
        "9": ["2032-05-31"],
        "10": ["2035-05-31"],
      },
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
  [
    "rocky",
    {
      source: "Rocky Linux release guide",
      asOf: "2025-12",
      release: "major",
      ends: { "8": ["2029-05-31"], "9": ["2032-05-31"] },
    },
  ],
]);

/** One line about the support of a release, to be judged by whoever knows the day; undefined where nothing is known of it. */
export function supportOf({ id, version }: Distribution): string | undefined {
  const support = SUPPORT.get(id);
  if (support === undefined || version === undefined) return undefined;
  const release = version
    .split(".")
    .slice(0, support.release === "major" ? 1 : 2)
    .join(".");
  if (!Object.hasOwn(support.ends, release)) return undefined;
  const [updates, extended] = support.ends[release] ?? [];
  const more = extended === undefined ? "" : `, extended support on ${extended}`;
  return `${id} ${release}: updates for all end on ${updates ?? "?"}${more} (${support.source}; as of ${support.asOf})`;
}
