import { printPurl } from "../../artifact/purl.ts";
import type { DigestSet, Purl } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, ComponentRef, Occurrence, Subject } from "../../model/sbom.ts";

/** Needs no encoding and holds a namespace: nearly all modules. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._~-]*(?:\/[A-Za-z0-9._~-]+)+$/;
const PLAIN_VERSION = /^[A-Za-z0-9.-]+$/;

/** The package URL of a module; undefined for a path of one part, which purl-spec's type golang has no name for. */
export function modulePurl(path: string, version?: string): Purl | undefined {
  if (PLAIN.test(path) && version !== undefined && PLAIN_VERSION.test(version)) return `pkg:golang/${path}@${version}`;
  const slash = path.lastIndexOf("/");
  if (slash < 0) return undefined;
  try {
    return printPurl({
      type: "golang",
      namespace: path.slice(0, slash),
      name: path.slice(slash + 1),
      ...(version !== undefined && { version }),
    });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** A module as a component of the SBOM; a library at run time, needed by nobody known, unless `facts` say otherwise. */
export function moduleComponent(
  path: string,
  version: string | undefined,
  occurrences: readonly Occurrence[],
  facts: Partial<Pick<Component, "scope" | "direct" | "digests" | "own" | "kind">> = {},
): Component {
  const purl = modulePurl(path, version);
  return {
    ref: purl ?? (version === undefined ? path : `${path}@${version}`),
    name: path,
    ...(version !== undefined && { version }),
    ...(purl !== undefined && { purl }),
    ecosystem: "Go",
    scope: "runtime",
    direct: false,
    digests: {},
    licences: [],
    own: false,
    ...facts,
    occurrences,
  };
}

export function moduleSubject(path: string, version: string | undefined, digests: DigestSet = {}): Subject {
  const purl = modulePurl(path, version);
  return { name: path, ...(version !== undefined && { version }), ...(purl !== undefined && { purl }), digests };
}

export const subjectRef = (subject: Subject): ComponentRef => subject.purl ?? subject.name;

/** `h1:BASE64` of go.sum, as the hex of `dirHash` (golang.org/x/mod/sumdb/dirhash). */
export function dirHashOf(sum: string | undefined): DigestSet {
  if (sum === undefined || !/^h1:[A-Za-z0-9+/]{43}=$/.test(sum)) return {};
  return { dirHash: Buffer.from(sum.slice(3), "base64").toString("hex") };
}
