import { npmPurl } from "../../artifact/purl.ts";
import type { Purl } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";

/** Needs no encoding: nearly all names, which a lockfile has by the thousand. */
const PLAIN_NAME = /^(?:@[a-z0-9_.-]+\/)?[a-z0-9_][A-Za-z0-9_.-]*$/;
const PLAIN_VERSION = /^[A-Za-z0-9_.-]+$/;

/** Where a package came from, if not from a registry. */
export interface Origin {
  readonly key: "vcs_url" | "download_url";
  readonly url: string;
}

/**
 * The package URL of an npm package, with the qualifier of its origin (purl-spec, "Known qualifiers"). Undefined for a name
 * that no package URL can hold.
 */
export function packageUrl(name: string, version: string | undefined, origin?: Origin): Purl | undefined {
  if (origin === undefined && PLAIN_NAME.test(name) && version !== undefined && PLAIN_VERSION.test(version)) {
    return name.startsWith("@") ? `pkg:npm/%40${name.slice(1)}@${version}` : `pkg:npm/${name}@${version}`;
  }
  try {
    return npmPurl(name, version, origin && { [origin.key]: origin.url });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/**
 * The origin that `resolved` names: a repository, a local archive, or (only where a need asked for that very URL) a download.
 * A tarball of a registry is no origin: the registry's package is meant.
 */
export function originOf(resolved: string | undefined, byUrl: boolean): Origin | undefined {
  if (resolved === undefined) return undefined;
  if (resolved.startsWith("git") && resolved.includes(":")) {
    return { key: "vcs_url", url: withoutCredentials(resolved.startsWith("git:") ? `git+${resolved}` : resolved) };
  }
  if (resolved.startsWith("file:")) return { key: "download_url", url: resolved };
  return byUrl && resolved.includes("://") ? { key: "download_url", url: withoutCredentials(resolved) } : undefined;
}

/** The name of the archive that `resolved` leads to; undefined where it leads to none. */
export function archiveName(resolved: string | undefined): string | undefined {
  return resolved === undefined
    ? undefined
    : /^[a-z+]+:.*\/([\w@.+-]{1,200}\.(?:tgz|tar\.gz))(?:[?#]|$)/u.exec(resolved)?.[1];
}

/** `git@host` names the account of the protocol, not a person; everything else before the `@` may be secret. */
function withoutCredentials(url: string): string {
  const start = url.indexOf("://") + 3;
  if (start === 2) return url;
  const slash = url.indexOf("/", start);
  const at = url.lastIndexOf("@", slash === -1 ? undefined : slash);
  return at < start || url.slice(start, at) === "git" ? url : url.slice(0, start) + url.slice(at + 1);
}
