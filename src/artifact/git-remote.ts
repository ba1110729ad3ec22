/**
 * A git remote as the URI of provenance: `git+https://…`, `git+ssh://…`, `git+git://…`, without user, password, query and
 * fragment. The `host:path` form of ssh becomes a URL. Undefined for local paths, which say nothing to others.
 */
export function remoteUri(remote: string): string | undefined {
  const short = /^(?:[^@/:\s]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^\s]+)$/.exec(remote);
  const written = short === null ? remote : `ssh://${short[1]}/${short[2]?.replace(/^\/+/, "")}`;
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  if (!["https:", "http:", "ssh:", "git:"].includes(url.protocol) || url.host === "") return undefined;
  // Not by setters: those of `username` do nothing for some schemes.
  return `git+${url.protocol}//${url.host}${url.pathname}`;
}
