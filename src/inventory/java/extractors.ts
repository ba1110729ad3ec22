import type { Extractor } from "../../model/extractor.ts";

const GRADLE_FILE = /(?:^|\/)gradle\/[^/]+$/u;

/** Files in the folder `gradle` speak of the project that the folder lies in. */
const aboveGradle = (path: string): string => path.replace(/(?:^|\/)(?:gradle\/)?[^/]+$/u, "");

/** Java: what Maven and Gradle fix, strongest first. */
export const javaExtractors: readonly Extractor[] = [
  {
    kind: "group",
    id: "maven/gradle-lockfile",
    ecosystem: "maven",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: true, digests: true, licences: false, lines: true },
    claim: { names: ["gradle.lockfile", "buildscript-gradle.lockfile"] },
    groupOf: (path) => path.slice(0, path.lastIndexOf("/") + 1),
    projectOf: (path) => path.replace(/\/(?:[^/]+\.lockfile)?$/u, "").replace(/^[^/]+\.lockfile$/u, ""),
    extract: async (entries, source) => (await import("./gradle-lockfile.ts")).readGradleLockfiles(entries, source),
  },
  {
    kind: "file",
    id: "maven/pom",
    ecosystem: "maven",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: true, digests: false, licences: true, lines: true },
    claim: { names: ["pom.xml"], where: (path) => !/(?:^|\/)META-INF\/maven\//u.test(path) },
    extract: async (entry, source, around) => (await import("./pom-xml.ts")).readPomXml(entry, source, around),
  },
  {
    kind: "file",
    id: "maven/gradle-verification",
    ecosystem: "maven",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: false, digests: true, licences: false, lines: true },
    claim: { names: ["verification-metadata.xml"], where: (path) => GRADLE_FILE.test(path) },
    projectOf: aboveGradle,
    extract: async (entry, source) => (await import("./gradle-verification.ts")).readVerification(entry, source),
  },
  {
    kind: "file",
    id: "maven/gradle-catalog",
    ecosystem: "maven",
    of: "project",
    capability: { versions: "ranges", edges: false, scopes: false, digests: false, licences: false, lines: true },
    claim: { endings: [".versions.toml"] },
    projectOf: aboveGradle,
    extract: async (entry, source) => (await import("./gradle-catalog.ts")).readCatalog(entry, source),
  },
  {
    kind: "file",
    id: "maven/jar",
    ecosystem: "maven",
    of: "installation",
    capability: { versions: "exact", edges: false, scopes: false, digests: true, licences: true, lines: false },
    claim: { endings: [".jar", ".war", ".ear", ".par", ".sar", ".jpi", ".hpi"] },
    extract: async (entry, source) => (await import("./jar.ts")).readJar(entry, source),
  },
  {
    kind: "file",
    id: "java/release",
    ecosystem: "generic",
    of: "installation",
    capability: { versions: "exact", edges: false, scopes: false, digests: false, licences: false, lines: false },
    claim: { names: ["release"], perhaps: true },
    extract: async (entry, source) => (await import("./jdk.ts")).readJavaRelease(entry, source),
  },
];
