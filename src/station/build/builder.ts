import type { SandboxMode } from "../../model/build.ts";
import { WAYBILL_URI } from "../../model/statement.ts";

/** The `builder.id` of a build on this machine: each mode with other security has its own (SLSA v1.2, builder). */
export function builderIdOf(mode: SandboxMode): string {
  return `${WAYBILL_URI}/builder/${mode === "bwrap" ? "local-bwrap" : "local-unsandboxed"}`;
}
