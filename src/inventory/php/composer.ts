import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { DigestSet, Purl } from "../../model/digest.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { ComponentRef, Note, Scope, Subject, Technique, Unknown } from "../../model/sbom.ts";
import { formFault, lockfileKind, manifestKind } from "../document.ts";
import { fieldOf, type Fields, fieldsAt, isFields, listAt, readJson, readJsonFields, textAt } from "../fields.ts";
import { calledAfter, folderOf, inFolder } from "../folders.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { noteOf } from "../notes.ts";
import { Gathered, purlOf } from "../packages.ts";
import { TextLines } from "../text-lines.ts";

const LOCK = lockfileKind("Composer's lockfile", "write it anew with composer update --lock");
const INSTALLED = lockfileKind("Composer's list of installed packages", "write it anew with composer install");
const MANIFEST = manifestKind("composer.json");
/** PHP itself, its extensions and libraries of the system are no packages (Composer, "Platform packages"). */
const PLATFORM = /^(?:php(?:-.*)?|hhvm|ext-.*|lib-.*|composer(?:-plugin-api|-runtime-api)?)$/iu;
const SHA1 = /^[0-9a-f]{40}$/u;

/** Whether a need is for PHP or the system, not for a package. */
export const isPlatform = (name: string): boolean => PLATFORM.test(name);

/** The package URL of `VENDOR/NAME`. */
export function composerPurl(name: string, version: string | undefined, origin: string | undefined): Purl | undefined {
  const slash = name.indexOf("/");
  if (slash <= 0) return undefined;
  const [namespace, rest] = [name.slice(0, slash), name.slice(slash + 1)];
  return purlOf({
    type: "composer",
    namespace,
    name: rest,
    ...(version !== undefined && { version }),
    ...(origin !== undefined && { qualifiers: { vcs_url: origin } }),
  });
}

/** A branch is no version: the commit says which content it is. */
function originOf(version: string, fields: Fields): string | undefined {
  const from = fieldsAt(fields, "source");
  const [url, reference] = [textAt(from, "url"), textAt(from, "reference")];
  if (!/^dev-|-dev$/u.test(version) || url === undefined || reference === undefined) return undefined;
  return `git+${url.replace(/^(https?:\/\/)[^/@]*@/u, "$1")}@${reference}`;
}

function digestsOf(fields: Fields): DigestSet {
  const sum = textAt(fieldsAt(fields, "dist"), "shasum");
  return sum !== undefined && SHA1.test(sum) ? { sha1: sum } : {};
}

/** Names are compared without case. */
const keyOf = (name: string): string => name.toLowerCase();

interface Listed {
  readonly ref: ComponentRef;
  readonly fields: Fields;
}

/** The packages of a list, by their names and by what they replace or provide. */
class Packages {
  readonly gathered = new Gathered();
  readonly unknowns: Unknown[] = [];
  readonly #listed: Listed[] = [];
  readonly #byName = new Map<string, ComponentRef>();
  readonly #standIns = new Map<string, ComponentRef[]>();
  readonly #path: string;
  readonly #lines: TextLines;
  readonly #technique: Technique;

  constructor(path: string, text: string, technique: Technique) {
    this.#path = path;
    this.#lines = new TextLines(text);
    this.#technique = technique;
  }

  add(fields: Fields, scope: Scope): void {
    const [name, version] = [textAt(fields, "name"), textAt(fields, "version")];
    const line =
      name === undefined
        ? undefined
        : this.#lines.next(`"name": ${JSON.stringify(name)}`, `"name":${JSON.stringify(name)}`);
    const where = `${cleanText(this.#path, 300)}${line === undefined ? "" : `:${line}`}`;
    if (name === undefined || version === undefined || name.length > 500 || version.length > 500) {
      this.unknowns.push({ where, what: "a package without a name or a version" });
      return;
    }
    const ref = this.gathered.add({
      name,
      version,
      purl: composerPurl(name, version, originOf(version, fields)),
      ecosystem: "Packagist",
      scope,
      digests: digestsOf(fields),
      licences: licenceClaims(fieldOf(fields, "license"), this.#technique),
      notes: abandoned(fieldOf(fields, "abandoned")),
      occurrence: { path: this.#path, ...(line !== undefined && { line }), technique: this.#technique },
    });
    this.#listed.push({ ref, fields });
    this.#byName.set(keyOf(name), ref);
    for (const kind of ["replace", "provide"]) {
      for (const other of Object.keys(fieldsAt(fields, kind))) {
        const list = this.#standIns.get(keyOf(other)) ?? [];
        if (list.length < 100) this.#standIns.set(keyOf(other), [...list, ref]);
      }
    }
  }

  /** Edges from `from` to what meets its needs: the package of the name, else all that stand in for it. */
  needs(from: ComponentRef, told: string, needs: Fields, scope: Scope): readonly ComponentRef[] {
    return Object.keys(needs).flatMap((name) => {
      if (isPlatform(name)) return [];
      const own = this.#byName.get(keyOf(name));
      const found = own === undefined ? (this.#standIns.get(keyOf(name)) ?? []) : [own];
      if (found.length === 0) this.gathered.unmet(told, name);
      for (const to of found) this.gathered.need(from, to, scope);
      return found;
    });
  }

  join(): void {
    for (const { ref, fields } of this.#listed)
      this.needs(ref, textAt(fields, "name") ?? "", fieldsAt(fields, "require"), "runtime");
  }
}

/** `true`, or the package to use instead (Composer, composer.json, "abandoned"). */
function abandoned(value: unknown): readonly Note[] {
  return noteOf("unmaintained", typeof value === "string" && value !== "" ? `abandoned: use ${value}` : value);
}

/** `composer.json` beside the lockfile; undefined where there is none that can be read. */
function manifestOf(source: Source, folder: string): Fields | undefined {
  const entry = source.find(inFolder(folder, "composer.json"));
  if (entry?.kind !== "file") return undefined;
  try {
    return readJsonFields(entry, MANIFEST).fields;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** The project as its `composer.json` names it. */
export function subjectOf(manifest: Fields | undefined, called: string): Subject {
  const [name, version] = manifest === undefined ? [] : [textAt(manifest, "name"), textAt(manifest, "version")];
  const purl = name === undefined ? undefined : composerPurl(name, version, undefined);
  return {
    name: name ?? called,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    digests: {},
  };
}

/**
 * `composer.lock`: packages and those for development, needs met by name or by what replaces or provides it. What the project itself asks
 * for is in `composer.json` beside it. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export function readComposerLock(entry: Entry, source: Source): Extraction {
  const { fields, text } = readJsonFields(entry, LOCK);
  const folder = folderOf(entry.path);
  const manifest = manifestOf(source, folder);
  const subject = subjectOf(manifest, calledAfter(folder, source));
  const root = subject.purl ?? subject.name;
  const packages = new Packages(entry.path, text, "lockfile");
  for (const one of listAt(fields, "packages")) packages.add(one, "runtime");
  for (const one of listAt(fields, "packages-dev")) packages.add(one, "dev");
  packages.join();
  const direct = new Set<ComponentRef>();
  if (manifest !== undefined) {
    for (const ref of packages.needs(root, subject.name, fieldsAt(manifest, "require"), "runtime")) direct.add(ref);
    for (const ref of packages.needs(root, subject.name, fieldsAt(manifest, "require-dev"), "dev")) direct.add(ref);
  }
  const unmet = packages.gathered.unknowns(entry.path);
  const missing: readonly Unknown[] =
    manifest === undefined
      ? [
          {
            where: cleanText(entry.path, 300),
            what: "no composer.json beside it: what the project itself asks for is not known",
          },
        ]
      : [];
  return {
    subject,
    licences: manifest === undefined ? [] : licenceClaims(fieldOf(manifest, "license"), "manifest"),
    components: packages.gathered.components.map((one) => (direct.has(one.ref) ? { ...one, direct: true } : one)),
    dependencies: packages.gathered.dependencies,
    completeness: {
      components: packages.unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: unmet.length + missing.length === 0 ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns: [...unmet, ...missing, ...packages.unknowns],
  };
}

/**
 * `vendor/composer/installed.json` (Composer 1: a list; 2: `packages`, `dev-package-names`). Throws `WB-LOCKFILE-SYNTAX`,
 * `WB-LOCKFILE-FORM`.
 */
export function readInstalled(entry: Entry): Extraction {
  const { value, text } = readJson(entry, INSTALLED);
  const list = isFields(value) ? fieldOf(value, "packages") : value;
  if (!Array.isArray(list)) throw formFault(INSTALLED, entry.path, "packages", "a list", list);
  const names = isFields(value) ? fieldOf(value, "dev-package-names") : [];
  const development = new Set(Array.isArray(names) ? names : []);
  const packages = new Packages(entry.path, text, "installed");
  for (const one of list) {
    if (isFields(one)) packages.add(one, development.has(textAt(one, "name")) ? "dev" : "runtime");
  }
  packages.join();
  const unmet = packages.gathered.unknowns(entry.path);
  return {
    components: packages.gathered.components,
    dependencies: packages.gathered.dependencies,
    completeness: {
      components: packages.unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: unmet.length === 0 ? "complete" : "incomplete",
      method: "observed",
    },
    unknowns: [...unmet, ...packages.unknowns],
  };
}
