import { type Fields, isFields } from "../fields.ts";
import { formFault, MAX_NESTING, MAX_POSITION, needsOf, textOf } from "./lock-form.ts";
import { LineScan } from "./lines.ts";
import { calledAs, place } from "./place.ts";
import type { Place } from "./place.ts";

/**
 * Reads `packages` of a lockfile of version 2 or 3 (npm docs, package-lock.json, "packages"): install position → package.
 * Throws `WB-LOCKFILE-FORM`.
 */
export function readPackages(packages: Fields, text: string, file: string): Place[] {
  const lines = new LineScan(text);
  lines.next("packages");
  const places: Place[] = [];
  for (const position of Object.keys(packages)) {
    const entry = packages[position];
    if (!isFields(entry)) throw formFault(file, `packages["${position}"]`, "an object", entry);
    if (position.length > MAX_POSITION || position.split("/").length > 2 * MAX_NESTING) {
      throw formFault(file, "packages", `positions of at most ${MAX_POSITION} characters`, position);
    }
    places.push(readEntry(position, entry, lines.next(position), file));
  }
  return places;
}

function readEntry(position: string, entry: Fields, line: number | undefined, file: string): Place {
  const at = (field: string): string => `packages["${position}"].${field}`;
  const text = (field: string): string | undefined => {
    const value = entry[field];
    return typeof value === "string" && value !== "" ? value : textOf(value, file, at(field));
  };
  const needs = (field: string): Fields | undefined => {
    const value = entry[field];
    return value === undefined ? undefined : needsOf(value, file, at(field));
  };
  const installed = position.includes("node_modules/");
  const called = calledAs(position);
  return place({
    position,
    calledAs: called,
    // A folder of the project without a name takes that of the link that leads to it.
    name: text("name") ?? (installed ? called : ""),
    version: text("version"),
    resolved: text("resolved"),
    integrity: text("integrity"),
    licence: entry["license"],
    deprecated: entry["deprecated"],
    dev: entry["dev"] === true,
    optional: entry["optional"] === true || entry["devOptional"] === true,
    peer: entry["peer"] === true,
    extraneous: entry["extraneous"] === true,
    dependencies: needs("dependencies"),
    optionalDependencies: needs("optionalDependencies"),
    peerDependencies: needs("peerDependencies"),
    peerDependenciesMeta: needs("peerDependenciesMeta"),
    devDependencies: needs("devDependencies"),
    workspaces: entry["workspaces"] !== undefined,
    link: entry["link"] === true,
    own: !installed,
    line,
  });
}
