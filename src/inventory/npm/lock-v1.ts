import { type Fields, isFields } from "../fields.ts";
import { formFault, MAX_NESTING, MAX_POSITION, needsOf, textOf } from "./lock-form.ts";
import { LineScan } from "./lines.ts";
import { place } from "./place.ts";
import type { Place } from "./place.ts";

interface Level {
  readonly prefix: string;
  readonly depth: number;
  readonly dependencies: Fields;
  /** The package that these are nested in: nobody outside of it sees them, so that they are there for what it is there. */
  readonly within?: Place;
}

/**
 * Reads the nested `dependencies` of a lockfile of version 1 (npm 5 and 6) as install positions. The root itself is not in
 * it: `place("")` is added without needs. Throws `WB-LOCKFILE-FORM`.
 */
export function readNested(dependencies: Fields, text: string, file: string): Place[] {
  const lines = new LineScan(text);
  const places: Place[] = [place({ position: "", own: true })];
  // The order of the text (a package, then what is nested in it), with a list instead of recursion.
  const open: { readonly level: Level; readonly names: string[]; next: number }[] = [];
  const enter = (level: Level): void => {
    open.push({ level, names: Object.keys(level.dependencies), next: 0 });
  };
  enter({ prefix: "", depth: 0, dependencies });
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const name = top.names[top.next];
    top.next += 1;
    if (name === undefined) {
      open.pop();
      continue;
    }
    const position = `${top.level.prefix}node_modules/${name}`;
    const entry = top.level.dependencies[name];
    if (!isFields(entry)) throw formFault(file, position, "an object", entry);
    if (position.length > MAX_POSITION || top.level.depth >= MAX_NESTING) {
      throw formFault(file, "dependencies", `at most ${MAX_NESTING} levels`, position);
    }
    const read = readEntry(position, name, entry, top.level.within, lines.next(name), file);
    places.push(read);
    const nested = needsOf(entry["dependencies"], file, `${position}.dependencies`);
    if (nested === undefined) continue;
    enter({ prefix: `${position}/`, depth: top.level.depth + 1, dependencies: nested, within: read });
  }
  return places;
}

function readEntry(
  position: string,
  calledAs: string,
  entry: Fields,
  within: Place | undefined,
  line: number | undefined,
  file: string,
): Place {
  const written = textOf(entry["version"], file, `${position}.version`);
  const version = written === undefined ? { name: calledAs } : readVersion(calledAs, written);
  const resolved = textOf(entry["resolved"], file, `${position}.resolved`);
  return place({
    position,
    calledAs,
    ...version,
    resolved: version.resolved ?? resolved,
    integrity: textOf(entry["integrity"], file, `${position}.integrity`),
    dev: entry["dev"] === true || within?.dev === true,
    optional: entry["optional"] === true || within?.optional === true,
    mergedNeeds: true,
    dependencies: needsOf(entry["requires"], file, `${position}.requires`),
    line,
  });
}

/** The `version` field holds a version, an alias (`npm:name@1.2.3`), or where the package came from. */
function readVersion(calledAs: string, written: string): { name: string; version?: string; resolved?: string } {
  if (written.startsWith("npm:")) {
    const at = written.lastIndexOf("@");
    return at > 5 ? { name: written.slice(4, at), version: written.slice(at + 1) } : { name: written.slice(4) };
  }
  // A version has neither `:` nor `/`; everything else names a place (git, URL, file), and its version is not known.
  if (written.includes(":") || written.includes("/")) return { name: calledAs, resolved: written };
  return { name: calledAs, version: written };
}
