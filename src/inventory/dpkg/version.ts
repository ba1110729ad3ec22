import type { Capability } from "../os/installation.ts";

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;

/** Order of one character: `~` before the end, letters before all else (deb-version(7)). */
function weight(unit: number): number {
  if (unit === 0x7e) return -1;
  if (Number.isNaN(unit) || isDigit(unit)) return 0;
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) ? unit : unit + 256;
}

function comparePart(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a.charCodeAt(i))) || (j < b.length && !isDigit(b.charCodeAt(j)))) {
      const difference = weight(a.charCodeAt(i)) - weight(b.charCodeAt(j));
      if (difference !== 0) return difference;
      if (i < a.length && !isDigit(a.charCodeAt(i))) i += 1;
      if (j < b.length && !isDigit(b.charCodeAt(j))) j += 1;
    }
    const [startA, startB] = [i, j];
    while (i < a.length && isDigit(a.charCodeAt(i))) i += 1;
    while (j < b.length && isDigit(b.charCodeAt(j))) j += 1;
    const [x, y] = [a.slice(startA, i).replace(/^0+/u, ""), b.slice(startB, j).replace(/^0+/u, "")];
    if (x.length !== y.length) return x.length - y.length;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function parts(version: string): readonly [epoch: string, upstream: string, revision: string] {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf("-");
  return [
    colon === -1 ? "0" : version.slice(0, colon),
    dash === -1 ? rest : rest.slice(0, dash),
    dash === -1 ? "" : rest.slice(dash + 1),
  ];
}

/** Which of two Debian versions comes first: negative, zero, positive (Debian policy, 5.6.12; deb-version(7)). */
export function compareDebian(a: string, b: string): number {
  const [x, y] = [parts(a), parts(b)];
  return comparePart(x[0], y[0]) || comparePart(x[1], y[1]) || comparePart(x[2], y[2]);
}

/** Whether a version is as a dependency asks for it (Debian policy, 7.1). */
export function meetsDebian({ relation, version: asked }: Capability, version: string): boolean {
  if (relation === undefined || asked === undefined) return true;
  const order = compareDebian(version, asked);
  if (relation === "=") return order === 0;
  if (relation === "<<") return order < 0;
  if (relation === ">>") return order > 0;
  return relation === "<=" ? order <= 0 : order >= 0;
}
