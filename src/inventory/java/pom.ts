import type { Entry } from "../../model/artifact.ts";
import { type DocumentKind, formFault, manifestKind } from "../document.ts";
import { childOf, childrenOf, childText, readXml, type XmlDocument, type XmlElement } from "../xml.ts";

export const POM: DocumentKind = manifestKind("the pom");

/** A dependency as written; texts may hold `${…}`. */
export interface PomDependency {
  readonly group: string;
  readonly artifact: string;
  readonly version?: string;
  readonly type: string;
  readonly classifier?: string;
  readonly scope?: string;
  readonly optional?: string;
  /** `GROUP:ARTIFACT`, each may be `*`. */
  readonly exclusions: readonly string[];
  readonly offset: number;
}

export interface PomParent {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  /** Empty: not looked for in the source. */
  readonly relativePath: string;
}

/** What is read of one pom, before inheritance (Maven, "POM Reference"). */
export interface Pom {
  readonly document: XmlDocument;
  readonly file: string;
  readonly parent?: PomParent;
  readonly group?: string;
  readonly artifact: string;
  readonly version?: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly management: readonly PomDependency[];
  readonly dependencies: readonly PomDependency[];
  readonly modules: readonly string[];
  readonly licences: readonly string[];
  readonly relocation?: { readonly group?: string; readonly artifact?: string; readonly version?: string };
}

/** More is no pom that anybody wrote. */
const MAX_ENTRIES = 20_000;

/** Reads a pom. Throws `WB-MANIFEST-SYNTAX` with the line, `WB-MANIFEST-FORM`. Of profiles those count that are active by default. */
export function readPom(entry: Entry): Pom {
  const document = readXml(entry, POM);
  const { root } = document;
  if (root.name !== "project") throw formFault(POM, entry.path, "the document", "an element project", root.name);
  const profiles = childrenOf(childOf(root, "profiles"), "profile").filter(
    (profile) => childText(childOf(profile, "activation"), "activeByDefault") === "true",
  );
  const parts = [root, ...profiles];
  const parent = parentOf(childOf(root, "parent"));
  const relocation = childOf(childOf(root, "distributionManagement"), "relocation");
  const optional = (name: string, text: string | undefined): Record<string, string> =>
    text === undefined ? {} : { [name]: text };
  return {
    document,
    file: entry.path,
    ...(parent !== undefined && { parent }),
    ...optional("group", childText(root, "groupId")),
    artifact: childText(root, "artifactId") ?? "",
    ...optional("version", childText(root, "version")),
    properties: new Map(
      parts.flatMap((part) => (childOf(part, "properties")?.children ?? []).map(({ name, text }) => [name, text])),
    ),
    management: parts.flatMap((part) => dependenciesIn(childOf(part, "dependencyManagement"))),
    dependencies: parts.flatMap(dependenciesIn),
    modules: parts.flatMap((part) => childrenOf(childOf(part, "modules"), "module").map(({ text }) => text)),
    licences: childrenOf(childOf(root, "licenses"), "license").flatMap((licence) => childText(licence, "name") ?? []),
    ...(relocation !== undefined && {
      relocation: {
        ...optional("group", childText(relocation, "groupId")),
        ...optional("artifact", childText(relocation, "artifactId")),
        ...optional("version", childText(relocation, "version")),
      },
    }),
  };
}

function parentOf(element: XmlElement | undefined): PomParent | undefined {
  const [group, artifact, version] = ["groupId", "artifactId", "version"].map((name) => childText(element, name));
  if (group === undefined || artifact === undefined || version === undefined) return undefined;
  return { group, artifact, version, relativePath: childOf(element, "relativePath")?.text ?? "../pom.xml" };
}

function dependenciesIn(part: XmlElement | undefined): PomDependency[] {
  return childrenOf(childOf(part, "dependencies"), "dependency")
    .slice(0, MAX_ENTRIES)
    .flatMap((element) => {
      const group = childText(element, "groupId");
      const artifact = childText(element, "artifactId");
      if (group === undefined || artifact === undefined) return [];
      const facts: Record<string, string> = {};
      for (const name of ["version", "classifier", "scope", "optional"]) {
        const text = childText(element, name);
        if (text !== undefined) facts[name] = text;
      }
      const exclusions = childrenOf(childOf(element, "exclusions"), "exclusion").map(
        (exclusion) => `${childText(exclusion, "groupId") ?? "*"}:${childText(exclusion, "artifactId") ?? "*"}`,
      );
      return [
        { group, artifact, type: childText(element, "type") ?? "jar", ...facts, exclusions, offset: element.offset },
      ];
    });
}
