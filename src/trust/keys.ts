import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { sha256 } from "../artifact/digest.ts";
import { encodeBase64 } from "../format/base64.ts";
import type { DigestHex } from "../model/digest.ts";
import type { Signer } from "../model/trust.ts";
import { keyFormFault, openBox, sealKey } from "./key-box.ts";

export type KeyKind = "ecdsa-p256" | "ed25519";

/** A key to verify by. `verify` takes ECDSA signatures as DER over SHA-256, Ed25519 ones as their 64 bytes. */
export interface PublicKey {
  readonly keyId: DigestHex;
  readonly publicKeyPem: string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

const MAX_PEM_CHARACTERS = 64 * 1024;
/** cosign wrote the second label before version 2 and still reads it. */
const ENCRYPTED_LABELS: readonly string[] = ["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"];
const ACCEPTED = "an ECDSA P-256 or Ed25519 key";

interface PemBlock {
  readonly label: string;
  readonly bytes: Buffer;
}

/** The one block of a PEM text (RFC 7468): no second block, no headers, nothing but blank lines around it. */
function readPem(text: string, where: string): PemBlock {
  const lines = text.length > MAX_PEM_CHARACTERS ? [] : text.trim().split(/\r?\n/);
  const label = /^-----BEGIN ([A-Z0-9 ]{1,60})-----$/.exec(lines[0] ?? "")?.[1];
  const body = lines.slice(1, -1).join("");
  if (label === undefined || lines.at(-1) !== `-----END ${label}-----` || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) {
    throw keyFormFault(where, "this is not a key", "one PEM block");
  }
  return { label, bytes: Buffer.from(body, "base64") };
}

function kindOf(key: KeyObject): KeyKind | undefined {
  if (key.asymmetricKeyType === "ed25519") return "ed25519";
  const isP256 = key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
  return isP256 ? "ecdsa-p256" : undefined;
}

function foundKind(key: KeyObject): string {
  return [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve].filter((part) => part !== undefined).join(" ");
}

/** Reads DER by `read`, and throws `WB-KEY-FORM` for what is no key or one of another kind. */
function readDer(read: () => KeyObject, where: string): { readonly key: KeyObject; readonly kind: KeyKind } {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    throw keyFormFault(where, "the PEM block does not hold a key", ACCEPTED);
  }
  const kind = kindOf(key);
  if (kind === undefined) throw keyFormFault(where, "keys of this kind are not used here", ACCEPTED, foundKind(key));
  return { key, kind };
}

interface PublicParts {
  readonly keyId: DigestHex;
  readonly publicKeyPem: string;
  readonly key: KeyObject;
}

/** Through JWK, so that a compressed point gives the same SPKI, and so the same key id, as the plain one. */
function publicParts(key: KeyObject): PublicParts {
  const half = key.type === "private" ? createPublicKey(key) : key;
  const canonical = createPublicKey({ key: half.export({ format: "jwk" }), format: "jwk" });
  const keyId = sha256(canonical.export({ format: "der", type: "spki" }));
  return { keyId, publicKeyPem: canonical.export({ format: "pem", type: "spki" }).toString(), key: canonical };
}

/**
 * Reads a public key from SPKI PEM. `keyId` is the hex SHA-256 of the SPKI DER. Throws `WB-KEY-FORM` for anything else, a private
 * key and a certificate included.
 */
export function readPublicKey(pem: string, where: string): PublicKey {
  const block = readPem(pem, where);
  if (block.label !== "PUBLIC KEY") {
    throw keyFormFault(where, "this is not a public key", "a PEM block PUBLIC KEY", block.label);
  }
  const { key: read, kind } = readDer(() => createPublicKey({ key: block.bytes, format: "der", type: "spki" }), where);
  const { keyId, publicKeyPem, key } = publicParts(read);
  const hash = kind === "ed25519" ? null : "sha256";
  return {
    keyId,
    publicKeyPem,
    verify(bytes, signature) {
      try {
        return verify(hash, bytes, key, signature);
      } catch {
        return false;
      }
    },
  };
}

function signerOf(key: KeyObject, kind: KeyKind): Signer {
  const { keyId, publicKeyPem } = publicParts(key);
  const hash = kind === "ed25519" ? null : "sha256";
  return { keyId, publicKeyPem, sign: (bytes) => sign(hash, bytes, key) };
}

/**
 * Makes a key pair. `privatePem` is cosign's encrypted key file (scrypt and NaCl secret box over PKCS#8), `publicPem` is SPKI.
 * Asynchronous because the cipher is loaded only when it is needed. Source: sigstore/cosign, pkg/cosign/keys.go.
 */
export async function generateKey(
  kind: KeyKind,
  passphrase: Uint8Array,
): Promise<{ readonly privatePem: string; readonly publicPem: string }> {
  const pair =
    kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const pkcs8 = pair.privateKey.export({ format: "der", type: "pkcs8" });
  const sealed = encodeBase64(await sealKey(pkcs8, passphrase));
  pkcs8.fill(0);
  const label = ENCRYPTED_LABELS[0] as string;
  const lines = sealed.match(/.{1,64}/g) ?? [];
  const privatePem = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
  return { privatePem, publicPem: publicParts(pair.publicKey).publicKeyPem };
}

/**
 * Opens a private key: cosign's encrypted key file, or plain PKCS#8 PEM (then `passphrase` is not looked at). `where` is for
 * messages. Throws `WB-KEY-FORM`, `WB-KEY-PASSPHRASE`.
 */
export async function openKey(pem: string, passphrase: Uint8Array, where = "the key"): Promise<Signer> {
  const { label, bytes } = readPem(pem, where);
  const encrypted = ENCRYPTED_LABELS.includes(label);
  if (!encrypted && label !== "PRIVATE KEY") {
    throw keyFormFault(
      where,
      "this is not a private key that can be read",
      `PEM ${ENCRYPTED_LABELS[0]}, or PKCS#8 PRIVATE KEY`,
      label,
    );
  }
  const pkcs8 = Buffer.from(encrypted ? await openBox(bytes, passphrase, where) : bytes);
  const { key, kind } = readDer(() => createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }), where);
  pkcs8.fill(0);
  return signerOf(key, kind);
}
