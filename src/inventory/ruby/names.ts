import type { Purl } from "../../model/digest.ts";
import { purlOf } from "../packages.ts";

/** The package URL of a gem; `platform` where it is built for one (purl-spec, gem). */
export function gemPurl(
  name: string,
  version: string | undefined,
  qualifiers: Readonly<Record<string, string>> = {},
): Purl | undefined {
  return purlOf({ type: "gem", name, ...(version !== undefined && { version }), qualifiers });
}

/** `1.13.3-x86_64-linux`: a version has no dash of its own, so that what follows the first is the platform. */
export function splitPlatform(text: string): readonly [version: string, platform: string | undefined] {
  const dash = text.indexOf("-");
  return dash <= 0 ? [text, undefined] : [text.slice(0, dash), text.slice(dash + 1)];
}
