import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import { digestFile } from "../../artifact/digest.ts";
import { byCodeUnit } from "../../artifact/entry-path.ts";
import { matchPattern } from "../../artifact/pattern.ts";
import type { BuildRecord } from "../../model/build.ts";
import { Fault } from "../../model/fault.ts";

/** An output as it was taken from the workspace after the build had ended. */
export type CollectedOutput = BuildRecord["outputs"][number] & { readonly path: string };

/**
 * Takes what matches the patterns out of a workspace: copied to `to` and hashed there, sorted by name. Folders are never
 * entered through symlinks, and an output must be a plain file with one name, else it might be somebody else's.
 * Reports `WB-BUILD-NO-OUTPUT`, `WB-BUILD-OUTPUT-KIND`, `WB-BUILD-OUTPUT-NAME`.
 */
export function collectOutputs(workspace: string, patterns: readonly string[], to: string): readonly CollectedOutput[] {
  const names = new Set<string>();
  const outputs: CollectedOutput[] = [];
  for (const path of matches(workspace, "", patterns)) {
    const name = basename(path);
    if (names.has(name))
      throw outputFault("WB-BUILD-OUTPUT-NAME", path, "two outputs have one name", "a name of its own");
    names.add(name);
    copyPlain(workspace, path, join(to, name));
    outputs.push({ name, path: join(to, name), ...digestFile(join(to, name)) });
  }
  if (outputs.length === 0)
    throw outputFault("WB-BUILD-NO-OUTPUT", patterns.join(", "), "the build made no output", "a file that matches");
  return outputs.toSorted((a, b) => byCodeUnit(a.name, b.name));
}

function* matches(workspace: string, below: string, patterns: readonly string[]): Iterable<string> {
  for (const entry of readdirSync(join(workspace, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      // Packages of others are no outputs, and there are many.
      if (entry.name !== "node_modules") yield* matches(workspace, path, patterns);
    } else if (patterns.some((pattern) => matchPattern(pattern, path))) yield path;
  }
}

function copyPlain(workspace: string, path: string, to: string): void {
  let from: number;
  try {
    from = openSync(join(workspace, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw outputFault("WB-BUILD-OUTPUT-KIND", path, "an output is no plain file", "a file, no link");
  }
  try {
    const stat = fstatSync(from);
    if (!stat.isFile() || stat.nlink > 1)
      throw outputFault("WB-BUILD-OUTPUT-KIND", path, "an output is no plain file of its own", "a file with one name");
    copyBytes(from, to);
  } finally {
    closeSync(from);
  }
}

function copyBytes(from: number, path: string): void {
  const to = openSync(path, "wx", 0o644);
  try {
    const chunk = Buffer.allocUnsafe(1 << 20);
    for (let read = readSync(from, chunk); read > 0; read = readSync(from, chunk))
      for (let at = 0; at < read;) at += writeSync(to, chunk, at, read - at);
  } finally {
    closeSync(to);
  }
}

function outputFault(
  code: "WB-BUILD-NO-OUTPUT" | "WB-BUILD-OUTPUT-KIND" | "WB-BUILD-OUTPUT-NAME",
  path: string,
  what: string,
  expected: string,
): Fault {
  return new Fault({
    code,
    kind: "input",
    what,
    where: cleanText(path, 300),
    expected,
    fix: "correct build.commands or build.outputs in waybill.yaml",
  });
}
