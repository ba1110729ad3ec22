import { cleanText } from "../../artifact/clean-text.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, ComponentRef } from "../../model/sbom.ts";
import type { Capability, InstalledPackage } from "./installation.ts";

const MAX_TOLD = 20;
/** What can be the name of a package: no library (`so:…`, `lib.so()(64bit)`), no file, no condition. */
const PACKAGE_NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,200}$/u;

const written = (need: readonly Capability[]): string =>
  need.map(({ name, relation, version }) => [name, relation, version].filter(Boolean).join(" ")).join(" | ");

/**
 * A package's file as a distribution delivers it: the package is the subject, and what it needs by a package's name are components, with
 * a version where exactly one is allowed. For which distribution it is made the file does not say, so that nothing here has a
 * package URL: its type wants the distribution (purl-spec, deb, apk, rpm). Needs that others may meet (one of several, libraries,
 * files) are told as unknown.
 */
export function packageFile(one: InstalledPackage, ecosystem: string): Extraction {
  const { name, version, licences, occurrence } = one;
  const components = new Map<ComponentRef, Component>();
  const open: string[] = [];
  for (const need of one.needs) {
    const [asked] = need;
    if (asked === undefined || asked.name === name) continue;
    if (need.length > 1 || !PACKAGE_NAME.test(asked.name)) {
      open.push(written(need));
      continue;
    }
    const exact = asked.relation === "=" ? asked.version : undefined;
    const ref = exact === undefined ? asked.name : `${asked.name}@${exact}`;
    components.set(ref, {
      ref,
      name: asked.name,
      ...(exact !== undefined && { version: exact }),
      ecosystem,
      scope: "runtime",
      direct: true,
      digests: {},
      licences: [],
      occurrences: [{ ...occurrence, technique: "declared" }],
      own: false,
    });
  }
  const where = cleanText(occurrence.path, 300);
  const told = open.slice(0, MAX_TOLD).map((need) => cleanText(need, 200));
  const rest = open.length > told.length ? ` and ${open.length - told.length} more` : "";
  return {
    subject: { name, version, digests: {} },
    licences,
    components: [...components.values()],
    dependencies: [...components.keys()].map((to) => ({ from: name, to, scope: "runtime" })),
    completeness: { components: "incomplete", dependencies: "incomplete", method: "missing" },
    unknowns: [
      { where, what: "a package's file: which versions its installation brings is not known" },
      ...(open.length === 0
        ? []
        : [{ where, what: `needs what several packages may give: ${told.join("; ")}${rest}` }]),
    ],
  };
}

/** `WB-PACKAGE-FORM`: what a package's file says of itself is not in the form of its kind. */
export function packageFault(file: string, expected: string, found: string): Fault {
  return new Fault({
    code: "WB-PACKAGE-FORM",
    kind: "input",
    what: "the package's file does not say what it is in the form of its kind",
    where: cleanText(file, 300),
    expected,
    found: cleanText(found, 100),
    fix: "build the package anew, or fetch it again",
  });
}
