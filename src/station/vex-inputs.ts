import { readdirSync } from "node:fs";
import { join } from "node:path";
import { IGNORE_FILES, readStatements } from "../advisory/ignore/read.ts";
import { sha256 } from "../artifact/digest.ts";
import type { InputOrigin } from "../model/trust.ts";
import type { VexBasis, VexDocument } from "../model/vex.ts";
import { type InputPlaces, readInput, readOptional } from "./inputs.ts";

interface VexInputs {
  readonly vex: readonly VexDocument[];
  readonly vexOrigins: readonly InputOrigin[];
  /** What the documents say and is not heeded, for people. */
  readonly unheeded: readonly string[];
}

/** Documents that are pinned: the files of `vex/` in the user's configuration, by name. */
function pinnedFiles(home: string): readonly string[] {
  try {
    const files = readdirSync(join(home, "vex"), { withFileTypes: true });
    return files
      .filter((file) => file.isFile())
      .map(({ name }) => join(home, "vex", name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    // A folder that is there and cannot be read must not leave out what it excuses, or what it contradicts.
    readInput(join(home, "vex"), "pinned folder of VEX documents");
    throw error;
  }
}

/**
 * The statements by the rules of DESIGN, rule 3: those that the flags name and those that are pinned; and the ignore files of the
 * project where it has a say. Under a pinned or named policy it has none: what it ignores would loosen that.
 * Throws the faults of the readers, `WB-INPUT-MISSING`, `WB-INPUT-UNREADABLE`.
 */
export async function readVexInputs(
  places: Pick<InputPlaces, "home" | "policy" | "vex" | "project">,
): Promise<VexInputs> {
  const { home, policy, project } = places;
  const documents: VexDocument[] = [];
  const origins: InputOrigin[] = [];
  const add = async (bytes: Uint8Array, file: string, origin: string, basis: VexBasis): Promise<void> => {
    const folder = basis === "project" ? "" : undefined;
    documents.push({ ...(await readStatements(bytes, file, folder)), basis });
    origins.push({ origin, digest: sha256(bytes) });
  };
  for (const file of [...places.vex, ...pinnedFiles(home)])
    await add(readInput(file, "VEX document"), file, file, "named");
  const isPinned = policy !== undefined || readOptional(join(home, "policy.yaml"), "pinned policy") !== undefined;
  const unheeded: string[] = [];
  for (const name of project === undefined ? [] : IGNORE_FILES) {
    const file = join(project ?? "", name);
    const bytes = readOptional(file, "project's ignore file");
    if (bytes === undefined) continue;
    if (isPinned) unheeded.push(`${name}: not heeded: a policy is pinned, and a project does not loosen it`);
    else await add(bytes, file, name, "project");
  }
  return {
    vex: documents,
    vexOrigins: origins,
    unheeded: [...documents.flatMap((document) => document.unheeded), ...unheeded],
  };
}
