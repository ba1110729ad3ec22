import { printPurl } from "../../artifact/purl.ts";
export { normaliseName } from "../../artifact/pypi-name.ts";
import type { Purl } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";

/** No index takes longer names; keeps hostile text cheap. */
export const MAX_NAME = 256;
const NAME = /^[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?$/i;
const PLAIN_VERSION = /^[A-Za-z0-9._-]+$/;

/** Where a package came from, if not from an index. */
export interface Origin {
  readonly key: "vcs_url" | "download_url";
  readonly url: string;
}

/** Whether a text is a name of a distribution (PEP 508, "Names"). */
export function isName(text: string): boolean {
  return text.length <= MAX_NAME && NAME.test(text);
}

/** The package URL of a distribution; undefined for what no package URL can hold. `name` is normalised. */
export function pypiPurl(name: string, version: string | undefined, origin?: Origin): Purl | undefined {
  if (origin === undefined && isName(name) && version !== undefined && PLAIN_VERSION.test(version)) {
    return `pkg:pypi/${name}@${version.toLowerCase()}`;
  }
  try {
    return printPurl({
      type: "pypi",
      name,
      ...(version !== undefined && { version }),
      ...(origin !== undefined && { qualifiers: { [origin.key]: origin.url } }),
    });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** A repository as an origin: `git+https://host/path@commit` (purl-spec, "Known qualifiers": `vcs_url` in SPDX's form). */
export function vcsOrigin(vcs: string, url: string, commit: string | undefined): Origin {
  const bare = withoutCredentials(url.startsWith(`${vcs}+`) ? url.slice(vcs.length + 1) : url);
  return { key: "vcs_url", url: `${vcs}+${bare}${commit === undefined ? "" : `@${commit}`}` };
}

/** `git@host` names the account of the protocol, not a person; everything else before the `@` may be secret. */
export function withoutCredentials(url: string): string {
  const start = url.indexOf("://") + 3;
  if (start === 2) return url;
  const slash = url.indexOf("/", start);
  const at = url.lastIndexOf("@", slash === -1 ? undefined : slash);
  return at < start || url.slice(start, at) === "git" ? url : url.slice(0, start) + url.slice(at + 1);
}

/** A commit as its digest: only a whole SHA-1 or SHA-256 names it. */
export function commitDigest(commit: string | undefined): { readonly gitCommit: string } | Record<string, never> {
  return commit !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? { gitCommit: commit } : {};
}
