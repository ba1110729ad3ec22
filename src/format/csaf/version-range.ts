/** Version ranges as names of branches: VERS (vers-spec), and its constraints alone, which CSAF calls vls (3.1.2.3.2 in 2.1). */

export interface Constraint {
  readonly comparator: "=" | "!=" | "<" | "<=" | ">" | ">=" | "*";
  readonly version: string;
}

export interface VersionRange {
  readonly kind: "vers" | "vls";
  /** Of vers; empty where the text has none. */
  readonly type: string;
  readonly constraints: readonly Constraint[];
}

/** The order of two versions of a VERS type; undefined where it is not known. */
export type CompareVersions = (type: string, one: string, other: string) => number | undefined;

/** Where no orders are given, none is known. */
export const noOrder: CompareVersions = () => undefined;

/** Longer names are no version range; more constraints are compared in pairs. */
const MAX_LENGTH = 65_536;

const CONSTRAINT = /^(!=|<=|>=|[<>=])?([^\s<>=!*|]+)$/;

/** Types of the VERS specification, special ones among them; those that are also package URL types are in `PURL_TYPES`. */
export const VERS_TYPES: ReadonlySet<string> = new Set(
  `all alpm apk cargo composer cpan dart datetime deb gem generic golang hackage intdot lexicographic maven none npm nuget pypi
   rpm semver`.split(/\s+/),
);

/** The range, or what is wrong with its text. */
export function parseRange(
  name: string,
): { readonly range: VersionRange } | { readonly range?: undefined; readonly problem: string } {
  if (name.length > MAX_LENGTH) return { problem: `it is longer than ${MAX_LENGTH} characters` };
  if (/[^\x21-\x7e]/.test(name)) return { problem: "a version range has no blanks and no characters beyond ASCII" };
  const match = /^vers:([a-z0-9.+-]*)\/(.*)$/.exec(name);
  if (match === null && name.startsWith("vers:"))
    return { problem: "vers: is followed by a type in lower case and a slash" };
  const [, type = "", text = name] = match ?? [];
  const kind = match === null ? "vls" : "vers";
  if (text === "*") return { range: { kind, type, constraints: [{ comparator: "*", version: "" }] } };
  if (type === "all" || type === "none") return { problem: `vers:${type}/* is the only range of this type` };
  const constraints: Constraint[] = [];
  const seen = new Set<string>();
  for (const part of text.split("|")) {
    const [, comparator = "=", version] = CONSTRAINT.exec(part) ?? [];
    if (version === undefined)
      return { problem: part === "" ? "a constraint is empty" : "a constraint is no comparator and version" };
    // In vls a version ends one interval and begins the next (`<1|>1`): it has no canonical form.
    if (kind === "vers" && seen.has(version)) return { problem: "a version stands twice" };
    seen.add(version);
    constraints.push({ comparator: comparator as Constraint["comparator"], version });
  }
  return { range: { kind, type, constraints } };
}

/** What keeps a range of VERS from its canonical form; `unordered` where the order of its versions is not known. */
export function checkCanonical(range: VersionRange, compare: CompareVersions): string | undefined {
  if (range.kind === "vls") return undefined;
  const { constraints, type } = range;
  let bound: string | undefined;
  for (const [index, { comparator, version }] of constraints.entries()) {
    const before = constraints[index - 1];
    const order = before === undefined ? undefined : compareIn(type, before.version, version, compare);
    if (order !== undefined && order >= 0) return "versions are not in ascending order";
    if (comparator === "=" || comparator === "!=" || comparator === "*") continue;
    const side = comparator[0] ?? "";
    // A lower bound is followed by an upper one, and that by a lower one: else one of them says nothing.
    if (bound === side) return `two bounds ${side} follow one another`;
    bound = side;
  }
  return undefined;
}

/** Without a type, versions go by numbers between dots: nobody has said how else. */
function compareIn(type: string, one: string, other: string, compare: CompareVersions): number | undefined {
  if (one === other) return 0;
  return type === "" ? compareNumbers(one, other) : compare(type, one, other);
}

/** Numbers between dots, a `v` before them not counted; absent ones are 0. */
function compareNumbers(one: string, other: string): number | undefined {
  const [left, right] = [one, other].map((text) => /^[vV]?(\d+(?:\.\d+)*)$/.exec(text)?.[1]?.split("."));
  if (left === undefined || right === undefined) return undefined;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [BigInt(left[index] ?? "0"), BigInt(right[index] ?? "0")];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** An end is open where the version itself is not in; undefined is without end. */
interface End {
  readonly version: string;
  readonly open: boolean;
}
interface Interval {
  readonly low: End | undefined;
  readonly high: End | undefined;
}

function intervalsOf({ constraints }: VersionRange): readonly Interval[] {
  const found: Interval[] = [];
  let low: { readonly end: End | undefined } | undefined;
  for (const { comparator, version } of constraints) {
    const end = { version, open: comparator === "<" || comparator === ">" };
    if (comparator === "*") return [{ low: undefined, high: undefined }];
    if (comparator === "=") found.push({ low: end, high: end });
    else if (comparator[0] === ">") low = { end };
    else if (comparator[0] === "<") {
      found.push({ low: low?.end, high: end });
      low = undefined;
    }
  }
  return low === undefined ? found : [...found, { low: low.end, high: undefined }];
}

/** Whether a version is in both ranges; false where the order of their versions is not known. Types that differ are not compared. */
export function overlap(one: VersionRange, other: VersionRange, compare: CompareVersions): boolean {
  if (one.kind !== other.kind || one.type !== other.type) return false;
  const excluded = new Set(
    [...one.constraints, ...other.constraints]
      .filter(({ comparator }) => comparator === "!=")
      .map(({ version }) => version),
  );
  const order = (left: string, right: string): number => compareIn(one.type, left, right, compare) ?? Number.NaN;
  return intervalsOf(one).some((left) => intervalsOf(other).some((right) => meet(left, right, excluded, order)));
}

function meet(
  left: Interval,
  right: Interval,
  excluded: ReadonlySet<string>,
  order: (one: string, other: string) => number,
): boolean {
  return [left, right].every(({ low }) =>
    [left, right].every(({ high }) => {
      if (low === undefined || high === undefined) return true;
      const between = order(low.version, high.version);
      return between < 0 || (between === 0 && !low.open && !high.open && !excluded.has(low.version));
    }),
  );
}

/** How many intervals two ranges have to compare: what an overlap costs. */
export function costOfOverlap(one: VersionRange, other: VersionRange): number {
  return one.constraints.length * other.constraints.length;
}

/** A version as a range, of the type of another one. */
export function rangeOfVersion(version: string, { kind, type }: VersionRange): VersionRange {
  return { kind, type, constraints: [{ comparator: "=", version }] };
}
