import type { VexDocument } from "../../model/vex.ts";

/** Names under which a project keeps what it ignores, in the order in which they are read. */
export const IGNORE_FILES = ["osv-scanner.toml", ".trivyignore", ".trivyignore.yaml"] as const;

/**
 * Reads a file of statements: VEX in any form, or by its name an ignore file of osv-scanner (`….toml`) or trivy (`….trivyignore`,
 * `….trivyignore.yaml`). `folder`: as `parseOsvScannerToml` has it. Faults: those of the readers.
 */
export async function readStatements(bytes: Uint8Array, where: string, folder?: string): Promise<VexDocument> {
  if (/\.toml$/iu.test(where)) {
    return (await import("./osv-scanner.ts")).parseOsvScannerToml(bytes, where, folder);
  }
  if (/trivyignore(?:\.ya?ml)?$/iu.test(where)) {
    const { parseTrivyIgnore, parseTrivyIgnoreYaml } = await import("./trivy.ts");
    return /\.ya?ml$/iu.test(where) ? parseTrivyIgnoreYaml(bytes, where) : parseTrivyIgnore(bytes, where);
  }
  // Most scans have no statements, and the readers of their forms are larger than all else that a scan loads.
  return (await import("../../format/vex/read.ts")).parseVex(bytes, where);
}
