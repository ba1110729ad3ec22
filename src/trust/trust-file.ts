import { dirname, isAbsolute, join } from "node:path";
import { cleanText } from "../artifact/clean-text.ts";
import { sha256 } from "../artifact/digest.ts";
import { describeValue, readYaml, type YamlDocument, type YamlForm } from "../format/yaml.ts";
import { Fault } from "../model/fault.ts";
import type { Trust, TrustEntry, TrustScope } from "../model/trust.ts";
import { readKey } from "./key-files.ts";
import { readPublicKey } from "./keys.ts";
import { trustEntryFromValue } from "./trust-entry.ts";

const MAX_TRUST_BYTES = 1024 * 1024;
const MAX_ENTRIES = 1_000;
const FORM: YamlForm = {
  name: "the trust file",
  code: "WB-TRUST-SYNTAX",
  maxBytes: MAX_TRUST_BYTES,
  maxValues: 100 * MAX_ENTRIES,
};

/** What a bare public key may vouch for where the command says nothing narrower: no verdicts, and the lowest level. */
const BARE_SCOPE: TrustScope = {
  predicates: ["*"],
  subjects: ["*"],
  builders: { "*": "SLSA_BUILD_LEVEL_1" },
  // A producer's key that is named without a scope must not speak as somebody's verifier (DESIGN, rule 4).
  verifiers: [],
};

/**
 * Reads what `--trust` names: a trust file (YAML, `version: 1`, `entries:` as `trustEntryFromValue` reads them), or a public key in
 * PEM. `where` is the file's path: a `keyFile` is relative to its folder and may not lead out of it. The digest is that of the
 * bytes, followed by those of the key files. Asynchronous because YAML is loaded only when it is needed.
 *
 * Throws `WB-TRUST-SYNTAX`, `WB-TRUST-UNKNOWN-KEY`, `WB-TRUST-VALUE` with `file:line`, `WB-KEY-FORM`, `WB-KEY-MISSING`.
 */
export async function parseTrust(bytes: Uint8Array, where: string): Promise<Trust> {
  if (bytes.byteLength > MAX_TRUST_BYTES) {
    throw trustFault(
      "WB-TRUST-VALUE",
      where,
      "the trust file is too large",
      "at most 1 MiB",
      `${bytes.byteLength} bytes`,
    );
  }
  const text = decode(bytes, where);
  if (text.trimStart().startsWith("-----BEGIN ")) return bareKeyTrust(text, where);
  const file = await readYaml(bytes, where, FORM);
  const keys: string[] = [];
  const entries = readEntries(file, (path) => {
    const pem = readKeyBeside(path, where);
    keys.push(pem);
    return pem;
  });
  return { entries, input: { origin: where, digest: sha256(keys.length === 0 ? bytes : text + keys.join("")) } };
}

/**
 * Trust in one public key: an entry with the scope of what the command asks (DESIGN, rule 2). Without `asked` that is every
 * predicate about every subject, builders at level 1, and no verdicts. Throws `WB-KEY-FORM`.
 */
export function bareKeyTrust(pem: string, where: string, asked: Partial<TrustScope> = {}): Trust {
  const { keyId, publicKeyPem } = readPublicKey(pem, where);
  const name = `key ${keyId.slice(0, 16)}`;
  const entry: TrustEntry = {
    name,
    principal: name,
    identity: { kind: "key", keyId, publicKeyPem },
    scope: { ...BARE_SCOPE, ...asked },
  };
  return { entries: [entry], input: { origin: where, digest: sha256(pem) } };
}

/** Several trust inputs as one: all entries in order, the origins joined, the digest over the parts' digests. */
export function mergeTrust(parts: readonly Trust[]): Trust {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return {
    entries: parts.flatMap(({ entries }) => entries),
    input: {
      origin: parts.map(({ input }) => input.origin).join(", "),
      digest: sha256(parts.map(({ input }) => `${input.digest}\n`).join("")),
    },
  };
}

function trustFault(
  code: "WB-TRUST-VALUE" | "WB-TRUST-SYNTAX",
  where: string,
  what: string,
  expected: string,
  found: string,
): Fault {
  return new Fault({ code, kind: "input", what, where: cleanText(where, 300), expected, found: cleanText(found, 80) });
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw trustFault("WB-TRUST-SYNTAX", where, "the trust file is no text", "UTF-8", "other bytes");
  }
}

function readKeyBeside(path: string, where: string): string {
  if (isAbsolute(path) || path.split(/[\\/]/).includes("..") || path.includes("\0")) {
    throw trustFault(
      "WB-TRUST-VALUE",
      where,
      "a keyFile leads out of the trust file's folder",
      "a relative path inside it",
      path,
    );
  }
  return readKey(join(dirname(where), path));
}

function readEntries(file: YamlDocument, readKeyFile: (path: string) => string): readonly TrustEntry[] {
  const at = (path: readonly (string | number)[]): string => {
    const place = file.placeOf(path);
    return `${place.file}:${place.line}`;
  };
  const top = file.value;
  if (typeof top !== "object" || top === null || Array.isArray(top)) {
    throw trustFault(
      "WB-TRUST-VALUE",
      at([]),
      "this is no trust file",
      "a mapping with version and entries, or a PEM key",
      "something else",
    );
  }
  const members = new Map<string, unknown>(Object.entries(top));
  const unknown = [...members.keys()].find((key) => key !== "version" && key !== "entries");
  if (unknown !== undefined) {
    throw new Fault({
      code: "WB-TRUST-UNKNOWN-KEY",
      kind: "input",
      what: `the trust file has an unknown key ${JSON.stringify(cleanText(unknown, 40))}`,
      where: cleanText(at([unknown]), 300),
      expected: "version, entries",
      fix: "entries is a list of {name, key, may}",
    });
  }
  if (members.get("version") !== 1) {
    throw trustFault(
      "WB-TRUST-VALUE",
      at(["version"]),
      "the trust file's version is not known",
      "version: 1",
      describeValue(members.get("version")),
    );
  }
  const entries: unknown = members.get("entries");
  if (!Array.isArray(entries) || entries.length > MAX_ENTRIES) {
    throw trustFault(
      "WB-TRUST-VALUE",
      at(["entries"]),
      "entries is not usable",
      `a list of at most ${MAX_ENTRIES}`,
      typeof entries,
    );
  }
  return entries.map((value: unknown, index) =>
    trustEntryFromValue(value, (path) => file.placeOf(["entries", index, ...path]), readKeyFile),
  );
}

/** Texts in JSON's quotes, which YAML 1.2 reads the same. */
const quoted = (text: string): string => JSON.stringify(text);
const list = (items: readonly string[]): string => `[${items.map(quoted).join(", ")}]`;

function printEntry(entry: TrustEntry): string {
  const { scope, revoked } = entry;
  const builders = Object.entries(scope.builders).map(([id, level]) => `${quoted(id)}: ${level}`);
  const key = entry.identity.publicKeyPem.trimEnd().split("\n");
  return [
    `  - name: ${quoted(entry.name)}`,
    ...(entry.principal === entry.name ? [] : [`    principal: ${quoted(entry.principal)}`]),
    "    key: |",
    ...key.map((line) => `      ${line}`),
    "    may:",
    `      predicates: ${list(scope.predicates)}`,
    `      subjects: ${list(scope.subjects)}`,
    `      builders: {${builders.join(", ")}}`,
    `      verifiers: ${list(scope.verifiers)}`,
    ...(entry.validFrom === undefined ? [] : [`    validFrom: ${quoted(entry.validFrom)}`]),
    ...(entry.validUntil === undefined ? [] : [`    validUntil: ${quoted(entry.validUntil)}`]),
    ...(revoked === undefined ? [] : [`    revoked: {at: ${quoted(revoked.at)}, reason: ${revoked.reason}}`]),
  ].join("\n");
}

/** A trust file that `parseTrust` reads to the same entries, for a person to edit: keys as PEM, every list written out. */
export function printTrust(trust: Pick<Trust, "entries">): string {
  const entries = trust.entries.map(printEntry);
  return [
    "# Who is trusted, and for what. A list that is empty allows nothing; * stands for any characters.",
    "version: 1",
    entries.length === 0 ? "entries: []" : "entries:",
    ...entries,
    "",
  ].join("\n");
}
