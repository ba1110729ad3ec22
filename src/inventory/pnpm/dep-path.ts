/** What a key of `packages` or `snapshots` says (pnpm docs, "dependency path"); the rest stands in the entry. */
export interface DepPath {
  /** The key without the suffixes that tell peers and patches. */
  readonly base: string;
  readonly name?: string;
  readonly version?: string;
  /** It names where the package comes from, and not a registry's version. */
  readonly foreign: boolean;
}

const VERSION = /^\d+\.\d+\.\d+/u;

/** Where the name ends in `name@…` or `@scope/name@…`. */
function nameEnd(text: string): number {
  return text.indexOf("@", 1);
}

/** Lockfiles of version 9: `name@version(peer@1)(patch_hash=…)`, `name@https://…`, `name@file:…`. */
function newer(base: string): DepPath | undefined {
  const at = nameEnd(base);
  if (at === -1) return undefined;
  const name = base.slice(0, at);
  const version = base.slice(at + 1);
  const foreign = /[:/]/u.test(version);
  return { base, name, ...(!foreign && { version }), foreign };
}

/** Lockfiles of version 5: `name/version_peers`, `@scope/name/version/peers`. */
function slashed(text: string): { readonly name: string; readonly version: string } | undefined {
  const [, name = "", version = ""] = /^((?:@[^/]+\/)?[^/@]+)\/([^/_]+)/u.exec(text.slice(0, 1000)) ?? [];
  return VERSION.test(version) ? { name, version } : undefined;
}

/**
 * Reads a key. `lockfileVersion` is the whole number of the lockfile's. Undefined for what is no such key at all; without `name` and
 * `version` the entry itself must tell them.
 */
export function readDepPath(key: string, lockfileVersion: number): DepPath | undefined {
  const paren = key.indexOf("(");
  const base = paren === -1 ? key : key.slice(0, paren);
  if (lockfileVersion >= 7 && !base.startsWith("/")) return newer(base);
  if (base.startsWith("/")) {
    const rest = base.slice(1);
    const parts = rest.split("/").length;
    const at = nameEnd(rest);
    // Version 6: `/name@version`, where version 5 has a slash.
    if (parts === (rest.startsWith("@") ? 2 : 1) && at !== -1)
      return { base, name: rest.slice(0, at), version: rest.slice(at + 1), foreign: false };
    return { base, ...slashed(rest), foreign: false };
  }
  if (!/[/:]/u.test(base)) return undefined;
  // A registry that is not the default one stands in front; everything else is an archive's or a repository's address.
  const found = base.startsWith("@") || base.includes(":") ? undefined : slashed(base.slice(base.indexOf("/") + 1));
  return found === undefined ? { base, foreign: true } : { base, ...found, foreign: false };
}
