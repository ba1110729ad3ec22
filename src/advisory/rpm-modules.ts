import type { Advisory, AffectedRange } from "../model/advisory.ts";
import type { NamedVersion } from "./distributions.ts";

/** A build inside of a module says so in its release: `.module+el8.9.0+…`, AlmaLinux's `.module_el8.9.0+…`. */
const MODULAR = /\.module[+_]/u;
/** The stream that a record is about stands in its title alone: `nodejs:12 security update`. */
const STREAM = /(?:^|[\s(])([a-z0-9][\w.+-]{0,60}):([\w.+-]{1,40})(?=[\s),]|$)/gu;

function boundaries(range: AffectedRange): readonly string[] {
  return range.events.flatMap((event) => Object.values(event) as string[]);
}

/** Whether a range speaks of builds inside of modules, of others, or does not say. */
function isModular(range: AffectedRange): boolean | undefined {
  const named = boundaries(range).filter((version) => version !== "0");
  return named.length === 0 ? undefined : named.some((version) => MODULAR.test(version));
}

function otherStream(summary: string, module: string): boolean {
  const [name, stream] = module.split(":");
  const named = [...summary.slice(0, 300).matchAll(STREAM)].filter(([, title]) => title === name);
  return named.length > 0 && named.every(([, , title]) => title !== stream);
}

/**
 * What of a distribution's record is about this build of a package. Red Hat and its rebuilds ship several streams of a module side by
 * side, each with versions of its own: a range of module builds says nothing of a build outside of modules and the other way round,
 * and a record about stream `nodejs:12` nothing of `nodejs:16`. Of the builds for several minor releases that one record names, each
 * is fixed (Fedora, "Modularity: versions"). Undefined: nothing of it.
 */
export function aboutModule(
  advisory: Advisory,
  { version }: NamedVersion,
  module: string | undefined,
): Advisory | undefined {
  const modular = module !== undefined || MODULAR.test(version);
  const ranges = advisory.ranges.filter((range) => (isModular(range) ?? modular) === modular);
  if (ranges.length === 0 && advisory.versions.length === 0) return undefined;
  if (module !== undefined && otherStream(advisory.summary, module)) return undefined;
  const isFix = ranges.some(({ events }) => events.some((event) => "fixed" in event && event.fixed === version));
  if (modular && isFix) return { ...advisory, ranges: [] };
  return ranges.length === advisory.ranges.length ? advisory : { ...advisory, ranges };
}
