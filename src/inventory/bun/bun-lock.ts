import { cleanText } from "../../artifact/clean-text.ts";
import { parseJson } from "../../format/json.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Unknown } from "../../model/sbom.ts";
import { type Fields, isFields } from "../fields.ts";
import { readDeclared } from "../npm/declared.ts";
import { graphOf } from "../npm/graph.ts";
import { LineScan } from "../npm/lines.ts";
import { formFault, lockText, MAX_LOCKFILE_BYTES, MAX_NESTING, MAX_POSITION, syntaxFault } from "../npm/lock-form.ts";
import { manifestIn } from "../npm/manifest.ts";
import { place } from "../npm/place.ts";
import type { Place } from "../npm/place.ts";
import { folderOf } from "../npm/position.ts";
import { driftOf, extractionOf, lockSubject } from "../npm/project.ts";
import { joinTree } from "../npm/tree.ts";
import { plainJson } from "./jsonc.ts";

/** Members by name: a key that begins with one names what lies in that member's own folder. */
type Members = ReadonlyMap<string, string>;

function parse(text: string, file: string): Fields {
  let value: unknown;
  try {
    value = parseJson(plainJson(text), file, { maxBytes: MAX_LOCKFILE_BYTES, maxDepth: 64 });
  } catch (error) {
    throw error instanceof Fault ? syntaxFault(error.facts, "bun") : error;
  }
  if (!isFields(value)) throw formFault(file, "the whole file", "an object", value, "bun");
  return value;
}

const fields = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined);
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** The four lists of needs, called as in a manifest; `optionalPeers` is a list of names. */
function needsOf(info: Fields): Partial<Place> {
  const optionalPeers = Array.isArray(info["optionalPeers"]) ? info["optionalPeers"] : [];
  const meta = optionalPeers.filter((name) => typeof name === "string").map((name) => [name, { optional: true }]);
  return {
    dependencies: fields(info["dependencies"]),
    devDependencies: fields(info["devDependencies"]),
    optionalDependencies: fields(info["optionalDependencies"]),
    peerDependencies: fields(info["peerDependencies"]),
    peerDependenciesMeta: meta.length === 0 ? undefined : (Object.fromEntries(meta) as Fields),
  };
}

function readMembers(members: unknown, written: string, file: string): Place[] {
  if (members === undefined) return [place({ position: "", own: true })];
  if (!isFields(members)) throw formFault(file, "workspaces", "an object", members, "bun");
  const places: Place[] = [];
  const lines = new LineScan(written);
  lines.next("workspaces");
  for (const folder of Object.keys(members)) {
    const info = members[folder];
    if (!isFields(info)) throw formFault(file, `workspaces["${folder}"]`, "an object", info, "bun");
    if (folder.length > MAX_POSITION) throw formFault(file, "workspaces", "shorter paths", folder, "bun");
    const version = text(info["version"]);
    const workspaces = folder === "";
    const line = lines.next(folder);
    places.push(
      place({
        position: folder,
        name: text(info["name"]) ?? "",
        version,
        own: true,
        workspaces,
        line,
        ...needsOf(info),
      }),
    );
  }
  return places;
}

/** `a/@s/b` → `node_modules/a/node_modules/@s/b`; below a member's folder where the first name is a member's. */
function positionOfKey(key: string, members: Members): string {
  const names: string[] = [];
  const parts = key.split("/");
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? "";
    if (part.startsWith("@") && at + 1 < parts.length) {
      at += 1;
      names.push(`${part}/${parts[at] ?? ""}`);
    } else names.push(part);
  }
  const folder = names.length > 1 ? members.get(names[0] ?? "") : undefined;
  const inner = folder === undefined ? names : names.slice(1);
  return `${folder === undefined || folder === "" ? "" : `${folder}/`}${inner.map((name) => `node_modules/${name}`).join("/")}`;
}

const GITHUB = /^github:([^/#]+)\/([^#]+?)(?:\.git)?(?:#(.*))?$/u;

/** What the first member of a package's list says: `name@` and a version, or where it comes from. */
function readSpec(spec: string): Partial<Place> & { readonly name: string } {
  const at = spec.indexOf("@", 1);
  if (at === -1) return { name: spec };
  const name = spec.slice(0, at);
  const what = spec.slice(at + 1);
  if (what.startsWith("workspace:")) return { name, link: true, resolved: what.slice(10) };
  if (what.startsWith("root:")) return { name, link: true, resolved: "" };
  const [, owner, repository, ref] = GITHUB.exec(what) ?? [];
  if (owner !== undefined) {
    return { name, resolved: `git+https://github.com/${owner}/${repository}.git${ref === undefined ? "" : `#${ref}`}` };
  }
  if (!what.includes(":") && !what.includes("/")) return { name, version: what };
  const archive = /\.(?:tgz|tar\.gz|tar)$/u.test(what);
  if (what.includes("://") || what.startsWith("git+")) return { name, resolved: what };
  if (archive) return { name, resolved: what.startsWith("file:") ? what : `file:${what}` };
  return { name, resolved: what, own: what.startsWith("file:") || what.startsWith("link:") || what.startsWith(".") };
}

function readPackages(packages: unknown, plain: string, members: Members, file: string): Place[] {
  if (packages === undefined) return [];
  if (!isFields(packages)) throw formFault(file, "packages", "an object", packages, "bun");
  const lines = new LineScan(plain, "[");
  return Object.keys(packages).map((key) => {
    const tuple = packages[key];
    const spec: unknown = Array.isArray(tuple) ? tuple[0] : undefined;
    const line = lines.next(key);
    const at = line ?? `packages["${key}"]`;
    if (!Array.isArray(tuple) || typeof spec !== "string")
      throw formFault(file, at, "a list that begins with a name and a version", spec ?? tuple, "bun");
    if (key.length > MAX_POSITION || key.split("/").length > 2 * MAX_NESTING)
      throw formFault(file, at, `a path of at most ${MAX_POSITION} characters`, key, "bun");
    const info = tuple.find((each) => isFields(each)) as Fields | undefined;
    const last: unknown = tuple.at(-1);
    const said = readSpec(spec);
    return place({
      position: positionOfKey(key, members),
      integrity: typeof last === "string" && /^(?:sha\d+|md5)-/u.test(last) ? last : undefined,
      line,
      ...said,
      // A link's needs are those of what it leads to.
      ...(said.link !== true && needsOf(info ?? {})),
      // What an installed package needs for its own development is never installed.
      devDependencies: undefined,
    });
  });
}

function patches(lock: Fields, file: string): Unknown[] {
  const patched = fields(lock["patchedDependencies"]) ?? {};
  return Object.keys(patched).map((name) => ({
    where: file,
    what: `${cleanText(name, 120)} is patched by ${cleanText(String(patched[name]), 200)}: its files differ from the registry's`,
  }));
}

/**
 * Reads `bun.lock` (the text form that bun writes from 1.2 on): its keys are install positions, so that its edges are those of Node's
 * resolution. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export function readBunLock(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const written = lockText(entry, "bun");
  const lock = parse(written, file);
  const own = readMembers(lock["workspaces"], written, file);
  const members = new Map(own.filter(({ name }) => name !== "").map(({ name, position }) => [name, position]));
  const tree = joinTree([...own, ...readPackages(lock["packages"], written, members, file)]);
  const manifest = manifestIn(folderOf(file), source);
  const subject = lockSubject(tree.root, manifest, source.artifact.name);
  const graph = graphOf(tree, file, subject.purl ?? subject.name, true);
  return extractionOf({
    subject,
    manifest,
    graph,
    rootKnown: true,
    unknowns: [...driftOf(tree.root, manifest, file), ...patches(lock, file)],
  });
}

/** `bun.lockb` is bun's own memory on disk: what the manifest beside it declares is read instead, and the fix is said. */
export function readBunLockb(entry: Entry, source: Source): Extraction {
  const manifest = source.find(entry.path.replace(/bun\.lockb$/u, "package.json"));
  const what = "the binary lockfile cannot be read";
  const fix = "write a text lockfile with bun install --save-text-lockfile --frozen-lockfile --lockfile-only";
  if (manifest?.kind !== "file") {
    throw new Fault({ code: "WB-LOCKFILE-BINARY", kind: "input", what, where: entry.path, fix });
  }
  const declared = readDeclared(manifest, source);
  return { ...declared, unknowns: [{ where: entry.path, what: `${what}: ${fix}` }, ...declared.unknowns] };
}
