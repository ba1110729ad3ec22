import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { Fault } from "../../../src/model/fault.ts";
import { readKey, writeKeyPair } from "../../../src/trust/key-files.ts";
import { generateKey, openKey, readPublicKey } from "../../../src/trust/keys.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

const PASSPHRASE = Buffer.from("not a real passphrase");
const MESSAGE = Buffer.from("the message");
const made = {
  "ecdsa-p256": await generateKey("ecdsa-p256", PASSPHRASE),
  ed25519: await generateKey("ed25519", PASSPHRASE),
};

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Fault && error.facts.code === code;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "waybill-keys-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const pem = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString("base64")}\n-----END ${label}-----\n`;
const encrypted = (value: unknown): string =>
  pem("ENCRYPTED SIGSTORE PRIVATE KEY", Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));
const bodyOf = (text: string): string => text.split("\n").slice(1, -2).join("");
const boxOf = (text: string): { kdf: { params: object }; cipher: object } =>
  JSON.parse(Buffer.from(bodyOf(text), "base64").toString()) as { kdf: { params: object }; cipher: object };
const spki = (key: KeyObject): string => key.export({ format: "pem", type: "spki" }).toString();

for (const kind of ["ecdsa-p256", "ed25519"] as const) {
  test(`${kind}: what the private key signs the public key verifies, and nothing else`, async () => {
    const { privatePem, publicPem } = made[kind];
    const signer = await openKey(privatePem, PASSPHRASE);
    const key = readPublicKey(publicPem, "test.pub");
    const signature = signer.sign(MESSAGE);
    assert.equal(signer.keyId, key.keyId);
    assert.equal(key.keyId, sha256(createPublicKey(publicPem).export({ format: "der", type: "spki" })));
    assert.equal(signer.publicKeyPem, publicPem);
    assert.equal(key.verify(MESSAGE, signature), true);
    assert.equal(key.verify(Buffer.from("another"), signature), false);
    assert.equal(key.verify(MESSAGE, new Uint8Array()), false);
    assert.equal(key.verify(MESSAGE, signature.subarray(1)), false);
  });
}

test("the key file is cosign's: label, scrypt parameters, secret box; drawn anew each time", () => {
  const { privatePem } = made["ecdsa-p256"];
  assert.match(
    privatePem,
    /^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n$/u,
  );
  const box = boxOf(privatePem);
  assert.deepEqual(Object.keys(box), ["kdf", "cipher", "ciphertext"]);
  assert.deepEqual(box.kdf.params, { N: 65536, r: 8, p: 1 });
  assert.notDeepEqual(box.cipher, boxOf(made.ed25519.privatePem).cipher);
});

test("a wrong passphrase, and a changed box, do not open; the message has no secret", async () => {
  const { privatePem } = made.ed25519;
  await assert.rejects(openKey(privatePem, Buffer.from("wrong-passphrase"), "a.key"), (error: Fault) => {
    assert.equal(error.facts.code, "WB-KEY-PASSPHRASE");
    assert.equal(error.facts.kind, "input");
    assert.doesNotMatch(JSON.stringify(error.facts), /wrong-passphrase/u);
    return true;
  });
  const cheap = { ...boxOf(privatePem), ciphertext: "AAAA" };
  await assert.rejects(openKey(encrypted(cheap), PASSPHRASE), hasCode("WB-KEY-PASSPHRASE"));
});

test("a key file cannot ask for unbounded memory or time", async () => {
  const box = boxOf(made.ed25519.privatePem);
  const asks = [
    { N: 2 ** 30, r: 8, p: 1 },
    { N: 65536, r: 2 ** 20, p: 1 },
    { N: 65536, r: 8, p: 2 ** 20 },
    { N: 65535, r: 8, p: 1 },
    { N: 1, r: 8, p: 1 },
    { N: 65536, r: 0, p: 1 },
    { N: -65536, r: 8, p: 1 },
    { N: "65536x", r: 8, p: 1 },
    { N: 1e308, r: 8, p: 1 },
    {},
  ];
  const before = cpuMilliseconds();
  for (const params of asks) {
    await assert.rejects(
      openKey(encrypted({ ...box, kdf: { ...box.kdf, params } }), PASSPHRASE),
      hasCode("WB-KEY-FORM"),
    );
  }
  assert.ok(cpuMilliseconds() - before < 200);
});

test("what is no encrypted key is said to be none", async () => {
  const box = boxOf(made.ed25519.privatePem);
  const broken: readonly unknown[] = [
    "[]",
    "null",
    { ...box, kdf: { ...box.kdf, name: "argon2id" } },
    { ...box, cipher: { name: "aes", nonce: "AAAA" } },
    { ...box, cipher: { name: "nacl/secretbox", nonce: "AAAA" } },
    { ...box, ciphertext: 7 },
    { __proto__: box },
  ];
  for (const value of broken) await assert.rejects(openKey(encrypted(value), PASSPHRASE), hasCode("WB-KEY-FORM"));
  await assert.rejects(openKey(encrypted("{"), PASSPHRASE), hasCode("WB-KEY-FORM"));
});

test("private keys: PKCS#8 is read, other kinds and forms are refused", async () => {
  const none = new Uint8Array();
  const p256 = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
  const plain = p256.export({ format: "pem", type: "pkcs8" }).toString();
  assert.match((await openKey(plain, none)).keyId, /^[0-9a-f]{64}$/u);
  assert.match((await openKey(`\r\n${plain.replaceAll("\n", "\r\n")}\r\n`, none)).keyId, /^[0-9a-f]{64}$/u);
  const p384 = generateKeyPairSync("ec", { namedCurve: "secp384r1" })
    .privateKey.export({ format: "pem", type: "pkcs8" })
    .toString();
  const refused = [
    p256.export({ format: "pem", type: "sec1" }).toString(),
    p384,
    "",
    "key",
    plain + plain,
    pem("PRIVATE KEY", Buffer.from("x")),
  ];
  for (const text of [...refused, made.ed25519.publicPem, `${plain}${"A".repeat(100_000)}`]) {
    await assert.rejects(openKey(text, none), hasCode("WB-KEY-FORM"));
  }
});

test("public keys: a private key, a certificate or another kind is none, and a private one is never repeated", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const secret = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const ed448 = generateKeyPairSync("ed448").publicKey;
  const twice = spki(publicKey) + spki(publicKey);
  for (const text of [
    secret,
    pem("CERTIFICATE", Buffer.from("x")),
    spki(ed448),
    pem("PUBLIC KEY", Buffer.from("x")),
    "",
    twice,
  ]) {
    assert.throws(
      () => readPublicKey(text, "a.pub"),
      (error: Fault) => {
        assert.equal(error.facts.code, "WB-KEY-FORM");
        assert.equal(error.facts.where, "a.pub");
        assert.ok(!JSON.stringify(error.facts).includes(bodyOf(secret).slice(20, 40)));
        return true;
      },
    );
  }
});

test("a compressed point has the key id of the plain one", () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const der = publicKey.export({ format: "der", type: "spki" });
  const point = der.subarray(-65);
  const head = Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex");
  const compressed = Buffer.concat([head, Buffer.from([2 + ((point[64] as number) & 1)]), point.subarray(1, 33)]);
  assert.equal(readPublicKey(pem("PUBLIC KEY", compressed), "c").keyId, sha256(der));
});

test("a pair is written with the modes of a secret and of a public thing, and never over another", (t) => {
  const name = join(folder(t), "release");
  const { keyPath, publicPath } = writeKeyPair(name, made.ed25519);
  assert.deepEqual([keyPath, publicPath], [`${name}.key`, `${name}.pub`]);
  assert.equal(statSync(keyPath).mode & 0o777, 0o600);
  assert.equal(statSync(publicPath).mode & 0o777, 0o644);
  assert.equal(readKey(keyPath), made.ed25519.privatePem);
  assert.throws(() => writeKeyPair(name, made["ecdsa-p256"]), hasCode("WB-KEY-EXISTS"));
  assert.equal(readFileSync(keyPath, "utf8"), made.ed25519.privatePem);
  rmSync(keyPath);
  assert.throws(() => writeKeyPair(name, made["ecdsa-p256"]), hasCode("WB-KEY-EXISTS"), "a public key alone is enough");
  rmSync(publicPath);
  symlinkSync(join(name, "nowhere"), keyPath);
  assert.throws(() => writeKeyPair(name, made["ecdsa-p256"]), hasCode("WB-KEY-EXISTS"), "so is a link to nowhere");
});

test("where the pair cannot be written nothing is left", (t) => {
  const name = join(folder(t), "no", "folder", "release");
  assert.throws(() => writeKeyPair(name, made.ed25519), hasCode("WB-OUTPUT-UNWRITABLE"));
  assert.equal(existsSync(`${name}.key`), false);
});

test("a key file that is missing, a folder, or far too large", (t) => {
  const path = folder(t);
  assert.throws(() => readKey(join(path, "none.key")), hasCode("WB-KEY-MISSING"));
  mkdirSync(join(path, "folder.key"));
  assert.throws(() => readKey(join(path, "folder.key")), hasCode("WB-KEY-FORM"));
  writeFileSync(join(path, "large.key"), Buffer.alloc(65 * 1024));
  assert.throws(() => readKey(join(path, "large.key")), hasCode("WB-KEY-FORM"));
});

test("a key that is there and cannot be read is unchecked, not missing", (t) => {
  const path = join(folder(t), "loop.key");
  symlinkSync(path, path);
  assert.throws(
    () => readKey(path),
    (error: Fault) => error.facts.code === "WB-KEY-UNREADABLE" && error.facts.kind === "unchecked",
  );
});
