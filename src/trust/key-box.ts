import { randomBytes, scryptSync } from "node:crypto";
import { cleanText } from "../artifact/clean-text.ts";
import { decodeBase64, encodeBase64 } from "../format/base64.ts";
import { parseJson } from "../format/json.ts";
import { Fields, rootPlace } from "../format/shape.ts";
import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";

/** What cosign 3 writes. 64 MiB of memory for one guess. */
const KDF = { N: 65_536, r: 8, p: 1 } as const;
/** A file may ask for at most this much work: four times cosign's memory, and no multiple of the time. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
const MAX_PARALLEL = 4;
const SALT_BYTES = 32;
const NONCE_BYTES = 24;
const KEY_BYTES = 32;
/** The Poly1305 tag of an empty secret box. */
const TAG_BYTES = 16;

interface Box {
  readonly params: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** `what` is wrong with a key file. Nothing of the file's content is repeated: it may be a secret. */
export function keyFormFault(where: string, what: string, expected: string, found?: string): Fault {
  return new Fault({
    code: "WB-KEY-FORM",
    kind: "input",
    what,
    where: cleanText(where, 300),
    expected,
    ...(found === undefined ? {} : { found: cleanText(found, 80) }),
    fix: "waybill keys generate --output NAME, or cosign generate-key-pair, makes a key that can be read",
  });
}

function bytesOf(fields: Fields, name: string, length?: number): Uint8Array {
  const bytes = decodeBase64(fields.string(name));
  if (bytes === undefined || (length !== undefined && bytes.length !== length)) {
    const expected = length === undefined ? "base64" : `${length} bytes in base64`;
    throw keyFormFault(fields.place.where, `the key file's ${name} is not usable`, expected);
  }
  return bytes;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isSafeInteger(value) && value > 1 && Number.isInteger(Math.log2(value));
}

function paramsOf(params: Fields): Box["params"] {
  const [N, r, p] = [Number(params.get("N")), Number(params.get("r")), Number(params.get("p"))];
  const whole = isPowerOfTwo(N) && Number.isSafeInteger(r) && r > 0 && Number.isSafeInteger(p) && p > 0;
  if (!whole || 128 * N * r > MAX_MEMORY_BYTES || p > MAX_PARALLEL) {
    const limit = `N a power of two, at most ${MAX_MEMORY_BYTES / 1024 / 1024} MiB of memory and p at most ${MAX_PARALLEL}`;
    const what = "the key file asks for scrypt parameters out of bounds";
    throw keyFormFault(params.place.where, what, limit, `N=${N} r=${r} p=${p}`);
  }
  return { N, r, p };
}

/** A broken inner JSON is no fault of a document that anybody could mend: the key file is no key. */
function parseInner(bytes: Uint8Array, where: string): Json {
  try {
    return parseJson(bytes, where, { maxBytes: 64 * 1024, maxDepth: 8 });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw keyFormFault(where, "the key file is damaged", "JSON inside the PEM block", error.facts.code);
  }
}

function parseBox(bytes: Uint8Array, where: string): Box {
  const box = new Fields(parseInner(bytes, where), rootPlace(where, "WB-KEY-FORM"));
  const kdf = box.object("kdf");
  const cipher = box.object("cipher");
  kdf.oneOf("name", ["scrypt"]);
  cipher.oneOf("name", ["nacl/secretbox"]);
  return {
    params: paramsOf(kdf.object("params")),
    salt: bytesOf(kdf, "salt"),
    nonce: bytesOf(cipher, "nonce", NONCE_BYTES),
    ciphertext: bytesOf(box, "ciphertext"),
  };
}

function derive(passphrase: Uint8Array, salt: Uint8Array, { N, r, p }: Box["params"]): Buffer {
  // Node counts a little more than 128*N*r; the bound itself was checked before.
  return scryptSync(passphrase, salt, KEY_BYTES, { N, r, p, maxmem: 128 * N * r * 2 + 1024 * 1024 });
}

/**
 * Encrypts a private key as cosign does (sigstore/cosign, pkg/cosign/keys.go and go-securesystemslib's `encrypted`): gives the
 * JSON bytes that the PEM block holds. `salt` and `nonce` are drawn at random.
 */
export async function sealKey(pkcs8: Uint8Array, passphrase: Uint8Array): Promise<Uint8Array> {
  const { xsalsa20poly1305 } = await import("@noble/ciphers/salsa.js");
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const key = derive(passphrase, salt, KDF);
  const ciphertext = xsalsa20poly1305(key, nonce).encrypt(pkcs8);
  key.fill(0);
  return Buffer.from(
    JSON.stringify({
      kdf: { name: "scrypt", params: KDF, salt: encodeBase64(salt) },
      cipher: { name: "nacl/secretbox", nonce: encodeBase64(nonce) },
      ciphertext: encodeBase64(ciphertext),
    }),
  );
}

/**
 * Decrypts the JSON bytes of cosign's key file; gives the PKCS#8 DER. Throws `WB-KEY-FORM` for anything that is no such file or
 * asks for too much memory, and `WB-KEY-PASSPHRASE` where the box does not open.
 */
export async function openBox(bytes: Uint8Array, passphrase: Uint8Array, where: string): Promise<Uint8Array> {
  const box = parseBox(bytes, where);
  const { xsalsa20poly1305 } = await import("@noble/ciphers/salsa.js");
  const key = derive(passphrase, box.salt, box.params);
  try {
    if (box.ciphertext.length < TAG_BYTES) throw new RangeError("shorter than its tag");
    return xsalsa20poly1305(key, box.nonce).decrypt(box.ciphertext);
  } catch {
    throw new Fault({
      code: "WB-KEY-PASSPHRASE",
      kind: "input",
      what: "the passphrase does not open the key",
      where: cleanText(where, 300),
      fix: "give the passphrase that the key was made with; a changed key file reads the same as a wrong passphrase",
    });
  } finally {
    key.fill(0);
  }
}
