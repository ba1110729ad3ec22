import type { Extractor } from "../../model/extractor.ts";
import { mayBeGo } from "./sections.ts";

const VENDORED = /(?:^|\/)vendor\/modules\.txt$/u;

/** Go: the workspace, the module's own list, its vendored copies, and what the linker left in a program. */
export const goExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "go/go-work",
    ecosystem: "golang",
    of: "project",
    capability: { versions: "exact", edges: false, scopes: true, digests: true, licences: false, lines: true },
    claim: { names: ["go.work"] },
    extract: async (entry, source) => (await import("./go-work.ts")).readGoWork(entry, source),
  },
  {
    kind: "file",
    id: "go/go-mod",
    ecosystem: "golang",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: true, digests: true, licences: false, lines: true },
    claim: { names: ["go.mod"] },
    extract: async (entry, source, around) => (await import("./go-mod.ts")).readGoMod(entry, source, around),
  },
  {
    kind: "file",
    id: "go/vendor",
    ecosystem: "golang",
    of: "installation",
    capability: { versions: "exact", edges: false, scopes: false, digests: false, licences: false, lines: true },
    claim: { names: ["modules.txt"], where: (path) => VENDORED.test(path) },
    extract: async (entry) => (await import("./vendor.ts")).readVendored(entry),
  },
  {
    kind: "file",
    id: "go/binary",
    ecosystem: "golang",
    of: "installation",
    capability: { versions: "exact", edges: false, scopes: false, digests: true, licences: false, lines: false },
    claim: { programs: mayBeGo },
    extract: async (entry, source) => (await import("./program.ts")).readGoProgram(entry, source),
  },
];
