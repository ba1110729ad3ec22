import type { Forms, Type } from "./form.ts";
import { el, exactlyOne, flat, form, needs, of, wrap } from "./form.ts";
import * as v from "./values.ts";
import { TEXT } from "./values.ts";

/** Cryptographic assets (1.6), much widened in 1.7. */

/** `cryptography-defs` of 1.7. XML takes any text. */
const ALGORITHM_FAMILIES = v.values({
  "1.7": `
    3DES 3GPP-XOR A5/1 A5/2 AES ARIA Argon2 Ascon BLAKE2 BLAKE3 BLS Blowfish CAMELLIA CAST5 CAST6 CMAC CMEA CTR_DRBG
    ChaCha ChaCha20 DES DSA ECDH ECDSA ECIES EdDSA ElGamal FFDH Fortuna GOST HC HKDF HMAC HMAC_DRBG HPKE Hash_DRBG
    IDEA IKE-PRF J-PAKE LMS MD2 MD4 MD5 MILENAGE ML-DSA ML-KEM MQV OPAQUE PBES1 PBES2 PBKDF1 PBKDF2 PBMAC1 Poly1305
    RABBIT RC2 RC4 RC5 RC6 RIPEMD RSAES-OAEP RSAES-PKCS1 RSASSA-PKCS1 RSASSA-PSS SEED SHA-1 SHA-2 SHA-3 SLH-DSA SM2
    SM3 SM4 SM9 SNOW3G SP800-108 SPAKE2 SPAKE2PLUS SRP Salsa20 Serpent SipHash Skipjack TUAK Twofish UMAC Whirlpool
    X3DH XMSS Yarrow ZUC bcrypt scrypt yescrypt`,
});

const CURVES = v.values({
  "1.7": `
    anssi/FRP256v1 bls/BLS12-377 bls/BLS12-381 bls/BLS12-446 bls/BLS12-455 bls/BLS12-638 bls/BLS24-477
    bls/Bandersnatch bn/bn158 bn/bn190 bn/bn222 bn/bn254 bn/bn286 bn/bn318 bn/bn350 bn/bn382 bn/bn414 bn/bn446
    bn/bn478 bn/bn510 bn/bn542 bn/bn574 bn/bn606 bn/bn638 brainpool/brainpoolP160r1 brainpool/brainpoolP160t1
    brainpool/brainpoolP192r1 brainpool/brainpoolP192t1 brainpool/brainpoolP224r1 brainpool/brainpoolP224t1
    brainpool/brainpoolP256r1 brainpool/brainpoolP256t1 brainpool/brainpoolP320r1 brainpool/brainpoolP320t1
    brainpool/brainpoolP384r1 brainpool/brainpoolP384t1 brainpool/brainpoolP512r1 brainpool/brainpoolP512t1
    gost/gost256 gost/gost512 gost/id-GostR3410-2001-CryptoPro-A-ParamSet gost/id-GostR3410-2001-CryptoPro-B-ParamSet
    gost/id-GostR3410-2001-CryptoPro-C-ParamSet gost/id-tc26-gost-3410-12-512-paramSetA
    gost/id-tc26-gost-3410-12-512-paramSetB gost/id-tc26-gost-3410-2012-256-paramSetA
    gost/id-tc26-gost-3410-2012-512-paramSetC mnt/mnt1 mnt/mnt2/1 mnt/mnt2/2 mnt/mnt3/1 mnt/mnt3/2 mnt/mnt3/3 mnt/mnt4
    mnt/mnt5/1 mnt/mnt5/2 mnt/mnt5/3 nist/B-163 nist/B-233 nist/B-283 nist/B-409 nist/B-571 nist/K-163 nist/K-233
    nist/K-283 nist/K-409 nist/K-571 nist/P-192 nist/P-224 nist/P-256 nist/P-384 nist/P-521 nums/ed-254-mont
    nums/ed-255-mers nums/ed-256-mont nums/ed-382-mont nums/ed-383-mers nums/ed-384-mont nums/ed-510-mont
    nums/ed-511-mers nums/ed-512-mont nums/numsp256d1 nums/numsp256t1 nums/numsp384d1 nums/numsp384t1 nums/numsp512d1
    nums/numsp512t1 nums/w-254-mont nums/w-255-mers nums/w-256-mont nums/w-382-mont nums/w-383-mers nums/w-384-mont
    nums/w-510-mont nums/w-511-mers nums/w-512-mont oscaa/SM2 other/BADA55-R-256 other/BADA55-VPR-224
    other/BADA55-VPR2-224 other/BADA55-VR-224 other/BADA55-VR-256 other/BADA55-VR-384 other/Curve1174 other/Curve22103
    other/Curve25519 other/Curve383187 other/Curve41417 other/Curve4417 other/Curve448 other/Curve67254 other/E-222
    other/E-382 other/E-521 other/Ed25519 other/Ed448 other/Ed448-Goldilocks other/FourQ other/Fp224BN other/Fp254BNa
    other/Fp254BNb other/Fp254n2BNa other/Fp256BN other/Fp384BN other/Fp512BN other/JubJub other/M-221 other/M-383
    other/M-511 other/MDC201601 other/Pallas other/Tom-256 other/Tom-384 other/Tom-521 other/Tweedledee
    other/Tweedledum other/Vesta other/ssc-160 other/ssc-192 other/ssc-224 other/ssc-256 other/ssc-288 other/ssc-320
    other/ssc-384 other/ssc-512 secg/secp112r1 secg/secp112r2 secg/secp128r1 secg/secp128r2 secg/secp160k1
    secg/secp160r1 secg/secp160r2 secg/secp192k1 secg/secp192r1 secg/secp224k1 secg/secp224r1 secg/secp256k1
    secg/secp256r1 secg/secp384r1 secg/secp521r1 secg/sect113r1 secg/sect113r2 secg/sect131r1 secg/sect131r2
    secg/sect163k1 secg/sect163r1 secg/sect163r2 secg/sect193r1 secg/sect193r2 secg/sect233k1 secg/sect233r1
    secg/sect239k1 secg/sect283k1 secg/sect283r1 secg/sect409k1 secg/sect409r1 secg/sect571k1 secg/sect571r1
    wtls/wap-wsg-idm-ecid-wtls1 wtls/wap-wsg-idm-ecid-wtls10 wtls/wap-wsg-idm-ecid-wtls11 wtls/wap-wsg-idm-ecid-wtls12
    wtls/wap-wsg-idm-ecid-wtls3 wtls/wap-wsg-idm-ecid-wtls4 wtls/wap-wsg-idm-ecid-wtls5 wtls/wap-wsg-idm-ecid-wtls6
    wtls/wap-wsg-idm-ecid-wtls7 wtls/wap-wsg-idm-ecid-wtls8 wtls/wap-wsg-idm-ecid-wtls9 x962/c2onb191v4
    x962/c2onb191v5 x962/c2onb239v4 x962/c2onb239v5 x962/c2pnb163v1 x962/c2pnb163v2 x962/c2pnb163v3 x962/c2pnb176w1
    x962/c2pnb208w1 x962/c2pnb272w1 x962/c2pnb304w1 x962/c2pnb368w1 x962/c2tnb191v1 x962/c2tnb191v2 x962/c2tnb191v3
    x962/c2tnb239v1 x962/c2tnb239v2 x962/c2tnb239v3 x962/c2tnb359v1 x962/c2tnb431r1 x962/prime192v1 x962/prime192v2
    x962/prime192v3 x962/prime239v1 x962/prime239v2 x962/prime239v3 x962/prime256v1 x963/ansip160k1 x963/ansip160r1
    x963/ansip160r2 x963/ansip192k1 x963/ansip224k1 x963/ansip224r1 x963/ansip256k1 x963/ansip384r1 x963/ansip521r1
    x963/ansit163k1 x963/ansit163r1 x963/ansit163r2 x963/ansit193r1 x963/ansit193r2 x963/ansit233k1 x963/ansit233r1
    x963/ansit239k1 x963/ansit283k1 x963/ansit283r1 x963/ansit409k1 x963/ansit409r1 x963/ansit571k1 x963/ansit571r1`,
});
/** The only values with blanks in them. */
const OAKLEY = [
  "192-bit Random ECP Group",
  "224-bit Random ECP Group",
  "256-bit Random ECP Group",
  "384-bit Random ECP Group",
  "521-bit Random ECP Group",
  "Oakley Group 3",
  "Oakley Group 4",
];
const ELLIPTIC_CURVES = {
  ...CURVES,
  values: new Map([...(CURVES.values ?? []), ...OAKLEY.map((name) => [`oakley/${name}`, "1.7"] as const)]),
};

const LEVELS = `none fips140-1-l1 fips140-1-l2 fips140-1-l3 fips140-1-l4 fips140-2-l1 fips140-2-l2 fips140-2-l3 fips140-2-l4
  fips140-3-l1 fips140-3-l2 fips140-3-l3 fips140-3-l4 cc-eal1 cc-eal1+ cc-eal2 cc-eal2+ cc-eal3 cc-eal3+ cc-eal4 cc-eal4+
  cc-eal5 cc-eal5+ cc-eal6 cc-eal6+ cc-eal7 cc-eal7+ other unknown`;

/** Until 1.6 references alone; since then also objects that name what the reference cannot. */
function transform(form: string): Type {
  return {
    kind: "union",
    options: [
      { type: v.LINK, fits: v.isText },
      { since: "1.7", type: of(form), fits: v.isObject },
    ],
  };
}

const RELATED = wrap("relatedCryptographicAssets", "relatedCryptographicAsset", of("relatedCryptographicAsset"), {
  since: "1.7",
});
const FINGERPRINT = el("fingerprint", of("hash"), { since: "1.7" });

export const cryptoForms = (): Forms => ({
  cryptoProperties: form([
    el("assetType", v.values({ "1.6": "algorithm certificate protocol related-crypto-material" }), { required: true }),
    el("algorithmProperties", of("algorithmProperties")),
    el("certificateProperties", of("certificateProperties")),
    el("relatedCryptoMaterialProperties", of("relatedCryptoMaterialProperties")),
    el("protocolProperties", of("protocolProperties")),
    el("oid", TEXT),
  ]),
  algorithmProperties: form([
    el(
      "primitive",
      v.values(
        {
          "1.6": `drbg mac block-cipher stream-cipher signature hash pke xof kdf key-agree kem ae combiner other unknown`,
          "1.7": "key-wrap",
        },
        "other",
      ),
    ),
    el("algorithmFamily", ALGORITHM_FAMILIES, { since: "1.7", only: "json" }),
    el("algorithmFamily", TEXT, { since: "1.7", only: "xml" }),
    el("parameterSetIdentifier", TEXT),
    el("curve", TEXT),
    el("ellipticCurve", ELLIPTIC_CURVES, { since: "1.7", only: "json" }),
    el("ellipticCurve", TEXT, { since: "1.7", only: "xml" }),
    el(
      "executionEnvironment",
      v.values({ "1.6": "software-plain-ram software-encrypted-ram software-tee hardware other unknown" }),
    ),
    el(
      "implementationPlatform",
      v.values({
        "1.6": `generic x86_32 x86_64 armv7-a armv7-m armv8-a armv8-m armv9-a armv9-m s390x ppc64 ppc64le other unknown`,
      }),
    ),
    flat("certificationLevel", v.values({ "1.6": LEVELS })),
    el("mode", v.values({ "1.6": "cbc ecb ccm gcm cfb ofb ctr other unknown" })),
    el("padding", v.values({ "1.6": "pkcs5 pkcs7 pkcs1v15 oaep raw other unknown" })),
    wrap(
      "cryptoFunctions",
      "cryptoFunction",
      v.values({
        "1.6": `generate keygen encrypt decrypt digest tag keyderive sign verify encapsulate decapsulate other unknown`,
      }),
    ),
    el("classicalSecurityLevel", v.NATURAL),
    el("nistQuantumSecurityLevel", { ...v.NATURAL, max: 6 }),
  ]),
  certificateProperties: form([
    el("serialNumber", TEXT, { since: "1.7" }),
    el("subjectName", TEXT),
    el("issuerName", TEXT),
    el("notValidBefore", v.TIME),
    el("notValidAfter", v.TIME),
    el("signatureAlgorithmRef", v.LINK),
    el("subjectPublicKeyRef", v.LINK),
    el("certificateFormat", TEXT),
    el("certificateExtension", TEXT),
    el("certificateFileExtension", TEXT, { since: "1.7" }),
    FINGERPRINT,
    flat("certificateState", of("certificateState"), { since: "1.7" }),
    el("creationDate", v.TIME, { since: "1.7" }),
    el("activationDate", v.TIME, { since: "1.7" }),
    el("deactivationDate", v.TIME, { since: "1.7" }),
    el("revocationDate", v.TIME, { since: "1.7" }),
    el("destructionDate", v.TIME, { since: "1.7" }),
    wrap("certificateExtensions", "certificateExtension", of("certificateExtension"), { since: "1.7" }),
    RELATED,
  ]),
  certificateState: form(
    [
      el("state", v.values({ "1.7": "pre-activation active suspended deactivated revoked destroyed" })),
      el("name", TEXT),
      el("description", TEXT),
      el("reason", TEXT),
    ],
    { rules: [exactlyOne(["state", "name"]), needs("description", "name")] },
  ),
  certificateExtension: form(
    [
      el(
        "commonExtensionName",
        v.values({
          "1.7": `basicConstraints keyUsage extendedKeyUsage subjectAlternativeName authorityKeyIdentifier
            subjectKeyIdentifier authorityInformationAccess certificatePolicies crlDistributionPoints
            signedCertificateTimestamp`,
        }),
      ),
      el("commonExtensionValue", TEXT),
      el("customExtensionName", TEXT),
      el("customExtensionValue", TEXT),
    ],
    {
      rules: [
        exactlyOne(["commonExtensionName", "customExtensionName"]),
        needs("commonExtensionName", "commonExtensionValue"),
        needs("commonExtensionValue", "commonExtensionName"),
        needs("customExtensionValue", "customExtensionName"),
      ],
    },
  ),
  relatedCryptographicAsset: form([el("type", TEXT), el("ref", v.LINK)]),
  relatedCryptoMaterialProperties: form([
    el(
      "type",
      v.values({
        "1.6": `private-key public-key secret-key key ciphertext signature digest initialization-vector nonce seed salt
          shared-secret tag additional-data password credential token other unknown`,
      }),
    ),
    el("id", TEXT),
    el("state", v.values({ "1.6": "pre-activation active suspended deactivated compromised destroyed" })),
    el("algorithmRef", v.LINK),
    el("creationDate", v.TIME),
    el("activationDate", v.TIME),
    el("updateDate", v.TIME),
    el("expirationDate", v.TIME),
    el("value", TEXT),
    el("size", v.INTEGER),
    el("format", TEXT),
    el("securedBy", of("securedBy")),
    FINGERPRINT,
    RELATED,
  ]),
  securedBy: form([el("mechanism", TEXT), el("algorithmRef", v.LINK)]),
  protocolProperties: form([
    el(
      "type",
      v.values(
        { "1.6": "tls ssh ipsec ike sstp wpa other unknown", "1.7": "dtls quic eap-aka eap-aka-prime prins 5g-aka" },
        "other",
      ),
    ),
    el("version", TEXT),
    wrap("cipherSuites", "cipherSuite", of("cipherSuite")),
    el("ikev2TransformTypes", of("ikev2TransformTypes")),
    flat("cryptoRefArray", v.LINK, { element: "cryptoRef" }),
    RELATED,
  ]),
  cipherSuite: form([
    el("name", TEXT),
    wrap("algorithms", "algorithm", v.LINK),
    v.texts("identifiers", "identifier"),
    v.texts("tlsGroups", "group", { since: "1.7" }),
    v.texts("tlsSignatureSchemes", "signatureScheme", { since: "1.7" }),
  ]),
  ikev2TransformTypes: form([
    flat("encr", transform("ikev2Encryption")),
    flat("prf", transform("ikev2Named")),
    flat("integ", transform("ikev2Named")),
    flat("ke", transform("ikev2KeyExchange")),
    el("esn", v.BOOLEAN),
    flat("auth", transform("ikev2Named")),
  ]),
  ikev2Encryption: form([el("name", TEXT), el("keyLength", v.INTEGER), el("algorithm", v.LINK)]),
  ikev2Named: form([el("name", TEXT), el("algorithm", v.LINK)]),
  ikev2KeyExchange: form([el("group", v.INTEGER), el("algorithm", v.LINK)]),
});
