import { pythonForm } from "../orders/pypi.ts";

/** Zeros before a number say nothing. */
const plain = (digits: string): string => digits.replace(/^0+(?=[0-9])/, "");

/**
 * A version with the three numbers of Semantic Versioning: missing ones are 0, a fourth one and what follows it goes behind a `+`, and
 * letters that follow at once behind a `-`. So the VERS test suite writes npm's, Go's and Composer's versions.
 */
function semverForm(text: string): string {
  const match = /^[v=]*([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(.*)$/.exec(text);
  if (match === null) return text;
  const [, major = "", minor = "0", patch = "0", tail = ""] = match;
  const numbers = [major, minor, patch].map(plain).join(".");
  const rest = tail.replaceAll(/[^0-9A-Za-z+.-]/g, "-");
  if (rest.startsWith(".") || rest.startsWith("+")) return `${numbers}+${rest.slice(1).replaceAll("+", ".")}`;
  const [prerelease = "", ...build] = rest.replace(/^-/, "").split("+");
  return numbers + (prerelease === "" ? "" : `-${prerelease}`) + (build.length === 0 ? "" : `+${build.join(".")}`);
}

/** How the versions of a VERS type are written, by the VERS test suite: of npm, Go and Composer, and of PyPI by PEP 440. */
export function canonicalVersion(type: string, text: string): string {
  if (type === "npm" || type === "golang" || type === "composer") return semverForm(text);
  return type === "pypi" ? pythonForm(text) : text;
}
