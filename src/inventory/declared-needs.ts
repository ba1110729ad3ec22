import { cleanText } from "../artifact/clean-text.ts";
import type { Extraction } from "../model/extractor.ts";
import type { Subject, Unknown } from "../model/sbom.ts";
import { Gathered, type Met } from "./packages.ts";

const MAX_TOLD = 20;

/** What a project asks for, as its manifest writes it. `met.version` only where no other can be meant. */
export interface DeclaredNeed {
  readonly met: Met;
  /** Name and range, for people. */
  readonly written: string;
}

/** A manifest without a lockfile: which packages are asked for is known, which versions are brought is not, but where they are exact. */
export function declaredNeeds(
  path: string,
  subject: Subject,
  needs: readonly DeclaredNeed[],
  unknowns: readonly Unknown[] = [],
): Extraction & { readonly subject: Subject } {
  const gathered = new Gathered();
  const root = subject.purl ?? subject.name;
  for (const { met } of needs) gathered.need(root, gathered.add({ ...met, direct: true }), met.scope);
  const told = needs.slice(0, MAX_TOLD).map(({ written }) => cleanText(written, 100));
  const rest = needs.length > told.length ? `, and ${needs.length - told.length} more` : "";
  const declared = told.length === 0 ? "" : `; declared are ${told.join("; ")}${rest}`;
  const what = `no lockfile: which versions an installation brings is not known${declared}`;
  return {
    subject,
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: { components: "incomplete", dependencies: "incomplete", method: "missing" },
    unknowns: [...unknowns, { where: cleanText(path, 300), what }],
  };
}
