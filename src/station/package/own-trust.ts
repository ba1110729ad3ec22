import { sha256 } from "../../artifact/digest.ts";
import type { Artifact } from "../../model/artifact.ts";
import type { Timestamp } from "../../model/digest.ts";
import type { Signer, Trust } from "../../model/trust.ts";
import { VERIFIER_ID } from "./papers.ts";

/** The names that the artifact's papers are about: its file and its package URL without the version, so that updates fit. */
export function subjectNames(artifact: Artifact, purl: string | undefined): readonly string[] {
  return [artifact.name, ...(purl === undefined ? [] : [purl])];
}

/**
 * Trust in the key that ships, scoped to what `ship` states: it is what the producer's own verdict is judged by, and what is left
 * beside the artifact as a start for a receiver's trust file. A workstation's builder is granted level 1, never more.
 */
export function ownTrust(
  signer: Signer,
  builderId: string,
  artifact: Artifact,
  purl: string | undefined,
  from: Timestamp,
): Trust {
  const name = artifact.name.replace(/-\d[^/]*$/u, "");
  const pattern = purl === undefined ? [] : [`${purl.replace(/@[^@/]*$/u, "")}@*`];
  return {
    entries: [
      {
        name: `${name}-release`,
        principal: `${name}-release`,
        identity: { kind: "key", keyId: signer.keyId, publicKeyPem: signer.publicKeyPem },
        scope: {
          predicates: ["provenance", "cyclonedx", "spdx", "vulns", "rebuild", "manifest", "verdict", "vsa"],
          subjects: [`${name}-*`, ...pattern],
          builders: { [builderId]: "SLSA_BUILD_LEVEL_1" },
          verifiers: [VERIFIER_ID],
        },
        validFrom: from,
      },
    ],
    input: { origin: "the shipping key", digest: sha256(Buffer.from(signer.publicKeyPem)) },
  };
}
