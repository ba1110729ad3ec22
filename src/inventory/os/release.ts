import { cleanText } from "../../artifact/clean-text.ts";
import type { Source } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";

const MAX_BYTES = 64 * 1024;
/** In the order in which systemd asks (os-release(5)). */
const PLACES = ["etc/os-release", "usr/lib/os-release"];
const LINE = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/u;

/** The distribution that a root file system is of, as its `os-release` says. */
export interface Distribution {
  /** `ID`, e.g. `debian`. */
  readonly id: string;
  /** `VERSION_ID`, e.g. `12`; rolling releases have none. */
  readonly version?: string;
  readonly codename?: string;
  readonly prettyName?: string;
  /** `SUPPORT_END`, the day after which its maintainers mend nothing. */
  readonly supportEnd?: string;
  /** The file that says so. */
  readonly path: string;
}

/** The value of an assignment as a shell reads it: quotes and backslashes only (os-release(5)). */
function unquote(written: string): string {
  const text = written.trim();
  const quote = text[0];
  if ((quote !== '"' && quote !== "'") || text.length < 2 || !text.endsWith(quote)) return text;
  const inner = text.slice(1, -1);
  return quote === "'" ? inner : inner.replace(/\\([\\"$`])/gu, "$1");
}

/** What an `os-release` text says; undefined without an `ID`. `path` is where it stands. */
export function parseRelease(text: string, path: string): Distribution | undefined {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = LINE.exec(line);
    if (match !== null) values.set(match[1] ?? "", unquote(match[2] ?? ""));
  }
  const told = (key: string): string | undefined => {
    const value = cleanText(values.get(key) ?? "", 100);
    return value === "" ? undefined : value;
  };
  const id = told("ID")?.toLowerCase();
  if (id === undefined || !/^[a-z0-9._-]+$/u.test(id)) return undefined;
  const [version, codename, prettyName] = [told("VERSION_ID"), told("VERSION_CODENAME"), told("PRETTY_NAME")];
  const supportEnd = told("SUPPORT_END");
  return {
    id,
    ...(version !== undefined && { version }),
    ...(codename !== undefined && { codename }),
    ...(prettyName !== undefined && { prettyName }),
    ...(supportEnd !== undefined && /^\d{4}-\d{2}-\d{2}$/u.test(supportEnd) && { supportEnd }),
    path,
  };
}

/** The distribution of the root file system at `root` ("" or a folder with a final `/`); undefined where nothing says it. */
export function distributionOf(source: Source, root: string): Distribution | undefined {
  for (const place of PLACES) {
    const entry = source.find(`${root}${place}`);
    // A link's target is the other place, which is asked next.
    if (entry?.kind !== "file") continue;
    try {
      return parseRelease(Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8"), entry.path);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  return undefined;
}

/** OSV's names of ecosystems whose suffix is the release as `VERSION_ID` has it, or its first number (`major`). */
const ECOSYSTEMS: ReadonlyMap<string, readonly [name: string, suffix: "whole" | "major" | "minor" | "none"]> = new Map([
  ["debian", ["Debian", "major"]],
  ["ubuntu", ["Ubuntu", "whole"]],
  ["alpine", ["Alpine", "minor"]],
  ["rocky", ["Rocky Linux", "major"]],
  ["almalinux", ["AlmaLinux", "major"]],
  ["mageia", ["Mageia", "major"]],
  ["azurelinux", ["Azure Linux", "major"]],
  ["mariner", ["Azure Linux", "major"]],
  ["wolfi", ["Wolfi", "none"]],
  ["chainguard", ["Chainguard", "none"]],
]);

/** OSV's name of a distribution's ecosystem with its release, e.g. `Debian:12`, `Alpine:v3.19`; else the package URL's type. */
export function ecosystemOf(distribution: Distribution | undefined, type: string): string {
  const known = distribution === undefined ? undefined : ECOSYSTEMS.get(distribution.id);
  if (known === undefined || distribution === undefined) return type;
  const [name, suffix] = known;
  const [major, minor] = (distribution.version ?? "").split(".");
  if (suffix === "none" || distribution.version === undefined) return name;
  if (suffix === "whole") return `${name}:${distribution.version}`;
  if (suffix === "major") return `${name}:${major ?? ""}`;
  return minor === undefined ? name : `${name}:v${major ?? ""}.${minor}`;
}
