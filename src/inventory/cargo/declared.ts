import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component } from "../../model/sbom.ts";
import { readText } from "../document.ts";
import { strongerScope } from "../join-components.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { calledAfter, crateLicence, crateSubject } from "./cargo-lock.ts";
import { CARGO_TOML, type CrateNeed, parseCargoManifest } from "./manifest.ts";
import { cratePurl } from "./package-url.ts";

const MAX_TOLD = 20;
const COMMIT = /^[0-9a-f]{40}$/;

/** The one version that `=1.2.3` allows; every other requirement is a range, `1.2.3` alone, too (Cargo reference). */
function exactVersion(requirement: string | undefined): string | undefined {
  return /^=\s{0,9}(\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][0-9A-Za-z.+-]{1,99})?)$/.exec(requirement ?? "")?.[1];
}

/** Lines of `NAME = …` and `[….dependencies.NAME]`; a name that several lines could be has none. */
function linesOf(text: string): ReadonlyMap<string, number | undefined> {
  const lines = new Map<string, number | undefined>();
  if (text.includes('"""') || text.includes("'''")) return lines;
  let within = false;
  for (const [index, line] of text.split("\n").entries()) {
    const header = /^\s{0,99}\[([^[\]]{1,300})\]/.exec(line)?.[1]?.trim();
    let name: string | undefined;
    if (header !== undefined) {
      within = /(?:^|\.)(?:dev[-_]|build[-_])?dependencies$/.test(header);
      name = /(?:^|\.)(?:dev[-_]|build[-_])?dependencies\.["']?([A-Za-z0-9_-]{1,99})["']?$/.exec(header)?.[1];
    } else if (within) name = /^\s{0,99}["']?([A-Za-z0-9_-]{1,99})["']?\s{0,99}[.=]/.exec(line)?.[1];
    if (name !== undefined) lines.set(name, lines.has(name) ? undefined : index + 1);
  }
  return lines;
}

/** `Cargo.toml` without a lockfile: the declared needs of the project, and that nothing more is known. */
export function readDeclared(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const text = readText(entry, CARGO_TOML);
  const manifest = parseCargoManifest(text, file);
  const lines = linesOf(text);
  const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 0));
  const subject = crateSubject(manifest, calledAfter(folder, source));
  const byRef = new Map<string, Component>();
  // A folder of the project is read where it lies.
  const needs = manifest.needs.filter(({ path }) => path === undefined);
  for (const need of needs) {
    const component = declaredCrate(need, file, lines.get(need.calledAs));
    const before = byRef.get(component.ref);
    byRef.set(component.ref, before ? { ...before, scope: strongerScope(before.scope, component.scope) } : component);
  }
  const components = [...byRef.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  const root = subject.purl ?? subject.name;
  return {
    subject,
    licences: licenceClaims(crateLicence(manifest.licence), "manifest"),
    components,
    dependencies: components.map(({ ref, scope }) => ({ from: root, to: ref, scope })),
    completeness: { components: "incomplete", dependencies: "incomplete", method: "missing" },
    unknowns: [
      {
        where: file,
        what: `no Cargo.lock: which versions a build takes, and what those need in turn, is not known${toldNeeds(needs)}`,
      },
    ],
  };
}

function declaredCrate(need: CrateNeed, file: string, line: number | undefined): Component {
  const version = exactVersion(need.requirement);
  const purl = cratePurl(need.name, version, need.git && `git+${need.git}#${need.commit ?? ""}`);
  return {
    ref: purl ?? need.name,
    name: need.name,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    ecosystem: "crates.io",
    scope: need.scope,
    direct: true,
    digests: need.commit !== undefined && COMMIT.test(need.commit) ? { gitCommit: need.commit } : {},
    licences: [],
    occurrences: [{ path: file, ...(line !== undefined && { line }), technique: "declared" }],
    own: false,
  };
}

function toldNeeds(needs: readonly CrateNeed[]): string {
  if (needs.length === 0) return "";
  const told = needs.slice(0, MAX_TOLD).map(({ name, requirement, git }) => {
    return `${cleanText(name, 80)} ${cleanText(requirement ?? git ?? "*", 80)}`;
  });
  const rest = needs.length > MAX_TOLD ? ` and ${needs.length - MAX_TOLD} more` : "";
  return `; declared are ${told.join(", ")}${rest}`;
}
