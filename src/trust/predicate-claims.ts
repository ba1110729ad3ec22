import { parseAdvisories } from "../format/advisories-claim.ts";
import { parseManifest, parseRebuild, parseVerdict } from "../format/predicates.ts";
import { Fields, rootPlace } from "../format/shape.ts";
import { parseProvenance, parseVsa } from "../format/slsa.ts";
import type { Timestamp } from "../model/digest.ts";
import { type JsonObject, OPENVEX_TYPES, PREDICATE_TYPES, type PredicateName } from "../model/statement.ts";

/** What a predicate says that a verification judges. `time` is the signer's own word. */
export interface PredicateClaims {
  readonly time?: Timestamp;
  readonly builderId?: string;
  /** Of a verification summary or a verdict. */
  readonly verifierId?: string;
}

type ClaimReader = (predicate: JsonObject, where: string) => PredicateClaims;

function at(time: Timestamp | undefined): PredicateClaims {
  return time === undefined ? {} : { time };
}

function root(predicate: JsonObject, where: string): Fields {
  return new Fields(predicate, rootPlace(where, "WB-PREDICATE-FORM"));
}

/** The documents of others are looked at as far as they say what they are and when; their content is read by who needs it. */
const READERS: Readonly<Record<PredicateName, ClaimReader>> = {
  provenance(predicate, where) {
    const { builderId, finishedOn, startedOn } = parseProvenance(predicate, where);
    return { builderId, ...at(finishedOn ?? startedOn) };
  },
  vsa(predicate, where) {
    const { verifierId, timeVerified } = parseVsa(predicate, where);
    return { verifierId, time: timeVerified };
  },
  verdict(predicate, where) {
    const { verifierId, at: time } = parseVerdict(predicate, where);
    return { verifierId, time };
  },
  manifest(predicate, where) {
    return at(parseManifest(predicate, where).at);
  },
  advisories(predicate, where) {
    return at(parseAdvisories(predicate, where).at);
  },
  rebuild(predicate, where) {
    parseRebuild(predicate, where);
    return {};
  },
  cyclonedx(predicate, where) {
    const document = root(predicate, where);
    document.oneOf("bomFormat", ["CycloneDX"]);
    document.string("specVersion");
    return at(document.optionalObject("metadata")?.optionalTimestamp("timestamp"));
  },
  spdx(predicate, where) {
    const document = root(predicate, where);
    document.oneOf("spdxVersion", ["SPDX-2.3"]);
    return at(document.object("creationInfo").optionalTimestamp("created"));
  },
  vulns(predicate, where) {
    const document = root(predicate, where);
    document.object("scanner");
    return at(document.object("metadata").optionalTimestamp("scanFinishedOn"));
  },
  openvex(predicate, where) {
    const document = root(predicate, where);
    document.string("@context");
    return at(document.optionalTimestamp("timestamp"));
  },
};

/**
 * What a predicate of a known type claims; of an unknown type nothing, and its form is not judged (`undefined`). Throws the
 * faults of the format's parsers, or `WB-PREDICATE-FORM`.
 */
export function predicateClaims(type: string, predicate: JsonObject, where: string): PredicateClaims | undefined {
  const names = Object.keys(PREDICATE_TYPES) as PredicateName[];
  const name = OPENVEX_TYPES.includes(type) ? "openvex" : names.find((one) => PREDICATE_TYPES[one] === type);
  return name === undefined ? undefined : READERS[name](predicate, where);
}
