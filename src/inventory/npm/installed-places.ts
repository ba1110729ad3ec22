import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import type { Unknown } from "../../model/sbom.ts";
import { type Fields, isFields } from "../fields.ts";
import { MAX_NESTING, MAX_POSITION } from "./lock-form.ts";
import { MANIFEST_LIMITS, MAX_NAME, parseManifestValue } from "./manifest.ts";
import { calledAs, place } from "./place.ts";
import type { Installed, Place } from "./place.ts";
import { folderOf } from "./position.ts";
import type { Records } from "./installed-records.ts";

const fields = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined);
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= MAX_NAME ? value : undefined;

/** What a manifest says of a package: the same for one that is installed and for a folder of the project. */
function placeOf(manifest: Fields, path: string, own: boolean, record: Installed | undefined): Place {
  const position = folderOf(path);
  const integrity = record?.integrity ?? text(manifest["_integrity"]);
  const resolved = record?.resolved ?? text(manifest["_resolved"]);
  return place({
    position,
    calledAs: calledAs(position),
    name: text(manifest["name"]) ?? (own ? "" : calledAs(position)),
    version: text(manifest["version"]),
    // npm up to 6 noted both in the manifest itself.
    resolved: own ? undefined : resolved,
    integrity: own ? undefined : integrity,
    licence: manifest["license"] ?? manifest["licenses"],
    author: manifest["author"],
    deprecated: manifest["deprecated"],
    dev: record?.dev ?? false,
    optional: record?.optional ?? false,
    peer: record?.peer ?? false,
    dependencies: fields(manifest["dependencies"]),
    optionalDependencies: fields(manifest["optionalDependencies"]),
    peerDependencies: fields(manifest["peerDependencies"]),
    peerDependenciesMeta: fields(manifest["peerDependenciesMeta"]),
    devDependencies: own ? fields(manifest["devDependencies"]) : undefined,
    workspaces: own && manifest["workspaces"] !== undefined,
    own,
    manifest: own ? path : undefined,
  });
}

/** A folder of the project by its manifest. Throws as `parseManifest`. */
export function ownPlace(entry: Entry): Place {
  return placeOf(parseManifestValue(entry.bytes(MANIFEST_LIMITS.maxBytes), entry.path), entry.path, true, undefined);
}

/** Reads the manifests of one installation; what is wrong with one of them is told and the others are read. */
export class PlaceReader {
  readonly places: Place[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #records: Records;
  #nameless = 0;

  constructor(records: Records) {
    this.#records = records;
  }

  add(entry: Entry): void {
    const position = folderOf(entry.path);
    if (position.length > MAX_POSITION || position.split("/").length > 2 * MAX_NESTING) {
      this.#tell(entry, "lies deeper than is read");
      return;
    }
    try {
      const manifest = parseManifestValue(entry.bytes(MANIFEST_LIMITS.maxBytes), entry.path);
      const called = calledAs(position);
      if (text(manifest["version"]) === undefined && text(manifest["name"]) === undefined) {
        this.#nameless += 1;
        return;
      }
      const name = text(manifest["name"]) ?? called;
      const record = this.#records.of(position, name, text(manifest["version"]));
      const version = text(manifest["version"]);
      const agrees = record?.version === undefined || record.version === version;
      if (!agrees) {
        const noted = cleanText(record?.version ?? "", 80);
        this.#tell(
          entry,
          `says version ${cleanText(version ?? "none", 80)}, and npm installed ${noted}: it was changed`,
        );
      }
      // An integrity is of what was installed, not of what is there now.
      this.places.push(placeOf(manifest, entry.path, false, agrees ? record : undefined));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#tell(entry, `cannot be read: ${error.facts.what}`);
    }
  }

  close(): this {
    if (this.#nameless > 0) {
      const what = `${this.#nameless} manifests below node_modules have neither name nor version: they are left out`;
      this.unknowns.push({ where: "node_modules", what });
    }
    return this;
  }

  #tell({ path }: Entry, what: string): void {
    this.unknowns.push({
      where: cleanText(path, 300),
      what: `the manifest of ${cleanText(calledAs(folderOf(path)))} ${what}`,
    });
  }
}
