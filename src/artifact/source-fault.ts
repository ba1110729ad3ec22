import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";

/** The system's error code (`ENOENT`, …) of what was thrown, if it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * A failed read as a fault: `WB-SOURCE-MISSING` (input) where there is nothing at the path, else `WB-SOURCE-UNREADABLE`
 * (unchecked: it may be there and be fine). A fault passes through as it is.
 */
export function sourceFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  const code = systemCode(error);
  const where = cleanText(path, 300);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new Fault({
      code: "WB-SOURCE-MISSING",
      kind: "input",
      what: "there is nothing at this path",
      where,
      fix: "check the spelling of the path",
    });
  }
  return new Fault({
    code: "WB-SOURCE-UNREADABLE",
    kind: "unchecked",
    what: "the source could not be read",
    where,
    found: code ?? "an unknown error",
    fix: code === "EACCES" || code === "EPERM" ? "give this user the right to read it" : "check the disk and the path",
  });
}
