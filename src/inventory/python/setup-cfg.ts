import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { isName } from "./names.ts";
import {
  beside,
  completed,
  type Declared,
  declaredExtraction,
  MAX_NEEDS,
  nothingDeclared,
  type Project,
} from "./project.ts";
import { setupPyProject } from "./setup-py.ts";
import { commentAt } from "./requirement-lines.ts";
import { parseRequirement } from "./requirement.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** A line of a value, with its 1-based line. */
interface ValueLine {
  readonly text: string;
  readonly line: number;
}

/** Sections of keys of lines, as Python's configparser takes them: indented lines go on with the value above them. */
function parseIni(text: string): ReadonlyMap<string, ReadonlyMap<string, readonly ValueLine[]>> {
  const sections = new Map<string, Map<string, ValueLine[]>>();
  let section: Map<string, ValueLine[]> | undefined;
  let value: ValueLine[] | undefined;
  for (const [index, raw] of text.split(/\r\n|\n/).entries()) {
    const line = raw.trimEnd();
    if (line === "" || /^\s*[#;]/.test(line)) continue;
    if (/^\s/.test(line)) {
      value?.push({ text: line.trim(), line: index + 1 });
      continue;
    }
    if (line.startsWith("[") && line.endsWith("]")) {
      const name = line.slice(1, -1).trim();
      section = sections.get(name) ?? new Map<string, ValueLine[]>();
      sections.set(name, section);
      value = undefined;
      continue;
    }
    const cut = line.search(/[=:]/);
    if (cut < 0 || section === undefined) continue;
    const first = line.slice(cut + 1).trim();
    value = first === "" ? [] : [{ text: first, line: index + 1 }];
    section.set(line.slice(0, cut).trim().toLowerCase(), value);
  }
  return sections;
}

/** The declarative form of setuptools (its documentation, "Configuring setuptools using setup.cfg files"). */
export function setupCfgProject(entry: Entry): Project {
  const sections = parseIni(Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8"));
  const metadata = sections.get("metadata");
  const options = sections.get("options");
  const needs: Declared[] = [];
  const unknowns: Unknown[] = [];
  const add = (lines: readonly ValueLine[] | undefined, scope: Scope, group?: string): void => {
    // A value of one line may list several, separated by semicolons; with more lines a semicolon begins a marker.
    const split =
      lines?.length === 1 && !/;\s*(?:python|sys|platform|os|implementation|extra)/.test(lines[0]?.text ?? "");
    const each = split ? (lines[0]?.text ?? "").split(";").map((text) => ({ text, line: lines[0]?.line ?? 1 })) : lines;
    for (const { text, line } of each ?? []) {
      const comment = commentAt(text);
      const written = (comment < 0 ? text : text.slice(0, comment)).trim();
      if (written === "" || needs.length + unknowns.length > MAX_NEEDS) continue;
      if (needs.length + unknowns.length === MAX_NEEDS) {
        const what = `is not read from here on: more than ${MAX_NEEDS} needs`;
        unknowns.push({ where: `${cleanText(entry.path, 300)}:${line}`, what });
        continue;
      }
      const requirement = parseRequirement(written);
      if (requirement !== undefined) needs.push({ requirement, scope, group, file: entry.path, line, written });
      else {
        const what = `${cleanText(written, 100)} is no requirement that can be read`;
        unknowns.push({ where: `${cleanText(entry.path, 300)}:${line}`, what });
      }
    }
  };
  add(options?.get("install_requires"), "runtime");
  add(options?.get("setup_requires"), "build", "setup_requires");
  add(options?.get("tests_require"), "test", "tests_require");
  for (const [extra, lines] of sections.get("options.extras_require") ?? []) {
    add(lines, "optional", extra);
  }
  return {
    name: plain(metadata?.get("name"), isName),
    version: plain(metadata?.get("version"), (text) => /^v?\d/.test(text)),
    licences: licenceClaims(
      plain(metadata?.get("license"), () => true),
      "manifest",
    ),
    needs,
    unknowns,
  };
}

/** Reads `setup.cfg` without a lockfile, with what a `setup.py` beside it adds. */
export function readSetupCfg(entry: Entry, source: Source): Extraction {
  const project = withSetupPy(setupCfgProject(entry), entry.path, source);
  // Tools keep their settings here: that alone is no project.
  if (project.name === undefined && project.needs.length + project.unknowns.length === 0) return nothingDeclared();
  return declaredExtraction(project, entry.path, source);
}

/** What `setup.cfg` leaves out may stand in `setup.py`: setuptools reads both. */
export function withSetupPy(project: Project, path: string, source: Source): Project {
  const entry = project.needs.length > 0 ? undefined : beside(path, "setup.py", source);
  return entry === undefined ? project : completed(project, setupPyProject(entry));
}

/** `attr:` and `file:` say where a value is to be computed: nothing is. */
function plain(lines: readonly ValueLine[] | undefined, fits: (text: string) => boolean): string | undefined {
  const text = lines?.length === 1 ? (lines[0]?.text ?? "") : "";
  return text !== "" && !/^(?:attr|file):/.test(text) && fits(text) ? text : undefined;
}
