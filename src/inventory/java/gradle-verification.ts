import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { DigestSet } from "../../model/digest.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, Unknown } from "../../model/sbom.ts";
import { formFault, lockfileKind } from "../document.ts";
import { artifactComponent } from "./coordinates.ts";
import { childOf, childrenOf, Lines, readXml, type XmlElement } from "../xml.ts";

const VERIFICATION = lockfileKind(
  "gradle/verification-metadata.xml",
  "write it anew with gradle --write-verification-metadata sha256",
);
const HEX: readonly (readonly ["sha512" | "sha256" | "sha1" | "md5", RegExp])[] = [
  ["sha512", /^[0-9a-f]{128}$/],
  ["sha256", /^[0-9a-f]{64}$/],
  ["sha1", /^[0-9a-f]{40}$/],
  ["md5", /^[0-9a-f]{32}$/],
];

/**
 * Reads `gradle/verification-metadata.xml`: the modules that a build may use and the digests of their archives (Gradle User Manual,
 * "Verifying dependencies"). It may list more than a build needs. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export function readVerification(entry: Entry, source: Source): Extraction {
  const { root, text } = readXml(entry, VERIFICATION);
  if (root.name !== "verification-metadata") {
    throw formFault(VERIFICATION, entry.path, "the document", "an element verification-metadata", root.name);
  }
  const byRef = new Map<string, Component>();
  const unknowns: Unknown[] = [];
  const lines = new Lines(text);
  for (const element of childrenOf(childOf(root, "components"), "component")) {
    const line = lines.at(element.offset);
    const group = element.attributes.get("group") ?? "";
    const artifact = element.attributes.get("name") ?? "";
    const version = element.attributes.get("version") ?? "";
    if (group === "" || artifact === "" || version === "") {
      const what = `${cleanText(`${group}:${artifact}:${version}`, 200)} is named without all of group, name and version`;
      unknowns.push({ where: `${entry.path}:${line}`, what });
    }
    if (group === "" && artifact === "") continue;
    const component = artifactComponent(
      { group, artifact, ...(version !== "" && { version }) },
      [{ path: entry.path, line, technique: "lockfile" }],
      { digests: digestsOf(element, `${artifact}-${version}.jar`) },
    );
    if (!byRef.has(component.ref)) byRef.set(component.ref, component);
  }
  unknowns.push({ where: entry.path, what: "the file tells what may be used, not what needs what" });
  const folder = entry.path.replace(/(?:^|\/)(?:gradle\/)?[^/]+$/u, "");
  return {
    subject: { name: folder === "" ? source.artifact.name : folder.slice(folder.lastIndexOf("/") + 1), digests: {} },
    components: [...byRef.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: [],
    completeness: { components: "unknown", dependencies: "unknown", method: "locked" },
    unknowns,
  };
}

/** Digests by package URL of the verification file beside a lockfile; none where it is not there, or cannot be read. */
export function verifiedDigests(path: string, source: Source): ReadonlyMap<string, DigestSet> {
  const entry = source.find(path);
  if (entry?.kind !== "file") return new Map();
  try {
    return new Map(readVerification(entry, source).components.map(({ ref, digests }) => [ref, digests]));
  } catch (error) {
    if (error instanceof Fault) return new Map();
    throw error;
  }
}

/** Digests of the module's own archive; of others in the same module nothing can be said here. */
function digestsOf(component: XmlElement, archive: string): DigestSet {
  const element = childrenOf(component, "artifact").find(({ attributes }) => attributes.get("name") === archive);
  const digests: Partial<Record<(typeof HEX)[number][0], string>> = {};
  for (const [algorithm, form] of HEX) {
    const value = childOf(element, algorithm)?.attributes.get("value")?.toLowerCase();
    if (value !== undefined && form.test(value)) digests[algorithm] = value;
  }
  return digests;
}
