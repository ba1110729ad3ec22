const MARK = "node_modules/";
/** Where package managers keep packages that others are linked to: pnpm, npm (`install-strategy=linked`) and yarn, bun. */
const STORE = /^\.(?:pnpm|store|bun)(?:\/(?:@[^/]+(?:\/[^/]+)?|[^/@][^/]*))?$/u;
const NAME = /^(?:@[^/]+\/)?[^/@.][^/]*$/u;

/** What lies behind the last `node_modules/` of a path; undefined for a path outside of all. */
function insideModules(path: string): string | undefined {
  const at = path.lastIndexOf(MARK);
  return at === -1 || (at > 0 && path.charCodeAt(at - 1) !== 47) ? undefined : path.slice(at + MARK.length);
}

/** The manifest of an installed package, at its install position; npm's and pnpm's own lists of what they installed. */
export function isInstalledFile(path: string): boolean {
  const inside = insideModules(path);
  if (inside === undefined) return false;
  if (inside.endsWith("/package.json")) return NAME.test(inside.slice(0, -"/package.json".length));
  return inside === ".package-lock.json" || inside === ".pnpm/lock.yaml";
}

/**
 * Whether nothing in a folder below `node_modules` is an install position: the insides of packages, caches, commands. What a package
 * has in a `node_modules` of its own is looked at.
 */
export function isInsidePackage(directory: string): boolean {
  const inside = insideModules(directory);
  if (inside === undefined || directory.endsWith("/node_modules")) return false;
  return !(NAME.test(inside) || STORE.test(inside) || (inside.startsWith("@") && !inside.includes("/")));
}

/** The folder whose `node_modules` a path leads through first; "" is the source's own. */
export function installedFor(path: string): string {
  const at = path.startsWith(MARK) ? 0 : path.indexOf(`/${MARK}`);
  return path.slice(0, Math.max(0, at));
}
