const MARK = "node_modules/";
const NAME = /^(?:@[^/@\s]{1,214}\/)?[^/@\s.][^/@\s]{0,214}(?=\/|$)/u;

/**
 * The install position of a file by its path: from the first `node_modules/` to the name behind the last. Undefined for a path that
 * leads through no package. `../` before the first and anything like a scheme are passed over.
 */
export function positionOf(path: string): string | undefined {
  const first = path.indexOf(MARK);
  const last = path.lastIndexOf(MARK);
  if (first < 0 || path.length > 4096) return undefined;
  const name = NAME.exec(path.slice(last + MARK.length))?.[0];
  return name === undefined ? undefined : path.slice(first, last + MARK.length) + name;
}

/** The name of the package at an install position. */
export function nameAt(position: string): string {
  return position.slice(position.lastIndexOf(MARK) + MARK.length);
}

/** The folder that a file lies in; "" is the source's own. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
