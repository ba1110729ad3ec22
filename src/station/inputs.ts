import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openIndex } from "../advisory/index-file.ts";
import type { OverruleFile } from "../advisory/overrule-file.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { sha256 } from "../artifact/digest.ts";
import { readRegular } from "../artifact/read-file.ts";
import type { AdvisoryIndex } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import type { Policy } from "../model/policy.ts";
import type { InputOrigin, Trust } from "../model/trust.ts";
import type { VexDocument } from "../model/vex.ts";

/** What a judgement is made by, each with its origin and digest (DESIGN, rule 3). */
export interface Inputs {
  readonly policy: Policy;
  readonly trust: Trust;
  /** `undefined`: no index was given or pinned; rules that need one are unchecked. */
  readonly index: AdvisoryIndex | undefined;
  readonly vex: readonly VexDocument[];
  readonly vexOrigins: readonly InputOrigin[];
  /** Local words against records of the index; undefined: none were given or pinned. */
  readonly overrules: OverruleFile | undefined;
  /** What statements and ignore files say and is not heeded, for people. */
  readonly unheeded: readonly string[];
}

/** Where the inputs lie. `project` is set only where the project's own policy has a say (check, ship, build). */
export interface InputPlaces {
  /** Folder of this user's pinned configuration: `policy.yaml`, `trust.yaml`, `advisories.db`, `overrules.yaml`, `vex/`. */
  readonly home: string;
  readonly policy: string | undefined;
  readonly trust: readonly string[];
  readonly index: string | undefined;
  /** Digest of the index's revision to judge by; undefined: the newest. */
  readonly asOf?: string | undefined;
  readonly vex: readonly string[];
  readonly overrules?: string | undefined;
  readonly project: string | undefined;
}

/** Above this it is neither a policy nor a trust file. */
const MAX_OPTIONAL_BYTES = 8 * 1024 * 1024;

/**
 * Reads a file that the user named. Throws `WB-INPUT-MISSING` (input) where it is not there and `WB-INPUT-UNREADABLE`
 * (unchecked) where it cannot be read.
 */
export function readInput(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Fault({
      code: missing ? "WB-INPUT-MISSING" : "WB-INPUT-UNREADABLE",
      kind: missing ? "input" : "unchecked",
      what: missing ? `the ${what} is not there` : `the ${what} cannot be read`,
      where: path,
      found: (error as NodeJS.ErrnoException).code ?? "an error",
    });
  }
}

/**
 * A file that need not be there. One that is there and cannot be read is no absent one: a policy that went unread must not leave
 * the field to a looser one. Throws `WB-INPUT-UNREADABLE` (unchecked).
 */
export function readOptional(path: string, what: string): Uint8Array | undefined {
  try {
    return readRegular(path, path, MAX_OPTIONAL_BYTES, true);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.facts.code === "WB-SOURCE-MISSING") return undefined;
    throw new Fault({
      code: "WB-INPUT-UNREADABLE",
      kind: "unchecked",
      what: `the ${what} is there and cannot be read`,
      where: cleanText(path, 300),
      found: error.facts.found ?? error.facts.what,
      fix: "see to its permissions, or move it away",
    });
  }
}

/**
 * The policy by the rules of DESIGN, rule 3: the flag, else the pinned one, else the shipped baseline; a project's own joins
 * where `project` is given, and where another is pinned it may only tighten that.
 */
export async function readPolicy(places: Pick<InputPlaces, "home" | "policy" | "project">): Promise<Policy> {
  const { baseline, parsePolicy } = await import("../policy/policy-file.ts");
  const pinnedPath = join(places.home, "policy.yaml");
  const pinnedBytes =
    places.policy === undefined ? readOptional(pinnedPath, "pinned policy") : readInput(places.policy, "policy file");
  const path = places.policy ?? pinnedPath;
  const pinned = pinnedBytes === undefined ? undefined : await parsePolicy(pinnedBytes, path, path);
  const own = places.project === undefined ? undefined : join(places.project, "waybill.policy.yaml");
  const ownBytes = own === undefined ? undefined : readOptional(own, "project's policy");
  if (own === undefined || ownBytes === undefined) return pinned ?? baseline();
  const project = await parsePolicy(ownBytes, own, "waybill.policy.yaml");
  return pinned === undefined ? project : (await import("../policy/tighten.ts")).tighten(pinned, project);
}

/** Trust from the flags, else the pinned file, else nobody. */
export async function readTrust(places: Pick<InputPlaces, "home" | "trust">): Promise<Trust> {
  const { mergeTrust, parseTrust } = await import("../trust/trust-file.ts");
  const pinned = join(places.home, "trust.yaml");
  const files =
    places.trust.length > 0 ? places.trust : readOptional(pinned, "pinned trust file") === undefined ? [] : [pinned];
  const parts: Trust[] = [];
  for (const file of files) parts.push(await parseTrust(readInput(file, "trust file"), file));
  if (parts.length === 1) return parts[0] as Trust;
  return parts.length > 1
    ? mergeTrust(parts)
    : { entries: [], input: { origin: "none", digest: sha256(new Uint8Array()) } };
}

/** Whoever the policy trusts is trusted too; what is recorded names both files (DESIGN, rule 3). */
async function withPolicyTrust(trust: Trust, { trust: entries, input }: Policy): Promise<Trust> {
  if (entries.length === 0) return trust;
  const { mergeTrust } = await import("../trust/trust-file.ts");
  return trust.entries.length === 0 ? { entries, input } : mergeTrust([trust, { entries, input }]);
}

/** Opens the index that was named, else the pinned one where there is one. */
function openInputIndex({
  home,
  index,
  asOf,
}: Pick<InputPlaces, "home" | "index" | "asOf">): AdvisoryIndex | undefined {
  if (index !== undefined) return openIndex(index, { asOf });
  try {
    return openIndex(join(home, "advisories.db"), { asOf });
  } catch (error) {
    // Who names a revision names an index.
    if (asOf === undefined && error instanceof Fault && error.facts.code === "WB-INDEX-MISSING") return undefined;
    throw error;
  }
}

/** From the flag, else the pinned file; never from the project: who is judged does not choose which flaws count (DESIGN, rule 3). */
async function readOverrules({
  home,
  overrules,
}: Pick<InputPlaces, "home" | "overrules">): Promise<OverruleFile | undefined> {
  const path = overrules ?? join(home, "overrules.yaml");
  const bytes =
    overrules === undefined ? readOptional(path, "pinned file of overrules") : readInput(path, "file of overrules");
  // Most have none, and reading one takes a reader of YAML.
  return bytes === undefined ? undefined : (await import("../advisory/overrule-file.ts")).parseOverrules(bytes, path);
}

/** What findings are made by: all of a judgement's inputs but policy and trust, whose readers a scan does not wait for. */
export type ScanInputs = Omit<Inputs, "policy" | "trust">;

/** What a scan is made by. The index must be closed by the caller. */
export async function readScanInputs(places: Omit<InputPlaces, "trust">): Promise<ScanInputs> {
  const { readVexInputs } = await import("./vex-inputs.ts");
  return {
    index: openInputIndex(places),
    ...(await readVexInputs(places)),
    overrules: await readOverrules(places),
  };
}

/** Everything that one judgement is made by. The index must be closed by the caller. */
export async function readInputs(places: InputPlaces): Promise<Inputs> {
  const policy = await readPolicy(places);
  const trust = await readTrust(places);
  return { policy, trust: await withPolicyTrust(trust, policy), ...(await readScanInputs(places)) };
}
