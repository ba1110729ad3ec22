/** A version as its parts in the order of PEP 440, so that they compare one by one. */
interface Version {
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  /** `dev` without more sorts before `a`, no pre-release after `rc`. */
  readonly pre: readonly [rank: number, number: bigint];
  /** -1: no post-release. */
  readonly post: bigint;
  /** Undefined: no development release, which sorts last. */
  readonly dev: bigint | undefined;
  readonly local: readonly (string | bigint)[] | undefined;
}

const MAX_LENGTH = 200;
/** PEP 440, appendix B, with the spellings that it normalises. */
const FORM =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;
const PRE_RANK: ReadonlyMap<string, number> = new Map([
  ["a", 0],
  ["alpha", 0],
  ["b", 1],
  ["beta", 1],
  ["c", 2],
  ["rc", 2],
  ["pre", 2],
  ["preview", 2],
]);

const count = (text: string | undefined): bigint => BigInt(text === undefined || text === "" ? 0 : text);

/** The same few versions are compared again and again. */
const KNOWN = new Map<string, Version | undefined>();
const MAX_KNOWN = 4096;

/** Undefined for what is no version. */
function parseVersion(text: string): Version | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const known = KNOWN.get(text);
  if (known !== undefined || KNOWN.has(text)) return known;
  if (KNOWN.size >= MAX_KNOWN) KNOWN.clear();
  const parsed = readVersion(text);
  KNOWN.set(text, parsed);
  return parsed;
}

function readVersion(text: string): Version | undefined {
  const found = FORM.exec(text.trim().toLowerCase());
  if (found === null) return undefined;
  const [, epoch, release = "", pre, preNumber, implicitPost, post, postNumber, dev, devNumber, local] = found;
  const hasPost = implicitPost !== undefined || post !== undefined;
  const noPre = dev !== undefined && !hasPost ? -1 : 3;
  return {
    epoch: count(epoch),
    release: release.split(".").map(BigInt),
    pre: pre === undefined ? [noPre, 0n] : [PRE_RANK.get(pre) ?? 2, count(preNumber)],
    post: hasPost ? count(implicitPost ?? postNumber) : -1n,
    dev: dev === undefined ? undefined : count(devNumber),
    local: local?.split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? BigInt(part) : part)),
  };
}

const order = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);

function compareRelease(a: readonly bigint[], b: readonly bigint[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const found = order(a[at] ?? 0n, b[at] ?? 0n);
    if (found !== 0) return found;
  }
  return 0;
}

/** Without the local part (PEP 440, "Version matching": it counts only where the specifier has one). */
function comparePublic(a: Version, b: Version): number {
  return (
    order(a.epoch, b.epoch) ||
    compareRelease(a.release, b.release) ||
    order(a.pre[0], b.pre[0]) ||
    order(a.pre[1], b.pre[1]) ||
    order(a.post, b.post) ||
    (a.dev === undefined ? (b.dev === undefined ? 0 : 1) : b.dev === undefined ? -1 : order(a.dev, b.dev))
  );
}

const sameLocal = (a: Version, b: Version): boolean => (a.local ?? []).join(".") === (b.local ?? []).join(".");

/** `wanted` without its last part, for `~=`, or as it stands before `.*`. */
function hasPrefix(version: Version, prefix: Version, length: number): boolean {
  const start = Array.from({ length }, (_, at) => version.release[at] ?? 0n);
  return version.epoch === prefix.epoch && compareRelease(start, prefix.release.slice(0, length)) === 0;
}

/** One comparison of a version specifier. */
export interface Clause {
  readonly operator: "==" | "!=" | "<=" | ">=" | "<" | ">" | "~=" | "===";
  readonly version: string;
}

/** Whether a version meets a comparison (PEP 440, "Version specifiers"); undefined where either is no version. */
export function meets(text: string, { operator, version: written }: Clause): boolean | undefined {
  if (operator === "===") return text.trim().toLowerCase() === written.trim().toLowerCase();
  const version = parseVersion(text);
  const any = written.endsWith(".*");
  const wanted = parseVersion(any ? written.slice(0, -2) : written);
  if (version === undefined || wanted === undefined) return undefined;
  if (any) {
    const inside = hasPrefix(version, wanted, wanted.release.length);
    if (operator === "==") return inside;
    return operator === "!=" ? !inside : undefined;
  }
  const compared = comparePublic(version, wanted);
  const equal = compared === 0 && (wanted.local === undefined || sameLocal(version, wanted));
  switch (operator) {
    case "==":
      return equal;
    case "!=":
      return !equal;
    case "<=":
      return compared <= 0;
    case ">=":
      return compared >= 0;
    case "~=":
      return compared >= 0 && hasPrefix(version, wanted, Math.max(1, wanted.release.length - 1));
    case "<":
      // Not the pre-releases of what is excluded, unless it is one itself.
      return (
        compared < 0 &&
        (wanted.pre[0] < 3 || version.pre[0] === 3 || compareRelease(version.release, wanted.release) !== 0)
      );
    default:
      return (
        compared > 0 &&
        (wanted.post >= 0n || version.post < 0n || compareRelease(version.release, wanted.release) !== 0)
      );
  }
}

const CLAUSE = /^(===|==|!=|<=|>=|~=|<|>)\s*([^\s,;()]+)$/;
/** Nobody excludes more versions by hand. */
const MAX_CLAUSES = 64;
const VERSION_TEXT = /^[A-Za-z0-9.!+_*-]+$/;

/** The comparisons of a specifier such as `>=1.0, <2`; undefined where it is none. Empty: any version. */
export function parseSpecifier(text: string): readonly Clause[] | undefined {
  const clauses: Clause[] = [];
  for (const part of text.split(",")) {
    const trimmed = part.trim();
    if (trimmed === "") continue;
    const found = CLAUSE.exec(trimmed);
    const [operator, version] = [found?.[1], found?.[2]];
    if (operator === undefined || version === undefined) return undefined;
    if (operator !== "===" && !VERSION_TEXT.test(version)) return undefined;
    if (clauses.length >= MAX_CLAUSES) return undefined;
    clauses.push({ operator: operator as Clause["operator"], version });
  }
  return clauses;
}

/** The one version that a specifier allows; undefined for a range. */
export function pinOf(clauses: readonly Clause[]): string | undefined {
  const exact = clauses.find(
    ({ operator, version }) => operator === "===" || (operator === "==" && !version.endsWith("*")),
  );
  return exact === undefined || (exact.operator === "==" && parseVersion(exact.version) === undefined)
    ? undefined
    : exact.version;
}

/** Whether a version meets all comparisons; what cannot be told does not exclude. */
export function meetsAll(version: string, clauses: readonly Clause[]): boolean {
  return clauses.every((clause) => meets(version, clause) !== false);
}
