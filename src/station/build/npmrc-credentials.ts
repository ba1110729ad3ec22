import { lstatSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Keys of npm's configuration whose values let somebody in (npm's documentation of npmrc, "Auth related configuration"). */
const CREDENTIAL = /(?:^|:)(?:_authToken|_auth|_password|username|otp|key)$/i;
const MAX_BYTES = 1 << 20;

/**
 * Blanks the credentials in each `.npmrc` of a copy of sources: the proxy outside has them, and whatever runs in a build
 * could read them. A value that only names a variable (`${NPM_TOKEN}`) is none. Gives the paths of the changed files.
 */
export function withoutCredentials(folder: string, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => basename(path) === ".npmrc" && blank(join(folder, path)));
}

function blank(path: string): boolean {
  const stat = lstatSync(path);
  if (!stat.isFile()) return false;
  const text = readFileSync(path, "latin1");
  // Larger than any configuration: nothing in it is read by npm's user, so nothing in it is kept.
  const blanked = stat.size > MAX_BYTES ? "" : text.split("\n").map(blankLine).join("\n");
  if (blanked === text) return false;
  writeFileSync(path, blanked, "latin1");
  utimesSync(path, stat.atime, stat.mtime);
  return true;
}

function blankLine(line: string): string {
  const at = line.indexOf("=");
  if (at < 0) return line;
  const key = line
    .slice(0, at)
    .trim()
    .replaceAll(/^["']|["']$/g, "");
  const value = line.slice(at + 1).trim();
  const comment = key.replace(/^[;#\s]+/, "");
  if (!CREDENTIAL.test(comment) || /^["']?\$\{[^${}]{1,200}\}["']?$/.test(value)) return line;
  return `; ${comment} is withheld from the build`;
}
