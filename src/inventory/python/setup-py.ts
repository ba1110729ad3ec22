import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { isName } from "./names.ts";
import { type Declared, declaredExtraction, type Project } from "./project.ts";
import { type Literal, LiteralModule } from "./python-literals.ts";
import { parseRequirement } from "./requirement.ts";

const MAX_BYTES = 1024 * 1024;
/** Lists of lists by name could be endless to go through. */
const MAX_STEPS = 100_000;

/** Gathers requirements from literals. */
class Needs {
  readonly needs: Declared[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #file: string;
  #steps = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(value: Literal | undefined, scope: Scope, group?: string): void {
    this.#steps += 1;
    if (value === undefined || this.#steps > MAX_STEPS) return;
    if (value.kind === "list") for (const item of value.items) this.add(item, scope, group);
    else if (value.kind === "text") {
      for (const [index, written] of value.text.split("\n").entries())
        this.#one(written.trim(), scope, value.line + index, group);
    } else {
      const line = value.kind === "computed" ? value.line : undefined;
      this.#tell("a requirement is computed, and nothing is run to know it", line);
    }
  }

  #one(written: string, scope: Scope, line: number, group: string | undefined): void {
    if (written === "" || written.startsWith("#")) return;
    const requirement = parseRequirement(written);
    if (requirement === undefined) this.#tell(`${cleanText(written, 100)} is no requirement that can be read`, line);
    else this.needs.push({ requirement, scope, group, file: this.#file, line, written });
  }

  #tell(what: string, line: number | undefined): void {
    this.unknowns.push({ where: `${cleanText(this.#file, 300)}${line === undefined ? "" : `:${line}`}`, what });
  }
}

const textOf = (value: Literal | undefined): string | undefined => (value?.kind === "text" ? value.text : undefined);

/** What a `setup.py` states literally (setuptools, "Keywords"); it is never run. */
export function setupPyProject(entry: Entry): Project {
  const module = new LiteralModule(Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8"));
  const call = module.callOf("setup");
  const needs = new Needs(entry.path);
  needs.add(call?.get("install_requires"), "runtime");
  needs.add(call?.get("setup_requires"), "build", "setup_requires");
  needs.add(call?.get("tests_require"), "test", "tests_require");
  const extras = call?.get("extras_require");
  if (extras?.kind === "dict") {
    for (const [key, value] of extras.entries) needs.add(value, "optional", textOf(key));
  } else if (extras !== undefined) needs.add(extras, "optional");
  const name = textOf(call?.get("name"));
  return {
    name: name !== undefined && isName(name) ? name : undefined,
    version: textOf(call?.get("version")),
    licences: licenceClaims(textOf(call?.get("license")), "manifest"),
    needs: needs.needs,
    unknowns: needs.unknowns,
  };
}

/** Reads `setup.py` without a lockfile. */
export function readSetupPy(entry: Entry, source: Source): Extraction {
  return declaredExtraction(setupPyProject(entry), entry.path, source);
}
