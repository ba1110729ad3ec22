const SEMVER = /^v(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9A-Za-z.-]{1,200}))?(?:\+[0-9A-Za-z.-]{1,200})?$/;

/** Whether a text is a version as Go writes it in its files (Go Modules Reference, "Versions"). */
export function isVersion(text: string): boolean {
  return SEMVER.test(text);
}

/** Order of two versions: negative where `a` comes first. What is no version comes before all that are. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [SEMVER.exec(a), SEMVER.exec(b)];
  if (x === null || y === null) return Number(x !== null) - Number(y !== null);
  for (const part of [1, 2, 3]) {
    const order = Number(x[part]) - Number(y[part]);
    if (order !== 0) return order;
  }
  const [before, after] = [x[4], y[4]];
  if (before === undefined || after === undefined) return Number(before === undefined) - Number(after === undefined);
  return compareIdentifiers(before.split("."), after.split("."));
}

/** Semantic Versioning 2.0, item 11.4. */
function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    const numbers = [left, right].map((part) => /^\d{1,200}$/.test(part));
    if (numbers[0] !== numbers[1]) return numbers[0] === true ? -1 : 1;
    if (numbers[0] === true && left.length !== right.length) return left.length - right.length;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
