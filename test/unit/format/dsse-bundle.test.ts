import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { decodeBase64, encodeBase64 } from "../../../src/format/base64.ts";
import { parseBundle, printBundle } from "../../../src/format/bundle.ts";
import { preAuthEncoding } from "../../../src/format/dsse.ts";
import { BUNDLE_MEDIA_TYPE, type Bundle } from "../../../src/model/bundle.ts";
import { Fault } from "../../../src/model/fault.ts";
import { shared } from "../../support/shared.ts";

test("pre-authentication encoding: the vector of the DSSE protocol, and its signature verifies", (t) => {
  const path = shared(t, "vectors/dsse/protocol.md");
  if (path === undefined) return;
  const text = readFileSync(path, "utf8");
  const expected = /^PAE:\s+```none\n(.*)\n```/m.exec(text)?.[1];
  const type = "http://example.com/HelloWorld";
  const encoded = preAuthEncoding(type, Buffer.from("hello world"));
  assert.equal(Buffer.from(encoded).toString(), expected);
  const coordinate = (name: string): string => {
    const decimal = new RegExp(`^${name}: (\\d+)$`, "m").exec(text)?.[1] ?? "0";
    return Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex").toString("base64url");
  };
  const key = createPublicKey({
    key: { kty: "EC", crv: "P-256", x: coordinate("X"), y: coordinate("Y") },
    format: "jwk",
  });
  const signature = Buffer.from(/"sig": "([^"]+)"/.exec(text)?.[1] ?? "", "base64");
  assert.ok(verify("sha256", encoded, { key, dsaEncoding: "ieee-p1363" }, signature));
});

test("pre-authentication encoding counts bytes and keeps any payload", () => {
  assert.equal(Buffer.from(preAuthEncoding("é", new Uint8Array())).toString(), "DSSEv1 2 é 0 ");
  const payload = new Uint8Array([0, 0xff, 0x20]);
  assert.deepEqual(new Uint8Array(preAuthEncoding("t", payload)).subarray(-3), payload);
});

test("base64 is strict: one text for each sequence of bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) =>
      assert.deepEqual(new Uint8Array(decodeBase64(encodeBase64(bytes)) ?? []), bytes),
    ),
  );
  for (const text of ["QQ", "QQ=", "QR==", "QQ==\n", " QQ==", "_-==", "QQ==QQ==", "Q", "é===", "QQ==="]) {
    assert.equal(decodeBase64(text), undefined, text);
  }
});

const good = {
  mediaType: BUNDLE_MEDIA_TYPE,
  verificationMaterial: { publicKey: { hint: "key-1" } },
  dsseEnvelope: {
    payload: "e30=",
    payloadType: "application/vnd.in-toto+json",
    signatures: [{ sig: "c2lnbmF0dXJl" }],
  },
} satisfies Bundle;

function codeOf(bundle: unknown): string {
  try {
    parseBundle(JSON.stringify(bundle), "a.jsonl:1");
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.kind} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

test("a bundle comes back as it was printed, on one line", () => {
  const line = printBundle(good);
  assert.ok(!line.includes("\n"));
  assert.deepEqual(parseBundle(line, "x"), good);
  assert.equal(printBundle(parseBundle(line, "x")), line);
  const full: Bundle = {
    ...good,
    verificationMaterial: {
      publicKey: { hint: "" },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope: { ...good.dsseEnvelope, signatures: [{ sig: "c2ln", keyid: "" }] },
  };
  assert.deepEqual(parseBundle(Buffer.from(printBundle(full)), "x"), full);
});

test("sound bundles of a kind that is not read are unchecked, and say what they hold", () => {
  const unchecked = "WB-BUNDLE-KIND unchecked a.jsonl:1";
  const material = (verificationMaterial: object): object => ({ ...good, verificationMaterial });
  assert.equal(codeOf(material({ certificate: { rawBytes: "AA==" } })), unchecked);
  assert.equal(codeOf(material({ x509CertificateChain: { certificates: [] } })), unchecked);
  assert.equal(codeOf(material({ publicKey: { hint: "" }, tlogEntries: [{}] })), unchecked);
  const stamped = { publicKey: {}, timestampVerificationData: { rfc3161Timestamps: [{}] } };
  assert.equal(codeOf(material(stamped)), unchecked);
  assert.equal(codeOf({ ...good, mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2" }), unchecked);
  const { dsseEnvelope: _, ...rest } = good;
  assert.equal(codeOf({ ...rest, messageSignature: {} }), unchecked);
});

test("broken bundles name the place", () => {
  const envelope = (change: object): object => ({ ...good, dsseEnvelope: { ...good.dsseEnvelope, ...change } });
  const at = (pointer: string): string => `WB-BUNDLE-FORM input a.jsonl:1#${pointer}`;
  assert.equal(codeOf([]), "WB-BUNDLE-FORM input a.jsonl:1");
  assert.equal(codeOf({ ...good, mediaType: "text/plain" }), at("/mediaType"));
  assert.equal(codeOf({ ...good, media_type: "x" }), at("/mediaType"));
  assert.equal(codeOf({ ...good, extra: 1 }), at("/extra"));
  assert.equal(codeOf({ ...good, verificationMaterial: {} }), at("/verificationMaterial/publicKey"));
  assert.equal(codeOf(envelope({ payload: "e30" })), at("/dsseEnvelope/payload"));
  assert.equal(codeOf(envelope({ payloadType: "" })), at("/dsseEnvelope/payloadType"));
  assert.equal(codeOf(envelope({ signatures: [] })), at("/dsseEnvelope/signatures"));
  assert.equal(codeOf(envelope({ signatures: [{ sig: "c2ln" }, { sig: "c2ln" }] })), at("/dsseEnvelope/signatures"));
  assert.equal(codeOf(envelope({ signatures: [{ sig: "c2l-" }] })), at("/dsseEnvelope/signatures/0/sig"));
  assert.equal(codeOf(envelope({ signatures: [{ sig: "c2ln", keyid: 1 }] })), at("/dsseEnvelope/signatures/0/keyid"));
  assert.equal(codeOf(envelope({ signatures: [{ sig: "c2ln", cert: "x" }] })), at("/dsseEnvelope/signatures/0/cert"));
});

test("the bundles of the conformance suite hold log entries or certificates: none is read as one of ours", (t) => {
  const folder = shared(t, "vectors/sigstore-conformance/bundle-verify");
  if (folder === undefined) return;
  const outcomes = globSync(`${folder}/*/bundle.sigstore.json`).map((file) => {
    try {
      parseBundle(readFileSync(file), "b.json");
      return "read";
    } catch (error) {
      assert.ok(error instanceof Fault, file);
      return error.facts.code;
    }
  });
  assert.ok(outcomes.length >= 60);
  assert.deepEqual([...new Set(outcomes)].sort(), ["WB-BUNDLE-KIND", "WB-JSON-SYNTAX"]);
  assert.ok(outcomes.filter((outcome) => outcome === "WB-BUNDLE-KIND").length >= 55);
});
