import { posix } from "node:path";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, Occurrence, Scope, Unknown } from "../../model/sbom.ts";
import { lockfileKind, readText } from "../document.ts";
import { strongerScope } from "../join-components.ts";
import { artifactComponent } from "./coordinates.ts";
import { verifiedDigests } from "./gradle-verification.ts";

const GRADLE_LOCK = lockfileKind("the Gradle lockfile", "write it anew with gradle dependencies --write-locks");
/** `GROUP:NAME:VERSION=CONFIGURATION,…` (Gradle User Manual, "Locking Versions"). */
const LINE = /^([^:=\s]{1,300}):([^:=\s]{1,300}):([^:=\s]{1,300})=(.{0,100000})$/u;

/** By the names that Gradle's own plugins give to configurations; any other name may be shipped. */
function scopeOf(configurations: string): Scope {
  let scope: Scope = "test";
  for (const name of configurations.split(",")) {
    const one: Scope = /annotationProcessor|^kapt|^ksp/iu.test(name)
      ? "build"
      : /test/iu.test(name)
        ? "test"
        : "runtime";
    scope = strongerScope(scope, one);
  }
  return scope;
}

/**
 * Reads `gradle.lockfile` and `buildscript-gradle.lockfile` of one project: exact versions by configuration, digests by the
 * `gradle/verification-metadata.xml` beside them; which needs which is not in them. Lines of another form are told as unknown.
 */
export function readGradleLockfiles(entries: readonly Entry[], source: Source): Extraction {
  const byRef = new Map<string, { component: Component; scope: Scope; occurrences: Occurrence[] }>();
  const unknowns: Unknown[] = [];
  const [first] = entries;
  const folder = first?.path.includes("/") === true ? first.path.slice(0, first.path.lastIndexOf("/")) : "";
  const verified = verifiedDigests(posix.join(folder, "gradle/verification-metadata.xml"), source);
  for (const entry of entries) {
    const buildscript = entry.path.endsWith("buildscript-gradle.lockfile");
    for (const [index, written] of readText(entry, GRADLE_LOCK).split("\n").entries()) {
      const line = written.trim();
      if (line === "" || line.startsWith("#") || line.startsWith("empty=")) continue;
      const [, group, artifact, version, configurations] = LINE.exec(line) ?? [];
      if (group === undefined || artifact === undefined || version === undefined) {
        unknowns.push({ where: `${entry.path}:${index + 1}`, what: "is no line of a Gradle lockfile" });
        continue;
      }
      const scope = buildscript ? "build" : scopeOf(configurations ?? "");
      const occurrence = { path: entry.path, line: index + 1, technique: "lockfile" } as const;
      const component = artifactComponent({ group, artifact, version }, [occurrence], { scope });
      const before = byRef.get(component.ref);
      if (before === undefined) byRef.set(component.ref, { component, occurrences: [occurrence], scope });
      else {
        before.scope = strongerScope(before.scope, scope);
        before.occurrences.push(occurrence);
      }
    }
  }
  const name = folder === "" ? source.artifact.name : folder.slice(folder.lastIndexOf("/") + 1);
  if (byRef.size > 0) {
    unknowns.push({ where: first?.path ?? "", what: "which module needs which is not in a Gradle lockfile" });
  }
  return {
    subject: { name, digests: {} },
    components: [...byRef.values()]
      .map(({ component, scope, occurrences }): Component => {
        return { ...component, scope, occurrences, digests: verified.get(component.ref) ?? {} };
      })
      .toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: [],
    completeness: {
      components: unknowns.some(({ what }) => what.startsWith("is no line")) ? "incomplete" : "complete",
      dependencies: byRef.size === 0 ? "complete" : "unknown",
      method: "locked",
    },
    unknowns,
  };
}
