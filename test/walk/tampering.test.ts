import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sha256 } from "../../src/artifact/digest.ts";
import { manifestPredicate, parseManifest } from "../../src/format/predicates.ts";
import type { Bundle } from "../../src/model/bundle.ts";
import { Fault } from "../../src/model/fault.ts";
import type { RuleId } from "../../src/model/policy.ts";
import { PREDICATE_TYPES, type Statement } from "../../src/model/statement.ts";
import { exitCodeOf } from "../../src/policy/exit-code.ts";
import { printTrust } from "../../src/trust/trust-file.ts";
import { aboutOlder, append, relist, requiring, statement, withLine, without, write } from "../support/tamper.ts";
import {
  copyOf,
  deliver,
  type Delivery,
  lineOf,
  SHIPPED_AT,
  pack,
  RECEIVED_AT,
  receiveDelivery,
  signedLine,
} from "../support/shipment.ts";

const MANIFEST = JSON.stringify({ name: "app", version: "1.0.0", license: "MIT" });
const FILES = { "package.json": MANIFEST, "index.js": "export const answer = 42;\n" };

interface Attack {
  readonly name: string;
  readonly does: (delivery: Delivery) => void;
  readonly asked?:
    | Parameters<typeof receiveDelivery>[1]
    | ((delivery: Delivery) => Parameters<typeof receiveDelivery>[1]);
  /** The rule that must fail, with this text (a code where a paper is refused) in what it found. */
  readonly rule: RuleId;
  readonly found: RegExp;
}

let good: Delivery;
let other: Delivery;
let older: Delivery;

/** Changes one byte of a file, in place. */
function flip(path: string, offset: number): void {
  const bytes = readFileSync(path);
  const at = offset < 0 ? bytes.length + offset : offset;
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
}

/** Changes one byte inside a base64 member of a bundle's line. */
function flipInside(line: string, member: "payload" | "sig"): string {
  return line.replace(new RegExp(`("${member}":")([A-Za-z0-9+/=]+)`, "u"), (_, head: string, text: string) => {
    const bytes = Buffer.from(text, "base64");
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] as number) ^ 1;
    return head + bytes.toString("base64");
  });
}

const retrust = (delivery: Delivery, change: (text: string) => string): void => {
  const before = readFileSync(delivery.trust, "utf8");
  const changed = change(before);
  assert.notEqual(changed, before, "the attack changes nothing");
  writeFileSync(delivery.trust, changed);
};
/** Replaces a paper by the same statement signed anew, changed. */
const restate =
  (type: keyof typeof PREDICATE_TYPES, change: (made: Statement) => Statement, by: "signer" | "stranger" = "signer") =>
  (delivery: Delivery) =>
    write(
      delivery,
      withLine(delivery, lineOf(delivery, type), signedLine(change(statement(delivery, type)), delivery[by])),
    );

const TYPES = ["provenance", "cyclonedx", "spdx", "vulns", "rebuild", "verdict", "vsa", "manifest"] as const;
const REQUIRED = { provenance: "provenance", cyclonedx: "cyclonedx", manifest: "manifest" } as const;
const isRequired = (type: string): boolean => type in REQUIRED;

const ATTACKS: readonly Attack[] = [
  // The artifact.
  {
    name: "one byte of the artifact",
    does: ({ file }) => flip(file, 4),
    rule: "install.verify",
    found: /WB-VERIFY-SUBJECT/u,
  },
  {
    name: "a byte appended to the artifact's header field",
    does: ({ file }) => flip(file, 9),
    rule: "install.verify",
    found: /WB-VERIFY-SUBJECT/u,
  },
  {
    name: "another artifact under the papers",
    does: ({ folder }) => void pack(folder, "app-1.0.0.tgz", { ...FILES, "index.js": "export const answer = 43;\n" }),
    rule: "install.verify",
    found: /WB-VERIFY-SUBJECT/u,
  },
  // Each paper: signature, payload, removal.
  ...TYPES.map((type): Attack => ({
    name: `one byte of the signature of ${type}`,
    does: (d) => write(d, withLine(d, lineOf(d, type), flipInside(d.lines[lineOf(d, type)] as string, "sig"))),
    rule: "install.verify",
    found: isRequired(type) ? /WB-VERIFY-SIGNATURE/u : /stripped/u,
  })),
  ...TYPES.map((type): Attack => ({
    name: `one byte of the payload of ${type}`,
    does: (d) => write(d, withLine(d, lineOf(d, type), flipInside(d.lines[lineOf(d, type)] as string, "payload"))),
    rule: "install.verify",
    found: isRequired(type) ? /WB-VERIFY-SIGNATURE|WB-VERIFY/u : /stripped/u,
  })),
  ...TYPES.map((type): Attack => ({
    name: `${type} stripped`,
    does: (d) => write(d, without(d, lineOf(d, type))),
    rule: "install.verify",
    found: /stripped|none among/u,
  })),
  {
    name: "all papers stripped",
    does: ({ papers }) => rmSync(papers),
    rule: "install.verify",
    found: /none among 0 papers/u,
  },
  {
    name: "one paper kept in two copies where another was",
    does: (d) => write(d, withLine(d, lineOf(d, "rebuild"), d.lines[0] as string)),
    rule: "install.verify",
    found: /stripped/u,
  },
  // Papers of something else.
  {
    name: "papers of another artifact",
    does: (d) => write(d, other.lines),
    rule: "install.verify",
    found: /WB-VERIFY-KEY-UNKNOWN/u,
  },
  {
    name: "another artifact's provenance by the same key",
    does: restate("provenance", (made) => ({
      ...made,
      subject: [{ name: "app-1.0.0.tgz", digest: { sha256: "0".repeat(64) } }],
    })),
    rule: "install.verify",
    found: /WB-VERIFY-SUBJECT/u,
  },
  {
    name: "a subject by SHA-1 alone",
    does: restate("provenance", (made) => ({
      ...made,
      subject: [
        { name: "app-1.0.0.tgz", digest: { sha1: createHash("sha1").update(readFileSync(good.file)).digest("hex") } },
      ],
    })),
    rule: "install.verify",
    found: /WB-VERIFY-SUBJECT/u,
  },
  {
    name: "an older release's papers and bytes under the new name",
    does: (d) => {
      writeFileSync(d.file, readFileSync(older.file));
    },
    rule: "install.verify",
    found: /WB-VERIFY-SUBJECT/u,
  },
  {
    name: "the verdict summary of an older release",
    does: (d) => write(d, withLine(d, lineOf(d, "vsa"), older.lines[lineOf(older, "vsa")] as string)),
    rule: "install.verify",
    found: /stripped/u,
  },
  {
    name: "provenance signed by a stranger",
    does: restate("provenance", (made) => made, "stranger"),
    rule: "install.verify",
    found: /WB-VERIFY-KEY-UNKNOWN/u,
  },
  {
    name: "provenance by another builder",
    does: restate("provenance", (made) => ({
      ...made,
      predicate: {
        ...made.predicate,
        runDetails: { ...(made.predicate["runDetails"] as object), builder: { id: "https://evil.example/builder" } },
      },
    })),
    rule: "install.verify",
    found: /WB-SCOPE-BUILDER/u,
  },
  {
    name: "only the producer's own summary",
    does: (d) => write(d, [d.lines[lineOf(d, "vsa")] as string]),
    rule: "install.verify",
    found: /none among 1 papers/u,
  },
  {
    name: "a statement of another type",
    does: restate("provenance", (made) => ({ ...made, _type: "https://in-toto.io/Statement/v9" as never })),
    rule: "install.verify",
    found: /WB-/u,
  },
  {
    name: "a predicate that is none",
    does: restate("provenance", (made) => ({ ...made, predicate: {} })),
    rule: "install.verify",
    found: /WB-VERIFY-PREDICATE-FORM/u,
  },
  {
    name: "a payload type that is not in-toto's",
    does: (d) =>
      write(
        d,
        withLine(
          d,
          lineOf(d, "provenance"),
          (d.lines[lineOf(d, "provenance")] as string).replace(
            "application/vnd.in-toto+json",
            "application/vnd.in-toto+jsoN",
          ),
        ),
      ),
    rule: "install.verify",
    found: /WB-VERIFY-PAYLOAD-TYPE|WB-VERIFY/u,
  },
  {
    name: "a hint that names another key",
    does: (d) =>
      write(
        d,
        withLine(
          d,
          0,
          (d.lines[0] as string).replace(
            /"hint":"./u,
            (text) => `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`,
          ),
        ),
      ),
    rule: "install.verify",
    found: /WB-VERIFY-KEY-UNKNOWN/u,
  },
  {
    name: "signed in the future",
    does: restate("provenance", (made) => ({
      ...made,
      predicate: {
        ...made.predicate,
        runDetails: {
          ...(made.predicate["runDetails"] as object),
          metadata: { invocationId: "x", startedOn: "2030-01-01T00:00:00Z", finishedOn: "2030-01-01T00:00:00Z" },
        },
      },
    })),
    rule: "install.verify",
    found: /WB-TIME-FUTURE/u,
  },
  {
    name: "an older verdict summary by the same key in the place of this one, listed anew",
    does: (d) => {
      const old = aboutOlder(older, statement(d, "vsa"));
      relist(d, lineOf(d, "vsa"), signedLine(old, d.signer), PREDICATE_TYPES.vsa);
    },
    asked: (d) => ({
      policy: requiring(d, "package.manifest, build.reproducible", "build: { reproducible: { rebuilds: 1 } }"),
    }),
    rule: "install.verify",
    // It is no summary of these bytes, so it informs nobody; and no summary makes up for the rebuild that is asked for.
    found: /self-reproduced/u,
  },
  {
    name: "one person's rebuild in many copies where another's is asked for",
    does: (d) => write(d, [...d.lines, ...Array.from({ length: 5 }, () => d.lines[lineOf(d, "rebuild")] as string)]),
    asked: (d) => ({ policy: requiring(d, "build.reproducible", "build: { reproducible: { rebuilds: 1 } }") }),
    rule: "install.verify",
    found: /self-reproduced/u,
  },
  {
    name: "appended: a provenance under the producer's name that its key did not sign",
    does: (d) => {
      const { signatures } = (JSON.parse(signedLine(statement(d, "provenance"), d.stranger)) as Bundle).dsseEnvelope;
      append(
        d,
        (d.lines[lineOf(d, "provenance")] as string).replace(/"sig":"[^"]*"/u, () => `"sig":"${signatures[0]?.sig}"`),
      );
    },
    rule: "install.verify",
    found: /line 10 was refused \(WB-VERIFY-SIGNATURE\)/u,
  },
  {
    name: "appended: a provenance by the producer for another builder",
    does: (d) => {
      const made = statement(d, "provenance");
      const details = { ...(made.predicate["runDetails"] as object), builder: { id: "https://evil.example/builder" } };
      append(d, signedLine({ ...made, predicate: { ...made.predicate, runDetails: details } }, d.signer));
    },
    rule: "install.verify",
    found: /line 10 was refused \(WB-SCOPE-BUILDER\)/u,
  },
  {
    name: "a stranger's provenance that the producer's manifest lists",
    does: (d) => {
      const line = signedLine(statement(d, "provenance"), d.stranger);
      const index = lineOf(d, "manifest");
      const { payload } = (JSON.parse(d.lines[index] as string) as Bundle).dsseEnvelope;
      const made = JSON.parse(Buffer.from(payload, "base64").toString()) as Statement;
      const papers = [
        ...parseManifest(made.predicate, "").papers,
        { digest: sha256(line), predicateType: PREDICATE_TYPES.provenance },
      ];
      const listed = signedLine({ ...made, predicate: manifestPredicate(papers, SHIPPED_AT) }, d.signer);
      write(d, [...withLine(d, index, listed), line]);
    },
    rule: "install.verify",
    found: /line 10 was refused \(WB-VERIFY-KEY-UNKNOWN\)/u,
  },
  // Contents.
  {
    name: "an SBOM that keeps silent about a bundled package",
    does: (d) => {
      pack(d.folder, "app-1.0.0.tgz", {
        ...FILES,
        "node_modules/quiet/package.json": JSON.stringify({ name: "quiet", version: "6.6.6" }),
      });
    },
    rule: "install.verify",
    found: /WB-VERIFY-SUBJECT/u,
  },
  // Trust.
  {
    name: "another key is trusted",
    does: (d) => writeFileSync(d.trust, d.stranger.publicKeyPem),
    rule: "install.verify",
    found: /WB-VERIFY-KEY-UNKNOWN/u,
  },
  {
    name: "the key may not state provenance",
    does: (d) => retrust(d, (text) => text.replace('"provenance", ', "")),
    rule: "install.verify",
    found: /WB-SCOPE-PREDICATE/u,
  },
  {
    name: "the key may not speak of this package",
    does: (d) =>
      retrust(d, (text) => text.replaceAll("pkg:npm/app@*", "pkg:npm/other@*").replaceAll("app-*", "other-*")),
    rule: "install.verify",
    found: /WB-SCOPE-SUBJECT/u,
  },
  {
    name: "the key may not vouch for this builder",
    does: (d) => retrust(d, (text) => text.replaceAll("/builder/local-bwrap/", "/builder/elsewhere/")),
    rule: "install.verify",
    found: /WB-SCOPE-BUILDER/u,
  },
  {
    name: "the key is valid only later",
    does: (d) => retrust(d, (text) => text.replace(/validFrom:.*/u, 'validFrom: "2027-01-01T00:00:00Z"')),
    rule: "install.verify",
    found: /WB-KEY-NOT-YET-VALID/u,
  },
  {
    name: "the key has expired",
    does: (d) => retrust(d, (text) => text.replace(/( *)validFrom:.*/u, '$1validUntil: "2026-11-22T00:00:00Z"')),
    rule: "install.verify",
    found: /WB-KEY-EXPIRED/u,
  },
  {
    name: "the key was revoked for compromise",
    does: (d) =>
      retrust(d, (text) =>
        text.replace(/( *)validFrom:.*/u, '$1revoked: { at: "2026-11-21T00:00:00Z", reason: compromise }'),
      ),
    rule: "install.verify",
    found: /WB-KEY-REVOKED/u,
  },
  {
    name: "the key was superseded",
    does: (d) =>
      retrust(d, (text) =>
        text.replace(/( *)validFrom:.*/u, '$1revoked: { at: "2026-11-21T00:00:00Z", reason: superseded }'),
      ),
    rule: "install.verify",
    found: /WB-KEY-SUPERSEDED/u,
  },
  {
    name: "received long after the key's end",
    does: (d) => retrust(d, (text) => text.replace(/( *)validFrom:.*/u, '$1validUntil: "2028-01-01T00:00:00Z"')),
    asked: { at: "2029-01-01T00:00:00Z" },
    rule: "install.verify",
    found: /WB-KEY-EXPIRED/u,
  },
  // What was asked for.
  {
    name: "another name was asked for",
    does: () => {},
    asked: { expect: "pkg:npm/other@1.0.0" },
    rule: "install.identity",
    found: /pkg:npm\/app@1\.0\.0/u,
  },
  {
    name: "another version was asked for",
    does: () => {},
    asked: { expect: "pkg:npm/app@1.0.1" },
    rule: "install.identity",
    found: /pkg:npm\/app@1\.0\.0/u,
  },
  // Policy.
  {
    name: "a level that no workstation can show",
    does: (d) =>
      writeFileSync(
        join(d.folder, "p.yaml"),
        "version: 1\nmode: enforce\nbuild: { provenance: { level: SLSA_BUILD_L3 } }\ninstall: { verify: { require: [build.provenance] } }\n",
      ),
    asked: (d) => ({ policy: join(d.folder, "p.yaml") }),
    rule: "install.verify",
    found: /SLSA_BUILD_LEVEL_1/u,
  },
  {
    name: "a rebuild by the same signer where another's is asked for",
    does: (d) =>
      writeFileSync(
        join(d.folder, "p.yaml"),
        "version: 1\nmode: enforce\nbuild: { reproducible: { rebuilds: 1 } }\ninstall: { verify: { require: [build.reproducible] } }\n",
      ),
    asked: (d) => ({ policy: join(d.folder, "p.yaml") }),
    rule: "install.verify",
    found: /self-reproduced/u,
  },
  {
    name: "an exception that has expired",
    does: (d) => {
      pack(d.folder, "app-1.0.0.tgz", {
        ...FILES,
        "node_modules/lib/package.json": JSON.stringify({ name: "lib", version: "1.0.0", license: "AGPL-3.0-only" }),
      });
      writeFileSync(
        join(d.folder, "p.yaml"),
        "version: 1\nmode: enforce\ninstall: { licenses: { deny: [AGPL-3.0-only] } }\nexceptions:\n  - { rule: install.licenses, subject: 'pkg:npm/lib', owner: a, reason: b, expires: 2026-11-22 }\n",
      );
    },
    asked: (d) => ({ policy: join(d.folder, "p.yaml") }),
    rule: "install.licenses",
    found: /expired/u,
  },
];

describe("tampering", () => {
  before(async () => {
    good = await deliver(FILES);
    other = await deliver({ "package.json": JSON.stringify({ name: "other", version: "1.0.0" }) });
    older = await deliver({ ...FILES, "index.js": "export const answer = 41;\n" });
  });
  after(() => {
    for (const { folder } of [good, other, older]) rmSync(folder, { recursive: true, force: true });
  });

  test("untouched, it is allowed", async () => {
    const { verdict } = await receiveDelivery(good, { expect: "pkg:npm/app@1.0.0" });
    assert.deepEqual([verdict.decision, exitCodeOf(verdict)], ["allow", 0]);
  });

  test("there are at least forty attacks", () => assert.ok(ATTACKS.length >= 40, String(ATTACKS.length)));

  for (const { name, does, asked, rule, found } of ATTACKS) {
    test(`refused: ${name}`, async () => {
      const delivery = copyOf(good);
      try {
        does(delivery);
        const { verdict } = await receiveDelivery(delivery, typeof asked === "function" ? asked(delivery) : asked);
        const failed = verdict.reasons.filter(({ outcome, mode }) => outcome === "fail" && mode === "enforce");
        assert.equal(verdict.decision, "deny");
        assert.equal(exitCodeOf(verdict), 1);
        assert.ok(
          failed.some((reason) => reason.rule === rule && found.test(reason.found)),
          `${rule} ${found}: ${JSON.stringify(failed.map((reason) => `${reason.rule}: ${reason.found}`))}`,
        );
      } finally {
        rmSync(delivery.folder, { recursive: true, force: true });
      }
    });
  }

  const faults: readonly [
    name: string,
    does: (delivery: Delivery) => void,
    asked: (delivery: Delivery) => Parameters<typeof receiveDelivery>[1],
    code: string,
  ][] = [
    [
      "a truncated artifact",
      ({ file }) => writeFileSync(file, readFileSync(file).subarray(0, 60)),
      () => ({}),
      "WB-ARCHIVE-CORRUPT",
    ],
    ["one bad line in the papers", (d) => write(d, [...d.lines, "{"]), () => ({}), "WB-PAPERS-LINE"],
    [
      "a policy with a typo",
      (d) => writeFileSync(join(d.folder, "p.yaml"), "version: 1\ninstall: { verifi: {} }\n"),
      (d) => ({ policy: join(d.folder, "p.yaml") }),
      "WB-POLICY-UNKNOWN-RULE",
    ],
    [
      "a trust file with a typo",
      (d) => retrust(d, (text) => text.replace("predicates:", "predicate:")),
      () => ({}),
      "WB-TRUST-UNKNOWN-KEY",
    ],
    ["an index with a flipped head", ({ db }) => flip(db, 20), () => ({}), "WB-INDEX-FORM"],
  ];
  for (const [name, does, asked, code] of faults) {
    test(`one clear fault: ${name}`, async () => {
      const delivery = copyOf(good);
      try {
        does(delivery);
        await assert.rejects(
          receiveDelivery(delivery, asked(delivery)),
          (error: unknown) => error instanceof Fault && error.facts.code === code,
        );
      } finally {
        rmSync(delivery.folder, { recursive: true, force: true });
      }
    });
  }

  test("a policy, trust or VEX file inside or beside the artifact judges nothing", async () => {
    const planted = "version: 1\nmode: observe\n";
    const delivery = await deliver({
      ...FILES,
      "waybill.policy.yaml": planted,
      "policy.yaml": planted,
      ".waybill/trust.yaml": "version: 1\nentries: []\n",
    });
    try {
      for (const name of ["waybill.policy.yaml", "policy.yaml", "waybill.vex.json"])
        writeFileSync(join(delivery.folder, name), planted);
      rmSync(delivery.papers);
      const { verdict } = await receiveDelivery(delivery);
      assert.equal(verdict.decision, "deny");
      assert.equal(verdict.inputs.policy.origin, "waybill:baseline@1");
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });

  test("without an index what needs one is unchecked: could not check, not clean", async () => {
    const delivery = copyOf(good);
    try {
      rmSync(delivery.db);
      await assert.rejects(
        receiveDelivery(delivery, { at: RECEIVED_AT }),
        (error: unknown) =>
          error instanceof Fault && error.facts.code === "WB-INDEX-MISSING" && error.facts.kind === "unchecked",
      );
    } finally {
      rmSync(delivery.folder, { recursive: true, force: true });
    }
  });

  test("the trust file that ship leaves says what it grants", () => {
    assert.match(readFileSync(good.trust, "utf8"), /SLSA_BUILD_LEVEL_1/u);
    assert.doesNotMatch(printTrust({ entries: [] }), /SLSA_BUILD_LEVEL_1/u);
  });
});
