/** `name@range`, parted at the `@` behind the name. */
export interface Spec {
  readonly name: string;
  readonly range: string;
}

export function splitSpec(text: string): Spec {
  const at = text.indexOf("@", 1);
  return at === -1 ? { name: text, range: "" } : { name: text.slice(0, at), range: text.slice(at + 1) };
}

/** What an entry stands for. */
export interface Identity {
  readonly name: string;
  readonly version?: string;
  /** Where it comes from, if not from a registry. */
  readonly resolved?: string;
  /** A folder of the project, relative to the lockfile's. */
  readonly folder?: string;
  /** The patch that was applied to it. */
  readonly patch?: string;
}

const COMMIT = /^[0-9a-f]{40}$/u;
/** Longer than any address of an archive; keeps the search in it cheap. */
const MAX_URL = 4096;
const ARCHIVE = /\.(?:tgz|tar\.gz|tar)(?:[?#].*)?$/u;
/** `…/@scope/name/-/name-1.0.0.tgz`: where every registry keeps archives. */
const REGISTRY_PATH = /(?:^|\/)((?:@[^/@]+(?:\/|%2f))?[^/@]+)\/-\/[^?#]*\.t(?:ar\.)?gz(?:[?#].*)?$/iu;

/** A folder as the lockfile writes it, without `./`; parts that lead up are kept. */
function folderPath(written: string): string {
  const parts: string[] = [];
  for (const part of written.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** A git remote as npm's lockfiles write it: `git+` and a URL; undefined for what is none. */
function gitUrl(url: string): string | undefined {
  if (url.startsWith("git+")) return url;
  if (url.startsWith("git://") || url.startsWith("ssh://")) return `git+${url}`;
  const scp = /^([\w.-]+@[\w.-]+):(?!\/\/)(.+)$/u.exec(url);
  if (scp !== null) return `git+ssh://${scp[1]}/${scp[2]}`;
  const [place = "", fragment = ""] = url.split("#", 2);
  const isGit =
    /^https?:\/\//u.test(place) && (place.endsWith(".git") || COMMIT.test(fragment)) && !ARCHIVE.test(place);
  return isGit ? `git+${url}` : undefined;
}

/** The digest that yarn 1 puts behind the URL of an archive, as Subresource Integrity. */
export function fragmentIntegrity(resolved: string | undefined): string | undefined {
  const [place = "", fragment = ""] = resolved?.split("#", 2) ?? [];
  if (!COMMIT.test(fragment) || !ARCHIVE.test(place)) return undefined;
  return `sha1-${Buffer.from(fragment, "hex").toString("base64")}`;
}

/** Ranges that ask a registry: a version range, a tag, or an alias. */
function asksRegistry(range: string): boolean {
  return range.startsWith("npm:") || !/[:/]/u.test(range);
}

/** yarn 1: who an entry is, by what asks for it and by where its archive lies. Undefined where neither tells. */
export function classicIdentity(
  descriptors: readonly Spec[],
  version: string | undefined,
  resolved: string | undefined,
): Identity | undefined {
  const [first] = descriptors;
  if (first === undefined) return undefined;
  const local = descriptors.find(({ range }) => /^(?:file|link|portal):/u.test(range))?.range;
  const facts = { ...(version !== undefined && { version }) };
  if (resolved === undefined && local !== undefined && !ARCHIVE.test(local)) {
    return { name: first.name, ...facts, folder: folderPath(local.slice(local.indexOf(":") + 1)) };
  }
  if (descriptors.every(({ range }) => asksRegistry(range))) {
    const path =
      resolved === undefined || resolved.length > MAX_URL
        ? undefined
        : REGISTRY_PATH.exec(resolved)?.[1]?.replace(/%2f/iu, "/");
    const alias = descriptors.find(({ range }) => range.startsWith("npm:"))?.range;
    return { name: path ?? (alias === undefined ? first.name : splitSpec(alias.slice(4)).name), ...facts };
  }
  if (resolved === undefined && local === undefined && first.range.includes(":") && !first.range.includes("/"))
    return undefined;
  const where = resolved ?? local;
  return { name: first.name, ...facts, ...(where !== undefined && { resolved: gitUrl(where) ?? where }) };
}

/** The end of a locator: bindings behind `::`, which say how it is kept and not what it is (yarn docs, "locators"). */
function withoutBindings(reference: string): string {
  const at = reference.indexOf("::");
  return at === -1 ? reference : reference.slice(0, at);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** yarn 2 and later: who an entry is, by its `resolution`. */
export function berryIdentity(resolution: string, version: string | undefined, depth = 0): Identity {
  const { name, range } = splitSpec(resolution);
  const reference = withoutBindings(range);
  const protocol = /^([a-z+]+):/u.exec(reference)?.[1];
  const rest = protocol === undefined ? reference : reference.slice(protocol.length + 1);
  const facts = { name, ...(version !== undefined && { version }) };
  if (protocol === "npm") return { name, version: version ?? rest };
  if (protocol === "workspace") {
    return {
      name,
      ...(version !== undefined && !version.endsWith("-use.local") && { version }),
      folder: folderPath(rest),
    };
  }
  if (protocol === "patch") {
    const [source = "", ...patch] = rest.split("#");
    const inner = decoded(source);
    const of = depth < 4 && inner.includes("@", 1) ? berryIdentity(inner, version, depth + 1) : facts;
    return { ...of, patch: patch.join("#") };
  }
  if (protocol === "link" || protocol === "portal" || (protocol === "file" && !ARCHIVE.test(rest)))
    return { ...facts, folder: folderPath(rest) };
  const url = reference.replace("#commit=", "#").replace(/&.*$/u, "");
  return { ...facts, resolved: gitUrl(url) ?? url };
}
