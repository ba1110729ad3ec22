/**
 * The path as a source gives it: relative, POSIX, without empty and `.` parts and without a final `/`; undefined for what
 * leads out or cannot be a path: absolute, a `..` part, NUL. The root itself is the empty text.
 */
export function entryPath(written: string): string | undefined {
  if (written.startsWith("/") || written.includes("\0")) return undefined;
  // Most paths are in form already.
  if (!/(?:^|\/)(?:\.{0,2})(?:\/|$)/.test(written)) return written;
  const parts = written.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts.join("/");
}

/** Code-unit order, the one order of everything that is written. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
