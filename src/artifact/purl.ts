import type { Purl } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";
import { matchPattern } from "./pattern.ts";
import { PURL_TYPES, type PurlTypeRule } from "./purl-types.ts";

/** The parts of a package URL, decoded. Segments of `namespace` and `subpath` are joined by `/`. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers?: Readonly<Record<string, string>>;
  readonly subpath?: string;
}

/** Longer than any real one; keeps hostile text cheap. */
const MAX_LENGTH = 8192;
const TYPE = /^[a-z][a-z0-9.-]*$/;
const QUALIFIER_KEY = /^[a-z][a-z0-9._-]*$/;
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Databricks' model registries ignore case, others do not (purl-spec, mlflow). */
const CASELESS_MLFLOW = /^https:\/\/[^/?#]+\.(?:azuredatabricks\.net|databricks\.com)(?:[/:]|$)/;

/**
 * Reads a package URL (ECMA-427, purl-spec 1.0, with the rules of its registered types) into its normalised parts.
 * `lenient` is for text of others: a qualifier key may begin with a capital, and a namespace or qualifier that the type
 * requires may be missing. Throws `WB-PURL-INVALID`.
 */
export function parsePurl(text: string, lenient = false): PurlParts {
  const raw = split(text);
  if (raw === undefined) return refuse(text, "not of the form pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS#SUBPATH");
  const decode = (part: string): string => decodePart(part, text);
  const segments = raw.path.split("/").filter((segment, index, all) => segment !== "" || index === all.length - 1);
  const names = segments.map(decode);
  const namespaces = names.slice(0, -1);
  if (namespaces.some((segment) => segment.includes("/"))) return refuse(text, "a `/` inside a namespace segment");
  const qualifiers = parseQualifiers(raw.qualifiers, lenient, text, decode);
  const subpath = raw.subpath
    .split("/")
    .filter((segment) => segment !== "")
    .map(decode);
  return normalise(
    {
      type: raw.type.toLowerCase(),
      // A git host's repositories have paths of any depth: the host is the namespace, the path the name (purl-spec, git).
      ...(raw.type.toLowerCase() === "git" && names.length > 2
        ? { namespace: names[0] ?? "", name: names.slice(1).join("/") }
        : { ...(namespaces.length > 0 && { namespace: namespaces.join("/") }), name: names.at(-1) ?? "" }),
      ...(raw.version !== undefined && raw.version !== "" && { version: decode(raw.version) }),
      ...(qualifiers !== undefined && { qualifiers }),
      ...(subpath.length > 0 && { subpath: checkSubpath(subpath, text) }),
    },
    text,
    lenient,
  );
}

/** The canonical text of a package URL. Throws `WB-PURL-INVALID` for parts that the type or the syntax does not allow. */
export function printPurl(parts: PurlParts): Purl {
  const shown = `pkg:${parts.type}/${parts.name}`;
  const { type, namespace, name, version, qualifiers, subpath } = normalise(parts, shown, false);
  const path = [...segmentsOf(namespace), ...(type === "git" ? segmentsOf(name) : [name])].map(encode).join("/");
  const query = Object.entries(qualifiers ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encode(value)}`)
    .join("&");
  const sub = subpath === undefined ? "" : checkSubpath(segmentsOf(subpath), shown).split("/").map(encode).join("/");
  return `pkg:${type}/${path}${version === undefined ? "" : `@${encode(version)}`}${query && `?${query}`}${sub && `#${sub}`}`;
}

/** The package URL of an npm package; a scope (`@acme/name`) becomes the namespace. Throws `WB-PURL-INVALID`. */
export function npmPurl(name: string, version?: string, qualifiers?: PurlParts["qualifiers"]): Purl {
  const slash = name.startsWith("@") ? name.indexOf("/") : -1;
  return printPurl({
    type: "npm",
    ...(slash > 0 && { namespace: name.slice(0, slash) }),
    name: name.slice(slash + 1),
    ...(version !== undefined && { version }),
    ...(qualifiers !== undefined && { qualifiers }),
  });
}

/**
 * Whether a package URL matches a pattern: a package URL in which `*` stands for any characters (`pkg:npm/@acme/*`,
 * `pkg:npm/left-pad@1.*`). Without a version in the pattern any version matches; each qualifier of the pattern must match
 * that of the package URL, others do not count. What is no package URL matches nothing.
 */
export function matchPurl(pattern: string, purl: string): boolean {
  const asked = split(pattern);
  const given = canonicalParts(purl);
  if (asked === undefined || given === undefined) return false;
  const type = asked.type.toLowerCase();
  const rule = PURL_TYPES.get(type) ?? {};
  const segments = asked.path.split("/").filter((segment) => segment !== "");
  const lowered = segments.map((segment, index) => {
    const last = index === segments.length - 1;
    const text = canonicalPattern(segment);
    return rule.lower?.includes(last ? "name" : "namespace") === true ? text.toLowerCase() : text;
  });
  if (!matchPattern(`${type}/${lowered.join("/")}`, given.path)) return false;
  if (asked.version !== undefined) {
    const version = canonicalPattern(asked.version);
    const cased = rule.lower?.includes("version") === true ? version.toLowerCase() : version;
    if (given.version === undefined || !matchPattern(cased, given.version)) return false;
  }
  return asked.qualifiers.split("&").every((pair) => {
    if (pair === "") return true;
    const [key, value] = cut(pair, "=");
    const found = given.qualifiers.get(key.toLowerCase());
    return found !== undefined && matchPattern(canonicalPattern(value ?? ""), found);
  });
}

interface RawParts {
  readonly type: string;
  readonly path: string;
  readonly version?: string;
  readonly qualifiers: string;
  readonly subpath: string;
}

/** The undecoded parts, or undefined where the general form is not met. `*` is allowed anywhere, for patterns. */
function split(text: string): RawParts | undefined {
  if (text.length > MAX_LENGTH || !/^pkg:/i.test(text)) return undefined;
  const [beforeSubpath, subpath = ""] = cutLast(text.slice(4), "#");
  const [beforeQualifiers, qualifiers = ""] = cutLast(beforeSubpath, "?");
  const [type, rest] = cut(beforeQualifiers.replace(/^\/+/, ""), "/");
  if (rest === undefined || type === "") return undefined;
  const at = rest.lastIndexOf("@");
  // `@scope/name` written without encoding: an `@` that opens a segment with more segments after it starts no version.
  const scope = (at === 0 || rest[at - 1] === "/") && rest.includes("/", at);
  const parts = { type, qualifiers, subpath };
  return at < 0 || scope
    ? { ...parts, path: rest }
    : { ...parts, path: rest.slice(0, at), version: rest.slice(at + 1) };
}

function cut(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function cutLast(text: string, separator: string): [string, string?] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function parseQualifiers(
  text: string,
  lenient: boolean,
  whole: string,
  decode: (part: string) => string,
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const [written, value] = cut(pair, "=");
    // The suite refuses `Platform=` and reads `repositorY_url=`: strict is about the first letter, the rest is lowered.
    const key = lenient ? written.toLowerCase() : written.slice(0, 1) + written.slice(1).toLowerCase();
    if (!QUALIFIER_KEY.test(key)) return refuse(whole, "a qualifier key with other characters than a-z 0-9 . _ -");
    if (Object.hasOwn(found, key)) return refuse(whole, "the same qualifier twice");
    if (value !== undefined && value !== "") found[key] = decode(value);
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Applies the rules of the type: what must be there, what is lower case, what is replaced. */
function normalise(parts: PurlParts, whole: string, lenient: boolean): PurlParts {
  const type = (parts.type ?? "").toLowerCase();
  if (!TYPE.test(type)) return refuse(whole, "a type with other characters than a-z 0-9 . -");
  const rule: PurlTypeRule = PURL_TYPES.get(type) ?? {};
  const namespace = segmentsOf(parts.namespace).join("/");
  const cased = (part: "namespace" | "name" | "version", text: string): string =>
    rule.lower?.includes(part) === true ? text.toLowerCase() : text;
  const version = cased("version", parts.version ?? "");
  const name = normaliseName(parts, rule, namespace);
  const qualifiers = Object.entries(parts.qualifiers ?? {}).filter(([, value]) => value !== "");
  if (name === "") return refuse(whole, "no name");
  if (rule.namespace === "prohibited" && namespace !== "") return refuse(whole, `a namespace, which ${type} has not`);
  if (rule.namespace === "required" && namespace === "" && !lenient) {
    return refuse(whole, `no namespace, which ${type} requires`);
  }
  if (rule.name?.test(name) === false) return refuse(whole, `a name that ${type} does not allow`);
  if (version !== "" && rule.version?.test(version) === false) {
    return refuse(whole, `a version that ${type} does not allow`);
  }
  if (qualifiers.some(([key]) => !QUALIFIER_KEY.test(key))) return refuse(whole, "a qualifier key that is not allowed");
  const missing = rule.qualifiers?.find((key) => !qualifiers.some(([found]) => found === key));
  if (missing !== undefined && !lenient) return refuse(whole, `no qualifier ${missing}, which ${type} requires`);
  const values = [namespace, name, version, parts.subpath ?? "", ...qualifiers.map(([, value]) => value)];
  if (values.some((value) => CONTROL.test(value))) return refuse(whole, "a control character");
  return {
    type,
    ...(namespace !== "" && { namespace: cased("namespace", namespace) }),
    name,
    ...(version !== "" && { version }),
    ...(qualifiers.length > 0 && { qualifiers: Object.fromEntries(qualifiers) }),
    ...(parts.subpath !== undefined && parts.subpath !== "" && { subpath: parts.subpath }),
  };
}

function normaliseName(parts: PurlParts, rule: PurlTypeRule, namespace: string): string {
  const written = parts.name ?? "";
  const caseless =
    rule.lower?.includes("name") === true ||
    (parts.type === "git" && (namespace === "github" || namespace === "github.com")) ||
    (parts.type === "mlflow" && CASELESS_MLFLOW.test(parts.qualifiers?.["repository_url"] ?? ""));
  const name = caseless ? written.toLowerCase() : written;
  return rule.replace === undefined ? name : name.replace(...rule.replace);
}

function segmentsOf(text: string | undefined): string[] {
  return (text ?? "").split("/").filter((segment) => segment !== "");
}

function checkSubpath(segments: readonly string[], whole: string): string {
  if (segments.some((segment) => segment === "." || segment === ".." || segment.includes("/"))) {
    return refuse(whole, "a subpath with a `.`, `..` or encoded `/` segment");
  }
  return segments.join("/");
}

/** Everything is encoded but unreserved characters and the colon (purl-spec, "Character encoding"). */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}

function decodePart(part: string, whole: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return refuse(whole, "percent-encoding that is no UTF-8");
  }
}

/** A piece of a pattern in canonical encoding, however it was written; `*` stays. */
function canonicalPattern(piece: string): string {
  return piece
    .split("*")
    .map((text) => {
      try {
        return encode(decodeURIComponent(text));
      } catch {
        return text;
      }
    })
    .join("*");
}

function canonicalParts(
  purl: string,
): { path: string; version: string | undefined; qualifiers: ReadonlyMap<string, string> } | undefined {
  try {
    const { type, namespace, name, version, qualifiers } = parsePurl(purl, true);
    const segments = [...segmentsOf(namespace), ...(type === "git" ? segmentsOf(name) : [name])];
    return {
      path: [type, ...segments.map(encode)].join("/"),
      version: version === undefined ? undefined : encode(version),
      qualifiers: new Map(Object.entries(qualifiers ?? {}).map(([key, value]) => [key, encode(value)])),
    };
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function refuse(text: string, found: string): never {
  throw new Fault({
    code: "WB-PURL-INVALID",
    kind: "input",
    what: "this is no valid package URL",
    where: cleanText(text, 200),
    expected: "pkg:TYPE/NAMESPACE/NAME@VERSION, as pkg:npm/%40acme/widget@1.2.3",
    found,
    fix: "write it as the package URL specification says",
  });
}

/** A package URL, or another reference, as people read it: `npm/@types/node@20.1.0`. Not to be parsed. */
export function spokenPurl(ref: string): string {
  return ref.replace(/^pkg:/u, "").replaceAll("%40", "@");
}
