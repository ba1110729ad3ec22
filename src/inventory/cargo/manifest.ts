import type { Scope } from "../../model/sbom.ts";
import { type DocumentKind, formFault, manifestKind } from "../document.ts";
import { fieldOf, isFields, type Fields, fieldsAt, textAt } from "../fields.ts";
import { parseToml } from "../toml.ts";

export const CARGO_TOML: DocumentKind = manifestKind("Cargo.toml");

/** One need of a manifest (Cargo reference, "Specifying Dependencies"). */
export interface CrateNeed {
  /** The crate's own name, whatever the project calls it. */
  readonly name: string;
  readonly calledAs: string;
  readonly scope: Scope;
  readonly requirement?: string;
  /** Folder of the crate, relative to the manifest. */
  readonly path?: string;
  readonly git?: string;
  /** The commit, tag or pull request that `rev` names. */
  readonly commit?: string;
}

/** What is read of a `Cargo.toml`. */
export interface CargoManifest {
  readonly name?: string;
  readonly version?: string;
  readonly licence?: string;
  readonly needs: readonly CrateNeed[];
  readonly members: readonly string[];
  readonly excluded: readonly string[];
  /** `[workspace.package]` and `[workspace.dependencies]`, which members inherit from. */
  readonly workspace: { readonly package: Fields; readonly dependencies: Fields };
}

const KINDS: readonly (readonly [string, Scope])[] = [
  ["dependencies", "runtime"],
  ["build-dependencies", "build"],
  ["build_dependencies", "build"],
  ["dev-dependencies", "dev"],
  ["dev_dependencies", "dev"],
];

/** Reads a manifest; `root` is that of its workspace. Throws `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM`. */
export function parseCargoManifest(text: string, file: string, root?: CargoManifest): CargoManifest {
  const table = parseToml(text, file, CARGO_TOML);
  const written = fieldOf(table, "package") ?? fieldOf(table, "project");
  if (written !== undefined && !isFields(written)) throw formFault(CARGO_TOML, file, "package", "a table", written);
  const about = written ?? {};
  const workspace = fieldsAt(table, "workspace");
  const shared = { package: fieldsAt(workspace, "package"), dependencies: fieldsAt(workspace, "dependencies") };
  const inherited = fieldOf(table, "workspace") === undefined && root !== undefined ? root.workspace : shared;
  const field = (key: string): string | undefined => {
    const own = fieldOf(about, key);
    return isFields(own) && fieldOf(own, "workspace") === true ? textAt(inherited.package, key) : textAt(about, key);
  };
  const name = field("name");
  const version = field("version");
  const licence = field("license");
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(licence !== undefined && { licence }),
    needs: [table, ...targets(table)].flatMap((part) => needsIn(part, inherited.dependencies)),
    members: textsAt(workspace, "members"),
    excluded: textsAt(workspace, "exclude"),
    workspace: shared,
  };
}

/** `[target.'cfg(…)'.dependencies]`: a lockfile has them for all platforms. */
function targets(table: Fields): Fields[] {
  return Object.values(fieldsAt(table, "target")).filter(isFields);
}

function needsIn(part: Fields, inherited: Fields): CrateNeed[] {
  return KINDS.flatMap(([key, scope]) =>
    Object.entries(fieldsAt(part, key)).map(([calledAs, value]) => crateNeed(calledAs, value, scope, inherited)),
  );
}

function crateNeed(calledAs: string, value: unknown, scope: Scope, inherited: Fields): CrateNeed {
  if (!isFields(value))
    return { name: calledAs, calledAs, scope, ...(typeof value === "string" && { requirement: value }) };
  const origin = fieldOf(value, "workspace") === true ? fieldOf(inherited, calledAs) : value;
  const facts = isFields(origin) ? origin : {};
  const requirement = typeof origin === "string" ? origin : textAt(facts, "version");
  const path = origin === value ? textAt(facts, "path") : undefined;
  const git = textAt(facts, "git");
  const commit = textAt(facts, "rev");
  return {
    name: textAt(facts, "package") ?? calledAs,
    calledAs,
    scope: fieldOf(value, "optional") === true && scope === "runtime" ? "optional" : scope,
    ...(requirement !== undefined && { requirement }),
    ...(path !== undefined && { path }),
    ...(git !== undefined && { git }),
    ...(commit !== undefined && { commit }),
  };
}

function textsAt(table: Fields, key: string): readonly string[] {
  const value = fieldOf(table, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
