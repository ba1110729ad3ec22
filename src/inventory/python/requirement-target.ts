import { archiveName } from "./archives.ts";
import { commitDigest, isName, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import { joined } from "./project.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";

/** What a line of a requirements file leads to. */
export interface Target {
  readonly requirement: Requirement;
  /** Told by a file's name. */
  readonly version: string | undefined;
  readonly origin: Origin | undefined;
  readonly commit: string | undefined;
  /** A folder of the project, from the source on. */
  readonly folder: string | undefined;
}

const VCS = /^(git|hg|svn|bzr)\+/;
const ARCHIVE = /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)$/;

/**
 * Reads a requirement, a URL, a repository or a path (pip documentation, "Requirement Specifiers", "VCS Support"). `folder` is that of
 * the file, for paths. Undefined where the text is none of them or does not name a package.
 */
export function readTarget(text: string, folder: string): Target | undefined {
  const requirement = parseRequirement(text);
  if (requirement !== undefined) {
    if (requirement.url === undefined) return { requirement, ...NOWHERE };
    return { requirement, ...fromUrl(requirement.url, folder) };
  }
  const [written, marker] = cutMarker(text);
  if (/^(?:https?|ftp|file):\/\//.test(written) || VCS.test(written)) {
    const found = fromUrl(written, folder);
    const fragment = new URLSearchParams(written.slice(written.indexOf("#") + 1));
    const egg = written.includes("#") ? (fragment.get("egg") ?? undefined) : undefined;
    const archive = archiveName(fileNameOf(written));
    const named = egg === undefined ? undefined : parseRequirement(egg);
    const name = named?.name ?? archive?.name ?? repositoryName(written);
    return name === undefined ? undefined : { requirement: bare(name, named?.extras ?? [], marker), ...found };
  }
  return fromPath(written, folder, marker);
}

const NOWHERE = { version: undefined, origin: undefined, commit: undefined, folder: undefined };

const bare = (name: string, extras: readonly string[], marker: string | undefined): Requirement => ({
  name: normaliseName(name),
  extras,
  clauses: [],
  url: undefined,
  marker,
});

function cutMarker(text: string): readonly [string, string | undefined] {
  const at = text.search(/\s;/);
  return at < 0 ? [text.trim(), undefined] : [text.slice(0, at).trim(), text.slice(at + 2).trim()];
}

const fileNameOf = (url: string): string => {
  const path = url.replace(/[?#].*$/s, "");
  const name = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

/** The last part of a repository's path, as a person calls it. */
function repositoryName(url: string): string | undefined {
  if (!VCS.test(url)) return undefined;
  const name = fileNameOf(url.replace(/@[^/@]*(?=$|#)/, "")).replace(/\.git$/, "");
  return isName(name) ? name : undefined;
}

function fromUrl(url: string, folder: string): Pick<Target, "origin" | "commit" | "folder" | "version"> {
  const vcs = VCS.exec(url)?.[1];
  const plain = url.replace(/#.*$/s, "");
  if (vcs !== undefined) {
    // The revision stands behind the last `@` of the path: one before it belongs to the host.
    const host = plain.indexOf("/", plain.indexOf("://") + 3);
    const at = plain.lastIndexOf("@");
    const revision = host > 0 && at > host ? plain.slice(at + 1) : undefined;
    const repository = revision === undefined ? plain : plain.slice(0, at);
    const commit = commitDigest(revision).gitCommit === undefined ? undefined : revision;
    return { ...NOWHERE, origin: vcsOrigin(vcs, repository, revision), commit };
  }
  const version = archiveName(fileNameOf(plain))?.version;
  if (plain.startsWith("file:") && !ARCHIVE.test(plain)) {
    const path = plain.replace(/^file:(?:\/\/)?/, "");
    const own = path.startsWith("/") ? undefined : joined(folder, path);
    if (own !== undefined) return { ...NOWHERE, folder: own };
  }
  return { ...NOWHERE, version, origin: { key: "download_url", url: withoutCredentials(plain) } };
}

function fromPath(written: string, folder: string, marker: string | undefined): Target | undefined {
  const open = written.endsWith("]") ? written.lastIndexOf("[") : -1;
  const path = open < 0 ? written : written.slice(0, open);
  const extras = open < 0 ? "" : written.slice(open + 1, -1);
  if (!/^\.{1,2}(?:$|[\\/])/.test(path) && !path.includes("/") && !ARCHIVE.test(path)) return undefined;
  const archive = ARCHIVE.test(path) ? archiveName(fileNameOf(path)) : undefined;
  if (ARCHIVE.test(path)) {
    if (archive === undefined) return undefined;
    const origin: Origin = { key: "download_url", url: `file:${path}` };
    return { ...NOWHERE, requirement: bare(archive.name, [], marker), version: archive.version, origin };
  }
  const own = joined(folder, path);
  if (own === undefined) return undefined;
  const name = own.slice(own.lastIndexOf("/") + 1);
  const wanted = extras.split(",").map((extra) => normaliseName(extra.trim()));
  // Of the source's own folder nobody knows what it is called.
  return own === "" || isName(name)
    ? {
        ...NOWHERE,
        requirement: bare(
          own === "" ? "." : name,
          wanted.filter((extra) => extra !== ""),
          marker,
        ),
        folder: own,
      }
    : undefined;
}
