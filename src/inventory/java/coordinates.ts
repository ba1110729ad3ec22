import { printPurl } from "../../artifact/purl.ts";
import type { Purl } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, Occurrence } from "../../model/sbom.ts";

/** What names an artifact in a repository (Maven, "POM Reference", "Maven Coordinates"). */
export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly version?: string;
  /** Absent: `jar`. */
  readonly type?: string;
  readonly classifier?: string;
}

const PLAIN = /^[A-Za-z0-9_.-]+$/;

/** The package URL of an artifact; undefined for one that no package URL can hold. */
export function mavenPurl({ group, artifact, version, type, classifier }: Coordinates): Purl | undefined {
  const ordinary = (type === undefined || type === "jar") && classifier === undefined;
  if (ordinary && version !== undefined && PLAIN.test(group) && PLAIN.test(artifact) && PLAIN.test(version)) {
    return `pkg:maven/${group}/${artifact}@${version}`;
  }
  try {
    return printPurl({
      type: "maven",
      namespace: group,
      name: artifact,
      ...(version !== undefined && { version }),
      qualifiers: {
        ...(classifier !== undefined && { classifier }),
        ...(type !== undefined && type !== "jar" && { type }),
      },
    });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

type Facts = Partial<Pick<Component, "scope" | "direct" | "digests" | "licences" | "own" | "kind">>;

/** An artifact as a component; a library at run time, needed by nobody known, unless `facts` say otherwise. */
export function artifactComponent(
  coordinates: Coordinates,
  occurrences: readonly Occurrence[],
  facts: Facts = {},
): Component {
  const { group, artifact, version } = coordinates;
  const purl = mavenPurl(coordinates);
  const name = `${group}:${artifact}`;
  return {
    ref: purl ?? (version === undefined ? name : `${name}@${version}`),
    name,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    ecosystem: "Maven",
    scope: "runtime",
    direct: false,
    digests: {},
    licences: [],
    own: false,
    ...facts,
    occurrences,
  };
}
