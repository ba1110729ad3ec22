import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, compareLists, comparePadded, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";
import { compareIdentifiers, type Identifier } from "./semver.ts";

/** A version of PEP 440, or what was one before: `legacy` sorts below them all, by setuptools' key. */
type PythonVersion = { readonly legacy: readonly string[] } | PublicVersion;

interface PublicVersion {
  readonly epoch: Natural;
  readonly release: readonly Natural[];
  /** Each as a number that sorts as PEP 440, "Summary of permitted suffixes and relative ordering", says. */
  readonly pre: readonly [phase: number, number: Natural];
  readonly post: Natural;
  readonly dev: Natural;
  readonly local: readonly Identifier[];
}

/** PEP 440, "Normalization": every spelling that it lets pass. Each part begins with what no part before it can end with. */
const VERSION =
  /^v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?(?:[-_.]?(dev)[-_.]?([0-9]*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

const PHASES: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 };
const BEFORE_PHASES = 0;
const AFTER_PHASES = 4;

function parsePublic(text: string): PublicVersion | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [
    ,
    epoch = "",
    release = "",
    phase,
    preNumber = "",
    implicitPost,
    post,
    postNumber = "",
    dev,
    devNumber = "",
    local,
  ] = match;
  const hasPost = implicitPost !== undefined || post !== undefined;
  // A development release of a final one comes before its prereleases (PEP 440, "Developmental releases").
  const noPhase = dev !== undefined && !hasPost ? BEFORE_PHASES : AFTER_PHASES;
  return {
    epoch: natural(epoch),
    release: release.split(".").map(natural),
    pre: [phase === undefined ? noPhase : (PHASES[phase] ?? noPhase), natural(preNumber)],
    post: hasPost ? natural(implicitPost ?? postNumber) : -1,
    dev: dev === undefined ? Infinity : natural(devNumber),
    local:
      local === undefined ? [] : local.split(/[-_.]/).map((part) => (/^[0-9]+$/.test(part) ? natural(part) : part)),
  };
}

/** The normal form of PEP 440 ("Normalization"): `1.9.0alpha` is `1.9.0a0`. What is no version of it stays as it is. */
export function pythonForm(text: string): string {
  const version = parsePublic(text.trim().toLowerCase());
  if (version === undefined) return text;
  const { epoch, release, pre, post, dev, local } = version;
  const phase = ["", "a", "b", "rc", ""][pre[0]] ?? "";
  return [
    epoch === 0 ? "" : `${epoch}!`,
    release.join("."),
    phase === "" ? "" : `${phase}${pre[1]}`,
    post === -1 ? "" : `.post${post}`,
    dev === Infinity ? "" : `.dev${dev}`,
    local.length === 0 ? "" : `+${local.join(".")}`,
  ].join("");
}

const LEGACY_NAMES: Readonly<Record<string, string>> = { pre: "c", preview: "c", "-": "final-", rc: "c", dev: "@" };

/** The key of setuptools before 66 (`pkg_resources.parse_version` of what is no PEP 440 version). */
function legacyKey(text: string): readonly string[] {
  const key: string[] = [];
  for (const found of [...(text.match(/[0-9]+|[a-z]+|[-.]|[^0-9a-z.-]+/g) ?? []), "final"]) {
    if (found === ".") continue;
    const name = Object.hasOwn(LEGACY_NAMES, found) ? (LEGACY_NAMES[found] ?? found) : found;
    if (/^[0-9]/.test(name)) {
      key.push(name.padStart(8, "0"));
      continue;
    }
    const part = `*${name}`;
    if (part < "*final") while (key.at(-1) === "*final-") key.pop();
    while (key.at(-1) === "00000000") key.pop();
    key.push(part);
  }
  return key;
}

/** Of a local version label numbers come after text (PEP 440, "Local version identifiers"). */
function compareLocal(a: Identifier, b: Identifier): number {
  return typeof a === typeof b || (typeof a !== "string" && typeof b !== "string")
    ? compareIdentifiers(a, b)
    : -compareIdentifiers(a, b);
}

function comparePublic(a: PublicVersion, b: PublicVersion): number {
  return (
    byValue(a.epoch, b.epoch) ||
    comparePadded(a.release, b.release) ||
    byValue(a.pre[0], b.pre[0]) ||
    byValue(a.pre[1], b.pre[1]) ||
    byValue(a.post, b.post) ||
    byValue(a.dev, b.dev) ||
    compareLists(a.local, b.local, compareLocal)
  );
}

function compareVersions(a: PythonVersion, b: PythonVersion): number {
  if ("legacy" in a && "legacy" in b) return compareLists(a.legacy, b.legacy, byValue);
  if ("legacy" in a || "legacy" in b) return "legacy" in a ? -1 : 1;
  return comparePublic(a, b);
}

/**
 * PyPI's order: PEP 440 with epochs and local versions. What was uploaded before PEP 440 ruled sorts below all of it (PEP 440,
 * "Compatibility with other version schemes"); it is accepted where it has a digit and looks like one word.
 */
export const pypiOrder: VersionOrder = orderOf<PythonVersion>({
  ecosystem: "PyPI",
  parse(text) {
    const version = text.trim().toLowerCase();
    return version === "" ? undefined : (parsePublic(version) ?? { legacy: legacyKey(version) });
  },
  compare: compareVersions,
  accepts: (text) => /^[0-9a-z._+!~:-]*$/i.test(text.trim()) && /[0-9]/.test(text),
});
