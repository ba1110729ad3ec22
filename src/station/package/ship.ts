import { dirname, resolve } from "node:path";
import { commitTime } from "../../artifact/git.ts";
import { openSource } from "../../artifact/open.ts";
import { type Agreement, compareSboms } from "../../inventory/agreement.ts";
import { inspect } from "../../inventory/inspect.ts";
import { withArchiveLicences, withMissingLicences } from "../../inventory/npm/licences.ts";
import type { Artifact } from "../../model/artifact.ts";
import type { SandboxMode } from "../../model/build.ts";
import type { Paper } from "../../model/bundle.ts";
import type { Verdict } from "../../model/policy.ts";
import type { Sbom } from "../../model/sbom.ts";
import type { Signer, Trust } from "../../model/trust.ts";
import type { Clock, Progress } from "../../model/world.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { buildProject, type Built } from "../build/build.ts";
import { builderIdOf } from "../build/builder.ts";
import { rebuild } from "../build/rebuild.ts";
import type { Inputs } from "../inputs.ts";
import { matched, withShippedBytes } from "../judge.ts";
import { npmCacheArchives } from "../proxy/npm-cache.ts";
import { checkpoint } from "../stop.ts";
import { verifyPapers, type VerifiedPapers } from "../verify-papers.ts";
import { ownTrust, subjectNames } from "./own-trust.ts";
import {
  type Documents,
  documentsOf,
  type Findings,
  naming,
  type SignedPaper,
  signPapers,
  stateAll,
  stateVerdict,
  withManifest,
} from "./papers.ts";

/** By what means a project is shipped. */
export interface ShipMeans {
  readonly signer: Signer;
  readonly inputs: Inputs;
  readonly mode: SandboxMode | "auto";
  /** Folder of the recording proxy's content-addressed cache. */
  readonly cache: string;
  readonly version: string;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly stop: AbortSignal;
  /** The signing key and its passphrase, which the build must not get though they may lie in the project. */
  readonly withheld: readonly string[];
  /** Folder that the products go to: what lies there from before is no source. */
  readonly output: string;
}

/** One shipped artifact: all that is known about it, its papers and the verdict. */
export interface Shipment {
  readonly found: Findings;
  readonly agreement: Agreement;
  readonly documents: Documents;
  readonly papers: readonly SignedPaper[];
  readonly verified: VerifiedPapers;
  readonly trust: Trust;
  readonly verdict: Verdict;
}

interface Seen {
  readonly artifact: Artifact;
  readonly declared: Sbom;
  readonly analyzed: Sbom;
}

/**
 * What the sources declare, and what the shipped bytes hold. Licences come from the archives that the build fetched, then for what
 * is still without one from npm's own cache: of both only bytes that the lockfile's integrity names. Commands that judge a folder
 * as it stands (`sbom`, `scan`, `check`) never look there: they give the same for the same folder, whoever runs them.
 */
async function lookAt(directory: string, built: Built): Promise<Seen> {
  const workspace = await openSource(built.workspace);
  const output = await openSource(built.artifact.path);
  try {
    const { environment, toolchain } = built.repeat;
    const npm = { project: resolve(directory), environment, prefix: dirname(dirname(toolchain.node)) };
    const fetched = withArchiveLicences(built.declared, built.archiveOf);
    const declared = withMissingLicences(fetched, npmCacheArchives(npm));
    return { artifact: output.artifact, declared, analyzed: inspect(output, { declared, workspace }) };
  } finally {
    for (const source of [workspace, output]) source.close();
  }
}

/**
 * The main job of a producer, in the order of DESIGN's flow: build → collect and inspect → match → rebuild → state → sign →
 * verify → evaluate → state and sign the verdict. Writes nothing outside the build's own folder.
 */
export async function ship(directory: string, built: Built, means: ShipMeans): Promise<Shipment> {
  const { inputs, progress, signer, clock } = means;
  progress("inspect", "what is in the shipped bytes");
  const { artifact, declared, analyzed } = await lookAt(directory, built);
  const purl = analyzed.subject.purl;
  progress("match", `${declared.components.length} components against the advisories`);
  const found = withShippedBytes(matched(declared, inputs, clock()), analyzed);
  await checkpoint(means.stop);
  progress("rebuild", "once more, under a changed environment");
  const rebuilt = await rebuild(built, means);

  progress("sign", "state, sign and verify the papers");
  const builder = { id: builderIdOf(built.record.mode), version: means.version };
  const timestamp = commitTime(directory) ?? null;
  const at = clock();
  const findings: Findings = {
    artifact,
    purl,
    record: built.record,
    builder,
    declared,
    analyzed,
    matched: found,
    rebuilt,
    timestamp,
    at,
  };
  const documents = documentsOf(findings);
  const signed = signPapers(stateAll(findings, documents), signer);

  progress("evaluate", inputs.policy.input.origin);
  const trust = ownTrust(signer, builder.id, artifact, purl, built.record.startedOn);
  const drafts = withManifest(artifact, signed, signer, at).map(({ paper }) => paper);
  const verifyAll = (all: readonly Paper[]): VerifiedPapers =>
    verifyPapers(all, artifact, subjectNames(artifact, purl), trust, at);
  const judgedBy = verifyAll(drafts);
  const weighed = evaluate(inputs.policy, {
    station: "package",
    artifact,
    ...(purl === undefined ? {} : { stated: purl }),
    evidence: judgedBy.evidence,
    refusals: judgedBy.refusals,
    papers: drafts.map(({ digest }) => digest),
    declared,
    inspected: analyzed,
    matched: found,
    trust,
    vex: inputs.vexOrigins,
    ...(inputs.overrules !== undefined && { overrules: inputs.overrules.input }),
    at,
  });
  const verdict = naming(signed, weighed);
  const judged = [...signed, ...signPapers(stateVerdict(findings, verdict, signed), signer, signed.length)];
  const papers = withManifest(artifact, judged, signer, at);
  // As they are shipped: the verdict and the manifest that lists it are among them now.
  const verified = verifyAll(papers.map(({ paper }) => paper));
  return { found: findings, agreement: compareSboms(declared, analyzed), documents, papers, verified, trust, verdict };
}

/**
 * The whole of `ship`: build first, then all else; the build's folder is gone afterwards, whatever happens. Once `leave`
 * has begun it is not stopped any more.
 */
export async function buildAndShip<T>(
  directory: string,
  means: ShipMeans,
  leave: (shipment: Shipment, built: Built) => T,
): Promise<T> {
  const built = await buildProject(directory, means);
  try {
    const shipment = await ship(directory, built, means);
    await checkpoint(means.stop);
    return leave(shipment, built);
  } finally {
    built.close();
  }
}
