import { parsePurl, printPurl } from "../../../artifact/purl.ts";
import { Fault } from "../../../model/fault.ts";
import { canonicalJson } from "../../json.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";
import { repeated } from "./product-ids.ts";

/** What identifies a product beside its name: package URLs, hashes, model and serial numbers. */

const eachHelper =
  (run: (helper: Node) => readonly TestProblem[]): CsafTest["run"] =>
  (facts) =>
    facts.helpers().flatMap(run);

/** 2.0 has one package URL, 2.1 a list. */
const purls = (helper: Node): readonly Node[] => [
  ...(helper.has("purl") ? [helper.at("purl")] : []),
  ...helper.at("purls").items(),
];

function invalidPurl(node: Node): readonly TestProblem[] {
  if (node.text === undefined) return [];
  if (node.text.startsWith("pkg:/")) return [problem(node, "a package URL has no slashes after pkg:")];
  try {
    parsePurl(node.text);
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [problem(node, error.facts.what)];
  }
}

/** A package URL without its qualifiers; what is no package URL stays as it is. */
function withoutQualifiers(text: string): string {
  try {
    const { qualifiers: _, ...parts } = parsePurl(text, true);
    return printPurl(parts);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return text.replace(/\?.*/s, "");
  }
}

function otherPurls(helper: Node): readonly TestProblem[] {
  const [first, ...others] = purls(helper).filter(({ text }) => text !== undefined);
  if (first === undefined) return [];
  const one = withoutQualifiers(first.text ?? "");
  return others
    .filter(({ text }) => withoutQualifiers(text ?? "") !== one)
    .map((node) => problem(node, "differs from the first package URL in more than its qualifiers"));
}

const fileHashes = (helper: Node): readonly Node[] =>
  helper
    .at("hashes")
    .items()
    .map((item) => item.at("file_hashes"));

const algorithms = (list: Node): readonly Node[] => list.items().map((item) => item.at("algorithm"));

/** Lists of file hashes that have this algorithm and no other. */
const onlyHash = (name: string): CsafTest["run"] =>
  eachHelper((helper) =>
    fileHashes(helper)
      .filter((list) => {
        const texts = algorithms(list).map(({ text }) => text);
        return texts.length > 0 && texts.every((text) => text === name);
      })
      .map((list) => problem(list, `${name} is the only hash algorithm`)),
  );

/** `*` without a backslash before it: a backslash takes the character after it (3.1.3.3.4). */
function stars(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "*") count += 1;
  }
  return count;
}

const manyStars = (member: string): CsafTest["run"] =>
  eachHelper((helper) =>
    helper
      .at(member)
      .items()
      .filter(({ text }) => text !== undefined && stars(text) > 1)
      .map((node) => problem(node, "more than one star is ambiguous")),
  );

/** The algorithms that the standard names (3.1.3.3.2): those of OpenSSL's digests, and SHA-2 and SHA-3 in their lengths. */
const ALGORITHMS = new Set(
  `blake2b512 blake2s256 md5 md5-sha1 ripemd ripemd160 rmd160 sha1 sha224 sha256 sha384 sha512 sha512-224 sha512-256
   sha3-224 sha3-256 sha3-384 sha3-512 shake128 shake256 sm3 ssl3-md5 ssl3-sha1 whirlpool mdc2 md4`.split(/\s+/),
);

function unknownAlgorithms(helper: Node): readonly TestProblem[] {
  return fileHashes(helper)
    .flatMap(algorithms)
    .filter(({ text }) => text !== undefined && !ALGORITHMS.has(text))
    .map((node) =>
      problem(node, `the hash algorithm ${node.text ?? ""} is neither named by the standard nor known here`),
    );
}

/** Values in members of helpers that are there before: lists count by what is in them, in any order. */
function sharedIdentification(helpers: readonly Node[]): readonly TestProblem[] {
  const seen = new Map<string, Node>();
  return helpers.flatMap((helper) =>
    helper.members().flatMap((member) =>
      (Array.isArray(member.value) ? member.items() : [member]).flatMap((node) => {
        const key = `${member.key}\n${unordered(node)}`;
        const before = seen.get(key);
        if (before === undefined) {
          seen.set(key, helper);
          return [];
        }
        return before === helper ? [] : [problem(node, "identifies another product too")];
      }),
    ),
  );
}

/** Text of a value that is the same for the same members and items in any order. */
function unordered(node: Node): string {
  if (node.object !== undefined) {
    return `{${node
      .members()
      .map((member) => `${JSON.stringify(member.key)}:${unordered(member)}`)
      .toSorted()
      .join()}}`;
  }
  if (Array.isArray(node.value)) return `[${node.items().map(unordered).toSorted().join()}]`;
  return typeof node.value === "string" ? JSON.stringify(node.value) : canonicalJson(node.value ?? null);
}

export const identificationTests: readonly CsafTest[] = [
  { id: "6.1.13", title: "PURL", run: eachHelper((helper) => purls(helper).flatMap(invalidPurl)) },
  {
    id: "6.1.25",
    title: "Multiple Use of Same Hash Algorithm",
    run: eachHelper((helper) =>
      fileHashes(helper).flatMap((list) =>
        repeated(algorithms(list), (name) => `the hash algorithm ${name} is used before`),
      ),
    ),
  },
  { id: "6.2.8", title: "Use of MD5 as the Only Hash Algorithm", run: onlyHash("md5") },
  { id: "6.2.9", title: "Use of SHA-1 as the Only Hash Algorithm", run: onlyHash("sha1") },
  {
    id: "6.2.16",
    title: "Missing Product Identification Helper",
    run: (facts) =>
      facts
        .products()
        .filter(({ node }) => !node.has("product_identification_helper"))
        .map(({ node, id }) => problem(node, `the product ${id} has no product identification helper`)),
  },
  {
    id: "6.3.5",
    title: "Use of Short Hash",
    run: eachHelper((helper) =>
      fileHashes(helper)
        .flatMap((list) => list.items().map((item) => item.at("value")))
        .filter(({ text }) => text !== undefined && text.length < 64)
        .map((node) => problem(node, "the hash is shorter than 64 characters")),
    ),
  },
];

export const identificationTests21: readonly CsafTest[] = [
  { id: "6.1.42", title: "PURL Qualifiers", run: eachHelper(otherPurls) },
  { id: "6.1.43", title: "Use of Multiple Stars in Model Number", run: manyStars("model_numbers") },
  { id: "6.1.44", title: "Use of Multiple Stars in Serial Number", run: manyStars("serial_numbers") },
  { id: "6.1.61", title: "Use of Multiple Stars in SKU", run: manyStars("skus") },
  {
    id: "6.2.32",
    title: "Use of Same Product Identification Helper for Different Products",
    run: (facts) => sharedIdentification(facts.helpers()),
  },
  { id: "6.2.52", title: "Unknown Hash Algorithm", run: eachHelper(unknownAlgorithms) },
];
