import { canonicalJson } from "./json.ts";
import { sha256 } from "../artifact/digest.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import type { BuildRecord, Exchange } from "../model/build.ts";
import type { DigestHex, DigestSet, Timestamp } from "../model/digest.ts";
import type { Verdict } from "../model/policy.ts";
import { type JsonObject, type ResourceDescriptor, WAYBILL_URI } from "../model/statement.ts";
import { readDigest } from "./digest-set.ts";
import { readResourceDescriptor } from "./intoto.ts";
import { asString, Fields, rootPlace } from "./shape.ts";

/** What of a provenance is judged. */
export interface Provenance {
  readonly buildType: string;
  readonly builderId: string;
  readonly externalParameters: JsonObject;
  readonly resolvedDependencies: readonly ResourceDescriptor[];
  readonly startedOn?: Timestamp;
  readonly finishedOn?: Timestamp;
}

/** What of a verification summary is judged. `decision` is ours: a summary of another verifier has none. */
export interface Vsa {
  readonly verifierId: string;
  readonly timeVerified: Timestamp;
  readonly resourceUri: string;
  readonly policyDigest: DigestHex;
  readonly verificationResult: "PASSED" | "FAILED";
  readonly verifiedLevels: readonly string[];
  readonly decision?: Verdict["decision"];
}

/**
 * SLSA provenance v1 (slsa.dev, build provenance v1) of a recorded build, build type `WAYBILL_URI/build/v1`. The same
 * sources, network answers and tools give the same predicate, but for times, invocation id and log: whether an answer came
 * from a cache is left out. Refused requests resolved nothing; they are counted and lie in the network record.
 */
export function provenancePredicate(record: BuildRecord, builder: { id: string; version: string }): JsonObject {
  return {
    buildDefinition: {
      buildType: `${WAYBILL_URI}/build/v1`,
      externalParameters: {
        source: {
          uri: record.source.uri,
          ...(record.source.ref !== undefined && { ref: record.source.ref }),
          digest: digestJson(record.source.digests),
        },
        config: { commands: record.commands },
      },
      internalParameters: internalParameters(record),
      resolvedDependencies: resolvedDependencies(record),
    },
    runDetails: {
      builder: { id: builder.id, version: { waybill: builder.version } },
      metadata: {
        invocationId: record.invocationId,
        startedOn: record.startedOn,
        finishedOn: record.finishedOn,
      },
      byproducts: [
        { name: "build.log", digest: digestJson(record.log.digests) },
        { name: "network.json", digest: { sha256: networkDigest(record.exchanges) } },
      ],
    },
  };
}

function internalParameters(record: BuildRecord): JsonObject {
  const refused = record.exchanges.filter((exchange) => exchange.decision === "refused").length;
  return {
    sandbox: {
      mode: record.mode,
      ...(record.profileDigest !== null && { profile: { digest: { sha256: record.profileDigest } } }),
    },
    environment: { ...record.environment },
    limits: { ...record.limits },
    locked: record.locked,
    recorder: `${WAYBILL_URI}/recording-proxy/v1`,
    // How far the list of dependencies can be relied on: files that the build read are not recorded.
    completeness: { network: record.network === "recorded" ? "complete" : "unknown", files: "unknown" },
    refusedRequests: refused,
  };
}

function resolvedDependencies(record: BuildRecord): JsonObject[] {
  const source = {
    uri: record.source.uri,
    digest: digestJson(record.source.digests),
    annotations: { role: "source", ...(record.source.dirty && { dirty: true }) },
  };
  const exchanges = record.exchanges.filter((exchange) => exchange.decision === "allowed").map(exchangeJson);
  const tools = record.toolchain.map((tool) => ({
    name: tool.name,
    digest: digestJson(tool.digests),
    annotations: { role: "toolchain", version: tool.version },
  }));
  return [source, ...sortedOnce(exchanges), ...sortedOnce(tools)];
}

function exchangeJson(exchange: Exchange): JsonObject {
  return {
    uri: exchange.url,
    digest: digestJson(exchange.digests),
    downloadLocation: exchange.url,
    annotations: { role: "network", method: exchange.method, status: exchange.status, decision: exchange.decision },
  };
}

/** By canonical text, equal ones once: which of two equal requests came first differs between runs. */
function sortedOnce(descriptors: readonly JsonObject[]): JsonObject[] {
  const byText = new Map(descriptors.map((descriptor) => [sortKey(descriptor), descriptor]));
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, descriptor]) => descriptor);
}

function sortKey(descriptor: JsonObject): string {
  return `${String(descriptor["uri"] ?? descriptor["name"])}\n${canonicalJson(descriptor)}`;
}

function networkDigest(exchanges: readonly Exchange[]): DigestHex {
  return sha256(canonicalJson(sortedOnce(exchanges.map(exchangeJson))));
}

function digestJson(digests: DigestSet): JsonObject {
  return { ...digests } as JsonObject;
}

/**
 * Reads a provenance v1 predicate. `externalParameters` is given as it is: the judge says which names it expects.
 * Faults: WB-PROVENANCE-FORM with the JSON pointer.
 */
export function parseProvenance(predicate: JsonObject, where: string): Provenance {
  const root = new Fields(predicate, rootPlace(where, "WB-PROVENANCE-FORM"));
  const definition = root.object("buildDefinition");
  const details = root.object("runDetails");
  const metadata = details.optionalObject("metadata");
  const startedOn = metadata?.optionalTimestamp("startedOn");
  const finishedOn = metadata?.optionalTimestamp("finishedOn");
  return {
    buildType: definition.string("buildType"),
    builderId: details.object("builder").string("id"),
    externalParameters: definition.object("externalParameters").raw,
    resolvedDependencies: definition.optionalList("resolvedDependencies", readResourceDescriptor),
    ...(startedOn !== undefined && { startedOn }),
    ...(finishedOn !== undefined && { finishedOn }),
  };
}

/**
 * SLSA verification summary v1 (slsa.dev, verification_summary v1) of a verdict. A warning is PASSED, said in the extension
 * field `waybill_decision`; a deny is FAILED, and then `FAILED` is the only level, as the specification asks.
 */
export function vsaPredicate(
  verdict: Verdict,
  verifier: { id: string; version: string },
  resourceUri: string,
  inputPapers: readonly DigestHex[],
  levels: readonly string[],
): JsonObject {
  const passed = verdict.decision !== "deny";
  const { policy } = verdict.inputs;
  return {
    verifier: { id: verifier.id, version: { waybill: verifier.version } },
    timeVerified: verdict.at,
    resourceUri,
    policy: { uri: policy.origin, digest: { sha256: policy.digest } },
    inputAttestations: [...inputPapers].sort().map((digest) => ({ digest: { sha256: digest } })),
    verificationResult: passed ? "PASSED" : "FAILED",
    verifiedLevels: passed ? [...levels].sort() : ["FAILED"],
    slsaVersion: "1.2",
    waybill_decision: verdict.decision,
  };
}

/** Reads a verification summary v1 predicate of any verifier. Faults: WB-VSA-FORM with the JSON pointer. */
export function parseVsa(predicate: JsonObject, where: string): Vsa {
  const root = new Fields(predicate, rootPlace(where, "WB-VSA-FORM"));
  const policy = root.object("policy");
  const summary: Vsa = {
    verifierId: root.object("verifier").string("id"),
    timeVerified: root.timestamp("timeVerified"),
    resourceUri: root.string("resourceUri"),
    policyDigest: readDigest(policy.object("digest"), "sha256"),
    verificationResult: root.oneOf("verificationResult", ["PASSED", "FAILED"]),
    verifiedLevels: root.list("verifiedLevels", asString),
  };
  if (!root.has("waybill_decision")) return summary;
  const decision = root.oneOf("waybill_decision", ["allow", "warn", "deny"]);
  if ((decision === "deny") !== (summary.verificationResult === "FAILED")) {
    throw root.fault("waybill_decision", `a decision that agrees with ${summary.verificationResult}`);
  }
  return { ...summary, decision };
}
