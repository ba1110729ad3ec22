import { CWE_VERSIONS, CWE_WEAKNESSES } from "./data/cwe.ts";

/** The Common Weakness Enumeration in all its versions. */

/** What a weakness is in a span of versions; both ends are places in `CweList.versions`. */
export interface CweEntry {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly deprecated: boolean;
  /** Undefined before 4.12, which first told it. */
  readonly usage: "allowed" | "allowed with review" | "discouraged" | "prohibited" | undefined;
}

export interface CweList {
  /** Oldest first; `day` as 2025-04-03. */
  readonly versions: readonly { readonly version: string; readonly day: string }[];
  /** By identifier, as `CWE-79`. */
  readonly weaknesses: ReadonlyMap<string, readonly CweEntry[]>;
}

const USAGES: Readonly<Record<string, CweEntry["usage"]>> = {
  A: "allowed",
  R: "allowed with review",
  U: "discouraged",
  P: "prohibited",
};

let read: CweList | undefined;

/** Read from its table when first asked for. */
export function cweList(): CweList {
  if (read !== undefined) return read;
  const versions = CWE_VERSIONS.trim()
    .split(/\s+/)
    .map((pair) => {
      const [version = "", day = ""] = pair.split("=");
      return { version, day };
    });
  const places = new Map(versions.map(({ version }, index) => [version, index]));
  const weaknesses = new Map<string, CweEntry[]>();
  for (const row of CWE_WEAKNESSES.trim().split("\n")) {
    const [, number = "", span = "", flags = "", name = ""] = /^(\d+) (\S+) (\S+) (.*)$/.exec(row) ?? [];
    const [from = "", to] = span.split("-");
    const entries = weaknesses.get(`CWE-${number}`) ?? [];
    weaknesses.set(`CWE-${number}`, entries);
    entries.push({
      from: places.get(from) ?? 0,
      to: to === undefined ? versions.length - 1 : (places.get(to) ?? 0),
      name: name === "=" ? (entries.at(-1)?.name ?? "") : name,
      deprecated: flags.startsWith("D"),
      usage: USAGES[flags.at(-1) ?? ""],
    });
  }
  read = { versions, weaknesses };
  return read;
}

/** The place of a version in the list; undefined for one that is not there, for it may be newer than the table. */
export function placeOfVersion(version: string): number | undefined {
  const place = cweList().versions.findIndex((one) => one.version === version);
  return place === -1 ? undefined : place;
}

/** The weakness as it is in a version. */
export function cweIn(id: string, place: number): CweEntry | undefined {
  return cweList()
    .weaknesses.get(id)
    ?.find(({ from, to }) => from <= place && place <= to);
}
